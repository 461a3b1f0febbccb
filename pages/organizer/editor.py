"""A new version of a questionnaire, written on the page: begun as a copy of a stored one, saved like a file that is imported."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zlib import crc32

import streamlit as st

from pages.organizer import editor_beginning as beginning
from pages.organizer import editor_parts as parts
from pages.organizer.editor_problems import problems
from pages.widgets import organizer as desk
from pages.widgets import rewriting
from pages.widgets.new_version import questionnaire_name, save, what_changes
from pages.widgets.trying import frame
from survey import limits
from survey.access import Permission, Viewer
from survey.design import editing
from survey.design.editing import Settled
from survey.design.questionnaire import Questionnaire
from survey.design.questionnaire_file import same_document
from survey.errors import InputRefused
from survey.i18n import Locale

if TYPE_CHECKING:
    from bootstrap import Services

_LOOK = """<style>
[data-testid="stMainBlockContainer"]{max-width:76rem!important}
[data-testid="stColumn"] :is([data-testid="stSelectbox"],[data-testid="stTextInput"]){max-width:none}
@media (min-width:641px){
[data-testid="stColumn"]:has(.st-key-beside){position:sticky;top:3.75rem;align-self:flex-start}
.st-key-beside iframe{height:min(760px,calc(100vh - 8rem))}
}
</style>"""


@desk.asks(Permission.QUESTIONNAIRES_EDIT)
def render(services: Services, viewer: Viewer | None, locale: Locale) -> None:
    _ = locale
    desk.header(
        _,
        _("New version of a questionnaire"),
        _("A copy to be changed: the version it was made from stays as it is. Nothing is stored before the last button, and closing the page loses what is not stored."),
    )  # fmt: skip
    desk.link(_, desk.QUESTIONNAIRES, _("Questionnaires"))
    stored = services.design.questionnaires(viewer)
    if not beginning.begun(stored, _):
        return
    st.html(_LOOK)
    base = rewriting.base()
    st.markdown(_("Begun from: {title}", title=desk.plain(questionnaire_name(base, _))) if base else _("Begun from nothing"))
    left, right = st.columns([3, 2], gap="medium")
    with left:
        parts.edit(services, viewer, [name for one in stored if base and one.id == base.id for name in editing.names_in(one)], _)
        _version(_)
    settled = editing.settled(rewriting.document())
    read, refused = _read(services, viewer, settled)
    with right, st.container(key="beside"):
        _phone(services, viewer, refused, _)
    _to_save(services, viewer, stored, base, settled, read, refused, _)


def _version(locale: Locale) -> None:
    _ = locale
    now = str(rewriting.document()["meta"].get("version") or "")
    typed = st.text_input(_("Number of the new version"), now, max_chars=limits.VERSION, key=rewriting.key("version")) or ""
    if typed.strip() != now:
        rewriting.put(editing.texts_changed(rewriting.document(), "meta", version=typed.strip()))


def _read(services: Services, viewer: Viewer | None, settled: Settled) -> tuple[Questionnaire | None, InputRefused | None]:
    """Through the very checks of an import; where they refuse, what for."""
    source = editing.as_source(settled.document)
    try:
        read = services.design.read_form(viewer, source).questionnaire
    except InputRefused as refused:
        return None, editing.placed(refused, source)
    rewriting.in_order(read)
    return read, None


def _phone(services: Services, viewer: Viewer | None, refused: InputRefused | None, locale: Locale) -> None:
    _ = locale
    st.markdown(f"**{_('As it looks on a phone; nothing is stored')}**")
    if refused is not None:
        st.error(
            _("Not in order yet; the reasons stand below, and here is what was last in order. Errors: {n}.", n=len(refused.problems))
            if rewriting.read()
            else _("Not in order yet; the reasons stand below. Errors: {n}.", n=len(refused.problems))
        )
    shown = rewriting.read()
    if shown is None:
        st.info(_("The form appears here with the first question."))
        return
    code = services.trials.of_unsaved(viewer, shown, desk.kept("edited", str) or "")
    desk.keep("edited", code)
    frame(code, crc32(repr(shown.source).encode()), _)


def _to_save(
    services: Services, viewer: Viewer | None, stored: tuple[Questionnaire, ...], base: Questionnaire | None, settled: Settled,
    read: Questionnaire | None, refused: InputRefused | None, locale: Locale,
) -> None:  # fmt: skip
    _ = locale
    if refused is not None:
        st.header(_("To be put in order before it can be saved"))
        st.table(problems(refused, _), hide_index=True)
    if settled.themes:
        st.warning(
            _("These themes have no question and are left out of this version: {names}", names=desk.plain("; ".join(settled.themes)))
        )
    if settled.criteria:
        st.warning(
            _("No question that everybody is asked serves these criteria any more; they go with this version: {names}", names=desk.plain("; ".join(settled.criteria)))
        )  # fmt: skip
    if read is None:
        return
    for name, (other, value) in read.unanswerable().items():
        st.warning(
            _("{question} waits for the answer {value} to {other}, which is not offered there. Change its condition, or bring the answer back.",
              question=desk.plain(name), value=desk.plain(value), other=desk.plain(other))
        )  # fmt: skip
    taken = any((one.id, one.version) == (read.id, read.version) for one in stored)
    same = base is not None and same_document({**read.source, "meta": {**read.source["meta"], "version": base.version}}, base.source)
    what_changes(read, stored, _, begun_from=base.version if base else "")
    if taken:
        st.error(
            _("Version {version} is stored already and stays as it is. Write another number in “Number of the new version”.", version=desk.plain(read.version))
        )  # fmt: skip
    elif same:
        st.info(_("Nothing is changed yet."))
    st.download_button(
        _("Keep it as a file (YAML), to go on another day"), editing.as_source(settled.document).content,
        f"{read.id}-{read.version}.yaml", "application/yaml", on_click="ignore",
    )  # fmt: skip
    with desk.refusals(_):
        if save(services, viewer, read, _, possible=not (taken or same)):
            rewriting.end()
            desk.go(desk.QUESTIONNAIRES)
