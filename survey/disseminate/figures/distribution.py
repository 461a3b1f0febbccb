"""Answers to one item as bars that part at the middle: unfavourable to the left, favourable to the right."""

from __future__ import annotations

from collections.abc import Sequence

import plotly.graph_objects as go

from survey.design.questionnaire import Item
from survey.disclose.release import NOT_AVAILABLE, Cell, Release, Suppressed
from survey.disseminate.given import base_of
from survey.disseminate.look import DIVERGING, INK, REASONS, drawn, finish, label_room, score_of, share_of
from survey.i18n import Locale

ROW = 40  # pixels


def item_distribution(releases: Sequence[Release], units: Sequence[str | None], item: Item, said: list[str], locale: Locale) -> go.Figure:
    """One row a wave, oldest first. `units`: the node in each release, or None where it did not exist; `said`: the caption."""
    _ = locale
    points = list(releases[-1].questionnaire.scales[item.scale].points)
    ordered = list(reversed(points)) if item.reverse else points  # from unfavourable to favourable
    shares, labels, notes = [], [], []
    for release, unit in zip(releases, units, strict=True):
        cell = release.cell(unit, f"item:{item.id}") if unit is not None else Suppressed(NOT_AVAILABLE)
        shares.append(percentages(cell, item))
        notes.append(f"╱╱ {_(REASONS[cell.reason])}" if isinstance(cell, Suppressed) else _in_bounds(cell, _) if not shares[-1] else "")
        labels.append(release.wave.id + (_scored(cell, _) if isinstance(cell, Cell) else ""))
    middle = len(points) // 2
    starts = [-(sum(row[:middle]) + (row[middle] / 2 if len(points) % 2 else 0)) if row else 0.0 for row in shares]
    figure = go.Figure()
    for number, point in enumerate(ordered):
        colour = DIVERGING[_shade(number, len(points))]
        shown = [(place, row) for place, row in enumerate(shares) if row]
        name = drawn(_.pick(point.vi, point.en))
        figure.add_bar(
            x=[row[number] for _place, row in shown], y=[place for place, _row in shown], orientation="h", width=0.78, name=name,
            base=[starts[place] + sum(row[:number]) for place, row in shown],
            marker={"color": colour, "line": {"color": "white", "width": 1}},
            text=[_.percent(row[number]) for _place, row in shown], textposition="inside", insidetextanchor="middle", textangle=0,
            textfont={"color": "white" if colour in (DIVERGING[0], DIVERGING[-1]) else INK},
            hovertext=[f"{name}: {_.percent(row[number], 1)}" for _place, row in shown], hoverinfo="text",
        )  # fmt: skip
    for place, note in enumerate(notes):
        if note:
            figure.add_annotation(x=0, y=place, text=note, showarrow=False)
    figure.update_layout(barmode="overlay", uniformtext={"minsize": 12, "mode": "hide"})  # no number where it has no room
    reach = 10.0 + max([40.0, *(max(-start, start + 100) for start, row in zip(starts, shares, strict=True) if row)])
    figure.update_xaxes(range=[-reach, reach], tickvals=[-100, -50, 0, 50, 100], ticktext=["100%", "50%", "0", "50%", "100%"])
    figure.update_yaxes(range=[len(labels) - 0.5, -0.5], tickvals=list(range(len(labels))), ticktext=labels, showgrid=False)
    figure = finish(figure, said, locale, ROW * len(labels), keys=[_("Share of the answers")], below=100, left=label_room(labels))
    return figure.update_layout(legend={"y": -34 / (ROW * len(labels)), "traceorder": "normal"})


def _scored(cell: Cell, locale: Locale) -> str:
    """Beside a bar: how many answered, and the score their answers make."""
    score = "" if cell.score is None else "<br>" + locale("{score} points", score=score_of(cell, locale))
    return f" (n = {base_of(cell, locale)}){score}"


def percentages(cell: Cell | Suppressed, item: Item) -> list[float]:
    """Shares of the answers in percent, from unfavourable to favourable; [] where there is nothing to show."""
    if isinstance(cell, Suppressed) or not sum(cell.options):
        return []
    options = list(reversed(cell.options)) if item.reverse else list(cell.options)
    return [100 * count / sum(options) for count in options]


def _in_bounds(cell: Cell, locale: Locale) -> str:
    """What stands in place of the bar where the answers may not be shown one by one; in two lines, for a phone."""
    _ = locale
    said = _(
        "favourable {favourable}, unfavourable {unfavourable}",
        favourable=share_of(cell, "favourable", _),
        unfavourable=share_of(cell, "unfavourable", _),
    )
    return said.replace(", ", ",<br>")


def _shade(number: int, points: int) -> int:
    """Place in the palette: the ends are the ends, an odd scale's middle is grey."""
    return round(number * (len(DIVERGING) - 1) / max(points - 1, 1))
