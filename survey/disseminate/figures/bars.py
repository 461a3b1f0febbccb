"""Horizontal bars with the label above each bar, so that long Vietnamese names fit a phone and a printed half page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from survey.analyse.change import Comparison, State
from survey.design.questionnaire import Item
from survey.disclose.release import Cell, Release, Suppressed
from survey.disseminate.given import base_of
from survey.disseminate.look import (
    ACCENT,
    COOL,
    GREY,
    INK,
    KEY,
    LINE,
    PALE,
    REASONS,
    SIGN,
    TEXT,
    WARM,
    Caption,
    caption,
    finish,
    item_label,
    lines,
    node_name,
    rule,
    score_of,
    weak,
    weak_words,
)
from survey.i18n import Locale

NOTHING = "rgba(0,0,0,0)"  # a hollow bar
LETTERS = {PALE: INK, NOTHING: TEXT}  # on bars of these colours; white on the others
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
    edge: str = NOTHING


def theme_bars(
    release: Release, unit: str, benchmark: str | None, locale: Locale, against: Mapping[str, Comparison] | None = None
) -> go.Figure:
    """Themes of a unit from high to low with 95% intervals; a diamond marks the group's score.

    `against`: measure -> comparison with the group; ▲▼ only where the difference was called.
    """
    _ = locale
    found = against or {}
    rows = {
        theme.id: _row(
            _.pick(theme.vi, theme.en) + ("" if theme.in_index else f" ({_('outside the index')})"),
            release, unit, f"theme:{theme.id}", locale, PALE if not theme.in_index else ACCENT,
            sign=SIGN[found[f"theme:{theme.id}"].state] if f"theme:{theme.id}" in found else "",
        )
        for theme in release.questionnaire.themes
    }  # fmt: skip
    order = sorted(rows, key=lambda theme: (release.questionnaire.theme[theme].in_index, -(rows[theme].value or 0.0)))
    figure, centres = _stack([rows[theme] for theme in order])
    keys = []
    if benchmark is not None:
        others = [release.cell(benchmark, f"theme:{theme}") for theme in order]
        marks = [(other.score, y) for other, y in zip(others, centres, strict=True) if isinstance(other, Cell)]
        figure.add_scatter(
            x=[score for score, _y in marks], y=[y for _score, y in marks], mode="markers", hoverinfo="skip", showlegend=False,
            marker={"symbol": "diamond", "size": 11, "color": WARM, "line": {"color": "white", "width": 1}},
        )  # fmt: skip
        keys = lines(f"◆ {node_name(release, benchmark, locale)}" + ("" if not found else " · " + _("▲▼ clear difference")))
    return _scores(figure, caption(_("Themes"), release, unit, locale), [*keys, *_weak_said(list(rows.values()), release, locale)], locale)


def item_bars(release: Release, unit: str, items: Sequence[Item], title: str, locale: Locale) -> go.Figure:
    """Scores of a few items; reverse items are marked as turned round."""
    rows = [_row(item_label(item, locale), release, unit, f"item:{item.id}", locale, with_base=True) for item in items]
    figure, _centres = _stack(rows)
    return _scores(figure, caption(title, release, unit, locale), _weak_said(rows, release, locale), locale)


def change_bars(
    labels: Sequence[str], comparisons: Sequence[Comparison], release: Release, unit: str, before: str, locale: Locale
) -> go.Figure:
    """Change on the wave `before`: filled where it is sure, hollow where it is not clear."""
    _ = locale
    colour = {State.HIGHER: COOL, State.LOWER: WARM}
    rows = [
        Row(
            label=label, value=one.difference, text=f"{SIGN[one.state]} {_.number(one.difference, 1, sign=True)}".strip(),
            colour=colour.get(one.state, NOTHING), edge=colour.get(one.state, GREY),
        )
        for label, one in zip(labels, comparisons, strict=True)
        if one.difference is not None
    ]  # fmt: skip
    figure, centres = _stack(rows, outside=True)
    reach = max([8.0, *(abs(row.value or 0) for row in rows)]) * 1.45
    figure.update_xaxes(range=[-reach, reach])
    rule(figure, 0, [(y - BAR / 2 - 2, y + BAR / 2 + 2) for y in centres], {"color": GREY, "width": 1.5})
    said = caption(_("Change against wave {wave}, in points", wave=before), release, unit, locale)
    return finish(figure, said, locale, int(figure.layout.yaxis.range[0]), keys=[_("Change in points; filled: clear")])


def _row(
    label: str, release: Release, unit: str, measure: str, locale: Locale, colour: str = ACCENT, *, sign: str = "", with_base: bool = False
) -> Row:  # fmt: skip
    cell = release.cell(unit, measure)
    if isinstance(cell, Suppressed) or cell.score is None:
        reason = locale(REASONS[cell.reason]) if isinstance(cell, Suppressed) else ""
        return Row(label=label, value=None, text=f"╱╱ {reason}")
    text = score_of(cell, locale)
    if with_base:
        text += f" (n = {base_of(cell, locale)})"
    hollow = weak(release, unit, cell)
    return Row(
        label=label, value=cell.score, text=f"{text} {sign}".strip(), low=cell.low, high=cell.high, colour=NOTHING if hollow else colour,
        edge=ACCENT if hollow else NOTHING,
    )  # fmt: skip


def _weak_said(rows: Sequence[Row], release: Release, locale: Locale) -> list[str]:
    return lines(weak_words(release, locale), KEY) if any(row.value is not None and row.colour == NOTHING for row in rows) else []


def _stack(rows: Sequence[Row], outside: bool = False) -> tuple[go.Figure, list[float]]:
    """The bars and, for each, the place of its middle on the vertical axis, which runs downwards in pixels."""
    centres, labels, place = [], [], 0.0
    for row in rows:
        text = lines(row.label)
        labels.append((place, "<br>".join(text)))
        place += LINE * len(text)
        centres.append(place + BAR / 2 + 3)
        place += BAR + GAP + 3
    shown = [(row, y) for row, y in zip(rows, centres, strict=True) if row.value is not None]
    within = [not outside and (row.value or 0) >= ROOM for row, _y in shown]
    figure = go.Figure(
        go.Bar(
            x=[row.value for row, _y in shown], y=[y for _row, y in shown], width=BAR, orientation="h", showlegend=False,
            marker={
                "color": [row.colour for row, _y in shown], "line": {"color": [row.edge for row, _y in shown], "width": 1.5},
                "cornerradius": 2,
            },
            text=[row.text for row, _y in shown], textangle=0, cliponaxis=False, constraintext="none",
            textposition=["inside" if inside else "outside" for inside in within], insidetextanchor="start",
            insidetextfont={"color": [LETTERS.get(row.colour, "white") for row, _y in shown]},
            error_x=_errors([row for row, _y in shown]), hoverinfo="skip",
        )
    )  # fmt: skip
    beside = {"x": 0, "xref": "paper", "xanchor": "left", "showarrow": False}
    texts = [{**beside, "y": top, "yanchor": "top", "text": label, "align": "left", "borderpad": 0} for top, label in labels]
    texts += [{**beside, "y": y, "text": row.text} for row, y in zip(rows, centres, strict=True) if row.value is None]
    figure.layout.annotations = texts  # at once: added one by one, each time all of them are made anew
    figure.update_yaxes(range=[place, 0], showgrid=False, showticklabels=False)
    return figure, centres


def _errors(rows: Sequence[Row]) -> dict[str, object] | None:
    if not any(row.low is not None and row.high is not None for row in rows):
        return None
    return {
        "type": "data", "symmetric": False, "color": TEXT, "thickness": 1.5, "width": 4,
        "array": [(row.high - row.value) if row.high is not None and row.value is not None else 0 for row in rows],
        "arrayminus": [(row.value - row.low) if row.low is not None and row.value is not None else 0 for row in rows],
    }  # fmt: skip


def _scores(figure: go.Figure, said: Caption, keys: Sequence[str], locale: Locale) -> go.Figure:
    figure.update_xaxes(range=[0, 100])
    return finish(figure, said, locale, int(figure.layout.yaxis.range[0]), keys=[*keys, locale("Score (0-100)")])
