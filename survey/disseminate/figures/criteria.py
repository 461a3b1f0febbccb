"""Criteria of a plan: where each stood at the launch, half way, and where it stands now."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import groupby

import plotly.graph_objects as go

from survey.analyse.change import State
from survey.analyse.criteria import Line, Reading
from survey.design.criteria import KINDS, Criterion, wording
from survey.disclose.release import Cell
from survey.disseminate.criteria_words import missing
from survey.disseminate.look import ACCENT, COOL, GREY, LINE, SIGN, WARM, caption, finish, lines, score_of
from survey.i18n import Locale

DOTS = 26  # pixels of the line of dots under a wording
HEADING = 24
_COLOUR = {State.HIGHER: COOL, State.LOWER: WARM}


def criteria_dots(found: Reading, locale: Locale, address: Callable[[Criterion], str] | None = None) -> go.Figure:
    """One row a criterion under the heading of its kind: hollow = launch, small = half way, full with its number = now.

    ▲▼ only where the change since the launch was called, ○ where it was not tested. `address`: where a row leads.
    """
    _ = locale
    figure, place = go.Figure(), 0.0
    rows: list[tuple[float, Line]] = []
    texts: list[dict[str, object]] = []
    for kind, group in groupby(found.lines, key=lambda one: one.criterion.kind):
        texts.append(_text(place, f"<b>{_(KINDS[kind])}</b>"))
        place += HEADING
        for one in group:
            text = lines(wording(one.criterion, _))
            texts.append(_text(place, "<br>".join(_linked(line, one.criterion, address) for line in text)))
            place += LINE * len(text)
            rows.append((place + DOTS / 2 - 3, one))
            place += DOTS + 4
        place += 6
    texts += [
        _text(y - 9, f"╱╱ {missing(one.now, _)}", font={"color": GREY}) for y, one in rows if one.waves[found.milestones[-1]].score is None
    ]
    figure.layout.annotations = texts
    _dots(figure, rows, found.milestones, _)
    figure.update_yaxes(range=[place, 0], showgrid=False, showticklabels=False)
    figure.update_xaxes(range=_reach(found), side="bottom")
    said = caption(_("By the plan's criteria"), found.release, found.unit, _, span=f"{found.launch.id} – {found.release.wave.id}")
    said += [*lines(_key(found, _)), _("Score (0-100)")]
    return finish(figure, said, _, int(place))


def _key(found: Reading, locale: Locale) -> str:
    _, ids = locale, [found.waves[place].id for place in found.milestones]
    said = [f"● {ids[-1]}"]
    if len(ids) > 2:
        said.insert(0, _("• {wave} (half way)", wave=ids[1]))
    if len(ids) > 1:
        said = [_("◯ {wave} (launch)", wave=ids[0]), *said, _("▲▼ clear change since the launch, ○ not tested")]
    return "; ".join(said)


def _linked(text: str, one: Criterion, address: Callable[[Criterion], str] | None) -> str:
    """In the colour of the page's own text (plotly's blue is too pale on both pages), underlined as links are."""
    style = "color:currentColor;text-decoration:underline"
    return text if address is None else f'<a href="{address(one)}" target="_self" style="{style}">{text}</a>'


def _text(place: float, text: str, **more: object) -> dict[str, object]:
    beside: dict[str, object] = {"x": 0, "xref": "paper", "xanchor": "left", "y": place, "yanchor": "top"}
    return {**beside, "text": text, "align": "left", "showarrow": False, "borderpad": 0, **more}


def _dots(figure: go.Figure, rows: Sequence[tuple[float, Line]], milestones: Sequence[int], locale: Locale) -> None:
    """Lines from the launch to now first, then the dots of each wave over them."""
    ways: tuple[list[float | None], list[float | None]] = ([], [])
    for y, one in rows:
        scores = [one.waves[place].score for place in milestones]
        known = [score for score in scores if score is not None]
        if len(known) > 1:
            ways[0].extend((known[0], known[-1], None))
            ways[1].extend((y, y, None))
    figure.add_scatter(x=ways[0], y=ways[1], mode="lines", line={"color": GREY, "width": 1.5}, hoverinfo="skip", showlegend=False)
    for place in milestones[:-1]:
        style = {"symbol": "circle-open", "size": 11} if place == 0 else {"symbol": "circle", "size": 6}
        _scatter(figure, [(y, one.waves[place].score) for y, one in rows], {"color": GREY, "line": {"width": 2}, **style})
    now = [(y, one) for y, one in rows if one.now.score is not None]
    figure.add_scatter(
        x=[one.now.score for _y, one in now], y=[y for y, _one in now], mode="markers+text", hoverinfo="skip", showlegend=False,
        cliponaxis=False, marker={"symbol": "circle", "size": 13, "color": [_colour(one) for _y, one in now]},
        text=[_number(one, locale) for _y, one in now], textposition=[_side(one) for _y, one in now], textfont={"size": 13},
    )  # fmt: skip


def _scatter(figure: go.Figure, points: Sequence[tuple[float, float | None]], marker: dict[str, object]) -> None:
    known = [(y, score) for y, score in points if score is not None]
    figure.add_scatter(
        x=[score for _y, score in known], y=[y for y, _score in known], mode="markers", marker=marker, hoverinfo="skip", showlegend=False
    )


def _colour(one: Line) -> str:
    return _COLOUR.get(one.since.state, ACCENT) if one.since else ACCENT


def _side(one: Line) -> str:
    """The number stands away from the dots of the waves before."""
    before = [standing.score for standing in one.waves[:-1] if standing.score is not None]
    return "middle left" if before and (one.now.score or 0) < before[0] else "middle right"


def _number(one: Line, locale: Locale) -> str:
    assert isinstance(one.now.cell, Cell)
    sign = SIGN[one.since.state] if one.since else ""
    return f" {score_of(one.now.cell, locale)} {sign} ".rstrip() + " "


def _reach(found: Reading) -> list[float]:
    """A cut axis with room for the numbers: dots have no length that a cut would falsify."""
    scores = [standing.score for one in found.lines for standing in one.waves if standing.score is not None]
    low, high = (min(scores), max(scores)) if scores else (0.0, 100.0)
    low, high = max(low // 10 * 10, 0), min(-(-high // 10) * 10, 100)
    room = (high - low or 10) * 0.25
    return [low - room * 0.6, high + room]
