"""Links to accounts: digests, and what has become of each."""

from __future__ import annotations

from sqlalchemy import Connection, Engine, delete, func, insert, select, update

from db.engine import Turn, taking_turns
from db.models import ACCOUNT, ACCOUNT_LINK
from survey.access import Role
from survey.account_links import Kept, LinkState


class AccountLinkStore:
    """Implements survey.account_links.Store."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def give_link(self, digest: bytes, account: str, expires: int, forget_before: int) -> None:
        with taking_turns(self._engine, Turn.SIGN_IN) as connection:
            connection.execute(delete(ACCOUNT_LINK).where(ACCOUNT_LINK.c.expires < forget_before))
            _replace(connection, account)
            connection.execute(insert(ACCOUNT_LINK).values(digest=digest, account=account, expires=expires, state=LinkState.OPEN.value))

    def link(self, digest: bytes) -> Kept | None:
        wanted = select(ACCOUNT_LINK.c.account, ACCOUNT_LINK.c.expires, ACCOUNT_LINK.c.state).where(ACCOUNT_LINK.c.digest == digest)
        with self._engine.connect() as connection:
            row = connection.execute(wanted).one_or_none()
        return None if row is None else Kept(account=row.account, expires=row.expires, state=LinkState(row.state))

    def replace_links(self, account: str) -> None:
        with self._engine.begin() as connection:
            _replace(connection, account)

    def use_link(self, digest: bytes, now: int, password: str) -> bool:
        with taking_turns(self._engine, Turn.SIGN_IN) as connection:
            account = _spent(connection, digest, now)
            if account is None:
                return False
            mine = (ACCOUNT.c.name == account, ACCOUNT.c.active)
            kept = connection.execute(update(ACCOUNT).where(*mine).values(password=password, one_time=False)).rowcount
            if not kept:
                connection.rollback()
            return bool(kept)

    def begin(self, digest: bytes, now: int, name: str, password: str) -> bool:
        with taking_turns(self._engine, Turn.SIGN_IN) as connection:
            if connection.execute(select(func.count()).select_from(ACCOUNT)).scalar_one() or _spent(connection, digest, now) != "":
                connection.rollback()
                return False
            first = {"role": Role.ORGANIZER.value, "password": password, "active": True, "demonstration": False, "one_time": False}
            connection.execute(insert(ACCOUNT).values(name=name, unit=None, **first))
            return True


def _replace(connection: Connection, account: str) -> None:
    open_ones = (ACCOUNT_LINK.c.account == account, ACCOUNT_LINK.c.state == LinkState.OPEN.value)
    connection.execute(update(ACCOUNT_LINK).where(*open_ones).values(state=LinkState.REPLACED.value))


def _spent(connection: Connection, digest: bytes, now: int) -> str | None:
    """Whose link it was; None where it is not, or no longer, good: whoever comes second changes no row."""
    good = (ACCOUNT_LINK.c.digest == digest, ACCOUNT_LINK.c.state == LinkState.OPEN.value, ACCOUNT_LINK.c.expires > now)
    if not connection.execute(update(ACCOUNT_LINK).where(*good).values(state=LinkState.USED.value)).rowcount:
        return None
    return str(connection.execute(select(ACCOUNT_LINK.c.account).where(ACCOUNT_LINK.c.digest == digest)).scalar_one())
