"""Looking into the box without changing it: whose boxes there are, how they stand, and whether what lies in them is whole."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import Engine, func, select
from sqlalchemy.exc import DatabaseError

from db import row_keys
from db.box_models import BALLOT, COVER
from db.cover import Cover, Covers
from db.models import WAVE
from db.registry import Registry
from survey.checking import Looked
from survey.collect.ballot import BallotBroken
from survey.collect.box import identity_of
from survey.design.wave import Wave, WaveState


def damaged_file(engine: Engine) -> str:
    """What SQLite finds wrong with its file, page by page; empty for a sound one and for a server."""
    if engine.dialect.name != "sqlite":
        return ""
    try:
        with engine.connect() as store:
            said = str(store.exec_driver_sql("PRAGMA integrity_check(1)").scalar_one())
    except DatabaseError as error:
        return str(error.orig)
    return "" if said == "ok" else said


def look(main: Engine, box: Engine, covers: Covers) -> Looked:
    waves = {wave.id: wave for wave in Registry(main).waves()}
    in_field = {name: wave for name, wave in waves.items() if wave.state is WaveState.OPEN}
    with box.connect() as store:
        rows = {row.wave: row for row in store.execute(select(COVER).order_by(COVER.c.wave))}
        with_ballots = set(store.execute(select(BALLOT.c.wave).distinct()).scalars())
    # A wave is begun a moment before it is open.
    known = {name for name, wave in waves.items() if wave.state in (WaveState.DRAFT, WaveState.OPEN)}
    held = {name: covers.read(name) for name in rows}
    wrong = tuple(name for name in rows if name in known and not _fits(held[name], rows[name].fingerprint))
    good = {name: cover for name, cover in held.items() if cover is not None and name in known and name not in wrong}
    return Looked(
        without_box=tuple(name for name, wave in in_field.items() if not _is_of(rows.get(name), wave)),
        half_closed=tuple(name for name in in_field if name in rows and rows[name].shut is not None),
        left_over=tuple(sorted((set(rows) | with_ballots) & set(waves) - known)),
        wrong_cover=wrong,
        stray_covers=tuple(_stray(covers, known)),
        damaged=_damaged(box, good),
        foreign=_foreign(box, set(waves)),
    )


def past_their_day(main: Engine, today: str) -> tuple[str, ...]:
    """Open waves whose last day (ISO) is over."""
    with main.connect() as store:
        rows = store.execute(select(WAVE.c.id, WAVE.c.closes).where(WAVE.c.state == WaveState.OPEN.value).order_by(WAVE.c.id))
        return tuple(row.id for row in rows if row.closes.isoformat() < today)


def _fits(cover: Cover | None, fingerprint: bytes) -> bool:
    return cover is not None and cover.fingerprint == fingerprint


def _is_of(row: object, wave: Wave) -> bool:
    return row is not None and getattr(row, "identity", None) in (None, identity_of(wave))


def _stray(covers: Covers, known: set[str]) -> Iterator[Path]:
    """Key files of no wave that is in the field or about to be."""
    mine = {covers.path(name).name for name in known}
    return (path for path in covers.files() if path.name not in mine)


def _foreign(box: Engine, waves: set[str]) -> Counter[str]:
    with box.connect() as store:
        names = store.execute(select(BALLOT.c.wave).where(BALLOT.c.wave.not_in(waves))).scalars()
        return Counter(names)


def _damaged(box: Engine, covers: dict[str, Cover]) -> Counter[str]:
    """Rows that are no ballot under the wave's cover, or not of the one size, or that nobody finds by their key."""
    found: Counter[str] = Counter()
    with box.connect() as store:
        for name, cover in covers.items():
            sizes: Counter[int] = Counter()
            for covered in store.execute(select(BALLOT.c.ciphertext).where(BALLOT.c.wave == name)).scalars():
                try:
                    sizes[len(cover.take_off(covered))] += 1
                except BallotBroken:
                    found[name] += 1
            if len(sizes) > 1:
                found[name] += sizes.total() - max(sizes.values())
            ballots = select(func.count()).where(BALLOT.c.wave == name)
            by_key, key = row_keys.by_key(ballots, box.dialect.name)
            there = by_key.where(key.c.nullifier == BALLOT.c.nullifier).order_by(None)
            found[name] += store.execute(ballots).scalar_one() - store.execute(there).scalar_one()
    return +found  # no zeros
