"""Creating a wave: the wishes on the left of the decision, the plan that follows from them before it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import streamlit as st

from pages.widgets import organizer as desk
from pages.widgets.tree import in_tree_order
from survey import limits
from survey.access import Permission, Viewer
from survey.design.plan import Plan
from survey.design.questionnaire import Questionnaire
from survey.errors import N_
from survey.i18n import Locale

if TYPE_CHECKING:
    from bootstrap import Services

KEY_PLANS = {
    (3, 2): N_("3 shares, any 2 open the box (recommended)"),
    (5, 3): N_("5 shares, any 3 open the box"),
    (1, 1): N_("1 share only (for trials)"),
}
BASES = {
    "unit": N_("Scores of a unit: at least {n} forms"),
    "item": N_("Answers to one question: at least {n} forms"),
    "breakdown_unit": N_("Breakdowns only in units with at least {n} forms"),
    "category": N_("Each category of a breakdown: at least {n} forms"),
}


@desk.asks(Permission.WAVES_EDIT)
def render(services: Services, viewer: Viewer | None, locale: Locale) -> None:
    _ = locale
    desk.header(_, _("Create a wave"), _("Fill in from top to bottom. Nothing is stored before the last button; a draft can be deleted."))
    questionnaire = _questionnaire(services, viewer, _)
    if questionnaire is None:
        return
    given = _identity(services, viewer, _) | _period(services.clock.today(), _)
    if None in (given["opens"], given["closes"]):
        st.info(_("Enter the opening and the closing day."))
        return
    plan = tables(questionnaire, _) | _key(_) | _bases(services, _) | _roots(services, viewer, given["opens"], _)
    st.header(_("What follows from this"))
    with desk.refusals(_):
        draft = services.design.draft_wave(viewer, questionnaire_id=questionnaire.id, plan=plan, **given)
        preview(draft.plan, services, _)
        if given["opens"] < services.clock.today():
            st.info(_("The opening day lies in the past; units are taken as they stood on that day."))
        if st.button(_("Create the wave {wave}", wave=desk.plain(given["wave_id"])), type="primary"):
            wave = services.design.create_wave(viewer, questionnaire_id=questionnaire.id, plan=plan, **given)
            desk.tell(
                _(
                    "The wave {wave} has been created. Its plan is frozen; write down its hash: {hash}. Next: print the slips.",
                    wave=desk.plain(wave.id),
                    hash=f"`{wave.plan.hash}`",
                )
            )
            desk.go(desk.WAVES)


def _questionnaire(services: Services, viewer: Viewer | None, locale: Locale) -> Questionnaire | None:
    _ = locale
    newest = {one.id: one for one in services.design.questionnaires(viewer)}  # versions come in order: the last one stays
    if not newest:
        st.info(_("There is no questionnaire yet."))
        desk.link(_, desk.QUESTIONNAIRES, _("Import a questionnaire"))
        return None
    chosen = st.selectbox(
        _("Questionnaire (newest version)"),
        list(newest),
        format_func=lambda one: f"{_.pick(newest[one].title_vi, newest[one].title_en)} ({one} {newest[one].version})",
    )
    return newest[chosen]


def _identity(services: Services, viewer: Viewer | None, locale: Locale) -> dict[str, Any]:
    _ = locale
    taken = {wave.id for wave in services.design.waves(viewer)}
    today = services.clock.today()
    year = today.year
    free = next(one for one in (str(year), str(year + 1), f"{today:%Y-%m}", f"{today:%Y-%m-%d}", "") if one not in taken)
    left, middle, right = st.columns([1, 2, 2])
    wave_id = left.text_input(
        _("Short name (id)"), free, max_chars=limits.ID, help=_("Letters a-z, digits, dot, dash; it stands in addresses and file names.")
    )
    title_vi = middle.text_input(_("Title in Vietnamese"), placeholder=f"Đợt khảo sát {wave_id}", max_chars=limits.NAME)
    title_en = right.text_input(_("Title in English (optional)"), placeholder=f"Survey wave {wave_id}", max_chars=limits.NAME)
    contact = contact_input(services, _)
    trial = st.checkbox(
        _("A trial: mark every figure as illustrative"), help=_("Choose this for rehearsals, so that nobody takes the figures for real.")
    )
    return {
        "wave_id": wave_id.strip(), "title_vi": title_vi.strip(), "title_en": title_en.strip(), "contact": contact, "illustrative": trial,
    }  # fmt: skip


def contact_input(services: Services, locale: Locale, value: str = "", key: str | None = None) -> str:
    """Left empty, the wave has the contact of the installation, where that names one."""
    _ = locale
    general = services.settings.contact
    return st.text_input(
        _("Whom people may ask"), value, max_chars=limits.CONTACT, key=key,
        placeholder=_("left empty: {contact}", contact=general) if general else _("for example: Ms Lan, Department of Home Affairs, 0261 3 123 456"),
        help=_("One person or office, with a telephone number. It stands on the slips and in the introduction of the form."),
    )  # fmt: skip


def _period(today: date, locale: Locale) -> dict[str, Any]:
    _ = locale
    left, right = st.columns(2)
    opens = left.date_input(_("Opening day"), today + timedelta(days=7), format="DD/MM/YYYY")
    closes = right.date_input(_("Closing day (the last day for answers)"), today + timedelta(days=17), format="DD/MM/YYYY")
    return {"opens": opens, "closes": closes}


def tables(questionnaire: Questionnaire, locale: Locale, chosen: Plan | None = None) -> dict[str, Any]:
    _ = locale
    breakdowns = {one.id: _.pick(one.vi, one.en) for one in questionnaire.breakdowns}
    bank = {one.id: _.pick(one.vi, one.en) for one in questionnaire.optional_items}
    fields = st.multiselect(
        _("Results are broken down by"), list(breakdowns), list(chosen.breakdowns) if chosen else list(breakdowns), format_func=breakdowns.__getitem__,
        placeholder=_("Choose"), help=_("Always one at a time, and only where enough people answered."),
    )  # fmt: skip
    optional: list[str] = []
    if bank:
        optional = st.multiselect(
            _("Optional questions from the bank"),
            list(bank),
            list(chosen.optional_items) if chosen else None,
            format_func=lambda one: f"{one}: {bank[one]}",
            placeholder=_("None"),
        )
    return {"breakdowns": fields, "optional_items": optional}


def _key(locale: Locale) -> dict[str, Any]:
    _ = locale
    shares, needed = st.radio(
        _("Key of the ballot box"), list(KEY_PLANS), format_func=lambda plan: _(KEY_PLANS[plan]),
        help=_("The box of answers opens only when enough custodians bring their shares. No single person can look inside."),
    )  # fmt: skip
    if shares == 1:
        st.warning(
            _(
                "With one share a single person can open the box alone, and if that file is lost all answers are lost. Use it for trials only."
            )
        )
    return {"shares": shares, "shares_needed": needed}


def _bases(services: Services, locale: Locale) -> dict[str, Any]:
    _ = locale
    raised: dict[str, int] = {}
    with st.expander(_("Minimum numbers of forms (may be raised, never lowered)")):
        for name, text in BASES.items():
            least = int(getattr(services.policy, name))
            value = int(st.number_input(_(text, n=least), least, 1000, least, key=f"base.{name}"))
            if value > least:
                raised[name] = value
    return {"minimum_base": raised}


def _roots(services: Services, viewer: Viewer | None, day: date, locale: Locale) -> dict[str, Any]:
    _ = locale
    tops = {unit.id: unit.name_vi for depth, unit in in_tree_order(services.design.units(viewer).at(day)) if depth == 0}
    if len(tops) < 2:
        return {}
    chosen = st.multiselect(_("Which bodies take part"), list(tops), list(tops)[:1], format_func=tops.__getitem__, placeholder=_("All"))
    return {"roots": chosen}


def preview(plan: Plan, services: Services, locale: Locale) -> None:
    _ = locale
    reporting = [node for node in plan.nodes if node.reporting]
    staff = sum(node.headcount or 0 for node in reporting)
    desk.figures(
        (_("Reporting units"), _.number(len(reporting), 0)),
        (_("Number of staff, and of slips"), _.number(staff, 0)),
        (_("Breakdowns"), _.number(len(plan.breakdowns), 0)),
    )
    if joined := [node for node in reporting if len(node.members) > 1]:
        st.markdown(
            _("Units with fewer than {n} staff are joined with another one into one reporting unit, so that nobody can be recognised:",
              n=services.policy.reporting_headcount)
        )  # fmt: skip
        st.markdown("\n".join(f"- {desk.plain(_.pick(node.name_vi, node.name_en))} ({_.number(node.headcount, 0)})" for node in joined))
    if empty := [node for node in reporting if not node.headcount]:
        names = "\n".join(f"- {desk.plain(_.pick(node.name_vi, node.name_en))}" for node in empty)
        st.warning(
            _("{n} units have no headcount and would get no slips:", n=_.number(len(empty), 0))
            + f"\n{names}\n\n"
            + _("Enter the number of staff of these units in the unit table first, then create the wave.")
        )
        desk.link(_, desk.UNITS, _("Open the unit table"))
    policy = services.policy.raised(plan.minimum_base)
    st.markdown(_("Smallest numbers that will be shown:"))
    st.markdown("\n".join(f"- {_(text, n=getattr(policy, name))}" for name, text in BASES.items()))
    st.markdown(_("Plan hash {hash}", hash=f"`{plan.hash}`"))
