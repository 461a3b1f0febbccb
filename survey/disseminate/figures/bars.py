"""Horizontal bars with the label above each bar, so that long Vietnamese names fit a phone and a printed half page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from survey.analyse.change import Comparison, State
from survey.design.questionnaire import Item
from survey.disclose.release import Cell, Release, Suppressed
from survey.disseminate.look import ACCENT, COOL, GREY, INK, LINE, PALE, REASONS, SIGN, WARM, caption, finish, lines, node_name, score_of
from survey.i18n import Locale

BAR, GAP = 17, 10  # pixels; one unit of the vertical axis is one pixel
ROOM = 22  # a bar shorter than this many points carries its number outside


@dataclass(frozen=True, kw_only=True)
class Row:
    """One bar: label above it, number on it; `text` stands alone where `value` is None (hidden)."""

    label: str
    value: float | None
    text: str
    low: float | None = None
    high: float | None = None
    colour: str = ACCENT
    edge: str = "rgba(0,0,0,0)"


def theme_bars(
    release: Release, unit: str, benchmark: str | None, locale: Locale, against: Mapping[str, Comparison] | None = None
) -> go.Figure:
    """Themes of a unit from high to low with 95 % intervals; a diamond marks the group's score.

    `against`: measure -> comparison with the group; ▲▼ only where the difference was called.
    """
    _ = locale
    found = against or {}
    rows = {
        theme.id: _row(
            _.pick(theme.vi, theme.en) + ("" if theme.in_index else f" ({_('outside the index')})"),
            release.cell(unit, f"theme:{theme.id}"), locale, PALE if not theme.in_index else ACCENT,
            sign=SIGN[found[f"theme:{theme.id}"].state] if f"theme:{theme.id}" in found else "",
        )
        for theme in release.questionnaire.themes
    }  # fmt: skip
    order = sorted(rows, key=lambda theme: (release.questionnaire.theme[theme].in_index, -(rows[theme].value or 0.0)))
    figure, centres = _stack([rows[theme] for theme in order])
    said = caption(_("Themes"), release, unit, locale)
    if benchmark is not None:
        others = [release.cell(benchmark, f"theme:{theme}") for theme in order]
        marks = [(other.score, y) for other, y in zip(others, centres, strict=True) if isinstance(other, Cell)]
        figure.add_scatter(
            x=[score for score, _y in marks], y=[y for _score, y in marks], mode="markers", hoverinfo="skip", showlegend=False,
            marker={"symbol": "diamond", "size": 11, "color": WARM, "line": {"color": "white", "width": 1}},
        )  # fmt: skip
        said += lines(f"◆ {node_name(release, benchmark, locale)}" + ("" if not found else " · " + _("▲▼ clear difference")))
    return _scores(figure, said, locale)


def item_bars(release: Release, unit: str, items: Sequence[Item], title: str, locale: Locale) -> go.Figure:
    """Scores of a few items; reverse items are marked as turned round."""
    rows = [_row(item_label(item, locale), release.cell(unit, f"item:{item.id}"), locale, with_base=True) for item in items]
    figure, _centres = _stack(rows)
    return _scores(figure, caption(title, release, unit, locale), locale)


def item_label(item: Item, locale: Locale) -> str:
    text = f"{item.id}. {locale.pick(item.vi, item.en)}"
    return f"{text} ({locale('reverse item: a high score is good')})" if item.reverse else text


def breakdown_bars(release: Release, unit: str, breakdown: str, measure: str, what: str, locale: Locale) -> go.Figure:
    """One measure by category, with intervals, below the unit's whole."""
    _ = locale
    field = next(b for b in release.questionnaire.breakdowns if b.id == breakdown)
    rows = [_row(_("Everybody"), release.cell(unit, measure), locale, with_base=True)]
    rows += [
        _row(_.pick(c.vi, c.en), release.cell(unit, measure, breakdown, str(c.value)), locale, PALE, with_base=True)
        for c in field.published
    ]
    figure, _centres = _stack(rows)
    return _scores(figure, caption(f"{what}, {_.pick(field.vi, field.en)}", release, unit, locale), locale)


def driver_bars(release: Release, unit: str, locale: Locale) -> go.Figure:
    """Each theme's part of what goes with the overall assessment, with its interval; the line is an equal part."""
    _ = locale
    drivers = release.quality and release.quality.drivers.get(unit)
    themes = {theme.id: _.pick(theme.vi, theme.en) for theme in release.questionnaire.themes if theme.in_index}
    found = sorted(drivers.themes if drivers else (), key=lambda one: -one.share)
    rows = [
        Row(label=themes[one.theme], value=one.share, text=_.percent(one.share), low=one.low, high=one.high) for one in found
    ]  # fmt: skip
    hidden = [name for theme, name in themes.items() if theme not in {one.theme for one in found}]
    rows += [Row(label=name, value=None, text="╱╱ " + _("the interval is too wide")) for name in hidden]
    figure, _centres = _stack(rows, room=5)
    figure.update_xaxes(range=[0, max([30.0, *(one.high for one in found)]) * 1.05], ticksuffix=" %")
    figure.add_vline(x=100 / max(len(themes), 1), line={"color": WARM, "width": 1.5, "dash": "dot"})
    said = caption(_("What goes with the overall assessment"), release, unit, locale)
    said += lines(_("Part of the explained differences; dotted: an equal part for every theme"))
    return finish(figure, said, locale, int(figure.layout.yaxis.range[0]))


def change_bars(
    labels: Sequence[str], comparisons: Sequence[Comparison], release: Release, unit: str, before: str, locale: Locale
) -> go.Figure:
    """Change on the wave `before`: filled where it is sure, hollow where it is not clear."""
    _ = locale
    colour = {State.HIGHER: COOL, State.LOWER: WARM}
    rows = [
        Row(
            label=label, value=one.difference, text=f"{SIGN[one.state]} {_.number(one.difference, 1, sign=True)}".strip(),
            colour=colour.get(one.state, "rgba(0,0,0,0)"), edge=colour.get(one.state, GREY),
        )
        for label, one in zip(labels, comparisons, strict=True)
        if one.difference is not None
    ]  # fmt: skip
    figure, _centres = _stack(rows, outside=True)
    reach = max([8.0, *(abs(row.value or 0) for row in rows)]) * 1.45
    figure.update_xaxes(range=[-reach, reach])
    figure.add_vline(x=0, line={"color": GREY, "width": 1})
    said = caption(_("Change against wave {wave}, in points", wave=before), release, unit, locale)
    return finish(figure, said, locale, int(figure.layout.yaxis.range[0]))


def _row(
    label: str, cell: Cell | Suppressed, locale: Locale, colour: str = ACCENT, *, sign: str = "", with_base: bool = False
) -> Row:  # fmt: skip
    if isinstance(cell, Suppressed) or cell.score is None:
        reason = locale(REASONS[cell.reason]) if isinstance(cell, Suppressed) else ""
        return Row(label=label, value=None, text=f"╱╱ {reason}")
    text = score_of(cell, locale)
    if with_base:
        text += f" (n = {locale.number(cell.base, 0)})"
    return Row(label=label, value=cell.score, text=f"{text} {sign}".strip(), low=cell.low, high=cell.high, colour=colour)


def _stack(rows: Sequence[Row], outside: bool = False, room: float = ROOM) -> tuple[go.Figure, list[float]]:
    """The bars and, for each, the place of its middle on the vertical axis, which runs downwards in pixels."""
    centres, labels, place = [], [], 0.0
    for row in rows:
        text = lines(row.label)
        labels.append((place, "<br>".join(text)))
        place += LINE * len(text)
        centres.append(place + BAR / 2 + 3)
        place += BAR + GAP + 3
    shown = [(row, y) for row, y in zip(rows, centres, strict=True) if row.value is not None]
    within = [not outside and (row.value or 0) >= room for row, _y in shown]
    figure = go.Figure(
        go.Bar(
            x=[row.value for row, _y in shown], y=[y for _row, y in shown], width=BAR, orientation="h", showlegend=False,
            marker={
                "color": [row.colour for row, _y in shown], "line": {"color": [row.edge for row, _y in shown], "width": 1.5},
                "cornerradius": 2,
            },
            text=[row.text for row, _y in shown], textangle=0, cliponaxis=False, constraintext="none",
            textposition=["inside" if inside else "outside" for inside in within], insidetextanchor="start",
            insidetextfont={"color": [INK if row.colour == PALE else "white" for row, _y in shown]},
            error_x=_errors([row for row, _y in shown]), hoverinfo="skip",
        )
    )  # fmt: skip
    for top, label in labels:
        figure.add_annotation(
            x=0, xref="paper", xanchor="left", y=top, yanchor="top", text=label, align="left", showarrow=False, borderpad=0
        )  # fmt: skip
    for row, y in zip(rows, centres, strict=True):
        if row.value is None:
            figure.add_annotation(x=0, xref="paper", xanchor="left", y=y, text=row.text, showarrow=False, font={"color": GREY})
    figure.update_yaxes(range=[place, 0], showgrid=False, showticklabels=False)
    return figure, centres


def _errors(rows: Sequence[Row]) -> dict[str, object] | None:
    if not any(row.low is not None and row.high is not None for row in rows):
        return None
    return {
        "type": "data", "symmetric": False, "color": GREY, "thickness": 1.5, "width": 4,
        "array": [(row.high - row.value) if row.high is not None and row.value is not None else 0 for row in rows],
        "arrayminus": [(row.value - row.low) if row.low is not None and row.value is not None else 0 for row in rows],
    }  # fmt: skip


def _scores(figure: go.Figure, said: list[str], locale: Locale) -> go.Figure:
    figure.update_xaxes(range=[0, 100])
    said = [*said, locale("Score (0-100)")]
    return finish(figure, said, locale, int(figure.layout.yaxis.range[0]))
