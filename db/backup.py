"""Copies of both stores as two SQLite files and a manifest, from either database and back into either.

A copy is made table by table in the order of the keys, so that it holds rows and nothing else: no freed
pages, no journal, no order of arrival. Signed-in browsers are never copied; neither are the code list and
the box of a wave in the field unless asked for (docs/decisions: backup), and never a ballot of any other wave.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, replace
from datetime import date
from pathlib import Path
from typing import Any, NoReturn

from alembic.util import CommandError
from sqlalchemy import ColumnElement, Connection, Engine, Table, func, insert, select, true
from sqlalchemy.exc import OperationalError, SQLAlchemyError

from db import row_keys
from db.box_models import BALLOT, BOX
from db.cover import Covers
from db.engine import Turn, box_engine, taking_turns
from db.inspection import damaged_releases
from db.migrate import upgrade
from db.models import ACCOUNT, MAIN, WAVE
from db.revisions import head, known, revision
from survey import limits
from survey.access import Role
from survey.backup_file import MANIFEST
from survey.copies import FORMAT, Held, Manifest
from survey.design.wave import WaveState
from survey.errors import N_, SurveyError

FILES = {"main": "langnghe.db", "box": "hom-phieu.db"}
_BATCH = 2_000
_PLACE = BALLOT.c.place  # where it lay in the file it came from; drawn anew where it goes
# Every table is decided here and tested to be: what a copy may hold is a promise, not an accident.
COPIED = (
    "unit", "questionnaire", "wave", "code", "turnout", "invitation", "credential_key", "account", "access_log", "release", "cell", "superseded",
    "comment", "undertaking", "installation", "ballot", "cover",
)  # fmt: skip
LEFT_OUT = (
    "session",
    "throttle",
    "account_link",
    "ballot_key",
)  # signed-in browsers, wrong passwords of the last day, links that a copy would make good again; keys are made anew where ballots go
OF_THE_FIELD = ("code", "turnout", "invitation", "credential_key")  # by wave; not copied while the wave is open
_TABLES = {line: [table for table in metadata.sorted_tables if table.name in COPIED] for line, metadata in (("main", MAIN), ("box", BOX))}


def write_backup(main: Engine, box: Engine, covers: Covers, folder: Path, *, with_open_box: bool, day: date) -> Manifest:
    """Copy both stores into `folder`, which must be new or empty. Readable by its owner alone.

    Each store is read as it is at one moment, the registry before the box: a ballot may be in the copy
    without its code being spent (the box still counts it once), never the other way round.
    """
    _take(folder)
    rows: dict[str, int] = {}
    with _copy_file(folder, "main") as out, _moment(main) as store:
        in_field = _in_field(store)
        for table in _TABLES["main"]:
            hidden = table.name in OF_THE_FIELD and not with_open_box
            rows[table.name] = _copy(store, out, table, table.c.wave.not_in(in_field) if hidden else true())
    with _copy_file(folder, "box") as out, _moment(box) as store:
        wanted = in_field if with_open_box else ()
        for table in _TABLES["box"]:
            rows[table.name] = _copy(store, out, table, table.c.wave.in_(wanted))
    kept = Covers(folder)
    held = {wave: cover for wave in wanted if (cover := covers.read(wave)) is not None}
    for wave, cover in held.items():
        kept.keep(wave, cover)
    with main.connect() as store:
        if with_open_box and _in_field(store) != in_field:
            shutil.rmtree(folder)
            raise SurveyError("backup-moved", N_("A wave was opened or closed meanwhile; the backup was removed. Please start it again."))
    manifest = Manifest(
        day=day.isoformat(),
        schema={line: revision(engine) or "" for line, engine in (("main", main), ("box", box))},
        files={name: _digest(folder / name) for name in (*FILES.values(), *(kept.path(wave).name for wave in held))},
        rows=rows,
        in_field=in_field,
        with_open_box=with_open_box,
    )
    (folder / MANIFEST).touch(mode=0o600)
    (folder / MANIFEST).write_text(json.dumps(asdict(manifest), indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    return manifest


def read_manifest(folder: Path) -> Manifest:
    """The manifest of a backup whose files are all there and unchanged, or a refusal."""
    try:
        with (folder / MANIFEST).open(encoding="utf-8") as file:
            said = json.loads(file.read(limits.JSON_CHARS))
        manifest = Manifest(**{**said, "in_field": tuple(said["in_field"])})
        sound = _is_sound(manifest)
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        sound = False
    if not sound:
        raise SurveyError(
            "not-a-backup", N_("{folder} is not a backup: {file} is missing or cannot be read."), folder=folder, file=MANIFEST
        )
    for name, digest in manifest.files.items():
        if not (folder / name).is_file() or _digest(folder / name) != digest:
            message = N_("{file} of this backup is missing or changed since it was written. Use another backup; nothing was restored.")
            raise SurveyError("backup-changed", message, file=name)
    if not all(known(line, manifest.schema.get(line, "")) for line in FILES):
        raise SurveyError("backup-newer", N_("This backup was made by a newer version. Install that version first; nothing was restored."))
    return manifest


def _is_sound(manifest: Manifest) -> bool:
    """Is every part of the kind it was written as? Its files lie beside it, under names that are ours."""
    date.fromisoformat(manifest.day)
    texts = [*manifest.schema.values(), *manifest.files, *manifest.files.values(), *manifest.in_field]
    return (
        manifest.format == FORMAT
        and type(manifest.with_open_box) is bool
        and all(isinstance(text, str) for text in texts)
        and all(type(number) is int for number in manifest.rows.values())
        and not any(limits.id_fault(text, limits.NAME) for text in (*manifest.files, *manifest.in_field))
        and set(FILES.values()) <= set(manifest.files)
    )


class Copies:
    """Implements survey.copies.Stores."""

    def __init__(self, main: Engine, box: Engine, covers: Covers, filled: Callable[[], None]) -> None:
        """`filled`: called when the stores have been."""
        self._main = main
        self._box = box
        self._covers = covers
        self._filled = filled

    def write(self, folder: Path, *, with_open_box: bool, day: date) -> Manifest:
        return write_backup(self._main, self._box, self._covers, folder, with_open_box=with_open_box, day=day)

    def tried(self, folder: Path) -> Held:
        with tempfile.TemporaryDirectory() as place, ExitStack() as opened:
            main, box = (opened.enter_context(_at_schema(Path(place) / FILES[line], line)) for line in FILES)
            manifest = restore_backup(main, box, Covers(Path(place)), folder)
            return replace(_held_by(manifest, main), changed=damaged_releases(main))

    def restore(self, folder: Path) -> Held:
        manifest = restore_backup(self._main, self._box, self._covers, folder)
        self._filled()
        return _held_by(manifest, self._main)


def _held_by(manifest: Manifest, main: Engine) -> Held:
    current = all(manifest.schema.get(line) == head(line) for line in FILES)
    organizers = select(ACCOUNT.c.name).where(ACCOUNT.c.role == Role.ORGANIZER.value, ACCOUNT.c.active, ACCOUNT.c.password != "")
    with main.connect() as store:
        return Held(manifest=manifest, current=current, organizers=tuple(store.execute(organizers.order_by(ACCOUNT.c.name)).scalars()))


def restore_backup(main: Engine, box: Engine, covers: Covers, folder: Path) -> Manifest:
    """Fill two empty stores from a backup, all of it or nothing; older backups are brought to today's schema.

    Whoever would make the first account meanwhile waits, and finds it made.
    """
    manifest = read_manifest(folder)
    with (
        _opened(folder, "main") as main_file, _opened(folder, "box") as box_file,
        taking_turns(main, Turn.SIGN_IN) as to_main, box.begin() as to_box,
    ):  # fmt: skip
        if held := [*_held(to_main, "main"), *_held(to_box, "box")]:
            message = N_("The stores are not empty ({tables}). Restore into new ones: set LANGNGHE_DATA_DIR or the two database addresses.")
            raise SurveyError("stores-not-empty", message, tables=", ".join(held))
        for line, source, target in (("main", main_file, to_main), ("box", box_file, to_box)):
            for table in _TABLES[line]:
                with _damage_is_said(FILES[line]):
                    count = _copy(source, target, table, true())
                if manifest.schema[line] == head(line) and count != manifest.rows.get(table.name, 0):
                    _damaged(FILES[line])
        for wave in manifest.in_field:
            cover = Covers(folder).read(wave)
            if cover is not None:
                covers.keep(wave, cover)
    return manifest


def _take(folder: Path) -> None:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        empty = not any(folder.iterdir())
    except OSError as error:
        raise SurveyError("cannot-write", N_("{file} cannot be written: {reason}."), file=folder, reason=error.strerror) from None
    if not empty:
        raise SurveyError("backup-exists", N_("{folder} is not empty. Name a new folder for each backup."), folder=folder)


def _in_field(store: Connection) -> tuple[str, ...]:
    return tuple(store.execute(select(WAVE.c.id).where(WAVE.c.state == WaveState.OPEN.value).order_by(WAVE.c.id)).scalars())


def _held(store: Connection, line: str) -> list[str]:
    return [table.name for table in _TABLES[line] if store.execute(select(func.count()).select_from(table)).scalar_one()]


@contextmanager
def _moment(engine: Engine) -> Iterator[Connection]:
    """A connection that sees the store as it was at one moment."""
    with engine.connect() as store:
        if engine.dialect.name == "sqlite":
            store.exec_driver_sql("BEGIN")
        else:
            store.execution_options(isolation_level="REPEATABLE READ")
        yield store


@contextmanager
def _at_schema(file: Path, line: str) -> Iterator[Engine]:
    """An SQLite file brought to today's schema."""
    engine = box_engine(f"sqlite:///{file}")
    try:
        upgrade(engine, line)
        yield engine
    finally:
        engine.dispose()


@contextmanager
def _copy_file(folder: Path, line: str) -> Iterator[Connection]:
    path = folder / FILES[line]
    path.touch(mode=0o600)
    with _at_schema(path, line) as engine, engine.begin() as out:
        yield out


@contextmanager
def _opened(folder: Path, line: str) -> Iterator[Connection]:
    """A backup's file at today's schema: a private copy of it, so that the backup stays as it is."""
    with tempfile.TemporaryDirectory() as place:
        copy = Path(place) / FILES[line]
        shutil.copyfile(folder / FILES[line], copy)
        with ExitStack() as opened:
            with _damage_is_said(FILES[line]):
                store = opened.enter_context(opened.enter_context(_at_schema(copy, line)).connect())
                sound = store.exec_driver_sql("PRAGMA integrity_check(1)").scalar_one() == "ok"
                sound = sound and not store.exec_driver_sql("SELECT 1 FROM sqlite_master WHERE type = 'view'").first()
            if not sound:
                _damaged(FILES[line])
            yield store


@contextmanager
def _damage_is_said(file: str) -> Iterator[None]:
    """A damaged file fails in many ways, and in any of its tables; each means the same here. A target that is gone is no damage."""
    try:
        yield
    except SurveyError:
        raise
    except OperationalError as error:
        if not isinstance(error.orig, sqlite3.Error):
            raise
        _damaged(file, error)
    except (SQLAlchemyError, CommandError, ValueError, TypeError, LookupError, ArithmeticError) as error:
        _damaged(file, error)


def _damaged(file: str, error: Exception | None = None) -> NoReturn:
    message = N_("{file} of this backup is damaged and cannot be read. Use another backup; nothing was restored.")
    raise SurveyError("backup-damaged", message, file=file) from error


def _copy(source: Connection, target: Connection, table: Table, which: ColumnElement[bool]) -> int:
    columns = [column for column in table.columns if column is not _PLACE]
    rows = select(*columns).where(which)
    ordered = row_keys.by_key(rows, source.dialect.name)[0] if table is _PLACE.table else rows.order_by(*table.primary_key.columns)
    count = 0
    for batch in source.execute(ordered.execution_options(yield_per=_BATCH)).mappings().partitions():
        values: list[dict[str, Any]] = [dict(row) for row in batch]
        target.execute(insert(table), values)
        count += len(values)
    return count


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
