"""Accounts, signed-in browsers, and the tries at signing in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import Engine, delete, exists, insert, select, update

from db.engine import Turn, taking_turns
from db.models import ACCOUNT, SESSION, THROTTLE
from survey.access import Role
from survey.accounts import Account
from survey.throttle import Tries


class AccountStore:
    """Implements survey.accounts.Store and survey.signing_in.Store."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def accounts(self) -> tuple[Account, ...]:
        with self._engine.connect() as connection:
            return tuple(_account(row) for row in connection.execute(select(ACCOUNT).order_by(ACCOUNT.c.name)).mappings())

    def account(self, name: str) -> Account | None:
        with self._engine.connect() as connection:
            row = connection.execute(select(ACCOUNT).where(ACCOUNT.c.name == name)).mappings().one_or_none()
            return None if row is None else _account(row)

    def save(self, account: Account) -> None:
        values = {
            "role": account.role.value,
            "unit": account.unit,
            "password": account.password,
            "active": account.active,
            "demonstration": account.demonstration,
            "one_time": account.one_time,
        }
        with self._engine.begin() as connection:
            if not connection.execute(update(ACCOUNT).where(ACCOUNT.c.name == account.name).values(**values)).rowcount:
                connection.execute(insert(ACCOUNT).values(name=account.name, **values))

    def change_password(self, name: str, password: str) -> None:
        with self._engine.begin() as connection:
            connection.execute(update(ACCOUNT).where(ACCOUNT.c.name == name).values(password=password, one_time=False))

    def any_account(self) -> bool:
        with self._engine.connect() as connection:
            return bool(connection.execute(select(exists().where(ACCOUNT.c.name != ""))).scalar_one())

    def has_demonstration(self) -> bool:
        with self._engine.connect() as connection:
            return bool(connection.execute(select(exists().where(ACCOUNT.c.demonstration, ACCOUNT.c.active))).scalar_one())

    # Sessions

    def add_session(self, digest: bytes, account: str, now: int, expires: int, ticket: bool) -> None:
        with self._engine.begin() as connection:
            connection.execute(insert(SESSION).values(digest=digest, account=account, seen=now, expires=expires, ticket=ticket))

    def session(self, digest: bytes, now: int, idle_since: int, ticket: bool) -> tuple[str, int] | None:
        alive = (SESSION.c.expires > now, SESSION.c.seen > idle_since, SESSION.c.ticket == ticket)
        with self._engine.connect() as connection:
            row = connection.execute(select(SESSION.c.account, SESSION.c.seen).where(SESSION.c.digest == digest, *alive)).one_or_none()
        return None if row is None else (row.account, row.seen)

    def see_session(self, digest: bytes, now: int) -> None:
        with self._engine.begin() as connection:
            connection.execute(update(SESSION).where(SESSION.c.digest == digest).values(seen=now))

    def end_session(self, digest: bytes) -> str | None:
        with self._engine.begin() as connection:
            found = delete(SESSION).where(SESSION.c.digest == digest).returning(SESSION.c.account)
            return connection.execute(found).scalar_one_or_none()

    def end_sessions_of(self, account: str) -> int:
        with self._engine.begin() as connection:
            return connection.execute(delete(SESSION).where(SESSION.c.account == account)).rowcount

    def drop_expired(self, now: int, idle_since: int) -> None:
        with self._engine.begin() as connection:
            connection.execute(delete(SESSION).where((SESSION.c.expires <= now) | (SESSION.c.seen <= idle_since)))


class ThrottleStore:
    """Implements survey.throttle.Store."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def change(self, pool: bytes, change: Callable[[Tries], Tries]) -> None:
        with taking_turns(self._engine, Turn.SIGN_IN) as connection:
            row = connection.execute(select(THROTTLE.c.tries, THROTTLE.c.last).where(THROTTLE.c.digest == pool)).one_or_none()
            after = change(Tries() if row is None else Tries(row.tries, row.last))
            connection.execute(delete(THROTTLE).where(THROTTLE.c.digest == pool))
            if after.count:
                connection.execute(insert(THROTTLE).values(digest=pool, tries=after.count, last=after.last))

    def forget(self, before: int, after: int) -> None:
        with self._engine.begin() as connection:
            connection.execute(delete(THROTTLE).where((THROTTLE.c.last < before) | (THROTTLE.c.last > after)))


def _account(row: Any) -> Account:
    return Account(**{**row, "role": Role(row["role"])})
