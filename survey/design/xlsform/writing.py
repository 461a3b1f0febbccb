"""Questionnaires out to XLSForm."""

from __future__ import annotations

import io
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import xlsxwriter

from survey.design.answer_lists import Listed, silence
from survey.design.conditions import names, parse
from survey.design.criteria import Criterion
from survey.design.questionnaire import Asked, Item, Option, Questionnaire
from survey.design.xlsform.sheets import CRITERIA, UNTRANSLATED

_VIETNAMESE, _ENGLISH = "::Tiếng Việt (vi)", "::English (en)"
_LABELS, _HINTS = (tuple(base + language for language in (_VIETNAMESE, _ENGLISH)) for base in ("label", "hint"))
_COLUMNS = {
    "survey": (
        "type", "name", *_LABELS, *_HINTS, "required", "relevant", "appearance",
        "lng_role", "lng_theme", "lng_reverse", "lng_sensitive", "lng_in_index", "lng_source", "lng_criteria", "lng_max_chars", UNTRANSLATED,
    ),
    "choices": ("list_name", "name", *_LABELS, "lng_role", "lng_best", UNTRANSLATED),
    "settings": ("form_title", "form_id", "version", "default_language", "lng_title_en", "lng_status", "lng_antonyms"),
    CRITERIA: ("name", *_LABELS, "lng_kind", "lng_document", "lng_document_en", "lng_date"),
}  # fmt: skip


def write_xlsform(questionnaire: Questionnaire) -> bytes:
    """An .xlsx workbook that `read_xlsform` reads back as an equal questionnaire; the same bytes every time."""
    rows = {"survey": _survey(questionnaire), "choices": _choices(questionnaire), "settings": [_settings(questionnaire)]}
    _fill_in([*rows["survey"], *rows["choices"]])
    if questionnaire.criteria:
        rows[CRITERIA] = [_criterion(one) for one in questionnaire.criteria]
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        book.set_properties({"created": datetime(2000, 1, 1)})
        bold, wrapped = book.add_format({"bold": True}), book.add_format({"text_wrap": True, "valign": "top"})
        for name, columns in ((name, _COLUMNS[name]) for name in rows):
            sheet = book.add_worksheet(name)
            sheet.freeze_panes(1, 0)
            for place, column in enumerate(columns):
                sheet.set_column(place, place, 50 if column.startswith("label") else 16, wrapped)
                sheet.write_string(0, place, column, bold)
                for number, row in enumerate(rows[name], start=1):
                    if row.get(column):
                        sheet.write_string(number, place, row[column])  # never a formula
    return out.getvalue()


def _fill_in(rows: list[dict[str, str]]) -> None:
    """Where some of it is in English, what is not stands there in Vietnamese, as our own form shows it: others show a dash."""
    if not any(row.get(texts[1]) for row in rows for texts in (_LABELS, _HINTS)):
        return
    for row in rows:
        missing = {base: vi for base, (vi, en) in (("label", _LABELS), ("hint", _HINTS)) if row.get(vi) and not row.get(en)}
        row |= {f"{base}{_ENGLISH}": row[vi] for base, vi in missing.items()}
        row[UNTRANSLATED] = " ".join(missing)


def _survey(questionnaire: Questionnaire) -> list[dict[str, str]]:
    rows = [
        {
            "type": "note",
            "name": f"intro_{number + 1}",
            _LABELS[0]: _at(questionnaire.intro_vi, number),
            _LABELS[1]: _at(questionnaire.intro_en, number),
        }
        for number in range(max(len(questionnaire.intro_vi), len(questionnaire.intro_en)))
    ]
    early = _Early(questionnaire)
    for theme in questionnaire.themes:
        marks = {"lng_in_index": _yes_no(theme.in_index), "lng_sensitive": _yes_no(theme.sensitive)}
        rows.append({"type": "begin_group", "name": theme.id, **_labels(theme), **marks})
        for item in questionnaire.items_of(theme.id):
            rows += [*early.before(item), *_asked(item, _item(item))]
        rows.append({"type": "end_group"})
    if questionnaire.optional_items:
        rows.append({"type": "begin_group", "name": "optional_items", "lng_role": "optional"})
        for item in questionnaire.optional_items:
            rows += _asked(item, {**_item(item), "lng_theme": item.theme})
        rows.append({"type": "end_group"})
    if questionnaire.warning_vi or questionnaire.warning_en:
        warning = {_LABELS[0]: questionnaire.warning_vi, _LABELS[1]: questionnaire.warning_en}
        rows.append({"type": "note", "name": "open_warning", **warning, "lng_role": "warning"})
    for question in questionnaire.open_questions:
        row = {
            "type": "text",
            "name": question.id,
            **_labels(question),
            "appearance": "multiline",
            "lng_max_chars": str(question.max_chars),
        }
        rows += [*early.before(question), *_asked(question, row)]
    return rows + early.rest()


class _Early:
    """Breakdowns in their order; those that a condition looks at stand above the question that has it."""

    def __init__(self, questionnaire: Questionnaire) -> None:
        self.left = list(questionnaire.breakdowns)

    def before(self, question: Asked) -> list[dict[str, str]]:
        wanted = set(names(parse(question.relevant))) if question.relevant else set()
        last = max((place for place, one in enumerate(self.left, start=1) if one.id in wanted), default=0)
        return self.rest(last)

    def rest(self, until: int | None = None) -> list[dict[str, str]]:
        taken = self.left[:until]
        self.left = self.left[len(taken) :]
        rows: list[dict[str, str]] = []
        for one in taken:
            rows += _asked(one, {"type": f"select_one {one.id}_categories", "name": one.id, **_labels(one), "lng_role": "breakdown"})
        return rows


def _asked(question: Asked, row: dict[str, str]) -> list[dict[str, str]]:
    """The row with what stands around its question; its note is a row above it."""
    note = {_LABELS[0]: question.note_vi, _LABELS[1]: question.note_en}
    above = [{"type": "note", "name": f"{row['name']}_note", **note, "lng_role": "above"}] if any(note.values()) else []
    around = {_HINTS[0]: question.hint_vi, _HINTS[1]: question.hint_en, "relevant": question.relevant}
    return [*above, {**row, **around, "required": "yes" if question.required else ""}]


def _item(item: Item) -> dict[str, str]:
    marks = {"lng_reverse": _yes_no(item.reverse), "lng_sensitive": _yes_no(item.sensitive), "lng_source": item.source}
    marks["lng_criteria"] = " ".join(item.criteria)
    return {"type": f"select_one {item.scale}", "name": item.id, **_labels(item), "appearance": "likert", **marks}


def _criterion(one: Criterion) -> dict[str, str]:
    where = {"lng_document": one.document_vi, "lng_document_en": one.document_en, "lng_date": one.date}
    return {"name": one.id, **_labels(one), "lng_kind": one.kind, **where}


def _choices(questionnaire: Questionnaire) -> list[dict[str, str]]:
    rows: list[dict[str, str]] = []
    for scale in questionnaire.scales.values():
        first = len(rows)
        rows += [_choice(scale.id, point, "point" if silence(_listed(point)) else "") for point in scale.points]
        rows[first]["lng_best"] = scale.best
        rows += [_choice(scale.id, scale.dont_know, "dont_know")] if scale.dont_know else []
    for breakdown in questionnaire.breakdowns:
        rows += [_choice(f"{breakdown.id}_categories", category) for category in breakdown.categories]
    return rows


def _listed(point: Option) -> Listed:
    return Listed(code=str(point.value), vi=point.vi, en=point.en)


def _choice(list_name: str, option: Option, role: str = "") -> dict[str, str]:
    return {"list_name": list_name, "name": str(option.value), **_labels(option), "lng_role": role}


def _settings(questionnaire: Questionnaire) -> dict[str, str]:
    return {
        "form_title": questionnaire.title_vi,
        "form_id": questionnaire.id,
        "version": questionnaire.version,
        "default_language": _VIETNAMESE.removeprefix("::"),
        "lng_title_en": questionnaire.title_en,
        "lng_status": questionnaire.status,
        "lng_antonyms": "; ".join(" ".join(pair) for pair in questionnaire.antonym_pairs),
    }


def _labels(thing: Any) -> Mapping[str, str]:
    return {_LABELS[0]: thing.vi, _LABELS[1]: thing.en}


def _at(texts: tuple[str, ...], place: int) -> str:
    return texts[place] if place < len(texts) else ""


def _yes_no(value: bool) -> str:
    return "yes" if value else "no"
