"""Themes in the document of a questionnaire: added, put in another order, left out with their questions, put back."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from copy import deepcopy
from typing import Any

from survey.design import editing
from survey.design.editing import OPTIONAL, Document, theme_part
from survey.vietnamese import without_marks

_LETTERS = 6  # of an id made of a name


def theme_added(document: Document, vi: str, en: str, taken: Collection[str] = ()) -> Document:
    """A new theme behind the others, without a question yet. `taken`: ids that other versions have used."""
    made = deepcopy(document)
    known = {*_ids(made), *taken}
    theme = {"id": initials(vi, known), "vi": vi, **({"en": en} if en else {})}
    made["themes"] = [*(made.get("themes") or ()), theme]
    return made


def theme_moved(document: Document, name: str, by: int) -> Document:
    """One place up (-1) or down (1); the first stays first, the last stays last."""
    made = deepcopy(document)
    themes = made["themes"]
    here = _ids(made).index(name)
    there = here + by
    if not 0 <= there < len(themes):
        return made
    if "order" in themes[here] and "order" in themes[there]:  # a remark for people: it belongs to the place
        themes[here]["order"], themes[there]["order"] = themes[there]["order"], themes[here]["order"]
    themes[here], themes[there] = themes[there], themes[here]
    return made


def theme_without(document: Document, name: str) -> Document:
    """The theme left out, and every question of it."""
    made = document
    for entry in editing.entries(document, theme_part(name)):
        made = editing.without(made, theme_part(name), entry["id"])
    made = deepcopy(made)
    made["themes"] = [theme for theme in made["themes"] if theme["id"] != name]
    if made.get(OPTIONAL):
        made[OPTIONAL] = [item for item in made[OPTIONAL] if item.get("theme") != name]
    return made


def theme_put_back(document: Document, before: Mapping[str, Any], name: str) -> Document:
    """A theme of the former version that was left out, with its questions, behind the one it used to follow."""
    made = deepcopy(document)
    former = _ids(before)
    after = [_ids(made).index(one) for one in former[: former.index(name)] if one in _ids(made)]
    made["themes"].insert(max(after, default=-1) + 1, deepcopy(before["themes"][former.index(name)]))
    for part, entries in (
        (theme_part(name), editing.entries(before, theme_part(name))),
        (OPTIONAL, [item for item in before.get(OPTIONAL) or () if item.get("theme") == name]),
    ):
        here = {entry["id"] for entry in editing.entries(made, part)}
        for entry in entries:
            made = made if entry["id"] in here else editing.put_back(made, before, part, entry["id"])
    return made


def themes_left_out(document: Mapping[str, Any], before: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [theme for theme in before.get("themes") or () if theme["id"] not in _ids(document)]


def initials(words: str, taken: Collection[str]) -> str:
    """ "Chuyển đổi số" -> CDS; the first that is free of CDS, CDS-2, CDS-3 ..."""
    letters = "".join(word[0] for word in re.findall(r"[a-z0-9]+", without_marks(words)))[:_LETTERS].upper()
    stem = letters if letters[:1].isalpha() else f"N{letters}"
    return next(name for step in range(1, len(taken) + 2) if (name := stem if step == 1 else f"{stem}-{step}") not in taken)


def _ids(document: Mapping[str, Any]) -> list[str]:
    return [theme["id"] for theme in document.get("themes") or ()]
