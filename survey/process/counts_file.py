"""Reading `wave, unit, [breakdown, category,] item, option, n`: a third of a million rows in seconds."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import pandas as pd

from survey.design.questionnaire import Questionnaire
from survey.design.units import UnitRegister
from survey.design.wave import Wave
from survey.errors import MAX_PROBLEMS, N_, Problem, Said, refuse_if
from survey.limits import ID, id_fault
from survey.process.scores import measures_of
from survey.process.tallies import EVERYBODY, Category, Tallies, tally_from_counts
from survey.process.totals import totals
from survey.source import Source
from survey.tabular import read_coded_table

DONT_KNOW = "dont_know"
_KEY = ["wave", "unit", "breakdown", "category", "item", "option"]


@dataclass(frozen=True, eq=False)
class CountsTable:
    """Checked counts: `frame` has the columns of the file as categories, n as integers."""

    questionnaire: Questionnaire
    frame: pd.DataFrame

    @property
    def waves(self) -> tuple[str, ...]:
        return tuple(sorted(self.frame["wave"].unique()))

    def units(self, wave: str) -> frozenset[str]:
        return frozenset(self.frame.loc[self.frame["wave"] == wave, "unit"].unique())

    def breakdowns(self, wave: str) -> tuple[str, ...]:
        used = set(self.frame.loc[self.frame["wave"] == wave, "breakdown"].unique())
        return tuple(b.id for b in self.questionnaire.breakdowns if b.id in used)

    def without_totals(
        self, source: Source, existing: Mapping[str, UnitRegister], own: bool
    ) -> tuple[CountsTable, list[Said]]:  # fmt: skip
        """The table without units that are only the sum of those below them, by the register of each wave's day."""
        said: list[Said] = []
        problems: list[Problem] = []
        kept = np.ones(len(self.frame), dtype=bool)
        for wave in self.waves:
            rows = (self.frame["wave"] == wave).to_numpy()
            units, told, doubts = totals(self.frame[rows], existing[wave], own)
            kept &= ~(rows & self.frame["unit"].isin(units).to_numpy())
            said, problems = said + told, problems + doubts
        refuse_if(source.name, problems)
        return CountsTable(self.questionnaire, self.frame[kept]), said

    def tallies(self, wave: Wave, units: tuple[str, ...], published: bool) -> Tallies:
        rows = self.frame[self.frame["wave"] == wave.id]
        categories: list[Category] = [EVERYBODY]
        for breakdown in self.questionnaire.breakdowns:
            if breakdown.id in wave.plan.breakdowns:
                categories += [(breakdown.id, str(category.value)) for category in breakdown.published]
        tables = {}
        for category in categories:
            chosen = rows[(rows["breakdown"] == category[0]) & (rows["category"] == category[1])]
            tables[category] = tally_from_counts(self.questionnaire, *self._arrays(chosen, units))
        return Tallies(wave, self.questionnaire, units, measures_of(self.questionnaire), tables, published=published)

    def _arrays(self, rows: pd.DataFrame, units: tuple[str, ...]) -> tuple[np.ndarray, np.ndarray]:
        items = self.questionnaire.items
        points = max(3, *(len(scale.points) for scale in self.questionnaire.scales.values()))
        options = np.zeros((len(units), len(items), points))
        dont_know = np.zeros((len(units), len(items)))
        unit, item = _places(rows["unit"], units), _places(rows["item"], [i.id for i in items])
        place = np.full(len(rows), -1)
        for column, one in enumerate(items):
            here = item == column
            if here.any():
                place[here] = _places(rows["option"][here], [str(value) for value in self.questionnaire.scales[one.scale].values])
        scored = place >= 0
        n = rows["n"].to_numpy(dtype=float)
        np.add.at(options, (unit[scored], item[scored], place[scored]), n[scored])
        np.add.at(dont_know, (unit[~scored], item[~scored]), n[~scored])
        return options, dont_know


def read_counts(source: Source, questionnaire: Questionnaire, register: UnitRegister) -> CountsTable:
    """The counts of a file, checked whole. Raises InputRefused naming rows, columns and cures."""
    frame = read_coded_table(source, required=("wave", "unit", "item", "option", "n"), optional=("breakdown", "category"))
    for name in ("breakdown", "category"):
        if name not in frame:
            frame[name] = pd.Categorical.from_codes(np.zeros(len(frame), dtype=np.int8), categories=pd.Index([""]))
    problems: list[Problem] = []

    def refuse(column: str, bad: pd.Series, message: str, cure: str) -> None:
        for row in frame.index[bad][:MAX_PROBLEMS]:
            values = {"value": frame.at[row, column], "item": frame.at[row, "item"]}
            problems.append(Problem(row=int(row), column=column, message=message, cure=cure, values=values))

    def unknown(column: str, known: Iterable[str], message: str, cure: str) -> None:
        refuse(column, ~frame[column].isin(set(known)), message, cure)

    unknown("unit", register.by_id, N_("unit {value} is unknown."), N_("Import the units first, or correct the id."))
    unknown("item", questionnaire.item, N_("item {value} is not in the questionnaire."), N_("Correct the id."))
    unknown(
        "breakdown", ["", *(b.id for b in questionnaire.breakdowns)],
        N_("breakdown {value} is not in the questionnaire."), N_("Correct the id or leave it empty."),
    )  # fmt: skip
    pairs = {(b.id, str(c.value)) for b in questionnaire.breakdowns for c in b.categories} | {("", "")}
    refuse(
        "category",
        _outside(frame, ("breakdown", "category"), lambda *pair: pair in pairs) & frame["breakdown"].isin({b for b, _ in pairs}),
        N_("category {value} is not in the questionnaire."), N_("Correct the code."),
    )  # fmt: skip
    refuse(
        "option",
        _outside(frame, ("item", "option"), partial(_is_option, questionnaire)) & frame["item"].isin(questionnaire.item),
        N_('item {item} has no option "{value}".'), N_('Use the numbers of its scale, or "dont_know".'),
    )  # fmt: skip
    refuse(
        "n", ~frame["n"].str.fullmatch(r"[0-9]{1,9}"), N_('"{value}" is not a number of people.'), N_("Write a whole number, 0 or more.")
    )
    refuse("wave", frame["wave"] == "", N_("the wave is missing."), N_("Write for example 2019."))
    odd = {wave for wave in frame["wave"].unique() if wave and id_fault(wave, ID)}
    refuse("wave", frame["wave"].isin(odd), N_('the id "{value}" is not usable.'), N_("Write for example 2019."))
    if not problems:
        refuse("option", frame.duplicated(_KEY), N_("this count stands twice in the file."), N_("Remove one of the two rows."))
    if frame.empty:
        problems.append(Problem(message=N_("the file has no rows."), cure=N_("Add one row for each count.")))
    problems.sort(key=lambda problem: problem.row or 0)
    refuse_if(source.name, problems)
    frame["n"] = frame["n"].astype(np.int64)
    return CountsTable(questionnaire, frame)


def _places(column: pd.Series, words: Sequence[str]) -> np.ndarray:
    """Where each value of a categorical column stands among `words`; -1 where it does not."""
    return np.asarray(pd.Index(words).get_indexer(column.cat.categories)[column.cat.codes])


def _outside(frame: pd.DataFrame, columns: tuple[str, str], known: Callable[[str, str], bool]) -> pd.Series:
    """Rows whose pair of values is not known; each different pair is asked once."""
    first, second = (frame[name].cat for name in columns)
    pairs, place = np.unique(first.codes.to_numpy(dtype=np.int64) * len(second.categories) + second.codes, return_inverse=True)
    ones, others = np.divmod(pairs, max(len(second.categories), 1))
    good = [known(str(first.categories[one]), str(second.categories[other])) for one, other in zip(ones, others, strict=True)]
    return pd.Series(~np.array(good, dtype=bool)[place], index=frame.index)


def _is_option(questionnaire: Questionnaire, item: str, option: str) -> bool:
    if item not in questionnaire.item:
        return True
    scale = questionnaire.scale_of(item)
    return option == DONT_KNOW or option in {str(value) for value in (*scale.values, scale.dont_know_value)}
