"""Charts as SVG of our own: a few kilobytes, drawn in under a millisecond, in the page's own colours, light, dark or printed.

One unit is one pixel where the picture is as wide as it was drawn: PHONE, DESK or PAGE; the page lets it grow a little with its column.
Colours, dashes and halos are classes of pictures.css. A hidden number is a word in the place of the bar, a gap in a line stays a gap.
"""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from survey.disseminate.figures.lines import Mark
from survey.disseminate.shapes import Bar, Line
from survey.disseminate.sheet.html import Html, element, number

PHONE, DESK, PAGE = 360.0, 520.0, 800.0  # a phone; a column at a desk; the page
LETTER, NARROW = 7.3, 6.9  # pixels a letter (a small one) takes, rather more than less: nobody knows the reader's typeface
ROW, THICK, GAP = 17.0, 12.0, 11.0  # a line of text, a bar, what lies between two
LEFT, EDGE = 4.0, 4.0
LABELS, NUMBERS = 0.44, 66.0  # at a desk: the share of the width for labels left of the bars, the pixels for numbers right of them
SMALL = 14.0  # a line of small text
PLOT, HIGH = 165.0, 260.0  # the height of lines over waves, on a page
DIAMOND = "M{x} {top}L{right} {y}L{x} {bottom}L{left} {y}Z"  # the group's place on a bar
_MARKS = {"unit": "circle", "recast": "circle", "group": "square", "whole": "diamond"}
_KIN = ("up", "down", "bar", "square", "diamond")
_SHAPES = {
    "square": ((-3, -3), (3, -3), (3, 3), (-3, 3)), "diamond": ((0, -4.5), (4.5, 0), (0, 4.5), (-4.5, 0)),
    "up": ((0, -4.5), (4.5, 3.5), (-4.5, 3.5)), "down": ((0, 4.5), (4.5, -3.5), (-4.5, -3.5)),
    "bar": ((-1.8, -5), (1.8, -5), (1.8, 5), (-1.8, 5)),
}  # fmt: skip
Place = Callable[[float], float]


def text_at(x: float, y: float, words: str, class_: str = "", anchor: str = "start") -> Html:
    return element("text", words, x=x, y=y, class_=class_ or None, text_anchor=None if anchor == "start" else anchor)


def line_to(x1: float, y1: float, x2: float, y2: float, class_: str) -> Html:
    return element("path", d=f"M{number(x1)} {number(y1)}L{number(x2)} {number(y2)}", class_=class_)


def heard_as(width: float, height: float, title: str, parts: Sequence[Html]) -> Html:
    """Heard as its title: the sentence and the table beside it say the rest, its letters would be read one after the other."""
    return element(
        "svg", element("title", title), element("g", parts, aria_hidden="true"), viewBox=f"0 0 {number(width)} {number(height)}", role="img",
        aria_label=title,
    )  # fmt: skip


def bars(rows: Sequence[Bar], title: str, legend: Sequence[str], ticks: Sequence[tuple[float, str]], width: float = PHONE) -> Html:
    """Bars from 0 (of a fill "dot": dots) on an axis that `ticks` begin and end; the interval across the end, the group's place as a diamond.

    On a phone each stands under its label and number, at a desk between them.
    """
    beside = width >= DESK
    left, right = (width * LABELS, width - NUMBERS) if beside else (LEFT, width - EDGE)
    low, high = ticks[0][0], ticks[-1][0]

    def place(value: float) -> float:
        return left + (min(max(value, low), high) - low) / (high - low) * (right - left)

    parts: list[Html] = []
    y = 2.0
    for row in rows:
        found, y = (_beside if beside else _under)(row, y, width, place)
        parts += found
    grid = [line_to(place(value), 2, place(value), y - GAP + 4, "grid") for value, _words in ticks]
    y += SMALL - 4
    ends = {} if beside else {0: "start", len(ticks) - 1: "end"}
    parts += [text_at(place(value), y, words, "s", ends.get(n, "middle")) for n, (value, words) in enumerate(ticks)]
    y += 4
    for line in _small(legend, width - 8):
        y += SMALL + 1
        parts.append(text_at(LEFT, y, line, "s"))
    return heard_as(width, y + 6, title, [*grid, *parts])


def _under(row: Bar, y: float, width: float, place: Place) -> tuple[list[Html], float]:
    """A bar under its label, the number at the label's end; and where the next row begins."""
    parts = []
    words = textwrap.wrap(row.label, int((width - 80) / LETTER), break_long_words=False) or [""]
    for line in words:
        y += ROW
        parts.append(text_at(LEFT, y - 4, line, "halo"))
    if row.value is not None:
        parts.append(text_at(width - EDGE, y - 4 - ROW * (len(words) - 1), row.text, "v halo", "end"))
    return [*parts, *_bar(row, y, LEFT, width - EDGE, place)], y + THICK + GAP


def _beside(row: Bar, y: float, width: float, place: Place) -> tuple[list[Html], float]:
    words = textwrap.wrap(row.label, int((width * LABELS - 12) / LETTER), break_long_words=False) or [""]
    height = max(ROW * len(words), THICK)
    middle = y + height / 2
    parts = [text_at(LEFT, middle + ROW * (n - (len(words) - 1) / 2) + 4, line) for n, line in enumerate(words)]
    if row.value is not None:
        parts.append(text_at(width - EDGE, middle + 4, row.text, "v", "end"))
    return [*parts, *_bar(row, middle - THICK / 2, width * LABELS, width - NUMBERS, place)], y + height + GAP - 2


def _bar(row: Bar, y: float, left: float, right: float, place: Place) -> list[Html]:
    middle = y + THICK / 2
    if row.value is None:
        hidden = element("rect", x=left, y=y, width=right - left, height=THICK, class_="none")
        return [hidden, text_at(left + 6, middle + 4, row.text, "s halo")]
    ends = sorted((place(0), place(row.value)))
    dot = row.fill.startswith("dot")
    parts = [] if dot else [element("rect", x=ends[0], y=y, width=max(ends[1] - ends[0], 1.0), height=THICK, class_=row.fill)]
    if row.low is not None and row.high is not None:
        low, high = place(row.low), place(row.high)
        whisker = f"M{number(low)} {number(middle)}H{number(high)}" + "".join(f"M{number(x)} {number(y + 2)}v8" for x in (low, high))
        parts += [element("path", d=whisker, class_="under"), element("path", d=whisker, class_="over")]
    if row.mark is not None:
        parts.append(_diamond(place(row.mark), middle, 5.5))
    if dot:
        parts.append(element("circle", cx=place(row.value), cy=middle, r=5.0, class_=row.fill))
    return parts


def _diamond(x: float, y: float, size: float, class_: str = "mark") -> Html:
    corners = {"x": x, "y": y, "top": y - size, "bottom": y + size, "left": x - size, "right": x + size}
    return element("path", d=DIAMOND.format(**{name: number(value) for name, value in corners.items()}), class_=class_)


def _small(texts: Sequence[str], width: float) -> list[str]:
    return [line for text in texts for line in textwrap.wrap(text, int(width / NARROW), break_long_words=False)]


def lines(
    days: Sequence[date], names: Sequence[Sequence[str]], series: Sequence[Line], breaks: Sequence[Mark], title: str,
    say: Callable[[float], str], width: float = PHONE,
) -> Html:  # fmt: skip
    """Series over waves, the axis of time true to the days. `names`: lines of text a wave; `say`: a number's text."""
    low, high = _reach(series)
    top = 6 + SMALL * len(breaks)
    plot = HIGH if width >= PAGE else PLOT
    bottom = top + plot
    span = max((days[-1] - days[0]).days, 1)
    right = width - EDGE

    def x(day: date) -> float:
        return 46 + (day - days[0]).days / span * (right - 66)

    def y(value: float) -> float:
        return bottom - (value - low) / (high - low) * plot

    step = 5 if high - low <= 40 else 10
    parts = [part for value in range(low, high + 1, step) for part in (
        line_to(28, y(value), right, y(value), "grid"), text_at(24, y(value) + 4, say(value), "s", "end"))]  # fmt: skip
    parts += [
        part
        for n, one in enumerate(sorted(breaks, key=lambda one: one.day, reverse=True))
        for part in _break(x(one.day), 14 + SMALL * n, bottom, one, width)
    ]
    places, drawn = [x(day) for day in days], _numbered(series)
    for mark, one in reversed(drawn):
        parts += _series(one, mark, places, y)
    for one in series:
        if one.style == "unit":
            parts += _numbers(one, [other for other in series if other is not one], places, y, say)
    end, names_drawn = _names(places, names, bottom + SMALL)
    end, legend = _legend(drawn, end + SMALL, width)
    return heard_as(width, end + 4, title, [*parts, *names_drawn, *legend])


def _reach(series: Sequence[Line]) -> tuple[int, int]:
    """The ends of the axis, at fives around what is drawn."""
    known = [value for one in series for values in (one.values, one.low, one.high) for value in values if value is not None]
    if not known:
        return 0, 100
    return max(0, 5 * int((min(known) - 2) / 5)), min(100, 5 * (int((max(known) + 4) / 5) + 1))


def _break(x: float, y: float, bottom: float, one: Mark, width: float) -> list[Html]:
    late = x > width / 2
    words = text_at(x + (-4 if late else 4), y, one.text, "s halo", "end" if late else "start")
    return [line_to(x, y - 9, x, bottom, "break asked" if one.asked else "break"), words]


def _numbered(series: Sequence[Line]) -> list[tuple[str, Line]]:
    """Each with its mark: units laid beside one another share a colour and are told apart by shape, in any print."""
    kin = iter(_KIN * len(series))
    return [(next(kin) if one.style == "kin" else _MARKS[one.style], one) for one in series]


def _series(one: Line, mark: str, places: Sequence[float], y: Place) -> list[Html]:
    parts: list[Html] = []
    for n, (low, high) in enumerate(zip(one.low, one.high, strict=True)):
        if low is not None and high is not None:
            x = number(places[n])
            parts.append(element("path", d=f"M{x} {number(y(low))}V{number(y(high))}", class_="over"))
    points = [(x, y(value)) if value is not None else None for x, value in zip(places, one.values, strict=True)]
    path, joined = "", False
    for n, point in enumerate(points):
        if point is not None:
            on = joined and not one.parted[n]
            path += f"{'L' if on else 'M'}{number(point[0])} {number(point[1])}"
        joined = point is not None
    parts.append(element("path", d=path, class_=f"l {one.style}"))
    parts += [_point(mark, one.style, *point) for point in points if point is not None]
    return parts


def _numbers(one: Line, others: Sequence[Line], places: Sequence[float], y: Place, say: Callable[[float], str]) -> list[Html]:
    """The reader's own numbers above their intervals, or below where another series' point stands there."""
    parts = []
    for n, value in enumerate(one.values):
        if value is None:
            continue
        high, low = (y(found[n] or value) if found else y(value) for found in (one.high, one.low))
        there = [y(other) for line in others if (other := line.values[n]) is not None]
        free = not any(high - SMALL - 6 < place < high for place in there)
        parts.append(text_at(places[n], high - 5 if free else low + SMALL, say(value), "v halo", "middle"))
    return parts


def _point(mark: str, style: str, x: float, y: float) -> Html:
    if mark == "circle":
        return element("circle", cx=x, cy=y, r=4.0, class_=f"p {style}")
    shape = " ".join(f"{number(x + dx)},{number(y + dy)}" for dx, dy in _SHAPES[mark])
    return element("polygon", points=shape, class_=f"p {style}")


def _names(places: Sequence[float], names: Sequence[Sequence[str]], y: float) -> tuple[float, list[Html]]:
    """The waves under the axis; one that would touch its neighbours begins a line lower."""
    ends: list[float] = []  # how far to the right each line of text is taken
    parts = []
    for x, lines in zip(places, names, strict=True):
        half = max(len(line) for line in lines) * NARROW / 2 + 2
        lane = next((n for n in range(len(ends)) if all(x - half >= end for end in ends[n : n + len(lines)])), len(ends))
        ends += [-1e9] * (lane + len(lines) - len(ends))
        for n, line in enumerate(lines):
            ends[lane + n] = x + half
            parts.append(text_at(x, y + SMALL * (lane + n), line, "s", "middle"))
    return y + SMALL * (len(ends) - 1), parts


def _legend(drawn: Sequence[tuple[str, Line]], y: float, width: float) -> tuple[float, list[Html]]:
    parts: list[Html] = []
    for mark, one in drawn:
        words = _small([one.label], width - 54)
        y += 4
        parts += [line_to(LEFT, y, LEFT + 34, y, f"l {one.style}"), _point(mark, one.style, LEFT + 17, y)]
        for line in words:
            parts.append(text_at(LEFT + 42, y + 4, line, "s"))
            y += SMALL
    return y, parts


@dataclass(frozen=True)
class Spot:
    """A point of a scatter: its number, on which side of it that stands, and its mark."""

    x: float
    y: float
    text: str
    side: tuple[int, int]
    mark: str = "circle"


def scatter(
    spots: Sequence[Spot], curves: Sequence[tuple[str, Sequence[tuple[float, float]]]], level: float, across: Sequence[float], up: Sequence[float],
    say: Callable[[float], str], title: str, legend: Sequence[str], width: float = PHONE,
) -> Html:  # fmt: skip
    """Points between curves of a class, over a level; `across`, `up`: the ticks, whose first and last are the axes' ends."""
    left, right, bottom = 30.0, width - EDGE, 10 + HIGH

    def x(value: float) -> float:
        return left + (value - across[0]) / (across[-1] - across[0]) * (right - left)

    def y(value: float) -> float:
        return bottom - (min(max(value, up[0]), up[-1]) - up[0]) / (up[-1] - up[0]) * HIGH

    parts = [
        part
        for value in up
        for part in (line_to(left, y(value), right, y(value), "grid"), text_at(left - 5, y(value) + 4, say(value), "s", "end"))
    ]
    parts += [text_at(x(value), bottom + SMALL + 1, say(value), "s", "end" if value == across[-1] else "middle") for value in across]
    for class_, points in curves:
        parts.append(element("path", d="M" + "L".join(f"{number(x(a))} {number(y(b))}" for a, b in points), class_=class_))
    parts.append(line_to(left, y(level), right, y(level), "l group"))
    for spot in spots:
        parts += [
            _point(spot.mark, "unit", x(spot.x), y(spot.y)),
            text_at(x(spot.x) + spot.side[0], y(spot.y) + 4 + spot.side[1], spot.text, "s halo", "middle"),
        ]
    below = bottom + 2 * SMALL + 6
    lines = _small(legend, width - 8)
    parts += [text_at(LEFT, below + (SMALL + 1) * n, line, "s") for n, line in enumerate(lines)]
    return heard_as(width, below + (SMALL + 1) * len(lines), title, parts)
