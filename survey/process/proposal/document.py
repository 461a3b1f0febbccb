"""The mapping that a proposal makes: the same document, the same file, as `import responses` reads."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from survey.design.questionnaire import Questionnaire
from survey.i18n import Locale
from survey.process.mapping_file import NO_ANSWER
from survey.process.proposal.found import Assigned, Kind, Proposal
from survey.vietnamese import same
from survey.yaml_file import write_yaml


def mapping_document(proposal: Proposal, *, unknown_is_no_answer: bool = False) -> dict[str, Any]:
    """`unknown_is_no_answer`: values that nobody knows are written with nothing behind them, for whoever reads the file."""
    made: dict[str, Any] = {}
    for kind, whole in ((Kind.WAVE, proposal.wave), (Kind.UNIT, proposal.unit)):
        column = next(iter(proposal.used(kind)), None)
        if column is None:
            made[kind.value] = whole
            continue
        made[kind.value] = _rule(column, False)
        if kind is Kind.WAVE and proposal.by_year:
            made[kind.value]["by"] = "year"
    for kind, section in ((Kind.ITEM, "items"), (Kind.BREAKDOWN, "breakdowns"), (Kind.COMMENT, "comments")):
        rules = {one.use.id: _rule(one, unknown_is_no_answer) for one in proposal.used(kind)}
        if rules or kind is Kind.ITEM:
            made[section] = rules
    if proposal.table.header_row != proposal.table.first_row:
        made["header_row"] = proposal.table.header_row
    if proposal.table.sheet and proposal.table.sheet != proposal.table.sheets[0]:
        made["sheet"] = proposal.table.sheet
    return made


def mapping_text(proposal: Proposal, questionnaire: Questionnaire, locale: Locale, *, unknown_is_no_answer: bool = False) -> str:
    """The file, with what an officer has to look at as comments above it."""
    head = "# Proposed from the questionnaire and the heads of the columns: read it before you use it.\n"
    asked = "".join(f"# ? {line}\n" for line in to_look_at(proposal, questionnaire, locale))
    return head + asked + write_yaml(mapping_document(proposal, unknown_is_no_answer=unknown_is_no_answer), width=1000)


def to_look_at(proposal: Proposal, questionnaire: Questionnaire, locale: Locale) -> list[str]:
    """One line for everything that is doubtful: questions without a column, columns and values that are only guessed or not known."""
    _ = locale
    lines = [one.text(_) for one in proposal.told]
    there: Collection[str] = {one.use.id for one in proposal.used(Kind.ITEM)}
    lines += [_("{id}: no column", id=item.id) for item in questionnaire.items if item.id not in there]
    for one in proposal.used():
        if not one.sure:
            lines.append(_('{id}: is the column "{file}" this question?', id=one.use.id or one.use.kind, file=one.column.head[:80]))
    for group in proposal.answers(questionnaire):
        more = len(group.columns) - 1
        where = group.columns[0][:60] + (f" (+{more})" if more else "")
        lines += [_('{column}: "{value}" is none of its options', column=where, value=value) for value in group.unknown]
        lines += [
            _('{column}: "{value}" is taken for {meaning}', column=where, value=value, meaning=group.meanings[value] or _("no answer"))
            for value in group.rows
            if value in group.guessed
        ]
    return [" ".join(line.split()) for line in lines]


def _rule(one: Assigned, unknown_is_no_answer: bool) -> dict[str, Any]:
    values: dict[str, str | None] = {}
    for value in one.column.values:
        if value in one.values:
            meaning = one.values[value]
            if meaning != value and not (meaning is None and same(value) in NO_ANSWER):
                values[value] = meaning
        elif unknown_is_no_answer and value in one.unknown:
            values[value] = None
    made: dict[str, Any] = {"column": one.column.head}
    if values and one.use.kind is not Kind.COMMENT:
        made["values"] = values
    return made
