"""Editing a draft: days, names and contact at any time; its tables until slips or invitations stand for them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

from pages.organizer.creating import KEY_PLANS, contact_input, preview, tables
from pages.widgets import organizer as desk
from pages.widgets.waves import choose_wave
from survey import limits
from survey.access import Permission, Viewer
from survey.design.wave import Wave, WaveState
from survey.i18n import Locale

if TYPE_CHECKING:
    from bootstrap import Services


@desk.asks(Permission.WAVES_EDIT)
def render(services: Services, viewer: Viewer | None, locale: Locale) -> None:
    _ = locale
    desk.header(_, _("Edit a draft"), _("Nothing is stored before the last button. A wave that has opened is no longer edited here."))
    wave = choose_wave(
        services, viewer, _, (WaveState.DRAFT,), _("No draft is waiting to be opened."),
        _("This wave has been opened: people have read its days and questions. Its last day can still be extended."),
    )  # fmt: skip
    if wave is None:
        return
    printed = services.fieldwork.slips_made(viewer, wave.id)
    given = _words(services, wave, _) | _days(wave, _)
    if None in (given["opens"], given["closes"]):
        st.info(_("Enter the opening and the closing day."))
        return
    if printed or wave.plan.key_signs:
        st.info(_("Slips or invitations exist and stand for the plan: only days, names and contact can be changed here."))
    else:
        given |= _plan(services, viewer, wave, _)
    with desk.refusals(_):
        edited = services.design.edited_wave(viewer, wave.id, **given)
        st.header(_("What follows from this"))
        _difference(wave, edited, printed, _)
        preview(edited.plan, services, _)
        if st.button(_("Save the draft"), type="primary") and edited != wave:  # never dead: what was just typed comes with this very click
            services.design.edit_wave(viewer, wave.id, **given)
            desk.tell(_("The draft {wave} has been changed. Its plan now has the hash {hash}.", wave=desk.plain(wave.id), hash=f"`{edited.plan.hash}`"))  # fmt: skip
            desk.go(desk.WAVES)


def _words(services: Services, wave: Wave, locale: Locale) -> dict[str, Any]:
    _ = locale
    left, right = st.columns(2)
    title_vi = left.text_input(_("Title in Vietnamese"), wave.title_vi, max_chars=limits.NAME, key=f"edit.vi.{wave.id}")
    title_en = right.text_input(_("Title in English (optional)"), wave.title_en, max_chars=limits.NAME, key=f"edit.en.{wave.id}")
    contact = contact_input(services, _, wave.contact, key=f"edit.contact.{wave.id}")
    return {"title_vi": title_vi.strip(), "title_en": title_en.strip(), "contact": contact}


def _days(wave: Wave, locale: Locale) -> dict[str, Any]:
    _ = locale
    left, right = st.columns(2)
    opens = left.date_input(_("Opening day"), wave.opens, format="DD/MM/YYYY", key=f"edit.opens.{wave.id}")
    closes = right.date_input(_("Closing day (the last day for answers)"), wave.closes, format="DD/MM/YYYY", key=f"edit.closes.{wave.id}")
    return {"opens": opens, "closes": closes}


def _plan(services: Services, viewer: Viewer | None, wave: Wave, locale: Locale) -> dict[str, Any]:
    """The wishes anew where they are changed, else nothing; the draft's bodies and raised minimum bases stay."""
    _ = locale
    questionnaire = services.design.questionnaire(viewer, wave.questionnaire, wave.version)
    wishes = tables(questionnaire, _, wave.plan)
    plans = list(KEY_PLANS)
    now = (wave.plan.shares, wave.plan.shares_needed)
    if now not in plans:
        plans.append(now)
    shares, needed = st.radio(
        _("Key of the ballot box"), plans, plans.index(now), key=f"edit.key.{wave.id}",
        format_func=lambda plan: _(KEY_PLANS[plan]) if plan in KEY_PLANS else f"{plan[1]}/{plan[0]}",
    )  # fmt: skip
    wishes |= {"shares": shares, "shares_needed": needed}
    if all(
        tuple(value) == getattr(wave.plan, name) if isinstance(value, list) else value == getattr(wave.plan, name)
        for name, value in wishes.items()
    ):
        return {}  # the units stay as they were frozen
    roots = [node.id for node in wave.plan.nodes if node.parent is None]
    return {"plan": {**wishes, "minimum_base": dict(wave.plan.minimum_base), "roots": roots}}


def _difference(before: Wave, after: Wave, printed: int, locale: Locale) -> None:
    """What changes, and what slips that are printed already would still say."""
    _ = locale
    if before == after:
        st.markdown(_("Nothing is changed yet."))
        return
    days = [f"{_.day(one.opens)} – {_.day(one.closes)}" for one in (before, after)]
    rows = [
        (_("Days"), *days), (_("Title"), before.title_vi, after.title_vi), (_("Contact"), before.contact, after.contact),
        (_("Breakdowns"), ", ".join(before.plan.breakdowns), ", ".join(after.plan.breakdowns)),
        (_("Plan hash"), before.plan.hash[:16], after.plan.hash[:16]),
    ]  # fmt: skip
    heads = ("", _("As it is"), _("After saving"))
    changed = [dict(zip(heads, map(desk.plain, row), strict=True)) for row in rows if row[1] != row[2]]
    if changed:
        st.table(changed, hide_index=True)
    if printed and (before.plan.hash, before.title_vi, before.contact) != (after.plan.hash, after.title_vi, after.contact):
        st.warning(
            _(
                "{n} slips are printed and say what stands on the left, with the old hash. They stay good; to have slips that say the new, delete the draft, create it anew and print again.",
                n=_.number(printed, 0),
            )
        )
