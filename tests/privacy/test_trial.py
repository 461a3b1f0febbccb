"""A form tried out with a test code: the real pages, and not a byte stored."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from bootstrap import Services
from pages.plain import respondent
from survey.access import OPERATOR, Role, Viewer
from survey.collect import slips, trial
from survey.design.wave import WaveState
from survey.errors import NotAllowed, SurveyError
from tests.small_world import TODAY, answers, draft_wave, open_wave, settle

Sent = Mapping[str, Any]


def bytes_of(services: Services) -> dict[str, str]:
    """Every file of the stores by its fingerprint, but for SQLite's index of the journal: readers leave their marks there."""
    services.waves.counting.rest()
    folder = services.settings.data_dir
    return {
        str(path): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.suffix != ".db-shm"
    }


def client_of(services: Services, monkeypatch: pytest.MonkeyPatch) -> TestClient:
    monkeypatch.setattr(type(services.clock), "today", lambda _clock: TODAY)
    return TestClient(Starlette(routes=respondent.routes(lambda: services)))


def walked(client: TestClient, code: str, given: Sent) -> dict[str, Any]:
    """As a phone does it: the page of the QR code, the form behind the code, the ballot sent twice."""
    assert client.get("/p", params={"code": code}).status_code == 200
    form = client.post("/p/open", json={"code": code, "lang": "vi"}).json()
    ballot = {"code": code, "attempt": "ab" * 16, "lang": "vi", **given}
    sent = [client.post("/p/submit", json=ballot).json() for _ in range(2)]
    assert sent[0]["status"] in ("received", "closed", "unknown")
    return {**form, "sent": sent}


def test_a_trial_leaves_every_store_as_it_was_byte_for_byte(sqlite_services: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    services = sqlite_services
    client = client_of(services, monkeypatch)
    _wave, codes, _shares = open_wave(services, "2025")
    draft_wave(services, "2026")
    questionnaire = services.design.questionnaires(OPERATOR)[0]
    given = {"answers": answers(questionnaire), "comments": {questionnaire.open_questions[0].id: "thử"}, "breakdowns": {}}
    before = bytes_of(services)
    for code in (
        services.trials.of_wave(OPERATOR, "2026", TODAY),
        services.trials.of_questionnaire(OPERATOR, questionnaire.id, questionnaire.version, TODAY),
        services.trials.of_unsaved(OPERATOR, questionnaire),
    ):
        found = walked(client, code, given)
        assert found["form"]["trial"] is True
        assert found["sent"] == [{"status": "received", "trial": True, "receipt": "", "message": ""}] * 2
        assert bytes_of(services) == before
    # What the comparison is worth: one real form, and it is seen.
    real = walked(client, codes["Sở A"][0], given)
    assert not real["form"]["trial"] and [one["status"] for one in real["sent"]] == ["received", "already"]
    assert bytes_of(services) != before


def test_a_test_code_answers_no_real_wave_and_ends_when_its_own_begins(sqlite_services: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    services = sqlite_services
    client = client_of(services, monkeypatch)
    codes = draft_wave(services)
    code = services.trials.of_wave(OPERATOR, "2026", TODAY)
    assert all(code not in of_unit for of_unit in codes.values())
    services.fieldwork.open_wave(OPERATOR, "2026")
    before = bytes_of(services)
    for path in ("/p/open", "/p/submit"):
        said = client.post(path, json={"code": code, "attempt": "ab" * 16, "answers": {}, "lang": "en"}).json()
        assert "survey has begun" in str(said), said
    with pytest.raises(slips.CodeUnknown):
        services.collect.submit(code, {}, TODAY, "ab" * 16)
    with pytest.raises(SurveyError, match="Only a draft"):
        services.trials.of_wave(OPERATOR, "2026", TODAY)
    assert bytes_of(services) == before
    assert services.design.wave(OPERATOR, "2026").state is WaveState.OPEN


def test_a_trial_is_checked_like_an_answer_and_never_shown_as_one(sqlite_services: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    services = sqlite_services
    client = client_of(services, monkeypatch)
    draft_wave(services)
    code = services.trials.of_wave(OPERATOR, "2026", TODAY)
    item = services.design.questionnaires(OPERATOR)[0].items[0].id
    said = client.post("/p/submit", json={"code": code, "answers": {item: 77}, "lang": "en"}).json()
    assert said["status"] == "rejected" and list(said["errors"]) == [item]
    # A slip of the draft is refused until the wave opens, with or without a trial beside it.
    slip = client.post("/p/open", json={"code": draft_slip(services), "lang": "en"}).json()
    assert "not open yet" in slip["error"]["message"]


def draft_slip(services: Services) -> str:
    return next(slip.code for slip in services.fieldwork.extra_codes(OPERATOR, "2026", "t.a", 1))


def test_a_test_code_is_good_for_a_week_and_for_one_server(sqlite_services: Services) -> None:
    settle(sqlite_services)
    one = sqlite_services.design.questionnaires(OPERATOR)[0]
    trials = sqlite_services.trials
    code = trials.of_questionnaire(OPERATOR, one.id, one.version, TODAY)
    assert slips.normalise(slips.in_groups(code).lower()) == code == trials.of_questionnaire(OPERATOR, one.id, one.version, TODAY)
    assert trials.find(code, TODAY + timedelta(days=trial.DAYS - 1)) is not None
    assert trials.find(code, TODAY + timedelta(days=trial.DAYS)) is None
    assert trial.Trials(sqlite_services.waves, "another secret").find(code, TODAY) is None
    assert trials.find(slips.new_code(), TODAY) is None and trials.find("", TODAY) is None


def test_only_an_organizer_makes_test_codes_and_few_unsaved_ones_are_kept(sqlite_services: Services) -> None:
    draft_wave(sqlite_services)
    one = sqlite_services.design.questionnaires(OPERATOR)[0]
    trials = sqlite_services.trials
    for viewer in (None, Viewer(name="l", role=Role.LEADER)):
        for act in (
            lambda viewer=viewer: trials.of_wave(viewer, "2026", TODAY),
            lambda viewer=viewer: trials.of_questionnaire(viewer, one.id, one.version, TODAY),
            lambda viewer=viewer: trials.of_unsaved(viewer, one),
        ):
            with pytest.raises(NotAllowed):
                act()
    codes = [trials.of_unsaved(OPERATOR, one) for _ in range(trial.KEPT + 1)]
    assert trials.find(codes[0], TODAY) is None and trials.find(codes[-1], TODAY) is not None
    assert trials.of_unsaved(OPERATOR, one, codes[-1]) == codes[-1]


def test_only_the_page_of_a_trial_may_stand_in_a_frame(sqlite_services: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    from pages.plain.headers import _policy

    assert "frame-ancestors 'self'" in _policy("/p/preview")
    for path in ("/p", "/p/", "/p/open", "/p/previews", "/i", "/p/preview/"):
        assert "frame-ancestors 'none'" in _policy(path)
    services = sqlite_services
    client = client_of(services, monkeypatch)
    _wave, codes, _shares = open_wave(services)
    framed = client.get("/p/preview", params={"code": codes["Sở A"][0], "lang": "en"}).text
    assert '"form": null' in framed and "preview has ended" in framed  # a real code opens nothing there
    one = services.design.questionnaires(OPERATOR)[0]
    code = services.trials.of_unsaved(OPERATOR, one)
    assert '"trial": true' in client.get("/p/preview", params={"code": code}).text
