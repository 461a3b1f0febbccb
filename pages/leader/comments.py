"""What people wrote: apart from every score, shuffled, in units only as large as the policy asks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from pages.widgets import chart
from pages.widgets import organizer as desk
from pages.widgets.selection import choose, picked
from survey.access import Viewer
from survey.analyse.terms import common_terms
from survey.disclose.comments import ReleasedComment
from survey.disclose.release import Release
from survey.disseminate import figures, sentences
from survey.i18n import Locale
from survey.vietnamese import without_marks

if TYPE_CHECKING:
    from bootstrap import Services

ALL, MOST = "all", 50


def render(services: Services, viewer: Viewer | None, locale: Locale) -> None:
    _ = locale
    st.title(_("Comments"))
    chosen = choose(services, viewer, locale, third=True)
    if chosen is None:
        return
    release, unit = chosen.release, chosen.unit
    questions = {question.id: _.pick(question.vi, question.en) for question in release.questionnaire.open_questions}
    with chosen.place:
        asked = picked(
            "question", _("Question"), [ALL, *questions], ALL, lambda one: _("All questions") if one == ALL else questions[one], locale=_,
        )  # fmt: skip
    chart.about(release, figures.node_name(release, unit, locale), locale)
    below = {unit, *release.plan.strata[unit]}
    found = [one for one in services.results.comments(viewer, release.wave.id) if one.unit in below and asked in (ALL, one.question)]
    _rules(release, locale)
    if not found:
        st.info(_("There are no comments to show here. Those of small units are shown with the group above them."))
        return
    _terms(found, release, locale)
    wanted = st.text_input(_("Search in the comments")).strip()
    hits = [one for one in found if _folded(wanted) in _folded(one.text)]
    st.markdown(_("{count} comments", count=_.number(len(hits), 0)))
    _list(hits, release, questions, locale)


def _folded(text: str) -> str:
    return without_marks(text).lower()


def _rules(release: Release, locale: Locale) -> None:
    rule, accusation = sentences.comment_rules(release, locale)
    st.caption(rule)
    with st.expander(locale("A comment accuses somebody: what now?")):
        st.markdown(accusation)


def _terms(found: list[ReleasedComment], release: Release, locale: Locale) -> None:
    if terms := common_terms([one.text for one in found], int(release.policy["comments"])):
        said = " · ".join(f"{desk.plain(term)} ({locale.number(count, 0)})" for term, count in terms)
        st.markdown(f"**{locale('Frequent terms (comments they stand in)')}**: {said}")


def _list(hits: list[ReleasedComment], release: Release, questions: dict[str, str], locale: Locale) -> None:
    for question, label in questions.items():
        if not (own := [one for one in hits if one.question == question]):
            continue
        st.header(desk.plain(label))
        for one in own[:MOST]:
            with st.container(border=True, gap=None):
                st.markdown(desk.plain(one.text))
                st.caption(desk.plain(figures.node_name(release, one.unit, locale)))
        if len(own) > MOST:
            st.caption(locale("The first {count} of {all} are shown; search for the others.", count=MOST, all=locale.number(len(own), 0)))
