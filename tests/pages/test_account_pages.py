"""Signing in and one's own account, driven without a browser: streamlit-authenticator's form over our own check."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from bootstrap import Services
from survey.access import OPERATOR, Role, Viewer
from survey.passwords import new_password
from survey.throttle import FREE
from tests.pages import looking
from tests.pages.looking import unbroken
from tests.small_world import add_account

GOOD = "bon tu khong lien quan"
VIEWER = Viewer(name="lan.anh", role=Role.LEADER)


def look(page: str, services: Services, viewer: Viewer | None = None) -> AppTest:
    return looking.look(f"account.{page}", services, viewer, "en")


def fill(at: AppTest, *texts: str) -> AppTest:
    for field, text in zip(at.text_input, texts, strict=True):
        field.set_value(text)
    return unbroken(at.button[0].click().run())


def actions(services: Services) -> list[str]:
    return [entry.action for entry in services.access_log.entries(OPERATOR)]


@pytest.fixture
def services(sqlite_services: Services) -> Services:
    add_account(sqlite_services, "lan.anh", Role.LEADER, GOOD)
    return sqlite_services


def test_a_right_password_signs_in_and_a_wrong_one_says_the_same_for_every_name(services: Services) -> None:
    said = {fill(look("sign_in", services), name, "sai mat khau roi").error[0].value for name in ("lan.anh", "khong.co.ai")}
    assert said == {"Account name or password is wrong."}
    at = fill(look("sign_in", services), " Lan.Anh ", GOOD)
    assert not at.error and actions(services)[0] == "sign-in"
    at.run()
    assert actions(services)[0] == "sign-in" and actions(services).count("sign-in") == 1  # one run, one session


def test_after_some_wrong_passwords_the_form_asks_to_wait(services: Services) -> None:
    at = look("sign_in", services)
    for _ in range(FREE):
        fill(at, "lan.anh", "sai mat khau roi")
    assert "Please wait" in fill(at, "lan.anh", GOOD).error[0].value


def test_the_form_is_told_no_account_and_no_hash(services: Services) -> None:
    kept = repr(look("sign_in", services).session_state)
    assert "authentication_status" in kept and "lan.anh" not in kept and "$2b$" not in kept


def test_ones_own_password_is_changed_on_the_page(services: Services) -> None:
    at = look("own", services, VIEWER)
    assert "not the same" in fill(at, GOOD, "mot con duong khac", "mot con duong la").error[0].value
    assert "wrong" in fill(at, "sai", "mot con duong khac", "mot con duong khac").error[0].value
    assert "12 characters" in fill(at, GOOD, "ngan", "ngan").error[0].value
    assert "has been changed" in fill(at, GOOD, "mot con duong khac", "mot con duong khac").success[0].value
    services.signing_in.sign_in("lan.anh", "mot con duong khac")


def test_signing_out_everywhere_is_one_button_away(services: Services) -> None:
    session = services.signing_in.redeem(services.signing_in.sign_in("lan.anh", GOOD)[1])
    at = look("own", services, VIEWER)
    next(button for button in at.button if button.label == "Sign out everywhere").click().run()
    assert not at.exception and services.signing_in.viewer(session) is None


def test_whoever_has_a_first_password_sees_only_where_to_change_it(services: Services) -> None:
    from pages.navigation.catalogue import OWN, SIGN_OUT, sections

    first = new_password()
    services.accounts.add(OPERATOR, "moi.den", Role.ORGANIZER, first)
    viewer, _ticket = services.signing_in.sign_in("moi.den", first)
    listed = [spec for specs in sections("all", viewer).values() for spec in specs]
    assert [spec for spec in listed if not spec.hidden] == [OWN, SIGN_OUT]
    assert {spec.render for spec in listed if spec.hidden} == {OWN.render}
    at = look("own", services, viewer)
    assert "made by somebody else" in at.warning[0].value and len(at.button) == 1


def test_nobodys_deep_link_has_a_door_and_a_page_for_everybody_carries_none() -> None:
    from pages.navigation.catalogue import PUBLIC, RESULTS, SIGN_IN, sections

    def listed(asked: str) -> dict[str, object]:
        return {spec.url_path: spec.render for specs in sections("all", None, asked=asked).values() for spec in specs}

    assert listed("answer").keys() == {spec.url_path for spec in (*PUBLIC, SIGN_IN)}
    for asked in ("", "login", "results-trend", "nothing"):
        doors = listed(asked)
        assert all(doors[spec.url_path] == SIGN_IN.render for spec in RESULTS)


@pytest.mark.parametrize("role", list(Role))
def test_an_address_of_somebody_elses_page_says_so_instead_of_leading_home(role: Role, services: Services) -> None:
    from pages.navigation.catalogue import CUSTODY, ELSEWHERE, ORGANIZE, RESULTS, sections

    viewer = Viewer(name="x.y", role=role)
    listed = [spec for specs in sections("all", viewer).values() for spec in specs]
    paths = [spec.url_path for spec in listed]
    assert len(paths) == len(set(paths)) and {spec.url_path for spec in (*RESULTS, *ORGANIZE, *CUSTODY)} <= set(paths)
    closed = {spec.url_path for spec in listed if spec.render == ELSEWHERE}
    assert all(spec.hidden for spec in listed if spec.url_path in closed)
    foreign = {Role.ORGANIZER: CUSTODY, Role.LEADER: (*ORGANIZE, *CUSTODY), Role.CUSTODIAN: (*RESULTS, *ORGANIZE)}[role]
    assert closed == {spec.url_path for spec in foreign}
    at = look("elsewhere", services, viewer)
    assert "This page is not for your account" in at.title[0].value and "ask the organizer for access" in at.error[0].value
