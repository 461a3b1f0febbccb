"""Who became whom, as a picture: units as boxes in columns of time, an arrow from a unit to what its people went to."""

from __future__ import annotations

import textwrap

from survey.analyse.lineage import Lineage
from survey.disseminate.figures.lineage import GAP, LETTERS, WIDTH, label, places, since
from survey.disseminate.sheet import svg
from survey.disseminate.sheet.html import Html, element, number
from survey.i18n import Locale

LINE, AROUND = 16.0, 10.0  # of text; around it, in its box
ARROW = 7.0


def family(found: Lineage, here: str, locale: Locale, width: float = svg.PHONE) -> Html:
    """`here`: the unit that is looked at, drawn dark. On a phone boxes are narrower and their names take more lines."""
    column = width / len(found.columns)
    half = column * (WIDTH if width >= svg.DESK else 0.8) / 2
    letters = min(LETTERS, int(2 * half / svg.NARROW))
    texts = {unit: label(one, locale, letters) for unit, one in found.units.items()}
    row = LINE * max(map(len, texts.values())) + AROUND + GAP
    height = row * max(len(units) for _day, units in found.columns)
    heads = [textwrap.wrap(since(day, locale), int(column / svg.NARROW) - 1) for day, _units in found.columns]
    top = LINE * max(map(len, heads)) + AROUND
    at = {unit: ((place + 0.5) * column, top + y) for unit, (place, y) in places(found, row, height).items()}
    parts = [
        svg.text_at((place + 0.5) * column, LINE * line, words, "v s", "middle")
        for place, said in enumerate(heads)
        for line, words in enumerate(said, start=1)
    ]
    for before, after in found.links:
        (x0, y0), (x1, y1) = at[before], at[after]
        parts += _arrow(x0 + half, y0, x1 - half, y1)
    for unit, (x, y) in at.items():
        parts += _box(x, y, half, texts[unit], "own" if unit == here else "kin")
    return svg.heard_as(width, top + height, locale("Who became whom"), parts)


def _arrow(x0: float, y0: float, x1: float, y1: float) -> list[Html]:
    tip = f"M{number(x1)} {number(y1)}L{number(x1 - ARROW)} {number(y1 - ARROW / 2)}V{number(y1 + ARROW / 2)}Z"
    return [svg.line_to(x0, y0, x1 - ARROW, y1, "l"), element("path", d=tip, class_="tip")]


def _box(x: float, y: float, half: float, said: list[str], class_: str) -> list[Html]:
    high = LINE * len(said) + AROUND
    box = element("rect", x=x - half, y=y - high / 2, width=2 * half, height=high, class_=f"box {class_}")
    first = y - high / 2 + AROUND / 2 + 12
    return [box, *(svg.text_at(x, first + LINE * place, words, f"s {class_}", "middle") for place, words in enumerate(said))]
