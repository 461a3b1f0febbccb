"""Answers in the document of a questionnaire: the points of its lists, the categories of its questions about the person.

Answers are known by their number in the order they are read: those of a list from the worst to the best.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from copy import deepcopy
from typing import Any

from survey.design import editing
from survey.design.acceptance import DECLINED
from survey.design.answer_lists import valence
from survey.design.editing import ABOUT, Document
from survey.vietnamese import without_marks
from survey.yaml_file import whole

LISTS = "scales"
DONT_KNOW = {"vi": "Không biết/Không ý kiến", "en": "Don't know / no opinion"}
PREFER_NOT = {"code": DECLINED, "vi": "Không muốn trả lời", "en": "Prefer not to say"}
_SLUG = 24  # characters of an id made of words
Answer = dict[str, Any]


def answers(document: Document, part: str, name: str) -> list[Answer]:
    """The points of a list, the worst first, or the categories of a question about the person, without "prefer not to say"."""
    return _answers(_holder(document, part, name), part)


def answer_changed(document: Document, part: str, name: str, number: int, **values: str) -> Document:
    """With other words; what it is counted as stays."""
    made = deepcopy(document)
    _write(answers(made, part, name)[number], values)
    return made


def answer_added(document: Document, part: str, name: str, vi: str, taken: Collection[str] = ()) -> Document:
    """Behind the others. `taken`: codes that this question had in other versions; none of them comes to stand for another answer."""
    made = deepcopy(document)
    known = {*taken, *(str(one.get("code")) for one in answers(made, part, name))}
    new = {"vi": vi} if part == LISTS else {"code": _free("c", known), "vi": vi}
    _put(made, part, name, [*answers(made, part, name), new])
    return made


def answer_up(document: Document, part: str, name: str, number: int) -> Document:
    """One place up: of a list towards the worst end, where it is counted as what stood there."""
    made = deepcopy(document)
    found = answers(made, part, name)
    if number:
        found[number - 1], found[number] = found[number], found[number - 1]
        _put(made, part, name, found)
    return made


def answer_without(document: Document, part: str, name: str, number: int) -> Document:
    made = deepcopy(document)
    found = answers(made, part, name)
    _put(made, part, name, [one for place, one in enumerate(found) if place != number])
    return made


def turned(document: Document, name: str) -> Document:
    """The list in the other order: what was counted as the worst answer is the best."""
    made = deepcopy(document)
    _put(made, LISTS, name, answers(made, LISTS, name)[::-1])
    return made


def is_upside_down(points: Sequence[Answer]) -> bool:
    """Do its words say that the list runs from good to bad?"""
    for language in ("vi", "en"):
        ends = [valence(str(points[place].get(language) or "")) for place in (0, -1)] if points else []
        if ends and None not in ends and ends[0] != ends[1]:
            return bool(ends[0] > ends[1])  # type: ignore[operator]
    return False


def dont_know_changed(document: Document, name: str, words: dict[str, str] | None) -> Document:
    """What stands apart from the points of a list and is never scored; None takes it away."""
    made = deepcopy(document)
    scale = _holder(made, LISTS, name)
    if words is None:
        scale.pop("dont_know", None)
        return made
    scale["dont_know"] = dict(scale.get("dont_know") or {"scored": "false"})
    _write(scale["dont_know"], words)
    _set_apart(scale)
    return made


def list_added(document: Document, vi: Sequence[str], en: Sequence[str], dont_know: bool, taken: Collection[str] = ()) -> Document:
    """A new list of answers, the worst first; `en`: their English, or nothing."""
    made = deepcopy(document)
    known = {*taken, *(str(scale["id"]) for scale in editing.scales(made))}
    scale: dict[str, Any] = {"id": _free("list", known), "points": []}
    made[LISTS] = [*(made.get(LISTS) or ()), scale]
    _put(made, LISTS, scale["id"], _worded(vi, en))
    return dont_know_changed(made, scale["id"], DONT_KNOW) if dont_know else made


def list_without(document: Document, name: str) -> Document:
    """Without a list that no question uses."""
    made = deepcopy(document)
    if (made.get("scale") or {}).get("id") == name:
        del made["scale"]
    made[LISTS] = [scale for scale in made.get(LISTS) or () if scale["id"] != name]
    return made


def using(document: Document, name: str) -> list[str]:
    """The ids of the questions that are answered with a list. Those that name none use the first."""
    first = next(iter(editing.scales(document)), {}).get("id")
    asked = [item for section in (*editing.CLOSED, editing.OPTIONAL) for item in document.get(section) or ()]
    return [str(item["id"]) for item in asked if (item.get("scale") or first) == name]


def field_added(
    document: Document, words: tuple[str, str], vi: Sequence[str], en: Sequence[str], taken: Collection[str] = ()
) -> Document:  # fmt: skip
    """A new question about the person, behind the others, with its answers and "prefer not to say"."""
    made = deepcopy(document)
    known = {*taken, *(str(one["id"]) for section in editing.ASKED for one in made.get(section) or ())}
    name = _free(slug(words[0]) or "field", known, first="")
    codes: set[str] = set()
    options = []
    for answer in _worded(vi, en):
        codes.add(code := _free("c", codes))
        options.append({"code": code, **answer})
    field = {"id": name, "vi": words[0], **({"en": words[1]} if words[1] else {}), "options": [*options, dict(PREFER_NOT)]}
    made[ABOUT] = [*(made.get(ABOUT) or ()), field]
    return made


def slug(words: str, longest: int = _SLUG, between: str = "_") -> str:
    """ "Trình độ đào tạo" -> trinh_do_dao_tao: an id of whole words."""
    found = ""
    for word in re.findall(r"[a-z0-9]+", without_marks(words)):
        if len(found) + len(between) + len(word) > longest:
            break
        found += between + word if found else word
    return found


def _free(stem: str, taken: Collection[str], first: str = "1") -> str:
    """c1, c2 ... or name, name2 ...: the first that nothing is called."""
    return next(name for step in range(1, len(taken) + 2) if (name := f"{stem}{first if step == 1 else step}") not in taken)


def _worded(vi: Sequence[str], en: Sequence[str]) -> list[Answer]:
    return [{"vi": words, **({"en": en[place]} if place < len(en) else {})} for place, words in enumerate(vi)]


def _holder(document: Document, part: str, name: str) -> dict[str, Any]:
    entries = editing.scales(document) if part == LISTS else document.get(part) or ()
    return next(one for one in entries if one["id"] == name)


def _answers(holder: dict[str, Any], part: str) -> list[Answer]:
    if part != LISTS:
        return [one for one in holder.get("options") or () if one.get("code") != DECLINED]
    points = [one for one in holder.get("points") or () if isinstance(one, dict)]
    return sorted(points, key=lambda one: _value(one), reverse=holder.get("best") == "low")


def _put(document: Document, part: str, name: str, found: list[Answer]) -> None:
    """Answers in their new order. Points keep the values that stood there; where their number is another, they are counted anew."""
    holder = _holder(document, part, name)
    if part != LISTS:
        holder["options"] = [*found, *(one for one in holder.get("options") or () if one.get("code") == DECLINED)]
        return
    values = sorted(_value(one) for one in holder["points"])
    if len(values) != len(found):
        start = 0 if values[:1] == [0] else 1
        values = list(range(start, start + len(found)))
    if holder.get("best") == "low":
        values.reverse()
    holder["points"] = [{**one, "value": str(value)} for one, value in zip(found, values, strict=True)]
    _set_apart(holder)


def _value(point: Answer) -> int:
    return whole(point.get("value")) or 0


def _set_apart(scale: dict[str, Any]) -> None:
    """A number for "don't know" that no point has."""
    unsure = scale.get("dont_know")
    taken = {str(one["value"]) for one in scale["points"]}
    if unsure and (not unsure.get("value") or str(unsure["value"]) in taken):
        unsure["value"] = "0" if "0" not in taken else "99"


def _write(entry: dict[str, Any], values: dict[str, str]) -> None:
    for key, value in values.items():
        if value or key == "vi":
            entry[key] = value
        else:
            entry.pop(key, None)
