"""At which revision a database is, and which ones this version of the product knows.

Every command asks; only the one that finds another revision needs Alembic (db.migrate), which is slow to import.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from sqlalchemy import Engine, inspect, text

FOLDER = Path(__file__).parent / "migrations"
_SAID = re.compile(r'^(revision|down_revision) = (?:"(\w+)"|None)$', re.MULTILINE)


def versions(line: str) -> Path:
    """The folder of a line of revisions: "main" or "box"."""
    return FOLDER / line / "versions"


def revision(engine: Engine) -> str | None:
    """The revision a database is at; None for an empty one."""
    with engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one_or_none()
        return None if found is None else str(found)


def head(line: str) -> str:
    """The newest revision of a line: the one that none builds on."""
    (newest,) = _line(line).keys() - _line(line).values()
    return newest


def known(line: str, one: str) -> bool:
    """Is this a revision of the line, as this version of the product knows it?"""
    return one in _line(line)


@cache
def _line(line: str) -> dict[str, str | None]:
    """Each revision, and the one it builds on, as the files of the migrations say."""
    found = [dict(_SAID.findall(path.read_text(encoding="utf-8"))) for path in versions(line).glob("*.py")]
    return {said["revision"]: said["down_revision"] or None for said in found}
