"""A questionnaire as it is printed: a table with the questions in rows and the answers as the heads of columns."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any

from survey.design.answer_lists import Listed, Understood, understand
from survey.design.questionnaire import Questionnaire
from survey.design.questionnaire_file import build_questionnaire
from survey.design.xlsform.rows import form_id
from survey.design.xlsform.sheets import plain
from survey.source import Source
from survey.vietnamese import tidy
from survey.workbook import Row, read_sheets
from survey.yaml_file import Path as Place

_FORM = ("survey", "choices")


def read_paper_grid(source: Source, titles: Collection[str]) -> Questionnaire | None:
    """Each row behind the header is a question; a row without a number heads a theme.

    None where it is no such table: of `titles`, the workbook's sheets, one is called "survey", or no row of the first sheet has a scale.
    """
    if any(title in _FORM for title in titles):
        return None
    rows = next(iter(read_sheets(source.name, source.content).values()), [])
    header = _header(rows)
    if header is None:
        return None
    place, start, scale = header
    above = [" ".join(filter(None, map(plain, values))) for _number, values in rows[:place]]
    name = form_id(Path(source.name).stem)
    document: dict[str, Any] = {
        "meta": {"id": name, "version": "1", "title_vi": next((text for text in above if text), name)},
        "scales": [_scale(scale)], "themes": [], "items": [],
    }  # fmt: skip
    lines: dict[Place, int] = {}
    for number, values in rows[place + 1 :]:
        texts = [tidy(value) for value in values[:start]]
        question = plain(max(texts, key=len, default=""))
        marked = any(re.fullmatch(r"\d+(\.\d+)*[.)]?", text) for text in texts)
        if question and not marked and len([text for text in texts if text]) == 1 and start > 1:
            document["themes"].append({"id": f"T{len(document['themes']) + 1}", "vi": question})
        elif question:
            if not document["themes"]:
                document["themes"].append({"id": "T1", "vi": "Câu hỏi chung", "en": "General questions"})
            lines["items", len(document["items"])] = number
            theme = document["themes"][-1]["id"]
            document["items"].append({"id": f"C{len(document['items']) + 1}", "theme": theme, "vi": question, "scale": "answers"})
    filled = {item["theme"] for item in document["items"]}
    document["themes"] = [theme for theme in document["themes"] if theme["id"] in filled]
    return build_questionnaire(source.name, document, lines)


def _header(rows: Sequence[Row]) -> tuple[int, int, Understood] | None:
    """Place of the header's row, of the first answer in it, and the scale: the columns at its end."""
    for place, (_number, values) in enumerate(rows[:20]):
        texts = [plain(value) for value in values]
        for start in range(1, len(texts) - 1):
            options = [Listed(code=str(one), vi=text) for one, text in enumerate(texts[start:], start=1) if text]
            found = understand(options)
            if found and len(options) >= 3 and texts[start] and not any(text in ("1", "2") for text in texts[:start]):
                return place, start, found
    return None


def _scale(found: Understood) -> dict[str, Any]:
    points = [{"value": value, "vi": one.vi} for value, one in found.points]
    unknown = {"dont_know": {"value": 0, "vi": found.dont_know[1].vi, "scored": False}} if found.dont_know else {}
    return {"id": "answers", "points": points, **({"best": "low"} if found.best == "low" else {}), **unknown}
