"""Turnout: how many codes of each unit are spent, and how many of all came on paper, in one row a wave under the wave's cover.

A counter for each unit, written at each answer, would leave the order of units, with times, in PostgreSQL's
write-ahead log and every archive of it. Of one row of one size nothing can be told but that an answer came,
and when the wave closes the cover ends with it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from struct import pack, unpack
from threading import Lock
from typing import Any

from sqlalchemy import Connection, Engine, bindparam, func, insert, select, update

from db.cover import Cover, CoverMissing, Covers
from db.engine import Turn, empty_journal, taking_turns
from db.models import TURNOUT
from db.soon import Soon
from survey.collect.door import Door

LONGEST = 1.0  # and where counting itself takes long: the close waits three (survey.publish.closing.COUNTING_SECONDS)
PAPER = ""  # counted like one more unit, in the same write: the row tells no more than before, and of no unit how many
PAUSE = 0.2  # seconds a spent code may wait to be counted; a process killed meanwhile leaves a difference that the close asks about

Units = Callable[[str], Sequence[str]]
# What every answer asks, put together once: building a statement costs more than running it.
_COUNTED = select(TURNOUT.c.counted).where(TURNOUT.c.wave == bindparam("of_wave"))
_COUNT = update(TURNOUT).where(TURNOUT.c.wave == bindparam("of_wave")).values(counted=bindparam("now"))


class Turnout:
    """`units`: the reporting units of a wave in the order of its plan, which never changes once codes are made."""

    def __init__(self, engine: Engine, covers: Covers | None, units: Units) -> None:
        self._engine = engine
        self._covers = covers
        self._units = units
        self._adding, self._line = Lock(), Lock()
        self._waiting: Counter[tuple[str, str]] = Counter()
        self.counting = Soon(self._count_waiting, PAUSE, LONGEST)

    def begin(self, connection: Connection, wave_id: str) -> None:
        """Part of the transaction that stores codes."""
        there = connection.execute(select(func.count()).where(TURNOUT.c.wave == wave_id)).scalar_one()
        if not there:
            connection.execute(insert(TURNOUT), {"wave": wave_id, "earlier": {}, "asked": 0, "listed": False})

    def start_again(self, connection: Connection, wave_id: str) -> None:
        """Part of the transaction that takes an opening back. That codes have left as a list stays true."""
        with self._adding:
            self._waiting = Counter({key: count for key, count in self._waiting.items() if key[0] != wave_id})
        nothing: dict[str, Any] = {"earlier": {}, "counted": None, "asked": 0}
        connection.execute(update(TURNOUT).where(TURNOUT.c.wave == wave_id).values(**nothing))

    def count(self, wave_id: str, unit: str, *, paper: bool = False) -> None:
        """One more code is spent. No answer waits for that: a second durable commit would halve how many are taken a second."""
        with self._adding:
            self._waiting[wave_id, unit] += 1
            if paper:
                self._waiting[wave_id, PAPER] += 1
        self.counting.soon()

    def spent(self, wave_id: str) -> dict[str, int]:
        """Per reporting unit, exact but for what other processes have not counted yet. Raises CoverMissing where the
        key that counted is not."""
        self._count_waiting()
        with self._engine.connect() as connection:
            found = connection.execute(select(TURNOUT.c.earlier, TURNOUT.c.counted).where(TURNOUT.c.wave == wave_id)).one_or_none()
        if found is None:
            return {}
        counted = Counter({unit: int(number) for unit, number in found.earlier.items()})
        if found.counted is not None:
            counted.update(self._read(wave_id, self._cover(wave_id), found.counted, self._places(wave_id)))
        del counted[PAPER]
        return dict(counted)

    def _count_waiting(self) -> None:
        with self._line:
            with self._adding:
                # Without the cover they wait for it: it may be brought back.
                held = {wave for wave in {wave for wave, _unit in self._waiting} if self._covers is not None and self._covers.read(wave)}
                taken = Counter({key: count for key, count in self._waiting.items() if key[0] in held})
                self._waiting -= taken
            try:
                self._write(taken)
            except Exception:
                with self._adding:
                    self._waiting += taken
                raise

    def ask(self, wave_id: str) -> None:
        with self._engine.begin() as connection:
            connection.execute(update(TURNOUT).where(TURNOUT.c.wave == wave_id).values(asked=TURNOUT.c.asked + 1))

    def list(self, wave_id: str) -> None:
        with self._engine.begin() as connection:
            connection.execute(update(TURNOUT).where(TURNOUT.c.wave == wave_id).values(listed=True))

    def door(self, wave_id: str) -> Door:
        """Raises CoverMissing where anything was counted and the key that counted is not there."""
        wanted = select(TURNOUT.c.asked, TURNOUT.c.listed, TURNOUT.c.counted).where(TURNOUT.c.wave == wave_id)
        with self._engine.connect() as connection:
            row = connection.execute(wanted).one_or_none()
        if row is None:
            return Door()
        counts = self._read(wave_id, self._cover(wave_id), row.counted, self._places(wave_id)) if row.counted else {}
        return Door(row.asked, row.listed, counts.get(PAPER, 0))

    def _write(self, taken: Counter[tuple[str, str]]) -> None:
        if not taken:
            return
        with self._engine.connect() as connection:
            there = set(connection.scalars(select(TURNOUT.c.wave)))
        # Read before: whoever holds a connection and waits for another may wait for somebody who does the same.
        places = {wave_id: self._places(wave_id) for wave_id in sorted({wave for wave, _ in taken} & there)}
        with taking_turns(self._engine, Turn.COUNTING) as connection:
            for wave_id, units in places.items():
                row = connection.execute(_COUNTED, {"of_wave": wave_id}).one_or_none()
                if row is None:
                    continue  # the wave is closed meanwhile: there is nothing to count any more
                cover = self._cover(wave_id)
                counts = self._read(wave_id, cover, row.counted, units) if row.counted else {}
                numbers = [counts.get(unit, 0) + taken[wave_id, unit] for unit in units]
                connection.execute(_COUNT, {"of_wave": wave_id, "now": cover.lock(pack(f">{len(units)}I", *numbers))})
        empty_journal(self._engine)  # on SQLite the cover lies beside it

    def _places(self, wave_id: str) -> tuple[str, ...]:
        """What is counted, in the order in which it stands in the row."""
        return (*self._units(wave_id), PAPER)

    def _read(self, wave_id: str, cover: Cover, counted: bytes, units: Sequence[str]) -> dict[str, int]:
        content = cover.unlock(counted)
        if content is None:
            assert self._covers is not None
            raise CoverMissing(wave_id, self._covers.path(wave_id))
        if len(content) == 4 * (len(units) - 1):  # of the version that did not count paper
            content += pack(">I", 0)
        return dict(zip(units, unpack(f">{len(units)}I", content), strict=True))

    def _cover(self, wave_id: str) -> Cover:
        """Read each time: 32 bytes. The box made it before anything was counted."""
        assert self._covers is not None  # only surfaces with a box count or read
        cover = self._covers.read(wave_id)
        if cover is None:
            raise CoverMissing(wave_id, self._covers.path(wave_id))
        return cover
