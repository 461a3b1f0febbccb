"""Servers for tests that are not about starting one: `langnghe serve` in a copy of a process that has imported its modules.

Of the 3.3 seconds of processor that a server takes until it rests, most go to the same imports each time. One process makes
them, serves nobody, and is copied (fork) for each server. A copy runs cli.py from its first line, with an environment, a
folder and a log of its own; what is made of settings (`app`, the services) nobody has made before it.
"""

from __future__ import annotations

import atexit
import gc
import json
import os
import runpy
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from importlib import import_module
from pathlib import Path
from threading import Lock
from typing import Any

import psutil

from tests.conftest import REPOSITORY
from tests.server import Server, free_port, once_healthy

MODULES = (
    "commands.serving", "db.box", "db.cover_copies", "db.installation", "db.registry", "db.releases", "pages.plain.application",
    "pages.plain.patience", "pages.plain.reading_ahead", "streamlit.web.cli", "streamlit.web.server.starlette.starlette_agent_routes",
    "streamlit.web.server.starlette.starlette_app", "survey.disclose.large", "survey.disclose.superseded", "uvicorn.lifespan.on",
    "uvicorn.protocols.websockets.websockets_sansio_impl", "uvloop",
)  # fmt: skip

_one_at_a_time = Lock()


@contextmanager
def serving(environment: Mapping[str, str], folder: Path) -> Iterator[Server]:
    """As tests.server.serving."""
    server = start(environment, folder)
    try:
        yield server
    finally:
        server.stop()


def start(environment: Mapping[str, str], folder: Path, port: int | None = None) -> Server:
    """As tests.server.start: returns when /healthz answers."""
    port = port or free_port()
    log = folder / f"server-{port}.log"
    asked = {"environment": {**os.environ, **environment}, "log": str(log), "arguments": ["serve", "--port", str(port)]}
    with _one_at_a_time:
        nursery = _nursery()
        assert nursery.stdin and nursery.stdout
        nursery.stdin.write(json.dumps(asked) + "\n")
        nursery.stdin.flush()
        born = int(nursery.stdout.readline())
    try:
        return once_healthy(Server(f"http://127.0.0.1:{port}", psutil.Process(born), log), "/healthz")
    except psutil.NoSuchProcess:  # it has ended already
        raise RuntimeError(log.read_text(encoding="utf-8", errors="replace")) from None


@cache
def _nursery() -> subprocess.Popen[str]:
    """One for each process of the tests; it ends with it."""
    program = [sys.executable, "-m", "tests.nursery"]
    process = subprocess.Popen(program, cwd=REPOSITORY, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    atexit.register(process.communicate)
    return process


def _import() -> None:
    """What a server has imported when it rests."""
    from streamlit.components.v2 import manifest_scanner

    import bootstrap
    from pages.navigation.catalogue import ahead

    for module in MODULES:
        import_module(module)
    for load in ahead("all"):
        load()
    # The metadata of every installed package, which it looks for component files in: found once (as tests.conftest.paid_once).
    manifest_scanner.scan_component_manifests = cache(manifest_scanner.scan_component_manifests)
    manifest_scanner.scan_component_manifests()
    if "app" in sys.modules or bootstrap._running.cache_info().currsize:
        raise RuntimeError("an import has made what only a server with its settings may make")


def _become(asked: dict[str, Any]) -> None:
    """This copy is the server that was asked for, until it ends."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.environ.clear()
    os.environ.update(asked["environment"])
    tempfile.tempdir = None
    nothing, log = os.open(os.devnull, os.O_RDONLY), os.open(asked["log"], os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
    for ours, theirs in ((nothing, 0), (log, 1), (log, 2)):
        os.dup2(ours, theirs)
    for place in asked["environment"].get("PYTHONPATH", "").split(os.pathsep):
        if place and (first := Path(place, "sitecustomize.py")).exists():  # what Python reads first
            runpy.run_path(str(first))
    sys.argv = [str(REPOSITORY / "cli.py"), *asked["arguments"]]
    runpy.run_path(sys.argv[0], run_name="__main__")


def main() -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for those that have ended
    gc.disable()  # what is imported stays
    _import()
    gc.freeze()  # what is shared with the copies is not touched in each of them
    gc.set_threshold(20_000, 20, 100)  # as in the tests (tests.conftest)
    gc.enable()
    for line in sys.stdin:
        born = os.fork()
        if not born:
            _become(json.loads(line))
            return
        print(born, flush=True)


if __name__ == "__main__":
    main()
