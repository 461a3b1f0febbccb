"""The text of a report: parts II and III from sentences, the rest left to the author in brackets."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from survey.analyse.change import State
from survey.analyse.priorities import drivers_of, priorities
from survey.analyse.trend import unbroken, whole_change
from survey.design.questionnaire import Item
from survey.disclose.release import FORMS, INDEX, Cell, Suppressed
from survey.disseminate import quality_words, sentences
from survey.disseminate.figures import item_label
from survey.disseminate.given import base_of, origin_of
from survey.disseminate.look import score_of, share_of
from survey.disseminate.report import charts
from survey.disseminate.report.annexes import FEW
from survey.disseminate.report.material import Material
from survey.disseminate.report.model import Block, Paragraph, Section
from survey.disseminate.report.undertaken import NOTHING, Undertaken, heard, planned
from survey.errors import N_

LEFT_TO_AUTHOR = {
    "I": (
        N_("I. DIRECTION AND IMPLEMENTATION"),
        N_("[To be written by the unit: documents issued, how the movement and the survey were carried out, checks.]"),
    ),
    "IV": (N_("IV. DIRECTIONS AND MEASURES"), N_("[To be written by the unit: measures, who does them, by when.]")),
    "V": (N_("V. PROPOSALS"), N_("[To be written by the unit.]")),
}


def parts(of: Material, undertaken: Undertaken = NOTHING) -> Iterator[Section]:
    _ = of.locale
    yield _left(of, "I", tuple(heard(of, undertaken)))
    yield Section(id="II", heading=_("II. RESULTS"))
    for number, (name, heading, blocks) in enumerate(_results(of), start=1):
        yield Section(id=name, heading=f"{number}. {heading}", blocks=blocks, level=2)
    yield Section(id="III", heading=_("III. SHORTCOMINGS AND CAUSES"))
    for number, (name, heading, blocks) in enumerate(_shortcomings(of), start=1):
        yield Section(id=name, heading=f"{number}. {heading}", blocks=blocks, level=2)
    yield _left(of, "IV", tuple(planned(of, undertaken)))
    yield _left(of, "V")


def _left(of: Material, part: str, found: tuple[Block, ...] = ()) -> Section:
    """`found`: what the unit has written down here already."""
    heading, hint = LEFT_TO_AUTHOR[part]
    return Section(id=part, heading=of.locale(heading), blocks=(Paragraph(of.locale(hint), hint=True), *found))


def _results(of: Material) -> Iterator[tuple[str, str, tuple[Block, ...]]]:
    _ = of.locale
    yield "participation", _("Participation"), (Paragraph(participation(of)),)
    yield "overall", _("Overall result"), tuple(Paragraph(text) for text in overall(of))
    if not of.shown:
        return
    yield "themes", _("Results by theme"), (*(Paragraph(text) for text in _themes(of)), *charts.themes(of))
    yield "change", _("Change since the wave before"), (*(Paragraph(text) for text in _change(of)), *charts.change(of))
    if len(of.releases) > 1:
        yield "trend", _("Trend over the waves"), (*(Paragraph(text) for text in _trend(of)), *charts.trend(of))
    best = of.ranked_items[:FEW]
    if len(of.ranked_items) >= 2 * FEW:
        listed = tuple(Paragraph(_item(of, _asked(of, item), cell), item=True) for item, cell in best)
        yield "strong", _("What is judged best"), (Paragraph(_("The five questions with the highest scores:")), *listed)
    if of.groups:
        yield "comparison", _("Comparison of units"), tuple(block for group in of.groups for block in _compared(of, group))


def participation(of: Material) -> str:
    """How many were asked, how many answered, and the rate where it may be said."""
    _, wave, forms, asked = of.locale, of.release.wave, of.forms, of.asked(of.unit)
    said = _("The survey was open from {opens} to {closes}.", opens=_.day(wave.opens), closes=_.day(wave.closes))
    if isinstance(forms, Suppressed):
        said += " " + _("The number of valid forms is not shown, because too few people answered.")
    elif forms.base is None:
        said += " " + _("How many people answered is not given.")
    elif asked is None:
        said += " " + _("{forms} valid forms were returned; the number of staff asked is not known.", forms=_.number(forms.base, 0))
    else:
        said += " " + _(
            "{asked} people were asked; {forms} valid forms were returned", asked=_.number(asked, 0), forms=_.number(forms.base, 0)
        )
        said += _(", a response rate of about {rate}.", rate=_.percent(forms.score)) if forms.score is not None else "."
    below = [node for node in of.below(of.unit) if isinstance(of.release.cell(node, FORMS), Cell)]
    if below:
        every = len(of.below(of.unit))
        said += " " + _("The number of forms is shown for {count} of {all} units directly below.", count=len(below), all=every)
    return said


def overall(of: Material) -> Iterator[str]:
    group = of.above[0] if of.above else None
    yield sentences.how_we_are(of.release, of.unit, of.against(group)[INDEX] if group else None, group, of.locale)
    if not of.shown:
        yield sentences.where_to_look(of.release, of.unit, of.locale)
        return
    for other in of.above[1:]:
        yield sentences.against(of.against(other)[INDEX], of.named(other), of.locale)
    yield of.locale("The index runs from 0 to 100 points; it is the mean of the themes, each theme the mean of its questions.")


def _themes(of: Material) -> Iterator[str]:
    yield sentences.strong_and_weak(of.release, of.unit, of.locale)
    yield from _good_and_bad(of)[:1]


def _good_and_bad(of: Material) -> tuple[str, ...]:
    """What lies clearly above, and clearly below, the group; nothing for the whole."""
    if not of.above:
        return ()
    themes = [(of.measures[measure], one) for measure, one in of.against(of.above[0]).items() if measure != INDEX]
    return tuple(text for text in sentences.good_and_bad(themes, of.named(of.above[0]), of.locale, most=len(themes)) if text)


def _change(of: Material) -> Iterator[str]:
    found = [] if of.change is None else [
        (of.measures[one.measure], one.comparison) for one in of.change.changes if one.measure in of.measures and one.measure != INDEX
    ]  # fmt: skip
    yield sentences.what_changed(found, of.before.wave.id if of.before else None, of.locale)
    items = [one for one in (of.change.changes if of.change else ()) if one.measure.startswith("item:") and one.comparison.called]
    parts = []
    for state, text in ((State.HIGHER, N_("clearly up: {names}")), (State.LOWER, N_("clearly down: {names}"))):
        if names := [one.measure.removeprefix("item:") for one in items if one.comparison.state is state]:
            parts.append(of.locale(text, names=sentences.listed(names, of.locale)))
    if parts:
        yield of.locale("Of the single questions {changes}.", changes="; ".join(parts))


def _trend(of: Material) -> Iterator[str]:
    stretch = unbroken(of.own)
    yield sentences.trend(of.name, stretch, whole_change(stretch, INDEX, "base_score"), of.locale)
    if said := sentences.recast(of.past, of.locale):
        yield said
    if story := sentences.lineage(of.register, of.unit, of.locale):
        yield story
    if found := of.reorganised_below or of.reorganised:
        days = sentences.listed([of.locale.day(day) for day in found], of.locale)
        yield of.locale("Units were reorganised on {days}; the figures before and after are not of the same bodies.", days=days)


def _asked(of: Material, item: Item) -> str:
    return item_label(replace(item, vi=item.vi.rstrip("."), en=item.en.rstrip(".")), of.locale)


def _item(of: Material, text: str, cell: Cell) -> str:
    _ = of.locale
    score, n, share = score_of(cell, _), base_of(cell, _), share_of(cell, "favourable", _)
    return _("{question}: {score} points; {share} favourable answers (n = {n}).", question=text, score=score, share=share, n=n)


def _compared(of: Material, group: str) -> Iterator[Block]:
    _, called = of.locale, of.children_against(group)
    names = {unit: of.named(unit) for unit in called}
    flat = {(unit, measure): one for unit, row in called.items() for measure, one in row.items()}
    hidden = sum(isinstance(of.release.cell(unit, measure), Suppressed) for unit, measure in flat)
    index = {unit: row[INDEX] for unit, row in called.items() if INDEX in row}
    said = [*sentences.index_calls(names, index, of.named(group), _), sentences.units_and_calls(names, flat, hidden, _)]
    yield Paragraph(" ".join(text for text in said if text))
    yield from charts.units(of, group)


def _shortcomings(of: Material) -> Iterator[tuple[str, str, tuple[Block, ...]]]:
    _ = of.locale
    if of.shown:
        yield "weak", _("What needs attention"), tuple(_weak(of))
    yield "limits", _("Limits of the figures"), tuple(Paragraph(text, item=True) for text in _limits(of))
    yield "causes", _("Causes"), (Paragraph(_("[To be written by the unit: causes, objective and subjective.]"), hint=True),)


def _weak(of: Material) -> Iterator[Block]:
    _ = of.locale
    themes = sentences.ranked_themes(of.release, of.unit, _)
    if len(themes) >= 4:
        low = [_("“{theme}” ({score} points)", theme=name, score=score) for _score, name, score in themes[:3]]
        yield Paragraph(_("The three themes with the lowest scores: {themes}.", themes=sentences.listed(low, _)))
    yield from (Paragraph(text) for text in (*_good_and_bad(of)[1:], *_fallen(of)))
    group = of.above[0] if of.above else None
    first = priorities(of.release, of.unit, of.verdicts)
    if not first:
        yield Paragraph(_("Single questions are shown from {n} answers.", n=of.release.policy["item"]))
        return
    yield Paragraph(_("Questions to look at first:"))
    for one in first:
        yield Paragraph(f"{_asked(of, one.item)}: {sentences.priority(one, _)}.", item=True)
    yield Paragraph(sentences.priority_rule(group, bool(drivers_of(of.release, of.unit)), _))


def _fallen(of: Material) -> Iterator[str]:
    """Themes and questions that are clearly lower than in the wave before; says so when there is none among those tested."""
    _ = of.locale
    if of.change is None or of.before is None:
        return
    found = [one for one in of.change.changes if one.comparison.state is State.LOWER and one.measure != INDEX]
    if found:
        names = [f"“{of.measures[one.measure]}”" if one.measure in of.measures else one.measure.removeprefix("item:") for one in found]
        yield _("Clearly lower than in wave {wave}: {names}.", wave=of.before.wave.id, names=sentences.listed(names, _))
    elif any(one.comparison.p is not None for one in of.change.changes):
        yield _("Nothing is clearly lower than in wave {wave}.", wave=of.before.wave.id)


def _limits(of: Material) -> Iterator[str]:
    _, policy = of.locale, of.release.policy
    yield _(
        "The figures are the view of those who answered, anonymously and of their own will; they are for improvement and prove no single case."
    )
    yield _(
        "Numbers that speak of too few people are hidden ({unit} forms for a unit, {item} answers for a question); hidden numbers are marked and not estimated.",
        unit=policy["unit"], item=policy["item"],
    )  # fmt: skip
    if mark := quality_words.reliability(of.release, of.unit, _):
        yield mark
    if said := origin_of(of.release, _):
        yield said
