"""A release as one long table, and the codebook that explains its headers and codes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey.analyse.comparable import CODES, apart, declared, points
from survey.design.plan import GROUP_NAMES
from survey.design.questionnaire import Questionnaire
from survey.disclose.quality import Why
from survey.disclose.release import FORMS, INDEX, NOT_AVAILABLE, ONLY_SOME, PROTECTS, TOO_FEW, Release
from survey.disseminate.look import LEVELS
from survey.disseminate.quality_words import reason
from survey.errors import N_
from survey.i18n import LANGUAGES, Locale

SHOWN = "shown"
DECLARED = "declared"
Shown = NDArray[np.bool_]
NUMBERS = ("score", "sd", "low", "high", "favourable", "neutral", "unfavourable")
COUNTS = ("base", "dont_know")

HEADERS = {
    "wave": N_("Wave"),
    "unit": N_("Unit code"),
    "unit_name": N_("Unit name"),
    "group": N_("Group of units"),
    "breakdown": N_("Breakdown field"),
    "category": N_("Category of the breakdown"),
    "kind": N_("Kind of measure"),
    "measure": N_("Measure"),
    "base": N_("Answers counted (people)"),
    "score": N_("Score, 0 to 100"),
    "sd": N_("Standard deviation of the score"),
    "low": N_("95% interval, lower end"),
    "high": N_("95% interval, upper end"),
    "favourable": N_("Favourable answers, percent"),
    "neutral": N_("Neutral answers, percent"),
    "unfavourable": N_("Unfavourable answers, percent"),
    "dont_know": N_("Don't know (people)"),
    "status": N_("Shown or hidden, and why"),
    "clamped": N_("Numbers of the row that are not exact"),
    "reliability": N_("Reliability of the unit's numbers"),
    "reliability_reasons": N_("Why the reliability is not high"),
    "scale_points": N_("Points of the response scale"),
    "wave_before": N_("Wave before in the series"),
    "series_break": N_("Break in the series since the wave before"),
    "note": N_("Note"),
}
MEANINGS = {
    "breakdown": N_("Empty: everybody."),
    "category": N_("Empty: everybody."),
    "base": N_('For "forms": completed forms. Empty in a shown row: not given by who printed the number.'),
    "score": N_('For "forms": response rate in percent, rounded.'),
    "neutral": N_("100 less favourable and unfavourable."),
    "status": N_("A hidden row has no number."),
    "clamped": N_(
        "≥ at least, ≤ at most: all or all but one answered alike, the number is a bound. "
        "≈ rounded, ? withheld: another number would follow. Answers by point are then left out."
    ),
    "reliability": N_("Of the unit as a whole. Empty: a hidden row, a group, or a wave of which only counts were known."),
    "reliability_reasons": N_("Codes, with spaces between them."),
    "scale_points": N_("More than one number: questions on different scales."),
    "wave_before": N_("Empty: the first wave of the series."),
    "series_break": N_("Empty: none, the scores of the two waves may be compared."),
}
KINDS = {
    FORMS: N_("Completed forms"),
    INDEX: N_("Index"),
    "theme": N_("Theme"),
    "item": N_("Question"),
}
JOINED = N_("None: declared comparable by the organizer")
STATUS = {
    SHOWN: N_("Shown"),
    TOO_FEW: N_("Hidden: too few people answered"),
    PROTECTS: N_("Hidden: protects another hidden number"),
    ONLY_SOME: N_("Hidden: only some people were asked this question"),
    NOT_AVAILABLE: N_("Not asked, not counted or not imported"),
}


def result_table(release: Release, locale: Locale, earlier: Release | None = None) -> pd.DataFrame:
    """One row per row of the release. Header codes never change; a hidden row has a status and no number.

    `earlier`: the wave before in the series, to mark what may not be compared with it.
    """
    cells = release.cells
    shown = (cells["reason"] == "").to_numpy(dtype=bool)
    nodes = {node.id: node for node in release.plan.nodes}
    units = cells["unit"]
    parts = cells["measure"].str.partition(":")
    table: dict[str, Any] = {
        "wave": release.wave.id,
        "unit": units,
        "unit_name": units.map({unit: locale.pick(node.name_vi, node.name_en) for unit, node in nodes.items()}),
        "group": units.map({unit: node.group for unit, node in nodes.items()}),
        "breakdown": cells["breakdown"],
        "category": cells["category"],
        "kind": parts[0],
        "measure": parts[2].where(parts[2] != "", parts[0]),
        "base": _counts(cells["base"], shown),
    }
    for name in NUMBERS:
        if name == "neutral":
            exact = ~cells["note"].str.contains("favourable")  # "unfavourable" too
            values = (100 - cells["favourable"] - cells["unfavourable"]).where(exact)
            values = values.where(values.abs() > 1e-9, values * 0)  # what rounding leaves of nothing
        else:
            values = cells[name]
        table[name] = values.where(shown)
    table["dont_know"] = _counts(cells["dont_know"], shown)
    counts = cells["options"].where(shown, "").str.split(",", expand=True)
    for place in range(_points(release)):
        text = counts[place] if place in counts else pd.Series(np.nan, index=cells.index)
        table[f"option_{place + 1}"] = pd.to_numeric(text.replace("", None), errors="coerce").astype(float)
    said = ["base", *(name for name in NUMBERS if name != "neutral")]  # of printed scores nobody may know how many answered
    table["status"] = cells["reason"].where(~shown, SHOWN).mask(shown & cells[said].isna().all(axis=1), NOT_AVAILABLE)
    table["clamped"] = cells["note"]
    table |= _reliability(release, shown) | _comparability(release, earlier)
    table["note"] = _note(release, locale)
    return pd.DataFrame(table, index=cells.index).reset_index(drop=True)


def _note(release: Release, locale: Locale) -> str:
    """What every row says of the whole release, because rows get copied."""
    said = [N_("Printed scores only; without a base there is no interval and no test")] if release.scores_only else []
    said += [N_("Illustrative data")] if release.wave.illustrative else []
    return "; ".join(map(locale, said))


def _counts(values: pd.Series[Any], shown: Shown) -> pd.Series[Any]:
    return values.where(shown).round().astype("Int64")


def _reliability(release: Release, shown: Shown) -> dict[str, pd.Series[Any]]:
    """The unit's mark and its reasons, on every row that is shown."""
    marks = release.quality.units if release.quality else {}
    units = release.cells["unit"]
    levels = units.map({unit: mark.level.value for unit, mark in marks.items()})
    reasons = units.map({unit: " ".join(mark.reasons) for unit, mark in marks.items()})
    return {"reliability": levels.where(shown), "reliability_reasons": reasons.where(shown)}


def _comparability(release: Release, earlier: Release | None) -> dict[str, Any]:
    """Of each measure its scale, and whether it goes on from the wave before."""
    measures = release.cells["measure"]
    asked = [measure for measure in measures.unique() if measure != FORMS]
    scales = {measure: " ".join(map(str, points(release.questionnaire, measure))) for measure in asked}
    breaks = {measure: _break(earlier.questionnaire, release.questionnaire, measure) for measure in asked} if earlier else {}
    return {
        "scale_points": measures.map(scales),
        "wave_before": earlier.wave.id if earlier else "",
        "series_break": measures.map(breaks),
    }


def _break(before: Questionnaire, after: Questionnaire, measure: str) -> str:
    if reason := apart(before, after, measure):
        return CODES[reason]
    return DECLARED if declared(before, after) else ""


def _points(release: Release) -> int:
    return max((len(scale.points) for scale in release.questionnaire.scales.values()), default=0)


def codebook(release: Release, locale: Locale) -> pd.DataFrame:
    """Every header and every code of the result table, in both languages."""
    return pd.DataFrame(list(_codes(release, locale)), columns=["code", "label_vi", "label_en", "meaning"])


def _codes(release: Release, locale: Locale) -> Iterator[tuple[str, str, str, str]]:
    vi, en = (Locale(language) for language in LANGUAGES)
    questionnaire = release.questionnaire
    for name, label in HEADERS.items():
        if name == "status":
            for place in range(_points(release)):
                label_ = N_("Answers at point {n} of the scale, low to high")
                yield (
                    f"option_{place + 1}", vi(label_, n=place + 1), en(label_, n=place + 1),
                    locale(N_("Themes: unfavourable, neutral, favourable answers. Groups: weighted by headcount.")),
                )  # fmt: skip
        yield name, vi(label), en(label), locale(MEANINGS[name]) if name in MEANINGS else ""
    for kind, label in KINDS.items():
        yield f"kind={kind}", vi(label), en(label), ""
    for theme in questionnaire.themes:
        meaning = N_("Part of the index.") if theme.in_index else N_("Not part of the index.")
        yield f"measure={theme.id}", theme.vi, theme.en or theme.vi, locale(meaning)
    for item in questionnaire.items:
        theme = questionnaire.theme[item.theme]
        points = "; ".join(f"{p.value} = {locale.pick(p.vi, p.en)}" for p in questionnaire.scales[item.scale].points)
        meaning = f"{locale.pick(theme.vi, theme.en)}. {points}"
        if item.reverse:
            meaning += ". " + locale(N_("Negative wording: a low answer is the good one."))
        yield f"measure={item.id}", item.vi, item.en or item.vi, meaning
    for breakdown in questionnaire.breakdowns:
        if breakdown.id in release.plan.breakdowns:
            yield f"breakdown={breakdown.id}", breakdown.vi, breakdown.en or breakdown.vi, ""
            for category in breakdown.published:
                yield f"category={breakdown.id}:{category.value}", category.vi, category.en or category.vi, ""
    for group in dict.fromkeys(node.group for node in release.nodes() if node.group):
        name_vi, name_en = GROUP_NAMES.get(group, (group, group))
        yield f"group={group}", name_vi, name_en, ""
    for status, label in STATUS.items():
        yield f"status={status}", vi(label), en(label), ""
    for level, label in LEVELS.items():
        yield f"reliability={level}", vi(label), en(label), ""
    for why in Why:
        yield f"reliability_reasons={why}", reason(release, why, vi), reason(release, why, en), ""
    for text, code in CODES.items():
        yield f"series_break={code}", vi(text), en(text), ""
    notes = (locale.pick(one.note_vi, one.note_en) for one in questionnaire.comparable_with)
    yield f"series_break={DECLARED}", vi(JOINED), en(JOINED), "; ".join(notes)
