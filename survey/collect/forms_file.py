"""Paper forms typed into a table: every error with its row, column and cure, before anything is asked of the box."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from survey.collect import slips
from survey.collect.forms_workbook import CODE, CODE_HEADERS, asked, number_of, options_of
from survey.design.acceptance import AnswersRejected
from survey.design.questionnaire import Breakdown, Item, OpenQuestion, Questionnaire
from survey.errors import MANY_PROBLEMS, N_, Problem, SurveyError, refuse_if, shown
from survey.source import Source
from survey.tabular import read_rows, read_table
from survey.vietnamese import same

_LOOK = N_("Compare it with the slip and write it again.")


@dataclass(frozen=True)
class PaperForm:
    """One form as the web page would send it. `row`: where it stands in its file."""

    row: int
    code: str
    raw: Mapping[str, Any] = field(repr=False)


@dataclass(frozen=True)
class Batch:
    """`number`: the template's own, empty where the file has none. Codes and answers: never logged, never stored."""

    name: str
    number: str
    forms: tuple[PaperForm, ...]


@dataclass(frozen=True)
class Difference:
    """Two entries of one form that do not agree. Row numbers as the files show them, 0 on a page."""

    code: str
    place: str
    first: str
    second: str
    rows: tuple[int, int] = (0, 0)


def read_forms(source: Source, questionnaire: Questionnaire, belongs: Callable[[str], object]) -> Batch:
    """`belongs` raises where a code is not of this wave; it must not tell whether one is spent. Raises InputRefused."""
    places = {one.id: one for one in asked(questionnaire)}
    table = read_table(source, required=[CODE], optional=list(places), aliases=dict.fromkeys(CODE_HEADERS, CODE))
    known = {name: _values(one, questionnaire) for name, one in places.items()}
    problems: list[Problem] = []
    forms: list[PaperForm] = []
    first_rows: dict[str, int] = {}
    columns = [name for name in table.columns if name != CODE]
    for row, cells in zip(table.index, table.to_dict("records"), strict=True):
        code, wrong = _code(row, cells[CODE], first_rows, belongs)
        problems += wrong
        raw: dict[str, dict[str, Any]] = {"answers": {}, "comments": {}, "breakdowns": {}}
        for name in columns:
            if text := cells[name].strip():
                problems += _put(raw, row, places[name], text, known[name])
        problems += _checked(row, raw, questionnaire)
        forms.append(PaperForm(row, code, raw))
        if len(problems) >= MANY_PROBLEMS:
            break
    if not forms:
        problems.append(Problem(message=N_("the file has no form."), cure=N_("Write one row for each form, below the header.")))
    refuse_if(source.name, problems)
    return Batch(source.name, number_of(read_rows(source).values()), tuple(forms))


def compared(first: Batch, second: Batch, questionnaire: Questionnaire) -> tuple[tuple[Difference, ...], tuple[PaperForm, ...]]:
    """Where the second entry of some of the forms disagrees, and the forms of the second that the first does not have."""
    entered = {form.code: form for form in first.forms}
    unknown = tuple(form for form in second.forms if form.code not in entered)
    found = [
        one
        for form in second.forms
        if (before := entered.get(form.code))
        for one in differences(form.code, before.raw, form.raw, questionnaire, (before.row, form.row))
    ]
    return tuple(found), unknown


def differences(
    code: str, first: Mapping[str, Any], second: Mapping[str, Any], questionnaire: Questionnaire, rows: tuple[int, int] = (0, 0)
) -> Iterator[Difference]:
    """By field, in the order of the form; what a form would not be asked counts in neither."""
    one, two = (_flat(raw, questionnaire) for raw in (first, second))
    for place in (question.id for question in asked(questionnaire)):
        if one.get(place, "") != two.get(place, ""):
            yield Difference(code, place, one.get(place, ""), two.get(place, ""), rows)


def _flat(raw: Mapping[str, Any], questionnaire: Questionnaire) -> dict[str, str]:
    taken = questionnaire.accept(raw, "")
    return {name: str(value) for part in (taken.answers, taken.comments, taken.breakdowns) for name, value in part.items()}


def _code(row: int, typed: str, first_rows: dict[str, int], belongs: Callable[[str], object]) -> tuple[str, list[Problem]]:
    try:
        code = slips.normalise(typed)
        belongs(code)
    except SurveyError as refusal:
        return "", [Problem(row=row, column=CODE_HEADERS[0], message=refusal.message, values=refusal.values, cure=_LOOK)]
    before = first_rows.setdefault(code, row)
    if before == row:
        return code, []
    message, cure = N_("this code stands in row {first} already."), N_("Each form has its own slip: correct the code or remove one row.")
    return code, [Problem(row=row, column=CODE_HEADERS[0], message=message, cure=cure, values={"first": before})]


def _values(one: Item | OpenQuestion | Breakdown, questionnaire: Questionnaire) -> dict[str, Any]:
    """What may be written -> what it means: numbers or codes, and the words in both languages."""
    found: dict[str, Any] = {}
    for option in options_of(one, questionnaire):
        found |= dict.fromkeys((same(option.vi), same(option.en)), option.value)
    # A number is never taken for another option's words.
    return {**found, **{same(str(option.value)): option.value for option in options_of(one, questionnaire)}}


def _put(
    raw: dict[str, dict[str, Any]], row: int, one: Item | OpenQuestion | Breakdown, text: str, known: Mapping[str, Any]
) -> list[Problem]:
    if isinstance(one, OpenQuestion):
        raw["comments"][one.id] = text
        return []
    if same(text) in known:
        raw["answers" if isinstance(one, Item) else "breakdowns"][one.id] = known[same(text)]
        return []
    allowed = ", ".join(str(value) for value in dict.fromkeys(known.values()))
    message = N_('"{value}" is not an answer to this question.')
    cure = N_("Write one of {allowed} or the words of the form; leave the cell empty where nothing was answered.")
    return [Problem(row=row, column=one.id, message=message, cure=cure, values={"value": shown(text), "allowed": allowed})]


def _checked(row: int, raw: Mapping[str, Any], questionnaire: Questionnaire) -> list[Problem]:
    """The checks of the web page itself."""
    try:
        questionnaire.accept(raw, "")
    except AnswersRejected as rejected:
        cure = N_("Look at the paper form and correct the cell.")
        return [Problem(row=row, column=place, message=message, cure=cure) for place, message in rejected.errors.items()]
    return []
