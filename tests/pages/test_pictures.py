"""Charts as pictures: what stands in them is what the release shows, they are heard, and the live chart comes when it is asked for."""

from __future__ import annotations

import base64
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from itertools import pairwise
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from bootstrap import Services
from survey.access import OPERATOR, Role, Viewer
from survey.analyse.lineage import lineage_of
from survey.analyse.verdicts import GROUP
from survey.disclose.release import INDEX, Cell, Release
from survey.disseminate.comparing import THEMES, Comparing, columns_of
from survey.disseminate.look import score_of
from survey.disseminate.sheet import charts, family_chart, rank_charts, svg
from survey.disseminate.sheet.reading import Sheet, reading
from survey.i18n import Locale
from tests.pages import looking
from tests.past_world import HIDDEN, past_in

VI = Locale("vi")
GOVERNOR = Viewer(name="lanhdao", role=Role.LEADER)
SVG = "{http://www.w3.org/2000/svg}"
SIZES = (svg.PHONE, svg.DESK, svg.PAGE)


@pytest.fixture(scope="module")
def services(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    with past_in(tmp_path_factory.mktemp("pictures")) as made:
        yield made


def overview(services: Services, unit: str, *, live: bool = False) -> AppTest:
    return looking.look("leader.overview", services, GOVERNOR, live=live, wave="2025", unit=unit)


def images(at: AppTest) -> list[dict[str, str]]:
    found = [tag for one in at.get("html") for tag in re.findall(r"<img [^>]*>", str(one.proto.body))]
    return [dict(re.findall(r'(\w+)="([^"]*)"', tag)) for tag in found if "data:image/svg+xml" in tag]


def drawn(image: dict[str, str]) -> ET.Element:
    return ET.fromstring(base64.b64decode(image["src"].partition("base64,")[2]))


def numbers(picture: ET.Element) -> list[str]:
    """The numbers beside marks, without their signs."""
    return [str(one.text).split()[0] for one in picture.iter(f"{SVG}text") if "v" in one.get("class", "").split()]


def scores(release: Release, nodes: list[str]) -> set[str]:
    measures = [
        INDEX,
        *(f"theme:{one.id}" for one in release.questionnaire.themes),
        *(f"item:{one.id}" for one in release.questionnaire.items),
    ]
    cells = [release.cell(node, measure) for node in nodes for measure in measures]
    return {score_of(cell, VI, digits) for cell in cells if isinstance(cell, Cell) and cell.score is not None for digits in (0, 1)}


def test_the_overview_comes_as_pictures_that_are_heard_and_no_script_of_charts(services: Services) -> None:
    at = overview(services, "t.a")
    assert not at.get("plotly_chart")
    found = images(at)
    assert len(found) == 2 * 5  # themes, trend, changes, strongest, weakest: for a phone and for a desk
    assert all(one["alt"] for one in found)
    assert {one["class"] for one in found} == {"ln-narrow", "ln-broad"}
    assert "linear" not in str(ET.tostring(drawn(found[0])))  # nothing that would have to be loaded
    assert not [one for one in drawn(found[0]).iter() if "href" in str(one.attrib)]


def test_a_reader_who_asks_gets_charts_that_answer_to_the_pointer_on_every_page(services: Services) -> None:
    at = looking.click(overview(services, "t.a"), VI("Interactive chart"))
    assert len(at.get("plotly_chart")) == 5 and not images(at)


@pytest.mark.parametrize("unit", ["t", "t:so_ban_nganh", "t.a", "t.m"])
def test_pictures_print_the_numbers_of_the_release_and_no_other(unit: str, services: Services) -> None:
    release = services.results.release(OPERATOR, "2025")
    shown = scores(release, [unit]) | {score for wave in ("2023", "2024") for score in _index(services, wave, unit)}
    for image in images(overview(services, unit)):
        picture = drawn(image)
        if picture.get("aria-label") != VI("Change since the last wave"):
            assert set(numbers(picture)) <= shown, picture.get("aria-label")


def _index(services: Services, wave: str, unit: str) -> list[str]:
    release = services.results.release(OPERATOR, wave)
    cell = release.cell(unit, INDEX) if unit in release.plan.by_id else None
    return [score_of(cell, VI, 0)] if isinstance(cell, Cell) else []


def test_a_hidden_unit_has_no_picture(services: Services) -> None:
    assert not images(overview(services, HIDDEN))


@pytest.fixture
def sheet(services: Services) -> Sheet:
    return reading(services.results, GOVERNOR, "2025", "t.a", VI)


@pytest.mark.parametrize("width", SIZES)
def test_a_bar_is_as_long_as_its_score_and_a_hidden_one_is_a_word(sheet: Sheet, width: float) -> None:
    picture = ET.fromstring(charts.themes(sheet, width))
    bars = [one for one in picture.iter("rect") if one.get("class") in ("full", "pale", "weak")]
    grid = [float(str(one.get("d")).split()[0][1:]) for one in picture.iter("path") if one.get("class") == "grid"]
    zero, hundred = grid[0], grid[-1]
    order = sorted((cell.score for measure in sheet.measures if isinstance(cell := sheet.cell(measure), Cell) and cell.score), reverse=True)
    drawn_scores = [100 * float(str(one.get("width"))) / (hundred - zero) for one in bars]
    assert sorted(drawn_scores, reverse=True) == pytest.approx(order, abs=0.05)


def test_changes_grow_from_nought_to_their_side(sheet: Sheet) -> None:
    picture = ET.fromstring(charts.changes(sheet, svg.DESK))
    bars = list(picture.iter("rect"))
    grid = [float(str(one.get("d")).split()[0][1:]) for one in picture.iter("path") if one.get("class") == "grid"]
    middle = grid[len(grid) // 2]
    found = [one.difference for one in sheet.first.changed.values() if one.difference is not None]
    assert len(bars) == len(found) > 3
    for bar, difference in zip(bars, found, strict=True):
        x, length = float(str(bar.get("x"))), float(str(bar.get("width")))
        start, end = (x, x + length) if difference > 0 else (x + length, x)
        assert start == pytest.approx(middle, abs=0.11)
        assert (end > start) == (difference > 0) or length == 1.0
    assert {str(one.get("class")) for one in bars} <= {"rise", "fall", "hollow"}


def test_a_score_of_few_answers_is_hollow_and_says_so(sheet: Sheet) -> None:
    few = replace(sheet.release, policy={**sheet.release.policy, "base_score": 10_000})
    thin = Sheet((*sheet.releases[:-1], few), sheet.register, sheet.unit, sheet.hash, VI, sheet.verdicts)
    for draw in (partial(charts.themes, thin), partial(charts.items, thin, [item for item, _cell in thin.first.items[:3]], "x")):
        picture = ET.fromstring(draw(svg.PHONE))
        assert {one.get("class") for one in picture.iter("rect")} == {"weak"}
        assert any(str(one.text).startswith("Rỗng:") for one in picture.iter("text"))


def test_units_side_by_side_are_told_apart_by_the_shape_of_their_marks(sheet: Sheet) -> None:
    found = [*charts.series(sheet), ("Một", sheet.own, "kin"), ("Hai", sheet.own, "kin")]
    picture = ET.fromstring(charts.over_waves(sheet.releases, found, [], {sheet.release.wave.closes: "tổng kết<br>thang 4 mức"}, "x", VI))
    kin = [[tuple(map(float, point.split(","))) for point in str(one.get("points")).split()] for one in picture.iter("polygon")
           if one.get("class") == "p kin"]  # fmt: skip
    shapes = {tuple((round(x - points[0][0], 1), round(y - points[0][1], 1)) for x, y in points) for points in kin}
    assert len(kin) > 4 and len(shapes) == 2
    words = [str(one.text) for one in picture.iter("text")]
    assert "tổng kết" in words and "thang 4 mức" in words and "Một" in words


def test_what_has_no_number_at_all_has_no_line_and_no_entry(sheet: Sheet) -> None:
    empty = tuple(replace(point, cell=None) for point in sheet.own)
    picture = charts.over_waves(sheet.releases, [("Chính", sheet.own, "unit"), ("Tiền thân", empty, "recast")], [], {}, "x", VI)
    assert "Chính" in picture and "Tiền thân" not in picture


@pytest.fixture
def comparing(services: Services) -> Comparing:
    release, verdicts = services.results.release(GOVERNOR, "2025"), services.results.verdicts(GOVERNOR, "2025")
    columns = columns_of(release, THEMES, VI)
    return Comparing(release=release, group="t:so_ban_nganh", verdicts=verdicts, view=GROUP, columns=columns, order=INDEX, locale=VI)


def test_a_ranking_has_a_dot_a_unit_at_its_score_on_a_cut_axis(comparing: Comparing) -> None:
    centre = comparing.funnel.centre if comparing.funnel else None
    picture = ET.fromstring(rank_charts.ranking(comparing.release, comparing.group, comparing.ranked, centre, "x", VI, svg.DESK))
    ticks = [float(str(one.text)) for one in picture.iter("text") if one.get("class") == "s" and str(one.text).isdigit()]
    grid = [float(str(one.get("d")).split()[0][1:]) for one in picture.iter("path") if one.get("class") == "grid"]
    dots = [float(str(one.get("cx"))) for one in picture.iter("circle")]
    drawn_scores = [ticks[0] + (x - grid[0]) / (grid[-1] - grid[0]) * (ticks[-1] - ticks[0]) for x in dots]
    assert len(dots) == len(comparing.ranked) > 2 and ticks[0] > 0
    assert drawn_scores == pytest.approx([one.cell.score for one in comparing.ranked], abs=0.1)
    assert not list(picture.iter("rect"))


def test_a_funnel_has_its_units_between_curves_that_close_with_the_answers(comparing: Comparing) -> None:
    assert comparing.funnel
    picture = ET.fromstring(rank_charts.funnel(comparing.release, comparing.group, comparing.ranked, comparing.funnel, "x", VI))
    marks = [one for one in picture.iter() if one.get("class") == "p unit"]
    assert len(marks) == len(comparing.ranked)
    curves = [str(one.get("d"))[1:].split("L") for one in picture.iter("path") if str(one.get("class")).startswith("break")]
    assert len(curves) == 4
    inner = [[tuple(map(float, point.split())) for point in curve] for curve in curves[:2]]
    widths = [abs(a[1] - b[1]) for a, b in zip(*inner, strict=True)]
    assert all(wider > narrower > 0 for wider, narrower in pairwise(widths))


def test_every_class_of_a_picture_has_its_rule(sheet: Sheet) -> None:
    """An image sees no style of its page."""
    style = Path(svg.__file__).with_name("pictures.css").read_text(encoding="utf-8")
    found = [charts.themes(sheet), charts.trend(sheet), charts.changes(sheet), charts.items(sheet, [sheet.first.items[0][0]], "x")]
    used = {name for picture in found for one in ET.fromstring(picture).iter() for name in one.get("class", "").split()}
    assert len(used) > 10
    assert not [name for name in used if not re.search(rf"\.{name}\b", style)]


@pytest.mark.parametrize("width", SIZES)
def test_the_family_of_units_is_a_picture_with_every_name_and_an_arrow_a_link_and_no_box_upon_another(
    services: Services, width: float
) -> None:
    found = lineage_of(services.results.register(OPERATOR), "t.m")
    tree = ET.fromstring(family_chart.family(found, "t.m", VI, width))
    said = "".join(str(one.text) for one in tree.iter("text")).replace(" ", "")
    assert len(found.units) > 2 and all(unit.name_vi.replace(" ", "") in said for unit in found.units.values())
    assert len([one for one in tree.iter("path") if one.get("class") == "tip"]) == len(found.links) > 1
    boxes = [[float(str(one.get(side))) for side in ("x", "y", "width", "height")] for one in tree.iter("rect")]
    assert len(boxes) == len(found.units) and len([one for one in tree.iter("rect") if one.get("class") == "box own"]) == 1
    height = float(str(tree.get("viewBox")).split()[3])
    for x, y, wide, high in boxes:
        assert x >= 0 and y >= 0 and x + wide <= width and y + high <= height
        others = [one for one in boxes if one != [x, y, wide, high]]
        assert not [one for one in others if x < one[0] + one[2] and one[0] < x + wide and y < one[1] + one[3] and one[1] < y + high]


def test_the_trend_loads_no_charts_until_they_are_asked_for(services: Services) -> None:
    at = looking.look("leader.trend", services, GOVERNOR, live=False, wave="2025", unit="t.m")
    assert VI("Who became whom") in [one.value for one in at.header]
    assert len(images(at)) == 2 * 2 and not at.get("plotly_chart")
    assert len(looking.click(at, VI("Interactive chart")).get("plotly_chart")) == 2
