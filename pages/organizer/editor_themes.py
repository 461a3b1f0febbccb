"""The themes in the editor: their names and order, new ones, those left out."""

from __future__ import annotations

from typing import Any

import streamlit as st

from pages.widgets import organizer as desk
from pages.widgets import rewriting
from survey import limits
from survey.design import editing, editing_themes
from survey.design.editing import OPTIONAL, theme_part
from survey.errors import shown
from survey.i18n import Locale


def themes(used: list[str], locale: Locale) -> None:
    """`used`: ids that any stored version has given."""
    _ = locale
    listed = rewriting.document()["themes"]
    for number, theme in enumerate(listed):
        name = str(theme["id"])
        words = _.pick(*(rewriting.typed(theme, language, "theme", name) for language in ("vi", "en")))
        count = len(editing.entries(rewriting.document(), theme_part(name)))
        label = _("{id} · {name} (questions: {n})", id=desk.plain(name), name=desk.plain(shown(words)), n=count)
        with st.expander(label, key=rewriting.key("open", "theme", name)):
            with st.container(horizontal=True):
                for said, by, stays in ((_("Move up"), -1, number == 0), (_("Move down"), 1, number == len(listed) - 1)):
                    st.button(
                        said, key=rewriting.key("theme", name, f"by{by}"), disabled=stays,
                        on_click=rewriting.change, args=(editing_themes.theme_moved, name, by),
                    )  # fmt: skip
                st.button(
                    _("Leave out with its questions"), key=rewriting.key("theme", name, "out"),
                    on_click=rewriting.change, args=(editing_themes.theme_without, name),
                )  # fmt: skip
            fields(theme, _)
    for theme in editing_themes.themes_left_out(rewriting.document(), rewriting.before()):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.button(
                _("Put back"), key=rewriting.key("theme", str(theme["id"]), "back"),
                on_click=rewriting.change, args=(editing_themes.theme_put_back, rewriting.before(), theme["id"]),
            )  # fmt: skip
            words = _.pick(str(theme.get("vi") or ""), str(theme.get("en") or ""))
            st.markdown(_("Left out: {question}", question=desk.plain(f"{theme['id']} · {words}")), width="stretch")
    _new(used, _)


def fields(theme: dict[str, Any], locale: Locale) -> None:
    """The names of a theme, and whether it counts in the index."""
    _ = locale
    name = str(theme["id"])
    typed = {
        "vi": rewriting.words(theme, "vi", _("Name of the theme in Vietnamese"), "theme", name),
        "en": rewriting.words(theme, "en", _("Name of the theme in English"), "theme", name),
    }
    counts = editing.is_yes(theme, "in_index", True)
    if st.checkbox(_("Part of the index"), counts, key=rewriting.key("theme", name, "in_index")) != counts:
        typed["in_index"] = "false" if counts else "true"
    if found := rewriting.differing(theme, typed):
        rewriting.change(lambda made: editing.theme_changed(made, theme["id"], **found))


def _new(used: list[str], locale: Locale) -> None:
    _ = locale
    st.header(_("A new theme"))
    keys = {language: rewriting.key("new", "theme", language) for language in ("vi", "en")}
    st.text_input(_("Name of the new theme in Vietnamese"), key=keys["vi"], max_chars=limits.LABEL)
    st.text_input(_("Name of the new theme in English (optional)"), key=keys["en"], max_chars=limits.LABEL)
    rewriting.said("new theme")
    st.button(_("Add the theme"), on_click=_add, args=(used, keys, _("Write the name of the theme before it is added.")))


def _add(used: list[str], keys: dict[str, str], empty: str) -> None:
    vi, en = (str(st.session_state.get(key) or "").strip() for key in keys.values())
    if not vi:
        rewriting.say("new theme", empty)
        return
    rewriting.change(editing_themes.theme_added, vi, en, used)
    for key in keys.values():
        st.session_state[key] = ""
    # What comes next is its questions.
    st.session_state[rewriting.key("part")] = theme_part(rewriting.document()["themes"][-1]["id"])


def kept(part: str) -> bool:
    """Is there anything to change in it? Optional questions are changed where there are some."""
    return part != OPTIONAL or bool(editing.entries(rewriting.before(), part) or editing.entries(rewriting.document(), part))
