"""Where in SQLite's file a ballot lies: in a place drawn by lot, whenever it came.

SQLite gives each new row the next free pages of the file: the place of a ballot would be its place in the queue. So a
ballot changes places with one of those before it, drawn by lot, in the transaction that stores it (the shuffle of Fisher
and Yates, from inside out): all orders are equally likely after every commit, and nobody waits for a file to be written
anew. Two copies of the file would still show who has changed places between them. So all places are drawn again soon after,
some at a time. The places themselves (the column `place`, 1, 2, 3 ... in a wave) stay where they are; ballots move.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection

from db.asked import driven

_AT_ONCE = 100  # places drawn again in one transaction: some hundredths of a second

_THERE = "SELECT 1 FROM ballot_key WHERE wave = ? AND nullifier = ?"
_LAST = "SELECT coalesce(max(place), 0) FROM ballot WHERE wave = ?"
_LYING_AT = "SELECT nullifier, ciphertext FROM ballot WHERE wave = ? AND place = ?"
_LAY = "UPDATE ballot SET nullifier = ?, ciphertext = ? WHERE wave = ? AND place = ?"
_PUT = "INSERT INTO ballot (wave, nullifier, ciphertext, place) VALUES (?, ?, ?, ?)"


class Places:
    """The places in one file. Every call is part of a transaction that writes; its caller lets one in at a time."""

    def __init__(self) -> None:
        self._left: list[tuple[str, int]] = []  # waves whose places are being drawn again, and from which place on
        self.stale = True  # ballots have come since that was begun

    def put(self, connection: Connection, row: Mapping[str, Any]) -> bool:
        """Store a ballot in a place drawn by lot, and whoever lay there in a new one. False when its key is there already."""
        wave, key, content = row["wave"], row["nullifier"], row["ciphertext"]
        run = driven(connection).execute
        if run(_THERE, (wave, key)).fetchone():
            return False
        new = self._last(connection, wave) + 1
        drawn = 1 + secrets.randbelow(new)
        run(_PUT, (wave, key, content, new))
        if drawn < new:
            before = run(_LYING_AT, (wave, drawn)).fetchone()
            run(_LAY, (key, content, wave, drawn))
            run(_LAY, (*before, wave, new))
        self.stale = True
        return True

    def draw_again(self, connection: Connection) -> bool:
        """Draw some of the places anew, all of them in turn; True while any are left."""
        if not self._left and self.stale:
            self.stale = False
            self._left = [(wave, 1) for (wave,) in driven(connection).execute("SELECT DISTINCT wave FROM ballot")]
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
        return int(driven(connection).execute(_LAST, (wave,)).fetchone()[0])

    def _exchange(self, connection: Connection, wave: str, came_from: Mapping[int, int]) -> None:
        """Lay into each place what lies in another."""
        moved = {place: other for place, other in came_from.items() if place != other}
        driver = driven(connection)
        lying = {place: driver.execute(_LYING_AT, (wave, place)).fetchone() for place in moved.values()}
        driver.executemany(_LAY, [(*lying[other], wave, place) for place, other in moved.items()])


def _drawn(first: int, end: int, last: int) -> dict[int, int]:
    """Whose content each place gets when the places from `first` to before `end` draw from themselves and all after them."""
    came_from: dict[int, int] = {}
    for place in range(first, end):
        drawn = place + secrets.randbelow(last - place + 1)
        came_from[place], came_from[drawn] = came_from.get(drawn, drawn), came_from.get(place, place)
    return came_from
