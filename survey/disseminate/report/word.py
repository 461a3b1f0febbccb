"""The report as .docx in the official layout (A4, Times New Roman, margins, page number at the top centre from page 2).

Source: Nghị định 30/2020/NĐ-CP, annex I, as the domain notes quote it (section 5). Tables are written as XML at once:
python-docx's own cells cost a search each, which would take seconds for a hundred reports.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from xml.sax.saxutils import escape

from docx import Document
from docx.document import Document as Doc
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt, RGBColor

from survey.disseminate.report.model import Block, Column, Entry, Paragraph, Picture, Report, Section, Table
from survey.i18n import Locale

FONT = "Times New Roman"
SIZE, SMALL = 14, 11  # points; the head of the first page is 12
WIDE_SMALL = 10
TOP, BOTTOM, LEFT, RIGHT = 20, 20, 30, 15  # millimetres
PAGE = (210, 297)
CENTER, JUSTIFY, RIGHT_SIDE = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.JUSTIFY, WD_ALIGN_PARAGRAPH.RIGHT


def to_docx(report: Report, locale: Locale) -> bytes:
    return _Word(report, locale).bytes()


class _Word:
    def __init__(self, report: Report, locale: Locale) -> None:
        self.report, self.locale = report, locale
        self.doc: Doc = Document()
        self.wide = False
        self._styles()
        self._first_section()

    def bytes(self) -> bytes:
        self._head()
        for section in self.report.parts:
            self._section(section)
        self._foot()
        for number, annex in enumerate(self.report.annexes):
            self._annex(annex, number == 0)
        out = io.BytesIO()
        self.doc.save(out)
        return out.getvalue()

    # The document as a whole

    def _styles(self) -> None:
        properties = self.doc.core_properties
        properties.title, properties.author, properties.comments = self.report.frame.subject, "Lắng Nghe", self.report.illustrative
        properties.created = properties.modified = datetime(2000, 1, 1)  # the same release gives the same document
        for name in ("Normal", "Heading 1", "Heading 2", "Caption", "Header", "Footer"):
            style: Any = self.doc.styles[name]
            style.font.name, style.font.size, style.font.color.rgb = FONT, Pt(SIZE), RGBColor(0, 0, 0)
            style.font.bold, style.font.italic = name.startswith("Heading"), name == "Caption"
            fonts = style.element.rPr.rFonts
            for place in list(fonts.attrib):
                del fonts.attrib[place]
            for place in ("ascii", "hAnsi", "cs", "eastAsia"):
                fonts.set(qn(f"w:{place}"), FONT)
            style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(6 if name.startswith("Heading") else 0), Pt(6)
        self.doc.styles["Normal"].element.rPr.append(
            parse_xml(f'<w:lang {nsdecls("w")} w:val="{"vi-VN" if self.locale.language == "vi" else "en-GB"}"/>')
        )

    def _first_section(self) -> None:
        section = self.doc.sections[0]
        section.page_width, section.page_height = Mm(PAGE[0]), Mm(PAGE[1])
        section.top_margin, section.bottom_margin, section.left_margin, section.right_margin = Mm(TOP), Mm(BOTTOM), Mm(LEFT), Mm(RIGHT)
        section.header_distance = section.footer_distance = Mm(10)
        section.different_first_page_header_footer = True
        number = section.header.paragraphs[0]
        number.alignment = CENTER
        number._p.append(_field("PAGE"))
        for footer in (section.footer, section.first_page_footer):
            self._run(footer.paragraphs[0], self.report.illustrative, bold=True, size=SMALL, align=CENTER)

    def _turn(self, wide: bool) -> None:
        """A new page, across or upright; page numbers go on."""
        section = self.doc.add_section(WD_SECTION.NEW_PAGE)
        self._join_break()
        section.different_first_page_header_footer = False
        if wide != self.wide:
            section.orientation = WD_ORIENT.LANDSCAPE if wide else WD_ORIENT.PORTRAIT
            section.page_width, section.page_height = (Mm(PAGE[1]), Mm(PAGE[0])) if wide else (Mm(PAGE[0]), Mm(PAGE[1]))
        self.wide = wide

    def _join_break(self) -> None:
        """The break goes into the paragraph before it: one of its own could fall on an empty page."""
        own = self.doc.element.body.xpath("./w:p[w:pPr/w:sectPr]")[-1]
        before = own.getprevious()
        if before is not None and before.tag == qn("w:p") and not before.xpath("./w:pPr/w:sectPr"):
            before.get_or_add_pPr().append(own.pPr.find(qn("w:sectPr")))
            own.getparent().remove(own)

    @property
    def width(self) -> int:
        """Millimetres of text in a line."""
        return PAGE[1 if self.wide else 0] - LEFT - RIGHT

    # Text

    def _run(self, paragraph: Any, text: str, *, bold: bool = False, italic: bool = False, size: float = SIZE, align: Any = None) -> Any:
        if text:
            run = paragraph.add_run(text)
            run.bold, run.italic, run.font.size = bold or None, italic or None, Pt(size)
        if align is not None:
            paragraph.alignment = align
        return paragraph

    def _line(self, text: str, **how: Any) -> Any:
        return self._run(self.doc.add_paragraph(), text, **how)

    def _head(self) -> None:
        frame = self.report.frame
        left = [(frame.superior, ""), (frame.issuer, "b"), ("_______", ""), (frame.number, "")]
        right = [(frame.nation, "b"), (frame.motto, "b"), ("________________________", ""), (frame.place_and_day, "i")]
        self._pair(left, right, (62, 103), center=True)
        self._line("")
        self._line(frame.kind, bold=True, align=CENTER)
        self._line(frame.subject, bold=True, align=CENTER)
        self._line("_______________", align=CENTER)
        if self.report.illustrative:
            self._line(self.report.illustrative, bold=True, align=CENTER)
        self._text(frame.opening)

    def _foot(self) -> None:
        frame = self.report.frame
        self._line("")
        left = [(frame.recipients[0], "bi"), *((text, "s") for text in frame.recipients[1:])]
        self._pair(left, [(frame.office, "b"), ("", ""), ("", ""), ("", ""), (frame.signer, "b")], (80, 85), center=False)

    def _pair(self, left: Sequence[tuple[str, str]], right: Sequence[tuple[str, str]], widths: tuple[int, int], center: bool) -> None:
        """Two columns without lines; how a line looks: b bold, i italic, s small."""
        table = self.doc.add_table(rows=1, cols=2)
        table.autofit = False
        for place, (lines, width, centred) in enumerate(zip((left, right), widths, (center, True), strict=True)):
            cell = table.cell(0, place)
            table.columns[place].width = cell.width = Mm(width)
            for number, (text, how) in enumerate(lines):
                paragraph = cell.paragraphs[0] if number == 0 else cell.add_paragraph()
                paragraph.paragraph_format.space_after = Pt(0)
                size = SMALL if "s" in how or how == "bi" else SIZE - (2 if center else 1)
                self._run(paragraph, text, bold="b" in how, italic="i" in how, size=size, align=CENTER if centred else None)

    def _section(self, section: Section) -> None:
        self.doc.add_heading(section.heading, section.level)
        for block in section.blocks:
            self._block(block)

    def _annex(self, section: Section, first: bool) -> None:
        if first or section.wide or self.wide:
            self._turn(section.wide)
        if first:
            self._line(self.report.frame.annexes, italic=True, align=CENTER)
        self._section(section)

    def _block(self, block: Block) -> None:
        if isinstance(block, Paragraph):
            self._text(block.text, block.hint, block.item)
        elif isinstance(block, Picture):
            self._picture(block)
        else:
            self._table(block)

    def _text(self, text: str, hint: bool = False, item: bool = False) -> None:
        paragraph = self._line(f"- {text}" if item else text, italic=hint, align=JUSTIFY)
        paragraph.paragraph_format.first_line_indent = Mm(10)

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


def _field(name: str) -> Any:
    return parse_xml(
        f'<w:r {nsdecls("w")}><w:fldChar w:fldCharType="begin"/><w:instrText xml:space="preserve"> {name} </w:instrText>'
        '<w:fldChar w:fldCharType="separate"/><w:t>2</w:t><w:fldChar w:fldCharType="end"/></w:r>'
    )


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
