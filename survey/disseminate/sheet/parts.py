"""The parts of a sheet, in the order they are read: what is said, the charts, the tables, the certificate."""

from __future__ import annotations

from collections.abc import Iterator

from survey.analyse.change import Comparison
from survey.analyse.criteria import Reading as ByCriteria
from survey.analyse.ranking import median
from survey.analyse.trend import unbroken, whole_change
from survey.disclose.release import INDEX, Cell
from survey.disseminate import certificate, quality_words, sentences, tables
from survey.disseminate.figures import item_label
from survey.disseminate.given import forms_of
from survey.disseminate.look import SIGN, score_of, state_words
from survey.disseminate.sheet import addresses, charts, grid, undertaken
from survey.disseminate.sheet.html import Html, element, joined
from survey.disseminate.sheet.reading import Sheet
from survey.i18n import Locale


def parts(of: Sheet) -> Iterator[Html]:
    yield _first(of)
    done = [_section("undertaken", undertaken.heading(of), undertaken.undertaken(of))] if of.undertaken else []
    if not of.shown:
        yield from done
        yield _section("certificate", of.locale("How sure this is"), _certificate(of))
        return
    _ = of.locale
    beside = [_section("trend", _("Trend over the waves"), _trend(of))]
    if of.first.to_mend:
        beside.append(_section("mend", _("Three things to mend first"), _to_mend(of)))
    yield element("div", _section("themes", _("Scores by theme"), _themes(of)), element("div", *beside), class_="two")
    yield from done
    if of.beneath:
        yield _section("below", _("The units below"), _below(of))
    if of.by_criteria is not None:
        yield _section("criteria", _("By the plan's criteria"), _criteria(of, of.by_criteria))
    yield _section("scores", _("The numbers"), _tables(of))
    yield _section("certificate", _("How sure this is"), _certificate(of))


def _section(name: str, heading: str, blocks: Iterator[Html]) -> Html:
    return element("section", element("h2", heading, id=name), *blocks, aria_labelledby=name)


def _said(*texts: str, class_: str = "") -> Html:
    return joined(element("p", text, class_=class_ or None) for text in texts if text)


def _first(of: Sheet) -> Html:
    """Which unit and wave this is, its numbers in large, and three sentences."""
    _, wave = of.locale, of.release.wave
    when = _("The survey was open from {opens} to {closes}.", opens=_.day(wave.opens), closes=_.day(wave.closes))
    mark = element("strong", _("Illustrative figures"), class_="illustrative") if wave.illustrative else Html("")
    about = element("p", element("b", of.wave_name), ". ", when, " ", mark, class_="about")
    return element("section", element("h1", of.name), about, _in_large(of) if of.shown else "", _said(*_opening(of)), class_="first")


def _opening(of: Sheet) -> Iterator[str]:
    yield from sentences.opening(of.first, of.measures, of.locale)
    if of.shown:
        yield quality_words.reliability(of.release, of.unit, of.locale)


def _in_large(of: Sheet) -> Html:
    """The index with its interval and base, participation, and what was called against the group and the wave before."""
    _, index, rate = of.locale, of.cell(INDEX), of.release.response_rate(of.unit)
    assert isinstance(index, Cell)
    between = "" if index.low is None else _("95% interval {low} to {high}", low=_.number(index.low), high=_.number(index.high))
    forms = forms_of(of.forms, _)
    cards = [
        (_("Workplace culture index"), score_of(index, _), between or tables.note(index, _) or _("0 to 100 points")),
        (_("Response rate (about)"), _.percent(rate) if rate is not None else _("hidden"), forms),
    ]
    if of.group is not None:
        cards.append((_("Against {group}", group=of.named(of.group)), *_difference(of, of.against.get(INDEX))))
    if of.first.before is not None:
        cards.append((_("Since wave {wave}", wave=of.first.before), *_difference(of, of.first.changed.get(INDEX))))
    return element("dl", [element("div", element("dt", a), element("dd", element("b", b)), element("dd", c)) for a, b, c in cards])


def _difference(of: Sheet, one: Comparison | None) -> tuple[str, str]:
    if one is None:
        return of.locale.number(None), ""
    return of.locale.number(one.difference, 1, sign=True), f"{SIGN[one.state]} {state_words(one, of.locale)}".strip()


def _themes(of: Sheet) -> Iterator[Html]:
    said = sentences.strong_and_weak(of.release, of.unit, of.locale)
    yield element("figure", charts.themes(of), element("figcaption", said))


def _trend(of: Sheet) -> Iterator[Html]:
    _ = of.locale
    if len(of.releases) < 2:
        yield _said(_("There is no earlier wave to compare with."))
        return
    stretch = unbroken(of.own)
    said = sentences.trend(of.name, stretch, whole_change(stretch, INDEX, "base_score"), _)
    yield element("figure", charts.trend(of), element("figcaption", said))
    yield _said(sentences.recast(of.past, _), sentences.lineage(of.register, of.unit, _))


def _to_mend(of: Sheet) -> Iterator[Html]:
    _ = of.locale
    found = [element("li", element("b", item_label(one.item, _)), " ", sentences.priority(one, _), ".") for one in of.first.to_mend]
    yield element("ol", found)
    yield _said(sentences.priority_rule(of.group, of.first.drivers, _), class_="note")


def _below(of: Sheet) -> Iterator[Html]:
    _, names = of.locale, {unit: of.named(unit) for unit in of.beneath}
    index = {unit: one for (unit, measure), one in of.called_below.items() if measure == INDEX}
    cells = [of.cell(measure, unit) for unit in of.beneath for measure in of.measures]
    calls = {key: one for key, one in of.called_below.items() if key[0] in names}
    yield _said(*sentences.index_calls(names, index, of.name, _), sentences.units_and_calls(names, calls, cells, _))
    if (middle := median(of.release, of.beneath)) is not None:
        yield _said(sentences.middle(of.measures[INDEX], middle, of.cell(INDEX), of.name, _))
    if len(of.beneath) > grid.MOST:
        yield _said(_("The first {count} of {all} units are shown.", count=grid.MOST, all=len(of.beneath)))
    yield grid.heatmap(of)
    rule = _("The darker, the higher.") + " " + _signs(_)
    yield _said(" ".join([rule, *(f"{one}." for one in grid.reasons(of))]), class_="note")


def _criteria(of: Sheet, found: ByCriteria) -> Iterator[Html]:
    """Launch, half way and now, with what changed for sure; no unit below is named."""
    yield _said(*sentences.criteria(found, of.locale))
    if any(one.now.score is not None for one in found.lines):
        yield grid.criteria(found, of.locale)
        yield _said(*grid.criteria_gaps(found, of.locale), class_="note")
    if len(found.waves) > 1:
        yield _said(_signs(of.locale), class_="note")


def _signs(_: Locale) -> str:
    return _("▲ clearly higher, ▼ clearly lower, ○ not tested; no sign: no clear difference.")


def _tables(of: Sheet) -> Iterator[Html]:
    _ = of.locale
    yield grid.scores(of)
    yield _said(*grid.notes(of), class_="note")
    if len(of.releases) > 1:
        yield grid.trend(of)
        yield _said(*grid.gaps(of), class_="note")
    policy = of.release.policy
    if of.against or of.first.changed or of.beneath:
        yield _said(
            _(
                "A difference is called clear only if it is at least {points} points and statistically sure (false calls held to {share} of a table); it is tested from {n} forms on each side.",
                points=_.number(policy["smallest"], 0), share=_.percent(100 * policy["false_discoveries"]), n=policy["base_score"],
            ), _signs(_), class_="note",
        )  # fmt: skip


def _certificate(of: Sheet) -> Iterator[Html]:
    _, release = of.locale, of.release
    yield _said(sentences.provenance(release.wave, _))
    if release.audit:
        lines = certificate.attacks(release, _)
        yield _said(certificate.opening(release, _))
        yield element("ul", [element("li", line) for line in lines]) if lines else Html("")
        yield _said(certificate.again(release, _).replace("`", ""))
    yield _said(_("Fingerprints (SHA-256): whoever has the files can calculate them again."))
    values = certificate.fingerprints(release, of.hash, _)
    yield element("dl", [element("div", element("dt", name), element("dd", value)) for name, value in values.items()], class_="hashes")
    if of.public:
        download = element("a", _("Download these numbers (CSV)"), href=addresses.data(release.wave.id, _), download=True)
        book = element("a", _("Download these numbers (Excel, with all waves)"), href=addresses.workbook(release.wave.id, _), download=True)
        yield element("p", download, " · ", book, class_="screen")
