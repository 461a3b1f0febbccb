"""Participation of an open wave in rounded steps, against the plan; reminders to whole units, never to a person."""

from __future__ import annotations

import html
from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING

import streamlit as st

from pages.organizer import reminding
from pages.widgets import organizer as desk
from pages.widgets.tree import group_name
from pages.widgets.waves import choose_wave, invited_units
from survey.access import Permission, Viewer
from survey.collect import pace
from survey.collect.fieldwork import Participation, RateRules
from survey.design.plan import GROUP_KIND
from survey.design.wave import Wave, WaveState
from survey.i18n import Locale
from survey.vietnamese import sort_key

if TYPE_CHECKING:
    from bootstrap import Services

_STYLE = """<style>
.ln-part{border-collapse:collapse;width:100%}
.ln-part th,.ln-part td{padding:.4rem .75rem .4rem 0;border-bottom:1px solid #8A9BA055;text-align:left;font-weight:400;vertical-align:top}
.ln-part thead th{font-size:.875rem;opacity:.8;white-space:nowrap}
.ln-part :is(td,thead th):nth-child(2){text-align:right;font-variant-numeric:tabular-nums;width:7rem}
.ln-part :is(td,thead th):nth-child(3){width:32%;font-variant-numeric:tabular-nums}
.ln-part small{display:block;opacity:.75;font-size:.8rem}
.ln-part .bar{display:block;position:relative;height:.45rem;background:#8A9BA033;border-radius:3px;margin-top:.25rem}
.ln-part .bar i{position:absolute;top:-.2rem;bottom:-.2rem;border-left:2px solid currentColor}
.ln-part .bar span{display:block;height:100%;background:#0F5C63;border-radius:3px}
@media (prefers-color-scheme:dark){.ln-part .bar span{background:#5FB7BE}}
@media (max-width:640px){.ln-part thead th{white-space:normal}.ln-part :is(td,thead th):nth-child(2){width:4rem}}
@media print{.ln-part .bar{print-color-adjust:exact}}
</style>"""


@desk.asks(Permission.FIELDWORK_SEE)
def render(services: Services, viewer: Viewer | None, locale: Locale) -> None:
    _ = locale
    desk.header(
        _,
        _("Participation"),
        _(
            'Rates are rounded down to steps of {step}% and of {people} people; "{cap}%" means {cap}% or more. Nobody can see who answered, and small units show no rate.',
            step=services.policy.rate_step,
            people=services.policy.unit,
            cap=services.policy.rate_cap,
        ),
    )
    wave = choose_wave(services, viewer, _, (WaveState.OPEN,), _("No wave is in the field."))
    if wave is None:
        return
    if wave.state is not WaveState.OPEN:
        st.info(_("This wave is not in the field, so there is no participation to watch."))
        return
    parts = services.fieldwork.participation(viewer, wave.id)
    days = services.fieldwork.days_left(wave, services.clock.today())
    plan = pace.expected(wave, services.clock.today(), _target(_))
    rules = services.fieldwork.rules
    _summary(wave, parts, days, plan, _)
    _tables(parts, invited_units(services, viewer, wave), plan, rules, _)
    reminding.render(services, _, wave, pace.lagging(parts, plan, rules))
    desk.link(_, desk.PAPER, _("Type in paper forms"), wave=wave.id)
    desk.link(_, desk.SLIPS, _("Extra codes for one unit"), wave=wave.id)
    desk.link(_, desk.CLOSE, _("A later last day, or a stop"), wave=wave.id)
    desk.link(_, desk.CLOSE, _("Close the wave"), wave=wave.id)


def rate(part: Participation, locale: Locale) -> str:
    if part.rate is None:
        return locale("not shown")
    return locale("{rate}% or more", rate=part.rate) if part.capped else f"{part.rate}%"


def _target(locale: Locale) -> int:
    _ = locale
    return int(
        st.number_input(
            _("Planned response rate at the end (%)"), 10, 100, pace.TARGET, 5, width=320,
            help=_("The plan for today is calculated from it, evenly by the day. A unit is called behind only where its rounded rate leaves no doubt."),
        )
    )  # fmt: skip


def _summary(wave: Wave, parts: tuple[Participation, ...], days: int, plan: float, locale: Locale) -> None:
    _ = locale
    whole = next(part for part in parts if part.node.id == wave.plan.topological[0].id)
    desk.figures(
        (_("Response rate so far"), rate(whole, _)),
        (_("By plan until today"), f"{_.number(plan, 0)}%"),
        (_("Codes given out"), _.number(whole.given, 0)),
        (_("Days left"), _.number(max(days, 0), 0)),
    )
    if days < 0:
        st.info(_("The last day was {day}. The wave can be closed.", day=_.day(wave.closes)))


def _tables(parts: tuple[Participation, ...], invited: Collection[str], plan: float, rules: RateRules, locale: Locale) -> None:
    _ = locale
    groups = [part for part in parts if part.node.kind == GROUP_KIND]
    if groups:
        st.header(_("By group (khối)"))
        _table(groups, {}, plan, rules, _)
    st.header(_("By unit"))
    orders = {
        "low": _("Lowest rate first"),
        "high": _("Highest rate first"),
        "name": _("By group and name"),
    }
    order = st.selectbox(_("Sort"), list(orders), format_func=orders.__getitem__)
    units = [part for part in parts if part.node.reporting]
    units.sort(key=lambda part: (part.node.group, sort_key(part.node.name_vi)))
    if order != "name":
        sign = 1 if order == "low" else -1
        units.sort(key=lambda part: (part.rate is None, sign * (part.rate or 0)))
    notes = {part.node.id: group_name(part.node.group, _) for part in units}
    for unit in notes.keys() & invited:
        notes[unit] += " · " + _("by e-mail: credentials collected")
    _table(units, notes, plan, rules, _)


def _table(parts: list[Participation], notes: Mapping[str, str], plan: float, rules: RateRules, locale: Locale) -> None:
    """A table of our own: it prints, a screen reader reads it, and it fits a phone."""
    _ = locale
    heads = "".join(f"<th scope='col'>{html.escape(text)}</th>" for text in (_("Unit"), _("Codes given out"), _("Response rate")))
    rows = []
    for part in parts:
        note = notes.get(part.node.id, "")
        name = html.escape(_.pick(part.node.name_vi, part.node.name_en)) + (f"<small>{html.escape(note)}</small>" if note else "")
        bar = (
            ""
            if part.rate is None
            else f"<span class='bar'><span style='width:{part.rate}%'></span><i style='left:{plan:.0f}%'></i></span>"
        )
        said = rate(part, _) + (f" · {_('behind the plan')}" if pace.behind(part, plan, rules) else "")
        rows.append(f"<tr><th scope='row'>{name}</th><td>{_.number(part.given, 0)}</td><td>{html.escape(said)}{bar}</td></tr>")
    st.html(f"{_STYLE}<table class='ln-part'><thead><tr>{heads}</tr></thead><tbody>{''.join(rows)}</tbody></table>")
