"""Bringing a database to the newest schema. One line of revisions for each database."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine

_FOLDER = Path(__file__).parent / "migrations"


def config(engine: Engine | None, line: str) -> Config:
    """`line`: "main" or "box"."""
    made = Config()
    made.set_main_option("script_location", str(_FOLDER))
    made.set_main_option("version_locations", str(_FOLDER / line / "versions"))
    made.set_main_option("path_separator", "os")
    made.attributes["engine"] = engine
    made.attributes["line"] = line
    return made


def revision(engine: Engine) -> str | None:
    """The revision a database is at; None for an empty one."""
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def head(line: str) -> str | None:
    """The newest revision of a line."""
    return ScriptDirectory.from_config(config(None, line)).get_current_head()


def known(line: str, one: str) -> bool:
    """Is this a revision of the line, as this version of the product knows it?"""
    return one in {script.revision for script in ScriptDirectory.from_config(config(None, line)).walk_revisions()}


def upgrade(engine: Engine, line: str) -> None:
    """Upgrade to head; does nothing when already there."""
    if revision(engine) != head(line):
        command.upgrade(config(engine, line), "head")
