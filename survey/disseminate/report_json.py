"""A release as JSON for machines: the shape of `langnghe results --json` (docs: contract)."""

from __future__ import annotations

from typing import Any

from survey.disclose.release import FORMS, INDEX, NOT_AVAILABLE, Cell, Release, Suppressed


def unit_results(release: Release, unit: str) -> dict[str, Any]:
    """Everything the release holds of one unit; numbers unrounded, hidden values as {"suppressed": reason}."""
    questionnaire = release.questionnaire
    forms = release.cell(unit, FORMS)
    node = release.node(unit)
    found: dict[str, Any] = {
        "wave": release.wave.id,
        "unit": unit,
        "base": forms.base if isinstance(forms, Cell) else _hidden(forms),
        "headcount": node.headcount if release.published_elsewhere else release.plan.headcount(unit),
        "response_rate": release.response_rate(unit),
        "index": _index(release.cell(unit, INDEX)),
        "themes": [_theme(release, unit, theme.id) for theme in questionnaire.themes],
        "items": [_item(release, unit, item.id) for item in questionnaire.items],
        "breakdowns": {
            breakdown.id: [_category(release, unit, breakdown.id, str(c.value)) for c in breakdown.published]
            for breakdown in questionnaire.breakdowns
            if breakdown.id in release.plan.breakdowns
        },
    }
    if release.wave.illustrative:
        found["note"] = "Số liệu minh họa"
    return found


def _hidden(cell: Suppressed) -> dict[str, str]:
    return {"suppressed": cell.reason}


def _index(cell: Cell | Suppressed) -> dict[str, Any]:
    if isinstance(cell, Suppressed):
        return _hidden(cell)
    return {"base": cell.base, "score": cell.score, "low": cell.low, "high": cell.high}


def _theme(release: Release, unit: str, theme: str, breakdown: str = "", category: str = "") -> dict[str, Any]:
    cell = release.cell(unit, f"theme:{theme}", breakdown, category)
    if isinstance(cell, Suppressed):
        return {"id": theme, **_hidden(cell)}
    return {"id": theme, "base": cell.base, "score": cell.score, "sd": cell.sd, "low": cell.low, "high": cell.high}


def _item(release: Release, unit: str, item: str) -> dict[str, Any]:
    cell = release.cell(unit, f"item:{item}")
    if isinstance(cell, Suppressed):
        return {"id": item, **_hidden(cell)}
    values = release.questionnaire.scale_of(item).values
    return {
        "id": item,
        "base": cell.base,
        "score": cell.score,
        "favourable": cell.favourable,
        "unfavourable": cell.unfavourable,
        "dont_know": cell.dont_know,
        "options": {str(value): _count(count) for value, count in zip(values, cell.options, strict=True)},
    }


def _count(count: float) -> float | int:
    return int(count) if count.is_integer() else count


def _category(release: Release, unit: str, breakdown: str, category: str) -> dict[str, Any]:
    index = release.cell(unit, INDEX, breakdown, category)
    if isinstance(index, Suppressed) and index.reason == NOT_AVAILABLE:
        return {"category": category, **_hidden(index)}
    return {
        "category": category,
        "base": index.base if isinstance(index, Cell) else _hidden(index),
        "index": _index(index),
        "themes": [_theme(release, unit, theme.id, breakdown, category) for theme in release.questionnaire.themes],
    }
