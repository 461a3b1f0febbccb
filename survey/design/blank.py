"""A questionnaire from nothing: a title, and one list of answers to begin with."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from survey import limits
from survey.design.editing import Document, texts_of
from survey.design.editing_answers import slug
from survey.design.questionnaire_file import shipped_questionnaires


def blank(title: str, taken: Collection[str]) -> Document:
    """Without a theme or a question. Its id is made of the title, and none of `taken`."""
    stem = slug(title, limits.ID - 5, between="-") or "phieu"
    name = next(one for step in range(1, len(taken) + 2) if (one := stem if step == 1 else f"{stem}-{step}") not in taken)
    return {"meta": {"id": name, "version": "1", "title_vi": title}, "scale": _agreement(), "themes": [], "items": []}


def _agreement() -> dict[str, Any]:
    """From "strongly disagree" to "strongly agree", in the words of the questionnaire that comes with the product."""
    found = texts_of(shipped_questionnaires()[0])["scale"]
    return {key: value for key, value in found.items() if key != "note"}
