"""What a new version of a questionnaire changes, and what that does to the series, before anything is saved."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from survey.analyse.comparable import apart
from survey.design.questionnaire import Breakdown, Item, OpenQuestion, Option, Questionnaire
from survey.disclose.release import INDEX
from survey.errors import N_


class Change(StrEnum):
    NEW = N_("new")
    GONE = N_("left out")
    REWORDED = N_("worded anew")
    OTHERWISE = N_("asked otherwise")


# What of a question is not as it was, in the order it is told.
_ASPECTS = {
    "en": N_("English words"),
    "theme": N_("theme"),
    "reverse": N_("which answer is the good one"),
    "relevant": N_("who is asked"),
    "max_chars": N_("length"),
    "criteria": N_("criteria it serves"),
    "hint_vi": N_("hint"),
    "hint_en": N_("hint"),
    "note_vi": N_("remark above"),
    "note_en": N_("remark above"),
}
ANSWERS = N_("answers")
PLACE = N_("place")
IN_INDEX = N_("whether it counts in the index")
Question = Item | OpenQuestion | Breakdown


@dataclass(frozen=True, kw_only=True)
class Changed:
    """A theme or question that is not as it was. `before`, `after`: its Vietnamese words, with its answers where these changed;
    `aspects`: what else of it changed (msgids); `scored`: has it a series?; `breaks`: why its series ends here (msgid), or empty."""

    id: str
    kind: Change
    before: str = ""
    after: str = ""
    aspects: tuple[str, ...] = ()
    scored: bool = True
    breaks: str = ""


@dataclass(frozen=True, kw_only=True)
class Difference:
    """`series`: (measure, why it cannot go on over the two versions) for the index and every theme that the earlier one had;
    an empty reason says that it goes on."""

    themes: tuple[Changed, ...]
    questions: tuple[Changed, ...]
    series: tuple[tuple[str, str], ...]


def difference(before: Questionnaire, after: Questionnaire) -> Difference:
    """From the stored version to the one that is about to be saved."""
    series = [(f"theme:{theme.id}", apart(after, before, f"theme:{theme.id}")) for theme in before.themes]
    questions = (*_items(before, after), *_others(before, after))
    return Difference(
        themes=tuple(_themes(before, after, dict(series))), questions=questions, series=((INDEX, apart(after, before, INDEX)), *series)
    )


def _themes(before: Questionnaire, after: Questionnaire, series: dict[str, str]) -> Iterator[Changed]:
    moved = _moved([one.id for one in before.themes], [one.id for one in after.themes])
    for theme in after.themes:
        old = before.theme.get(theme.id)
        if old is None:
            yield Changed(id=theme.id, kind=Change.NEW, after=theme.vi)
            continue
        index = (IN_INDEX,) if old.in_index != theme.in_index else ()
        english = (_ASPECTS["en"],) if old.en != theme.en else ()
        aspects = (*english, *index, *((PLACE,) if theme.id in moved else ()))
        if aspects or old.vi != theme.vi:
            kind = Change.REWORDED if old.vi != theme.vi else Change.OTHERWISE
            yield Changed(
                id=theme.id, kind=kind, before=old.vi, after=theme.vi, aspects=aspects, breaks=series[f"theme:{theme.id}"]
            )  # fmt: skip
    for theme in before.themes:
        if theme.id not in after.theme:
            yield Changed(id=theme.id, kind=Change.GONE, before=theme.vi)


def _items(before: Questionnaire, after: Questionnaire) -> list[Changed]:
    found: list[Changed] = []
    moved: set[str] = set()
    for theme in after.themes:  # that a theme was moved is said of the theme
        moved |= _moved([one.id for one in before.items_of(theme.id)], [one.id for one in after.items_of(theme.id)])
    for item in after.items:
        old = before.item.get(item.id)
        if old is None:
            found.append(Changed(id=item.id, kind=Change.NEW, after=item.vi))
        elif changed := _changed(old, item, _answers(before, old), _answers(after, item), item.id in moved):
            found.append(replace(changed, breaks=apart(after, before, f"item:{item.id}")))
    return found + [Changed(id=one.id, kind=Change.GONE, before=one.vi) for one in before.items if one.id not in after.item]


def _changed(old: Question, new: Question, answers: tuple[Option, ...], now: tuple[Option, ...], moved: bool = False) -> Changed | None:
    aspects = [said for name, said in _ASPECTS.items() if getattr(old, name, None) != getattr(new, name, None)]
    aspects += [ANSWERS] * (answers != now) + [PLACE] * moved
    if old.vi == new.vi and not aspects:
        return None
    kind = Change.REWORDED if old.vi != new.vi else Change.OTHERWISE
    texts = [_listed(one.vi, options) if answers != now else one.vi for one, options in ((old, answers), (new, now))]
    return Changed(id=new.id, kind=kind, before=texts[0], after=texts[1], aspects=tuple(dict.fromkeys(aspects)))


def _answers(questionnaire: Questionnaire, asked: Item) -> tuple[Option, ...]:
    scale = questionnaire.scales[asked.scale]
    return (*scale.points, *((scale.dont_know,) if scale.dont_know else ()))


def _listed(words: str, answers: tuple[Option, ...]) -> str:
    return f"{words} ({' / '.join(one.vi or one.en for one in answers)})"


def _moved(before: Sequence[str], after: Sequence[str]) -> set[str]:
    """Those of both that do not stand in the longest run of what still follows one another as before."""
    places = {one: place for place, one in enumerate(before)}
    both = [one for one in after if one in places]
    best: list[list[int]] = [[]]
    for place in (places[one] for one in both):
        run: list[int] = max((run for run in best if not run or run[-1] < place), key=len)
        best.append([*run, place])
    longest: list[int] = max(best, key=len)
    return {one for one in both if places[one] not in longest}


def _others(before: Questionnaire, after: Questionnaire) -> list[Changed]:
    """Open questions and breakdowns: they are in no series of scores."""
    old, new = _unscored(before), _unscored(after)
    found = [
        Changed(id=name, kind=Change.NEW, after=_listed(one.vi, _options(one)) if _options(one) else one.vi)
        for name, one in new.items()
        if name not in old
    ]
    found += [
        changed for name in old.keys() & new.keys()
        if (changed := _changed(old[name], new[name], _options(old[name]), _options(new[name])))
    ]  # fmt: skip
    found += [Changed(id=name, kind=Change.GONE, before=one.vi) for name, one in old.items() if name not in new]
    return [replace(one, scored=False) for one in sorted(found, key=lambda one: one.id)]


def _options(asked: OpenQuestion | Breakdown) -> tuple[Option, ...]:
    return asked.categories if isinstance(asked, Breakdown) else ()


def _unscored(questionnaire: Questionnaire) -> dict[str, OpenQuestion | Breakdown]:
    found: dict[str, OpenQuestion | Breakdown] = {one.id: one for one in questionnaire.open_questions}
    return found | {one.id: one for one in questionnaire.breakdowns}
