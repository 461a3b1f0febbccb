"""Alembic's environment: the engine is handed over by db.migrate."""

from alembic import context
from sqlalchemy.schema import SchemaItem

from db.box_models import BOX
from db.models import MAIN

config = context.config
engine = config.attributes["engine"]
metadata = {"main": MAIN, "box": BOX}[config.attributes["line"]]


def is_here(found: SchemaItem, _name: str | None, _kind: str, _reflected: bool, _other: SchemaItem | None) -> bool:
    """Some things only one of the databases needs."""
    return bool(found.info.get("only", engine.dialect.name) == engine.dialect.name)


with engine.connect() as connection:
    context.configure(connection=connection, target_metadata=metadata, render_as_batch=True, include_object=is_here)
    with context.begin_transaction():
        context.run_migrations()
    connection.commit()
