"""The leader's pages, run by Streamlit's own test harness over real stores: what reaches the browser, and whose."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from bootstrap import Services, Settings, build
from survey.access import OPERATOR, Role, Viewer
from survey.disclose.release import FORMS, INDEX, Cell
from survey.disseminate.look import measure_labels
from survey.i18n import Locale
from tests.figure_reading import numbers, specification, texts
from tests.pages import looking
from tests.past_world import HIDDEN, past_in, recognisable, secrets, settle_past

PAGES = ("overview", "comparison", "trend", "item", "breakdowns")
GOVERNOR = Viewer(name="lanhdao", role=Role.LEADER)
OF_A = Viewer(name="giamdoc.a", role=Role.LEADER, unit="t.a")
OF_M = Viewer(name="giamdoc.m", role=Role.LEADER, unit="t.m")
VI = Locale("vi")


@pytest.fixture(scope="module")
def services(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    with past_in(tmp_path_factory.mktemp("leader")) as made:
        yield made


@pytest.fixture(scope="module")
def telling(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    """The same province with numbers that are recognised wherever they stand."""
    made = build(Settings.read({"LANGNGHE_DATA_DIR": str(tmp_path_factory.mktemp("telling"))}))
    with recognisable():
        settle_past(made)
    yield made
    made.close()


Look = Callable[..., AppTest]


@pytest.fixture
def look(services: Services) -> Look:
    def run(page: str, viewer: Viewer | None = GOVERNOR, language: str = "vi", **query: str) -> AppTest:
        return looking.look(f"leader.{page}", services, viewer, language, **query)

    return run


def place(page: str, unit: str) -> dict[str, str]:
    """The address of a unit on a page."""
    return {"group" if page == "comparison" else "unit": unit}


def charts(at: AppTest) -> list[dict[str, Any]]:
    return [specification(one.proto.spec) for one in at.get("plotly_chart")]


def words(at: AppTest) -> str:
    shown = [str(one.value) for kind in ("title", "header", "markdown", "caption", "info", "error", "metric") for one in at.get(kind)]
    shown += [str(getattr(one.proto, "body", "")) for one in at.get("html")]
    return "\n".join(shown)


def grid_rows(at: AppTest) -> list[tuple[str, list[str]]]:
    """Head and cells (markup) of every row of the comparison."""
    markup = next(one.proto.body for one in at.get("html") if "ln-grid" in one.proto.body)
    rows = re.findall(r'<tr[^>]*><th scope="row">(.*?)(?:<small>.*?)?</th>(.*?)</tr>', markup, re.DOTALL)
    return [(head, re.findall(r"<td.*?</td>", cells, re.DOTALL)) for head, cells in rows]


def cells(at: AppTest) -> str:
    """Every table of the page as text."""
    return "\n".join(one.value.to_csv(sep=";") for one in at.table)


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("unit", ["t", "t:so_ban_nganh", "t.a", HIDDEN, "t.m"])
def test_a_page_stands_for_every_kind_of_unit_and_shows_nothing_hidden(page: str, unit: str, telling: Services) -> None:
    at = looking.look(f"leader.{page}", telling, GOVERNOR, **place(page, unit))
    kept = secrets(telling, "2025", telling.results.release(OPERATOR, "2025"))
    assert len(kept) > 25
    for spec in charts(at):
        assert not {round(number, 6) for number in numbers(spec)} & kept
    assert "Số liệu minh họa" in words(at)


@pytest.mark.parametrize("page", PAGES)
def test_every_chart_has_its_sentence_base_table_and_download(page: str, look: Look, services: Services) -> None:
    forms = services.results.release(OPERATOR, "2025").cell("t:so_ban_nganh", FORMS)
    assert isinstance(forms, Cell)
    at = looking.with_tables(look(page, **place(page, "t:so_ban_nganh")))
    drawn = at.get("plotly_chart")
    assert all(one.proto.alt for one in drawn)
    shown = [*drawn, *(grid for grid in at.get("html") if "ln-grid" in grid.proto.body)]
    assert drawn and shown
    of_charts = [button for button in at.get("download_button") if not button.proto.label.startswith("Báo cáo")]
    assert len(at.table) == len(of_charts) == len(shown)
    assert words(at).count(f"n = {VI.number(forms.base, 0)} phiếu") >= len(shown)
    for spec in charts(at):
        said = " ".join(texts(spec["layout"]["annotations"]))
        assert "Số liệu minh họa" in said
        assert "n = " in said


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("page", PAGES)
def test_pages_speak_the_language_of_the_reader(page: str, language: str, look: Look) -> None:
    at = look(page, language=language)
    assert at.title[0].value == Locale(language)(
        {
            "overview": "Overview",
            "comparison": "Comparison of units",
            "trend": "Trend",
            "item": "Single questions",
            "breakdowns": "Breakdowns",
        }[page]
    )


def test_the_first_screen_says_how_we_are_what_is_weak_and_what_changed(look: Look, services: Services) -> None:
    at = look("overview", unit="t.a")
    release = services.results.release(OPERATOR, "2025")
    cell = release.cell("t.a", INDEX)
    assert isinstance(cell, Cell)
    said = words(at)
    assert f"<strong>{VI.number(cell.score)}<small>" in said
    assert said.count(VI.number(cell.score)) == 1  # each number once
    assert [header.value for header in at.header][:3] == [VI("Themes"), VI("Three things to mend first"), VI("Over the waves")]
    assert "so với đợt 2024" in said.lower()
    assert said.count('href="/results-item?wave=2025&amp;unit=t.a&amp;item=') == 3
    assert re.search(r"vị thứ 1(–\d)? trong \d đơn vị của Khối sở, ban, ngành", said)


def test_a_hidden_unit_gets_words_instead_of_charts(look: Look) -> None:
    at = look("overview", unit=HIDDEN)
    assert "<strong>ẩn<small>" in words(at)
    assert not at.get("plotly_chart")
    assert "Khối sở, ban, ngành" in words(at)


def test_the_heatmap_sorts_by_the_theme_asked_for_and_keeps_hidden_units_last(look: Look, services: Services) -> None:
    release = services.results.release(OPERATOR, "2025")

    def order(sort: str) -> list[str]:
        return [head for head, _cells in grid_rows(look("comparison", group="t:so_ban_nganh", sort=sort))][1:]

    units = [unit for unit in release.plan.children["t:so_ban_nganh"] if release.visible(unit)]
    by_theme = sorted(units, key=lambda unit: -(getattr(release.cell(unit, "theme:KC"), "score", 0) or 0))
    names = [release.node(unit).name_vi for unit in by_theme]
    assert order("theme:KC")[: len(names)] == names
    assert order("name") != order("theme:KC")
    assert set(order(INDEX)[-2:]) == {"=Sở Nhỏ", "Sở P"}


def test_a_cell_of_the_comparison_leads_to_what_it_is_made_of_and_a_hidden_one_nowhere(telling: Services) -> None:
    at = looking.look("leader.comparison", telling, GOVERNOR, group="t:so_ban_nganh", lang="vi")
    release = telling.results.release(OPERATOR, "2025")
    names = {release.node(unit).name_vi: unit for unit in release.plan.children["t:so_ban_nganh"]}
    rows = grid_rows(at)[1:]
    assert {head for head, _cells in rows} == set(names)
    for head, cells in rows:
        for measure, cell in zip(measure_labels(release, VI), cells, strict=True):
            shown = release.cell(names[head], measure)
            if isinstance(shown, Cell):
                address = re.search(r'href="([^"]+)"', cell)
                assert address and f"unit={names[head]}" in address[1]
                assert address[1].startswith("/results-overview?" if measure == INDEX else "/results-item?")
                assert VI.number(shown.score, 0) in cell
            else:
                assert "href" not in cell and not re.search(r"\d", re.sub(r'class="[^"]*"', "", cell))


def test_the_comparison_is_a_picture_for_whoever_wants_to_save_one(look: Look) -> None:
    at = look("comparison", group="t:so_ban_nganh")
    before = len(charts(at))
    at.toggle[0].set_value(True).run()
    assert len(charts(at)) == before + 1
    assert charts(at)[0]["data"][0]["type"] == "heatmap"


def test_choices_are_written_into_the_address_and_read_from_it(look: Look) -> None:
    at = look("trend", unit="t.a", wave="2024", measure="theme:KC")
    assert [box.value for box in at.selectbox] == ["2024", "t.a", "theme:KC"]
    at.selectbox[1].select("t.b").run()
    assert at.query_params["unit"] == "t.b"
    assert not at.exception


def test_up_to_five_units_stand_together_in_the_trend_and_in_the_address(look: Look) -> None:
    at = look("trend", unit="t.a", wave="2025", beside="t.o,t.h,no-such,t.a")
    assert at.multiselect[0].value == ["t.o", "t.h"]
    assert {"Sở A", "Sở O", "Ủy ban nhân dân huyện H"} <= {str(line.get("name", "")).replace("<br>", " ") for line in charts(at)[0]["data"]}
    at.multiselect[0].set_value(["t.k"]).run()
    assert at.query_params["beside"] in ("t.k", ["t.k"]) and not at.exception


def test_an_address_with_nonsense_opens_the_page_at_its_beginning(look: Look) -> None:
    at = look("overview", unit="no-such-unit", wave="1999")
    assert [box.value for box in at.selectbox] == ["2025", "t"]
    assert [VI("“{asked}” is not here, or not yours to see. Shown is: {shown}.", asked=asked, shown=shown) for asked, shown in (
        ("1999", "Đợt khảo sát 2025"), (r"no\-such\-unit", "Tỉnh Thử"),
    )] == [one.value for one in at.warning]  # fmt: skip
    assert not look("overview", unit="t.a", wave="2024").warning


def test_a_dissolved_unit_of_an_old_link_leads_to_what_it_became(look: Look) -> None:
    at = look("overview", unit="t.b", wave="2025")
    assert at.selectbox[1].value == "t.m"


def test_nobody_sees_results_without_signing_in(look: Look) -> None:
    for page in PAGES:
        at = look(page, viewer=None)
        assert at.error
        assert not at.get("plotly_chart")
        assert not at.selectbox


@pytest.mark.parametrize("page", PAGES)
def test_a_leader_of_one_unit_sees_it_and_the_totals_above_and_nobody_else(page: str, look: Look, services: Services) -> None:
    at = looking.with_tables(look(page, viewer=OF_A))
    unit = next(box for box in at.selectbox if box.label == VI("Group of units" if page == "comparison" else "Unit"))
    offered = {option.strip() for option in unit.options}
    assert offered <= {"Tỉnh Thử", "Khối sở, ban, ngành", "Sở A"}
    release = services.results.release(OPERATOR, "2025")
    shown = {round(number, 6) for spec in charts(at) for number in numbers(spec)}
    for other in ("t.m", "t.o", "t.h", "t.k"):
        cell = release.cell(other, INDEX)
        assert isinstance(cell, Cell)
        assert round(cell.score or 0, 6) not in shown
    assert "Sở O" not in cells(at) + json.dumps(charts(at), ensure_ascii=False)


def test_a_leader_of_one_unit_cannot_ask_for_another_by_its_address(look: Look) -> None:
    at = look("overview", viewer=OF_A, unit="t.o")
    assert at.selectbox[1].value == "t.a"  # his own
    assert "Sở O" in at.warning[0].value and "Sở A" in at.warning[0].value


def test_a_leader_of_a_merged_unit_sees_its_predecessors_in_the_waves_before(look: Look) -> None:
    at = look("overview", viewer=OF_M, wave="2024")
    names = {option.strip() for option in at.selectbox[1].options}
    assert {"Sở B", "Sở C"} <= names
    assert "Sở O" not in names


def test_a_leader_whose_unit_has_ended_begins_at_its_last_wave(look: Look) -> None:
    at = look("overview", viewer=Viewer(name="giamdoc.b", role=Role.LEADER, unit="t.b"))
    assert not at.error
    assert [box.value for box in at.selectbox] == ["2024", "t.b"]
    assert at.selectbox[0].options == [VI.pick("Đợt khảo sát 2024", ""), VI.pick("Đợt khảo sát 2023", "")]


def test_the_trend_of_a_merged_unit_breaks_at_the_merger_and_dots_its_past(look: Look) -> None:
    at = look("trend", unit="t.m")
    spec = charts(at)[0]
    dotted = [trace for trace in spec["data"] if trace["line"]["dash"] == "dot"]
    assert len(dotted) == 1
    assert [shape["x0"] for shape in spec["layout"]["shapes"]] == ["2025-03-01"]
    assert "Sở B và Sở C" in words(at)


def test_empty_stores_are_said_to_be_empty(sqlite_services: Services) -> None:
    for page in PAGES:
        assert VI("Nothing has been published yet.") in words(looking.look(f"leader.{page}", sqlite_services, GOVERNOR))


def report_buttons(at: AppTest) -> list[str]:
    return [button.proto.label for button in at.get("download_button") if button.proto.label.startswith("Báo cáo")]


def test_a_leader_finds_the_report_of_his_unit_and_none_of_the_totals_above(look: Look) -> None:
    assert report_buttons(look("overview", viewer=OF_A)) == ["Báo cáo (Word)", "Báo cáo (PDF)", "Báo cáo (Excel)"]
    assert report_buttons(look("overview", viewer=OF_A, unit="t")) == []
    assert len(report_buttons(look("overview", unit=HIDDEN))) == 3


def test_a_table_is_sent_when_it_is_asked_for_and_stays_open_at_the_next_unit(services: Services) -> None:
    at = looking.look("leader.overview", services, GOVERNOR, unit="t.a")
    assert not at.table and len([one for one in at.expander if one.label == VI("Table of this chart")]) > 2
    at.session_state["table.nhom-noi-dung"] = True
    (first,) = looking.unbroken(at.run()).table
    at.selectbox[1].select(next(one for one in at.selectbox[1].options if one.endswith("Sở O")))
    (other,) = looking.unbroken(at.run()).table
    assert len(other.value) == len(first.value) > 5 and other.value.to_csv() != first.value.to_csv()
