"""Accounts and signed-in browsers."""

from __future__ import annotations

from sqlalchemy import Engine, delete, insert, select, update
from sqlalchemy.orm import Session

from db.models import AccountRow, SessionRow
from survey.access import Role
from survey.accounts import Account


class AccountStore:
    """Implements survey.accounts.Store."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def accounts(self) -> tuple[Account, ...]:
        with Session(self._engine) as session:
            return tuple(_account(row) for row in session.scalars(select(AccountRow).order_by(AccountRow.name)))

    def account(self, name: str) -> Account | None:
        with Session(self._engine) as session:
            row = session.get(AccountRow, name)
            return None if row is None else _account(row)

    def save(self, account: Account) -> None:
        with Session(self._engine) as session, session.begin():
            session.merge(
                AccountRow(
                    name=account.name,
                    role=account.role.value,
                    unit=account.unit,
                    password=account.password,
                    active=account.active,
                    demonstration=account.demonstration,
                    failed=account.failed,
                )
            )

    def count_failure(self, name: str) -> None:
        with self._engine.begin() as connection:
            connection.execute(update(AccountRow).where(AccountRow.name == name).values(failed=AccountRow.failed + 1))

    def clear_failures(self, name: str) -> None:
        with self._engine.begin() as connection:
            connection.execute(update(AccountRow).where(AccountRow.name == name).values(failed=0))

    def add_session(self, digest: bytes, account: str, expires: int, ticket: bool) -> None:
        with self._engine.begin() as connection:
            connection.execute(insert(SessionRow).values(digest=digest, account=account, expires=expires, ticket=ticket))

    def session(self, digest: bytes, now: int, ticket: bool) -> str | None:
        """The account behind a session or ticket that has not expired."""
        with self._engine.connect() as connection:
            return connection.execute(
                select(SessionRow.account).where(SessionRow.digest == digest, SessionRow.expires > now, SessionRow.ticket == ticket)
            ).scalar_one_or_none()

    def end_session(self, digest: bytes) -> bool:
        """True if it was there: a ticket is redeemed by whoever removes it first."""
        with self._engine.begin() as connection:
            return bool(connection.execute(delete(SessionRow).where(SessionRow.digest == digest)).rowcount)

    def end_sessions_of(self, account: str) -> None:
        with self._engine.begin() as connection:
            connection.execute(delete(SessionRow).where(SessionRow.account == account))

    def drop_expired(self, now: int) -> None:
        with self._engine.begin() as connection:
            connection.execute(delete(SessionRow).where(SessionRow.expires <= now))


def _account(row: AccountRow) -> Account:
    return Account(
        name=row.name,
        role=Role(row.role),
        unit=row.unit,
        password=row.password,
        active=row.active,
        demonstration=row.demonstration,
        failed=row.failed,
    )
