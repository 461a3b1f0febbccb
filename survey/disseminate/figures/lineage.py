"""Who became whom: units as boxes in columns of time, lines from a unit to what its people went to."""

from __future__ import annotations

import textwrap
from datetime import date

import plotly.graph_objects as go

from survey.analyse.lineage import Lineage
from survey.design.units import Unit
from survey.disseminate.look import ACCENT, GREY, HIDDEN, INK, LINE, drawn, finish
from survey.i18n import Locale

WIDTH = 0.66  # of a column
LETTERS = 27  # of a name in a box
GAP = 12  # pixels between boxes


def lineage_picture(found: Lineage, here: str, said: list[str], locale: Locale) -> go.Figure:
    """`here`: the unit that is looked at (drawn dark); `said`: the caption."""
    _ = locale
    texts = {unit: [drawn(line) for line in label(one, locale)] for unit, one in found.units.items()}
    row = LINE * max(len(text) for text in texts.values()) + 8 + GAP
    height = row * max(len(units) for _day, units in found.columns)
    at = places(found, row, height)
    figure = go.Figure()
    for before, after in found.links:
        (x0, y0), (x1, y1) = at[before], at[after]
        figure.add_scatter(
            x=[x0 + WIDTH / 2, x1 - WIDTH / 2 - 0.02], y=[y0, y1], mode="lines+markers", hoverinfo="skip", showlegend=False,
            line={"color": GREY, "width": 1.5}, marker={"symbol": "triangle-right", "size": [0, 10], "color": GREY},
        )  # fmt: skip
    for unit, (x, y) in at.items():
        half = (LINE * len(texts[unit]) + 8) / 2
        figure.add_shape(
            type="rect", x0=x - WIDTH / 2, x1=x + WIDTH / 2, y0=y - half, y1=y + half, layer="above",
            fillcolor=ACCENT if unit == here else HIDDEN, line={"color": INK, "width": 2 if unit == here else 0.7},
        )  # fmt: skip
        figure.add_annotation(
            x=x, y=y, text="<br>".join(texts[unit]), showarrow=False, align="center",
            font={"size": 12, "color": "white" if unit == here else INK},
        )  # fmt: skip
    for column, (day, _units) in enumerate(found.columns):
        figure.add_annotation(
            x=column, y=1, yref="paper", yanchor="bottom", yshift=4, showarrow=False,
            text=f"<b>{since(day, _)}</b>",
        )  # fmt: skip
    figure.update_xaxes(range=[-0.5, len(found.columns) - 0.5], showgrid=False, showticklabels=False)
    figure.update_yaxes(range=[height, 0], showgrid=False, showticklabels=False)
    return finish(figure, said, locale, height, above=LINE + 8, below=12)


def places(found: Lineage, row: float, height: float) -> dict[str, tuple[int, float]]:
    """Column and height of every box: the last column is spread evenly, the others stand beside what they became."""
    found_at: dict[str, tuple[int, float]] = {}
    for column, (_day, units) in reversed(list(enumerate(found.columns))):
        even = {unit.id: (number + 0.5) * height / len(units) for number, unit in enumerate(units)}
        wanted = []
        for unit in units:
            after = [found_at[other][1] for before, other in found.links if before == unit.id and other in found_at]
            wanted.append((sum(after) / len(after) if after else even[unit.id], unit.id))
        heights: list[float] = []
        for number, (place, _unit) in enumerate(sorted(wanted)):  # no box upon another, none outside
            least = heights[-1] + row if heights else row / 2
            heights.append(min(max(place, least), height - (len(units) - number - 0.5) * row))
        found_at |= {unit: (column, place) for (_wanted, unit), place in zip(sorted(wanted), heights, strict=True)}
    return found_at


def since(day: date | None, locale: Locale) -> str:
    """What stands above a column."""
    return locale("from {day}", day=locale.day(day)) if day else locale("before the reorganisations")


def label(unit: Unit, locale: Locale, letters: int = LETTERS) -> list[str]:
    """What stands in a box: name and staff."""
    text = textwrap.wrap(locale.pick(unit.name_vi, unit.name_en), letters, break_long_words=False)
    return text if unit.headcount is None else [*text, locale("{n} people", n=locale.number(unit.headcount, 0))]
