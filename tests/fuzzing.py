"""Bodies somebody might send instead of the right one: seeded changes of right ones, and what is known to break readers."""

from __future__ import annotations

import http.client
import json
import random
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import psutil

from tests.server import Server

HOSTILE = (
    b"", b"null", b"[]", b"0", b'"x"', b"{", b"\xff\xfe", b"\xef\xbb\xbf{}", b"[" * 60_000, b'{"a":' * 10_000, b"{}" * 20_000,
    b'{"code":"\\ud800"}', b'{"\\udfff":1}', b'{"lang":"\\ud83d"}', b'{"code":NaN}', b'{"code":1e999}', b'{"code":' + b"9" * 5000 + b"}",
    b'{"code":"\\u0000"}', b'{"code":"' + b"A" * 60_000 + b'"}', b'{"answers":{"KC1":' + b"9" * 400 + b"}}",
)  # fmt: skip
VALUES: tuple[Any, ...] = (
    None, True, False, 0, -1, 1.5, 10**400, -(10**30), "", "\0", "x" * 5000, "../../etc/passwd", "<b>", "\u202e", "\ud7ff", [], {}, [[]],
    [None] * 50, {"": ""}, {"a": {"b": {"c": {}}}}, "vi", "0" * 128, "zz", float("1e300"),
)  # fmt: skip


def bodies(right: dict[str, Any], count: int, seed: int) -> Iterator[bytes]:
    """`count` bodies, the same for the same seed: the hostile ones, then changes of the right one."""
    yield from HOSTILE[:count]
    chance = random.Random(seed)
    for _ in range(count - len(HOSTILE)):
        yield _bytes_changed(json.dumps(_changed(right, chance)).encode(), chance)


def _changed(value: Any, chance: random.Random) -> Any:
    """The same with one to three values somewhere exchanged, left out or added."""
    made = json.loads(json.dumps(value))
    for _ in range(chance.randint(1, 3)):
        place: Any = made
        while isinstance(place, dict) and place:
            name = chance.choice(list(place))
            if isinstance(place[name], dict) and place[name] and chance.random() < 0.7:
                place = place[name]
                continue
            deed = chance.random()
            if deed < 0.2:
                del place[name]
            elif deed < 0.3:
                place["x" * chance.randint(0, 300)] = chance.choice(VALUES)
            else:
                place[name] = chance.choice(VALUES)
            break
    return made


def _bytes_changed(body: bytes, chance: random.Random) -> bytes:
    if chance.random() < 0.6 or not body:
        return body
    at = chance.randrange(len(body))
    return chance.choice(
        (body[:at], body[:at] + bytes([chance.randrange(256)]) + body[at + 1 :], body[at:], body[:at] + body, body.replace(b'"', b"'"))
    )


# Every POST route of the application

LONGEST = 5.0  # seconds for one answer
GROWTH = 150 * 1024 * 1024  # bytes a server may grow by, over all of it


@dataclass(frozen=True)
class Target:
    """A route and a right body for it; `text`: the body is one word, not JSON."""

    path: str
    right: dict[str, Any]
    text: bool = False


def targets(code: str, answers: dict[str, int]) -> list[Target]:
    credential = {"wave": "2026", "unit": "t.a", "message": "ab" * 64, "signature": "cd" * 384}
    ballot = {"attempt": "ab" * 16, "lang": "vi", "answers": answers, "comments": {"C1": "x"}, "breakdowns": {"gender": "f"}}
    return [
        Target("/p/open", {"code": code, "lang": "vi"}),
        Target("/p/submit", {"code": code, **ballot}),
        Target("/p/submit", {"credential": credential, **ballot}),
        Target("/p/open", {"credential": credential, "lang": "en"}),
        Target("/i/open", {"token": "A" * 43, "lang": "vi"}),
        Target("/i/collect", {"token": "A" * 43, "blinded": "ab" * 384, "lang": "vi"}),
        Target("/session/open", {"ticket": "A" * 43}, text=True),
        Target("/session/close", {"ticket": "A" * 43}, text=True),
    ]


@dataclass(frozen=True)
class Findings:
    """What went wrong, one line each, and how many bodies were sent."""

    sent: int
    wrong: list[str]
    slowest: float
    grown: int


def post_all(server: Server, routes: list[Target], count: int, seed: int = 1) -> Findings:
    """Send `count` bodies to each route of a running server and look at every answer, at its log and at its memory."""
    process = psutil.Process(server.process.pid)
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
    before, slowest, sent, wrong = process.memory_info().rss, 0.0, 0, []
    for target in routes:
        for body in bodies(target.right, count, seed):
            began = time.perf_counter()
            connection.request("POST", target.path, body, {"Content-Type": "application/json", "Origin": server.base})
            answer = connection.getresponse()
            content = answer.read()
            slowest, sent = max(slowest, time.perf_counter() - began), sent + 1
            if answer.status >= 500 or b"Traceback" in content or (answer.status >= 400 and len(content) < 5):
                wrong.append(f"{target.path} {answer.status} {content[:60]!r} to {body[:80]!r}")
    connection.close()
    if b"Traceback" in server.log.read_bytes():
        wrong.append("a traceback in the log")
    return Findings(sent, wrong, slowest, process.memory_info().rss - before)
