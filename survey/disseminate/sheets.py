"""Sheets of an Excel workbook made from a release: units at a glance, results, codebook, notes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import pandas as pd

from survey.design.plan import Node
from survey.disclose.release import (
    ABOUT,
    AT_LEAST,
    AT_MOST,
    FORMS,
    INDEX,
    NOT_AVAILABLE,
    ONLY_SOME,
    PROTECTS,
    TOO_FEW,
    Cell,
    Release,
    Suppressed,
)
from survey.disseminate import quality_words
from survey.disseminate.given import origin_of
from survey.disseminate.look import measure_labels
from survey.disseminate.result_table import COUNTS, HEADERS, MEANINGS, NUMBERS, STATUS
from survey.disseminate.spreadsheet import DIGITS, clean_text
from survey.errors import N_
from survey.i18n import DASH, Locale

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


PRINTED = "0.00"
ONE_PAGE = 64  # rows that can still be read when they are shrunk to one page

# No text of a person becomes a formula, a link or a number.
BOOK = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}


def title_of(release: Release, locale: Locale) -> str:
    wave = release.wave
    return locale.pick(wave.title_vi, wave.title_en) or locale.pick(release.questionnaire.title_vi, release.questionnaire.title_en)


def results_sheet(book: Any, head: Any, table: pd.DataFrame, locale: Locale) -> None:
    """Adds a sheet with rows of `result_table`."""
    sheet = book.add_worksheet(locale(N_("Results")))
    plain, printed = book.add_format(), book.add_format({"num_format": PRINTED})
    for column, name in enumerate(table.columns):
        sheet.write_string(0, column, str(name), head)
        values = table[name].tolist()
        if name in HEADERS and name not in (*NUMBERS, *COUNTS):
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
                    sheet.write_number(row, column, _rounded(value), printed if name in NUMBERS else plain)
    sheet.freeze_panes(1, 3)
    sheet.autofilter(0, 0, len(table), len(table.columns) - 1)
    sheet.set_column(0, len(table.columns) - 1, 11)
    sheet.set_column(2, 2, 40)
    sheet.set_column(table.columns.get_loc("status"), len(table.columns) - 1, 18)


def _rounded(value: float) -> float:
    return float(f"{value:.{DIGITS}g}")


def units_sheet(book: Any, head: Any, release: Release, locale: Locale) -> None:
    """What a leader reads: a line per unit with forms, response rate, index and themes."""
    sheet = book.add_worksheet(locale(N_("By unit")))
    bold = book.add_format({"bold": True, "font_size": 13})
    points = book.add_format({"num_format": PRINTED, "align": "right"})
    whole = book.add_format({"num_format": "0", "align": "right"})
    hidden = book.add_format({"align": "right", "font_color": "#595959"})
    themes = [(f"theme:{theme.id}", locale.pick(theme.vi, theme.en)) for theme in release.questionnaire.themes]
    measures = [(INDEX, locale(N_("Index"))), *themes]
    titles = [
        locale(N_("Unit")), locale(N_("Completed forms")), locale(N_("Response rate, %")), *(title for _, title in measures),
        locale(N_("Reliability")),
    ]  # fmt: skip
    title = title_of(release, locale)
    if release.scores_only:
        title += " – " + locale(N_("Printed scores only"))
    if release.wave.illustrative:
        title += " – " + locale(N_("Illustrative data"))
    sheet.write_string(0, 0, clean_text(title), bold)
    sheet.write_string(1, 0, clean_text(locale(N_("Scores 0 to 100. {dash}: hidden or not available, see Notes."), dash=DASH)))
    for column, text in enumerate(titles):
        sheet.write_string(2, column, clean_text(text), head)
    indents = [book.add_format({"indent": level, "bold": level == 0}) for level in range(8)]

    bounds = {sign: book.add_format({"num_format": f'"{sign} "{PRINTED}', "align": "right"}) for sign in (AT_LEAST, AT_MOST, ABOUT)}

    def write(row: int, column: int, value: float | None, format_: Any) -> None:
        if value is None:
            sheet.write_string(row, column, DASH, hidden)
        else:
            sheet.write_number(row, column, _rounded(value), format_)

    for row, (node, level) in enumerate(_in_tree_order(release), start=3):
        sheet.write_string(row, 0, clean_text(locale.pick(node.name_vi, node.name_en)), indents[min(level, 7)])
        forms = release.cell(node.id, FORMS)
        if isinstance(forms, Cell) and forms.base is None:
            sheet.write_string(row, 1, locale(N_("not given")), hidden)
        else:
            write(row, 1, forms.base if isinstance(forms, Cell) else None, whole)
        write(row, 2, forms.score if isinstance(forms, Cell) else None, whole)
        for column, (measure, _) in enumerate(measures, start=3):
            cell = release.cell(node.id, measure)
            if isinstance(cell, Cell):
                write(row, column, cell.score, bounds.get(cell.bound("score"), points))
            else:
                write(row, column, None, points)
        sheet.write_string(row, len(titles) - 1, clean_text(quality_words.mark(release, node.id, locale)), indents[1])
    sheet.freeze_panes(3, 1)
    sheet.set_column(0, 0, 46)
    sheet.set_column(1, len(titles) - 2, 13)
    sheet.set_column(len(titles) - 1, len(titles) - 1, 16)
    sheet.set_row(2, 60)  # four lines: programs other than Excel do not find the height by themselves
    sheet.set_landscape()
    sheet.set_paper(9)
    last = 2 + len(release.nodes())
    sheet.print_area(0, 0, last, len(titles) - 1)
    sheet.fit_to_pages(1, 1 if last <= ONE_PAGE else 0)
    sheet.repeat_rows(2)
    sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    sheet.set_footer("&R&P/&N")


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


def waves_sheet(book: Any, head: Any, series: Sequence[Release], locale: Locale) -> None:
    """The whole, a line a wave: forms, response rate, index and themes of the newest questionnaire."""
    sheet = book.add_worksheet(locale(N_("Over the waves")))
    labels = measure_labels(series[-1], locale)
    titles = [locale(N_("Wave")), locale(N_("Closed on")), locale(N_("Completed forms")), locale(N_("Response rate, %")), *labels.values()]
    for column, text in enumerate(titles):
        sheet.write_string(0, column, clean_text(text), head)
    for row, release in enumerate(series, start=1):
        top = next(node.id for node in release.plan.nodes if node.parent is None)
        sheet.write_string(row, 0, clean_text(release.wave.id))
        sheet.write_string(row, 1, release.wave.closes.isoformat())
        forms = release.cell(top, FORMS)
        cells = [release.cell(top, measure) for measure in labels]
        values = [forms.base, forms.score] if isinstance(forms, Cell) else [None, None]
        for column, value in enumerate([*values, *(cell.score if isinstance(cell, Cell) else None for cell in cells)], start=2):
            if value is None:
                sheet.write_string(row, column, DASH)
            else:
                sheet.write_number(row, column, _rounded(value))
    sheet.freeze_panes(1, 1)
    sheet.set_column(0, len(titles) - 1, 16)


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


def _answered(forms: Cell | Suppressed, locale: Locale) -> str | float:
    """People who answered, as a number where there is one."""
    if isinstance(forms, Suppressed):
        return DASH
    return locale(N_("not given")) if forms.base is None else forms.base


def _notes(release: Release, locale: Locale) -> Iterator[tuple[str, str | float]]:
    wave, questionnaire = release.wave, release.questionnaire
    if wave.illustrative:
        yield locale(N_("Illustrative data")), locale(N_("The numbers of this file are made up or from a rehearsal. Do not quote them."))
    yield locale(N_("Wave")), wave.id
    yield locale(N_("Title")), title_of(release, locale)
    yield locale(N_("Open from")), wave.opens.isoformat()
    yield locale(N_("Open until")), wave.closes.isoformat()
    yield locale(N_("Questionnaire")), f"{questionnaire.id} {questionnaire.version}"
    top = next((node for node, _ in _in_tree_order(release)), None)
    if top is not None:
        asked = top.headcount if release.published_elsewhere else release.plan.headcount(top.id)
        forms = release.cell(top.id, FORMS)
        where = locale.pick(top.name_vi, top.name_en)
        yield locale(N_("People asked ({unit})"), unit=where), DASH if asked is None else asked
        yield locale(N_("People who answered ({unit})"), unit=where), _answered(forms, locale)
    yield (
        locale(N_("Hidden numbers")),
        locale(N_('A hidden row has no number; its column "status" says why. On the sheet by unit it is marked {dash}.'), dash=DASH),
    )
    for status in (TOO_FEW, PROTECTS, ONLY_SOME, NOT_AVAILABLE):
        yield f"status = {status}", locale(STATUS[status])
    yield "clamped", locale(MEANINGS["clamped"])
    if said := origin_of(release, locale):
        yield locale(N_("Source")), said
    for name, label in POLICY_LABELS.items():
        if name in release.policy:
            yield locale(label), release.policy[name]
    yield locale(N_("Fingerprint of the table plan (SHA-256)")), release.plan.hash
    yield locale(N_("Fingerprint of the disclosure policy (SHA-256)")), release.policy_hash
    yield locale(N_("Fingerprint of these results (SHA-256)")), release.hash
