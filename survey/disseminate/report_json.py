"""A release as JSON for machines: the shape of `langnghe results --json` (docs: contract)."""

from __future__ import annotations

from typing import Any

from survey.analyse.change import Comparison
from survey.analyse.criteria import Line, Reading, Standing
from survey.analyse.verdicts import AGAINST, Verdicts
from survey.disclose.release import (
    ABOUT,
    AT_LEAST,
    AT_MOST,
    FORMS,
    INDEX,
    NOT_AVAILABLE,
    NOT_GIVEN,
    PROTECTS,
    TOO_FEW,
    WITHHELD,
    Cell,
    Release,
    Suppressed,
)  # fmt: skip
from survey.disseminate.between_json import REASONS

_BOUNDS = {AT_LEAST: "at-least", AT_MOST: "at-most", ABOUT: "rounded", WITHHELD: "withheld"}


def unit_results(release: Release, unit: str, verdicts: Verdicts, by_criteria: Reading | None = None) -> dict[str, Any]:
    """Everything the release holds of one unit; numbers unrounded, hidden values as {"suppressed": reason}.

    `by_criteria`: the same unit by the criteria of its plan, where there are any.
    """
    questionnaire = release.questionnaire
    forms = release.cell(unit, FORMS)
    headcount = release.node(unit).headcount if release.published_elsewhere else release.plan.headcount(unit)
    found: dict[str, Any] = {
        "wave": release.wave.id,
        "unit": unit,
        "base": _base(forms),
        "headcount": _known(headcount),
        "response_rate": _known(release.response_rate(unit), _no_rate(release, headcount)),
        "index": _index(release.cell(unit, INDEX)),
        "themes": [_theme(release, unit, theme.id) for theme in questionnaire.themes],
        "items": [_item(release, unit, item.id) for item in questionnaire.items],
        "breakdowns": {
            breakdown.id: [_category(release, unit, breakdown.id, str(c.value)) for c in breakdown.published]
            for breakdown in questionnaire.breakdowns
            if breakdown.id in release.plan.breakdowns
        },
    }
    measures = (*release.composites, *release.single_items)
    found["verdicts"] = {measure: {one: _verdict(verdicts.of(unit, measure, one)) for one in AGAINST} for measure in measures}
    if by_criteria is not None:
        found["criteria"] = [_criterion(one) for one in by_criteria.lines]
    if clamped := _clamped(release, unit):
        found["clamped"] = clamped
    if release.scores_only:
        found["scores_only"] = True
    if release.wave.illustrative:
        found["note"] = "Số liệu minh họa"
    return found


def _criterion(one: Line) -> dict[str, Any]:
    """`waves`: its score in every wave of the series, the launch first; `since_launch`: null in the launch itself."""
    cell = one.now.cell
    numbers = (
        _hidden(cell) if isinstance(cell, Suppressed) else {"base": _base(cell)} | {n: _number(cell, n) for n in ("score", "low", "high")}
    )
    return {
        "id": one.criterion.id,
        **numbers,
        "items": [item.id for item, _cell in one.items],
        "shown": one.now.shown,
        "waves": {standing.wave.id: _in_wave(standing) for standing in one.waves},
        "since_launch": _verdict(one.since) if one.since else None,
    }


def _in_wave(one: Standing) -> float | dict[str, str]:
    return _hidden(one.cell) if isinstance(one.cell, Suppressed) else _number(one.cell, "score")


def _verdict(one: Comparison) -> dict[str, Any]:
    return {"state": one.state.value, "difference": one.difference, "reason": REASONS[one.reason]}


def _hidden(cell: Suppressed) -> dict[str, str]:
    return {"suppressed": cell.reason}


def _known(value: float | None, reason: str = NOT_AVAILABLE) -> float | dict[str, str]:
    return _hidden(Suppressed(reason)) if value is None else value


def _number(cell: Cell, name: str) -> float | dict[str, str]:
    return _known(getattr(cell, name), PROTECTS if WITHHELD in cell.clamped else NOT_GIVEN if cell.base is None else NOT_AVAILABLE)


def _base(cell: Cell | Suppressed) -> float | dict[str, str]:
    return _hidden(cell) if isinstance(cell, Suppressed) else _known(cell.base, NOT_GIVEN)


def _no_rate(release: Release, headcount: int | None) -> str:
    if release.scores_only and (headcount is None or headcount >= release.policy["rate_headcount"]):
        return NOT_GIVEN
    return TOO_FEW if headcount else NOT_AVAILABLE


def _clamped(release: Release, unit: str) -> dict[str, dict[str, str]]:
    """Numbers that are not exact: all or all but one answered alike (the number is then the bound), or one would follow.

    Keys: "item:KC1", "theme:KC gender:f".
    """
    rows = release.cells[(release.cells["unit"] == unit) & (release.cells["note"] != "")]
    return {
        f"{row.measure} {row.breakdown}:{row.category}".removesuffix(" :"): {part[:-1]: _BOUNDS[part[-1]] for part in str(row.note).split()}
        for row in rows.itertuples()
    }


def _index(cell: Cell | Suppressed) -> dict[str, Any]:
    if isinstance(cell, Suppressed):
        return _hidden(cell)
    return {name: _number(cell, name) for name in ("score", "low", "high")}


def _theme(release: Release, unit: str, theme: str, breakdown: str = "", category: str = "") -> dict[str, Any]:
    cell = release.cell(unit, f"theme:{theme}", breakdown, category)
    if isinstance(cell, Suppressed):
        return {"id": theme, **_hidden(cell)}
    return {"id": theme, "base": _base(cell), **{name: _number(cell, name) for name in ("score", "sd", "low", "high")}}


def _item(release: Release, unit: str, item: str) -> dict[str, Any]:
    cell = release.cell(unit, f"item:{item}")
    if isinstance(cell, Suppressed):
        return {"id": item, **_hidden(cell)}
    values = release.questionnaire.scale_of(item).values
    return {
        "id": item,
        "base": _base(cell),
        **{name: _number(cell, name) for name in ("score", "favourable", "unfavourable", "dont_know")},
        "options": {str(value): _count(count) for value, count in zip(values, cell.options, strict=True)}
        if cell.options
        else _hidden(Suppressed(NOT_GIVEN if release.scores_only else PROTECTS)),
    }


def _count(count: float) -> float | int:
    return int(count) if count.is_integer() else count


def _category(release: Release, unit: str, breakdown: str, category: str) -> dict[str, Any]:
    index = release.cell(unit, INDEX, breakdown, category)
    if isinstance(index, Suppressed) and index.reason == NOT_AVAILABLE:
        return {"category": category, **_hidden(index)}
    return {
        "category": category,
        "base": _base(index),
        "index": _index(index),
        "themes": [_theme(release, unit, theme.id, breakdown, category) for theme in release.questionnaire.themes],
    }
