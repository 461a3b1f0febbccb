"""Reminders to whole units: the official letter to those that lag, and text and picture for a unit's Zalo group."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import streamlit as st

from pages.widgets import organizer as desk
from pages.widgets.picture import still
from pages.widgets.waves import wave_title
from survey.collect.card_png import card_png
from survey.design.plan import Node
from survey.design.wave import Wave
from survey.disseminate.letter import Reminder, reminder_docx
from survey.i18n import Locale

if TYPE_CHECKING:
    from bootstrap import Services

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def render(services: Services, locale: Locale, wave: Wave, behind: Sequence[Node]) -> None:
    """`behind`: the units the letter is addressed to unless the organizer chooses others."""
    _ = locale
    st.header(_("Reminders to units"))
    st.markdown(_("For a whole unit. Never remind single persons: nobody knows who answered, and nobody should seem to know."))
    address = desk.survey_address(services, _)
    names = {node.id: _.pick(node.name_vi, node.name_en) for node in wave.plan.nodes if node.reporting}
    letter, chat = st.tabs([_("Official letter (công văn)"), _("For Zalo")])
    with letter:
        _letter(services, _, wave, names, [node.id for node in behind], address)
    with chat:
        _chat(services, _, wave, names, address)


def _letter(services: Services, locale: Locale, wave: Wave, names: dict[str, str], behind: list[str], address: str) -> None:
    _ = locale
    st.markdown(
        _(
            "Addressed to the units below, at first those that are certainly behind the plan. It names no rate: while a wave is open leaders learn nothing of it."
        )
    )
    chosen = st.multiselect(_("Addressed to"), list(names), behind, format_func=names.__getitem__)
    reminder = Reminder(
        wave=wave_title(wave, _), opens=wave.opens, closes=wave.closes, today=services.clock.today(),
        units=tuple(name for unit in chosen for name in _bodies(wave.plan.by_id[unit], names[unit])), address=f"{address.rstrip('/')}/p", contact=wave.contact or services.settings.contact,
        issuer=services.settings.issuer(_).name,
        illustrative=_("Illustrative figures") if wave.illustrative else "",
    )  # fmt: skip
    st.download_button(
        _("Save the letter (.docx)"), lambda: reminder_docx(reminder, _), f"cong-van-don-doc-{wave.id}.docx", DOCX,
        disabled=not (chosen and address), on_click="ignore",
    )  # fmt: skip


def _bodies(node: Node, name: str) -> list[str]:
    """Units that were joined to be counted together are written to one by one."""
    return name.split(" + ") if len(node.members) > 1 else [name]


def _chat(services: Services, locale: Locale, wave: Wave, names: dict[str, str], address: str) -> None:
    _ = locale
    everybody = ""
    unit = st.selectbox(_("For the group of"), [everybody, *names], format_func=lambda one: names[one] if one else _("all units"))
    days = services.fieldwork.days_left(wave, services.clock.today())
    text = _(
        "{title}: answers are open until {day} ({days} days left). Whoever has drawn a slip can answer on a phone in about five minutes: "
        "scan the QR code on the slip. The survey is anonymous and voluntary; nobody can see who has answered. Those who have answered already: thank you, nothing more is needed.",
        title=wave_title(wave, _),
        day=_.day(wave.closes),
        days=max(days, 0),
    )
    name = names.get(unit, "")
    with st.container(key="letter"):
        st.code(f"{name + ': ' if name else ''}{text} {address.rstrip('/')}/p", language=None, wrap_lines=True)
    if address:
        picture = card_png(wave, name, address, _)
        still(picture, _("Picture to send along"), 320)
        st.caption(_("The QR code leads to the page where the code is typed; it is the same for everybody."))
        st.download_button(
            _("Save the picture (.png)"), picture, f"zalo-{wave.id}{'-' + unit if unit else ''}.png", "image/png", on_click="ignore"
        )
