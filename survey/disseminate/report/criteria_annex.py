"""The annex by the plan's criteria: the reading of the page, as an official table."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from survey.analyse.criteria import Line, Reading, Standing
from survey.design.criteria import KINDS, document, wording
from survey.disclose.release import Cell
from survey.disseminate.criteria_words import parts
from survey.disseminate.look import node_name
from survey.disseminate.report.entries import about_tests, difference, noted, score
from survey.disseminate.report.material import Material
from survey.disseminate.report.model import Column, Entry, Paragraph, Section, Table
from survey.disseminate.sentences import criteria as sentences_of


def sections(of: Material, found: Reading | None) -> Iterator[Section]:
    """One section where the questionnaire has criteria and the unit shows any of them."""
    _ = of.locale
    if found is None or not any(isinstance(one.now.cell, Cell) for one in found.lines):
        return
    said = [Paragraph(text) for text in sentences_of(found, _)]
    yield Section(id="criteria", heading=_("By the plan's criteria"), blocks=(*said, table(of, found)), wide=_with_units(found))


def table(of: Material, found: Reading) -> Table:
    """Launch, half way, now; what was called since the launch; the units at both ends where there are any below."""
    _, with_units = of.locale, _with_units(found)
    columns = [Column(_("Criterion"), 7, number=False), Column(_("Questions shown"), 1.3, number=False)]
    columns += [Column(found.waves[place].id, 1.2) for place in found.milestones]
    if len(found.waves) > 1:
        columns.append(Column(_("Difference"), 1.5))
    if with_units:
        columns += [Column(_("Highest unit"), 3, number=False), Column(_("Lowest unit"), 3, number=False)]
    rows: list[tuple[Entry, ...]] = []
    strong = set()
    for kind, lines in groupby(found.lines, key=lambda one: one.criterion.kind):
        strong.add(len(rows))
        rows.append((_(KINDS[kind]), *("" for _column in columns[1:])))
        rows += [tuple(_row(of, found, one, with_units)) for one in lines]
    made = Table(columns=tuple(columns), rows=tuple(rows), strong=frozenset(strong))
    return noted(of, made, *_notes(of, found))


def _with_units(found: Reading) -> bool:
    return any(len(one.units) > 1 for one in found.lines)


def _row(of: Material, found: Reading, one: Line, with_units: bool) -> Iterator[Entry]:
    yield wording(one.criterion, of.locale)
    yield parts(one, of.locale)
    yield from (_score(one.waves[place]) for place in found.milestones)
    if one.since is not None:
        yield difference(one.since)
    if with_units:
        ends = (one.units[0], one.units[-1]) if len(one.units) > 1 else ()
        yield from (f"{node_name(found.release, end.unit, of.locale)} ({of.locale.number(end.cell.score)})" for end in ends)
        yield from ("" for _missing in range(2 - len(ends)))


def _score(one: Standing) -> Entry:
    return score(one.cell)


def _notes(of: Material, found: Reading) -> Iterator[str]:
    _ = of.locale
    yield _("A criterion is the mean of its questions; a high score is always good, also where the plan names a shortcoming.")
    if len(found.waves) > 1:
        yield _(
            "Differences are those to the first wave ({wave}), tested with an error that is rather too large than too small.",
            wave=found.launch.id,
        )
    yield from about_tests(of)
    for name in dict.fromkeys(document(one.criterion, _) for one in found.lines):
        if name:
            yield _("Source of criteria: {document}.", document=name)
