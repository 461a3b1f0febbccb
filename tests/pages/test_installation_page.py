"""The page of the installation, driven without a browser."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bootstrap import Services
from survey.access import OPERATOR, Role, Viewer
from tests.pages import looking
from tests.pages.looking import click, said

BOSS = Viewer(name="to.chuc", role=Role.ORGANIZER)


def test_settings_are_saved_and_a_wrong_one_keeps_what_was_typed(sqlite_services: Services) -> None:
    at = looking.look("organizer.installation", sqlite_services, BOSS, "en")
    fields = {one.key: one for one in at.text_input}
    fields["installation.organisation"].set_value("Sở Nội vụ")
    fields["installation.address"].set_value("khaosat")
    click(at, "Save the settings")
    assert "not a web address" in at.error[0].value and sqlite_services.installing.settings(OPERATOR) == {}
    assert {one.key: one.value for one in at.text_input}["installation.organisation"] == "Sở Nội vụ"
    next(one for one in at.text_input if one.key == "installation.address").set_value("https://khaosat.example")
    click(at, "Save the settings")
    assert sqlite_services.installing.settings(OPERATOR) == {"organisation": "Sở Nội vụ", "address": "https://khaosat.example"}


def test_what_the_environment_sets_is_shown_and_cannot_be_changed(sqlite_services: Services) -> None:
    settings = replace(sqlite_services.settings, given=frozenset({"address", "mail_server"}), mail_server="smtps://a:secret@mail")
    at = looking.look("organizer.installation", replace(sqlite_services, settings=settings), BOSS, "en")
    fields = {one.key: one for one in at.text_input}
    assert fields["installation.address"].disabled and fields["installation.address"].value == "http://127.0.0.1:8501"
    assert fields["installation.mail_server"].disabled and fields["installation.mail_server"].value == ""


def test_the_shipped_questionnaire_is_one_click_away(sqlite_services: Services) -> None:
    at = looking.look("organizer.installation", sqlite_services, BOSS, "en")
    click(at, "Use this questionnaire")
    assert [one.id for one in sqlite_services.design.questionnaires(OPERATOR)] == ["vhcs-core"]
    assert "Already stored" in said(at)


@pytest.mark.parametrize("viewer", [None, Viewer(name="x.y", role=Role.LEADER)])
def test_it_is_for_organizers(sqlite_services: Services, viewer: Viewer | None) -> None:
    at = looking.look("organizer.installation", sqlite_services, viewer, "en")
    assert at.error and not at.text_input
