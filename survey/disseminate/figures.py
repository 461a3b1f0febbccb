"""Figures: releases in, a plotly Figure out. What is hidden never enters a figure, not even its hover text."""

from __future__ import annotations

from collections.abc import Sequence

import plotly.graph_objects as go

from survey.analyse.change import Comparison, State
from survey.analyse.trend import Point
from survey.design.questionnaire import Item
from survey.disclose.release import Cell, Release, Suppressed
from survey.disseminate.look import ACCENT, COOL, DIVERGING, GREY, HIDDEN, PALE, REASONS, SEQUENTIAL, WARM, finish, wrapped
from survey.i18n import Locale

SIGN = {State.HIGHER: "▲", State.LOWER: "▼", State.NO_CLEAR_DIFFERENCE: "", State.NOT_TESTED: ""}


def node_name(release: Release, unit: str, locale: Locale) -> str:
    node = release.node(unit)
    return locale.pick(node.name_vi, node.name_en)


def theme_bars(release: Release, unit: str, benchmark: str | None, locale: Locale) -> go.Figure:
    """Themes of a unit as horizontal bars with 95 % intervals; a diamond marks the group's score."""
    _ = locale
    themes = list(reversed(release.questionnaire.themes))
    cells = [release.cell(unit, f"theme:{theme.id}") for theme in themes]
    labels = [
        wrapped(_.pick(theme.vi, theme.en) + (f" ({_(REASONS[cell.reason])})" if isinstance(cell, Suppressed) else ""))
        for theme, cell in zip(themes, cells, strict=True)
    ]
    shown = [cell if isinstance(cell, Cell) else None for cell in cells]
    figure = go.Figure(
        go.Bar(
            y=labels,
            x=[cell.score if cell else None for cell in shown],
            orientation="h",
            marker_color=[ACCENT if theme.in_index else PALE for theme in themes],
            error_x={
                "type": "data",
                "symmetric": False,
                "array": [(cell.high or cell.score or 0) - (cell.score or 0) if cell else 0 for cell in shown],
                "arrayminus": [(cell.score or 0) - (cell.low or cell.score or 0) if cell else 0 for cell in shown],
                "color": GREY,
                "thickness": 1.5,
            },
            text=[_.number(cell.score) if cell else "" for cell in shown],
            textposition="inside",
            insidetextanchor="start",
            textfont={"color": "white"},
            hovertext=[_("Base {n}", n=_.number(cell.base, 0)) if cell else "" for cell in shown],
            hoverinfo="text",
            name=node_name(release, unit, locale),
        )
    )
    if benchmark is not None:
        others = [release.cell(benchmark, f"theme:{theme.id}") for theme in themes]
        figure.add_scatter(
            y=labels,
            x=[other.score if isinstance(other, Cell) else None for other in others],
            mode="markers",
            marker={"symbol": "diamond", "size": 11, "color": WARM, "line": {"color": "white", "width": 1}},
            name=node_name(release, benchmark, locale),
            hoverinfo="skip",
        )
    figure.update_xaxes(range=[0, 100], title=_("Score (0-100)"))
    return finish(figure, release, locale, 46 * len(themes) + 110)


def item_bars(release: Release, unit: str, items: Sequence[Item], locale: Locale) -> go.Figure:
    """Scores of a few items; reverse items are marked as turned round."""
    _ = locale
    ordered = list(reversed(items))
    cells = [release.cell(unit, f"item:{item.id}") for item in ordered]
    figure = go.Figure(
        go.Bar(
            y=[wrapped(item_label(item, locale), 48) for item in ordered],
            x=[cell.score if isinstance(cell, Cell) else None for cell in cells],
            orientation="h",
            marker_color=ACCENT,
            text=[_.number(cell.score) if isinstance(cell, Cell) else "" for cell in cells],
            textposition="inside",
            insidetextanchor="start",
            textfont={"color": "white"},
            hovertext=[_("Base {n}", n=_.number(cell.base, 0)) if isinstance(cell, Cell) else "" for cell in cells],
            hoverinfo="text",
        )
    )
    figure.update_xaxes(range=[0, 100], title=_("Score (0-100)"))
    return finish(figure, release, locale, 62 * max(len(ordered), 1) + 80)


def item_label(item: Item, locale: Locale) -> str:
    text = f"{item.id}. {locale.pick(item.vi, item.en)}"
    return f"{text} ({locale('reverse item, score turned round')})" if item.reverse else text


def heatmap(
    release: Release,
    units: Sequence[str],
    measures: Sequence[tuple[str, str]],
    comparisons: dict[tuple[str, str], Comparison],
    locale: Locale,
) -> go.Figure:
    """Units x themes: the value in every cell, ▲▼ where it differs for sure, hatching where it is hidden.

    `measures`: (measure, label); `comparisons`: (unit, measure) -> against the group.
    """
    _ = locale
    rows = list(reversed(units))
    cells = [[release.cell(unit, measure) for measure, _label in measures] for unit in rows]
    names = [wrapped(node_name(release, unit, locale), 38) for unit in rows]
    # The index stands before the themes; axis places are numbers, so that equal names stay apart.
    values = [[cell.score if isinstance(cell, Cell) else None for cell in row] for row in cells]
    texts = [
        [
            f"{_.number(cell.score, 0)} {SIGN[comparisons[unit, measure].state]}".strip() if isinstance(cell, Cell) else "╱╱"
            for cell, (measure, _label) in zip(row, measures, strict=True)
        ]
        for unit, row in zip(rows, cells, strict=True)
    ]
    hover = [
        [_hover(cell, name, label, locale) for cell, (_measure, label) in zip(row, measures, strict=True)]
        for name, row in zip(names, cells, strict=True)
    ]
    figure = go.Figure(
        go.Heatmap(
            z=values, x=list(range(len(measures))), y=list(range(len(rows))), zmin=30, zmax=90, colorscale=SEQUENTIAL,
            text=texts, texttemplate="%{text}", textfont={"size": 13, "color": "#1C2B2E"}, hovertext=hover, hoverinfo="text",
            xgap=2, ygap=2, colorbar={"title": _("Score"), "thickness": 12, "outlinewidth": 0}, hoverongaps=False,
        )
    )  # fmt: skip
    for row_number, row in enumerate(cells):
        for column, cell in enumerate(row):
            if isinstance(cell, Suppressed):
                box = {"x0": column - 0.5, "x1": column + 0.5, "y0": row_number - 0.5, "y1": row_number + 0.5}
                figure.add_shape(type="rect", **box, fillcolor=HIDDEN, line={"color": "white", "width": 2}, layer="below")
                figure.add_annotation(
                    x=column,
                    y=row_number,
                    text="╱╱╱",
                    showarrow=False,
                    font={"color": "#5B6B70", "size": 13},
                    hovertext=_(REASONS[cell.reason]),
                )
    figure.update_xaxes(
        tickvals=list(range(len(measures))),
        ticktext=[wrapped(label, 10) for _measure, label in measures],
        side="top",
        tickangle=0,
        tickfont={"size": 12},
    )
    figure.update_yaxes(tickvals=list(range(len(rows))), ticktext=names)
    height = 34 * len(rows) + 8 * sum(name.count("<br>") for name in names) + 190
    figure = finish(figure, release, locale, max(height, 260))
    figure.update_layout(margin_t=30 + 17 * max(wrapped(label, 10).count("<br>") + 1 for _measure, label in measures))
    return figure


def _hover(cell: Cell | Suppressed, name: str, label: str, locale: Locale) -> str:
    said = f"{name}<br>{label}<br>"
    if isinstance(cell, Suppressed):
        return said + locale(REASONS[cell.reason])
    return said + locale("{score} points, base {n}", score=locale.number(cell.score), n=locale.number(cell.base, 0))


def trend_lines(
    series: Sequence[tuple[str, Sequence[Point], str]], breaks: Sequence[tuple[str, str]], marks: dict[str, str], locale: Locale
) -> go.Figure:
    """Lines over waves: (name, points, style), style "unit", "group", "whole" or "recast".

    `breaks`: (day, text) of reorganisations; `marks`: day -> milestone. Gaps stay gaps.
    """
    _ = locale
    styles = {
        "unit": {"color": ACCENT, "width": 3.5, "dash": "solid"},
        "recast": {"color": ACCENT, "width": 2.5, "dash": "dot"},
        "group": {"color": WARM, "width": 2, "dash": "dash"},
        "whole": {"color": GREY, "width": 2, "dash": "dashdot"},
    }
    symbols = {"unit": "circle", "recast": "circle-open", "group": "square", "whole": "diamond"}
    figure = go.Figure()
    for name, points, style in series:
        scores = [point.cell.score if point.cell else None for point in points]
        figure.add_scatter(
            x=[point.day.isoformat() for point in points],
            y=scores,
            mode="lines+markers+text" if style == "unit" else "lines+markers",
            text=[_.number(score) if score is not None else "" for score in scores],
            textposition="top left",
            name=name,
            line=styles[style],
            marker={"symbol": symbols[style], "size": 9},
            connectgaps=False,
            error_y=_errors(points) if style == "unit" else None,
            hovertext=[
                _("{wave}: {score} points, base {n}", wave=p.release.wave.id, score=_.number(p.cell.score), n=_.number(p.cell.base, 0))
                if p.cell
                else ""
                for p in points
            ],
            hoverinfo="text",
        )
    for number, (day, text) in enumerate(breaks):
        figure.add_vline(x=day, line={"color": "#6B2E8C", "width": 1.5, "dash": "dash"})
        # One above the other: the two of 2025 stand four months apart.
        place = {"y": 0.02 + 0.075 * (number % 3), "yref": "paper", "xanchor": "right", "align": "right"}
        figure.add_annotation(x=day, **place, text=text, showarrow=False, font={"size": 12, "color": "#6B2E8C"})
    known = [p.cell.score for _n, points, _s in series for p in points if p.cell and p.cell.score is not None]
    low, high = (min(known), max(known)) if known else (0, 100)
    figure.update_yaxes(range=[max(0, low - 12), min(100, high + 7)], title=_("Score (0-100)"))
    days = sorted({point.day.isoformat(): point.release.wave.id for _n, points, _s in series for point in points}.items())
    figure.update_xaxes(
        tickvals=[day for day, _wave in days], ticktext=[f"{wave}<br>{marks[day]}" if day in marks else wave for day, wave in days]
    )
    first = next((points[-1].release for _n, points, _s in series if points), None)
    assert first is not None
    return finish(figure, first, locale, 430)


def _errors(points: Sequence[Point]) -> dict[str, object]:
    def half(high: float | None, low: float | None) -> float:
        return 0.0 if high is None or low is None else max(high - low, 0.0)

    return {
        "type": "data",
        "symmetric": False,
        "array": [half(p.cell.high, p.cell.score) if p.cell else 0 for p in points],
        "arrayminus": [half(p.cell.score, p.cell.low) if p.cell else 0 for p in points],
        "thickness": 1.2,
        "color": GREY,
    }


def item_distribution(releases: Sequence[Release], units: Sequence[str | None], item: Item, locale: Locale) -> go.Figure:
    """Answers to one item in every wave, as bars that part at the middle: unfavourable left, favourable right.

    `units`: the node in each release, or None where it did not exist.
    """
    _ = locale
    scale = releases[-1].questionnaire.scales[item.scale]
    points = list(scale.points)
    ordered = list(reversed(points)) if item.reverse else points  # from unfavourable to favourable
    colours = DIVERGING if len(points) == 5 else (DIVERGING[0], DIVERGING[-1]) if len(points) == 2 else DIVERGING[: len(points)]
    labels, shares = [], []
    for release, unit in zip(releases, units, strict=True):
        cell = release.cell(unit, f"item:{item.id}") if unit is not None else None
        if isinstance(cell, Cell) and any(cell.options):
            options = list(reversed(cell.options)) if item.reverse else list(cell.options)
            shares.append([100 * count / sum(options) for count in options])
            labels.append(f"{release.wave.id} (n = {_.number(cell.base, 0)})")
        else:
            shares.append([0.0] * len(points))
            reason = REASONS[cell.reason] if isinstance(cell, Suppressed) else REASONS["not-available"]
            labels.append(f"{release.wave.id} ({_(reason)})")
    figure = go.Figure()
    middle = len(points) // 2
    for number, point in enumerate(ordered):
        # Bars left of the middle grow leftwards; a neutral middle option is halved around it.
        left = number < middle
        neutral = len(points) % 2 == 1 and number == middle
        base = []
        for row in shares:
            start = -sum(row[:middle]) - (row[middle] / 2 if len(points) % 2 else 0)
            base.append(start + sum(row[:number]))
        figure.add_bar(
            y=labels,
            x=[row[number] for row in shares],
            base=base,
            orientation="h",
            marker={"color": colours[number], "line": {"color": "white", "width": 1}},
            name=_.pick(point.vi, point.en),
            text=[_.percent(row[number]) if row[number] >= 6 else "" for row in shares],
            textposition="inside",
            insidetextanchor="middle",
            textangle=0,
            textfont={"color": "white" if (left or not neutral) and number in (0, len(points) - 1) else "#1C2B2E"},
            hovertext=[f"{_.pick(point.vi, point.en)}: {_.percent(row[number], 1)}" for row in shares],
            hoverinfo="text",
        )
    figure.update_layout(barmode="overlay")
    figure.update_xaxes(range=[-100, 100], tickvals=[-100, -50, 0, 50, 100], ticktext=["100%", "50%", "0", "50%", "100%"])
    figure.update_yaxes(autorange="reversed")
    figure = finish(figure, releases[-1], locale, 44 * len(labels) + 150)
    figure.update_layout(legend={"traceorder": "normal", "y": 1.02})
    return figure


def breakdown_bars(release: Release, unit: str, breakdown: str, measure: str, locale: Locale) -> go.Figure:
    """One measure by category, with intervals, beside the unit's whole."""
    _ = locale
    field = next(b for b in release.questionnaire.breakdowns if b.id == breakdown)
    rows = [(_("Everybody"), release.cell(unit, measure))]
    rows += [(_.pick(c.vi, c.en), release.cell(unit, measure, breakdown, str(c.value))) for c in field.published]
    shown = [(label, cell) for label, cell in reversed(rows) if isinstance(cell, Cell)]
    figure = go.Figure(
        go.Bar(
            y=[wrapped(label, 40) for label, _cell in shown],
            x=[cell.score for _label, cell in shown],
            orientation="h",
            marker_color=[ACCENT if number == len(shown) - 1 else PALE for number in range(len(shown))],
            error_x={
                "type": "data",
                "symmetric": False,
                "array": [(cell.high or cell.score or 0) - (cell.score or 0) for _label, cell in shown],
                "arrayminus": [(cell.score or 0) - (cell.low or cell.score or 0) for _label, cell in shown],
                "color": GREY,
            },
            text=[f"{_.number(cell.score)} (n = {_.number(cell.base, 0)})" for _label, cell in shown],
            textposition="inside",
            insidetextanchor="start",
            textfont={"color": ["#1C2B2E" if number < len(shown) - 1 else "white" for number in range(len(shown))]},
            hoverinfo="skip",
        )
    )
    figure.update_xaxes(range=[0, 100], title=_("Score (0-100)"))
    return finish(figure, release, locale, 52 * max(len(shown), 1) + 90)


def change_bars(labels: Sequence[str], comparisons: Sequence[Comparison], release: Release, locale: Locale) -> go.Figure:
    """Change on the last wave: filled where it is sure, hollow where it is not clear."""
    _ = locale
    rows = [(label, one) for label, one in zip(labels, comparisons, strict=True) if one.difference is not None]
    rows.reverse()
    colour = {State.HIGHER: COOL, State.LOWER: WARM}
    figure = go.Figure(
        go.Bar(
            y=[wrapped(label) for label, _one in rows],
            x=[one.difference for _label, one in rows],
            orientation="h",
            marker={
                "color": [colour.get(one.state, "rgba(0,0,0,0)") for _label, one in rows],
                "line": {"color": [colour.get(one.state, GREY) for _label, one in rows], "width": 1.5},
            },
            text=[f"{SIGN[one.state]} {_.number(one.difference, 1, sign=True)}".strip() for _label, one in rows],
            textposition="outside",
            cliponaxis=False,
            hoverinfo="skip",
        )
    )
    reach = max([8.0, *(abs(one.difference or 0) for _label, one in rows)]) * 1.35
    figure.update_xaxes(range=[-reach, reach], title=_("Points against the last wave"))
    figure.add_vline(x=0, line={"color": GREY, "width": 1})
    return finish(figure, release, locale, 40 * max(len(rows), 1) + 100)
