"""The lists of answers in the editor: what questions share, from the worst answer to the best."""

from __future__ import annotations

from typing import Any

import streamlit as st

from pages.organizer.editor_answers import empty, fields_of, pad, rows, typed_answers, write_typed
from pages.widgets import organizer as desk
from pages.widgets import rewriting
from survey.design import editing, editing_answers
from survey.design.editing_answers import LISTS, answers
from survey.errors import shown
from survey.i18n import Locale


def lists(used: list[str], locale: Locale) -> None:
    """Every list of answers: its words, its order, and who is asked with it."""
    _ = locale
    st.markdown(
        _("A list runs from the worst answer to the best: that is how it is scored. Changing a list that an earlier version has asked with ends the series of its questions; for new questions make a new list.")
    )  # fmt: skip
    for scale in editing.scales(rewriting.document()):
        name = str(scale["id"])
        asked = editing_answers.using(rewriting.document(), name)
        words = " / ".join(_.pick(str(one.get("vi") or ""), str(one.get("en") or "")) for one in answers(rewriting.document(), LISTS, name))
        with st.expander(f"{desk.plain(name)} · {desk.plain(shown(words))}", key=rewriting.key("open", LISTS, name)):
            if asked:
                st.caption(_("Asked with it: {questions}", questions=desk.plain(", ".join(asked[:12]) + (" …" if len(asked) > 12 else ""))))
            else:
                st.button(
                    _("Remove the list; no question uses it"), key=rewriting.key(LISTS, name, "out"),
                    on_click=rewriting.change, args=(editing_answers.list_without, name), disabled=len(editing.scales(rewriting.document())) < 2,
                )  # fmt: skip
            rows(LISTS, name, used, _)
            _upside_down(name, _)
            _dont_know(scale, _)
    _new_list(used, _)


def _upside_down(name: str, locale: Locale) -> None:
    _ = locale
    points = answers(rewriting.document(), LISTS, name)
    if editing_answers.is_upside_down(points):
        worst, best = (desk.plain(_.pick(str(one.get("vi") or ""), str(one.get("en") or ""))) for one in (points[0], points[-1]))
        st.warning(
            _(
                "“{worst}” is scored as the worst answer here and “{best}” as the best. Turn the list round if that is not meant.",
                worst=worst,
                best=best,
            )
        )
        st.button(_("Turn the list round"), key=rewriting.key(LISTS, name, "turned"), on_click=_turn, args=(name,))


def _turn(name: str) -> None:
    write_typed(LISTS, name)
    rewriting.change(editing_answers.turned, name)
    desk.renew(fields_of(LISTS, name))


def _dont_know(scale: dict[str, Any], locale: Locale) -> None:
    """What stands apart from the list and is never scored."""
    _ = locale
    name, now = str(scale["id"]), scale.get("dont_know")
    wanted = st.checkbox(_("Set apart from it, and never scored: “don't know”"), bool(now), key=rewriting.key(LISTS, name, "unsure"))
    if wanted != bool(now):
        rewriting.change(editing_answers.dont_know_changed, name, editing_answers.DONT_KNOW if wanted else None)
    if not wanted:
        return
    words = now or editing_answers.DONT_KNOW
    left, right = st.columns(2, gap="small")
    with left:
        typed = {"vi": rewriting.words(words, "vi", _("“Don't know” in Vietnamese"), LISTS, name, "unsure")}
    with right:
        typed["en"] = rewriting.words(words, "en", _("“Don't know” in English"), LISTS, name, "unsure")
    if found := rewriting.differing(words, typed):
        rewriting.change(editing_answers.dont_know_changed, name, found)


def _new_list(used: list[str], locale: Locale) -> None:
    _ = locale
    st.header(_("A new list of answers"))
    keys = pad(LISTS, _)
    st.checkbox(_("With “don't know” set apart, never scored"), True, key=rewriting.key("new", LISTS, "unsure"))
    rewriting.said(LISTS)
    st.button(_("Add the list"), on_click=_add_list, args=(used, keys, _))


def _add_list(used: list[str], keys: list[str], locale: Locale) -> None:
    if typed := typed_answers(LISTS, keys, locale):
        unsure = bool(st.session_state.get(rewriting.key("new", LISTS, "unsure")))
        rewriting.change(editing_answers.list_added, *typed, unsure, used)
        empty(keys)
