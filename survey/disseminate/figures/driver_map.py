"""What goes with the overall assessment: each theme by its score and by its part, both with their intervals. No cause is claimed."""

from __future__ import annotations

from collections.abc import Sequence

import plotly.graph_objects as go

from survey.disclose.quality import Drivers
from survey.disclose.release import INDEX, Cell, Release
from survey.disseminate.figures.dots import intervals
from survey.disseminate.look import ACCENT, GREY, KEY, LINE, WARM, caption, finish, lines
from survey.i18n import Locale

PLOT, LEFT = 400, 40  # pixels: the plot, and the numbers beside it
Driver = tuple[Cell, float, float, float]  # the theme's score; its part in percent with its interval


def driver_map(release: Release, unit: str, locale: Locale) -> go.Figure:
    """Across the score, upright the part of the explained differences; numbers stand for the names below the plot."""
    _ = locale
    themes = {theme.id: _.pick(theme.vi, theme.en) for theme in release.questionnaire.themes if theme.in_index}
    drivers: Drivers | None = release.quality.drivers.get(unit) if release.quality else None
    drawn: list[tuple[str, Driver]] = []
    for one in sorted(drivers.themes if drivers else (), key=lambda one: -one.share):
        cell = release.cell(unit, f"theme:{one.theme}")
        if isinstance(cell, Cell) and cell.score is not None:
            drawn.append((themes[one.theme], (cell, one.share, one.low, one.high)))
    figure = _numbered([driver for _name, driver in drawn])
    equal, index = 100 / max(len(themes), 1), release.cell(unit, INDEX)
    figure.add_hline(y=equal, line={"color": WARM, "width": 1.5, "dash": "dot"}, layer="below")
    keys = lines(_("Vertical: part of the explained differences; horizontal: score. Bars: 95% intervals"), KEY)
    keys += lines(_("Dotted: an equal part for every theme; dashed: the index"), KEY)
    if isinstance(index, Cell) and index.score is not None:
        figure.add_vline(x=index.score, line={"color": GREY, "width": 1.5, "dash": "dash"}, layer="below")
    figure.update_yaxes(ticksuffix="%", rangemode="tozero")
    names = [line for number, (name, _one) in enumerate(drawn, start=1) for line in lines(f"{number}. {name}")]
    if hidden := [name for name in themes.values() if name not in {name for name, _one in drawn}]:
        names += lines("╱╱ " + _("the interval is too wide") + ": " + "; ".join(hidden))
    figure.add_annotation(
        x=0, xref="paper", xanchor="left", xshift=-LEFT, y=0, yref="paper", yanchor="top", yshift=-34, align="left", showarrow=False, borderpad=0,
        text="<br>".join(names),
    )  # fmt: skip
    said = caption(_("Scores of the themes, and how far they go with the overall assessment"), release, unit, locale)
    return finish(figure, said, locale, PLOT, keys=keys, below=46 + LINE * len(names), left=LEFT)


def _numbered(drivers: Sequence[Driver]) -> go.Figure:
    """Two traces: intervals below, so that none strikes out a number, and the numbers in their circles."""
    scores, shares = [cell.score or 0.0 for cell, *_part in drivers], [share for _cell, share, _low, _high in drivers]
    parts = {
        "type": "data", "symmetric": False, "color": GREY, "thickness": 1.5, "width": 4,
        "array": [high - share for _cell, share, _low, high in drivers], "arrayminus": [share - low for _cell, share, low, _high in drivers],
    }  # fmt: skip
    figure = go.Figure(
        go.Scatter(
            x=scores, y=shares, mode="markers", marker={"size": 2, "color": GREY}, hoverinfo="skip", showlegend=False, error_y=parts,
            error_x={**intervals([cell for cell, *_part in drivers]), "thickness": 1.5},
        )
    )  # fmt: skip
    return figure.add_scatter(
        x=scores, y=shares, mode="markers+text", text=[str(number) for number in range(1, len(drivers) + 1)], textposition="middle center",
        textfont={"color": "white", "size": 11}, marker={"size": 18, "color": ACCENT, "line": {"color": "white", "width": 1}},
        hoverinfo="skip", showlegend=False,
    )  # fmt: skip
