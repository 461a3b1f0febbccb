"""The official form of a document: A4, Times New Roman, margins, page number at the top centre from page 2, head and foot.

Source: Nghị định 30/2020/NĐ-CP, annex I, as the domain notes quote it (section 5).
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from docx import Document
from docx.document import Document as Doc
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt, RGBColor

from survey.disseminate.report.model import Frame
from survey.i18n import Locale

FONT = "Times New Roman"
SIZE, SMALL = 14, 11  # points; the head of the first page is 12
WIDE_SMALL = 10
TOP, BOTTOM, LEFT, RIGHT = 20, 20, 30, 15  # millimetres
PAGE = (210, 297)
CENTER, JUSTIFY, RIGHT_SIDE = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.JUSTIFY, WD_ALIGN_PARAGRAPH.RIGHT


class OfficialDocument:
    """What every document in the official form has: page, typeface, head and foot. A kind of document fills in the rest."""

    def __init__(self, frame: Frame, illustrative: str, locale: Locale) -> None:
        self.frame, self.illustrative, self.locale = frame, illustrative, locale
        self.doc: Doc = Document()
        self.wide = False
        self._styles()
        self._first_section()

    def bytes(self) -> bytes:
        self._head()
        self._body()
        out = io.BytesIO()
        self.doc.save(out)
        return out.getvalue()

    def _body(self) -> None:
        raise NotImplementedError

    # The document as a whole

    def _styles(self) -> None:
        properties = self.doc.core_properties
        properties.title, properties.author, properties.comments = self.frame.subject, "Lắng Nghe", self.illustrative
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
            self._run(footer.paragraphs[0], self.illustrative, bold=True, size=SMALL, align=CENTER)

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

    def _letterhead(self, *below: tuple[str, str]) -> None:
        """The two columns on top of the first page; `below`: what follows the number on the left."""
        frame = self.frame
        left = [(frame.superior, ""), (frame.issuer, "b"), ("_______", ""), (frame.number, ""), *below]
        right = [(frame.nation, "b"), (frame.motto, "b"), ("________________________", ""), (frame.place_and_day, "i")]
        self._pair(left, right, (62, 103), center=True)

    def _head(self) -> None:
        raise NotImplementedError

    def _foot(self) -> None:
        frame = self.frame
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

    def _text(self, text: str, hint: bool = False, item: bool = False) -> None:
        paragraph = self._line(f"- {text}" if item else text, italic=hint, align=JUSTIFY)
        paragraph.paragraph_format.first_line_indent = Mm(10)


def _field(name: str) -> Any:
    return parse_xml(
        f'<w:r {nsdecls("w")}><w:fldChar w:fldCharType="begin"/><w:instrText xml:space="preserve"> {name} </w:instrText>'
        '<w:fldChar w:fldCharType="separate"/><w:t>2</w:t><w:fldChar w:fldCharType="end"/></w:r>'
    )
