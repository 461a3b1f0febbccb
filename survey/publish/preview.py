"""What an import would store, before it does: each question with its direction, its points and how the answers fall after recoding."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from survey.design.questionnaire import Item, Questionnaire
from survey.disclose.comments import ReleasedComment
from survey.disclose.release import Release
from survey.errors import Said
from survey.i18n import Locale
from survey.process.scores import option_scores
from survey.process.tallies import EVERYBODY, Tallies


@dataclass(frozen=True, kw_only=True)
class ItemPreview:
    """`points`: (value, label, score 0-100, answers) from the scale's worst point to its best; `empty`: forms without an answer to it."""

    item: Item
    low_is_good: bool
    in_index: bool
    points: tuple[tuple[int, str, float, int], ...]
    dont_know: int
    empty: int

    @property
    def asked(self) -> bool:
        return bool(self.dont_know or any(n for *_rest, n in self.points))

    def as_dict(self) -> dict[str, Any]:
        return {
            "item": self.item.id,
            "reverse": self.item.reverse,
            "in_index": self.in_index,
            "points": {str(value): score for value, _label, score, _n in self.points},
            "answers": {str(value): n for value, _label, _score, n in self.points},
            "dont_know": self.dont_know,
            "no_answer": self.empty,
        }


@dataclass(frozen=True, kw_only=True)
class WavePreview:
    """One wave of a file as it would be counted: everybody of it, before anything is hidden; for whoever holds the file."""

    wave: str
    forms: int
    units: Mapping[str, int]
    items: tuple[ItemPreview, ...]

    def as_dict(self) -> dict[str, Any]:
        return {"wave": self.wave, "forms": self.forms, "units": dict(self.units), "items": [item.as_dict() for item in self.items]}

    def lines(self, locale: Locale) -> list[str]:
        """The preview for people to read, one line a question."""
        return preview_lines(self, locale)


class Preview(Protocol):
    """One wave of a file, before anything is stored."""

    @property
    def wave(self) -> str: ...
    def as_dict(self) -> dict[str, Any]: ...
    def lines(self, locale: Locale) -> list[str]: ...


@dataclass(frozen=True, kw_only=True)
class Prepared:
    """Everything an import would store, and what was taken upon oneself in reading."""

    releases: tuple[Release, ...]
    comments: Mapping[str, Sequence[ReleasedComment]] = field(default_factory=dict)
    previews: tuple[Preview, ...] = ()
    said: tuple[Said, ...] = ()


def preview_of(tallies: Tallies) -> WavePreview:
    questionnaire, table = tallies.questionnaire, tallies.tables[EVERYBODY]
    options, unknown = table.options.sum(axis=0), table.dont_know.sum(axis=0)
    forms = int(table.forms.sum())
    found = []
    for place, item in enumerate(questionnaire.items):
        counts = [int(n) for n in options[place]]
        found.append(_item(questionnaire, item, counts, int(unknown[place]), forms))
    units = {unit: int(n) for unit, n in zip(tallies.units, table.forms, strict=True)}
    return WavePreview(wave=tallies.wave.id, forms=forms, units=units, items=tuple(found))


def _item(questionnaire: Questionnaire, item: Item, counts: Sequence[int], unknown: int, forms: int) -> ItemPreview:
    scale = questionnaire.scales[item.scale]
    scores = option_scores(item, scale)
    return ItemPreview(
        item=item,
        low_is_good=item.reverse != (scale.best == "low"),
        in_index=questionnaire.theme[item.theme].in_index and not item.of_some,
        points=tuple(
            (value, point.vi, round(float(score), 2), n)
            for value, point, score, n in zip(scale.values, scale.points, scores, counts, strict=False)
        ),
        dont_know=unknown,
        empty=max(forms - sum(counts) - unknown, 0),
    )


def preview_lines(preview: WavePreview, locale: Locale) -> list[str]:
    """The preview for people to read, one line a question."""
    _ = locale
    lines = [_("Wave {wave}: {forms} forms, {units} units", wave=preview.wave, forms=preview.forms, units=len(preview.units))]
    for one in preview.items:
        if one.asked:
            points = "; ".join(f"{value} {label} = {_.number(score, 0)}: {n}" for value, label, score, n in one.points)
            direction = _("a low answer is the good one") if one.low_is_good else _("a high answer is the good one")
            index = _("in the index") if one.in_index else _("not in the index")
            outside = _("don't know: {unknown}, no answer: {empty}", unknown=one.dont_know, empty=one.empty)
            lines.append(f"{one.item.id} ({direction}, {index}): {points}; {outside}")
    return lines
