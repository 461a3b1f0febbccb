"""A proposal made from a file: the table, the unit, the questions, the wave, then what every value means."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from survey.design.questionnaire import Option, Questionnaire
from survey.design.units import UnitRegister
from survey.design.wave import wave_day
from survey.errors import N_, InputRefused, Problem, Said, SurveyError, shown
from survey.limits import ID, id_fault
from survey.process.mapping_file import Meaning, Rule
from survey.process.mapping_file import Table as Values
from survey.process.proposal.answers import meanings_of
from survey.process.proposal.found import Assigned, Kind, Proposal, Use
from survey.process.proposal.likeness import bare, folded
from survey.process.proposal.questions import by_values, match, uses_of
from survey.process.proposal.table import Column, Table, look_at
from survey.process.proposal.units import UnitNames
from survey.source import Source
from survey.vietnamese import same

_UNIT_HEADS = ("don vi", "unit", "ten don vi", "ma don vi", "co quan", "phong ban", "don vi cong tac", "department", "noi cong tac")
_WAVE_HEADS = ("wave", "dot", "dot khao sat", "nam", "nam khao sat", "year")
_DAY_HEADS = (
    "dau thoi gian", "timestamp", "submitdate", "date submitted", "ngay gui", "ngay tra loi", "thoi gian", "start", "end", "_submission_time",
    "startdate", "date started", "ngay",
)  # fmt: skip
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_MOSTLY = 0.5  # of the filled cells: a column of units


class Proposer:
    """Proposals for answers to one questionnaire from the units of one register."""

    def __init__(self, questionnaire: Questionnaire, register: UnitRegister) -> None:
        self.questionnaire, self.register = questionnaire, register
        self.questions = uses_of(questionnaire)

    def propose(self, source: Source, *, sheet: str = "", header_row: int | None = None, wave: str = "", unit_column: str = "") -> Proposal:
        """`unit_column`: the head, or the code before it, of the column with the unit, where somebody knows it."""
        table = look_at(source, self._known(), sheet, header_row)
        heads = [column.head for column in table.columns]
        unit = self._unit_column(table, unit_column, source)
        found, told = match([head for head in heads if head != unit], self.questionnaire)
        taken = {one.use for one in found.values()}
        rest = [column for column in table.columns if column.head != unit and column.head not in found]
        found |= by_values(rest, {use: self.options(use) for use in self.questions if use.kind is Kind.BREAKDOWN and use not in taken})
        columns = []
        for column in table.columns:
            use, sure = (Use(Kind.UNIT), True) if column.head == unit else (Use(), True)
            if column.head in found:
                use, sure = found[column.head].use, found[column.head].sure
            columns.append(Assigned(column=column, use=use, sure=sure))
        made = Proposal(table=table, columns=tuple(columns), told=tuple(told))
        made = replace(made, wave=wave) if wave else self._dated(made, source.name)
        return self.understood(made)

    def with_use(self, proposal: Proposal, head: str, use: Use) -> Proposal:
        """The column is for that; what its values mean is looked up anew."""
        made = proposal.with_column(Assigned(column=proposal.column(head).column, use=use))
        if use.kind is Kind.WAVE:
            made = replace(made, wave="", by_year=not _are_waves(made.column(head).column))
        return self.understood(made, (head,)) if use.kind is not Kind.WAVE else self.understood(made)

    def with_uses(self, proposal: Proposal, chosen: Mapping[str, Use]) -> Proposal:
        """Every column (by its head) for what was chosen; the others stay as they are."""
        for head, use in chosen.items():
            if proposal.column(head).use != use:
                proposal = self.with_use(proposal, head, use)
        return proposal

    def with_wave(self, proposal: Proposal, wave: str) -> Proposal:
        """Every row is of that wave; units are those of its day."""
        if wave == proposal.wave:
            return proposal
        return self.understood(replace(proposal, wave=wave), [one.column.head for one in proposal.used(Kind.UNIT)])

    def understood(self, proposal: Proposal, heads: Sequence[str] | None = None) -> Proposal:
        """What the values of these columns (of all) mean."""
        units = UnitNames(self.register, _days(proposal))
        made = []
        for one in proposal.columns:
            if heads is None or one.column.head in heads:
                values, guessed = self._meanings(one, units)
                one = replace(one, values=values, guessed=guessed)
            made.append(one)
        return replace(proposal, columns=tuple(made))

    def adopted(self, proposal: Proposal, meaning: Meaning) -> Proposal:
        """A mapping that was kept, put upon this file: columns it does not name are not used, values it does not name stay as proposed."""
        heads = {same(one.column.head): one.column.head for one in proposal.columns}
        said = meaning.wave if isinstance(meaning.wave, str) else ""
        made = replace(
            proposal,
            columns=tuple(Assigned(column=one.column) for one in proposal.columns),
            wave=(proposal.wave or said) if said else "",
            unit=meaning.unit if isinstance(meaning.unit, str) else "",
            told=(),
        )
        rules = _rules(meaning)
        gone = [rule.column for rule in rules.values() if same(rule.column) not in heads]
        for use, rule in rules.items():
            if same(rule.column) in heads:
                made = made.with_column(Assigned(column=proposal.column(heads[same(rule.column)]).column, use=use))
        if isinstance(meaning.wave, Rule):
            made = replace(made, by_year=meaning.wave.by == "year")
        made = self.understood(made)
        for use, rule in rules.items():
            tables = (rule.values, meaning.values) if use.kind is Kind.ITEM else (rule.values,)
            made = _kept(made, heads.get(same(rule.column)), tables)
        told = []
        if gone:
            told.append(
                Said(N_("The mapping names columns that this file does not have: {columns}."), {"columns": shown(", ".join(gone), 500)})
            )
        if said and proposal.wave and said != proposal.wave:
            told.append(
                Said(N_("The mapping was made for the wave {wave}, this file is taken for {file}."), {"wave": said, "file": proposal.wave})
            )
        return replace(made, told=tuple(told))

    def options(self, use: Use) -> tuple[Option, ...]:
        """What a value of such a column may mean: of an item its scale, whose id may stand for it; none of units and texts."""
        if use.kind is Kind.ITEM:
            scales = self.questionnaire.scales
            scale = self.questionnaire.scale_of(use.id) if use in self.questions else scales[use.id]
            return (*scale.points, *((scale.dont_know,) if scale.dont_know else ()))
        if use.kind is Kind.BREAKDOWN:
            return next(one.categories for one in self.questionnaire.breakdowns if one.id == use.id)
        return ()

    def _known(self) -> set[str]:
        """Texts that headers of such a file say."""
        words = {*_UNIT_HEADS, *_WAVE_HEADS, *_DAY_HEADS}
        for question in self.questions.values():
            words |= {folded(question.id), *(folded(text) for text in (question.vi, question.en) if text)}
        return words

    def _unit_column(self, table: Table, wanted: str, source: Source) -> str:
        if wanted:
            named = [one.head for one in table.columns if one.head == wanted or re.match(rf"{re.escape(wanted)}\s*[.:)]\s", one.head)]
            if len(named) != 1:
                message, cure = N_('there is no column "{name}".'), N_("Write its code or its head.")
                raise InputRefused(source.name, [Problem(message=message, cure=cure, values={"name": wanted})])
            return named[0]
        names = UnitNames(self.register)
        best, place = 0.0, ""
        for column in table.columns:
            known, _guessed = names.meanings_of(list(column.values)[:500], nearly=False)
            share = sum(column.values[value] for value in known) / column.filled if column.filled else 0.0
            by_name = bare(column.head) in _UNIT_HEADS or folded(column.head).startswith("don vi")
            score = share + (_MOSTLY if by_name else 0.0)
            if score >= _MOSTLY and score > best:
                best, place = score, column.head
        return place

    def _dated(self, proposal: Proposal, name: str) -> Proposal:
        """By a column of waves or of days, else by the year in the file's name."""
        free = [one for one in proposal.columns if one.use.kind is Kind.NOTHING]
        for heads in (_WAVE_HEADS, _DAY_HEADS):
            for one in free:
                years = {tuple(_YEAR.findall(value)) for value in one.column.values}
                if folded(one.column.head) not in heads or not years or any(len(found) != 1 for found in years):
                    continue
                if heads is _DAY_HEADS and len(years) == 1:
                    return replace(proposal, wave=next(iter(years))[0])
                made = proposal.with_column(replace(one, use=Use(Kind.WAVE)))
                return replace(made, by_year=heads is _DAY_HEADS or not _are_waves(one.column))
        years_ = set(_YEAR.findall(name))
        return replace(proposal, wave=years_.pop()) if len(years_) == 1 else proposal

    def _meanings(self, one: Assigned, units: UnitNames) -> tuple[Mapping[str, str | None], frozenset[str]]:
        if one.use.kind is Kind.UNIT:
            return units.meanings_of(one.column.values)
        return meanings_of(one.column.values, self.options(one.use)) if self.options(one.use) else ({}, frozenset())


def _rules(meaning: Meaning) -> dict[Use, Rule]:
    rules = {Use(Kind.ITEM, name): rule for name, rule in meaning.items.items()}
    rules |= {Use(Kind.BREAKDOWN, name): rule for name, rule in meaning.breakdowns.items()}
    rules |= {Use(Kind.COMMENT, name): rule for name, rule in meaning.comments.items()}
    rules |= {Use(kind): rule for kind, rule in ((Kind.UNIT, meaning.unit), (Kind.WAVE, meaning.wave)) if isinstance(rule, Rule)}
    return rules


def _kept(proposal: Proposal, head: str | None, tables: Sequence[Values]) -> Proposal:
    """What the tables of a kept mapping say of the values that stand in the column."""
    if head is None:
        return proposal
    for value in proposal.column(head).column.values:
        for table in tables:
            if same(value) in table:
                proposal = proposal.with_value((head,), value, table.meanings[same(value)])
                break
    return proposal


def _are_waves(column: Column) -> bool:
    return all(not id_fault(value, ID) and _day(value) is not None for value in column.values)


def _days(proposal: Proposal) -> list[date]:
    column = next(iter(proposal.used(Kind.WAVE)), None)
    if column is None:
        waves = [proposal.wave] if proposal.wave else []
    elif proposal.by_year:
        waves = [year for value in column.column.values for year in _YEAR.findall(value)]
    else:
        waves = list(column.column.values)
    return [day for wave in dict.fromkeys(waves) if (day := _day(wave)) is not None]


def _day(wave: str) -> date | None:
    try:
        return wave_day(wave)
    except SurveyError:
        return None
