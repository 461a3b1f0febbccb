"""Results by age, gender, position, years of service: one at a time; a category may be hidden for another's sake."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from pages.widgets import chart
from pages.widgets.organizer import plain
from pages.widgets.selection import choose, pick_measure
from survey.access import Viewer
from survey.analyse.change import compare, side
from survey.analyse.coverage import other_people
from survey.analyse.since import previous, sides
from survey.design.questionnaire import Breakdown
from survey.disclose.release import Release
from survey.disseminate import figures, sentences, tables
from survey.i18n import Locale

if TYPE_CHECKING:
    from bootstrap import Services


def render(services: Services, viewer: Viewer | None, locale: Locale) -> None:
    _ = locale
    st.title(_("Breakdowns"))
    chosen = choose(services, viewer, locale, third=True)
    if chosen is None:
        return
    release, unit = chosen.release, chosen.unit
    measure, what = pick_measure(chosen, locale)
    chart.about(release, figures.node_name(release, unit, locale), locale)
    planned = [field for field in release.questionnaire.breakdowns if field.id in release.plan.breakdowns]
    if not planned:
        st.info(_("This wave was not broken down by anything."))
        return
    shown = [field for field in planned if release.breakdown_shown(unit, field.id)]
    before = previous(services.results.history(viewer, release.wave.id), unit)
    others = other_people(release, before, unit, services.results.register(viewer)) if before else ""
    chart.opening(_said(release, unit, shown, measure, before, others, locale))
    places = st.columns(2, gap="large") if len(shown) > 1 else (st.container(),)
    for number, field in enumerate(shown):
        with places[number % len(places)]:
            _breakdown(release, unit, field, measure, what, locale)
    if hidden := [_.pick(field.vi, field.en) for field in planned if field not in shown]:
        st.header(_("Not shown here"))
        st.markdown("**" + plain(sentences.listed(hidden, locale)) + "**. " + plain(sentences.breakdown_hidden(release, locale)))
    if shown:
        chart.picture_format(locale)


def _said(
    release: Release, unit: str, shown: list[Breakdown], measure: str, before: Release | None, others: str, locale: Locale
) -> list[str]:  # fmt: skip
    """Categories clearly above and below everybody in the unit, and what clearly changed: one family of tests each."""
    _ = locale
    if not shown:
        return []
    places = {(field.id, str(c.value)): f"{_.pick(c.vi, c.en)} ({_.pick(field.vi, field.en)})" for field in shown for c in field.published}
    whole = side(release, unit, measure)
    against = compare([(side(release, unit, measure, *place), whole) for place in places], release.policy)
    good, bad = sentences.groups_of_people(list(zip(places.values(), against, strict=True)), locale)
    since = compare([sides(release, before, unit, measure, *place, others=others) for place in places], release.policy) if before else []
    named = list(zip(places.values(), since, strict=True)) if before else []
    return [good, bad, sentences.what_changed(named, before.wave.id if before else None, locale)]


def _breakdown(release: Release, unit: str, field: Breakdown, measure: str, what: str, locale: Locale) -> None:
    _ = locale
    rows = [("all", _("Everybody"), release.cell(unit, measure))]
    rows += [(str(c.value), _.pick(c.vi, c.en), release.cell(unit, measure, field.id, str(c.value))) for c in field.published]
    chart.show(
        figures.breakdown_dots(release, unit, field.id, measure, what, locale),
        tables.scores(rows, release, locale),
        sentences.breakdown(release, unit, field.id, measure, locale),
        f"phan-to-{field.id}-{measure}-{release.wave.id}-{unit}", release, unit, locale, title=_.pick(field.vi, field.en),
    )  # fmt: skip
