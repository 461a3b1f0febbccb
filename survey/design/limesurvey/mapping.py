"""A mapping for `import responses`, proposed from a questionnaire and the response file of LimeSurvey.

Its headers are the code (`affSat1`, `likert[affSat1]`), the whole text, or "code. text [sub-question]"; its answers are codes or
labels. What is not found is not guessed: it is written into the file as a comment, and named.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from survey.design.questionnaire import Breakdown, Item, OpenQuestion, Option, Questionnaire
from survey.design.units import UnitRegister
from survey.errors import N_, InputRefused, Problem
from survey.source import Source
from survey.tabular import read_table
from survey.vietnamese import without_marks
from survey.yaml_file import write_yaml

_HEAD = re.compile(r"^\s*(?P<code>[A-Za-z]\w*)(?:\[(?P<sub>\w+)\])?\s*(?:[.:)]\s|$)")
_ALIKE = 0.85  # of two texts: a spelling mended between the questionnaire and its answers
_SAME_QUESTION = 0.6
_SAME = {"male": "man", "female": "woman", "nam": "man", "nu": "woman"}


@dataclass
class Proposal:
    """The mapping, and what an officer has to look at before it is used: `open`, in words of the file."""

    mapping: dict[str, Any]
    open: list[str] = field(default_factory=list)

    def text(self) -> str:
        head = "# Proposed from the questionnaire and the heads of the columns: read it before you use it.\n"
        asked = "".join(f"# ? {line}\n" for line in self.open)
        return head + asked + write_yaml(self.mapping, width=1000)


def propose_mapping(questionnaire: Questionnaire, answers: Source, register: UnitRegister, *, wave: str, unit_column: str) -> Proposal:
    """`unit_column`: the code or the head of the column that says where a person works; its values are found by name."""
    table = read_table(answers, required=(), optional=None)
    columns = _columns(table)
    proposal = Proposal({"wave": wave})
    proposal.mapping["unit"] = _unit(table, columns, unit_column, register, answers, proposal)
    proposal.mapping["items"] = {}
    for item in questionnaire.items:
        scale = questionnaire.scales[item.scale]
        options = [*scale.points, *((scale.dont_know,) if scale.dont_know else ())]
        column = _column_of(item, columns, proposal)
        if column:
            proposal.mapping["items"][item.id] = _rule(table, column, options, proposal)
        elif item.id not in columns:
            proposal.open.append(f"{item.id}: no column")
    fields = {}
    for breakdown in questionnaire.breakdowns:
        column = _column_of(breakdown, columns, proposal)
        if column and column != proposal.mapping["unit"]["column"]:
            fields[breakdown.id] = _rule(table, column, breakdown.categories, proposal)
    asked = {question.id: _column_of(question, columns, proposal) for question in questionnaire.open_questions}
    comments = {name: {"column": column} for name, column in asked.items() if column}
    proposal.mapping |= {name: part for name, part in (("breakdowns", fields), ("comments", comments)) if part}
    if not proposal.mapping["items"]:
        message = N_("no column of the file belongs to a question of {id}.")
        raise InputRefused(answers.name, [Problem(message=message, cure=N_("Export the answers with question codes in LimeSurvey."),
                                                  values={"id": questionnaire.id})])  # fmt: skip
    return proposal


def _columns(table: pd.DataFrame) -> dict[str, str]:
    """Id here -> head of its column. A code that heads several columns is of several answers, and none of ours."""
    found: dict[str, list[str]] = {}
    for head in table.columns:
        if match := _HEAD.match(str(head)):
            name = f"{match['code']}_{match['sub']}" if match["sub"] else match["code"]
            found.setdefault(name, []).append(str(head))
    return {name: heads[0] for name, heads in found.items() if len(heads) == 1}


def _column_of(question: Item | Breakdown | OpenQuestion, columns: Mapping[str, str], proposal: Proposal) -> str:
    """The head under the code of a question, where it does not say another question: a code may have been used again."""
    head = columns.get(question.id, "")
    asked = re.sub(r"^\s*[A-Za-z]\w*(\[\w+\])?\s*[.:)]?\s*", "", head)
    inner = re.search(r"\[(.+)\]\s*$", asked)
    said = {_folded(text) for text in (asked, inner[1] if inner else "") if text}
    texts = [_folded(text) for text in (question.vi, question.en) if text]
    if not said or any(difflib.SequenceMatcher(None, one, text).ratio() >= _SAME_QUESTION for one in said for text in texts):
        return head
    proposal.open.append(f"{question.id}: the file asks {asked[:80]!r}, the questionnaire {question.vi[:80]!r}")
    return ""


def _unit(
    table: pd.DataFrame, columns: Mapping[str, str], wanted: str, register: UnitRegister, source: Source, proposal: Proposal
) -> dict[str, Any]:  # fmt: skip
    column = columns.get(wanted, wanted)
    if column not in table.columns:
        raise InputRefused(source.name, [Problem(message=N_('there is no column "{name}".'), cure=N_("Write its code or its head."),
                                                 values={"name": wanted})])  # fmt: skip
    names = {_folded(name): unit.id for unit in register for name in (unit.name_vi, unit.name_en) if name}
    values: dict[str, str] = {}
    for value in _values(table, column):
        if value in register:
            continue
        if _folded(value) in names:
            values[value] = names[_folded(value)]
        else:
            proposal.open.append(f"unit: {value}")
    return {"column": column, **({"values": values} if values else {})}


def _rule(table: pd.DataFrame, column: str, options: Sequence[Option], proposal: Proposal) -> dict[str, Any]:
    """What stands in a column, and the option each of it is; a value that is none is no answer, and named."""
    values: dict[str, Any] = {}
    for value in _values(table, column):
        option = _option(value, options)
        if option is None:
            proposal.open.append(f"{column[:60]}: {value!r} is none of its options")
        elif str(option) == value:
            continue
        values[value] = option
    return {"column": column, **({"values": values} if values else {})}


def _option(value: str, options: Sequence[Option]) -> int | str | None:
    """By code, by label, by the code LimeSurvey writes for a point (A3), then by a label that is almost the same."""
    said = _folded(value)
    for option in options:
        if value == str(option.value) or said in (_folded(option.vi), _folded(option.en)):
            return option.value
    labels = {_folded(text): option.value for option in options for text in (option.vi, option.en) if text}
    if near := difflib.get_close_matches(said, labels, n=2, cutoff=_ALIKE):
        best = [labels[one] for one in near]
        return best[0] if len(set(best)) == 1 or len(near) == 1 else None
    if (code := re.fullmatch(r"A(\d+)", value)) and any(str(option.value) == code[1] for option in options):
        return int(code[1])
    return None


def _values(table: pd.DataFrame, column: str) -> list[str]:
    return [value for value in dict.fromkeys(table[column].astype(str).str.strip()) if value]


def _folded(text: str) -> str:
    said = " ".join(without_marks(text).split())
    return _SAME.get(said, said)
