"""Participation of an open wave in rounded steps; reminders to whole units, never to a person."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from pages.widgets import organizer as desk
from survey.access import Permission, Viewer
from survey.collect.fieldwork import Participation
from survey.design.plan import GROUP_KIND
from survey.design.wave import Wave, WaveState
from survey.i18n import Locale
from survey.vietnamese import sort_key

if TYPE_CHECKING:
    from bootstrap import Services


@desk.asks(Permission.FIELDWORK_SEE)
def render(services: Services, viewer: Viewer | None, locale: Locale) -> None:
    _ = locale
    desk.header(
        _,
        _("Participation"),
        _(
            'Rates are rounded down to steps of {step}%; "{cap}%" means {cap}% or more. Nobody can see who answered, and small units show no rate.',
            step=services.policy.rate_step,
            cap=services.policy.rate_cap,
        ),
    )
    wave = desk.choose_wave(services, viewer, _, (WaveState.OPEN,), _("No wave is in the field."))
    if wave is None:
        return
    if wave.state is not WaveState.OPEN:
        st.info(_("This wave is not in the field, so there is no participation to watch."))
        return
    parts = services.fieldwork.participation(viewer, wave.id)
    days = services.fieldwork.days_left(wave, date.today())
    _summary(wave, parts, days, _)
    _table(wave, parts, _)
    _reminder(wave, days, _)
    desk.link(_, desk.SLIPS, _("Extra codes for one unit"), wave=wave.id)
    desk.link(_, desk.CLOSE, _("Close the wave"), wave=wave.id)


def rate(part: Participation, locale: Locale) -> str:
    if part.rate is None:
        return locale("not shown")
    return locale("{rate}% or more", rate=part.rate) if part.capped else f"{part.rate}%"


def _summary(wave: Wave, parts: tuple[Participation, ...], days: int, locale: Locale) -> None:
    _ = locale
    whole = next(part for part in parts if part.node.id == wave.plan.topological[0].id)
    left, middle, right = st.columns(3)
    left.metric(_("Response rate so far"), rate(whole, _))
    middle.metric(_("Codes given out"), _.number(whole.given, 0))
    right.metric(_("Days left"), _.number(max(days, 0), 0))
    if days < 0:
        st.info(_("The last day was {day}. The wave can be closed.", day=_.day(wave.closes)))


def _table(wave: Wave, parts: tuple[Participation, ...], locale: Locale) -> None:
    _ = locale
    groups = [part for part in parts if part.node.kind == GROUP_KIND]
    if groups:
        st.header(_("By group (khối)"))
        st.dataframe(_frame(groups, _), hide_index=True, column_config=_columns(_), placeholder="–", height="content")
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
    st.dataframe(
        _frame(units, _, khoi=True),
        hide_index=True,
        column_config=_columns(_),
        placeholder="–",
        height="content" if len(units) < 40 else 1200,
    )


def _frame(parts: list[Participation], locale: Locale, khoi: bool = False) -> pd.DataFrame:
    _ = locale
    rows = []
    for part in parts:
        row = {"unit": _.pick(part.node.name_vi, part.node.name_en)}
        if khoi:
            row["group"] = desk.group_name(part.node.group, _)
        rows.append(row | {"given": part.given, "rate": part.rate})
    return pd.DataFrame(rows)


def _columns(locale: Locale) -> dict[str, object]:
    _ = locale
    return {
        "unit": st.column_config.TextColumn(_("Unit"), width="medium"),
        "group": st.column_config.TextColumn(_("Group (khối)"), width="small"),
        "given": st.column_config.NumberColumn(_("Codes given out"), width="small"),
        "rate": st.column_config.ProgressColumn(_("Response rate"), min_value=0, max_value=100, format="%d%%", width="medium"),
    }


def _reminder(wave: Wave, days: int, locale: Locale) -> None:
    _ = locale
    st.header(_("A reminder to paste in Zalo"))
    st.markdown(
        _("For the group of the whole unit. Never remind single persons: nobody knows who answered, and nobody should seem to know.")
    )
    text = _(
        "{title}: answers are open until {day} ({days} days left). Whoever has drawn a slip can answer on a phone in about five minutes: "
        "scan the QR code on the slip. The survey is anonymous and voluntary; nobody can see who has answered. Those who have answered already: thank you, nothing more is needed.",
        title=desk.wave_title(wave, _),
        day=_.day(wave.closes),
        days=max(days, 0),
    )
    st.code(text, language=None, wrap_lines=True)
