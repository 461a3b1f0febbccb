"""A mapping: what each column of a file of past answers means, and each of its values.

wave: {column: Năm}            # or  wave: 2021, or of a column of days  {column: Dấu thời gian, by: year}
unit: {column: Đơn vị, values: {Sở Nội vụ: dn.snv}}   # or  unit: dn.snv
values: {Rất đồng ý: 5, Không biết: 0, Từ chối: }      # for every item; nothing behind the colon: no answer
items: {KC1: Câu 8, KC2: {column: Câu 9, values: {1: 5, 2: 4}}}
breakdowns: {gender: {column: Giới tính, values: {Nam: m, Nữ: f}}}
comments: {MO1: Góp ý}
header_row: 2                   # where the header stands below a title
sheet: Dữ liệu
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from survey.design.questionnaire import Questionnaire
from survey.design.units import UnitRegister
from survey.errors import N_, InputRefused, Problem, refuse_if, shown
from survey.limits import ID, id_fault
from survey.source import Source
from survey.vietnamese import same, tidy
from survey.yaml_file import Bare, Path, read_yaml, whole

_SECTIONS = ("wave", "unit", "values", "items", "breakdowns", "comments", "header_row", "sheet")
_RULE = ("column", "values")
# Words that programs write where nobody answered.
NO_ANSWER = frozenset(map(same, ("", "nan", "n/a", "#n/a", "na", "null", "none", "-", "--", "-oth-")))


@dataclass(frozen=True, kw_only=True)
class Table:
    """values -> meanings: `meanings` by what is compared; `written` the key as it stands, with its line."""

    meanings: Mapping[str, str | None] = field(default_factory=dict)
    written: Mapping[str, tuple[str, int | None]] = field(default_factory=dict)

    def __contains__(self, key: str) -> bool:
        return key in self.meanings


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One column and what its values mean beyond what they say themselves."""

    column: str
    values: Table = Table()
    by: str = ""  # "year": of a wave, the year in the day that stands there


@dataclass(frozen=True, kw_only=True)
class Meaning:
    wave: str | Rule
    unit: str | Rule
    values: Table
    items: Mapping[str, Rule]
    breakdowns: Mapping[str, Rule]
    comments: Mapping[str, Rule]
    header_row: int | None = None
    sheet: str = ""

    @property
    def rules(self) -> tuple[Rule, ...]:
        single = [one for one in (self.unit, self.wave) if isinstance(one, Rule)]
        return (*self.items.values(), *self.breakdowns.values(), *self.comments.values(), *single)

    @property
    def columns(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(rule.column for rule in self.rules))


def read_mapping(source: Source, questionnaire: Questionnaire, register: UnitRegister) -> Meaning:
    """The mapping, checked whole against questionnaire and units. Raises InputRefused with the line of everything that is wrong."""
    document, lines = read_yaml(source)
    if not isinstance(document, Mapping):
        raise InputRefused(source.name, [Problem(message=N_("the mapping is empty."), cure=N_("It needs wave:, unit: and items:."))])
    reader = _Reader(document, lines, questionnaire, register)
    meaning = reader.meaning()
    refuse_if(source.name, sorted(reader.problems, key=lambda problem: problem.row or 0))
    return meaning


class _Reader:
    def __init__(
        self, document: Mapping[str, Any], lines: Mapping[Path, int], questionnaire: Questionnaire, register: UnitRegister
    ) -> None:
        self._document, self._lines = document, lines
        self._questionnaire, self._register = questionnaire, register
        self.problems: list[Problem] = []

    def _refuse(self, place: Path, message: str, cure: str, **values: object) -> None:
        at = next((self._lines[place[:end]] for end in range(len(place), 0, -1) if place[:end] in self._lines), None)
        self.problems.append(Problem(row=at, column=".".join(map(str, place)), message=message, cure=cure, values=values))

    def meaning(self) -> Meaning:
        for key in self._document:
            if key not in _SECTIONS:
                self._refuse((str(key),), N_("this is not a part of a mapping."), N_("Allowed are: {keys}."), keys=", ".join(_SECTIONS))
        questionnaire = self._questionnaire
        items = self._section("items", set(questionnaire.item))
        breakdowns = self._section("breakdowns", {b.id for b in questionnaire.breakdowns})
        comments = self._section("comments", {q.id for q in questionnaire.open_questions})
        unit, wave = self._single("unit"), self._single("wave")
        common = self._common(items)
        if not items and not self.problems:
            self._refuse(("items",), N_("no item is mapped."), N_("Name at least one item and its column."))
        self._once({**{("items", k): r for k, r in items.items()}, **{("breakdowns", k): r for k, r in breakdowns.items()}})
        row = self._document.get("header_row")
        number = whole(row)
        if row is not None and (number is None or number < 1):
            self._refuse(
                ("header_row",), N_("this is not the number of a row."), N_("Write the number that the spreadsheet shows, for example 2.")
            )
        return Meaning(
            wave=wave, unit=unit, values=common, items=items, breakdowns=breakdowns, comments=comments,
            header_row=number, sheet=tidy(str(self._document.get("sheet") or "")),
        )  # fmt: skip

    def _common(self, items: Mapping[str, Rule]) -> Table:
        options = {option for item in items for option in self._options(item)}
        return self._table(("values",), self._document, options, N_("Use the numbers of the scale, or leave it empty: no answer."))

    def _section(self, section: str, ids: set[str]) -> dict[str, Rule]:
        rules = self._document.get(section)
        if rules is None and section not in self._document:
            return {}
        if not isinstance(rules, Mapping):
            cure = N_("Write the id of a question, a colon and the header of its column.")
            self._refuse((section,), N_("this must name questions and their columns."), cure)
            return {}
        found = {}
        for name, rule in rules.items():
            if name not in ids:
                self._refuse((section, str(name)), N_("this is not in the questionnaire."), N_("Correct the id."))
            elif (read := self._rule((section, str(name)), rule, self._options_of(section, str(name)))) is not None:
                found[str(name)] = read
        return found

    def _options_of(self, section: str, name: str) -> set[str] | None:
        if section == "items":
            return self._options(name)
        if section == "breakdowns":
            return {str(c.value) for b in self._questionnaire.breakdowns if b.id == name for c in b.categories}
        return None

    def _options(self, item: str) -> set[str]:
        scale = self._questionnaire.scale_of(item)
        return {str(value) for value in (*scale.values, scale.dont_know_value) if value is not None}

    def _rule(self, place: Path, rule: object, options: set[str] | None) -> Rule | None:
        rule = {"column": rule} if isinstance(rule, str) else rule
        column = rule.get("column") if isinstance(rule, Mapping) else None
        if not isinstance(rule, Mapping) or not isinstance(column, str) or not column.strip():
            self._refuse(place, N_("the column is missing."), N_("Write column: and the header of the column."))
            return None
        known = (*_RULE, "by") if place == ("wave",) else _RULE
        for key in rule:
            if key not in known:
                self._refuse((*place, str(key)), N_("this is not a part of a mapping."), N_("Allowed are: {keys}."), keys=", ".join(known))
        by = rule.get("by", "")
        if by not in ("", "year") and "by" in known:
            self._refuse(
                (*place, "by"),
                N_("a wave is read by its id, or by year."),
                N_("Leave the line out, or write {example}."),
                example="by: year",
            )
        if isinstance(column, Bare):
            message = N_("{value} alone may be a header or the place of a column.")
            self._refuse(place, message, N_("A column is named by its header; put it in quotation marks."), value=str(column))
        values = self._table((*place, "values"), rule, options, N_("Correct it; allowed are: {options}."))
        return Rule(column=tidy(column), values=values, by=str(by))

    def _single(self, section: str) -> str | Rule:
        """The unit or the wave of every row: one for the whole file, or a column."""
        value = self._document.get(section)
        if section == "wave" and isinstance(value, str) and value.strip():
            if id_fault(value, ID):
                self._refuse((section,), N_('the id "{value}" is not usable.'), N_("Write for example 2019."), value=shown(value))
            return value
        if section == "unit" and isinstance(value, str) and value.strip():
            if value not in self._register:
                message, cure = N_("unit {value} is unknown."), N_("Correct the id; a column is named by column: and its header.")
                self._refuse((section,), message, cure, value=shown(value))
            return value
        options = set(self._register.by_id) if section == "unit" else None
        rule = self._rule((section,), value if isinstance(value, Mapping) else None, options)
        return rule or ""

    def _table(self, place: Path, holder: Mapping[str, Any], options: set[str] | None, cure: str) -> Table:
        if place[-1] not in holder:
            return Table()
        values = holder[str(place[-1])]
        if not isinstance(values, Mapping) or not values:
            self._refuse(place, N_("this is not a table of values."), N_("Write what stands in the file, a colon and what it means."))
            return Table()
        meanings: dict[str, str | None] = {}
        written: dict[str, tuple[str, int | None]] = {}
        for key, value in values.items():
            here = (*place, str(key))
            if isinstance(value, list | Mapping | bytes):
                self._refuse(here, N_("this is not a table of values."), N_("Write what stands in the file, a colon and what it means."))
                continue
            if same(str(key)) in meanings:
                message, cure_ = N_('"{first}" and "{value}" are the same text.'), N_("Keep one of them.")
                self._refuse(here, message, cure_, first=written[same(str(key))][0], value=shown(str(key)))
            meaning = None if value is None or not str(value).strip() else tidy(str(value))
            if meaning is not None and options is not None and meaning not in options:
                listed = shown(", ".join(sorted(options)), 300)
                self._refuse(here, N_('"{value}" is not one of the answers.'), cure, value=shown(meaning), options=listed)
            meanings[same(str(key))] = meaning
            written[same(str(key))] = (str(key), self._lines.get(here))
        return Table(meanings=meanings, written=written)

    def _once(self, rules: Mapping[tuple[str, str], Rule]) -> None:
        """No column is the answer to two questions."""
        seen: dict[str, str] = {}
        for (section, name), rule in rules.items():
            other = seen.setdefault(same(rule.column), name)
            if other != name:
                message, cure = N_('the column "{column}" is given to {other} already.'), N_("Each question has a column of its own.")
                self._refuse((section, name), message, cure, column=shown(rule.column), other=other)
