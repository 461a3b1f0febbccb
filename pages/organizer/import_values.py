"""What every value means: of a scale, of a breakdown, of the units; put right by choosing from a list."""

from __future__ import annotations

import streamlit as st

from pages.widgets import organizer as desk
from survey.i18n import Locale
from survey.process.proposal import Answers, Kind, Proposal, Proposer, Use

Chosen = dict[tuple[Use, int, str], str | None]  # (use, number of its list, value) -> meaning
_OPEN = "?"  # nobody knows yet; no option has this code
_NONE = ""
_SHOWN = 60


def render(proposer: Proposer, proposal: Proposal, chosen: Chosen, name: str, locale: Locale) -> Proposal:
    """The proposal with what was chosen; doubtful lists stand open, any other can be asked for."""
    _ = locale
    st.header(_("What the values mean"))
    groups = proposal.answers(proposer.questionnaire)
    doubtful = [group for group in groups if group.doubtful]
    clear = [group for group in groups if not group.doubtful]
    for group in doubtful:
        proposal = _group(proposer, proposal, group, chosen, name, _)
    if not doubtful:
        st.markdown(_("Every value is known."))
    if clear:
        with st.expander(_("Values that are clear ({n} lists)", n=len(clear))):
            place = st.selectbox(_("List"), range(len(clear)), format_func=lambda one: _title(proposer, clear[one], _), key=f"{name}.list")
            proposal = _group(proposer, proposal, clear[place], chosen, name, _)
    for group in groups:  # also of a list that is not on the screen
        for value in group.rows:
            if (group.use, group.number, value) in chosen:
                proposal = proposal.with_value(group.columns, value, chosen[group.use, group.number, value])
    return proposal


def _group(proposer: Proposer, proposal: Proposal, group: Answers, chosen: Chosen, name: str, locale: Locale) -> Proposal:
    _ = locale
    labels = _labels(proposer, group.use, _)
    with st.container(border=True):
        st.markdown(f"**{desk.plain(_title(proposer, group, _))}**")
        if group.guessed or group.unknown:
            st.markdown(
                _("Not known: {unknown}. Only guessed, please look: {guessed}.", unknown=len(group.unknown), guessed=len(group.guessed))
            )
        first = [*group.unknown, *sorted(group.guessed)]
        values = [*first, *(value for value in group.rows if value not in first)][:_SHOWN]
        rest = group.unknown[_SHOWN:]
        if rest:
            st.warning(_("{n} more values are not shown: is this the right column?", n=_.number(len(rest), 0)))
        for value in values:
            _value(group, value, labels, chosen, name, _)
    return proposal


def _value(group: Answers, value: str, labels: dict[str, str], chosen: Chosen, name: str, locale: Locale) -> None:
    _ = locale
    meant = chosen.get((group.use, group.number, value), group.meanings.get(value, _OPEN))
    options = list(labels) if group.use.kind is Kind.UNIT else [_NONE, *labels]
    if value in group.unknown:
        options.insert(0, _OPEN)
    now = _NONE if meant is None else meant
    left, right = st.columns(2, vertical_alignment="center")
    where = _("{n} rows, first row {row}", n=_.number(group.rows[value], 0), row=group.first[value])
    note = "" if value not in group.guessed else f" · {_('guessed')}"
    left.markdown(f"{desk.plain(value[:200])} ({where}){note}")
    picked = right.selectbox(
        _("Meaning of {column}", column=value[:60]), options, options.index(now) if now in options else None,
        format_func=lambda one: {_OPEN: _("(choose)"), _NONE: _("no answer")}.get(one) or labels[one], label_visibility="collapsed",
        key=f"{name}.value.{group.use.kind}.{group.use.id}.{group.number}.{value[:80]}",
    )  # fmt: skip
    before = group.meanings.get(value, _OPEN)
    if picked is not None and picked != _OPEN and (picked or None) != before:
        chosen[group.use, group.number, value] = picked or None
    else:
        chosen.pop((group.use, group.number, value), None)


def _title(proposer: Proposer, group: Answers, locale: Locale) -> str:
    _ = locale
    if group.use.kind is Kind.UNIT:
        return _("Units")
    if group.use.kind is Kind.BREAKDOWN:
        question = proposer.questions[group.use]
        return f"{group.use.id}: {_.pick(question.vi, question.en)}"[:90]
    points = proposer.options(group.use)
    ends = f"{_.pick(points[0].vi, points[0].en)} … {_.pick(points[-1].vi, points[-1].en)}"
    return _("Scale of {n} questions: {ends}", n=len(group.columns), ends=ends)


def _labels(proposer: Proposer, use: Use, locale: Locale) -> dict[str, str]:
    if use.kind is Kind.UNIT:
        return {unit.id: f"{unit.name_vi} ({unit.id})" for unit in proposer.register}
    return {str(one.value): f"{one.value}: {locale.pick(one.vi, one.en)}" for one in proposer.options(use)}
