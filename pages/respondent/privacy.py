"""How anonymity is kept, in plain words, with the numbers of the policy."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from pages.widgets.organizer import plain
from survey.access import Viewer
from survey.i18n import Locale

if TYPE_CHECKING:
    from bootstrap import Services


def render(services: Services, viewer: Viewer | None, locale: Locale) -> None:
    _ = locale
    policy = services.policy
    st.title(_("How anonymity is kept"))
    st.header(_("What happens to your answers"))
    for line in (
        _("You draw a slip by hand. Its code is random; no list says who drew which."),
        _("Your answers stay in your browser until you press send. They are sent once, as one message."),
        _("The server seals them at once in an envelope of a fixed size. It cannot open it: the key is not on the server."),
        _(
            "The box takes each code once. Beside it only the forms of each unit are counted: no code is marked; no time, network address or device is noted."
        ),
        _("When the survey closes, the key is brought, the envelopes are opened in memory, shuffled and counted."),
        _("Then the envelopes and the list of codes are destroyed. What remains are tables."),
    ):
        st.markdown("- " + line)
    st.header(_("What is never shown"))
    for line in (
        _(
            "Any number about fewer than {n} people; the distribution of a single question under {item} answers.",
            n=policy.unit,
            item=policy.item,
        ),
        _("Results by age, gender and so on in units with fewer than {n} forms.", n=policy.breakdown_unit),
        _("A number from which such a small number could be worked out: its neighbours are hidden with it."),
        _("Anything at all while a survey is open, except participation in steps of {n} percent.", n=policy.rate_step),
    ):
        st.markdown("- " + line)
    st.header(_("What this cannot protect against"))
    for line in (
        _("Somebody who looks at your screen, or who secretly marked your slip: draw it yourself and answer alone."),
        _("A comment that tells who you are: please write no names and no titles."),
        _("Somebody who secretly changes the program on the server. Its source code is open, so that it can be checked."),
    ):
        st.markdown("- " + line)
    if services.settings.surface != "results":
        _keys(services, _)
    st.caption(_("Hash of the disclosure policy: {hash}", hash=policy.hash))


def _keys(services: Services, locale: Locale) -> None:
    """A server that gave one person a key of their own would recognise them: people of one unit compare."""
    _ = locale
    running = [(wave, services.credentials.fingerprints(wave)) for wave in services.collect.open_waves()]
    if not any(keys for _wave, keys in running):
        return
    st.header(_("If you were invited by e-mail"))
    st.markdown(
        _("Your invitation shows the signs of your unit's key. They must be those below, and the same for all colleagues of the unit.")
    )
    rows = [
        {_("Unit"): plain(_.pick(node.name_vi, node.name_en)), _("Signs of the key"): plain(fingerprint)}
        for _wave, keys in running
        for node, fingerprint in keys
    ]
    st.table(rows, hide_index=True)
