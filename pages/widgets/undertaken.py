"""An action of a unit as a page shows it, and the few of a unit beside what is to be mended."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from pages.widgets.links import page_link
from pages.widgets.organizer import plain
from survey.access import Viewer
from survey.design.questionnaire import Questionnaire
from survey.disclose.release import Release
from survey.disseminate.look import node_name
from survey.disseminate.sheet import addresses
from survey.disseminate.sheet.undertaken import OPEN
from survey.i18n import Locale
from survey.undertaking import PROGRESS, Undertaking, about, by_unit, said, summary

if TYPE_CHECKING:
    from bootstrap import Services


def show(one: Undertaking, asked: Questionnaire, locale: Locale) -> None:
    _, theme = locale, about(one, asked, locale)
    if theme:
        st.caption(plain(theme))
    st.markdown(plain(one.text))
    facts = [f"**{plain(_(PROGRESS[one.progress]))}**", plain(one.owner), _("by {day}", day=_.day(one.due))]
    if not one.announced:
        facts.append(_("not announced"))
    st.markdown(" · ".join(facts))


def announced(found: tuple[Undertaking, ...], release: Release, locale: Locale) -> None:
    """What everybody is told of a wave, unit by unit."""
    if not found:
        return
    _, units = locale, by_unit(found)
    st.subheader(_("What was done with the answers"))
    st.markdown(summary(found, _))
    for unit, own in units.items():
        with st.expander(plain(node_name(release, unit, locale)), expanded=len(units) <= OPEN):
            st.markdown("\n".join("- " + plain(said(one, release.questionnaire, locale)) for one in own))


def of_unit(services: Services, viewer: Viewer | None, release: Release, unit: str, locale: Locale, measure: str = "") -> None:
    """What is being done in the unit (`measure`: about this alone), with the way to the page where it is written."""
    _, wave = locale, release.wave.id
    found = services.undertakings.of_unit(viewer, wave, unit)
    shown = [one for one in found if measure in ("", one.measure)]
    writes = services.undertakings.may_write(viewer, wave, unit)
    if not shown and not writes:
        return
    st.header(_("What is being done"))
    if shown:
        st.markdown("\n".join("- " + plain(said(one, release.questionnaire, locale)) for one in shown))
    else:
        st.caption(_("Nothing has been written down for this unit yet."))
    if writes:
        page_link(_("Write down what is done"), addresses.undertakings(wave, unit, measure, locale))
