"""Tables hold just what the chart shows; their CSV opens in a Vietnamese Excel and runs nothing."""

from __future__ import annotations

import csv
import io

import pytest

from bootstrap import Services
from survey.access import OPERATOR
from survey.analyse.change import Comparison, State
from survey.analyse.trend import as_it_was, recast
from survey.disclose.release import INDEX, Cell, Release
from survey.disseminate import tables
from survey.i18n import Locale
from tests.past_world import HIDDEN, secrets, with_answers

VI = Locale("vi")
GROUP = "t:so_ban_nganh"
NO_TEST = Comparison(None, State.NOT_TESTED, "too few answers for a test")


def read(table: tables.Table) -> list[dict[str, str]]:
    raw = table.csv("vi")
    assert raw.startswith(b"\xef\xbb\xbf")
    assert raw.count(b"\n") == raw.count(b"\r\n")
    return list(csv.DictReader(io.StringIO(raw.decode("utf-8-sig"), newline=""), delimiter=";"))


def heatmap(release: Release) -> tables.Table:
    units = list(release.plan.children[GROUP])
    return tables.heatmap(release, units, [(INDEX, "Chỉ số"), ("theme:KC", "Kỷ luật")], {(u, INDEX): NO_TEST for u in units}, VI)


def every_table(releases: tuple[Release, ...], services: Services, unit: str) -> dict[str, tables.Table]:
    release = releases[-1]
    register = services.results.register(OPERATOR)
    rows = [(INDEX, "Chỉ số", release.cell(unit, INDEX)), ("theme:KC", "Kỷ luật", release.cell(unit, "theme:KC"))]
    series = [("đơn vị", as_it_was(releases, unit), "unit"), ("gộp", recast(releases, register, unit), "recast")]
    units = [unit if unit in one.plan.by_id else None for one in releases]
    return {
        "scores": tables.scores(rows, release, VI),
        "heatmap": heatmap(release),
        "changes": tables.changes([(INDEX, "Chỉ số", NO_TEST)], "2024", release, VI),
        "trend": tables.trend(series, VI),
        "distribution": tables.distribution(releases, units, release.questionnaire.items[0], VI),
    }


@pytest.mark.parametrize("unit", [HIDDEN, "t.p", "t.a", "t.m", GROUP])
def test_no_hidden_number_stands_in_any_table_and_each_row_says_illustrative(
    unit: str, telling_services: Services, telling: tuple[Release, ...]
) -> None:
    kept = {f"{number:.6f}" for number in secrets(telling_services, "2025", telling[-1])}
    for name, table in every_table(telling, telling_services, unit).items():
        rows = read(table)
        assert rows
        assert {row["kind"] for row in rows} == {"Số liệu minh họa"}, name
        written = {f"{float(cell.replace(',', '.')):.6f}" for row in rows for cell in row.values() if cell.replace(",", "").isdigit()}
        assert not written & kept, name


def test_headers_are_stable_codes_and_every_code_has_words_for_the_reader(past_services: Services, releases: tuple[Release, ...]) -> None:
    for table in every_table(releases, past_services, "t.a").values():
        for code in table.frame.columns:
            assert code.isascii()
            assert code in table.labels or code in tables.LABELS
        shown = table.for_reading(VI)
        assert not set(shown.columns) & set(tables.LABELS)


def test_numbers_in_the_file_are_the_releases_own_with_a_decimal_comma(releases: tuple[Release, ...]) -> None:
    rows = read(heatmap(releases[-1]))
    for row in rows:
        cell = releases[-1].cell(row["unit"], row["measure"])
        if isinstance(cell, Cell):
            assert float(row["score"].replace(",", ".")) == pytest.approx(cell.score, abs=1e-7)
            assert row["base"] == str(cell.base)  # whole, though other rows of the column are empty
        else:
            assert (row["score"], row["base"], row["difference"]) == ("", "", "")
            assert row["note"].startswith("ẩn")


def test_a_unit_named_like_a_formula_is_not_run_by_a_spreadsheet(releases: tuple[Release, ...]) -> None:
    names = {row["unit"]: row["name"] for row in read(heatmap(releases[-1]))}
    assert names[HIDDEN] == "'=Sở Nhỏ"
    assert names["t.a"] == "Sở A"


def test_a_screen_table_writes_numbers_the_vietnamese_way_and_leaves_empty_columns_out(releases: tuple[Release, ...]) -> None:
    cell = releases[-1].cell("t.a", INDEX)
    assert isinstance(cell, Cell)
    shown = tables.scores([(INDEX, "Chỉ số", cell)], releases[-1], VI).for_reading(VI)
    assert shown["Điểm"].tolist() == [VI.number(cell.score)]
    assert "," in shown["Điểm"][0]
    assert "Ghi chú" not in shown.columns


def test_a_distribution_table_gives_shares_of_the_answers_as_they_were_given(releases: tuple[Release, ...]) -> None:
    release = releases[-1]
    item = next(one for one in release.questionnaire.items if one.reverse)
    row = read(tables.distribution(releases, [unit := with_answers(release, item.id)] * 3, item, VI))[-1]
    cell = release.cell(unit, f"item:{item.id}")
    assert isinstance(cell, Cell)
    shares = [100 * count / sum(cell.options) for count in cell.options]
    assert [float(row[f"option_{point}"].replace(",", ".")) for point in range(1, 6)] == pytest.approx(shares)
    assert float(row["score"].replace(",", ".")) == pytest.approx(cell.score)


def test_a_trend_table_says_why_a_number_is_missing(past_services: Services, releases: tuple[Release, ...]) -> None:
    register = past_services.results.register(OPERATOR)
    series = [("m", as_it_was(releases, "t.m"), "unit"), ("gộp", recast(releases, register, "t.m"), "recast")]
    notes = [(row["wave"], row["note"]) for row in read(tables.trend(series, VI))]
    assert notes[0] == ("2023", VI("the unit did not exist"))
    assert notes[2] == ("2025", "")
    assert notes[3] == ("2023", VI("recast from predecessors"))
    assert [row["note"] for row in read(tables.trend([("n", as_it_was(releases, HIDDEN), "unit")], VI))] == [VI("the number is hidden")] * 3
