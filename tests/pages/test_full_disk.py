"""A full disk, asked of every surface's own route with all that stands around it: whoever watches is told before an answer is lost."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from dataclasses import dataclass, replace

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from bootstrap import Services, Surface, build_surface
from db import stores
from pages.navigation.catalogue import paths
from pages.plain.application import parts
from survey.access import OPERATOR
from survey.settings import SURFACES
from tests.publish.test_boxes import full
from tests.small_world import answers, open_wave

OK, NO_ROOM = (200, "ok"), (503, "no room on disk")


@dataclass(frozen=True)
class Asked:
    surface: Surface
    client: TestClient

    def health(self) -> tuple[int, str]:
        answer = self.client.get("/healthz")
        assert answer.headers["cache-control"] == "no-store"
        return answer.status_code, answer.text


@pytest.fixture
def asked(request: pytest.FixtureRequest, sqlite_services: Services) -> Iterator[Asked]:
    """The application of one surface, as it is served, over the stores of `sqlite_services`."""
    served = build_surface(replace(sqlite_services.settings, surface=request.param))
    made = parts(lambda: served, *paths(request.param))
    yield Asked(served, TestClient(Starlette(routes=made["routes"], middleware=made["middleware"])))
    served.close()


@pytest.mark.parametrize("asked", SURFACES, indirect=True)
def test_healthz_says_that_there_is_no_room_and_that_there_is_again(asked: Asked, monkeypatch: pytest.MonkeyPatch) -> None:
    assert asked.health() == OK
    with monkeypatch.context() as fuller:
        fuller.setattr(stores, "NONE", 10**18)  # as if the disk had shrunk
        assert asked.health() == NO_ROOM
    assert asked.health() == OK


@pytest.mark.parametrize("asked", ["all", "respond"], indirect=True)
def test_an_answer_that_finds_no_room_turns_healthz_over_until_one_is_taken(asked: Asked, sqlite_services: Services) -> None:
    """The file may not grow although the disk has room: a quota."""
    services = sqlite_services
    _wave, codes, _shares = open_wave(services, today=services.clock.today())
    questionnaire = services.design.questionnaires(OPERATOR)[0]

    def send(code: str) -> tuple[int, str]:
        sent = {"code": code, "attempt": secrets.token_hex(16), "answers": answers(questionnaire), "lang": "vi"}
        answer = asked.client.post("/p/submit", json=sent, headers={"Origin": "http://testserver"})
        return answer.status_code, answer.json()["status"]

    waiting = [*codes["Sở A"], *codes["Sở B"]]
    with full(asked.surface.engines[1]):
        while (said := send(waiting.pop()))[1] == "received":
            assert asked.health() == OK
        assert said[1] == "busy" and asked.health() == NO_ROOM
    assert send(waiting.pop())[1] == "received" and asked.health() == OK
