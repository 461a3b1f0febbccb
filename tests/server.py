"""A real server of the tests' own, and a phone-sized browser with a connection that can be cut."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psutil
from playwright.sync_api import Browser, Playwright

from tests.conftest import REPOSITORY

FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# Nothing runs long enough on a page of a test to earn what V8's two optimising compilers cost: a tenth of each page.
QUICK = "--js-flags=--no-opt --no-maglev"


@dataclass
class Server:
    base: str
    process: subprocess.Popen[bytes] | psutil.Process
    log: Path

    @property
    def port(self) -> int:
        return int(self.base.rpartition(":")[2])

    def stop(self) -> None:
        with suppress(psutil.NoSuchProcess):
            self.process.terminate()
            self.process.wait(timeout=20)

    def ended(self) -> bool:
        """No signal reaches it any more."""
        process = self.process
        return process.poll() is not None if isinstance(process, subprocess.Popen) else not process.is_running()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def start(environment: Mapping[str, str], folder: Path, port: int | None = None, tree: Path = REPOSITORY) -> Server:
    """`langnghe serve` as anybody starts it; returns when /healthz answers. `tree`: another build."""
    port = port or free_port()
    modules = os.pathsep.join([*filter(None, [environment.get("PYTHONPATH")]), str(tree)])
    command = [sys.executable, str(tree / "cli.py"), "serve", "--port", str(port)]
    return launched(command, {**environment, "PYTHONPATH": modules}, folder, port, "/healthz", tree)


def launched(
    command: list[str], environment: Mapping[str, str], folder: Path, port: int, healthy: str, place: Path | None = None
) -> Server:
    """Any server; returns when the address `healthy` says "ok". Its words are kept in `folder`; it runs in `place`, or there."""
    log = folder / f"server-{port}.log"
    with log.open("ab") as out:
        process = subprocess.Popen(command, cwd=place or folder, env={**os.environ, **environment}, stdout=out, stderr=subprocess.STDOUT)
    return once_healthy(Server(f"http://127.0.0.1:{port}", process, log), healthy)


def once_healthy(server: Server, address: str) -> Server:
    """The same when its `address` says "ok"."""
    for _attempt in range(2400):
        try:
            with urllib.request.urlopen(server.base + address, timeout=2) as answer:
                if answer.read() == b"ok":
                    return server
        except OSError:
            pass
        if server.ended():
            break
        time.sleep(0.05)
    with suppress(psutil.NoSuchProcess):
        server.process.kill()
    raise RuntimeError(server.log.read_text(errors="replace"))


def at_rest(server: Server) -> Server:
    """The same when it has done what it does beside its first answers: its pages are imported, its releases read."""
    process, quiet = psutil.Process(server.process.pid), 0
    while quiet < 3:
        before = sum(process.cpu_times()[:2])
        time.sleep(0.3)
        quiet = quiet + 1 if sum(process.cpu_times()[:2]) - before < 0.02 else 0
    return server


@contextmanager
def serving(environment: Mapping[str, str], folder: Path, tree: Path = REPOSITORY) -> Iterator[Server]:
    server = start(environment, folder, tree=tree)
    try:
        yield server
    finally:
        server.stop()


def launch(playwright: Playwright, *flags: str) -> Browser:
    """Debian's Chromium where it is installed, else Playwright's own; `flags` of it beside ours.

    In the shell without a window where there is one, as Playwright's own is: the same engine, and a fifth of the processor
    time for each new browser profile, which every test has of its own.
    """
    found = shutil.which("chromium-headless-shell") or shutil.which("chromium")
    return playwright.chromium.launch(executable_path=found, args=[*(FLAGS if found else FLAGS[1:]), *flags])
