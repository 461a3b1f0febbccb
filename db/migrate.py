"""Bringing a database to the newest schema. One line of revisions for each database."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine

_FOLDER = Path(__file__).parent / "migrations"


def config(engine: Engine, line: str) -> Config:
    """`line`: "main" or "box"."""
    made = Config()
    made.set_main_option("script_location", str(_FOLDER))
    made.set_main_option("version_locations", str(_FOLDER / line / "versions"))
    made.set_main_option("path_separator", "os")
    made.attributes["engine"] = engine
    made.attributes["line"] = line
    return made


def upgrade(engine: Engine, line: str) -> None:
    """Upgrade to head; does nothing when already there."""
    wanted = config(engine, line)
    head = ScriptDirectory.from_config(wanted).get_current_head()
    with engine.connect() as connection:
        current = MigrationContext.configure(connection).get_current_revision()
    if current != head:
        command.upgrade(wanted, "head")
