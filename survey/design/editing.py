"""Editing a questionnaire: operations on its document, each of which gives a new document and leaves the old one as it was.

A part of the document is a theme ("theme:KC": its items, wherever they stand) or one of the lists OPTIONAL, OPEN and ABOUT.
What comes out is checked like a file that is imported: nothing here says what a good questionnaire is.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, replace
from typing import Any

from survey.design.questionnaire import Questionnaire
from survey.errors import InputRefused
from survey.source import Source
from survey.yaml_file import flag, read_yaml, write_yaml

Document = dict[str, Any]
OPTIONAL, OPEN, ABOUT = "optional_items", "open_questions", "breakdown_fields"
CLOSED = ("overall_items", "items")
ASKED = (*CLOSED, OPTIONAL, OPEN, ABOUT)
_THEME = "theme:"
_ID = re.compile(r"[- ] id: (.+)")


def begun(questionnaire: Questionnaire, versions: Iterable[str]) -> Document:
    """The document of a stored version under a version number that is not taken."""
    document = texts_of(questionnaire)
    document["meta"]["version"] = next_version(questionnaire.version, versions)
    return document


def texts_of(questionnaire: Questionnaire) -> Document:
    """Its document, every value a text as in its file."""
    document: Document = json.loads(json.dumps(read_yaml(as_source(questionnaire.source))[0]))
    return document


def names_in(questionnaire: Questionnaire) -> list[str]:
    """Ids and codes that stand for something in it: nothing new may be called so."""
    asked = [
        *(one.id for one in (*questionnaire.items, *questionnaire.optional_items)),
        *(one.id for one in questionnaire.open_questions),
    ]
    codes = [str(category.value) for one in questionnaire.breakdowns for category in one.categories]
    return [*asked, *(one.id for one in questionnaire.breakdowns), *questionnaire.theme, *codes]


def next_version(version: str, taken: Iterable[str]) -> str:
    """1.1 -> 1.2, 2026 -> 2027, x -> x-2; the first that is free."""
    known = set(taken) | {version}
    found = re.fullmatch(r"(.*?)(\d{1,9})", version, re.DOTALL)
    stem, number = (found[1], int(found[2])) if found else (f"{version}-", 1)
    return next(name for step in range(1, len(known) + 2) if (name := f"{stem}{number + step}") not in known)


def theme_part(theme: str) -> str:
    return _THEME + theme


def theme_of(part: str) -> str:
    """The theme's id; empty where the part is a list of another kind."""
    return part[len(_THEME) :] if part.startswith(_THEME) else ""


def entries(document: Mapping[str, Any], part: str) -> list[dict[str, Any]]:
    """The questions of a part in the order they are asked."""
    return [document[section][number] for section, number in _places(document, part)]


def changed(document: Document, part: str, name: str, **values: str | list[str]) -> Document:
    """With other words, hint, condition ... of a question; a field without a text is taken away."""
    made = deepcopy(document)
    _write(next(entry for entry in entries(made, part) if entry["id"] == name), values)
    return made


def theme_changed(document: Document, name: str, **values: str) -> Document:
    made = deepcopy(document)
    _write(next(theme for theme in made["themes"] if theme["id"] == name), values)
    return made


def texts_changed(document: Document, section: str, **values: str | list[str]) -> Document:
    """With other words of `meta`, `intro` (lists of paragraphs) or `open_warning`."""
    made = deepcopy(document)
    made[section] = dict(made.get(section) or {})
    _write(made[section], values)
    if not made[section]:
        del made[section]
    return made


def moved(document: Document, part: str, name: str, by: int) -> Document:
    """The question one place up (-1) or down (1) within its part; the first stays first, the last stays last."""
    made = deepcopy(document)
    places = _places(made, part)
    here = next(number for number, entry in enumerate(entries(made, part)) if entry["id"] == name)
    if not 0 <= here + by < len(places):
        return made
    (section, one), (other_section, other) = places[here], places[here + by]
    first, second = made[section][one], made[other_section][other]
    if "order" in first and "order" in second:  # a remark for people: it belongs to the place
        first["order"], second["order"] = second["order"], first["order"]
    made[section][one], made[other_section][other] = second, first
    return made


def without(document: Document, part: str, name: str) -> Document:
    """The question left out, and with it the pairs that were to check its answers."""
    made = deepcopy(document)
    section, number = next(place for place in _places(made, part) if made[place[0]][place[1]]["id"] == name)
    del made[section][number]
    checks = made.get("quality_checks")
    if isinstance(checks, dict) and checks.get("antonym_pairs"):
        checks["antonym_pairs"] = [pair for pair in checks["antonym_pairs"] if name not in pair]
    return made


def added(document: Document, part: str, vi: str, taken: Collection[str] = ()) -> Document:
    """A new question at the end of its part. `taken`: ids that other versions have used; none of them comes to stand for it."""
    made = deepcopy(document)
    theme = theme_of(part)
    name = _free_id(made, part, taken)
    entry = {"id": name, "theme": theme, "vi": vi} if theme else {"id": name, "vi": vi}
    _insert(made, part, entry, after=entries(made, part)[-1]["id"] if entries(made, part) else "")
    return made


def put_back(document: Document, before: Mapping[str, Any], part: str, name: str) -> Document:
    """A question of the former version that was left out, as it was, behind the one it used to follow."""
    made = deepcopy(document)
    former = [entry["id"] for entry in entries(before, part)]
    here = {entry["id"] for entry in entries(made, part)}
    after = next((one for one in reversed(former[: former.index(name)]) if one in here), "")
    _insert(made, part, deepcopy(entries(before, part)[former.index(name)]), after)
    return made


def left_out(document: Mapping[str, Any], before: Mapping[str, Any], part: str) -> list[dict[str, Any]]:
    here = {entry["id"] for entry in entries(document, part)}
    return [entry for entry in entries(before, part) if entry["id"] not in here]


@dataclass(frozen=True, kw_only=True)
class Settled:
    """The document without what has no question; `themes`, `criteria`: the Vietnamese names of what went."""

    document: Document
    themes: tuple[str, ...] = ()
    criteria: tuple[str, ...] = ()


def settled(document: Document) -> Settled:
    """A theme without a question goes, and a criterion with the last question that asks everybody about it."""
    made = deepcopy(document)
    empty = [theme for theme in made.get("themes", ()) if not entries(made, theme_part(theme["id"]))]
    made["themes"] = [theme for theme in made.get("themes", ()) if theme not in empty]
    gone = {theme["id"] for theme in empty}
    if OPTIONAL in made:
        made[OPTIONAL] = [item for item in made[OPTIONAL] if item.get("theme") not in gone]
    items = [item for section in (*CLOSED, OPTIONAL) for item in made.get(section) or ()]
    served = {name for item in items if not item.get("relevant") for name in item.get("criteria") or ()}
    unserved = [one for one in made.get("criteria") or () if one["id"] not in served]
    if unserved:
        made["criteria"] = [one for one in made["criteria"] if one["id"] in served]
        for item in items:
            if item.get("criteria"):
                item["criteria"] = [name for name in item["criteria"] if name in served]
    return Settled(document=made, themes=tuple(str(one["vi"]) for one in empty), criteria=tuple(str(one["vi"]) for one in unserved))


def scales(document: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The first is that of the items that name none."""
    first = document.get("scale")
    return [*([first] if first else []), *(document.get("scales") or ())]


def is_yes(entry: Mapping[str, Any], key: str, otherwise: bool = False) -> bool:
    found = flag(entry[key]) if entry.get(key) not in (None, "") else None
    return otherwise if found is None else found


def as_source(document: Mapping[str, Any]) -> Source:
    """The document as the file that `questionnaire import` would be given."""
    meta = document.get("meta", {})
    return Source(f"{meta.get('id')}-{meta.get('version')}.yaml", write_yaml(document, width=120).encode())


def placed(refused: InputRefused, source: Source) -> InputRefused:
    """The same refusal with the question of each problem instead of its row: nobody sees the rows of this file."""
    lines = source.content.decode().splitlines()
    problems = [
        replace(one, row=None, column=" · ".join(filter(None, (_whose(lines, one.row), one.column or "")))) if one.row else one
        for one in refused.problems
    ]
    return InputRefused(source.name, problems)


def _whose(lines: Sequence[str], row: int) -> str:
    """The id of the entry a row belongs to, else the name of its section."""
    start = next((number for number in range(min(row, len(lines)) - 1, -1, -1) if lines[number][:1] != " "), 0)
    if not lines[start].startswith("-"):
        return lines[start].partition(":")[0]
    for line in lines[start:]:
        if found := _ID.fullmatch(line):
            return found[1].strip("'\"")
    return ""


def _places(document: Mapping[str, Any], part: str) -> list[tuple[str, int]]:
    theme = theme_of(part)
    sections = CLOSED if theme else (part,)
    return [
        (section, number)
        for section in sections
        for number, entry in enumerate(document.get(section) or ())
        if not theme or entry.get("theme") == theme
    ]


def _write(entry: dict[str, Any], values: Mapping[str, str | list[str]]) -> None:
    for key, value in values.items():
        if value:
            entry[key] = value
        else:
            entry.pop(key, None)


def _insert(document: Document, part: str, entry: dict[str, Any], after: str) -> None:
    """Behind a question of the part; before all of them where none is named."""
    places = _places(document, part)
    names = [one["id"] for one in entries(document, part)]
    if after:
        section, number = places[names.index(after)]
        document[section].insert(number + 1, entry)
    elif places:
        section, number = places[0]
        document[section].insert(number, entry)
    else:
        section = "items" if theme_of(part) else part
        document[section] = [*(document.get(section) or ()), entry]


def _free_id(document: Document, part: str, taken: Collection[str]) -> str:
    """Like the ids of its neighbours, with the next number that none has or had."""
    listed = [entry["id"] for section in ASKED for entry in document.get(section) or ()]
    known = {*listed, *taken}
    stems = Counter(re.sub(r"\d+$", "", str(entry["id"])) for entry in entries(document, part))
    stem = stems.most_common(1)[0][0] if stems else theme_of(part) or "Y"
    return next(name for number in range(1, len(known) + 2) if (name := f"{stem}{number}") not in known)
