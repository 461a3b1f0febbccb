"""Before leaders read them: names and numbers in comments are masked, a comment is withheld, nothing is ever added."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from pages.widgets import organizer as desk
from pages.widgets.waves import choose_wave
from survey.access import Permission, Viewer
from survey.design.wave import Wave, WaveState
from survey.disclose.comments import ReleasedComment
from survey.disclose.release import Release
from survey.disseminate.look import node_name
from survey.i18n import Locale
from survey.publish.commenting import Look
from survey.publish.redaction import proposed, redacted, words
from survey.vietnamese import without_marks

if TYPE_CHECKING:
    from bootstrap import Services

AT_ONCE = 20
ALL, NEW, TELLING, SEEN = "all", "new", "telling", "seen"


@desk.asks(Permission.WAVES_EDIT)
def render(services: Services, viewer: Viewer | None, locale: Locale) -> None:
    _ = locale
    desk.header(
        _,
        _("Look at comments"),
        _("Names, numbers and addresses in comments are masked before leaders read them. You may mask words or withhold a comment; nobody can add or change a word. What is masked is gone for good, and counted."),
    )  # fmt: skip
    wave = choose_wave(services, viewer, _, (WaveState.CLOSED, WaveState.PUBLISHED), _("No wave has been closed yet."))
    if wave is None or wave.state not in (WaveState.CLOSED, WaveState.PUBLISHED):
        return
    comments = services.commenting.comments(viewer, wave.id)
    counts = services.commenting.counts(viewer, wave.id)
    # Those with something to mask first: a careful eye tires.
    waiting = sorted((one for one in comments if not one.seen), key=lambda one: not proposed(one.text))
    desk.figures(
        (_("Not looked at yet"), _.number(len(waiting), 0)),
        (_("Looked at"), _.number(len(comments) - len(waiting), 0)),
        (_("With words masked"), _.number(counts["masked"], 0)),
        (_("Withheld"), _.number(counts["withheld"], 0)),
    )
    if not comments:
        st.info(_("This wave has no comments that may be shown."))
        return
    if not waiting:
        st.success(_("All comments have been looked at."))
        if wave.state is WaveState.CLOSED:
            desk.link(_, desk.CLOSE, _("Go to publishing"), wave=wave.id)
    listed = _chosen(services.results.release(viewer, wave.id), [*waiting, *(one for one in comments if one.seen)], bool(waiting), locale)
    if listed:
        _batch(services, viewer, wave, listed, locale)


def _chosen(release: Release, comments: list[ReleasedComment], waiting: bool, locale: Locale) -> list[ReleasedComment]:
    """Those that are searched for: by their words, without marks, by what was done with them, unit and question."""
    _, wave = locale, release.wave.id
    units = [node.id for node in release.plan.nodes if any(one.unit == node.id for one in comments)]
    asked = {question.id: _.pick(question.vi, question.en) for question in release.questionnaire.open_questions}
    names = {ALL: _("All"), NEW: _("Not looked at yet"), TELLING: _("Not looked at yet, with words to mask"), SEEN: _("Looked at")}
    left, right = st.columns([5, 4])
    wanted = left.text_input(_("Search in the comments"), key=f"search.{wave}", help=_("Capitals and marks do not matter.")).strip()
    state = right.selectbox(
        _("State"), list(names), list(names).index(NEW if waiting else SEEN), lambda one: names[one], key=f"state.{wave}.{waiting}"
    )
    left, right = st.columns([5, 4])
    unit = left.selectbox(
        _("Unit"), [ALL, *units], format_func=lambda one: _("All units") if one == ALL else node_name(release, one, _), key=f"unit.{wave}"
    )
    question = right.selectbox(
        _("Question"), [ALL, *asked], format_func=lambda one: asked.get(one) or _("All questions"), key=f"asked.{wave}"
    )
    found = [
        one for one in comments
        if unit in (ALL, one.unit) and question in (ALL, one.question) and _folded(wanted) in _folded(one.text)
        and (state == ALL or (state == SEEN) == one.seen) and (state != TELLING or proposed(one.text))
    ]  # fmt: skip
    st.caption(_("{count} of {all} comments", count=_.number(len(found), 0), all=_.number(len(comments), 0)))
    return found


def _folded(text: str) -> str:
    return without_marks(text).lower()


def _batch(services: Services, viewer: Viewer | None, wave: Wave, listed: list[ReleasedComment], locale: Locale) -> None:
    _ = locale
    release = services.results.release(viewer, wave.id)
    page = 0
    if len(listed) > AT_ONCE:
        # Who has looked at a page finds the next ones in its place.
        page = int(st.number_input(_("Page"), 1, -(-len(listed) // AT_ONCE), key=f"page.{wave.id}.{len(listed)}")) - 1
    part = listed[page * AT_ONCE : (page + 1) * AT_ONCE]
    looks = {one.id: _comment(release, one, locale) for one in part}
    if st.button(_("I have looked at all {count} comments on this page", count=len(part)), type="primary"):
        services.commenting.look(viewer, wave.id, looks)
        desk.tell(_("{count} comments have been looked at.", count=len(part)))
        st.rerun()


def _comment(release: Release, one: ReleasedComment, locale: Locale) -> Look:
    """One comment with its proposals; what is chosen shows at once as leaders will read it."""
    _ = locale
    question = next((q for q in release.questionnaire.open_questions if q.id == one.question), None)
    node = release.node(one.unit)
    found = words(one.text)
    with st.container(border=True):
        st.caption(desk.plain(f"{_.pick(node.name_vi, node.name_en)} · {_.pick(question.vi, question.en) if question else one.question}"))
        place = st.container()
        masked = st.multiselect(
            _("Words to mask"), range(len(found)), default=sorted(proposed(one.text)), format_func=lambda at: found[at],
            key=f"mask.{one.id}.{one.seen}", placeholder=_("none"),
        )  # fmt: skip
        withheld = st.checkbox(_("Withhold this comment"), key=f"withhold.{one.id}.{one.seen}")
        with place:
            st.markdown(f"~~{desk.plain(one.text)}~~" if withheld else desk.plain(redacted(one.text, masked)))
    return Look(one.text, frozenset(masked), withheld)
