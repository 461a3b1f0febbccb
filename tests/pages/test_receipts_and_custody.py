"""The public list of receipts, and what a custodian who signs in may see."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from bootstrap import Services
from pages.navigation.catalogue import ELSEWHERE, sections
from survey.access import OPERATOR, Role, Viewer
from survey.collect.key_share import fingerprint
from survey.publish.protocol import find_receipt
from tests.pages import looking
from tests.small_world import GENDER, answers, open_wave

CUSTODIAN = Viewer(name="c", role=Role.CUSTODIAN)


def look(module: str, services: Services, viewer: Viewer | None = None) -> AppTest:
    return looking.look(module, services, viewer, "en")


def said(at: AppTest) -> str:
    return "\n".join(
        str(one.value) for kind in ("markdown", "info", "warning", "error", "success", "title", "caption") for one in at.get(kind)
    )


def closed(services: Services, people: int) -> list[str]:
    """A closed wave; the receipts its people were shown."""
    wave, codes, shares = open_wave(services, today=date.today(), breakdowns=GENDER)
    questionnaire = services.design.questionnaires(OPERATOR)[0]
    shown = [services.collect.submit(code, {"answers": answers(questionnaire)}, date.today()).text for code in codes["Sở A"][:people]]
    services.closing.close(OPERATOR, wave.id, shares)
    return shown


@pytest.mark.parametrize(
    "change", [str, str.lower, lambda text: text.replace("-", " "), lambda text: text.replace("O", "0").replace("I", "1")]
)
def test_a_receipt_is_found_however_it_is_typed(change: Any) -> None:
    receipts = "AOIL-2B3C-4D5E-6F7G\nZZZZ-2222-3333-4444\n"
    assert find_receipt(receipts, change("AOIL-2B3C-4D5E-6F7G")) == "AOIL-2B3C-4D5E-6F7G"
    assert not find_receipt(receipts, "AOIL-2B3C-4D5E-6F7H") and not find_receipt(receipts, "")


def test_a_respondent_finds_the_form_from_the_close_on_and_a_stranger_is_told_what_to_do(sqlite_services: Services) -> None:
    assert not look("respondent.public", sqlite_services).text_input, "no box has been opened yet"
    shown = closed(sqlite_services, 6)
    at = look("respondent.public", sqlite_services)
    at.text_input[0].set_value(shown[3].lower()).run()
    assert shown[3] in at.success[0].value and "was counted" in at.success[0].value
    at.text_input[0].set_value("AAAA-AAAA-AAAA-AAAA").run()
    assert "Not found" in at.warning[0].value and "custodian" in at.warning[0].value
    assert any("Download the list of" in one.proto.body and "(6 receipts)" in one.proto.body for one in at.get("html"))
    sqlite_services.closing.publish(OPERATOR, "2026")
    links = [one.proto.body for one in look("respondent.public", sqlite_services).get("html")]
    assert any("Protocol of the opening of the ballot box (PDF)" in link for link in links)


def test_a_wave_with_too_few_people_has_no_list_to_download(sqlite_services: Services) -> None:
    closed(sqlite_services, 4)
    at = look("respondent.public", sqlite_services)
    assert "too few people answered" in said(at)
    assert not any("Download the list of" in one.proto.body for one in at.get("html"))


def test_a_custodian_sees_the_fingerprint_to_compare_and_is_asked_for_nothing(sqlite_services: Services) -> None:
    assert "nothing to do" in said(look("custodian.share", sqlite_services, CUSTODIAN))
    wave, _codes, _shares = open_wave(sqlite_services, today=date.today(), shares=3)
    at = look("custodian.share", sqlite_services, CUSTODIAN)
    assert wave.public_key is not None and at.code[0].value == fingerprint(wave.public_key)
    assert "any 2 of 3 custodians" in said(at)
    assert not at.text_input and not at.text_area and not at.file_uploader


def test_custodians_have_their_page_and_no_other_role_has_it(sqlite_services: Services) -> None:
    listed = {role: [spec for specs in sections("all", Viewer(name="x", role=role)).values() for spec in specs] for role in Role}
    paths = {role: {spec.url_path for spec in specs if spec.render != ELSEWHERE} for role, specs in listed.items()}
    assert [role for role, found in paths.items() if "custody" in found] == [Role.CUSTODIAN]
    assert not any(path.startswith(("results-", "organize-")) for path in paths[Role.CUSTODIAN])
    for viewer in (None, OPERATOR, Viewer(name="l", role=Role.LEADER)):
        assert "may not" in said(look("custodian.share", sqlite_services, viewer))
