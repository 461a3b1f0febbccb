"""Before a wave is published: who will see how much of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from pages.widgets.organizer import plain
from survey.access import Viewer
from survey.disclose.release import Release
from survey.disseminate.look import node_name
from survey.disseminate.seen import ALL_UNITS, EVERYBODY, Seen
from survey.i18n import Locale

if TYPE_CHECKING:
    from bootstrap import Services

LONG, HIGH = 12, 420  # rows, pixels


def show(services: Services, viewer: Viewer | None, release: Release, locale: Locale) -> None:
    _ = locale
    first, second, *units = services.results.foreseen(viewer, release.wave.id)
    st.markdown(f"**{_('Who will see what')}**")
    st.table([_row(one, release, _) for one in (first, second)], hide_index=True)
    nothing = sum(not one.units for one in units)
    with st.expander(
        _(
            "Leaders of one unit: {count} units, {nothing} of them without an index to see",
            count=_.number(len(units), 0),
            nothing=_.number(nothing, 0),
        )
    ):
        st.caption(
            _("Numbers: of the unit, of what stands below it, and of the totals above it to compare with. Comments: of the unit and below.")
        )
        st.table([_row(one, release, _) for one in units], hide_index=True, height=HIGH if len(units) > LONG else "content")
    st.caption(_("Counted from the release itself. Comments that are withheld or not looked at are shown to nobody; single forms neither."))


def _row(one: Seen, release: Release, locale: Locale) -> dict[str, str]:
    _ = locale
    named = {EVERYBODY: _("Everybody, without an account (public page)"), ALL_UNITS: _("Leaders of all units, organizers")}
    return {
        _("Who"): named.get(one.who) or plain(node_name(release, one.who, _)),
        _("Units with an index"): _.number(one.units, 0),
        _("Units hidden"): _.number(one.hidden_units, 0),
        _("Numbers shown"): _.number(one.shown, 0),
        _("Numbers hidden"): _.number(one.hidden, 0),
        _("Comments"): _.number(one.comments, 0),
    }
