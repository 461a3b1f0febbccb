"""The questionnaire that is being edited in this session: one key, and the fields that write into its document.

Buttons act in callbacks, before the page is drawn: every field of the page is then drawn and written back in the same run,
so that nothing typed is lost to a click elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st

from pages.widgets import organizer as desk
from survey import limits
from survey.design.editing import Document
from survey.design.questionnaire import Questionnaire

_KEY = "rewriting"


def begin(made: Document, base: Questionnaire | None) -> None:
    """What was begun before is gone. `base`: the stored version it is a copy of; None where it is made from nothing."""
    desk.keep(_KEY, {"base": base, "document": made, "read": base})
    desk.renew(_KEY)


def end() -> None:
    desk.forget(_KEY)


def going() -> bool:
    """Is anything being edited?"""
    return desk.kept(_KEY, dict) is not None


def base() -> Questionnaire | None:
    """The stored version that was begun from; None while nothing is being edited, or what is has no such version."""
    found: Questionnaire | None = (desk.kept(_KEY, dict) or {}).get("base")
    return found


def before() -> Mapping[str, Any]:
    """The document of that version; nothing where there is none."""
    found = base()
    return found.source if found else {}


def document() -> Document:
    made: Document = (desk.kept(_KEY, dict) or {})["document"]
    return made


def read() -> Questionnaire | None:
    """As it was when it was last in order; None while it never was."""
    found: Questionnaire | None = (desk.kept(_KEY, dict) or {})["read"]
    return found


def put(made: Document) -> None:
    desk.keep(_KEY, {**(desk.kept(_KEY, dict) or {}), "document": made})


def in_order(questionnaire: Questionnaire) -> None:
    desk.keep(_KEY, {**(desk.kept(_KEY, dict) or {}), "read": questionnaire})


def change(operation: Callable[..., Document], *given: Any) -> None:
    """For callbacks: an operation of survey/design/editing on the document."""
    put(operation(document(), *given))


def key(*of: str) -> str:
    """Of a field: it is empty again when another version is begun."""
    return ".".join((desk.renewed(_KEY), *of))


def words(entry: Mapping[str, Any], name: str, label: str, *of: str, lines: int = 1, help: str | None = None) -> str:
    """A field with the words that stand under `name`; what stands in it now."""
    now = str(entry.get(name) or "")
    field = st.text_area if lines > 1 else st.text_input
    more = {"height": 24 + 24 * lines} if lines > 1 else {}
    return str(field(label, now, key=key(*of, name), max_chars=limits.LABEL, help=help, **more) or "")


def typed(entry: Mapping[str, Any], name: str, *of: str) -> str:
    """The same words for what stands above their field and is drawn before it."""
    return str(st.session_state.get(key(*of, name), entry.get(name)) or "")


def differing(entry: Mapping[str, Any], typed: Mapping[str, str]) -> dict[str, str]:
    """What was typed and does not stand in the entry yet."""
    return {name: text for name, text in typed.items() if text != str(entry.get(name) or "")}


def say(name: str, text: str) -> None:
    """For callbacks: what is wrong with a field, to be told beside it and not at the head of the page."""
    desk.keep("beside", (name, text))


def said(name: str) -> None:
    found = desk.kept("beside", tuple)
    if found and found[0] == name:
        desk.forget("beside")
        st.error(found[1])
