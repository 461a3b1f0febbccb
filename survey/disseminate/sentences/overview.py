"""The sentences of the first screen; each number once."""

from __future__ import annotations

from collections.abc import Mapping

from survey.analyse.change import Comparison
from survey.analyse.overview import Overview
from survey.disclose.release import FORMS, INDEX, Cell
from survey.disseminate.given import forms_of
from survey.disseminate.look import REASONS, SIGN, node_name, state_words
from survey.disseminate.sentences.one_unit import best_and_worst, good_and_bad, how_we_are, where_to_look
from survey.disseminate.sentences.waves import what_changed
from survey.i18n import Locale

NAMED = 3  # themes named in a sentence; the chart beside it has them all


def standing(of: Overview, locale: Locale) -> list[str]:
    """Beside the index: how certain, of how many people, its place among its peers, and since the wave before."""
    _ = locale
    if not isinstance(of.index, Cell):
        return [_(REASONS[of.index.reason])]
    said = []
    if of.index.low is not None and of.index.high is not None:
        said.append(_("95% interval: {low} to {high}", low=_.number(of.index.low), high=_.number(of.index.high)))
    said.append(_people(of, locale))
    if of.group is not None:
        name = node_name(of.release, of.group, locale)
        if of.place is not None and of.peers > 1:
            best, worst = of.place.best, of.place.worst
            ranks = str(best) if best == worst else f"{best}–{worst}"
            said.append(_("rank {ranks} of {all} in {group}", ranks=ranks, all=of.peers, group=name))
        said.append(_("against {group}: {verdict}", group=name, verdict=_verdict(of.against[INDEX], locale)))
    if of.before is not None:
        said.append(_("since wave {wave}: {verdict}", wave=of.before, verdict=_verdict(of.changed[INDEX], locale)))
    return said


def _people(of: Overview, locale: Locale) -> str:
    _, forms, rate = locale, of.release.cell(of.unit, FORMS), of.release.response_rate(of.unit)
    said = forms_of(forms, _)
    return said if rate is None else said + ", " + _("about {rate} of the staff", rate=_.percent(rate))


def _verdict(one: Comparison, locale: Locale) -> str:
    points = "" if one.difference is None else locale.number(one.difference, 1, sign=True)
    return " ".join(part for part in (points, SIGN[one.state], state_words(one, locale)) if part)


def opening(of: Overview, labels: Mapping[str, str], locale: Locale) -> list[str]:
    """What is good, what is not, what changed for sure; for a hidden unit why, and where its answers count."""
    if not of.shown:
        return [how_we_are(of.release, of.unit, None, None, locale), where_to_look(of.release, of.unit, locale)]
    if of.group is None:
        good, bad = best_and_worst(of.release, of.unit, locale)
    else:
        named = [(labels[measure], one) for measure, one in of.against.items()]
        good, bad = good_and_bad(named, node_name(of.release, of.group, locale), locale, most=NAMED)
    return [good, bad, changes(of, labels, locale)]


def changes(of: Overview, labels: Mapping[str, str], locale: Locale) -> str:
    return what_changed([(labels[measure], one) for measure, one in of.changed.items() if measure != INDEX], of.before, locale)
