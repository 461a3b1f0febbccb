"""Where in SQLite's file a ballot lies: in a place drawn by lot, whenever it came.

SQLite gives each new row the next free pages of the file: the place of a ballot would be its place in the queue. So a
ballot changes places with one of those before it, drawn by lot, in the transaction that stores it (the shuffle of Fisher
and Yates, from inside out): all orders are equally likely after every commit, and nobody waits for a file to be written
anew. Two copies of the file would still show who has changed places between them. So all places are drawn again soon after,
some at a time. The places themselves (the column `place`, 1, 2, 3 ... in a wave) stay where they are; ballots move.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection, Mapping, Sequence
from itertools import chain
from typing import Any

from sqlalchemy import Connection

from db.asked import driven

_AT_ONCE = 100  # places drawn again in one transaction: some hundredths of a second

_THERE = "SELECT nullifier FROM ballot_key WHERE wave = ? AND nullifier IN ({})"
_LAST = "SELECT coalesce(max(place), 0) FROM ballot WHERE wave = ?"
_LYING_AT = "SELECT place, nullifier, ciphertext FROM ballot WHERE wave = ? AND place IN ({})"
_LAY = """UPDATE ballot SET nullifier = moved.column2, ciphertext = moved.column3 FROM (VALUES {}) AS moved
    WHERE ballot.wave = ? AND ballot.place = moved.column1"""
_PUT = "INSERT INTO ballot (wave, nullifier, ciphertext, place) VALUES {}"


class Places:
    """The places in one file. Every call is part of a transaction that writes; its caller lets one in at a time.

    One statement for all ballots of a transaction: after each, a thread of Python's may have to wait for all the others.
    """

    def __init__(self) -> None:
        self._left: list[tuple[str, int]] = []  # waves whose places are being drawn again, and from which place on
        self.stale = True  # ballots have come since that was begun

    def put(self, connection: Connection, rows: Sequence[Mapping[str, Any]]) -> list[bool]:
        """Store ballots, each in a place drawn by lot, and whoever lies there in a new one. False for a key that is there already."""
        first: dict[tuple[str, bytes], int] = {}
        for number, row in enumerate(rows):
            first.setdefault((row["wave"], row["nullifier"]), number)
        stored = [False] * len(rows)
        for wave in {wave for wave, _key in first}:
            keys = [key for of, key in first if of == wave]
            there = {key for (key,) in _run(connection, _THERE.format(_marks("?", keys)), wave, *keys)}
            coming = [first[wave, key] for key in keys if key not in there]
            if coming:
                self._lay_down(connection, wave, [rows[number] for number in coming])
            for number in coming:
                stored[number] = True
        self.stale = self.stale or any(stored)
        return stored

    def _lay_down(self, connection: Connection, wave: str, coming: Sequence[Mapping[str, Any]]) -> None:
        last = self._last(connection, wave)
        came_from: dict[int, int] = {}
        for new in range(last + 1, last + 1 + len(coming)):
            drawn = 1 + secrets.randbelow(new)
            came_from[new], came_from[drawn] = came_from.get(drawn, drawn), new
        rows = [(wave, row["nullifier"], row["ciphertext"], place) for place, row in enumerate(coming, last + 1)]
        _run(connection, _PUT.format(_marks("(?, ?, ?, ?)", rows)), *chain(*rows))
        self._exchange(connection, wave, came_from)

    def draw_again(self, connection: Connection) -> bool:
        """Draw some of the places anew, all of them in turn; True while any are left."""
        if not self._left and self.stale:
            self.stale = False
            self._left = [(wave, 1) for (wave,) in _run(connection, "SELECT DISTINCT wave FROM ballot")]
        if self._left:
            wave, first = self._left.pop()
            last = self._last(connection, wave)
            end = min(first + _AT_ONCE, last)
            self._exchange(connection, wave, _drawn(first, end, last))
            if end < last:
                self._left.append((wave, end))
        return bool(self._left) or self.stale

    def _last(self, connection: Connection, wave: str) -> int:
        """The wave's last place; 0 without ballots."""
        return int(_run(connection, _LAST, wave)[0][0])

    def _exchange(self, connection: Connection, wave: str, came_from: Mapping[int, int]) -> None:
        """Lay into each place what lies in another."""
        moved = {place: other for place, other in came_from.items() if place != other}
        if not moved:
            return
        found = _run(connection, _LYING_AT.format(_marks("?", moved)), wave, *moved)  # who moves makes room for another: the same places
        lying = {place: ballot for place, *ballot in found}
        rows = [(place, *lying[other]) for place, other in moved.items()]
        _run(connection, _LAY.format(_marks("(?, ?, ?)", rows)), *chain(*rows), wave)


def _run(connection: Connection, statement: str, *values: object) -> list[tuple[Any, ...]]:
    return list(driven(connection).execute(statement, values))


def _marks(one: str, of: Collection[object]) -> str:
    return ", ".join([one] * len(of))


def _drawn(first: int, end: int, last: int) -> dict[int, int]:
    """Whose content each place gets when the places from `first` to before `end` draw from themselves and all after them."""
    came_from: dict[int, int] = {}
    for place in range(first, end):
        drawn = place + secrets.randbelow(last - place + 1)
        came_from[place], came_from[drawn] = came_from.get(drawn, drawn), came_from.get(place, place)
    return came_from
