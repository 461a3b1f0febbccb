"""Without nginx in front: heads of requests that come slowly or without end, and people who do not read what they asked for."""

from __future__ import annotations

import http.client
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
import pytest
import streamlit

from pages.plain import patience
from pages.plain.patience import HEAD_BYTES
from tests.nursery import serving
from tests.server import Server, at_rest, free_port

HEAD = b"GET /p HTTP/1.1\r\nHost: x\r\nX-Word: "
HEAD_SECONDS, UNREAD_SECONDS = 3, 6  # of the server under test: the same waiting, a fifth as long
LONG = 8 * HEAD_SECONDS  # whoever is still connected then is kept for ever
LARGEST = max((Path(streamlit.__file__).parent / "static/static/js").iterdir(), key=lambda file: file.stat().st_size)  # 4.7 MB


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("slow")
    shorter = f"from pages.plain import patience\n\npatience.HEAD_SECONDS, patience.UNREAD_SECONDS = {HEAD_SECONDS}, {UNREAD_SECONDS}\n"
    (folder / "sitecustomize.py").write_text(shorter)  # what Python reads first
    with serving({"LANGNGHE_DATA_DIR": str(folder / "stores"), "PYTHONPATH": str(folder)}, folder) as running:
        yield at_rest(running)


def dripping(port: int, first: bytes, drop: bytes, seconds: float = LONG) -> bytes | None:
    """Send `first`, then `drop` every second; what is said when the server has had enough, None when it never has."""
    with socket.create_connection(("127.0.0.1", port), timeout=1) as line:
        line.sendall(first)
        ends = time.monotonic() + seconds
        while time.monotonic() < ends:
            try:
                return line.recv(1000)
            except TimeoutError:
                line.sendall(drop)
            except ConnectionError:
                return b""
    return None


ATTACKS = (
    (b"", b""), (b"GET", b""), (HEAD, b"a"), (HEAD, b"a\r\nX-Word: "), (b"GET /", b"a"), (b"POST /p/submit HTTP/1.1\r\n", b"A: b\r\n")
)  # fmt: skip


def test_people_on_slow_lines_are_given_longer_than_this_server_gives() -> None:
    assert (patience.HEAD_SECONDS, patience.UNREAD_SECONDS) == (15, 30)


def test_a_head_that_does_not_come_to_its_end_is_given_up(server: Server) -> None:
    with ThreadPoolExecutor(len(ATTACKS)) as together:
        said = list(together.map(lambda attack: dripping(server.port, *attack), ATTACKS))
    assert said[0] == b""  # nothing was asked, nothing is said
    for attack, answer in zip(ATTACKS[1:], said[1:], strict=True):
        assert answer is not None and b" 408 " in answer, attack


def test_the_same_drops_are_waited_for_by_uvicorn_alone(tmp_path: Path) -> None:
    port = free_port()
    program = f"import uvicorn\nasync def app(*asgi): pass\nuvicorn.run(app, port={port}, lifespan='off', log_level='error')"
    process = subprocess.Popen([sys.executable, "-c", program])
    try:
        while True:
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                break
            except OSError:
                time.sleep(0.2)
        assert dripping(port, HEAD, b"a", 2 * HEAD_SECONDS) is None
    finally:
        process.terminate()
        process.wait(timeout=20)


@pytest.mark.parametrize("piece", [b"a" * 10_000, b"a\r\nX-Word: " * 1_000], ids=["one long line", "many lines"])
def test_a_head_without_end_is_cut_off_and_not_kept(server: Server, piece: bytes) -> None:
    process = psutil.Process(server.process.pid)
    before = process.memory_info().rss
    with socket.create_connection(("127.0.0.1", server.port), timeout=30) as line, pytest.raises(ConnectionError):
        line.sendall(HEAD)
        for _ in range(10_000):
            line.sendall(piece)
    assert process.memory_info().rss - before < 20 * 1024 * 1024


def test_a_long_head_within_the_bound_and_a_slow_but_honest_one_are_answered(server: Server) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
    for _ in range(3):  # on one connection
        connection.request("GET", "/healthz", headers={"Cookie": "a=" + "b" * (HEAD_BYTES - 2_000)})
        answer = connection.getresponse()
        assert (answer.status, answer.read()) == (200, b"ok")
    connection.close()
    with socket.create_connection(("127.0.0.1", server.port), timeout=60) as line:
        for piece in (b"GET /healthz HT", b"TP/1.1\r\nHo", b"st: x\r\n", b"\r\n"):
            line.sendall(piece)
            time.sleep(0.2 * HEAD_SECONDS)
        assert re.match(rb"HTTP/1.1 200 OK", line.recv(1000))


def fetching(server: Server, first_pause: float, pause: float) -> int:
    """Bytes of the largest script that arrive at somebody who waits before he begins to read, and between two pieces."""
    line = socket.socket()
    line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 128 * 1024)
    line.settimeout(LONG)
    with line:
        line.connect(("127.0.0.1", server.port))
        line.sendall(f"GET /static/js/{LARGEST.name} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
        came = 0
        time.sleep(first_pause)
        while True:
            try:
                got = len(line.recv(100_000))
            except ConnectionError:
                return came
            if not got:
                return came
            came += got
            time.sleep(pause)


def test_a_short_answer_comes_in_one_packet(server: Server) -> None:
    with socket.create_connection(("127.0.0.1", server.port), timeout=20) as line:
        for _again in range(3):
            line.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
            head, _between, body = line.recv(100_000).partition(b"\r\n\r\n")
            assert head.startswith(b"HTTP/1.1 200") and body == b"ok"


def test_who_does_not_read_is_let_go_and_who_reads_slowly_gets_everything(server: Server) -> None:
    size = LARGEST.stat().st_size
    with ThreadPoolExecutor(2) as together:
        never = together.submit(fetching, server, 2.5 * UNREAD_SECONDS, 0)
        slowly = together.submit(fetching, server, 1, 0.2)
        assert slowly.result() > size
        assert never.result() < size
