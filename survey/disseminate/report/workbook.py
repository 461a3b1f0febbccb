"""The report as .xlsx: a sheet for each annex with charts Excel draws itself, the text, the numbers unrounded, a codebook."""

from __future__ import annotations

import io
from datetime import datetime
from typing import Any

import xlsxwriter

from survey.disclose.release import Release
from survey.disseminate.report.model import Chart, Number, Paragraph, Report, Section, Table
from survey.disseminate.result_table import codebook, result_table
from survey.disseminate.sheets import BOOK, codebook_sheet, results_sheet
from survey.disseminate.spreadsheet import DIGITS, clean_text
from survey.i18n import Locale

GREYS = ("#1F7A83", "#C8641B", "#74868B", "#A9CDD0", "#1C2B2E")
SHADES = ("#E9F2F3", "#C3DEE1", "#92C3C8", "#57A5AD", "#1F7A83", "#124A50", "#0B2E32")  # answers from low to high, as given
DASHES = ("solid", "dash", "round_dot", "dash_dot", "long_dash")
MARKERS = ("circle", "square", "diamond", "triangle", "x")
LINE = 15  # points: the height of a line
TEXT = 110  # letters across the sheet of sentences
ACROSS = 1.9  # Excel's letters for one share of a column's width


def to_xlsx(report: Report, release: Release, unit: str, locale: Locale, earlier: Release | None = None) -> bytes:
    """`release`, `unit`, `earlier` (the wave before): for the unrounded numbers behind the report and the codebook of their codes."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, BOOK)
    book.set_properties({"title": report.frame.subject, "comments": report.illustrative, "created": datetime(2000, 1, 1)})
    writer = _Book(book, report, locale)
    writer.text()
    for number, annex in enumerate(report.annexes, start=1):
        writer.annex(annex, number)
    table = result_table(release, locale, earlier)
    results_sheet(book, writer.head, table[table["unit"] == unit], locale)
    codebook_sheet(book, writer.head, codebook(release, locale), locale)
    book.close()
    return out.getvalue()


class _Book:
    def __init__(self, book: Any, report: Report, locale: Locale) -> None:
        self.book, self.report, self.locale = book, report, locale
        self.title = book.add_format({"bold": True, "font_size": 13})
        self.head = book.add_format(
            {"bold": True, "text_wrap": True, "align": "center", "valign": "vcenter", "bg_color": "#E7ECED", "border": 1}
        )
        self.wrap = book.add_format({"text_wrap": True, "valign": "top"})
        self.formats: dict[tuple[Any, ...], Any] = {}

    def text(self) -> None:
        """The sentences of parts II and III, to copy from."""
        sheet = self._sheet(self.locale("Text"))
        row = 2
        for section in self.report.parts:
            sheet.write_string(row, 0, clean_text(section.heading), self.title)
            row += 1
            for block in section.blocks:
                if isinstance(block, Paragraph):
                    sheet.write_string(row, 0, clean_text(block.text), self.wrap)
                    sheet.set_row(row, LINE * _lines(block.text, TEXT))
                    row += 1
        sheet.set_column(0, 0, TEXT)

    def annex(self, annex: Section, number: int) -> None:
        sheet = self._sheet(self.locale("Annex {number}", number=number))
        sheet.write_string(2, 0, clean_text(annex.heading), self.title)
        row = 4
        for block in annex.blocks:
            if isinstance(block, Paragraph):
                sheet.write_string(row, 0, clean_text(block.text))
                row += 2
            elif isinstance(block, Table):
                row = self._table(sheet, block, row) + 2
        sheet.fit_to_pages(1, 0)

    def _sheet(self, name: str) -> Any:
        sheet = self.book.add_worksheet(name)
        sheet.set_paper(9)
        sheet.set_landscape()
        sheet.write_string(0, 0, clean_text(self.report.frame.subject), self.title)
        if self.report.illustrative:
            sheet.write_string(1, 0, self.report.illustrative, self.title)
            sheet.set_footer(f"&C&B{self.report.illustrative}")
        return sheet

    def _table(self, sheet: Any, table: Table, top: int) -> int:
        """Writes the table and its charts; the row after them."""
        widths = [max(9, one.width * ACROSS * (5 if one.number else 4)) for one in table.columns]
        drawn = {column for chart in table.charts for column in chart.values}
        for column, one in enumerate(table.columns):
            sheet.write_string(top, column, clean_text(one.label), self.head)
            sheet.set_column(column, column, widths[column])
        sheet.set_row(top, LINE * max(_lines(one.label, width) for one, width in zip(table.columns, widths, strict=True)))
        for row, entries in enumerate(table.rows, start=top + 1):
            strong = row - top - 1 in table.strong
            texts = [(entry, width) for entry, width in zip(entries, widths, strict=True) if isinstance(entry, str)]
            sheet.set_row(row, LINE * max(_lines(text, width) for text, width in [*texts, ("", TEXT)]))
            for column, entry in enumerate(entries):
                if isinstance(entry, str):
                    sheet.write_string(row, column, clean_text(entry), self._format(strong=strong))
                elif entry.value is not None:
                    sheet.write_number(row, column, float(f"{entry.value:.{DIGITS}g}"), self._format(entry, strong=strong))
                elif column not in drawn:  # in a chart, text would be drawn as nought: the cell stays empty
                    sheet.write_string(row, column, entry.text(self.locale), self._format(entry, strong=strong))
                else:
                    sheet.write_blank(row, column, None, self._format(entry, strong=strong))
        below = top + len(table.rows) + 1
        notes = [*table.notes, self.locale("An empty cell of a charted column: hidden or not available.")] if drawn else list(table.notes)
        for number, note in enumerate(notes):
            sheet.write_string(below + number, 0, clean_text(note))
        below += len(notes) + 1
        for number, chart in enumerate(table.charts):
            below = self._chart(sheet, chart, table, top, below, number)
        return below

    def _format(self, entry: Number | None = None, strong: bool = False) -> Any:
        key = (entry.digits, entry.sign, entry.mark, entry.bound) if entry else None, strong
        if key not in self.formats:
            look: dict[str, Any] = {"border": 1, "valign": "vcenter", "bold": strong, "text_wrap": entry is None}
            if entry is not None:
                number = (f'"{entry.bound} "' if entry.bound else "") + "#,##0" + ("." + "0" * entry.digits if entry.digits else "")
                mark = f'" {entry.mark}"' if entry.mark else ""
                look |= {"align": "right", "num_format": f"+{number}{mark};-{number}{mark};{number}{mark}" if entry.sign else number + mark}
            self.formats[key] = self.book.add_format(look)
        return self.formats[key]

    def _chart(self, sheet: Any, chart: Chart, table: Table, top: int, at: int, number: int) -> int:
        first, last = chart.rows or (0, len(table.rows) - 1)
        first, last = top + 1 + first, top + 1 + last
        stacked, line = chart.kind == "stacked", chart.kind == "line"
        made = self.book.add_chart({"type": "line"} if line else {"type": "bar", **({"subtype": "percent_stacked"} if stacked else {})})
        colours = SHADES if stacked else GREYS
        for place, column in enumerate(chart.values):
            colour = colours[place % len(colours)]
            series: dict[str, Any] = {
                "name": [sheet.name, top, column], "categories": [sheet.name, first, chart.labels, last, chart.labels],
                "values": [sheet.name, first, column, last, column],
            }  # fmt: skip
            if line:
                series["line"] = {"color": colour, "width": 2.25, "dash_type": DASHES[place % len(DASHES)]}
                series["marker"] = {
                    "type": MARKERS[place % len(MARKERS)],
                    "size": 7,
                    "fill": {"color": colour},
                    "border": {"color": colour},
                }
            else:
                series |= {"fill": {"color": colour}, "border": {"color": "#74868B" if stacked else colour}, "gap": 40}
                series["data_labels"] = {} if stacked else {"value": True}
            made.add_series(series)
        title = chart.title + (f" – {self.report.illustrative}" if self.report.illustrative else "")
        made.set_title({"name": title, "name_font": {"size": 12}})
        made.set_legend({"position": "bottom"} if len(chart.values) > 1 else {"none": True})
        made.set_y_axis({} if line else {"reverse": True, "num_font": {"size": 9}, "label_position": "low"})
        made.show_blanks_as("gap")
        rows = 20 if line else max(14, (last - first + 1) * (1 if len(chart.values) == 1 or stacked else len(chart.values)) + 8)
        made.set_size({"width": 960, "height": rows * 20})
        sheet.insert_chart(at, 0, made, {"description": title})
        return at + rows + 1


def _lines(text: str, width: float) -> int:
    """Lines a text takes in a column of `width` letters: programs other than Excel do not find out by themselves."""
    return max(1, -(-len(text) // max(1, int(width * 0.95))))
