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
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks import Row
from benchmarks.answer import field_of, given
from benchmarks.before import trees
from benchmarks.stores import environment
from tests.server import free_port

TIMES = 3
# In a small process: one that is started counts the largest size of its starter as its own (tests.command_line).
_MEASURING = """
import json, resource, subprocess, sys, time
began = time.perf_counter()
code = subprocess.call(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
took, used = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
print(json.dumps([code, took, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024]))
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


@dataclass(frozen=True)
class Build:
    """A build, and stores that it has made itself: an earlier one opens no later stores."""

    tree: Path
    folder: Path
    codes: Iterator[str]

    @classmethod
    def of(cls, tree: Path) -> Build:
        folder, codes = field_of(tree, staff=3)
        (folder / "answers.json").write_text(json.dumps(given()), encoding="utf-8")
        return cls(tree, folder, iter(codes))

    def submission(self) -> list[str]:
        return ["wave", "submit", "bench", "--code", next(self.codes), "--answers", str(self.folder / "answers.json")]


def rows() -> list[Row]:
    asked: dict[str, tuple[Callable[[Build], list[str]], str]] = {
        "--version": (lambda _: ["--version"], "< 0.2 s, 40 MB"),
        "--help": (lambda _: ["--help"], "< 0.2 s, 40 MB"),
        "wave list": (lambda _: ["wave", "list"], "< 0.7 s"),
        "wave submit": (Build.submission, "< 0.7 s"),
        "account list": (lambda _: ["account", "list"], "< 0.7 s"),
        "check": (lambda _: ["check"], "< 0.7 s"),
    }
    builds = {name: Build.of(tree) for name, tree in trees().items()}
    found = [
        _row(f"`langnghe {name}`", _in_turn(builds, lambda build, of=of: _command(build, of(build))), target)
        for name, (of, target) in asked.items()
    ]
    return [*found, _row("`langnghe serve` to the first answer of `/p`", _in_turn(builds, _first_answer), "< 3 s")]


def _in_turn(builds: dict[str, Build], measure: Callable[[Build], list[float]]) -> dict[str, Cost]:
    runs: dict[str, list[list[float]]] = {name: [] for name in builds}
    for time_round in range(TIMES + 1):
        for name, build in builds.items():
            run = measure(build)
            if time_round:  # the first one reads the files from the disk, and compiles them
                runs[name].append(run)
    return {name: Cost.of(measured) for name, measured in runs.items()}


def _command(build: Build, arguments: list[str]) -> list[float]:
    command = [sys.executable, "-c", _MEASURING, sys.executable, str(build.tree / "cli.py"), *arguments]
    environ = {**os.environ, **environment(build.folder)}
    done = subprocess.run(command, env=environ, cwd=build.tree, stdout=subprocess.PIPE, text=True, check=True)
    code, *found = json.loads(done.stdout)
    if code and arguments != ["check"]:  # which finds something to say of any installation of a benchmark
        raise RuntimeError(f"{build.tree}: {arguments} ended with {code}")
    return list(map(float, found))


def _first_answer(build: Build) -> list[float]:
    """Clock and processor until `/p` has come, and the memory then."""
    port, began = free_port(), time.perf_counter()
    command = [sys.executable, str(build.tree / "cli.py"), "serve", "--port", str(port)]
    quiet, environ = subprocess.DEVNULL, {**os.environ, **environment(build.folder), "PYTHONPATH": str(build.tree)}
    server = subprocess.Popen(command, env=environ, cwd=build.tree, stdout=quiet, stderr=quiet)
    try:
        while not _answers(f"http://127.0.0.1:{port}/p"):
            if server.poll() is not None:
                raise RuntimeError(f"{build.tree}: serve ended with {server.returncode}")
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
