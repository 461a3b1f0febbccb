"""Registry: units, questionnaires, waves and the code list."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import fields
from functools import cache, lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, and_, bindparam, delete, func, insert, select, update
from sqlalchemy.exc import SQLAlchemyError

from db.asked import Asked
from db.cover import Covers
from db.engine import Turn, forget_deleted, is_full, taking_turns
from db.invitations import destroy_invitations
from db.models import CODE, QUESTIONNAIRE, TURNOUT, UNIT, WAVE
from db.turnout import Turnout
from survey.collect.door import Door
from survey.design.plan import Plan
from survey.design.questionnaire import Questionnaire
from survey.design.questionnaire_file import build_questionnaire, same_document
from survey.design.units import Unit, UnitRegister
from survey.design.wave import Origin, Wave, WaveState
from survey.errors import N_, SurveyError

# A row and what it stands for call their parts by the same names.
_UNIT = tuple(part.name for part in fields(Unit))
_WAVE = tuple(part.name for part in fields(Wave) if part.name != "plan")
_WAVE_COLUMNS = (*(WAVE.c[name] for name in _WAVE), WAVE.c.plan_hash)  # a plan is read once, by its hash
_OLDEST_FIRST = (WAVE.c.closes, WAVE.c.id)
# What every visit asks.
_ALL_WAVES = Asked(select(*_WAVE_COLUMNS).order_by(*_OLDEST_FIRST))
_ALL_UNITS = select(*(UNIT.c[name] for name in _UNIT)).order_by(UNIT.c.position, UNIT.c.id)
_THIS_WAVE = Asked(select(*_WAVE_COLUMNS).where(WAVE.c.id == bindparam("of_wave")))


@cache
def _asking(collecting: int) -> Asked:
    """All waves, each with the unit that has a code of one of these digests in it: a code has another digest in every wave."""
    of_wave: list[Any] = [bindparam(f"wave_{place}") for place in range(collecting)]
    digest: list[Any] = [bindparam(f"digest_{place}") for place in range(collecting)]
    # Of which wave is said twice: before PostgreSQL has looked through a table, it would read all codes to join them.
    there = and_(CODE.c.wave == WAVE.c.id, CODE.c.wave.in_(of_wave), CODE.c.digest.in_(digest))
    return Asked(select(*_WAVE_COLUMNS, CODE.c.unit).outerjoin(CODE, there).order_by(*_OLDEST_FIRST))


class Registry:
    """Implements UnitStore, WaveStore, FieldStore and CodeList over one database."""

    def __init__(self, engine: Engine, covers: Covers | None = None) -> None:
        self._engine = engine
        self._turnout = Turnout(engine, covers, self._reporting)
        self.counting = self._turnout.counting
        self._all_units = str(_ALL_UNITS.compile(engine))
        self._collecting: tuple[str, ...] = ()  # drafts and open waves, when last asked
        self._made: tuple[Sequence[Any], UnitRegister] | None = None  # of these rows, this register
        # Plans and questionnaires never change under their key, so they are read once.
        self._plan = lru_cache(maxsize=64)(self._read_plan)
        self._wave = lru_cache(maxsize=256)(self._read_wave)  # by all that its row says
        self.questionnaire = lru_cache(maxsize=64)(self._read_questionnaire)

    # Units

    def register(self) -> UnitRegister:
        """The very same while nobody has changed it: a page asks many times, and making thousands of units takes long."""
        with self._engine.connect() as connection:
            # As the driver gives them: to see that nothing has changed, no list and no day of thousands of rows has to be read.
            rows = connection.exec_driver_sql(self._all_units).all()
            made = self._made
            if made is None or made[0] != rows:
                self._made = made = (rows, _register(connection))
        return made[1]

    def save_units(self, register: UnitRegister, before: UnitRegister | None = None) -> UnitRegister:
        """Replace the whole register in one transaction; refused where it is no longer `before`, the register that was worked on."""
        rows = [_unit_values(unit, position) for position, unit in enumerate(register)]
        with taking_turns(self._engine, Turn.UNITS) as connection:
            if before is not None and _register(connection) != before:
                raise SurveyError(
                    "units-moved", N_("The list of units has been changed by somebody else; nothing was stored. Please look again.")
                )
            connection.execute(delete(UNIT))
            if rows:
                connection.execute(insert(UNIT), rows)
        return register

    # Questionnaires

    def questionnaires(self) -> tuple[tuple[str, str], ...]:
        """(id, version) of every stored questionnaire."""
        with self._engine.connect() as connection:
            found = connection.execute(
                select(QUESTIONNAIRE.c.id, QUESTIONNAIRE.c.version).order_by(QUESTIONNAIRE.c.id, QUESTIONNAIRE.c.version)
            )
            return tuple((row.id, row.version) for row in found)

    def _read_questionnaire(self, questionnaire_id: str, version: str) -> Questionnaire:
        wanted = select(QUESTIONNAIRE.c.document).where(QUESTIONNAIRE.c.id == questionnaire_id, QUESTIONNAIRE.c.version == version)
        with self._engine.connect() as connection:
            document = connection.scalar(wanted)
        if document is None:
            raise SurveyError(
                "unknown-questionnaire",
                N_("There is no questionnaire {id} {version}. Import it first."),
                id=questionnaire_id,
                version=version,
            )
        return build_questionnaire(questionnaire_id, document, {}, stored=True)

    def save_questionnaire(self, questionnaire: Questionnaire) -> None:
        """Store a new version. The same again is accepted, also from another kind of file; other content under the same version is refused."""
        mine = (QUESTIONNAIRE.c.id == questionnaire.id, QUESTIONNAIRE.c.version == questionnaire.version)
        given = dict(questionnaire.source)
        with self._engine.begin() as connection:
            document = connection.scalar(select(QUESTIONNAIRE.c.document).where(*mine))
            if document is None:
                connection.execute(insert(QUESTIONNAIRE).values(id=questionnaire.id, version=questionnaire.version, document=given))
            elif not same_document(document, given) and build_questionnaire(questionnaire.id, document, {}, stored=True) != questionnaire:
                raise SurveyError(
                    "questionnaire-version-exists",
                    N_("Questionnaire {id} {version} exists with other content. Give the new one another version."),
                    id=questionnaire.id,
                    version=questionnaire.version,
                )

    # Waves

    def waves(self) -> tuple[Wave, ...]:
        """All waves, oldest first."""
        return tuple(self._wave(row) for row in _ALL_WAVES.rows(self._engine))

    def wave(self, wave_id: str) -> Wave:
        rows = _THIS_WAVE.rows(self._engine, of_wave=wave_id)
        if not rows:
            raise SurveyError("unknown-wave", N_("There is no wave {wave}."), wave=wave_id)
        return self._wave(rows[0])

    def _read_wave(self, row: tuple[Any, ...]) -> Wave:
        said = dict(zip(_WAVE, row, strict=False))  # the hash of the plan stands behind what is the wave's own
        other = {"state": WaveState(said["state"]), "origin": Origin(said["origin"]), "plan": self._plan(said["id"], row[-1])}
        return Wave(**said | other)

    def _read_plan(self, wave_id: str, plan_hash: str) -> Plan:
        with self._engine.connect() as connection:
            return Plan.from_dict(connection.execute(select(WAVE.c.plan).where(WAVE.c.id == wave_id)).scalar_one())

    def add_wave(self, wave: Wave) -> None:
        with self._engine.begin() as connection:
            if connection.scalar(select(WAVE.c.id).where(WAVE.c.id == wave.id)) is not None:
                raise SurveyError("wave-exists", N_("Wave {wave} exists already."), wave=wave.id)
            connection.execute(insert(WAVE).values(**wave_values(wave)))

    def delete_draft(self, wave_id: str) -> None:
        """Remove a wave that never opened, with its codes and invitations."""
        with self._engine.begin() as connection:
            gone = connection.execute(delete(WAVE).where(WAVE.c.id == wave_id, WAVE.c.state == WaveState.DRAFT.value))
            if not gone.rowcount:
                raise SurveyError("wave-not-draft", N_("Only a wave that has never been open can be deleted."))
            destroy_codes(connection, wave_id)
            destroy_invitations(connection, wave_id)

    def save_wave(self, before: Wave, after: Wave) -> None:
        """Store the wave's next state; refused when somebody else has moved it meanwhile."""
        with self._engine.begin() as connection:
            moved(connection, before, {"state": after.state.value, "public_key": after.public_key})

    def save_days(self, before: Wave, after: Wave) -> None:
        """Store other days and titles; refused when somebody else has moved the wave meanwhile."""
        values = {name: getattr(after, name) for name in ("opens", "closes", "title_vi", "title_en")}
        with self._engine.begin() as connection:
            moved(connection, before, values)

    def save_site(self, wave: Wave, site: str) -> None:
        """What the slips of the wave say, so that later ones say the same."""
        with self._engine.begin() as connection:
            moved(connection, wave, {"site": site})

    def save_draft(self, before: Wave, after: Wave) -> None:
        """Store a draft as it was edited; refused when somebody else has changed it meanwhile, or printed slips for other units."""
        no_codes = ~select(CODE.c.wave).where(CODE.c.wave == before.id).exists()
        only = () if after.plan.nodes == before.plan.nodes else (no_codes,)
        with self._engine.begin() as connection:
            moved(connection, before, wave_values(after), WAVE.c.plan_hash == before.plan.hash, *only)

    def take_back(self, before: Wave, after: Wave) -> None:
        """An open wave becomes a draft: its codes are unused again, invitations and their signing keys are gone."""
        with self._engine.begin() as connection:
            plan = {"plan": after.plan.as_dict(), "plan_hash": after.plan.hash}
            moved(connection, before, {"state": after.state.value, "public_key": after.public_key, **plan})
            self._turnout.start_again(connection, before.id)
            destroy_invitations(connection, before.id)
        forget_deleted(self._engine)

    # The code list

    def add_codes(self, wave_id: str, entries: Iterable[tuple[bytes, str]]) -> None:
        """Store (digest, reporting unit) in sorted order: the table keeps no order of making."""
        ordered = sorted(entries)
        with self._engine.begin() as connection:
            self._turnout.begin(connection, wave_id)
            if ordered:
                connection.execute(insert(CODE), [{"wave": wave_id, "digest": digest, "unit": unit} for digest, unit in ordered])

    def find(self, digest_in: Callable[[str], bytes]) -> tuple[tuple[Wave, ...], dict[str, str]]:
        """One question, of all waves and of the codes of those that were collecting when last asked; another where they are others now."""
        while True:
            asked = self._collecting
            rows = self._with_units(asked, digest_in) if asked else [(*row, None) for row in _ALL_WAVES.rows(self._engine)]
            waves = tuple(self._wave(row[:-1]) for row in rows)
            self._collecting = tuple(wave.id for wave in waves if wave.state in (WaveState.DRAFT, WaveState.OPEN))
            if set(self._collecting) <= set(asked):
                return waves, {wave.id: row[-1] for wave, row in zip(waves, rows, strict=True) if row[-1] is not None}

    def _with_units(self, wave_ids: Sequence[str], digest_in: Callable[[str], bytes]) -> list[tuple[Any, ...]]:
        asked: dict[str, str | bytes] = {f"wave_{place}": wave_id for place, wave_id in enumerate(wave_ids)}
        asked |= {f"digest_{place}": digest_in(wave_id) for place, wave_id in enumerate(wave_ids)}
        return _asking(len(wave_ids)).rows(self._engine, **asked)

    def count_spent(self, wave_id: str, unit: str, *, paper: bool = False) -> None:
        self._turnout.count(wave_id, unit, paper=paper)

    def count_asked(self, wave_id: str) -> None:
        try:
            self._turnout.ask(wave_id)
        except SQLAlchemyError as error:
            if not is_full(error):  # what is answered does not depend on the room there is
                raise

    def note_list(self, wave_id: str) -> None:
        self._turnout.list(wave_id)

    def door(self, wave_id: str) -> Door:
        return self._turnout.door(wave_id)

    def given(self, wave_id: str) -> dict[str, int]:
        """Codes given out, per reporting unit; known without the wave's cover."""
        with self._engine.connect() as connection:
            found = connection.execute(select(CODE.c.unit, func.count()).where(CODE.c.wave == wave_id).group_by(CODE.c.unit))
            return {row.unit: row[1] for row in found}

    def participation(self, wave_id: str) -> dict[str, tuple[int, int]]:
        """Codes given out and spent, per reporting unit: exact, so only for the fieldwork service, which rounds. Raises CoverMissing."""
        given, spent = self.given(wave_id), self._turnout.spent(wave_id)
        return {unit: (count, spent.get(unit, 0)) for unit, count in given.items()}

    def _reporting(self, wave_id: str) -> tuple[str, ...]:
        return tuple(node.id for node in self.wave(wave_id).plan.nodes if node.reporting)


def moved(connection: Connection, before: Wave, values: dict[str, Any], *also: ColumnElement[bool]) -> None:
    """The wave's row changed, unless somebody else has moved the wave meanwhile, or `also` does not hold of it."""
    same = (WAVE.c.id == before.id, WAVE.c.state == before.state.value, *also)
    done = connection.execute(update(WAVE).where(*same).values(**values))
    if done.rowcount != 1:
        raise SurveyError("wave-moved", N_("Wave {wave} has been changed by somebody else; please look again."), wave=before.id)


def destroy_codes(connection: Connection, wave_id: str) -> None:
    """Part of the transaction that closes or deletes a wave; forget_deleted() afterwards takes the bytes."""
    for table in (CODE, TURNOUT):
        connection.execute(delete(table).where(table.c.wave == wave_id))


def _named(names: Iterable[str], one: object) -> dict[str, Any]:
    return {name: getattr(one, name) for name in names}


def _register(connection: Connection) -> UnitRegister:
    return _of_rows(connection.execute(_ALL_UNITS).all())


def _of_rows(rows: Sequence[Any]) -> UnitRegister:
    return UnitRegister(tuple(_unit(row) for row in rows))


def _unit(row: Any) -> Unit:
    return Unit(**_named(_UNIT, row) | {"successors": tuple(row.successors)})


def _unit_values(unit: Unit, position: int) -> dict[str, Any]:
    return _named(_UNIT, unit) | {"position": position, "successors": list(unit.successors)}


def wave_values(wave: Wave) -> dict[str, Any]:
    other = {"state": wave.state.value, "origin": wave.origin.value, "plan_hash": wave.plan.hash, "plan": wave.plan.as_dict()}
    return _named(_WAVE, wave) | other
