"""The questions about the respondent in the editor: a new one, and what all of them do to what may be shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from pages.organizer.editor_answers import empty, pad, typed_answers
from pages.widgets import organizer as desk
from pages.widgets import rewriting
from survey import limits
from survey.access import Viewer
from survey.design import editing, editing_answers
from survey.design.editing import ABOUT
from survey.design.editing_answers import answers
from survey.disclose.fields import fields
from survey.i18n import Locale

if TYPE_CHECKING:
    from bootstrap import Services


def limits_of(services: Services, viewer: Viewer | None, locale: Locale) -> None:
    """What the questions about the person do to what may be shown."""
    _ = locale
    document = rewriting.document()
    units = services.design.units(viewer).at(services.clock.today())
    offered = {str(one["id"]): len(answers(document, ABOUT, one["id"])) for one in editing.entries(document, ABOUT)}
    found = fields(offered, [unit.headcount for unit in units if unit.headcount], services.policy)
    limit = _(
        "Results by these questions are shown only in units with at least {unit} forms (now {large} of {units} units have that many staff), and an answer only where at least {category} people gave it.",
        unit=services.policy.breakdown_unit, category=services.policy.category, large=found.large, units=found.units,
    )  # fmt: skip
    cost = _(
        "Questions: {count}; combinations of their answers: {kinds}. Each question and each answer more hides more numbers, so that nobody can be found out: few questions with broad answers show the most.",
        count=found.count, kinds=_.number(found.kinds, 0) if found.count else "0",
    )  # fmt: skip
    st.info(f"{limit} {cost}")
    for name in found.fine:
        st.warning(
            _("{question} has {n} answers: so many tell who answered, or are hidden everywhere. Join them to {most} at most.",
              question=desk.plain(name), n=offered[name], most=limits.CATEGORIES)
        )  # fmt: skip


def new_field(used: list[str], locale: Locale) -> None:
    _ = locale
    st.header(_("A new question about the respondent"))
    words = [rewriting.key("new", ABOUT, language) for language in ("vi", "en")]
    left, right = st.columns(2, gap="small")
    left.text_input(_("The question in Vietnamese"), key=words[0], max_chars=limits.LABEL)
    right.text_input(_("The question in English (optional)"), key=words[1], max_chars=limits.LABEL)
    keys = pad(ABOUT, _)
    rewriting.said(ABOUT)
    st.button(_("Add the question"), on_click=_add_field, args=(used, words, keys, _))


def _add_field(used: list[str], words: list[str], keys: list[str], locale: Locale) -> None:
    vi, en = (str(st.session_state.get(key) or "").strip() for key in words)
    if not vi:
        rewriting.say(ABOUT, locale("Write the question before it is added."))
    elif typed := typed_answers(ABOUT, keys, locale):
        rewriting.change(editing_answers.field_added, (vi, en), *typed, used)
        empty([*words, *keys])
