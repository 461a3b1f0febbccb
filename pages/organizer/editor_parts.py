"""The fields of the editor, one part of the questionnaire at a time."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import streamlit as st

from pages.organizer import editor_about, editor_answers, editor_lists, editor_themes
from pages.widgets import organizer as desk
from pages.widgets import rewriting
from survey.access import Viewer
from survey.design import editing
from survey.design.conditions import NotFollowed, parse
from survey.design.conditions_words import in_words
from survey.design.editing import ABOUT, OPEN, OPTIONAL, theme_of, theme_part
from survey.design.editing_answers import LISTS
from survey.errors import shown
from survey.i18n import Locale

if TYPE_CHECKING:
    from bootstrap import Services

_FIRST, _THEMES = "first", "themes"  # title and introduction; the list of themes
_EXAMPLE = "`${gender} = 'f'`"
_JOINS = "`and`, `or`, `not( )`"


def edit(services: Services, viewer: Viewer | None, used: list[str], locale: Locale) -> None:
    """The chosen part. `used`: ids and codes that any stored version has given."""
    _ = locale
    document = rewriting.document()
    names = {_FIRST: _("Title and introduction"), _THEMES: _("Themes: add, name, put in order")}
    names |= {theme_part(one["id"]): _("Theme: {name}", name=_pick(one, _)) for one in document["themes"]}
    names |= {OPTIONAL: _("Optional questions"), OPEN: _("Open questions"), ABOUT: _("About the respondent"), LISTS: _("Lists of answers")}
    kept = [part for part in names if editor_themes.kept(part)]
    part = st.selectbox(
        _("Part to change"), kept, 2 if document["themes"] else 1, format_func=lambda one: names.get(one, one), key=rewriting.key("part")
    )
    if part == _FIRST:
        _introduction(document, _)
    elif part == _THEMES:
        editor_themes.themes(used, _)
    elif part == LISTS:
        editor_lists.lists(used, _)
    else:
        _questions(services, viewer, part, used, _)


def _questions(services: Services, viewer: Viewer | None, part: str, used: list[str], locale: Locale) -> None:
    _ = locale
    document = rewriting.document()
    theme = theme_of(part)
    if theme:
        editor_themes.fields(next(one for one in document["themes"] if one["id"] == theme), _)
    elif part == OPEN:
        _warning(document, _)
    elif part == ABOUT:
        editor_about.limits_of(services, viewer, _)
    for number, entry in enumerate(editing.entries(rewriting.document(), part)):
        _question(part, entry, number, used, _)
    _left_out(part, _)
    if part == ABOUT:
        editor_about.new_field(used, _)
    elif part != OPTIONAL:
        _new(part, used, _)


def _pick(entry: Mapping[str, Any], locale: Locale) -> str:
    return locale.pick(str(entry.get("vi") or ""), str(entry.get("en") or ""))


def _introduction(document: dict[str, Any], locale: Locale) -> None:
    _ = locale
    meta = document["meta"]
    typed = {
        "title_vi": rewriting.words(meta, "title_vi", _("Title of the questionnaire in Vietnamese")),
        "title_en": rewriting.words(meta, "title_en", _("Title of the questionnaire in English (optional)")),
    }
    if found := rewriting.differing(meta, typed):
        rewriting.change(lambda made: editing.texts_changed(made, "meta", **found))
    labels = {"vi": _("Introduction in Vietnamese, one paragraph a line"), "en": _("Introduction in English, one paragraph a line")}
    for language, label in labels.items():
        now = "\n".join(str(one) for one in (document.get("intro") or {}).get(language) or ())
        text = rewriting.words({language: now}, language, label, "intro", lines=8)
        if text != now:
            lines = [line.strip() for line in text.splitlines() if line.strip()]
            rewriting.put(editing.texts_changed(rewriting.document(), "intro", **{language: lines}))


def _warning(document: dict[str, Any], locale: Locale) -> None:
    _ = locale
    now = document.get("open_warning") or {}
    labels = {"vi": _("Above the open questions, in Vietnamese"), "en": _("Above the open questions, in English")}
    typed = {language: rewriting.words(now, language, label, "warning", lines=3) for language, label in labels.items()}
    if found := rewriting.differing(now, typed):
        rewriting.change(lambda made: editing.texts_changed(made, "open_warning", **found))


def _question(part: str, entry: dict[str, Any], number: int, used: list[str], locale: Locale) -> None:
    _ = locale
    name = str(entry["id"])
    now = _pick({language: rewriting.typed(entry, language, name) for language in ("vi", "en")}, _)
    with st.expander(f"{desk.plain(name)} · {desk.plain(shown(now))}", key=rewriting.key("open", name)):
        _buttons(part, entry, number, _)
        typed = {
            "vi": rewriting.words(entry, "vi", _("Words in Vietnamese"), name, lines=3),
            "en": rewriting.words(entry, "en", _("Words in English"), name, lines=3),
            "hint_vi": rewriting.words(entry, "hint_vi", _("Hint in Vietnamese (optional)"), name, lines=2),
            "hint_en": rewriting.words(entry, "hint_en", _("Hint in English (optional)"), name, lines=2),
            "relevant": _condition(entry, name, _),
        }
        if theme_of(part) or part == OPTIONAL:
            typed |= _answers(entry, name, _)
        if found := rewriting.differing(entry, typed):
            rewriting.change(lambda made: editing.changed(made, part, entry["id"], **found))
        if part == ABOUT:
            editor_answers.rows(part, name, used, _)
        elif part != OPEN:
            _criteria(part, entry, _)


def _buttons(part: str, entry: dict[str, Any], number: int, locale: Locale) -> None:
    _ = locale
    name, last = entry["id"], len(editing.entries(rewriting.document(), part)) - 1
    with st.container(horizontal=True):
        for label, by, stays in ((_("Move up"), -1, number == 0), (_("Move down"), 1, number == last)):
            st.button(
                label, key=rewriting.key(str(name), f"by{by}"), disabled=stays,
                on_click=rewriting.change, args=(editing.moved, part, name, by),
            )  # fmt: skip
        st.button(_("Leave out"), key=rewriting.key(str(name), "out"), on_click=rewriting.change, args=(editing.without, part, name))


def _condition(entry: dict[str, Any], name: str, locale: Locale) -> str:
    """The condition in the stored notation, and under it what it says."""
    _ = locale
    text = rewriting.words(
        entry, "relevant", _("Asked only if (empty: of everybody)"), name,
        help=_("The id of a closed question and the number or code of an answer, for example: {example}. Several are joined with {joins}.", example=_EXAMPLE, joins=_JOINS),
    )  # fmt: skip
    if not text.strip():
        return ""
    read = rewriting.read()
    if read is None:
        return text
    try:
        said = in_words(parse(text), read, _)
    except NotFollowed:
        st.error(_("This condition cannot be followed here. Write for example: {example}", example=_EXAMPLE))
    else:
        st.caption(desk.plain(_("Asked only if {condition}.", condition=said)))
    return text


def _answers(entry: dict[str, Any], name: str, locale: Locale) -> dict[str, str]:
    """The answer list, where there is a choice of them, and which end of it is the good one."""
    _ = locale
    typed: dict[str, str] = {}
    lists = {str(scale["id"]): scale for scale in editing.scales(rewriting.document())}
    now = str(entry.get("scale") or next(iter(lists), ""))
    if len(lists) > 1 and now in lists:
        chosen = st.selectbox(
            _("Answers"), list(lists), list(lists).index(now), key=rewriting.key(name, "scale"),
            format_func=lambda one: " / ".join(_pick(point, _) for point in lists[one]["points"]),
        )  # fmt: skip
        typed |= {"scale": chosen} if chosen != now else {}
    reverse = editing.is_yes(entry, "reverse")
    if st.checkbox(_("Worded negatively: to agree is the bad answer"), reverse, key=rewriting.key(name, "reverse")) != reverse:
        typed["reverse"] = "false" if reverse else "true"
    return typed


def _criteria(part: str, entry: dict[str, Any], locale: Locale) -> None:
    """Which of the plan's criteria the question serves, where the questionnaire has any."""
    _ = locale
    known = {str(one["id"]): _pick(one, _) for one in rewriting.document().get("criteria") or ()}
    if not known:
        return
    now = [str(one) for one in entry.get("criteria") or ()]
    chosen = st.multiselect(
        _("Criteria it serves"), list(known), now, format_func=known.__getitem__, key=rewriting.key(str(entry["id"]), "criteria")
    )
    if chosen != now:
        rewriting.change(lambda made: editing.changed(made, part, entry["id"], criteria=chosen))


def _left_out(part: str, locale: Locale) -> None:
    _ = locale
    for entry in editing.left_out(rewriting.document(), rewriting.before(), part):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.button(
                _("Put back"), key=rewriting.key(str(entry["id"]), "back"),
                on_click=rewriting.change, args=(editing.put_back, rewriting.before(), part, entry["id"]),
            )  # fmt: skip
            st.markdown(_("Left out: {question}", question=desk.plain(f"{entry['id']} · {_pick(entry, _)}")), width="stretch")


def _new(part: str, used: list[str], locale: Locale) -> None:
    _ = locale
    key = rewriting.key("new", part)
    st.text_area(_("A new question, in Vietnamese"), key=key, height=80)
    rewriting.said(key)
    st.button(_("Add the question"), on_click=_add, args=(part, used, key, _("Write the question before it is added.")))


def _add(part: str, used: list[str], key: str, empty: str) -> None:
    text = str(st.session_state.get(key) or "").strip()
    if not text:
        rewriting.say(key, empty)
        return
    rewriting.change(editing.added, part, text, used)
    st.session_state[key] = ""
