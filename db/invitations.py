"""Personal invitations and the keys that sign their credentials: all of it is destroyed when the wave is closed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Connection, Engine, Select, case, delete, func, insert, select, update

from db.engine import Turn, empty_journal, taking_turns
from db.models import CredentialKeyRow, InvitationRow, WaveRow
from survey.collect.credentials import Invitation
from survey.collect.signing_key import SigningKey
from survey.design.plan import Plan
from survey.design.wave import Wave, WaveState
from survey.errors import N_, SurveyError

_COLUMNS = (InvitationRow.wave, InvitationRow.unit, InvitationRow.email, InvitationRow.blinded)


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
                connection.execute(insert(CredentialKeyRow), made)
                same = (WaveRow.id == wave_id, WaveRow.state == WaveState.DRAFT.value, WaveRow.plan_hash == wave.plan.hash)
                changed = update(WaveRow).where(*same).values(plan=plan.as_dict(), plan_hash=plan.hash)
                if connection.execute(changed).rowcount != 1:
                    raise SurveyError("wave-moved", N_("Wave {wave} has been changed by somebody else; please look again."), wave=wave_id)
            connection.execute(insert(InvitationRow), rows)

    def people(self, wave_id: str, *, invited: bool) -> tuple[Invitation, ...]:
        has_letter = InvitationRow.token.is_not(None) if invited else InvitationRow.token.is_(None)
        with self._engine.connect() as connection:
            mine = (InvitationRow.wave == wave_id, ~InvitationRow.withdrawn, has_letter)
            rows = connection.execute(select(*_COLUMNS).where(*mine).order_by(InvitationRow.email))
            return tuple(_invitation(row) for row in rows)

    def emails(self, wave_id: str) -> frozenset[str]:
        with self._engine.connect() as connection:
            return frozenset(connection.execute(select(InvitationRow.email).where(InvitationRow.wave == wave_id)).scalars())

    def set_token(self, wave_id: str, email: str, digest: bytes) -> None:
        with self._engine.begin() as connection:
            connection.execute(
                update(InvitationRow)
                .where(InvitationRow.wave == wave_id, InvitationRow.email == email, InvitationRow.blinded.is_(None))
                .values(token=digest)
            )

    def withdraw(self, wave_id: str, email: str) -> bool:
        with self._engine.begin() as connection:
            listed = (InvitationRow.wave == wave_id, InvitationRow.email == email, ~InvitationRow.withdrawn)
            return bool(connection.execute(update(InvitationRow).where(*listed).values(withdrawn=True)).rowcount)

    def withdrawn(self, wave_id: str) -> int:
        with self._engine.connect() as connection:
            return connection.execute(select(func.count()).where(InvitationRow.wave == wave_id, InvitationRow.withdrawn)).scalar_one()

    def counts(self, wave_id: str) -> dict[str, tuple[int, int]]:
        """(listed, collected): who is withdrawn is listed no more, but what was collected was collected."""
        listed = func.count(case((~InvitationRow.withdrawn, 1)))
        counted = (
            select(InvitationRow.unit, listed, func.count(InvitationRow.blinded))
            .where(InvitationRow.wave == wave_id)
            .group_by(InvitationRow.unit)
        )
        with self._engine.connect() as connection:
            return {unit: (listed, collected) for unit, listed, collected in connection.execute(counted)}

    # Keys

    def moduli(self, wave_id: str) -> dict[str, bytes]:
        with self._engine.connect() as connection:
            rows = connection.execute(select(CredentialKeyRow.unit, CredentialKeyRow.modulus).where(CredentialKeyRow.wave == wave_id))
            return {row.unit: row.modulus for row in rows}

    def modulus(self, wave_id: str, unit: str) -> bytes | None:
        return self._key(select(CredentialKeyRow.modulus), wave_id, unit)

    def signing_key(self, wave_id: str, unit: str) -> bytes | None:
        return self._key(select(CredentialKeyRow.private_key), wave_id, unit)

    def _key(self, wanted: Select[bytes], wave_id: str, unit: str) -> bytes | None:
        with self._engine.connect() as connection:
            return connection.execute(wanted.where(CredentialKeyRow.wave == wave_id, CredentialKeyRow.unit == unit)).scalar_one_or_none()

    # The invited person's side

    def by_token(self, digest: bytes) -> Invitation | None:
        with self._engine.connect() as connection:
            row = connection.execute(select(*_COLUMNS).where(InvitationRow.token == digest, ~InvitationRow.withdrawn)).one_or_none()
        return None if row is None else _invitation(row)

    def collect(self, invitation: Invitation, blinded: bytes) -> bool:
        """Every row of the unit is written anew: PostgreSQL's xmin and ctid then tell nothing of who collected when."""
        of_unit = (InvitationRow.wave == invitation.wave, InvitationRow.unit == invitation.unit)
        own = (InvitationRow.wave == invitation.wave, InvitationRow.email == invitation.email)
        mine = (InvitationRow.email == invitation.email) & InvitationRow.blinded.is_(None) & ~InvitationRow.withdrawn
        # One collects at a time: two such updates could else wait for each other.
        with taking_turns(self._engine, Turn.COLLECTING) as connection:
            connection.execute(update(InvitationRow).where(*of_unit).values(blinded=case((mine, blinded), else_=InvitationRow.blinded)))
            noted = connection.execute(select(InvitationRow.blinded).where(*own)).scalar_one_or_none()
        empty_journal(self._engine)
        return noted == blinded


def destroy_invitations(connection: Connection, wave_id: str) -> None:
    """Part of the transaction that closes or deletes a wave; forget_deleted() afterwards takes the bytes."""
    connection.execute(delete(InvitationRow).where(InvitationRow.wave == wave_id))
    connection.execute(delete(CredentialKeyRow).where(CredentialKeyRow.wave == wave_id))


def _invitation(row: Any) -> Invitation:
    return Invitation(wave=row.wave, unit=row.unit, email=row.email, blinded=row.blinded)
