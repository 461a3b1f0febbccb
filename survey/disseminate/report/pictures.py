"""Charts as pictures for paper, drawn with Pillow: no browser, a few milliseconds each, clear without colour.

A bar is told from another by its fill (full, pale, hollow), a line by its dashes and the shape of its points;
a hidden number is a word in the place of the bar, a gap in a line stays a gap.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from datetime import date
from functools import cache
from itertools import pairwise

from PIL import Image, ImageDraw, ImageFont

from survey import fonts
from survey.disseminate.look import ACCENT, GREY, INK, PALE, PLUM, WARM
from survey.disseminate.shapes import Bar as Bar
from survey.disseminate.shapes import Line as Line

DOTS = 220 / 25.4  # pixels a millimetre
WIDTH = 160.0  # millimetres: the text's width on A4
COLOURS = 32  # of the stored picture: flat areas and the edges of letters need no more
TEXT, SMALL = 3.9, 3.5  # millimetres, height of the letters
LINE = 4.6
BAR, GAP = 4.2, 2.2
LABELS = 62.0  # millimetres for the labels of bars
FILLS = {
    "full": (ACCENT, ACCENT),
    "pale": (PALE, ACCENT),
    "hollow": ("#FFFFFF", GREY),
    "weak": ("#FFFFFF", ACCENT),
    "up": (ACCENT, ACCENT),
    "down": (WARM, WARM),
}
LETTERS = {"full": "#FFFFFF", "pale": INK, "weak": INK}  # on a bar; the others have their number beside them
GRID = "#D5DCDE"

Point = tuple[float, float]


@cache
def _font(size: float, bold: bool = False) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(fonts.OFFICIAL_STYLES["B" if bold else ""], round(size * DOTS))


class _Sheet:
    """White paper measured in millimetres."""

    def __init__(self, height: float, width: float = WIDTH) -> None:
        self.width, self.height = width, height
        self.image = Image.new("RGB", (round(width * DOTS), round(height * DOTS)), "white")
        self.draw = ImageDraw.Draw(self.image)

    def text(self, x: float, y: float, text: str, anchor: str = "lm", size: float = TEXT, fill: str = INK, bold: bool = False) -> None:
        self.draw.text((x * DOTS, y * DOTS), text, fill=fill, font=_font(size, bold), anchor=anchor)

    def measure(self, text: str, size: float = TEXT) -> float:
        return _font(size).getlength(text) / DOTS

    def line(self, points: Sequence[Point], fill: str = INK, width: float = 0.25) -> None:
        self.draw.line([(x * DOTS, y * DOTS) for x, y in points], fill=fill, width=max(1, round(width * DOTS)))

    def dashed(self, start: Point, end: Point, dash: float, gap: float, fill: str, width: float) -> None:
        length = ((end[0] - start[0]) ** 2 + (end[1] - start[1]) ** 2) ** 0.5
        if not gap or not length:
            self.line([start, end], fill, width)
            return
        along = ((end[0] - start[0]) / length, (end[1] - start[1]) / length)
        done = 0.0
        while done < length:
            upto = min(done + dash, length)
            self.line([(start[0] + along[0] * at, start[1] + along[1] * at) for at in (done, upto)], fill, width)
            done = upto + gap

    def box(self, left: float, top: float, right: float, bottom: float, fill: str, edge: str) -> None:
        corners = (left * DOTS, top * DOTS, right * DOTS, bottom * DOTS)
        self.draw.rectangle(corners, fill=fill, outline=edge, width=round(0.3 * DOTS))

    def shape(self, kind: str, x: float, y: float, size: float, fill: str, edge: str) -> None:
        x, y, r = x * DOTS, y * DOTS, size / 2 * DOTS
        width = max(2, round(0.4 * DOTS))
        if kind == "circle":
            self.draw.ellipse((x - r, y - r, x + r, y + r), fill=fill, outline=edge, width=width)
        elif kind == "square":
            self.draw.rectangle((x - r, y - r, x + r, y + r), fill=fill, outline=edge, width=width)
        else:
            self.draw.polygon(
                [(x, y - 1.3 * r), (x + 1.3 * r, y), (x, y + 1.3 * r), (x - 1.3 * r, y)], fill=fill, outline=edge, width=width
            )

    def png(self) -> bytes:
        out = io.BytesIO()
        few = self.image.quantize(COLOURS, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
        palette, paper = few.getpalette() or [], few.getpixel((0, 0))
        assert isinstance(paper, int)
        few.putpalette([*palette[: 3 * paper], 255, 255, 255, *palette[3 * paper + 3 :]])  # paper is white, not nearly white
        few.save(out, "PNG", dpi=(DOTS * 25.4, DOTS * 25.4))
        return out.getvalue()


@cache
def _wrapped(text: str, width: float = LABELS, size: float = TEXT) -> list[str]:
    """Lines of whole words that fit into `width` millimetres."""
    found = [""]
    for word in text.split():
        longer = f"{found[-1]} {word}".strip()
        if found[-1] and _font(size).getlength(longer) > width * DOTS:
            found.append(word)
        else:
            found[-1] = longer
    return found


def bars(rows: Sequence[Bar], low: float, high: float, legend: Sequence[str], ticks: Sequence[tuple[float, str]]) -> tuple[bytes, float]:
    """Horizontal bars from 0 on an axis from `low` to `high`; the PNG and its height in millimetres."""
    labels = [_wrapped(row.label) for row in rows]
    heights = [max(len(label) * LINE, BAR) + GAP for label in labels]
    top, foot = 1.5, 6.0
    said = [line for text in legend for line in _wrapped(text, WIDTH - 4, SMALL)]
    sheet = _Sheet(top + sum(heights) + foot + 4.2 * len(said) + 1)
    left, right = LABELS + 2, WIDTH - 20

    def place(value: float) -> float:
        return left + (min(max(value, low), high) - low) / (high - low) * (right - left)

    bottom = top + sum(heights)
    for value, text in ticks:
        sheet.line([(place(value), top), (place(value), bottom)], GRID)
        sheet.text(place(value), bottom + 2.8, text, "mm", SMALL)
    y = top
    for row, label, height in zip(rows, labels, heights, strict=True):
        middle = y + height / 2
        for number, words in enumerate(label):
            sheet.text(0.5, middle + (number - (len(label) - 1) / 2) * LINE, words)
        _bar(sheet, row, middle, place)
        y += height
    sheet.line([(place(0), top), (place(0), bottom)], INK, 0.3)
    for number, words in enumerate(said):
        sheet.text(0.5, bottom + foot + 2.2 + 4.2 * number, words, size=SMALL)
    return sheet.png(), sheet.height


def _bar(sheet: _Sheet, row: Bar, middle: float, place: Callable[[float], float]) -> None:
    if row.value is None:
        sheet.text(place(0) + 1.5, middle, row.text)
        return
    fill, edge = FILLS[row.fill]
    ends = sorted((place(0), place(row.value)))
    sheet.box(ends[0], middle - BAR / 2, max(ends[1], ends[0] + 0.3), middle + BAR / 2, fill, edge)
    reach, free = [ends[0], ends[1]], ends[1]  # up to `free` nothing stands on the bar
    if row.low is not None and row.high is not None:
        first, last = place(row.low), place(row.high)
        free = min(free, first)
        sheet.line([(first, middle), (last, middle)], INK, 0.3)
        for x in (first, last):
            sheet.line([(x, middle - 0.9), (x, middle + 0.9)], INK, 0.3)
        reach += [first, last]
    if row.mark is not None:
        x = place(row.mark)
        sheet.shape("diamond", x, middle, 2.6, "#FFFFFF", INK)
        reach, free = [*reach, x - 1.5, x + 1.5], min(free, x - 1.5)
    inner = LETTERS.get(row.fill)
    if inner and place(0) + 1.5 + sheet.measure(row.text, SMALL) < free - 1:
        sheet.text(place(0) + 1.5, middle, row.text, size=SMALL, fill=inner)  # beyond the group's mark it would read as the group's
    elif row.value < 0:
        sheet.text(min(reach) - 1, middle, row.text, "rm")
    else:
        sheet.text(max(reach) + 1, middle, row.text)


_STYLES = {
    "unit": ("circle", ACCENT, 0.9, 0.0, 0.0),
    "recast": ("circle", ACCENT, 0.5, 0.6, 1.1),
    "group": ("square", WARM, 0.5, 2.6, 1.3),
    "whole": ("diamond", "#4C5B5F", 0.5, 5.0, 1.2),
}  # shape, colour, width, dash, gap (millimetres)


def lines(
    days: Sequence[date], names: Sequence[str], series: Sequence[Line], breaks: Sequence[tuple[date, str]], ticks: Callable[[float], str]
) -> tuple[bytes, float]:
    """Series over waves, the axis of time true to the days; the PNG and its height in millimetres."""
    known = [value for one in series for value in one.values if value is not None]
    low, high = (max(0, 5 * int((min(known) - 4) / 5)), min(100, 5 * (int((max(known) + 4) / 5) + 1))) if known else (0, 100)
    legend = [_wrapped(one.label, WIDTH - 24, SMALL) for one in series]
    top, plot = 3.0 + 4.2 * len(breaks), 62.0
    foot = 11.0
    sheet = _Sheet(top + plot + foot + sum(4.4 * len(label) for label in legend) + 1)
    left, right, bottom = 9.0, WIDTH - 5, top + plot
    span = max((days[-1] - days[0]).days, 1)

    def x(day: date) -> float:
        return left + 6 + (day - days[0]).days / span * (right - left - 12)

    def y(value: float) -> float:
        return bottom - (value - low) / (high - low) * plot

    for value in range(int(low), int(high) + 1, 5):
        sheet.line([(left, y(value)), (right, y(value))], GRID)
        sheet.text(left - 1, y(value), ticks(value), "rm", SMALL)
    for number, (day, text) in enumerate(breaks):
        sheet.dashed((x(day), 3.0 + 4.2 * number), (x(day), bottom), 1.4, 1.2, PLUM, 0.35)
        late = x(day) > (left + right) / 2
        sheet.text(x(day) + (-1 if late else 1), 3.0 + 4.2 * number, text, "rm" if late else "lm", SMALL)
    lowered = 0
    for number, (day, name) in enumerate(zip(days, names, strict=True)):
        near = number > 0 and x(day) - x(days[number - 1]) < sheet.measure(name, SMALL) + 2
        lowered = 1 - lowered if near else 0
        sheet.text(x(day), bottom + 2.8 + 4.0 * lowered, name, "mm", SMALL)
    for one in reversed(series):
        _series(sheet, one, [x(day) for day in days], y, ticks)
    down = bottom + foot
    for one, label in zip(series, legend, strict=True):
        shape, colour, width, dash, gap = _STYLES[one.style]
        sheet.dashed((1.0, down + 2), (17.0, down + 2), dash, gap, colour, width)
        sheet.shape(shape, 9.0, down + 2, 2.2, _inside(one.style), colour)
        for words in label:
            sheet.text(19.5, down + 2, words, size=SMALL)
            down += 4.4
    return sheet.png(), sheet.height


def _series(sheet: _Sheet, one: Line, places: Sequence[float], y: Callable[[float], float], ticks: Callable[[float], str]) -> None:
    shape, colour, width, dash, gap = _STYLES[one.style]
    points = [(x, y(value)) if value is not None else None for x, value in zip(places, one.values, strict=True)]
    for (start, end), parted in zip(pairwise(points), one.parted[1:], strict=True):
        if start is not None and end is not None and not parted:
            sheet.dashed(start, end, dash, gap, colour, width)
    for point, value in zip(points, one.values, strict=True):
        if point is not None and value is not None:
            sheet.shape(shape, *point, 2.2, _inside(one.style), colour)
            if one.style == "unit":
                sheet.text(point[0], point[1] - 3.2, ticks(value), "mm", SMALL, bold=True)


def _inside(style: str) -> str:
    return "#FFFFFF" if style in ("recast", "whole") else _STYLES[style][1]
