"""Damaged files of every kind: 300 damages each; and the workbooks that once took minutes."""

from __future__ import annotations

import os
import time
from collections.abc import Callable

from benchmarks import Row
from benchmarks.stores import new_folder
from survey.errors import SurveyError
from survey.source import Source
from survey.tabular import read_table
from tests.damaging import attack, mutations
from tests.importers import close_world, importers, open_world
from tests.test_reading_tables import book, formatted_corner, formatted_down

TRIES = 300
SEED = 2026


def rows() -> list[Row]:
    return [*_damaged(), *_workbooks()]


def _damaged() -> list[Row]:
    world = open_world(new_folder())
    found = []
    try:
        for one in importers(world):
            one.take(one.valid)
            outcome = attack(one.name, mutations(one.valid, TRIES, SEED, one.inside), one.take, world.state)
            found.append(
                Row(
                    f"{one.name}, {outcome.tries} damages",
                    f"{outcome.read} read, {outcome.refused} refused, {len(outcome.escaped)} tracebacks, "
                    f"{outcome.written} half stored, slowest {outcome.slowest:.2f} s",
                    "no traceback, nothing half stored",
                )
            )
    finally:
        close_world(world)
    return found


def _workbooks() -> list[Row]:
    makers: dict[str, Callable[[], bytes]] = {
        "formatted down to the last cell": formatted_corner,
        "every row formatted": formatted_down,
        "one word in the last corner": lambda: book(XFD1048576="x"),
    }
    return [_workbook(name, make()) for name, make in makers.items()]


def _workbook(name: str, content: bytes) -> Row:
    """Read in a process of its own: what that took of a processor says more than the clock of a busy machine."""
    began, before = time.perf_counter(), os.times()
    try:
        said = f"{len(read_table(Source('u.xlsx', content), required=('id',)))} row"
    except SurveyError:
        said = "refused"
    took, after = time.perf_counter() - began, os.times()
    processor = sum(after[:4]) - sum(before[:4])  # ours and that of the processes we waited for
    return Row(f"workbook of {len(content) // 1024} kB, {name}", f"{said}, {took:.1f} s; {processor:.1f} s of a processor", "< 5 s")
