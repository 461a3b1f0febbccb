"""The page by criteria: in the menu only where there are some, every kind of unit, nothing hidden, a row leads to its items."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from bootstrap import Services, Settings, build
from pages.navigation.catalogue import CRITERIA, sections, without_anything
from survey.access import OPERATOR, Role, Viewer
from survey.i18n import Locale
from tests.analyse.test_criteria import without_criteria
from tests.figure_reading import numbers, specification, texts
from tests.pages import looking
from tests.past_world import HIDDEN, recognisable, secrets, settle_past

GOVERNOR = Viewer(name="lanhdao", role=Role.LEADER)
OF_A = Viewer(name="giamdoc.a", role=Role.LEADER, unit="t.a")
PAGE = "leader.criteria"
VI = Locale("vi")


@pytest.fixture(scope="module")
def services(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    made = build(Settings.read({"LANGNGHE_DATA_DIR": str(tmp_path_factory.mktemp("page"))}))
    with recognisable():
        settle_past(made)
    yield made
    made.close()


def charts(at: AppTest) -> list[dict[str, Any]]:
    return [specification(one.proto.spec) for one in at.get("plotly_chart")]


@pytest.mark.parametrize("unit", ["t", "t:so_ban_nganh", "t.a", "t.m", "t.p", HIDDEN])
def test_it_stands_for_every_kind_of_unit_and_shows_nothing_hidden(unit: str, services: Services) -> None:
    at = looking.with_tables(looking.look(PAGE, services, GOVERNOR, unit=unit))
    kept = secrets(services, "2025", services.results.release(OPERATOR, "2025"))
    assert len(kept) > 25 and at.title[0].value == "Theo tiêu chí của Kế hoạch"
    assert len(at.get("plotly_chart")) == len(at.table) == 2
    for spec in charts(at):
        assert not {round(number, 6) for number in numbers(spec)} & kept
        assert "Số liệu minh họa" in " ".join(texts(spec))
    assert "Phòng, chống tham nhũng" in "\n".join(one.value.to_csv() for one in at.table)


def test_a_row_leads_to_the_items_of_its_criterion(services: Services) -> None:
    at = looking.look(PAGE, services, GOVERNOR, unit="t.a")
    linked = [text for text in texts(charts(at)[0]) if "criterion=DG" in text]
    assert linked and "unit=t.a" in linked[0] and ">Đơn giản hơn</a>" in linked[0]
    at = looking.with_tables(looking.look(PAGE, services, GOVERNOR, unit="t.a", criterion="DH"))
    assert "HS1" in at.table[1].value.to_csv() and "HS4" not in at.table[1].value.to_csv()
    links = [one.proto for one in at.get("page_link")]
    assert len(links) == 2 and "item=HS1" in str(links[0]) and "Đúng hẹn hơn" in str(links[0])


def test_an_address_with_nonsense_opens_the_page_at_its_beginning(services: Services) -> None:
    at = looking.look(PAGE, services, GOVERNOR, unit="no-such", wave="1999", criterion="'><b>")
    assert [box.value for box in at.selectbox] == ["2025", "t", "MT1"]
    assert len(at.warning) == 3  # told, each of them
    assert looking.with_tables(looking.look(PAGE, services, GOVERNOR, wave="2023")).table
    assert not looking.look(PAGE, services, None).get("plotly_chart")


@pytest.mark.parametrize("language", ["vi", "en"])
def test_it_speaks_the_language_of_the_reader(language: str, services: Services) -> None:
    at = looking.with_tables(looking.look(PAGE, services, GOVERNOR, language, unit="t.h"))
    assert ("most of all" in looking.said(at)) == (language == "en")
    assert ("Administrative" in looking.said(at) or "administrative" in at.table[0].value.to_csv()) == (language == "en")


def test_a_leader_of_one_unit_sees_it_alone(services: Services) -> None:
    at = looking.with_tables(looking.look(PAGE, services, OF_A))
    assert at.selectbox[1].value == "t.a"
    shown = "\n".join(one.value.to_csv() for one in at.table) + looking.said(at)
    assert "Sở O" not in shown and "Sở B" not in shown


def test_without_criteria_the_page_is_not_in_the_menu_and_says_why(sqlite_services: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    from tests import past_world

    old = without_criteria(past_world.shipped_questionnaires()[0], "1.0")
    monkeypatch.setattr(past_world, "shipped_questionnaires", lambda: (old,))
    settle_past(sqlite_services, ("2025",))

    def menu(services: Services) -> set[str]:
        listed = sections("all", GOVERNOR, without_anything(services, GOVERNOR))
        return {spec.url_path for specs in listed.values() for spec in specs if not spec.hidden}

    assert CRITERIA not in menu(sqlite_services)
    at = looking.look(PAGE, sqlite_services, GOVERNOR)
    assert "chưa nêu tiêu chí" in looking.said(at) and not at.get("plotly_chart")


def test_with_criteria_it_is_in_the_menu_of_those_who_see_results(services: Services) -> None:
    for viewer in (GOVERNOR, OF_A):
        assert without_anything(services, viewer) == frozenset()
    assert without_anything(services, None) == frozenset()
    assert without_anything(services, Viewer(name="khoa", role=Role.CUSTODIAN)) == frozenset()


def test_everybody_sees_the_whole_by_criteria_once_and_no_unit(services: Services) -> None:
    at = looking.look("respondent.public", services, None)
    tables = [one.value.to_csv() for one in at.table]
    assert sum("Đơn giản hơn" in table for table in tables) == 1  # in the newest wave: the ones before are its columns
    assert "Sở A" not in "".join(tables) and "cao hơn rõ" in "".join(tables)
