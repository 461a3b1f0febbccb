"""What may stand where in a questionnaire file: a misspelt key would silently not count."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from survey.design.document import DocumentReader
from survey.errors import Problem
from survey.yaml_file import Path as Place

# What may stand where. Notes (rule, note, caution, order ...) are kept for people and mean nothing to the product.
_META = frozenset(["id", "version", "title_vi", "title_en", "status", "language", "note"])
_PARTS = frozenset(
    [
        "meta",
        "scale",
        "scales",
        "themes",
        "overall_items",
        "items",
        "optional_items",
        "open_questions",
        "breakdown_fields",
        "intro",
        "open_warning",
        "scoring",
        "quality_checks",
        "comparable_with",
        "criteria",
        "note",
    ]
)
_THEME = frozenset(["id", "vi", "en", "in_index", "sensitive", "order", "note"])
_ASKED = frozenset(["hint_vi", "hint_en", "note_vi", "note_en", "relevant", "required", "note"])
_ITEM = _ASKED | frozenset(
    ["id", "theme", "vi", "en", "scale", "reverse", "sensitive", "source_phrase", "source_national", "criteria", "order"]
)
_SCALE = frozenset(["id", "points", "dont_know", "best", "note"])
_POINT = frozenset(["value", "vi", "en", "scored"])
_CATEGORY = frozenset(["code", "vi", "en"])
_OPEN = _ASKED | frozenset(["id", "vi", "en", "max_chars"])
_BREAKDOWN = _ASKED | frozenset(["id", "vi", "en", "options"])


def unknown_keys(document: Mapping[str, Any], lines: Mapping[Place, int]) -> list[Problem]:
    """What a file says that would silently not count, or count as what it is not. Questionnaires that are stored may hold it."""
    reader = DocumentReader(document, lines)
    reader.only(document, (), _PARTS)
    reader.only(reader.mapping("meta"), ("meta",), _META)
    for section, known in (
        ("themes", _THEME), ("overall_items", _ITEM), ("items", _ITEM), ("optional_items", _ITEM), ("open_questions", _OPEN),
        ("breakdown_fields", _BREAKDOWN), ("scales", _SCALE),
    ):  # fmt: skip
        for place, entry in reader.entries(section):
            reader.only(entry, place, known)
    scales = [*reader.entries("scales"), (("scale",), reader.mapping("scale"))]
    for place, entry in scales:
        for number, point in enumerate(reader.entries_of(entry, place, "points")):
            reader.only(point, (*place, "points", number), _POINT)
        if isinstance(entry.get("dont_know"), Mapping):
            reader.only(entry["dont_know"], (*place, "dont_know"), _POINT)
    for place, entry in reader.entries("breakdown_fields"):
        for number, category in enumerate(reader.entries_of(entry, place, "options")):
            reader.only(category, (*place, "options", number), _CATEGORY)
    return reader.problems
