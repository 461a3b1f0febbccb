"""The annex: every table of a report, from the release and from the tests of `Material`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from survey.analyse.change import Comparison
from survey.analyse.trend import Point, as_it_was
from survey.design.questionnaire import Item, Scale
from survey.disclose.release import FORMS, INDEX, NOT_AVAILABLE, PROTECTS, Cell, Suppressed
from survey.disseminate.look import SIGN
from survey.disseminate.report.entries import (
    about_tests,
    base,
    difference,
    figure,
    interval,
    item_text,
    noted,
    reverse_note,
    score,
)
from survey.disseminate.report.material import Material
from survey.disseminate.report.model import Chart, Column, Entry, Number, Section, Table
from survey.disseminate.tables import state_words

FEW = 5


def tables(of: Material) -> Iterator[Section]:
    """The annexes that have something to show, in the order they are printed; wide ones last."""
    _ = of.locale
    yield Section(id="participation", heading=_("Participation"), blocks=(participation(of),))
    yield Section(id="themes", heading=_("Scores by theme"), blocks=(themes(of),))
    if len(of.ranked_items) >= 2 * FEW:
        yield Section(id="items", heading=_("Five strongest and five weakest questions"), blocks=(strongest_and_weakest(of),))
    if of.change is not None and of.before is not None:
        heading = _("Change since {wave}", wave=_.pick(of.before.wave.title_vi, of.before.wave.title_en))
        yield Section(id="change", heading=heading, blocks=(change(of),))
    if len(of.releases) > 1:
        yield Section(id="trend", heading=_("The index over the waves"), blocks=(trend(of),))
    shown = [field.id for field in of.release.questionnaire.breakdowns if of.release.breakdown_shown(of.unit, field.id)]
    if shown:
        yield Section(id="breakdowns", heading=_("Index by groups of staff"), blocks=(breakdowns(of, shown),))
    for number, group in enumerate(of.groups):
        heading = _("Comparison of units: {group}", group=of.named(group))
        yield Section(id=f"comparison{number or ''}", heading=heading, blocks=(comparison(of, group),), wide=True)
    yield Section(id="answers", heading=_("Answers to every question"), blocks=tuple(answers(of)), wide=True)


def participation(of: Material) -> Table:
    """Asked, answered and rate of the unit, what stands above it, and what stands below."""
    _ = of.locale
    columns = (
        Column(_("Unit"), 5, number=False),
        Column(_("Number of staff asked"), 2),
        Column(_("Valid forms"), 2),
        Column(_("Response rate, %"), 2),
    )
    nodes = [*reversed(of.above), of.unit, *of.below(of.unit)]
    rows = []
    for node in nodes:
        cell, asked = of.release.cell(node, FORMS), of.asked(node)
        rate = of.release.response_rate(node) if isinstance(cell, Cell) else None
        hidden = cell.reason if isinstance(cell, Suppressed) else NOT_AVAILABLE
        rows.append((of.named(node), Number(asked, 0), base(cell), Number(rate, 0, hidden=hidden)))
    made = Table(columns=columns, rows=tuple(rows), strong=frozenset({nodes.index(of.unit)}))
    step = of.release.policy.get("rate_step")
    return noted(of, made, _("Response rates are rounded to {step}%.", step=step) if step else "")


def themes(of: Material) -> Table:
    """The unit's index and themes beside the group's and the whole's; the sign behind a difference says what was found."""
    _ = of.locale
    columns = [Column(_("What"), 4.2, number=False), Column(_("Score"), 1.2), Column(_("95% interval"), 2.1), Column("n", 1)]
    for other in of.above:
        columns += [Column(of.named(other), 1.8), Column(_("Difference"), 1.7)]
    rows = []
    for measure, label in of.measures.items():
        cell = of.cell(measure)
        low, high = (cell.low, cell.high) if isinstance(cell, Cell) else (None, None)
        row: list[Entry] = [label, score(cell), interval(of, low, high), base(cell)]
        for other in of.above:
            row += [score(of.cell(measure, other)), difference(of.against(other)[measure])]
        rows.append(tuple(row))
    chart = Chart(kind="bar", title=_("Scores by theme"), labels=0, values=(1, *range(4, len(columns), 2)))
    made = Table(columns=tuple(columns), rows=tuple(rows), strong=frozenset({0}), charts=(chart,))
    said = (_("▲ clearly higher, ▼ clearly lower, ○ not tested; no sign: no clear difference."), *about_tests(of)) if of.above else ()
    return noted(of, made, *said)


def strongest_and_weakest(of: Material) -> Table:
    _ = of.locale
    columns = (Column(_("Question"), 7, number=False), Column(_("Score"), 1.2), Column(_("Favourable %"), 1.6), Column("n", 1))
    best, worst = of.ranked_items[:FEW], of.ranked_items[-FEW:][::-1]
    rows: list[tuple[Entry, ...]] = [(_("Five strongest questions"), "", "", "")]
    rows += [_item_row(of, *pair) for pair in best]
    rows.append((_("Five weakest questions"), "", "", ""))
    rows += [_item_row(of, *pair) for pair in worst]
    made = Table(columns=columns, rows=tuple(rows), strong=frozenset({0, FEW + 1}))
    return noted(of, made, reverse_note(of, [item for item, _cell in (*best, *worst)]))


def _item_row(of: Material, item: Item, cell: Cell) -> tuple[Entry, ...]:
    return item_text(of, item), score(cell), figure(cell, "favourable"), base(cell)


def change(of: Material) -> Table:
    """Index and themes, then the items whose change is sure."""
    _ = of.locale
    assert of.change is not None and of.before is not None
    columns = (
        Column(_("What"), 4, number=False), Column(of.before.wave.id, 1.2), Column(of.release.wave.id, 1.2), Column(_("Difference"), 1.4),
        Column(_("95% interval of the difference"), 2.4), Column(_("Finding"), 3, number=False),
    )  # fmt: skip
    questionnaire, rows = of.release.questionnaire, []
    for one in of.change.changes:
        kind, _colon, name = one.measure.partition(":")
        if kind == "item" and not one.comparison.called:
            continue
        label = item_text(of, questionnaire.item[name]) if kind == "item" else of.measures[one.measure]
        low_high = interval(of, one.low, one.high, sign=True)
        points = "" if one.comparison.difference is None else Number(one.comparison.difference, sign=True)
        rows.append((label, score(one.before), score(one.after), points, low_high, state_words(one.comparison, of.locale)))
    charted = Chart(kind="bar", title=_("Difference"), labels=0, values=(3,), rows=(0, len(of.measures) - 1))
    made = Table(columns=columns, rows=tuple(rows), strong=frozenset({0}), charts=(charted,))
    reworded = of.change.breaks.reworded
    notes = [
        _("Of single questions only those whose change is sure are listed (tested from {n} answers).", n=of.release.policy["base_item"])
    ]
    if reworded:
        notes.append(_("Worded differently in the two waves and not compared: {items}.", items=", ".join(reworded)))
    return noted(of, made, *about_tests(of), *notes)


def trend(of: Material) -> Table:
    """One row a wave: the unit, its predecessors together, what stands above it."""
    _ = of.locale
    columns = [Column(_("Wave"), 1.4, number=False), Column(_("Closing day"), 2.1, number=False), Column(of.name, 1.6), Column("n", 1)]
    if of.past:
        columns.append(Column(_("predecessors together (recast)"), 2))
    columns += [Column(of.named(other), 1.6) for other in of.above]
    columns.append(Column(_("Note"), 3, number=False))
    others = [as_it_was(of.releases, other, register=of.register) for other in of.above]
    rows = []
    for place, point in enumerate(of.own):
        wave = point.release.wave
        older = of.past_by_wave.get(wave.id)
        row: list[Entry] = [
            wave.id,
            of.locale.day(wave.closes),
            _point(point),
            base(point.cell) if point.cell else Number(None, 0, hidden=_why(point)),
        ]
        if of.past:
            row.append(_point(older) if older else "")
        row += [_point(series[place]) for series in others]
        rows.append((*row, _(older.why if older and older.why else point.why) if point.why else ""))
    values = (2, *range(4, len(columns) - 1))
    made = Table(
        columns=tuple(columns), rows=tuple(rows), charts=(Chart(kind="line", title=_("The index over the waves"), labels=0, values=values),)
    )
    note = _("Predecessors together: weighted by headcount; not the unit's own number and not tested.") if of.past else ""
    return noted(of, made, note)


def _why(point: Point) -> str:
    cell = point.release.cell(point.unit, INDEX) if point.unit in point.release.plan.by_id else None
    return cell.reason if isinstance(cell, Suppressed) else NOT_AVAILABLE


def _point(point: Point) -> Number:
    return Number(point.cell.score if point.cell else None, hidden=_why(point))


def breakdowns(of: Material, fields: Sequence[str]) -> Table:
    _ = of.locale
    columns = (Column(_("Group of staff"), 5, number=False), Column("n", 1), Column(_("Index"), 1.4), Column(_("95% interval"), 2))
    rows: list[tuple[Entry, ...]] = []
    strong = set()
    for field in of.release.questionnaire.breakdowns:
        if field.id in fields:
            strong.add(len(rows))
            rows.append((_.pick(field.vi, field.en), "", "", ""))
            for category in field.published:
                cell = of.release.cell(of.unit, INDEX, field.id, str(category.value))
                low, high = (cell.low, cell.high) if isinstance(cell, Cell) else (None, None)
                rows.append((_.pick(category.vi, category.en), base(cell), score(cell), interval(of, low, high)))
    made = Table(columns=columns, rows=tuple(rows), strong=frozenset(strong))
    return noted(of, made, _("Whether these groups differ for sure is not tested."))


def comparison(of: Material, group: str) -> Table:
    """The group's own row, then its units from the highest index to the lowest; ▲▼ where it was called."""
    _ = of.locale
    called = of.children_against(group)
    columns = [Column(_("Unit"), 4, number=False), Column("n", 0.9), *(Column(label, 1.3) for label in of.measures.values())]
    rows = [_row(of, group, {})] + [_row(of, unit, called[unit]) for unit in called]
    chart = Chart(kind="bar", title=of.measures[INDEX], labels=0, values=(2,))
    made = Table(columns=tuple(columns), rows=tuple(rows), strong=frozenset({0}), charts=(chart,))
    sign = _(
        "▲ clearly higher, ▼ clearly lower than {group}; no sign: no clear difference, or too few answers for a test. The order is no ranking.",
        group=of.named(group),
    )
    return noted(of, made, sign, *about_tests(of))


def _row(of: Material, unit: str, against: Mapping[str, Comparison]) -> tuple[Entry, ...]:
    cells = [(measure, of.release.cell(unit, measure)) for measure in of.measures]
    marks = {measure: SIGN[one.state] for measure, one in against.items()}
    return (of.named(unit), base(of.release.cell(unit, FORMS)), *(score(cell, mark=marks.get(measure, "")) for measure, cell in cells))


def answers(of: Material) -> Iterator[Table]:
    """Every question with all its options, as they were answered; one table for each response scale."""
    for scale in of.release.questionnaire.scales.values():
        items = [item for item in of.release.questionnaire.items if item.scale == scale.id]
        if items:
            yield _answers(of, scale, items)


def _answers(of: Material, scale: Scale, items: Sequence[Item]) -> Table:
    _, whole = of.locale, not of.groups
    columns = [Column(_("Question"), 7, number=False), *(Column(_.pick(point.vi, point.en), 1.5) for point in scale.points)]
    columns += [Column(_("Don't know (people)"), 1.4), Column("n", 1), Column(_("Favourable %"), 1.3), Column(_("Score"), 1.1)]
    rows: list[tuple[Entry, ...]] = []
    strong = set()
    for theme in of.release.questionnaire.themes:
        asked = [item for item in items if item.theme == theme.id]
        if asked:
            strong.add(len(rows))
            rows.append((_.pick(theme.vi, theme.en), *("" for _column in columns[1:])))
            rows += [_answers_row(of, item, whole) for item in asked]
    charts = (Chart(kind="stacked", title=_("Answers to every question"), labels=0, values=tuple(range(1, len(scale.points) + 1))),)
    made = Table(columns=tuple(columns), rows=tuple(rows), strong=frozenset(strong), charts=charts)
    kind = _("In each cell: number of answers (percent).") if whole else _("In each cell: percent of answers, weighted by headcount.")
    return noted(of, made, kind, reverse_note(of, items))


def _answers_row(of: Material, item: Item, whole: bool) -> tuple[Entry, ...]:
    cell = of.cell(f"item:{item.id}")
    points = of.release.questionnaire.scale_of(item.id).points
    counted = [Number(None, hidden=cell.reason if isinstance(cell, Suppressed) else PROTECTS)] * len(points)
    if isinstance(cell, Cell) and (answered := sum(cell.options)):
        percents = [100 * count / answered for count in cell.options]
        counted = [
            Number(count, 0, percent=percent) if whole else Number(percent)
            for count, percent in zip(cell.options, percents, strict=True)
        ]  # fmt: skip
    return (item_text(of, item), *counted, figure(cell, "dont_know", 0), base(cell), figure(cell, "favourable"), score(cell))
