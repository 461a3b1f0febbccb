"""The day of the survey is the province's day, whatever zone the server is set to."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from bootstrap import Services, Settings
from pages.plain.invitation import open_invitation
from pages.plain.respondent import open_form, submit
from survey.clock import Clock
from survey.errors import SurveyError
from survey.i18n import Locale
from tests.small_world import answers, open_wave

TODAY = date(2026, 3, 15)  # the wave of the tests runs from the 12th to the 22nd
VI = Locale("vi")


def at(services: Services, moment: str) -> Services:
    """The same services at that moment of the world's clock."""
    seconds = datetime.fromisoformat(moment).replace(tzinfo=UTC).timestamp()
    return replace(services, clock=replace(services.clock, seconds=lambda: seconds))


@pytest.fixture(params=["UTC", "America/Los_Angeles", "Pacific/Kiritimati"])
def server_zone(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setenv("TZ", request.param)
    time.tzset()
    yield request.param
    monkeypatch.undo()
    time.tzset()


@pytest.mark.parametrize(
    ("moment", "said"),
    [
        ("2026-03-11T16:59:59", "closed"),  # 23:59:59 of the 11th in the province
        ("2026-03-11T17:00:00", "open"),  # its midnight
        ("2026-03-22T16:59:59", "open"),  # the last second of the last day
        ("2026-03-22T17:00:00", "closed"),
    ],
)
def test_a_wave_opens_and_closes_at_the_midnight_of_the_province(
    sqlite_services: Services, server_zone: str, moment: str, said: str
) -> None:
    _wave, codes, _shares = open_wave(sqlite_services, today=TODAY)
    code = codes["Sở A"][0]
    there = at(sqlite_services, moment)
    found = open_form(there, {"code": code}, VI)
    assert found.get("error", {"status": "open"})["status"] == said
    questionnaire = sqlite_services.collect.open(code, TODAY).questionnaire
    sent = submit(there, {"code": code, "attempt": "ab" * 16, "answers": answers(questionnaire)}, VI)
    assert sent["status"] == ("received" if said == "open" else said)
    assert "error" in open_invitation(there, {"token": "none"}, VI)


def test_another_province_names_its_own_zone_and_a_wrong_name_is_refused() -> None:
    midnight = datetime(2026, 3, 14, 17, tzinfo=UTC).timestamp()
    days = {zone: replace(Clock.of(zone), seconds=lambda: midnight).today().day for zone in ("Asia/Ho_Chi_Minh", "UTC")}
    assert days == {"Asia/Ho_Chi_Minh": 15, "UTC": 14}
    assert Settings.read({}).timezone == "Asia/Ho_Chi_Minh"
    for wrong in ("Hanoi", "", "../etc/passwd", "Asia", "GMT+7 giờ"):
        with pytest.raises(SurveyError, match="Asia/Ho_Chi_Minh"):
            Clock.of(wrong)
