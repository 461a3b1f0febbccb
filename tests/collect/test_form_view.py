"""What a respondent is told before sending: what is stored, where, until when, and who sees what from how many people on."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bootstrap import Services, Settings
from survey.collect.form.view import configuration, form_view
from survey.i18n import Locale
from tests.small_world import TODAY, open_wave


def told(services: Services, shares: int, language: str = "en") -> tuple[list[str], list[str]]:
    """The lines of the introduction and of the page before sending."""
    _wave, codes, _shares = open_wave(services, shares=shares)
    view = form_view(services.collect.open(codes["Sở A"][0], TODAY), services.policy, Locale(language))
    return view["who_sees"], view["stored"]["lines"]


def test_before_sending_everything_is_said_with_the_numbers_of_the_policy(sqlite_services: Services) -> None:
    _who, stored = told(sqlite_services, 3)
    text, policy = "\n".join(stored), sqlite_services.policy
    for said in (
        "exactly what is shown below", "on the server of the survey", "2 of 3 custodians", "No list holds codes together with names", "network address",
        "22/03/2026", "destroyed", "public list", "neither found nor deleted", "Nobody sees a single form",
        f"from {policy.unit} forms", f"from {policy.item} answers", f"with {policy.breakdown_unit} forms or more", f"and {policy.category} in each",
        f"from {policy.comments_respondents} forms, at least {policy.comments} of them",
    ):  # fmt: skip
        assert said in text, said


@pytest.mark.parametrize("shares", [1, 3])
def test_one_person_with_the_whole_key_is_named_before_the_first_question_and_before_sending(
    sqlite_services: Services, shares: int
) -> None:
    who, stored = told(sqlite_services, shares)
    warned = [any("one person alone holds the key" in line for line in lines) for lines in (who, stored)]
    assert warned == [shares == 1] * 2


def test_the_plan_raises_the_numbers_a_respondent_reads(sqlite_services: Services) -> None:
    _wave, codes, _shares = open_wave(sqlite_services)
    opened = sqlite_services.collect.open(codes["Sở A"][0], TODAY)
    raised = replace(opened, wave=replace(opened.wave, plan=replace(opened.wave.plan, minimum_base={"unit": 25})))
    assert any("from 25 forms" in line for line in form_view(raised, sqlite_services.policy, Locale("en"))["stored"]["lines"])


def test_the_introduction_says_what_is_asked_and_why_by_document(sqlite_services: Services) -> None:
    _wave, codes, _shares = open_wave(sqlite_services, shares=3)
    opened = sqlite_services.collect.open(codes["Sở A"][0], TODAY)
    found = form_view(opened, sqlite_services.policy, Locale("vi"))["criteria"]
    assert [len(one["lines"]) for one in found] == [23, 1, 3]
    assert "Kế hoạch số 363" in found[0]["document"] and "26/7/2016" in found[1]["document"]
    assert found[2]["lines"] == ["Đơn giản hơn", "Đúng hẹn hơn", "Thân thiện hơn"]
    bare = replace(opened, questionnaire=replace(opened.questionnaire, items=opened.questionnaire.items[:3]))
    assert form_view(bare, sqlite_services.policy, Locale("vi"))["criteria"] == [
        {"document": found[0]["document"], "lines": [found[0]["lines"][0], found[0]["lines"][6]]}
    ]
    without = replace(opened, questionnaire=replace(opened.questionnaire, criteria=()))
    assert form_view(without, sqlite_services.policy, Locale("vi"))["criteria"] == []


def test_the_first_screen_is_given_whom_to_ask_until_when_and_the_other_languages(sqlite_services: Services) -> None:
    wave, _codes, _shares = open_wave(sqlite_services)
    made = configuration(Locale("vi"), contact="Sở Nội vụ, 0261", waves=[wave])
    assert (made["contact"], made["languages"]) == ("Sở Nội vụ, 0261", {"en": "English"})
    assert [line.endswith("đến hết ngày 22/03/2026") for line in made["waves"]] == [True]
    assert configuration(Locale("en"))["languages"] == {"vi": "Tiếng Việt"}
    own = replace(wave, contact="Bà Lan, 0261")
    assert configuration(Locale("vi"), contact="Sở Nội vụ", waves=[own])["contact"] == "Bà Lan, 0261"
    assert configuration(Locale("vi"), contact="Sở Nội vụ", waves=[own, wave])["contact"] == "Sở Nội vụ"


def test_the_contact_is_one_line_of_the_settings() -> None:
    assert Settings.read({}).contact == ""
    assert Settings.read({"LANGNGHE_CONTACT": " Sở Nội vụ,\n 0261 " + "x" * 300}).contact.startswith("Sở Nội vụ, 0261 xxx")
    assert len(Settings.read({"LANGNGHE_CONTACT": "x" * 300}).contact) == 200
