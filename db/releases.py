"""Releases: written once, read many times."""

from __future__ import annotations

import json
import uuid
import zlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from itertools import repeat
from typing import Any

import pandas as pd
from pandas.api.types import is_numeric_dtype
from sqlalchemy import Connection, Engine, bindparam, delete, func, insert, select, update

from db.asked import as_ours, driven
from db.engine import forget_deleted
from db.invitations import destroy_invitations
from db.models import CELL, COMMENT, RELEASE, SUPERSEDED, WAVE
from db.reading import StoredShelf, frame, read_cells
from db.registry import Registry, destroy_codes, moved, wave_values
from db.room import making_room_known, require_room
from survey.design.wave import Wave, WaveState
from survey.disclose.comments import ReleasedComment
from survey.disclose.large import Large
from survey.disclose.quality import Quality
from survey.disclose.release import COLUMNS, Release, in_order
from survey.disclose.superseded import INSTEAD_OF_DRAFT, Superseded
from survey.errors import N_, SurveyError
from survey.kept import Kept

LARGE = 150_000  # numbers of a release that are not all read because one is asked for
WHOLE = 400_000  # of all releases together that may be held as wholes
HELD = 800_000  # numbers held in memory, of wholes and pieces
_BATCH = 5_000
_COUNT = select(func.count()).select_from(CELL).where(CELL.c.release == bindparam("of_release"))
_HEAD = [column for column in RELEASE.columns if column.name != "receipts"]  # long, and rarely asked for


class Releases:
    """Implements survey.disseminate.results.ReleaseStore and the close's writing side."""

    def __init__(self, engine: Engine, registry: Registry) -> None:
        self._engine = engine
        self._registry = registry
        # A release never changes under its id; what is held crosses viewers, so it is asked only after access.
        self._kept = Kept(HELD)
        self._sizes: dict[str, int] = {}

    def load(self, wave_id: str) -> Release | None:
        with self._engine.connect() as connection:
            row = connection.execute(
                select(RELEASE.c.id, WAVE.c.state).join(WAVE, WAVE.c.id == RELEASE.c.wave).where(RELEASE.c.wave == wave_id)
            ).one_or_none()
        return None if row is None else self._kept.get((row.id, row.state), partial(self._read_release, row.id), _weight)

    def _read_release(self, release_id: str) -> Release:
        """The whole, or where it is too large, what reads of it what is asked for."""
        with self._engine.connect() as connection:
            head = connection.execute(select(*_HEAD).where(RELEASE.c.id == release_id)).one()
            large = self._is_large(connection, release_id)
            cells = None if large else read_cells(connection, release_id)
        wave = self._registry.wave(head.wave)
        told: dict[str, Any] = {
            "wave": wave,
            "questionnaire": self._registry.questionnaire(wave.questionnaire, wave.version).with_optional(wave.plan.optional_items),
            "policy": head.policy,
            "policy_hash": head.policy_hash,
            "published_elsewhere": head.published_elsewhere,
            "audit": head.audit,
            "protocol": head.protocol,
            "quality": Quality.from_dict(head.quality) if head.quality else None,
        }
        if cells is not None:
            return Release(**told, cells=cells)
        shelf = StoredShelf(self._engine, self._kept, release_id, wave.plan)
        return Large(**told, shelf=shelf, seen=shelf.units)

    def _is_large(self, connection: Connection, release_id: str) -> bool:
        """Has it too many numbers to be held as a whole, or have all together, so that whole ones would put each other out?"""
        stored = connection.execute(select(RELEASE.c.id)).scalars().all()
        for one in stored:
            if one not in self._sizes:
                self._sizes[one] = connection.execute(_COUNT, {"of_release": one}).scalar_one()
        return self._sizes[release_id] > LARGE or sum(self._sizes[one] for one in stored) > WHOLE

    def store_imported(self, releases: Iterable[Release], comments: Mapping[str, Sequence[ReleasedComment]]) -> None:
        """Waves made elsewhere: wave and release together, all of them or none."""
        with self._engine.begin() as connection:
            for release in releases:
                connection.execute(insert(WAVE).values(**wave_values(release.wave)))
                self._insert(connection, release, comments.get(release.wave.id, ()))
        forget_deleted(self._engine)

    def replace_imported(self, releases: Iterable[Release]) -> None:
        """Corrections of imported waves: what was there is shown no more, and kept for the audit of the next correction."""
        with self._engine.begin() as connection:
            for release in releases:
                wave = release.wave.id
                old = self._supersede(connection, release)
                connection.execute(delete(CELL).where(CELL.c.release == old))
                connection.execute(delete(RELEASE).where(RELEASE.c.id == old))
                connection.execute(update(WAVE).where(WAVE.c.id == wave).values(**wave_values(release.wave)))
                self._insert(connection, release, ())
                new = connection.execute(select(RELEASE.c.id).where(RELEASE.c.wave == wave)).scalar_one()
                # Comments stay as they were released: a new one would be one of few people's.
                connection.execute(update(COMMENT).where(COMMENT.c.release == old).values(release=new))
        forget_deleted(self._engine)

    def require_room(self) -> None:
        """Refused where the disk has no room for another release."""
        require_room(self._engine)

    def _supersede(self, connection: Connection, release: Release) -> str:
        """Put what `release` replaces away, unless it is a draft that was never public; the id it had."""
        wave = release.wave.id
        found = select(RELEASE.c.id, RELEASE.c.hash, WAVE.c.state).join(WAVE, WAVE.c.id == RELEASE.c.wave).where(RELEASE.c.wave == wave)
        old, digest, state = connection.execute(found).one()
        draft = release.audit.get(INSTEAD_OF_DRAFT)
        never_public = state == WaveState.CLOSED.value and not self._count_kept(connection, wave)
        if (draft or release.audit.get("replaces")) != digest or (draft and not never_public):
            message = N_("Wave {wave} was corrected by somebody else meanwhile. Nothing was changed; please start the import again.")
            raise SurveyError("release-moved", message, wave=wave)
        if not draft:
            self._keep(connection, wave, str(old), digest)
        return str(old)

    def _count_kept(self, connection: Connection, wave: str) -> int:
        return int(connection.execute(select(func.count()).where(SUPERSEDED.c.wave == wave)).scalar_one())

    def _keep(self, connection: Connection, wave: str, release: str, digest: str) -> None:
        """Put a release away for later audits, unless it is there already."""
        if connection.execute(select(func.count()).where(SUPERSEDED.c.wave == wave, SUPERSEDED.c.hash == digest)).scalar_one():
            return
        rows = connection.execute(select(*(CELL.c[name] for name in COLUMNS)).where(CELL.c.release == release)).all()
        number = self._count_kept(connection, wave) + 1
        packed = zlib.compress(json.dumps([list(row) for row in rows], ensure_ascii=False).encode(), 9)
        connection.execute(insert(SUPERSEDED).values(wave=wave, number=number, hash=digest, cells=packed))

    def take_back(self, before: Wave, after: Wave) -> None:
        """A published wave as a draft, its release kept as one that was public."""
        with self._engine.begin() as connection:
            moved(connection, before, {"state": after.state.value})
            release, digest = connection.execute(select(RELEASE.c.id, RELEASE.c.hash).where(RELEASE.c.wave == before.id)).one()
            self._keep(connection, before.id, release, digest)

    def throw_away(self, wave: Wave) -> None:
        """A draft that was never public: wave, numbers and comments, out of every file. Refused once it was."""
        with self._engine.begin() as connection:
            if self._count_kept(connection, wave.id):
                raise SurveyError("was-public", N_("Wave {wave} was published before and stays."), wave=wave.id)
            gone = connection.execute(delete(WAVE).where(WAVE.c.id == wave.id, WAVE.c.state == wave.state.value))
            if not gone.rowcount:
                raise SurveyError("wave-moved", N_("Wave {wave} has been changed by somebody else; please look again."), wave=wave.id)
            mine = select(RELEASE.c.id).where(RELEASE.c.wave == wave.id)
            for table in (CELL, COMMENT):
                connection.execute(delete(table).where(table.c.release.in_(mine)))
            connection.execute(delete(RELEASE).where(RELEASE.c.wave == wave.id))
        forget_deleted(self._engine)

    def superseded(self, wave_id: str) -> tuple[Superseded, ...]:
        """The releases that corrections of a wave replaced, the first first: for audits, never to be shown."""
        wanted = select(SUPERSEDED).where(SUPERSEDED.c.wave == wave_id).order_by(SUPERSEDED.c.number)
        with self._engine.connect() as connection:
            found = connection.execute(wanted).all()
        return tuple(Superseded(row.number, row.hash, frame(json.loads(zlib.decompress(row.cells)))) for row in found)

    def finish_wave(self, release: Release, comments: Iterable[ReleasedComment], receipts: str) -> None:
        """In one transaction: the wave is closed, unless it is already, and the release is written and read back."""
        mine = (WAVE.c.id == release.wave.id, WAVE.c.state == WaveState.OPEN.value)
        with making_room_known(self._engine), self._engine.begin() as connection:
            if connection.execute(update(WAVE).where(*mine).values(state=WaveState.CLOSED.value)).rowcount != 1:
                raise SurveyError(
                    "wave-moved", N_("Wave {wave} has been changed by somebody else; please look again."), wave=release.wave.id
                )
            written = self._insert(connection, release, comments, receipts)
            if replace(release, cells=read_cells(connection, written)).hash != release.hash:
                raise SurveyError(
                    "release-damaged", N_("The release of wave {wave} cannot be read back as it was written."), wave=release.wave.id
                )

    def destroy_fieldwork(self, wave_id: str) -> None:
        """Codes, invitations and signing keys of a closed wave, out of every file."""
        with making_room_known(self._engine):
            with self._engine.begin() as connection:
                destroy_codes(connection, wave_id)
                destroy_invitations(connection, wave_id)
            forget_deleted(self._engine)

    def intact(self, wave_id: str) -> bool:
        """Has the stored release still the hash it was written with?"""
        with self._engine.connect() as connection:
            row = connection.execute(select(RELEASE.c.id, RELEASE.c.hash).where(RELEASE.c.wave == wave_id)).one_or_none()
        return row is not None and self._read_release(row.id).hash == row.hash

    def _insert(self, connection: Connection, release: Release, comments: Iterable[ReleasedComment], receipts: str = "") -> str:
        release_id = str(uuid.uuid4())
        connection.execute(
            insert(RELEASE).values(
                id=release_id,
                wave=release.wave.id,
                hash=release.hash,
                policy=dict(release.policy),
                policy_hash=release.policy_hash,
                published_elsewhere=release.published_elsewhere,
                audit=dict(release.audit),
                protocol=dict(release.protocol),
                receipts=receipts,
                quality=release.quality.as_dict() if release.quality else {},
            )
        )
        _write_cells(connection, release_id, release.cells)
        written = [
            {"id": str(uuid.uuid4()), "release": release_id, "unit": c.unit, "question": c.question, "text": c.text} for c in comments
        ]
        if written:
            # Sorted by their random ids: the place in the file says nothing about who wrote first.
            connection.execute(insert(COMMENT), sorted(written, key=lambda row: row["id"]))
        return release_id

    def receipts(self, wave_id: str) -> str:
        """The receipts of the ballots that were in the wave's box, sorted, one a line; empty where there is no list."""
        with self._engine.connect() as connection:
            return connection.execute(select(RELEASE.c.receipts).where(RELEASE.c.wave == wave_id)).scalar_one_or_none() or ""

    def comments(self, wave_id: str) -> tuple[ReleasedComment, ...]:
        """Every comment of a wave, looked at or not, in the order of their random ids."""
        with self._engine.connect() as connection:
            rows = connection.execute(
                select(COMMENT.c.unit, COMMENT.c.question, COMMENT.c.text, COMMENT.c.id, COMMENT.c.seen)
                .join(RELEASE, RELEASE.c.id == COMMENT.c.release)
                .where(RELEASE.c.wave == wave_id)
                .order_by(COMMENT.c.id)
            ).all()
        return tuple(ReleasedComment(row.unit, row.question, row.text, row.id, row.seen) for row in rows)

    def review(self, wave_id: str) -> Mapping[str, int]:
        with self._engine.connect() as connection:
            return connection.execute(select(RELEASE.c.review).where(RELEASE.c.wave == wave_id)).scalar_one_or_none() or {}

    def review_comments(self, wave_id: str, texts: Mapping[str, str], withheld: Collection[str], masked: int) -> None:
        """Comments as they may be shown, and those that may not: the words taken out are in no file afterwards."""
        with self._engine.begin() as connection:
            before = connection.execute(select(RELEASE.c.review).where(RELEASE.c.wave == wave_id)).scalar_one()
            if texts:
                changed = update(COMMENT).where(COMMENT.c.id == bindparam("one")).values(text=bindparam("said"), seen=True)
                connection.execute(changed, [{"one": one, "said": text} for one, text in texts.items()])
            if withheld:
                connection.execute(delete(COMMENT).where(COMMENT.c.id.in_(withheld)))
            counts = {"masked": before.get("masked", 0) + masked, "withheld": before.get("withheld", 0) + len(withheld)}
            connection.execute(update(RELEASE).where(RELEASE.c.wave == wave_id).values(review=counts))
        if masked or withheld:
            forget_deleted(self._engine)


def _weight(release: Release) -> int:
    return len(release.plan.nodes) if isinstance(release, Large) else len(release.cells)


def _write_cells(connection: Connection, release_id: str, cells: pd.DataFrame) -> None:
    """In the order of their keys, which is the table's. Bare values for the driver, PostgreSQL's as one stream of rows."""
    into = f"{CELL.name} (release, {', '.join(COLUMNS)})"
    ordered = cells.take(in_order(cells))
    batches = (_rows(release_id, ordered.iloc[start : start + _BATCH]) for start in range(0, len(ordered), _BATCH))
    if connection.dialect.name == "postgresql":  # which takes no stream for a table whose rows have rules of their own, as comments have
        with as_ours(connection.engine), driven(connection).cursor() as cursor, cursor.copy(f"COPY {into} FROM STDIN") as copy:
            for batch in batches:
                for row in batch:
                    copy.write_row(row)
        return
    statement = f"INSERT INTO {into} VALUES (?{', ?' * len(COLUMNS)})"  # noqa: S608  (names of ours)
    for batch in batches:
        connection.exec_driver_sql(statement, batch)


def _rows(release_id: str, cells: pd.DataFrame) -> list[tuple[Any, ...]]:
    return list(zip(repeat(release_id), *(_values(cells[name]) for name in COLUMNS), strict=False))


def _values(column: pd.Series) -> list[Any]:
    """Text, or numbers with None where there is none."""
    values = column.tolist()
    return [None if value != value else value for value in values] if is_numeric_dtype(column) else values
