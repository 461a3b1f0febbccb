"""Replicas with a data folder each, as on two machines, on one PostgreSQL: where the cover key is, and that none outlives the wave."""

from __future__ import annotations

import json
import secrets
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from bootstrap import Settings
from pages.plain.application import COVERS_SECONDS
from survey.access import OPERATOR
from survey.collect.keys import KeyShare
from survey.design.questionnaire import Questionnaire
from tests.browser.world import WAVE, World, make_world
from tests.command_line import Line
from tests.conftest import new_databases
from tests.nursery import start
from tests.server import Server
from tests.small_world import answers


@dataclass(frozen=True)
class Machine:
    world: World
    server: Server

    @property
    def line(self) -> Line:
        return Line(Settings.read(self.world.environment))

    @property
    def keys(self) -> list[Path]:
        return list(self.world.folder.glob("phu-*.key"))

    def send(self, code: str, raw: dict[str, object], attempt: str | None = None) -> tuple[int, str]:
        """The status of the answer, and what it says."""
        form = {"code": code, "attempt": attempt or secrets.token_hex(16), "lang": "vi", **raw}
        request = urllib.request.Request(f"{self.server.base}/p/submit", json.dumps(form).encode())
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return answer.status, json.loads(answer.read())["status"]
        except urllib.error.HTTPError as refused:
            with refused:
                return refused.code, refused.read().decode()


@pytest.fixture
def machines(postgres: str, tmp_path: Path) -> Iterator[list[Machine]]:
    database, box = new_databases(postgres)
    first = make_world(tmp_path, LANGNGHE_DATABASE_URL=database, LANGNGHE_BOX_URL=box)
    worlds = [first, replace(first, folder=tmp_path / "second")]
    servers: list[Server] = []
    try:
        servers += [start(world.environment, tmp_path) for world in worlds]
        yield [Machine(world, server) for world, server in zip(worlds, servers, strict=True)]
    finally:
        for server in servers:
            server.stop()


def test_a_key_is_carried_to_the_second_machine_and_none_outlives_the_wave(
    machines: list[Machine], questionnaire: Questionnaire, tmp_path: Path
) -> None:
    first, second = machines
    codes, raw = first.world.codes["Sở A"], {"answers": answers(questionnaire)}
    attempt = secrets.token_hex(16)
    assert first.send(codes[0], dict(raw), attempt) == (200, "received")

    # The second machine takes nothing it could not give back: whoever answers is told to wait, and learns no path.
    status, said = second.send(codes[1], dict(raw))
    assert status == 503 and str(tmp_path) not in said
    with urllib.request.urlopen(f"{second.server.base}/p?code={codes[1]}", timeout=30) as page:
        assert str(tmp_path).encode() not in page.read()
    assert "not on this machine" in second.line.refused("wave", "cover", WAVE, "--out", tmp_path / "none.key")
    assert not (tmp_path / "none.key").exists() and not second.keys

    first.line.done("wave", "cover", WAVE, "--out", tmp_path / "wave.key")
    assert (tmp_path / "wave.key").stat().st_mode & 0o777 == 0o600
    (tmp_path / "other.key").write_bytes(bytes(32))
    assert "not the cover key" in second.line.refused("wave", "cover", WAVE, "--from", tmp_path / "other.key")
    assert not second.keys
    second.line.done("wave", "cover", WAVE, "--from", tmp_path / "wave.key")
    assert second.keys[0].read_bytes() == first.keys[0].read_bytes()

    # Running already: from now on it answers, and the two know of each other's codes.
    assert second.send(codes[1], dict(raw)) == (200, "received")
    assert second.send(codes[0], dict(raw), attempt) == (200, "already")
    assert second.send(codes[0], {"answers": answers(questionnaire, 1)}) == (200, "spent")
    for place, code in enumerate(codes[2:14]):
        assert machines[place % 2].send(code, dict(raw)) == (200, "received")

    services = second.world.services()
    assert services.box.count(WAVE) == 14
    services.closing.close(OPERATOR, WAVE, [KeyShare.from_bytes(first.world.share.read_bytes())])
    services.close()
    assert not second.keys
    # Closing has destroyed the key of the machine it was done on; the other one looks after its own.
    until = time.monotonic() + 3 * COVERS_SECONDS
    while first.keys and time.monotonic() < until:
        time.sleep(0.5)
    assert not first.keys
    assert first.send(codes[20], dict(raw))[1] == "closed"
