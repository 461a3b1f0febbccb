"""The response scales of a questionnaire file, and the words of its answers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from survey import limits
from survey.design.document import DocumentReader
from survey.design.questionnaire import Option, Scale
from survey.design.run import outside
from survey.errors import N_, shown
from survey.yaml_file import Path as Place
from survey.yaml_file import whole


def read_scales(reader: DocumentReader) -> dict[str, Scale]:
    entries = list(reader.entries("scales"))
    if reader.mapping("scale"):
        entries.insert(0, (("scale",), reader.document["scale"]))
    scales: dict[str, Scale] = {}
    for place, entry in entries:
        points = [
            read_option(reader, (*place, "points", number), point, "value")
            for number, point in enumerate(reader.entries_of(entry, place, "points"))
        ]
        best = _best(reader, entry, place)
        points.sort(key=lambda point: int(point.value), reverse=best == "low")
        declared = entry.get("dont_know")
        scale = Scale(
            id=reader.text(entry, place, "id"),
            points=tuple(points),
            dont_know=read_option(reader, (*place, "dont_know"), declared, "value") if declared else None,
            best=best,
        )
        _check_run(reader, place, entry)
        if scale.dont_know_value is not None and scale.dont_know_value in scale.values and not reader.stored:
            message, cure = (
                N_('"don\'t know" has the value of a point: {value}.'),
                N_("Give it a number of its own, for example 0 or 99."),
            )
            reader.problem((*place, "dont_know"), "dont_know", message, cure, value=scale.dont_know_value)
        if len(points) < 2 or len({point.value for point in points}) != len(points):
            reader.problem(place, "points", N_("a scale needs two or more different points."), N_("List them with value and vi."))
        scales[scale.id] = scale
    if not scales:
        reader.problem((), "scale", N_("no response scale is given."), N_("Add scale: with id and points."))
    return scales


def _best(reader: DocumentReader, entry: Mapping[str, Any], place: Place) -> str:
    best = reader.words(entry, place, "best") or "high"
    if best not in ("high", "low"):
        reader.problem(
            (*place, "best"),
            "best",
            N_('"{value}" is neither high nor low.'),
            N_("Write which end is the good one."),
            value=shown(best),
        )
    return best


def read_option(reader: DocumentReader, place: Place, entry: Any, key: str) -> Option:
    if not isinstance(entry, Mapping):
        reader.problem(place, key, N_("this entry is not a set of fields."), N_("Write value: or code:, and vi: with its words."))
        return Option(value=0 if key == "value" else "", vi="")
    vi, en = reader.words(entry, place, "vi"), reader.words(entry, place, "en")
    if not (vi or en or reader.stored):
        reader.problem(place, "vi", N_("this answer has no words."), N_("Write vi: and the words that people read."))
    if key == "code":
        code = reader.words(entry, place, key, limits.CODE)
        if not code and not reader.stored:
            reader.problem(place, key, N_("it is missing."), N_("Give every category a code of its own."))
        return Option(value=code, vi=vi, en=en)
    value = whole(entry.get(key))
    if value is None or abs(value) > limits.OPTION:
        said = {"value": shown(str(entry.get(key) or ""))}
        reader.problem(place, key, N_('"{value}" is not a whole number.'), N_("Give every point a whole number."), **said)
        value = 0
    return Option(value=value, vi=vi, en=en)


def _check_run(reader: DocumentReader, place: Place, entry: Mapping[str, Any]) -> None:
    """Refuses points that lie outside the scale's run, with the words to write instead."""
    points: dict[int, tuple[int, str]] = {}
    for number, point in enumerate(reader.entries_of(entry, place, "points")):
        if isinstance(point, Mapping) and (value := whole(point.get("value"))) is not None:
            points[value] = (number, str(point.get("vi") or point.get("en") or ""))
    for value in () if reader.stored else outside([(value, label) for value, (_number, label) in points.items()], _set_aside(entry)):
        number, label = points[value]
        reader.problem(
            (*place, "points", number), "value", N_('{value} "{label}" would count as a point of the scale.'),
            N_("It is no step of it: write it under dont_know: (value and vi), not under points:."), value=value, label=shown(label),
        )  # fmt: skip


def _set_aside(entry: Mapping[str, Any]) -> int | None:
    """The number of "don't know", where it has one."""
    return whole(declared.get("value")) if isinstance(declared := entry.get("dont_know"), Mapping) else None
