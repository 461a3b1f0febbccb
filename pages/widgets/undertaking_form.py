"""The fields in which an action of a unit is written: what is typed stays until it is stored."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import streamlit as st

from pages.widgets import organizer as desk
from pages.widgets.organizer import plain
from survey.access import Viewer
from survey.disclose.release import Release
from survey.disseminate.look import measure_labels
from survey.errors import InputRefused, SurveyError
from survey.i18n import Locale
from survey.limits import OWNER, UNDERTAKING
from survey.undertaking import PROGRESS, Progress, Undertaking
from survey.undertakings import Doubt, UndertakingDoubtful

if TYPE_CHECKING:
    from bootstrap import Services

HALF_A_YEAR = timedelta(days=182)


@dataclass(frozen=True)
class Shown:
    """Who writes about which unit of which release."""

    services: Services
    viewer: Viewer | None
    release: Release
    unit: str
    locale: Locale


def add(of: Shown) -> None:
    _ = of.locale
    st.header(_("Write down another action"))
    offered = of.services.undertakings.measures(of.viewer, of.release.wave.id, of.unit)
    if not offered:
        st.info(_("No theme of this unit may be shown, so there is nothing an action could be about."))
        return
    asked = st.query_params.get("about")
    name = desk.renewed(f"undertaking.{of.release.wave.id}.{of.unit}")
    empty = Undertaking(
        wave=of.release.wave.id, unit=of.unit, measure=asked if asked in offered else offered[0], text="", owner="",
        due=of.services.clock.today() + HALF_A_YEAR,
    )  # fmt: skip
    one, sure, accept = _form(of, empty, offered, name, _("Save this action"))
    if sure and _saved(of, lambda: of.services.undertakings.add(of.viewer, one, accept), name):
        desk.renew(f"undertaking.{of.release.wave.id}.{of.unit}")
        desk.tell(_("The action has been saved."))
        st.rerun()


def change(of: Shown, held: Undertaking) -> None:
    _, name = of.locale, f"undertaking.{held.id}"
    offered = of.services.undertakings.measures(of.viewer, held.wave, held.unit)
    one, sure, accept = _form(of, held, offered if held.measure in offered else (held.measure, *offered), name, _("Save the change"))
    if sure and _saved(of, lambda: of.services.undertakings.change(of.viewer, held, one, accept), name):
        desk.tell(_("The action has been saved."))
        st.rerun()
    gone = st.checkbox(_("I want to remove this action for good"), key=f"{name}.gone")
    if st.button(_("Remove"), disabled=not gone, key=f"{name}.remove"):
        with desk.refusals(_):
            of.services.undertakings.remove(of.viewer, held)
            desk.tell(_("The action has been removed."))
            st.rerun()


def _form(of: Shown, held: Undertaking, offered: tuple[str, ...], name: str, label: str) -> tuple[Undertaking, bool, list[Doubt]]:
    """What stands in the fields, whether it is to be saved, and the doubts that have been accepted."""
    _, labels = of.locale, measure_labels(of.release, of.locale, items=True)
    measure = st.selectbox(
        _("Theme or question, the weakest first"),
        offered,
        offered.index(held.measure),
        lambda one: labels.get(one, one),
        key=f"{name}.measure",
    )
    text = st.text_area(_("What is done"), held.text, max_chars=UNDERTAKING, key=f"{name}.text", help=_("One thing, in words that staff understand; no names of persons, no numbers of the survey."))  # fmt: skip
    left, right = st.columns(2)
    owner = left.text_input(_("Who sees to it"), held.owner, max_chars=OWNER, key=f"{name}.owner", placeholder=_("an office, or a person in charge"))  # fmt: skip
    first = of.release.wave.closes
    due = right.date_input(_("By when"), max(held.due, first), min_value=first, format="DD/MM/YYYY", key=f"{name}.due")
    steps = list(Progress)
    progress = st.radio(
        _("How far it is"), steps, steps.index(held.progress), lambda one: _(PROGRESS[one]), horizontal=True, key=f"{name}.progress"
    )
    announced = st.checkbox(_("Announce it: everybody may read the action, its theme, who sees to it and how far it is"), held.announced, key=f"{name}.announced")  # fmt: skip
    accept = _accepted(name, _)
    sure = st.button(label, type="primary", key=f"{name}.save")
    day: Any = due
    after = replace(
        held, measure=measure, text=text, owner=owner, due=day or held.due, progress=progress or held.progress, announced=announced
    )
    return after, sure, accept


def _accepted(name: str, locale: Locale) -> list[Doubt]:
    """What the last saving asked about, with a tick each."""
    doubtful = [one for doubt in Doubt if (one := desk.kept(f"{name}.{doubt.value}", UndertakingDoubtful)) is not None]
    found = []
    for one in doubtful:
        st.warning(plain(one.text(locale)))
        if st.checkbox(locale("I have read it again: it may stand as it is"), key=f"{name}.accept.{one.doubt.value}"):
            found.append(one.doubt)
    return found


def _saved(of: Shown, save: Callable[[], object], name: str) -> bool:
    """Refusals are said, and what was typed stays."""
    try:
        save()
    except UndertakingDoubtful as doubtful:
        desk.keep(f"{name}.{doubtful.doubt.value}", doubtful)
        st.rerun()
    except InputRefused as refused:
        for problem in refused.problems:
            told = replace(problem, column=of.locale(problem.column or ""))
            st.error(plain(told.text(of.locale)))
        return False
    except SurveyError as refused:
        st.error(plain(refused.text(of.locale)))
        return False
    desk.forget(*(f"{name}.{doubt.value}" for doubt in Doubt))
    return True
