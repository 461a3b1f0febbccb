"""A release as files for others: CSV, Excel, SPSS, and the codebook that explains the codes."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyreadstat
import xlsxwriter

from survey.design.plan import GROUP_NAMES, Node
from survey.disclose.release import ABOUT, AT_LEAST, AT_MOST, FORMS, INDEX, NOT_AVAILABLE, PROTECTS, TOO_FEW, Cell, Release
from survey.disseminate.spreadsheet import DIGITS, clean_text, csv_bytes
from survey.errors import N_
from survey.i18n import DASH, LANGUAGES, Locale

SHOWN = "shown"
_NUMBERS = ("score", "sd", "low", "high", "favourable", "neutral", "unfavourable")
_COUNTS = ("base", "dont_know")

_COLUMNS = {
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
    "low": N_("95 % interval, lower end"),
    "high": N_("95 % interval, upper end"),
    "favourable": N_("Favourable answers, percent"),
    "neutral": N_("Neutral answers, percent"),
    "unfavourable": N_("Unfavourable answers, percent"),
    "dont_know": N_("Don't know (people)"),
    "status": N_("Shown or hidden, and why"),
    "clamped": N_("Numbers of the row that are no exact ones"),
    "note": N_("Note"),
}
_MEANINGS = {
    "breakdown": N_("Empty: everybody."),
    "category": N_("Empty: everybody."),
    "base": N_('For "forms": completed forms.'),
    "score": N_('For "forms": response rate in percent, rounded.'),
    "neutral": N_("100 less favourable and unfavourable."),
    "status": N_("A hidden row has no number."),
    "clamped": N_(
        "≥ at least, ≤ at most: all or all but one answered alike, the number is a bound. "
        "≈ rounded, ? withheld: another number would follow. Answers by point are then rounded or left out."
    ),
}
_KINDS = {
    FORMS: N_("Completed forms"),
    INDEX: N_("Index"),
    "theme": N_("Theme"),
    "item": N_("Question"),
}
_STATUS = {
    SHOWN: N_("Shown"),
    TOO_FEW: N_("Hidden: too few people answered"),
    PROTECTS: N_("Hidden: protects another hidden number"),
    NOT_AVAILABLE: N_("Not asked, not counted or not imported"),
}
POLICY_LABELS = {
    "unit": N_("Fewest forms for a unit's scores"),
    "item": N_("Fewest answers for one question"),
    "breakdown_unit": N_("Fewest forms for breakdowns in a unit"),
    "category": N_("Fewest forms in each category"),
    "comments_respondents": N_("Fewest people who answered, for comments"),
    "comments": N_("Fewest comments"),
    "rate_headcount": N_("Fewest staff for a response rate"),
    "rate_step": N_("Response rates are rounded to (percent)"),
    "reporting_headcount": N_("Units with fewer staff are joined"),
}


def result_table(release: Release, locale: Locale) -> pd.DataFrame:
    """One row per row of the release. Header codes never change; a hidden row has a status and no number."""
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
    for name in _NUMBERS:
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
    table["status"] = cells["reason"].where(~shown, SHOWN)
    table["clamped"] = cells["note"]
    table["note"] = locale(N_("Illustrative data")) if release.wave.illustrative else ""
    return pd.DataFrame(table, index=cells.index).reset_index(drop=True)


def _counts(values: pd.Series[Any], shown: np.ndarray) -> pd.Series[Any]:
    return values.where(shown).round().astype("Int64")


def _points(release: Release) -> int:
    return max((len(scale.points) for scale in release.questionnaire.scales.values()), default=0)


def codebook(release: Release, locale: Locale) -> pd.DataFrame:
    """Every header and every code of the result table, in both languages."""
    return pd.DataFrame(list(_codes(release, locale)), columns=["code", "label_vi", "label_en", "meaning"])


def _codes(release: Release, locale: Locale) -> Iterator[tuple[str, str, str, str]]:
    vi, en = (Locale(language) for language in LANGUAGES)
    questionnaire = release.questionnaire
    for name, label in _COLUMNS.items():
        if name == "status":
            for place in range(_points(release)):
                label_ = N_("Answers at point {n} of the scale, low to high")
                yield (
                    f"option_{place + 1}", vi(label_, n=place + 1), en(label_, n=place + 1),
                    locale(N_("Themes: unfavourable, neutral, favourable answers. Groups: weighted by headcount.")),
                )  # fmt: skip
        yield name, vi(label), en(label), locale(_MEANINGS[name]) if name in _MEANINGS else ""
    for kind, label in _KINDS.items():
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
    for status, label in _STATUS.items():
        yield f"status={status}", vi(label), en(label), ""


def to_csv(release: Release, locale: Locale, separator: str = ";") -> bytes:
    """The result table as CSV; the codebook is a file of its own (`codebook` and `csv_bytes`)."""
    return csv_bytes(result_table(release, locale), locale.language, separator)


def to_xlsx(release: Release, locale: Locale) -> bytes:
    """A workbook of four sheets: results, units at a glance, codebook, notes."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(
        out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    )
    # The same release gives the same file: no trace of when it was made.
    book.set_properties({"title": _title(release, locale), "created": datetime(release.wave.closes.year, 1, 1)})
    head = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bg_color": "#E8EEF4", "bottom": 1})
    results_sheet(book, head, result_table(release, locale), locale)
    _units_sheet(book, head, release, locale)
    codebook_sheet(book, head, codebook(release, locale), locale)
    notes_sheet(book, release, locale)
    book.close()
    return out.getvalue()


def _title(release: Release, locale: Locale) -> str:
    wave = release.wave
    return locale.pick(wave.title_vi, wave.title_en) or locale.pick(release.questionnaire.title_vi, release.questionnaire.title_en)


def results_sheet(book: Any, head: Any, table: pd.DataFrame, locale: Locale) -> None:
    """Adds a sheet with rows of `result_table`."""
    sheet = book.add_worksheet(locale(N_("Results")))
    plain = book.add_format()
    for column, name in enumerate(table.columns):
        sheet.write_string(0, column, str(name), head)
        values = table[name].tolist()
        if name in _COLUMNS and name not in (*_NUMBERS, *_COUNTS):
            texts: dict[str, str] = {}
            for row, value in enumerate(values, start=1):
                if isinstance(value, str) and value:
                    text = texts.get(value)
                    if text is None:
                        text = texts[value] = clean_text(value)
                    sheet.write_string(row, column, text, plain)
        else:
            for row, value in enumerate(values, start=1):
                if value is not pd.NA and value == value:
                    sheet.write_number(row, column, _rounded(value), plain)
    sheet.freeze_panes(1, 3)
    sheet.autofilter(0, 0, len(table), len(table.columns) - 1)
    sheet.set_column(0, len(table.columns) - 1, 11)
    sheet.set_column(2, 2, 40)
    sheet.set_column(len(table.columns) - 2, len(table.columns) - 1, 18)


def _rounded(value: float) -> float:
    return float(f"{value:.{DIGITS}g}")


def _units_sheet(book: Any, head: Any, release: Release, locale: Locale) -> None:
    """What a leader reads: a line per unit with forms, response rate, index and themes."""
    sheet = book.add_worksheet(locale(N_("By unit")))
    bold = book.add_format({"bold": True, "font_size": 13})
    points = book.add_format({"num_format": "0.0", "align": "right"})
    whole = book.add_format({"num_format": "0", "align": "right"})
    hidden = book.add_format({"align": "right", "font_color": "#595959"})
    themes = [(f"theme:{theme.id}", locale.pick(theme.vi, theme.en)) for theme in release.questionnaire.themes]
    measures = [(INDEX, locale(N_("Index"))), *themes]
    titles = [
        locale(N_("Unit")), locale(N_("Completed forms")), locale(N_("Response rate, %")), *(title for _, title in measures),
    ]  # fmt: skip
    title = _title(release, locale)
    if release.wave.illustrative:
        title += " – " + locale(N_("Illustrative data"))
    sheet.write_string(0, 0, clean_text(title), bold)
    sheet.write_string(1, 0, clean_text(locale(N_("Scores 0 to 100. {dash}: hidden or not available, see Notes."), dash=DASH)))
    for column, text in enumerate(titles):
        sheet.write_string(2, column, clean_text(text), head)
    indents = [book.add_format({"indent": level, "bold": level == 0}) for level in range(8)]

    bounds = {sign: book.add_format({"num_format": f'"{sign} "0.0', "align": "right"}) for sign in (AT_LEAST, AT_MOST, ABOUT)}

    def write(row: int, column: int, value: float | None, format_: Any) -> None:
        if value is None:
            sheet.write_string(row, column, DASH, hidden)
        else:
            sheet.write_number(row, column, _rounded(value), format_)

    for row, (node, level) in enumerate(_in_tree_order(release), start=3):
        sheet.write_string(row, 0, clean_text(locale.pick(node.name_vi, node.name_en)), indents[min(level, 7)])
        forms = release.cell(node.id, FORMS)
        write(row, 1, forms.base if isinstance(forms, Cell) else None, whole)
        write(row, 2, forms.score if isinstance(forms, Cell) else None, whole)
        for column, (measure, _) in enumerate(measures, start=3):
            cell = release.cell(node.id, measure)
            if isinstance(cell, Cell):
                write(row, column, cell.score, bounds.get(cell.bound("score"), points))
            else:
                write(row, column, None, points)
    sheet.freeze_panes(3, 1)
    sheet.set_column(0, 0, 46)
    sheet.set_column(1, len(titles) - 1, 13)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(2)


def _in_tree_order(release: Release) -> Iterator[tuple[Node, int]]:
    """Every held node behind its parent, with its depth."""
    held = release.nodes()
    known = {node.id for node in held}
    children: dict[str | None, list[Node]] = {}
    for node in held:
        children.setdefault(node.parent if node.parent in known else None, []).append(node)
    waiting = [(node, 0) for node in reversed(children.get(None, []))]
    while waiting:
        node, level = waiting.pop()
        yield node, level
        waiting.extend((child, level + 1) for child in reversed(children.get(node.id, [])))


def codebook_sheet(book: Any, head: Any, table: pd.DataFrame, locale: Locale) -> None:
    """Adds the codebook to an xlsxwriter workbook; `head`: the format of its heading."""
    sheet = book.add_worksheet(locale(N_("Codebook")))
    wrap = book.add_format({"text_wrap": True, "valign": "top"})
    for column, name in enumerate(table.columns):
        sheet.write_string(0, column, name, head)
        for row, value in enumerate(table[name].tolist(), start=1):
            sheet.write_string(row, column, clean_text(value), wrap)
    sheet.freeze_panes(1, 1)
    for column, width in enumerate((30, 50, 50, 60)):
        sheet.set_column(column, column, width)


def notes_sheet(book: Any, release: Release, locale: Locale) -> None:
    sheet = book.add_worksheet(locale(N_("Notes")))
    wrap = book.add_format({"text_wrap": True, "valign": "top"})
    bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
    for row, (label, value) in enumerate(_notes(release, locale)):
        sheet.write_string(row, 0, clean_text(label), bold)
        if isinstance(value, str):
            sheet.write_string(row, 1, clean_text(value), wrap)
        else:
            sheet.write_number(row, 1, value, wrap)
    sheet.set_column(0, 0, 44)
    sheet.set_column(1, 1, 80)


def _notes(release: Release, locale: Locale) -> Iterator[tuple[str, str | float]]:
    wave, questionnaire = release.wave, release.questionnaire
    if wave.illustrative:
        yield locale(N_("Illustrative data")), locale(N_("The numbers of this file are made up or from a rehearsal. Do not quote them."))
    yield locale(N_("Wave")), wave.id
    yield locale(N_("Title")), _title(release, locale)
    yield locale(N_("Open from")), wave.opens.isoformat()
    yield locale(N_("Open until")), wave.closes.isoformat()
    yield locale(N_("Questionnaire")), f"{questionnaire.id} {questionnaire.version}"
    top = next((node for node, _ in _in_tree_order(release)), None)
    if top is not None:
        asked = top.headcount if release.published_elsewhere else release.plan.headcount(top.id)
        forms = release.cell(top.id, FORMS)
        where = locale.pick(top.name_vi, top.name_en)
        yield locale(N_("People asked ({unit})"), unit=where), DASH if asked is None else asked
        yield locale(N_("People who answered ({unit})"), unit=where), forms.base if isinstance(forms, Cell) else DASH
    yield (
        locale(N_("Hidden numbers")),
        locale(N_('A hidden row has no number; its column "status" says why. On the sheet by unit it is marked {dash}.'), dash=DASH),
    )
    for status in (TOO_FEW, PROTECTS, NOT_AVAILABLE):
        yield f"status = {status}", locale(_STATUS[status])
    yield "clamped", locale(_MEANINGS["clamped"])
    if release.published_elsewhere:
        yield locale(N_("Source")), locale(N_("Published before by another body; held here only to the minimum bases."))
    for name, label in POLICY_LABELS.items():
        if name in release.policy:
            yield locale(label), release.policy[name]
    yield locale(N_("Fingerprint of the table plan (SHA-256)")), release.plan.hash
    yield locale(N_("Fingerprint of the disclosure policy (SHA-256)")), release.policy_hash
    yield locale(N_("Fingerprint of these results (SHA-256)")), release.hash


def to_sav(release: Release, locale: Locale) -> bytes:
    """The result table for SPSS, with labels of variables and codes."""
    table = result_table(release, locale)
    for name in _COUNTS:
        table[name] = table[name].astype(float)
    for name in table.columns.difference([*_NUMBERS, *_COUNTS]):
        if not str(name).startswith("option_"):
            table[name] = table[name].fillna("").map(clean_text).astype(object)
    codes = codebook(release, locale)
    label = "label_en" if locale.language == "en" else "label_vi"
    labels = dict(zip(codes["code"], codes[label], strict=True))
    values: dict[str, Any] = {"measure": {FORMS: locale(_KINDS[FORMS]), INDEX: locale(_KINDS[INDEX])}}
    for code, text in labels.items():
        column, equals, value = str(code).partition("=")
        if equals:
            # A category's code stands alone in its column; the first field that uses it names it.
            values.setdefault(column, {}).setdefault(value.rpartition(":")[2], _short(text))
    with tempfile.TemporaryDirectory(prefix="langnghe-") as folder:
        path = Path(folder) / "results.sav"
        pyreadstat.write_sav(
            table,
            str(path),
            file_label=_short(_title(release, locale), 60),
            column_labels={name: _short(labels[name], 250) for name in table.columns},
            variable_value_labels=values,
        )
        return path.read_bytes()


def _short(text: str, limit: int = 115) -> str:
    """SPSS keeps 120 bytes of a value label."""
    text = clean_text(text)
    while len(text.encode()) > limit:
        text = text[:-1]
    return text
