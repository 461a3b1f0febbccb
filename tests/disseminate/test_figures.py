"""Figures draw the release's numbers and nothing of what it hides, not even in hover texts."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from functools import partial

import plotly.graph_objects as go
import pytest
from plotly.colors import sample_colorscale

from bootstrap import Services
from survey.access import OPERATOR
from survey.analyse.change import FAVOURABLE, Comparison, State, compare, side
from survey.analyse.ranking import funnel, ranked
from survey.analyse.trend import as_it_was, recast
from survey.analyse.verdicts import PREVIOUS, WHOLE, Verdicts
from survey.disclose.release import INDEX, Cell, Release
from survey.disseminate import figures
from survey.disseminate.look import CHANGE, LINE, caption
from survey.disseminate.sheet import charts
from survey.disseminate.sheet.reading import reading
from survey.disseminate.trending import Trending
from survey.i18n import Locale
from tests.contrast import lightness
from tests.figure_reading import array, numbers, specification, texts
from tests.past_world import HIDDEN, secrets, with_answers

VI = Locale("vi")
GROUP = "t:so_ban_nganh"
_DRAWN: dict[tuple[str, str], dict[str, go.Figure]] = {}  # by hash of the release and unit


def measures(release: Release) -> list[tuple[str, str]]:
    return [(INDEX, "Chỉ số"), *((f"theme:{theme.id}", theme.vi) for theme in release.questionnaire.themes)]


def heatmap(release: Release) -> tuple[go.Figure, list[str], dict[tuple[str, str], Comparison]]:
    units = list(release.plan.children[GROUP])
    keys = [(unit, measure) for unit in units for measure, _label in measures(release)]
    found = compare([(side(release, *key), side(release, GROUP, key[1])) for key in keys], release.policy)
    comparisons = dict(zip(keys, found, strict=True))
    return figures.heatmap(release, GROUP, units, measures(release), comparisons, VI), units, comparisons


def shares(release: Release) -> go.Figure:
    units, columns = list(release.plan.children[GROUP]), measures(release)[1:]
    found = Verdicts((release,)).table([GROUP, *units], [one for one, _label in columns], WHOLE, FAVOURABLE)
    return figures.heatmap(release, GROUP, units, columns, found, VI, of=FAVOURABLE)


def change(releases: tuple[Release, ...]) -> go.Figure:
    release, units = releases[-1], list(releases[-1].plan.children[GROUP])
    found = Verdicts(releases).table([GROUP, *units], [one for one, _label in measures(release)], PREVIOUS)
    return figures.heatmap(release, GROUP, units, measures(release), found, VI, against="so với đợt 2024", change=True)


def ranks(release: Release) -> dict[str, go.Figure]:
    found = ranked(release, release.plan.children[GROUP])
    curve = funnel(release, GROUP, found)
    assert curve is not None
    return {
        "ranking": figures.ranking(release, GROUP, found, curve.centre, "Chỉ số", VI),
        "funnel": figures.funnel_plot(release, GROUP, found, curve, "Chỉ số", VI),
    }


def every_figure(releases: tuple[Release, ...], services: Services, unit: str) -> dict[str, go.Figure]:
    """Drawn once for all who look at them."""
    known = (releases[-1].hash, unit)
    if known not in _DRAWN:
        _DRAWN[known] = _drawn(releases, services, unit)
    return dict(_DRAWN[known])


def _drawn(releases: tuple[Release, ...], services: Services, unit: str) -> dict[str, go.Figure]:
    release = releases[-1]
    register = services.results.register(OPERATOR)
    said = caption("Chỉ số", release, unit, VI)
    series = [("đơn vị", as_it_was(releases, unit), "unit"), ("gộp", recast(releases, register, unit), "recast")]
    field = release.questionnaire.breakdowns[0]
    changes = compare([(side(release, unit, m), side(releases[-2], unit, m)) for m, _label in measures(release)], release.policy)
    held = [one for one in releases if unit in one.plan.by_id]
    return {
        "themes": figures.theme_bars(release, unit, GROUP, VI),
        "items": figures.item_bars(release, unit, release.questionnaire.items, "Câu hỏi", VI),
        "breakdown": figures.breakdown_dots(release, unit, field.id, INDEX, "Chỉ số", VI),
        "changes": figures.change_bars([label for _m, label in measures(release)], changes, release, unit, "2024", VI),
        "trend": figures.trend_lines(series, [figures.Mark(date(2025, 3, 1), "sắp xếp tổ chức 01/03/2025")], {}, said, VI),
        "heatmap": heatmap(release)[0],
        "shares": shares(release),
        "change": change(releases),
        **ranks(release),
        "distribution": figures.item_distribution(held, [unit] * len(held), release.questionnaire.items[0], said, VI),
    }


@pytest.mark.parametrize("unit", [HIDDEN, "t.p", "t.a", "t.m", "t", GROUP])
def test_no_hidden_number_reaches_any_figure_in_any_form(unit: str, telling_services: Services, telling: tuple[Release, ...]) -> None:
    kept = secrets(telling_services, "2025", telling[-1])
    assert len(kept) > 25
    for name, figure in every_figure(telling, telling_services, unit).items():
        sent = {round(number, 6) for number in numbers(specification(figure))}
        assert not sent & kept, name


@pytest.mark.parametrize(
    "name", ["themes", "items", "breakdown", "changes", "trend", "heatmap", "distribution", "shares", "change", "ranking", "funnel"]
)
def test_every_picture_says_by_itself_what_it_shows(name: str, past_services: Services, releases: tuple[Release, ...]) -> None:
    figure = every_figure(releases, past_services, "t.a")[name]
    said = re.sub(r"(<[^>]+>)+", " ", " ".join(texts(specification(figure)["layout"]["annotations"])))
    assert "Số liệu minh họa" in said
    assert "n = " in said
    assert ("Sở A" in said) or name in ("heatmap", "shares", "change", "funnel", "ranking")
    assert figure.layout.separators == ",."


def test_a_heatmap_draws_exactly_the_release_and_signs_only_what_was_called(releases: tuple[Release, ...]) -> None:
    release = releases[-1]
    figure, units, comparisons = heatmap(release)
    drawn = specification(figure)["data"][0]
    rows = [GROUP, *units]
    values, words = array(drawn["z"]), drawn["text"]
    width = len(measures(release))
    flat = values if not isinstance(values[0], list) else [value for row in values for value in row]
    for row, unit in enumerate(rows):
        for column, (measure, _label) in enumerate(measures(release)):
            cell, value, text = release.cell(unit, measure), flat[row * width + column], words[row][column]
            if isinstance(cell, Cell):
                called = (unit, measure) in comparisons and comparisons[unit, measure].called
                assert ("▲" in text or "▼" in text) == called
                assert value == (comparisons[unit, measure].difference if called else 0.0)
                assert text.startswith(VI.number(cell.score, 0))
            else:
                assert value is None
                assert text == ""


def test_without_comparisons_a_heatmap_is_coloured_by_the_level(releases: tuple[Release, ...]) -> None:
    release, units = releases[-1], list(releases[-1].plan.children[GROUP])
    drawn = specification(figures.heatmap(release, GROUP, units, measures(release), {}, VI))
    cells = [release.cell(unit, measure) for unit in (GROUP, *units) for measure, _label in measures(release)]
    assert [value for row in rows_of(drawn["data"][0]["z"]) for value in row] == [getattr(cell, "score", None) for cell in cells]
    assert "▲" not in " ".join(texts(drawn["layout"]["annotations"]))


def rows_of(part: object) -> list[list[float | None]]:
    values = array(part)
    return values if isinstance(values[0], list) else [values]


def test_lower_and_higher_are_as_light_as_each_other_and_the_deeper_the_darker() -> None:
    orange, blue = (
        [lightness(one) for one in sample_colorscale([list(step) for step in CHANGE], steps)]
        for steps in ([0.4, 0.2, 0.0], [0.6, 0.8, 1.0])
    )
    assert orange == pytest.approx(blue, abs=1.5)
    assert orange == sorted(orange, reverse=True)
    assert lightness("#FFFFFF") - orange[0] > 5  # what was called is told from what was not


def test_few_forms_look_as_weak_as_they_are(releases: tuple[Release, ...]) -> None:
    release = releases[-1]

    weak = replace(release, policy={**release.policy, "base_score": 10_000})
    for strong_or_weak, expected in ((release, False), (weak, True)):
        shown = {
            "themes": figures.theme_bars(strong_or_weak, "t.a", GROUP, VI),
            "items": figures.item_bars(strong_or_weak, "t.a", release.questionnaire.items, "Câu hỏi", VI),
            "breakdown": figures.breakdown_dots(strong_or_weak, "t.a", release.questionnaire.breakdowns[0].id, INDEX, "Chỉ số", VI),
        }
        for name, figure in shown.items():
            assert ("Rỗng" in " ".join(texts(specification(figure)["layout"]["annotations"]))) is expected, name
            trace = next(trace for trace in figure.data if trace.type == "bar" or trace.mode == "markers")
            filled = trace.marker.color if trace.type == "bar" else [str(one) for one in trace.marker.symbol]
            hollow = [one.endswith("-open") or one == "rgba(0,0,0,0)" for one in filled]
            assert hollow and all(one is expected for one in hollow), name


def test_breakdowns_stand_on_one_cut_axis_that_holds_every_interval(releases: tuple[Release, ...]) -> None:
    release = releases[-1]
    spans = set()
    for field in release.questionnaire.breakdowns:
        figure = figures.breakdown_dots(release, GROUP, field.id, INDEX, "Chỉ số", VI)
        low, high = figure.layout.xaxis.range
        spans.add((low, high))
        dots = next(trace for trace in figure.data if trace.mode == "markers")
        assert all(
            low <= x - down and x + up <= high for x, down, up in zip(dots.x, dots.error_x.arrayminus, dots.error_x.array, strict=True)
        )
    assert len(spans) == 1
    assert 20 <= high - low < 100


def test_the_readers_own_line_is_the_widest_and_above_the_others_and_names_stand_once(releases: tuple[Release, ...]) -> None:
    own = as_it_was(releases, "t.a")
    series = [
        ("Sở A", own, "unit"),
        ("Sở A", own[:1], "kin"),
        ("Khối", as_it_was(releases, GROUP), "group"),
        ("Tỉnh", as_it_was(releases, "t"), "whole"),
    ]
    marks = [figures.Mark(date(2001, 1, 1), "xa"), figures.Mark(date(2025, 3, 1), "gần")]
    figure = figures.trend_lines(series, marks, {}, ["n"], VI)
    unit, *others = figure.data
    assert all(unit.line.width > other.line.width and unit.marker.size > other.marker.size for other in others)
    assert all((unit.zorder or 0) > (other.zorder or 0) for other in others)
    assert len({trace.name for trace in figure.data}) == len(figure.data)
    assert [shape.x0 for shape in figure.layout.shapes] == ["2025-03-01"]


def test_a_number_stands_away_from_the_line_next_to_it(releases: tuple[Release, ...]) -> None:
    own, other = as_it_was(releases, "t.a"), as_it_was(releases, "t")
    day = own[-1].day
    figure = figures.trend_lines(
        [("Sở A", own, "unit"), ("Tỉnh", other, "whole")], [figures.Mark(day - timedelta(9), "gần")], {}, ["n"], VI
    )
    for place, here, there in zip(figure.data[0].textposition, own, other, strict=True):
        if here.cell and there.cell:
            assert place.startswith("bottom") is ((there.cell.score or 0) > (here.cell.score or 0))
    assert figure.data[0].textposition[-1].endswith("right")
    again = figures.trend_lines(
        [("Sở A", own[:-1], "unit"), ("Tỉnh", other, "whole")], [figures.Mark(own[-2].day + timedelta(9), "sau")], {}, ["n"], VI
    )
    assert again.data[0].textposition[-1].endswith("left")


def test_a_reference_line_stands_beside_the_marks_and_not_through_the_labels(releases: tuple[Release, ...]) -> None:
    field = releases[-1].questionnaire.breakdowns[0]
    figure = figures.breakdown_dots(releases[-1], GROUP, field.id, INDEX, "Chỉ số", VI)
    labels = next(trace for trace in figure.data if trace.mode == "text")
    line = next(trace for trace in figure.data if trace.mode == "lines")
    taken = [(top, top + LINE * (text.count("<br>") + 1)) for top, text in zip(labels.y, labels.text, strict=True)]
    ends = [(a, b) for a, b in zip(line.y[::3], line.y[1::3], strict=True)]
    assert len(ends) == len(taken)
    assert not [1 for top, bottom in ends for first, last in taken if top < last and bottom > first]


def test_a_heatmap_of_changes_colours_only_what_was_called(releases: tuple[Release, ...]) -> None:
    release, units = releases[-1], list(releases[-1].plan.children[GROUP])
    found = Verdicts(releases).table([GROUP, *units], [one for one, _label in measures(release)], PREVIOUS)
    assert any(one.called for one in found.values()) and not all(one.called for one in found.values())
    drawn = array(specification(change(releases))["data"][0]["z"])
    flat = drawn if not isinstance(drawn[0], list) else [value for row in drawn for value in row]
    expected = [
        None if not isinstance(release.cell(unit, measure), Cell) else (one.difference if one.called else 0.0)
        for unit in (GROUP, *units)
        for measure, _label in measures(release)
        for one in (found[unit, measure],)
    ]
    assert flat == expected


def test_hidden_cells_are_hatched_with_the_reason_in_the_legend(releases: tuple[Release, ...]) -> None:
    figure, units, _found = heatmap(releases[-1])
    hatched = [trace for trace in figure.data if trace.type == "bar"]
    assert {trace.name for trace in hatched} == {"ẩn do chưa đủ số phiếu", "ẩn để không suy ra được một số quá nhỏ khác"} & {
        trace.name for trace in hatched
    }
    assert all(trace.marker.pattern.shape and trace.showlegend for trace in hatched)
    rows = {1 + units.index(unit) for unit in units if not releases[-1].visible(unit)}
    assert {row for trace in hatched for row in trace.y} == rows


def test_theme_bars_carry_the_releases_scores_and_intervals(releases: tuple[Release, ...]) -> None:
    release = releases[-1]
    bar = figures.theme_bars(release, "t.a", GROUP, VI).data[0]
    cells = {release.cell("t.a", f"theme:{theme.id}") for theme in release.questionnaire.themes}
    expected = {(cell.score, cell.high) for cell in cells if isinstance(cell, Cell)}
    drawn = zip(bar.x, bar.error_x.array, strict=True)
    assert {(round(score, 6), round(score + up, 6)) for score, up in drawn} == {(round(s or 0, 6), round(h or 0, 6)) for s, h in expected}


def test_a_hidden_unit_gets_the_reason_in_words_and_no_bar(releases: tuple[Release, ...]) -> None:
    figure = figures.theme_bars(releases[-1], HIDDEN, GROUP, VI)
    assert len(figure.data[0].x) == 0
    assert "ẩn do chưa đủ số phiếu" in " ".join(texts(specification(figure)["layout"]["annotations"]))


def test_a_trend_keeps_its_gaps_dots_what_is_recast_and_marks_reorganisations(
    past_services: Services, releases: tuple[Release, ...]
) -> None:
    register = past_services.results.register(OPERATOR)
    own, past = as_it_was(releases, "t.m"), recast(releases, register, "t.m")
    said = caption("Chỉ số", releases[-1], "t.m", VI)
    figure = figures.trend_lines(
        [("m", own, "unit"), ("gộp", past, "recast")],
        [figures.Mark(date(2025, 3, 1), "sắp xếp tổ chức 01/03/2025")],
        {date(2023, 11, 30): "sơ kết"},
        said,
        VI,
    )
    unit, dotted = figure.data
    assert list(unit.y)[:2] == [None, None]
    assert unit.connectgaps is False
    assert dotted.line.dash == "dot"
    assert dotted.marker.symbol == "circle-open"
    assert [shape.x0 for shape in figure.layout.shapes] == ["2025-03-01"]
    assert any("01/03/2025" in text for text in texts(specification(figure)["layout"]["annotations"]))
    assert "sơ kết" in figure.layout.xaxis.ticktext[0]


def test_a_recast_without_one_number_is_not_drawn(past_services: Services, releases: tuple[Release, ...]) -> None:
    own = as_it_was(releases, HIDDEN)
    figure = figures.trend_lines([("n", own, "unit"), ("gộp", own, "recast")], [], {}, ["n"], VI)
    assert len(figure.data) == 1


@pytest.mark.parametrize("reverse", [False, True])
def test_a_distribution_runs_from_unfavourable_to_favourable_and_adds_up(reverse: bool, releases: tuple[Release, ...]) -> None:
    release = releases[-1]
    item = next(one for one in release.questionnaire.items if one.reverse is reverse)
    figure = figures.item_distribution(releases, [unit := with_answers(release, item.id)] * 3, item, ["n"], VI)
    cell = release.cell(unit, f"item:{item.id}")
    assert isinstance(cell, Cell)
    last = [trace.x[-1] for trace in figure.data]
    assert sum(last) == pytest.approx(100)
    assert f"{VI.number(cell.score)} điểm" in figure.layout.yaxis.ticktext[-1]
    assert sum(last[-2:]) == pytest.approx(cell.favourable, abs=0.006)
    assert sum(last[:2]) == pytest.approx(cell.unfavourable, abs=0.006)


def test_changes_are_filled_only_where_they_were_called(releases: tuple[Release, ...]) -> None:
    found = [
        Comparison(5.0, State.HIGHER),
        Comparison(-5.0, State.LOWER),
        Comparison(9.0, State.NO_CLEAR_DIFFERENCE),
        Comparison(9.0, State.NOT_TESTED),
    ]
    bar = figures.change_bars(["a", "b", "c", "d"], found, releases[-1], "t.a", "2024", VI).data[0]
    hollow = "rgba(0,0,0,0)"
    assert [colour == hollow for colour in bar.marker.color] == [False, False, True, True]
    assert list(bar.text) == ["▲ +5,0", "▼ −5,0", "+9,0", "○ +9,0"]


def test_overview_sheet_report_and_trend_draw_the_same_reorganisations(releases: tuple[Release, ...], past_services: Services) -> None:
    register, verdicts = past_services.results.register(OPERATOR), partial(past_services.results.verdicts, OPERATOR)
    found: dict[str, list[date]] = {}
    for node in releases[-1].nodes():
        sheet = reading(past_services.results, OPERATOR, "2025", node.id, VI)
        of = Trending(
            release=releases[-1], releases=releases, register=register, unit=node.id, measure=INDEX, what="", verdicts=verdicts, locale=VI
        )
        found[node.id] = [mark.day for mark in charts.breaks(sheet)]
        assert found[node.id] == [mark.day for mark in of.breaks() if not mark.asked]
    assert {len(days) for days in found.values()} >= {0, 1}, "a rule that draws all or nothing everywhere is no rule"
