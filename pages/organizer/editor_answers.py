"""Answers in the editor, one a row, and the pad on which new ones are typed one a line."""

from __future__ import annotations

from collections import Counter
from functools import partial
from typing import Any

import streamlit as st

from pages.widgets import organizer as desk
from pages.widgets import rewriting
from survey import limits
from survey.design import editing_answers
from survey.design.editing_answers import LISTS, answers
from survey.errors import shown
from survey.i18n import Locale


def rows(part: str, name: str, used: list[str], locale: Locale) -> None:
    """The answers of a list or of a question about the person, one a row."""
    _ = locale
    for number, answer in enumerate(answers(rewriting.document(), part, name)):
        left, middle, right = st.columns([4, 4, 3], vertical_alignment="bottom", gap="small")
        with left:
            typed = {"vi": rewriting.words(answer, "vi", _("Answer {n} in Vietnamese", n=number + 1), *_at(part, name, number))}
        with middle:
            typed["en"] = rewriting.words(answer, "en", _("Answer {n} in English", n=number + 1), *_at(part, name, number))
        with right, st.container(horizontal=True, gap="small"):
            for label, operation, stays in (
                (_("Up"), editing_answers.answer_up, number == 0), (_("Take out"), editing_answers.answer_without, False),
            ):  # fmt: skip
                st.button(
                    label, key=rewriting.key(*_at(part, name, number), operation.__name__), disabled=stays,
                    help=f"{label}: {desk.plain(shown(_.pick(typed['vi'], typed['en'])))}",
                    on_click=_reorder, args=(operation, part, name, number),
                )  # fmt: skip
        _write(part, name, number, answer, typed)
    key = rewriting.key("new", part, name)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.text_input(_("One more answer, in Vietnamese"), key=key, max_chars=limits.LABEL)
        st.button(
            _("Add the answer"),
            key=f"{key}.add",
            on_click=_add_answer,
            args=(part, name, used, key, _("Write the answer before it is added.")),
        )
    rewriting.said(key)


def _at(part: str, name: str, number: int) -> tuple[str, ...]:
    """The fields are new ones after every change of order: a field keeps what was typed into it, wherever its answer goes."""
    return (desk.renewed(fields_of(part, name)), str(number))


def fields_of(part: str, name: str) -> str:
    return f"{part}.{name}"


def _reorder(operation: Any, part: str, name: str, number: int) -> None:
    write_typed(part, name)
    rewriting.change(operation, part, name, number)
    desk.renew(fields_of(part, name))


def write_typed(part: str, name: str) -> None:
    """What was typed and came with the same click, before the fields go."""
    for number, answer in enumerate(answers(rewriting.document(), part, name)):
        typed = {language: rewriting.typed(answer, language, *_at(part, name, number)) for language in ("vi", "en")}
        _write(part, name, number, answer, typed)


def _write(part: str, name: str, number: int, answer: editing_answers.Answer, typed: dict[str, str]) -> None:
    if found := rewriting.differing(answer, typed):
        rewriting.change(partial(editing_answers.answer_changed, part=part, name=name, number=number, **found))


def _add_answer(part: str, name: str, used: list[str], key: str, empty: str) -> None:
    text = str(st.session_state.get(key) or "").strip()
    if not text:
        rewriting.say(key, empty)
        return
    write_typed(part, name)
    rewriting.change(editing_answers.answer_added, part, name, text, used)
    st.session_state[key] = ""
    desk.renew(fields_of(part, name))


def pad(of: str, locale: Locale) -> list[str]:
    """Answers to be typed one a line, in two languages: the keys of the fields."""
    _ = locale
    keys = [rewriting.key("new", of, "answers", language) for language in ("vi", "en")]
    order = _("the worst first") if of == LISTS else _("“prefer not to say” is added by itself")
    left, right = st.columns(2, gap="small")
    with left:
        st.text_area(_("Answers in Vietnamese, one a line; {order}", order=order), key=keys[0], height=150)
    with right:
        st.text_area(_("The same in English, one a line (optional)"), key=keys[1], height=150)
    return keys


def typed_answers(of: str, keys: list[str], locale: Locale) -> tuple[list[str], list[str]] | None:
    """What stands in the pad; None, and why, where it is no list of answers."""
    _ = locale
    vi, en = ([line.strip() for line in str(st.session_state.get(key) or "").splitlines() if line.strip()] for key in keys)
    twice = [one for one, times in Counter(map(str.casefold, vi)).items() if times > 1]
    if len(vi) < 2:
        rewriting.say(of, _("Write at least two answers in Vietnamese, one a line."))
    elif twice:
        rewriting.say(of, _("The answer “{answer}” stands twice. Leave one out, or word it otherwise.", answer=desk.plain(twice[0])))
    elif en and len(en) != len(vi):
        rewriting.say(of, _("There are {vi} answers in Vietnamese and {en} in English. Write one for each, in the same order, or leave the English empty.", vi=len(vi), en=len(en)))  # fmt: skip
    else:
        return vi, en
    return None


def empty(keys: list[str]) -> None:
    for key in keys:
        st.session_state[key] = ""
