"""What a new version of a questionnaire changes, and what that does to the series, before anything is saved."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from survey.analyse.comparable import apart
from survey.design.questionnaire import Breakdown, Item, OpenQuestion, Questionnaire
from survey.disclose.release import INDEX
from survey.errors import N_


class Change(StrEnum):
    NEW = N_("new")
    GONE = N_("left out")
    REWORDED = N_("worded anew")
    OTHERWISE = N_("asked otherwise")  # answers, direction, hint, condition, place


@dataclass(frozen=True, kw_only=True)
class Changed:
    """A question that is not as it was. `before`, `after`: its Vietnamese words; `breaks`: why its series ends here (msgid), or empty."""

    id: str
    kind: Change
    before: str = ""
    after: str = ""
    breaks: str = ""


@dataclass(frozen=True, kw_only=True)
class Difference:
    """`series`: (measure, why it cannot go on over the two versions) for the index and every theme that the earlier one had;
    an empty reason says that it goes on."""

    questions: tuple[Changed, ...]
    series: tuple[tuple[str, str], ...]


def difference(before: Questionnaire, after: Questionnaire) -> Difference:
    """From the stored version to the one that is about to be saved."""
    themes = [(f"theme:{theme.id}", apart(after, before, f"theme:{theme.id}")) for theme in before.themes]
    questions = (*_items(before, after), *_others(before, after))
    return Difference(questions=questions, series=((INDEX, apart(after, before, INDEX)), *themes))


def _items(before: Questionnaire, after: Questionnaire) -> list[Changed]:
    found: list[Changed] = []
    places = {one.id: place for place, one in enumerate(before.items)}
    order = [one.id for one in after.items if one.id in places]
    steady = _steady([places[one] for one in order])
    for item in after.items:
        old = before.item.get(item.id)
        if old is None:
            found.append(Changed(id=item.id, kind=Change.NEW, after=item.vi))
        elif old.vi != item.vi:
            breaks = apart(after, before, f"item:{item.id}")
            found.append(Changed(id=item.id, kind=Change.REWORDED, before=old.vi, after=item.vi, breaks=breaks))
        elif _otherwise(old, item, before, after) or places[item.id] not in steady:
            breaks = apart(after, before, f"item:{item.id}")
            found.append(Changed(id=item.id, kind=Change.OTHERWISE, before=old.vi, after=item.vi, breaks=breaks))
    return found + [Changed(id=one.id, kind=Change.GONE, before=one.vi) for one in before.items if one.id not in after.item]


def _otherwise(old: Item, new: Item, before: Questionnaire, after: Questionnaire) -> bool:
    asked = ("en", "theme", "reverse", "hint_vi", "hint_en", "note_vi", "note_en", "relevant")
    return any(getattr(old, name) != getattr(new, name) for name in asked) or before.scales[old.scale] != after.scales[new.scale]


def _steady(places: list[int]) -> set[int]:
    """The longest run of questions that still follow one another as before; the others are those that were moved."""
    best: list[list[int]] = [[]]
    for place in places:
        before: list[int] = max((run for run in best if not run or run[-1] < place), key=len)
        best.append([*before, place])
    longest: list[int] = max(best, key=len)
    return set(longest)


def _others(before: Questionnaire, after: Questionnaire) -> list[Changed]:
    """Open questions and breakdowns: they are in no series of scores."""
    old, new = _unscored(before), _unscored(after)
    found = [Changed(id=name, kind=Change.NEW, after=one.vi) for name, one in new.items() if name not in old]
    for name in old.keys() & new.keys():
        if old[name] != new[name]:
            kind = Change.REWORDED if old[name].vi != new[name].vi else Change.OTHERWISE
            found.append(Changed(id=name, kind=kind, before=old[name].vi, after=new[name].vi))
    found += [Changed(id=name, kind=Change.GONE, before=one.vi) for name, one in old.items() if name not in new]
    return sorted(found, key=lambda one: one.id)


def _unscored(questionnaire: Questionnaire) -> dict[str, OpenQuestion | Breakdown]:
    found: dict[str, OpenQuestion | Breakdown] = {one.id: one for one in questionnaire.open_questions}
    return found | {one.id: one for one in questionnaire.breakdowns}
