"""Answers through /p/submit of a real server: 8 clients that keep their connections, SQLite, durable commits."""

from __future__ import annotations

import http.client
import json
import queue
import secrets
import sqlite3
import threading
import time
from collections.abc import Callable
from pathlib import Path

import psutil

from benchmarks import Row
from benchmarks.stores import environment, in_the_field
from survey.demonstration.answers import simulate
from survey.design.questionnaire_file import shipped_questionnaires
from tests.server import serving

CLIENTS = 8
WARM_UP = 200
COUNT = 4000


def rows() -> list[Row]:
    field = in_the_field(staff=60)
    bodies = forms(field.codes, field.wave.plan)
    field.services.close()
    with serving(environment(field.folder), field.folder) as server:
        process = psutil.Process(server.process.pid)
        send(server.base, bodies[:WARM_UP])
        before = process.cpu_times()
        began = time.perf_counter()
        times = send(server.base, bodies[WARM_UP : WARM_UP + COUNT])
        seconds = time.perf_counter() - began
        after = process.cpu_times()
    cpu = (after.user - before.user + after.system - before.system) / COUNT
    rate = COUNT / seconds
    bare = bare_commits(field.folder)
    times.sort()
    return [
        Row(f"answers taken per second, {CLIENTS} clients", f"{rate:.0f} /s", "> 300 /s"),
        Row("against bare SQLite commits of one such ballot, same disk and settings", f"{rate / bare:.2f} x ({bare:.0f} /s)"),
        Row("server CPU per completed answer", f"{1000 * cpu:.2f} ms"),
        Row(
            "time to the receipt, median / 99th percentile",
            f"{1000 * times[len(times) // 2]:.0f} / {1000 * times[len(times) * 99 // 100]:.0f} ms",
        ),
    ]


def forms(codes: list[tuple[str, str]], plan: object) -> list[bytes]:
    """One whole form for each of the first codes, as the browser sends it."""
    responses = simulate(shipped_questionnaires()[0], plan, 2025.0, seed=3)  # type: ignore[arg-type]
    answered = zip(codes, responses * 2, strict=False)
    return [
        json.dumps(
            {
                "code": code, "attempt": secrets.token_hex(16), "lang": "vi",
                "answers": response.answers, "comments": response.comments, "breakdowns": response.breakdowns,
            }
        ).encode()
        for (code, _unit), response in answered
    ][: WARM_UP + COUNT]  # fmt: skip


def send(base: str, bodies: list[bytes]) -> list[float]:
    """Send all; seconds each took. Anything but "received" is an error."""
    times: list[float] = []

    def one(connection: http.client.HTTPConnection, body: bytes) -> None:
        began = time.perf_counter()
        connection.request("POST", "/p/submit", body, {"Content-Type": "application/json"})
        answer = connection.getresponse().read()
        times.append(time.perf_counter() - began)
        if b'"received"' not in answer:
            raise RuntimeError(f"refused: {answer!r}")

    every(bodies, base, one)
    return times


def every(forms: list[bytes], base: str, what: Callable[[http.client.HTTPConnection, bytes], None]) -> None:
    """Done once with each form, by some clients at once. A failure of one is raised."""
    waiting: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
    for form in [*forms, *[None] * CLIENTS]:
        waiting.put(form)
    failed: list[Exception] = []

    def client() -> None:
        line = http.client.HTTPConnection(base.removeprefix("http://"))
        try:
            while (form := waiting.get()) is not None:
                what(line, form)
        except (OSError, RuntimeError, http.client.HTTPException) as error:
            failed.append(error)
        line.close()

    clients = [threading.Thread(target=client) for _ in range(CLIENTS)]
    for one in clients:
        one.start()
    for one in clients:
        one.join()
    if failed:
        raise failed[0]


def bare_commits(folder: Path, count: int = 500) -> float:
    """Commits per second of one writer that does nothing else, with the box's settings."""
    with sqlite3.connect(folder / "bare.db", isolation_level=None) as database:
        database.execute("PRAGMA journal_mode=DELETE")
        database.execute("PRAGMA synchronous=FULL")
        database.execute("PRAGMA secure_delete=ON")
        database.execute("CREATE TABLE ballot (nullifier BLOB PRIMARY KEY, ciphertext BLOB) WITHOUT ROWID")
        began = time.perf_counter()
        for _ in range(count):
            database.execute("INSERT INTO ballot VALUES (?, ?)", (secrets.token_bytes(32), secrets.token_bytes(8192)))
        return count / (time.perf_counter() - began)
