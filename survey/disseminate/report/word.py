"""The report as .docx in the official form. Tables are written as XML at once: python-docx's own cells cost a search each,
which would take seconds for a hundred reports.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from xml.sax.saxutils import escape

from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.shared import Mm, Pt

from survey.disseminate.report.model import Block, Column, Entry, Paragraph, Picture, Report, Section, Table
from survey.disseminate.report.official import CENTER, JUSTIFY, SMALL, WIDE_SMALL, OfficialDocument
from survey.i18n import Locale


def to_docx(report: Report, locale: Locale) -> bytes:
    return _Word(report, locale).bytes()


class _Word(OfficialDocument):
    def __init__(self, report: Report, locale: Locale) -> None:
        super().__init__(report.frame, report.illustrative, locale)
        self.report = report

    def _body(self) -> None:
        for section in self.report.parts:
            self._section(section)
        self._foot()
        for number, annex in enumerate(self.report.annexes):
            self._annex(annex, number == 0)

    def _head(self) -> None:
        frame = self.frame
        self._letterhead()
        self._line("")
        self._line(frame.kind, bold=True, align=CENTER)
        self._line(frame.subject, bold=True, align=CENTER)
        self._line("_______________", align=CENTER)
        if self.illustrative:
            self._line(self.illustrative, bold=True, align=CENTER)
        self._text(frame.opening)

    def _section(self, section: Section) -> None:
        self.doc.add_heading(section.heading, section.level)
        for block in section.blocks:
            self._block(block)

    def _annex(self, section: Section, first: bool) -> None:
        if first or section.wide or self.wide:
            self._turn(section.wide)
        if first:
            self._line(self.frame.annexes, italic=True, align=CENTER)
        self._section(section)

    def _block(self, block: Block) -> None:
        if isinstance(block, Paragraph):
            self._text(block.text, block.hint, block.item)
        elif isinstance(block, Picture):
            self._picture(block)
        else:
            self._table(block)

    def _picture(self, picture: Picture) -> None:
        paragraph = self.doc.add_paragraph()
        paragraph.alignment, paragraph.paragraph_format.keep_with_next = CENTER, True
        shape = paragraph.add_run().add_picture(io.BytesIO(picture.png), width=Mm(min(picture.width, self.width)))
        shape._inline.docPr.set("descr", picture.text)
        self._run(self.doc.add_paragraph(style="Caption"), picture.caption, italic=True, size=SMALL + 1, align=CENTER)

    def _table(self, table: Table) -> None:
        size = WIDE_SMALL if self.wide else SMALL
        xml = _table_xml(table, self.width, size, self.locale)
        self.doc.element.body.insert_element_before(parse_xml(xml), "w:sectPr")
        for number, note in enumerate(table.notes):
            paragraph = self._line(note, italic=True, size=SMALL, align=JUSTIFY)
            paragraph.paragraph_format.space_before, paragraph.paragraph_format.space_after = Pt(0 if number else 3), Pt(0)
        if not table.notes:  # two tables, or a table and a new page, need a paragraph between them
            self.doc.add_paragraph().paragraph_format.space_after = Pt(0)


def _table_xml(table: Table, width: int, size: float, locale: Locale) -> str:
    """A ruled table whose heading comes again on every page and whose rows are never cut."""
    whole = sum(column.width for column in table.columns)
    twips = [round(width * 56.7 * column.width / whole) for column in table.columns]
    grid = "".join(f'<w:gridCol w:w="{one}"/>' for one in twips)
    edges = "".join(
        f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="000000"/>'
        for side in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    head = _row_xml([column.label for column in table.columns], table.columns, twips, size, locale, head=True)
    rows = (_row_xml(row, table.columns, twips, size, locale, strong=place in table.strong) for place, row in enumerate(table.rows))
    return (
        f'<w:tbl {nsdecls("w")}><w:tblPr><w:tblW w:w="{sum(twips)}" w:type="dxa"/><w:tblBorders>{edges}</w:tblBorders><w:tblLayout w:type="fixed"/>'
        '<w:tblCellMar><w:left w:w="57" w:type="dxa"/><w:right w:w="57" w:type="dxa"/></w:tblCellMar></w:tblPr>'
        f'<w:tblGrid>{grid}</w:tblGrid>{head}{"".join(rows)}</w:tbl>'
    )  # fmt: skip


def _row_xml(
    row: Sequence[Entry],
    columns: Sequence[Column],
    twips: Sequence[int],
    size: float,
    locale: Locale,
    head: bool = False,
    strong: bool = False,
) -> str:
    cells = []
    for entry, column, width in zip(row, columns, twips, strict=True):
        text = entry if isinstance(entry, str) else entry.text(locale)
        side = "center" if head else "right" if column.number else "left"
        look = f'{"<w:b/>" if head or strong else ""}<w:sz w:val="{round(size * 2)}"/>'
        shade = '<w:shd w:val="clear" w:color="auto" w:fill="E7ECED"/>' if head else ""
        cells.append(
            f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{shade}<w:vAlign w:val="center"/></w:tcPr>'
            f'<w:p><w:pPr>{"<w:keepNext/>" if head or strong else ""}<w:spacing w:before="20" w:after="20"/><w:jc w:val="{side}"/></w:pPr>'
            f'<w:r><w:rPr>{look}</w:rPr><w:t xml:space="preserve">{escape(text)}</w:t></w:r></w:p></w:tc>'
        )  # fmt: skip
    return f"<w:tr><w:trPr><w:cantSplit/>{'<w:tblHeader/>' if head else ''}</w:trPr>{''.join(cells)}</w:tr>"
