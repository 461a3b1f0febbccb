"""Looking at the stores without creating or upgrading them: what `langnghe check` asks."""

from __future__ import annotations

import errno
import os
from pathlib import Path

from sqlalchemy import Engine, inspect, select
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

from db.models import RELEASE, WAVE
from db.revisions import head, revision


def file_of(url: str) -> Path | None:
    """The file of an SQLite address; None for a server's."""
    parsed = make_url(url)
    return Path(parsed.database).absolute() if parsed.get_backend_name() == "sqlite" and parsed.database else None


def same_place(first: str, second: str) -> bool:
    """Do two addresses lead to the same database?"""
    files = file_of(first), file_of(second)
    if any(files):
        return all(files) and files[0].resolve() == files[1].resolve()  # type: ignore[union-attr]
    one, other = (make_url(url)._replace(drivername="", username=None, password=None) for url in (first, second))
    return one == other


def why_unreachable(engine: Engine, url: str) -> str:
    """The reason a store cannot be opened; empty when it can. An SQLite file is never created by asking."""
    path = file_of(url)
    if path is not None and not path.is_file():
        return f"{path}: {os.strerror(errno.ENOENT)}"
    try:
        revision(engine)
    except SQLAlchemyError as error:
        return str(getattr(error, "orig", None) or error).strip().partition("\n")[0]
    return ""


def place_of(url: str) -> str:
    """An address as it may be shown: without its password."""
    return make_url(url).render_as_string(hide_password=True)


def never_made(engine: Engine, url: str) -> bool:
    """No file, or a database without a table. False where nobody can tell."""
    path = file_of(url)
    if path is not None and not path.is_file():
        return True
    try:
        return revision(engine) is None and not inspect(engine).get_table_names()
    except SQLAlchemyError:
        return False


def at_head(engine: Engine, line: str) -> bool:
    return revision(engine) == head(line)


def damaged_releases(main: Engine) -> tuple[str, ...]:
    """Waves whose release no longer has the hash it was written with."""
    with main.connect() as store:
        written = store.execute(select(RELEASE.c.wave, RELEASE.c.hash).order_by(RELEASE.c.wave)).all()
    if not written:
        return ()
    from db.registry import Registry
    from db.releases import Releases  # reading one takes pandas

    releases, found = Releases(main, Registry(main)), []
    for wave, digest in written:
        release = releases.load(wave)
        if release is None or release.hash != digest:
            found.append(wave)
    return tuple(found)


def open_waves(main: Engine) -> tuple[str, ...]:
    """Of a registry of any version."""
    with main.connect() as store:
        return tuple(store.execute(select(WAVE.c.id).where(WAVE.c.state == "open").order_by(WAVE.c.id)).scalars())
