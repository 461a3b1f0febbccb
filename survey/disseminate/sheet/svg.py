"""Charts as SVG of our own: a few kilobytes, drawn in under a millisecond, in the page's own colours, light, dark or printed.

One unit is one pixel on a phone of 390 pixels; the page lets a chart grow with its column. Colours, dashes and halos are
classes of sheet.css. A hidden number is a word in the place of the bar, a gap in a line stays a gap.
"""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Sequence
from datetime import date

from survey.disseminate.shapes import Bar, Line
from survey.disseminate.sheet.html import Html, element, number

WIDTH = 360.0
LETTER, NARROW = 7.3, 6.9  # pixels a letter (a small one) takes, rather more than less: nobody knows the reader's typeface
ROW, THICK, GAP = 17.0, 12.0, 11.0  # a line of text, a bar, what lies between two
LEFT, RIGHT = 4.0, WIDTH - 4.0
SMALL = 14.0  # a line of small text
PLOT = 165.0
DIAMOND = "M{x} {top}L{right} {y}L{x} {bottom}L{left} {y}Z"
Place = Callable[[float], float]


def _text(x: float, y: float, words: str, class_: str = "", anchor: str = "start") -> Html:
    return element("text", words, x=x, y=y, class_=class_ or None, text_anchor=None if anchor == "start" else anchor)


def _line(x1: float, y1: float, x2: float, y2: float, class_: str) -> Html:
    return element("path", d=f"M{number(x1)} {number(y1)}L{number(x2)} {number(y2)}", class_=class_)


def _picture(height: float, title: str, parts: Sequence[Html]) -> Html:
    """Heard as its title: the sentence and the table beside it say the rest."""
    return element(
        "svg", element("title", title), parts, viewBox=f"0 0 {number(WIDTH)} {number(height)}", role="img", aria_label=title,
    )  # fmt: skip


def bars(rows: Sequence[Bar], title: str, legend: Sequence[str], ticks: Sequence[tuple[float, str]]) -> Html:
    """Bars from 0 to 100, each under its label and number; the interval across its end, the group's place as a diamond."""
    parts: list[Html] = []
    y = 2.0
    for row in rows:
        words = textwrap.wrap(row.label, int((WIDTH - 80) / LETTER), break_long_words=False) or [""]
        for line in words:
            y += ROW
            parts.append(_text(LEFT, y - 4, line, "halo"))
        if row.value is not None:
            parts.append(_text(RIGHT, y - 4 - ROW * (len(words) - 1), row.text, "v halo", "end"))
        parts += _bar(row, y)
        y += THICK + GAP
    grid = [_line(_place(value), 2, _place(value), y - GAP + 4, "grid") for value, _words in ticks]
    y += SMALL - 4
    ends = {0: "start", len(ticks) - 1: "end"}
    parts += [_text(_place(value), y, words, "s", ends.get(n, "middle")) for n, (value, words) in enumerate(ticks)]
    for line in _small(legend):
        y += SMALL + 1
        parts.append(_text(LEFT, y, line, "s"))
    return _picture(y + 6, title, [*grid, *parts])


def _place(value: float) -> float:
    return LEFT + min(max(value, 0.0), 100.0) / 100 * (RIGHT - LEFT)


def _bar(row: Bar, y: float) -> list[Html]:
    middle = y + THICK / 2
    if row.value is None:
        hidden = element("rect", x=LEFT, y=y, width=RIGHT - LEFT, height=THICK, class_="none")
        return [hidden, _text(LEFT + 6, middle + 4, row.text, "s halo")]
    parts = [element("rect", x=LEFT, y=y, width=max(_place(row.value) - LEFT, 1.0), height=THICK, class_=row.fill)]
    if row.low is not None and row.high is not None:
        low, high = _place(row.low), _place(row.high)
        whisker = f"M{number(low)} {number(middle)}H{number(high)}" + "".join(f"M{number(x)} {number(y + 2)}v8" for x in (low, high))
        parts += [element("path", d=whisker, class_="under"), element("path", d=whisker, class_="over")]
    if row.mark is not None:
        parts.append(_diamond(_place(row.mark), middle, 5.5))
    return parts


def _diamond(x: float, y: float, size: float, class_: str = "mark") -> Html:
    corners = {"x": x, "y": y, "top": y - size, "bottom": y + size, "left": x - size, "right": x + size}
    return element("path", d=DIAMOND.format(**{name: number(value) for name, value in corners.items()}), class_=class_)


def _small(texts: Sequence[str], width: float = WIDTH - 8) -> list[str]:
    return [line for text in texts for line in textwrap.wrap(text, int(width / NARROW), break_long_words=False)]


def lines(
    days: Sequence[date], names: Sequence[str], series: Sequence[Line], breaks: Sequence[tuple[date, str]], title: str,
    say: Callable[[float], str],
) -> Html:  # fmt: skip
    """Series over waves, the axis of time true to the days. `breaks`: days with a line across and its words; `say`: a number's text."""
    low, high = _reach(series)
    top = 6 + SMALL * len(breaks)
    bottom = top + PLOT
    span = max((days[-1] - days[0]).days, 1)

    def x(day: date) -> float:
        return 46 + (day - days[0]).days / span * (RIGHT - 66)

    def y(value: float) -> float:
        return bottom - (value - low) / (high - low) * PLOT

    step = 5 if high - low <= 40 else 10
    parts = [part for value in range(low, high + 1, step) for part in (
        _line(28, y(value), RIGHT, y(value), "grid"), _text(24, y(value) + 4, say(value), "s", "end"))]  # fmt: skip
    parts += [part for n, (day, words) in enumerate(breaks) for part in _break(x(day), 14 + SMALL * n, bottom, words)]
    for one in reversed(series):
        parts += _series(one, [x(day) for day in days], y, say)
    end, names_drawn = _names([x(day) for day in days], names, bottom + SMALL)
    end, legend = _legend(series, end + SMALL)
    return _picture(end + 4, title, [*parts, *names_drawn, *legend])


def _reach(series: Sequence[Line]) -> tuple[int, int]:
    """The ends of the axis, at fives around what is drawn."""
    known = [value for one in series for values in (one.values, one.low, one.high) for value in values if value is not None]
    if not known:
        return 0, 100
    return max(0, 5 * int((min(known) - 2) / 5)), min(100, 5 * (int((max(known) + 4) / 5) + 1))


def _break(x: float, y: float, bottom: float, words: str) -> list[Html]:
    late = x > WIDTH / 2
    return [_line(x, y - 9, x, bottom, "break"), _text(x + (-4 if late else 4), y, words, "s halo", "end" if late else "start")]


def _series(one: Line, places: Sequence[float], y: Place, say: Callable[[float], str]) -> list[Html]:
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
    parts += [_point(one.style, *point) for point in points if point is not None]
    if one.style == "unit":
        tops = one.high or one.values
        for point, value, top in zip(points, one.values, tops, strict=True):
            if point is not None and value is not None:
                parts.append(_text(point[0], y(value if top is None else top) - 5, say(value), "v halo", "middle"))
    return parts


def _point(style: str, x: float, y: float) -> Html:
    if style in ("unit", "recast"):
        return element("circle", cx=x, cy=y, r=4.0, class_=f"p {style}")
    if style == "group":
        return element("rect", x=x - 3, y=y - 3, width=6.0, height=6.0, class_="p group")
    return _diamond(x, y, 4.5, "p whole")


def _names(places: Sequence[float], names: Sequence[str], y: float) -> tuple[float, list[Html]]:
    """The waves under the axis; one that would touch its neighbour stands a line lower."""
    ends = [-1e9, -1e9, -1e9]
    parts, lowest = [], 0
    for x, name in zip(places, names, strict=True):
        half = len(name) * NARROW / 2 + 2
        lane = next((n for n, end in enumerate(ends) if x - half >= end), len(ends) - 1)
        ends[lane], lowest = x + half, max(lowest, lane)
        parts.append(_text(x, y + SMALL * lane, name, "s", "middle"))
    return y + SMALL * lowest, parts


def _legend(series: Sequence[Line], y: float) -> tuple[float, list[Html]]:
    parts: list[Html] = []
    for one in series:
        words = _small([one.label], WIDTH - 54)
        y += 4
        parts += [_line(LEFT, y, LEFT + 34, y, f"l {one.style}"), _point(one.style, LEFT + 17, y)]
        for line in words:
            parts.append(_text(LEFT + 42, y + 4, line, "s"))
            y += SMALL
    return y, parts
