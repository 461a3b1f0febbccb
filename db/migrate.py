"""Bringing a database to the newest schema. One line of revisions for each database."""

from __future__ import annotations

from alembic import command
from alembic.config import Config
from sqlalchemy import Engine

from db.revisions import FOLDER, head, revision, versions


def config(engine: Engine | None, line: str) -> Config:
    """`line`: "main" or "box"."""
    made = Config()
    made.set_main_option("script_location", str(FOLDER))
    made.set_main_option("version_locations", str(versions(line)))
    made.set_main_option("path_separator", "os")
    made.attributes["engine"] = engine
    made.attributes["line"] = line
    return made


def upgrade(engine: Engine, line: str) -> None:
    """Upgrade to head; does nothing when already there."""
    if revision(engine) != head(line):
        command.upgrade(config(engine, line), "head")
