"""What a command costs before it does anything, and how long a server takes to its first answer, in turn with the build
before commands imported what they need (a work tree of that commit, the same Python and the same packages)."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from benchmarks import Row
from benchmarks.before import trees
from benchmarks.stores import environment, in_the_field
from survey.access import OPERATOR, Role
from survey.passwords import new_password
from tests.server import free_port
from tests.small_world import answers

TIMES = 3
# In a small process: one that is started counts the largest size of its starter as its own (tests.command_line).
_MEASURING = """
import json, resource, subprocess, sys, time
began = time.perf_counter()
subprocess.call(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
took, used = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
print(json.dumps([took, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024]))
"""


@dataclass(frozen=True)
class Cost:
    """Medians: seconds by the clock, seconds of a processor, MiB."""

    clock: float
    processor: float
    memory: float

    @classmethod
    def of(cls, runs: list[list[float]]) -> Cost:
        return cls(*(statistics.median(column) for column in zip(*runs, strict=True)))


def rows() -> list[Row]:
    field = in_the_field(staff=3, many=8)
    field.services.accounts.add(OPERATOR, "to.chuc", Role.ORGANIZER, new_password())
    form = field.folder / "answers.json"
    form.write_text(json.dumps({"answers": answers(field.services.design.questionnaires(OPERATOR)[0])}), encoding="utf-8")
    field.services.close()
    codes = iter([code for code, _unit in field.codes])
    asked: dict[str, tuple[Callable[[], list[str]], str]] = {
        "--version": (lambda: ["--version"], "< 0.2 s, 40 MB"),
        "--help": (lambda: ["--help"], "< 0.2 s, 40 MB"),
        "wave list": (lambda: ["wave", "list"], "< 0.7 s"),
        "wave submit": (lambda: ["wave", "submit", "bench", "--code", next(codes), "--answers", str(form)], "< 0.7 s"),
        "account list": (lambda: ["account", "list"], "< 0.7 s"),
        "check": (lambda: ["check"], "< 0.7 s"),
    }
    builds = trees()
    found = [
        _row(f"`langnghe {name}`", _in_turn(builds, lambda tree, of=of: _command(tree, of(), field.folder)), target)
        for name, (of, target) in asked.items()
    ]
    serving = _in_turn(builds, lambda tree: _first_answer(tree, field.folder))
    return [*found, _row("`langnghe serve` to the first answer of `/p`", serving, "< 3 s")]


def _in_turn(builds: dict[str, Path], measure: Callable[[Path], list[float]]) -> dict[str, Cost]:
    runs: dict[str, list[list[float]]] = {name: [] for name in builds}
    for time_round in range(TIMES + 1):
        for name, tree in builds.items():
            run = measure(tree)
            if time_round:  # the first one reads the files from the disk, and compiles them
                runs[name].append(run)
    return {name: Cost.of(measured) for name, measured in runs.items()}


def _command(tree: Path, arguments: list[str], folder: Path) -> list[float]:
    command = [sys.executable, "-c", _MEASURING, sys.executable, str(tree / "cli.py"), *arguments]
    done = subprocess.run(command, env={**os.environ, **environment(folder)}, cwd=tree, stdout=subprocess.PIPE, text=True, check=True)
    found: list[float] = json.loads(done.stdout)
    return found


def _first_answer(tree: Path, folder: Path) -> list[float]:
    """Clock and processor until `/p` has come, and the memory then."""
    port, began = free_port(), time.perf_counter()
    command = [sys.executable, str(tree / "cli.py"), "serve", "--port", str(port)]
    quiet = subprocess.DEVNULL
    server = subprocess.Popen(
        command, env={**os.environ, **environment(folder), "PYTHONPATH": str(tree)}, cwd=tree, stdout=quiet, stderr=quiet
    )
    try:
        while not _answers(f"http://127.0.0.1:{port}/p"):
            time.sleep(0.02)
        took = time.perf_counter() - began
        said = Path(f"/proc/{server.pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        pages = int(Path(f"/proc/{server.pid}/statm").read_text(encoding="ascii").split()[1])
        return [took, (int(said[11]) + int(said[12])) / os.sysconf("SC_CLK_TCK"), pages * os.sysconf("SC_PAGE_SIZE") / 2**20]
    finally:
        server.terminate()
        server.wait()


def _answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=60) as answer:
            return bool(answer.read())
    except OSError:
        return False


def _row(what: str, costs: dict[str, Cost], target: str) -> Row:
    now, before = costs["now"], costs["before"]
    figure = f"{now.clock:.2f} s, {now.processor:.2f} s of a processor, {now.memory:.0f} MiB"
    ratio = f"before {before.clock:.2f} s, {before.processor:.2f} s, {before.memory:.0f} MiB: {before.processor / now.processor:.1f} x"
    return Row(what, f"{figure} ({ratio})", target)
