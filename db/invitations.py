"""Personal invitations and the keys that sign their credentials: all of it is destroyed when the wave is closed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Connection, Engine, Select, case, delete, func, insert, select, update

from db.engine import Turn, empty_journal, taking_turns
from db.models import CREDENTIAL_KEY, INVITATION, WAVE
from survey.collect.credentials import Invitation
from survey.collect.signing_key import SigningKey
from survey.design.plan import Plan
from survey.design.wave import Wave, WaveState
from survey.errors import N_, SurveyError

_COLUMNS = (INVITATION.c.wave, INVITATION.c.unit, INVITATION.c.email, INVITATION.c.blinded)


class InvitationList:
    """Implements the stores of survey.collect.credentials, .invitations, .service (keys) and .fieldwork (counts)."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    # The organizer's side

    def add(self, wave: Wave, people: Iterable[tuple[str, str]], keys: Mapping[str, SigningKey], plan: Plan) -> None:
        """Sorted by address: the table keeps no order of the list."""
        wave_id = wave.id
        rows = [{"wave": wave_id, "unit": unit, "email": email} for email, unit in sorted((email, unit) for unit, email in people)]
        made = [{"wave": wave_id, "unit": unit, "private_key": key.pem, "modulus": key.modulus} for unit, key in sorted(keys.items())]
        with self._engine.begin() as connection:
            if made:
                connection.execute(insert(CREDENTIAL_KEY), made)
                same = (WAVE.c.id == wave_id, WAVE.c.state == WaveState.DRAFT.value, WAVE.c.plan_hash == wave.plan.hash)
                changed = update(WAVE).where(*same).values(plan=plan.as_dict(), plan_hash=plan.hash)
                if connection.execute(changed).rowcount != 1:
                    raise SurveyError("wave-moved", N_("Wave {wave} has been changed by somebody else; please look again."), wave=wave_id)
            connection.execute(insert(INVITATION), rows)

    def people(self, wave_id: str, *, invited: bool) -> tuple[Invitation, ...]:
        has_letter = INVITATION.c.token.is_not(None) if invited else INVITATION.c.token.is_(None)
        with self._engine.connect() as connection:
            mine = (INVITATION.c.wave == wave_id, ~INVITATION.c.withdrawn, has_letter)
            rows = connection.execute(select(*_COLUMNS).where(*mine).order_by(INVITATION.c.email))
            return tuple(_invitation(row) for row in rows)

    def emails(self, wave_id: str) -> frozenset[str]:
        with self._engine.connect() as connection:
            return frozenset(connection.execute(select(INVITATION.c.email).where(INVITATION.c.wave == wave_id)).scalars())

    def set_token(self, wave_id: str, email: str, digest: bytes) -> None:
        with self._engine.begin() as connection:
            connection.execute(
                update(INVITATION)
                .where(INVITATION.c.wave == wave_id, INVITATION.c.email == email, INVITATION.c.blinded.is_(None))
                .values(token=digest)
            )

    def withdraw(self, wave_id: str, email: str) -> bool:
        with self._engine.begin() as connection:
            listed = (INVITATION.c.wave == wave_id, INVITATION.c.email == email, ~INVITATION.c.withdrawn)
            return bool(connection.execute(update(INVITATION).where(*listed).values(withdrawn=True)).rowcount)

    def withdrawn(self, wave_id: str) -> int:
        with self._engine.connect() as connection:
            return connection.execute(select(func.count()).where(INVITATION.c.wave == wave_id, INVITATION.c.withdrawn)).scalar_one()

    def counts(self, wave_id: str) -> dict[str, tuple[int, int]]:
        """(listed, collected): who is withdrawn is listed no more, but what was collected was collected."""
        listed = func.count(case((~INVITATION.c.withdrawn, 1)))
        counted = (
            select(INVITATION.c.unit, listed, func.count(INVITATION.c.blinded))
            .where(INVITATION.c.wave == wave_id)
            .group_by(INVITATION.c.unit)
        )
        with self._engine.connect() as connection:
            return {unit: (listed, collected) for unit, listed, collected in connection.execute(counted)}

    # Keys

    def moduli(self, wave_id: str) -> dict[str, bytes]:
        with self._engine.connect() as connection:
            rows = connection.execute(select(CREDENTIAL_KEY.c.unit, CREDENTIAL_KEY.c.modulus).where(CREDENTIAL_KEY.c.wave == wave_id))
            return {row.unit: row.modulus for row in rows}

    def modulus(self, wave_id: str, unit: str) -> bytes | None:
        return self._key(select(CREDENTIAL_KEY.c.modulus), wave_id, unit)

    def signing_key(self, wave_id: str, unit: str) -> bytes | None:
        return self._key(select(CREDENTIAL_KEY.c.private_key), wave_id, unit)

    def _key(self, wanted: Select[bytes], wave_id: str, unit: str) -> bytes | None:
        with self._engine.connect() as connection:
            return connection.execute(wanted.where(CREDENTIAL_KEY.c.wave == wave_id, CREDENTIAL_KEY.c.unit == unit)).scalar_one_or_none()

    # The invited person's side

    def by_token(self, digest: bytes) -> Invitation | None:
        with self._engine.connect() as connection:
            row = connection.execute(select(*_COLUMNS).where(INVITATION.c.token == digest, ~INVITATION.c.withdrawn)).one_or_none()
        return None if row is None else _invitation(row)

    def collect(self, invitation: Invitation, blinded: bytes) -> bool:
        """Every row of the unit is written anew: PostgreSQL's xmin and ctid then tell nothing of who collected when."""
        of_unit = (INVITATION.c.wave == invitation.wave, INVITATION.c.unit == invitation.unit)
        own = (INVITATION.c.wave == invitation.wave, INVITATION.c.email == invitation.email)
        mine = (INVITATION.c.email == invitation.email) & INVITATION.c.blinded.is_(None) & ~INVITATION.c.withdrawn
        # One collects at a time: two such updates could else wait for each other.
        with taking_turns(self._engine, Turn.COLLECTING) as connection:
            connection.execute(update(INVITATION).where(*of_unit).values(blinded=case((mine, blinded), else_=INVITATION.c.blinded)))
            noted = connection.execute(select(INVITATION.c.blinded).where(*own)).scalar_one_or_none()
        empty_journal(self._engine)
        return noted == blinded


def destroy_invitations(connection: Connection, wave_id: str) -> None:
    """Part of the transaction that closes or deletes a wave; forget_deleted() afterwards takes the bytes."""
    connection.execute(delete(INVITATION).where(INVITATION.c.wave == wave_id))
    connection.execute(delete(CREDENTIAL_KEY).where(CREDENTIAL_KEY.c.wave == wave_id))


def _invitation(row: Any) -> Invitation:
    return Invitation(wave=row.wave, unit=row.unit, email=row.email, blinded=row.blinded)
