"""Tables in HTML: a caption, heads with a scope, and a heatmap of the units below."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from survey.analyse.criteria import Line
from survey.analyse.criteria import Reading as ByCriteria
from survey.design.criteria import wording
from survey.disclose.release import ABOUT, NOT_AVAILABLE, Cell, Suppressed
from survey.disseminate.criteria_words import missing, standing
from survey.disseminate.figures.heatmap import HIGHEST, LOWEST
from survey.disseminate.given import base_of
from survey.disseminate.look import BOUNDS, PARTS_LACK, REASONS, ROUNDED, SIGN, score_of
from survey.disseminate.report.model import SIGNS
from survey.disseminate.sentences import by_reason
from survey.disseminate.sheet import addresses
from survey.disseminate.sheet.charts import series
from survey.disseminate.sheet.html import Html, element
from survey.disseminate.sheet.reading import Sheet
from survey.i18n import DASH, Locale

SHADES = 8  # beside the palest: classes h0 to h8 of sheet.css
A_PAGE = 25  # rows that a printed page holds: a longer table breaks, with its heads repeated
MOST = 100  # rows: the page stays small and printable, the downloads hold all of them


def plain(caption: str, heads: Sequence[str], rows: Iterable[Sequence[str]]) -> Html:
    """A table of texts; its first column is the head of its rows."""
    head = [element("th", words, scope="col") for words in heads]
    body = [element("tr", element("th", row[0], scope="row"), [element("td", cell) for cell in row[1:]]) for row in rows]
    return _framed(caption, element("tr", head), body)


def scores(of: Sheet) -> Html:
    """Index and themes: score, interval and base; the group's score and the difference to it, with what was called."""
    _ = of.locale
    heads = [_("What"), _("Score"), _("95% interval"), _("Base")]
    if of.group is not None:
        heads += [of.named(of.group), _("Difference")]
    rows = [[label, *_numbers(of, of.cell(measure)), *_against(of, measure)] for measure, label in of.measures.items()]
    return plain(_("Index and themes: score"), heads, rows)


def trend(of: Sheet) -> Html:
    """The index wave by wave, beside the group's and the whole's."""
    _, beside = of.locale, series(of)[1:]
    heads = [_("Wave"), _("Closing day"), _("Score"), _("95% interval"), _("Base"), *(name for name, _points, _style in beside)]
    others = [{point.release.wave.id: point for point in points} for _name, points, _style in beside]
    rows = []
    for point in of.own:
        wave = point.release.wave
        found = [held.get(wave.id) for held in others]
        cells = [score_of(one.cell, _) if one and one.cell else DASH for one in found]
        rows.append([wave.id, _.day(wave.closes), *(_numbers(of, point.cell) if point.cell else [DASH, "", ""]), *cells])
    return plain(_("The index over the waves"), heads, rows)


def criteria(found: ByCriteria, locale: Locale) -> Html:
    """The plan's criteria as everybody may read them: launch, half way, now, and the difference with what was called."""
    _ = locale
    shown = [place for place in found.milestones if _numbered(found, place)]
    since = any(one.since is not None and one.since.difference is not None for one in found.lines)
    heads = [_("Criterion"), *(found.waves[place].id for place in shown)]
    heads += [_("Since the launch ({wave})", wave=found.launch.id)] if since else []
    rows = [
        [wording(one.criterion, _), *(standing(one.waves[place], _) for place in shown), *(_since(one, _) if since else ())]
        for one in found.lines
    ]
    return plain(_("Scores by criterion"), heads, rows)


def criteria_gaps(found: ByCriteria, locale: Locale) -> tuple[str, ...]:
    """Why waves have no number at all by the criteria: each reason once, with its waves."""
    first = found.lines[0].waves
    return _sentences(
        by_reason({found.waves[place].id: missing(first[place], locale) for place in found.milestones if not _numbered(found, place)})
    )


def _numbered(found: ByCriteria, place: int) -> bool:
    return any(one.waves[place].score is not None for one in found.lines)


def _since(one: Line, locale: Locale) -> list[str]:
    if one.since is None:
        return []
    return [f"{locale.number(one.since.difference, 1, sign=True)} {SIGN[one.since.state]}".strip()]


def gaps(of: Sheet) -> tuple[str, ...]:
    """Why waves have no number of the unit's own, and where its line breaks: each reason once, with its waves."""
    _ = of.locale
    found: dict[str, list[str]] = {}
    for point in of.own:
        if point.why:
            found.setdefault(_(point.why), []).append(point.release.wave.id)
        if point.parted:
            found.setdefault(_("break in the series: {reason}", reason=_(point.parted)), []).append(point.release.wave.id)
    return _sentences(found)


def _sentences(found: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """ "2019, 2022: the unit did not exist." """
    return tuple(f"{', '.join(waves)}: {reason}." for reason, waves in found.items())


def _numbers(of: Sheet, cell: Cell | Suppressed) -> list[str]:
    _ = of.locale
    if isinstance(cell, Suppressed) or cell.score is None:
        return [SIGNS[cell.reason] if isinstance(cell, Suppressed) else DASH, "", ""]
    between = "" if cell.low is None else f"{_.number(cell.low)} – {_.number(cell.high)}"
    return [score_of(cell, _), between, base_of(cell, _)]


def _against(of: Sheet, measure: str) -> list[str]:
    if of.group is None:
        return []
    other, call = of.cell(measure, of.group), of.against[measure]
    there = score_of(other, of.locale) if isinstance(other, Cell) else DASH
    return [there, f"{of.locale.number(call.difference, 1, sign=True)} {SIGN[call.state]}".strip()]


def notes(of: Sheet) -> tuple[str, ...]:
    """What the signs beside the scores of the table mean, as far as any stands there."""
    cells = [of.cell(measure) for measure in of.measures]
    found = {cell.reason for cell in cells if isinstance(cell, Suppressed)}
    said = [f"{SIGNS[reason]} {of.locale(REASONS[reason])}" for reason in SIGNS if reason in found]
    shown = [cell for cell in cells if isinstance(cell, Cell)]
    bounds = {cell.bound("score") for cell in shown} - {""}
    said += [of.locale(ROUNDED if sign == ABOUT else BOUNDS) for sign in sorted(bounds)]
    said += [
        f"{of.measures[m]}: {of.locale(PARTS_LACK)}"
        for m, cell in zip(of.measures, cells, strict=True)
        if isinstance(cell, Cell) and cell.partial
    ]
    return tuple(dict.fromkeys(said))


def heatmap(of: Sheet) -> Html:
    """The unit's own row and those directly below it: the score of every measure, its level as a shade, ▲▼ where it differs for sure."""
    _ = of.locale
    head = [element("th", _("Unit"), scope="col")]
    head += [element("th", element("span", label), scope="col", class_="up") for label in of.measures.values()]
    rows = [_row(of, unit) for unit in (of.unit, *of.beneath[:MOST])]
    return _framed(_("Scores of the units below"), element("tr", head), rows, "heat long" if len(rows) > A_PAGE else "heat")


def _framed(caption: str, head: Html, rows: Sequence[Html], class_: str = "") -> Html:
    """A table wider than the screen scrolls by itself, with the keyboard too, and never the page."""
    table = element("table", element("caption", caption), element("thead", head), element("tbody", rows), class_=class_ or None)
    return element("div", table, class_="wide", tabindex="0", role="region", aria_label=caption)


def _row(of: Sheet, unit: str) -> Html:
    name = of.named(unit)
    words = name if unit == of.unit else element("a", name, href=addresses.sheet(of.release.wave.id, unit, of.locale))
    cells = [_cell(of, unit, measure) for measure in of.measures]
    return element("tr", element("th", words, scope="row"), cells, class_="own" if unit == of.unit else None)


def _cell(of: Sheet, unit: str, measure: str) -> Html:
    cell = of.cell(measure, unit)
    if isinstance(cell, Suppressed) or cell.score is None:
        reason = cell.reason if isinstance(cell, Suppressed) else NOT_AVAILABLE
        return element("td", SIGNS[reason], class_="hid", title=of.locale(REASONS[reason]))
    call = of.called_below.get((unit, measure))
    sign = SIGN[call.state] if call else ""
    return element("td", score_of(cell, of.locale, 0), element("b", sign) if sign else "", class_=f"h{_shade(cell)}")


def _shade(cell: Cell) -> int:
    part = ((cell.score or 0.0) - LOWEST) / (HIGHEST - LOWEST)
    return round(min(max(part, 0.0), 1.0) * SHADES)


def reasons(of: Sheet) -> list[str]:
    """What the signs of hidden numbers in the heatmap mean."""
    found = {cell.reason for unit in (of.unit, *of.beneath[:MOST]) for m in of.measures if isinstance(cell := of.cell(m, unit), Suppressed)}
    return [f"{SIGNS[reason]} {of.locale(REASONS[reason])}" for reason in SIGNS if reason in found]
