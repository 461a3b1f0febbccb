"""What is being done: the unit's actions about what is weak, written by who leads it, announced to its staff."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from pages.widgets import chart, undertaken, undertaking_form
from pages.widgets import organizer as desk
from pages.widgets.selection import choose
from survey.access import Viewer
from survey.disseminate.look import node_name
from survey.i18n import Locale

if TYPE_CHECKING:
    from bootstrap import Services


def render(services: Services, viewer: Viewer | None, locale: Locale) -> None:
    _ = locale
    st.title(_("What is being done"))
    chosen = choose(services, viewer, locale)
    if chosen is None:
        return
    of = undertaking_form.Shown(services, viewer, chosen.release, chosen.unit, locale)
    chart.about(of.release, node_name(of.release, of.unit, locale), locale)
    st.markdown(
        _("After every wave: what was heard, what is being done about it, what has been done. Announced actions stand on the public page and before the next questionnaire; staff see that answering leads to something.")
    )  # fmt: skip
    desk.told()
    found = services.undertakings.of_unit(viewer, of.release.wave.id, of.unit)
    writes = services.undertakings.may_write(viewer, of.release.wave.id, of.unit)
    if not found:
        st.info(_("Nothing has been written down for this unit yet."))
    for one in found:
        with st.container(border=True):
            undertaken.show(one, of.release.questionnaire, locale)
            if writes:
                with st.expander(_("Change or remove")):
                    undertaking_form.change(of, one)
    if writes:
        undertaking_form.add(of)
