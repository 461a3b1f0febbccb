"""Past answers of 100,000 people to 39 questions, from the file to the release; beside another build where one is given.

LANGNGHE_BEFORE names the checkout of that build (`git worktree add /tmp/before COMMIT`). Both are started in turn, twice, by the
same Python, and the better of two counts: on a busy machine waiting is no property of a build, so processor time is given too.
"""

from __future__ import annotations

import os
import resource
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks import Row, responses_file
from benchmarks.stores import environment, new_folder
from survey.design.questionnaire_file import SHIPPED
from tests.command_line import measured
from tests.conftest import REPOSITORY

PEOPLE, TURNS = 100_000, 2


@dataclass(frozen=True)
class _Cost:
    seconds: float
    processor: float
    mebibytes: float


def rows() -> list[Row]:
    folder = new_folder()
    file = folder / "answers.csv"
    mapping, units = responses_file.write(file, PEOPLE)
    builds = [REPOSITORY, *([Path(before)] if (before := os.environ.get("LANGNGHE_BEFORE")) else [])]
    costs: dict[Path, list[_Cost]] = {build: [] for build in builds}
    for turn in range(TURNS):
        for build in builds:
            print(f"turn {turn + 1}: {build}", file=sys.stderr)
            costs[build].append(_import(build, file, mapping, units))
    best = {build: min(found, key=lambda one: one.seconds) for build, found in costs.items()}
    now = best[REPOSITORY]
    megabytes = file.stat().st_size / 1e6
    made = [
        Row(f"`langnghe import responses`: {PEOPLE:,} people, {megabytes:.0f} MB, whole command", f"{now.seconds:.1f} s"),
        Row("processor time of it", f"{now.processor:.1f} s"),
        Row("peak resident memory", f"{now.mebibytes:.0f} MiB", "< 500 MiB"),
    ]
    for build in builds[1:]:
        then = best[build]
        made += [
            Row("the build before: seconds, processor time, memory", f"{then.seconds:.1f} s, {then.processor:.1f} s, {then.mebibytes:.0f} MiB"),
            Row("times as fast as it, by the clock and by processor time",
                f"{then.seconds / now.seconds:.1f} x, {then.processor / now.processor:.1f} x", "5 x"),
        ]  # fmt: skip
    return made


def _import(build: Path, file: Path, mapping: Path, units: Path) -> _Cost:
    stores = new_folder()
    _run(build, stores, "units", "import", str(units))
    _run(build, stores, "questionnaire", "import", str(next(SHIPPED.glob("vhcs-core*.yaml"))))
    return _run(build, stores, "import", "responses", str(file), "--questionnaire", "vhcs-core", "--mapping", str(mapping))


def _run(build: Path, stores: Path, *arguments: str) -> _Cost:
    before, began = _processor(), time.perf_counter()
    given = {**os.environ, **environment(stores), "PYTHONPATH": str(build)}
    mebibytes = measured(_command(build, arguments), given)
    return _Cost(time.perf_counter() - began, _processor() - before, mebibytes)


def _command(build: Path, arguments: Sequence[str]) -> list[str]:
    return [str(build / "cli.py"), *arguments]


def _processor() -> float:
    """Of all processes that were started and have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
