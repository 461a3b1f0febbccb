"""Alembic's environment: the engine is handed over by db.migrate."""

from alembic import context

from db.models import BoxBase, Main

config = context.config
engine = config.attributes["engine"]
metadata = {"main": Main, "box": BoxBase}[config.attributes["line"]].metadata

with engine.connect() as connection:
    context.configure(connection=connection, target_metadata=metadata, render_as_batch=True)
    with context.begin_transaction():
        context.run_migrations()
    connection.commit()
