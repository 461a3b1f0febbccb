"""The report as PDF through fpdf2, laid out as the Word document, in Tinos (the widths of Times New Roman)."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import UTC, datetime

from fpdf import FPDF
from fpdf.enums import Align, TableCellFillMode, XPos, YPos
from fpdf.fonts import FontFace

from survey import fonts
from survey.disseminate.report.model import Block, Paragraph, Picture, Report, Section, Table
from survey.disseminate.report.official import BOTTOM, LEFT, RIGHT, SIZE, SMALL, TOP, WIDE_SMALL
from survey.i18n import Locale

POINT = 25.4 / 72
SPACING = 1.3
INDENT = "\u00a0" * 8  # of a paragraph's first line, about 10 mm
UNDATED = datetime(2000, 1, 1, tzinfo=UTC)  # the same release gives the same bytes
HEAD = FontFace(emphasis="BOLD", fill_color=(231, 236, 237))
STRONG = FontFace(emphasis="BOLD")


def to_pdf(report: Report, locale: Locale) -> bytes:
    paper = _Paper(report, locale)
    paper.compose()
    return bytes(paper.output())


class _Paper(FPDF):
    def __init__(self, report: Report, locale: Locale) -> None:
        super().__init__(format="A4")
        self.report, self.locale = report, locale
        self.set_margins(LEFT, TOP, RIGHT)
        self.set_auto_page_break(True, BOTTOM)
        for style, path in fonts.OFFICIAL_STYLES.items():
            self.add_font(fonts.OFFICIAL, style, path)
        self.set_title(report.frame.subject)
        self.set_author("Lắng Nghe")
        self.set_lang(locale.language)
        self.set_creation_date(UNDATED)
        self.set_draw_color(60)
        self.set_line_width(0.2)

    def header(self) -> None:
        if self.page > 1:
            self.set_y(10)
            self._line(str(self.page), align="C")
            self.set_y(TOP)

    def footer(self) -> None:
        self.set_y(-14)
        self._line(self.report.illustrative, style="B", size=SMALL, align="C")

    def compose(self) -> None:
        self.add_page()
        self._head()
        for section in self.report.parts:
            self._section(section)
        self._foot()
        wide = False
        for number, annex in enumerate(self.report.annexes):
            if number == 0 or annex.wide or wide:
                self.add_page(orientation="landscape" if annex.wide else "portrait")
                wide = annex.wide
            if number == 0:
                self._line(self.report.frame.annexes, "I", align="C")
            self._section(annex, WIDE_SMALL if wide else SMALL)

    def _line(self, text: str, style: str = "", size: float = SIZE, align: str = "J", width: float = 0) -> None:
        self.set_font(fonts.OFFICIAL, style, size)
        self.multi_cell(width, size * POINT * SPACING, text, align=align, new_x=XPos.LMARGIN, new_y=YPos.NEXT)

    def _gap(self, height: float = 2) -> None:
        self.ln(height)

    def _head(self) -> None:
        frame = self.report.frame
        left = [(frame.superior, ""), (frame.issuer, "B"), ("_______", ""), (frame.number, "")]
        right = [(frame.nation, "B"), (frame.motto, "B"), ("________________________", ""), (frame.place_and_day, "I")]
        self._pair(left, right, (62, 103), "C")
        self._gap(6)
        self._line(frame.kind, "B", align="C")
        self._line(frame.subject, "B", align="C")
        self._line("_______________", align="C")
        if self.report.illustrative:
            self._line(self.report.illustrative, "B", align="C")
        self._gap()
        self._text(Paragraph(frame.opening))

    def _foot(self) -> None:
        frame = self.report.frame
        if self.get_y() > self.h - BOTTOM - 45:
            self.add_page()
        self._gap(6)
        left = [(frame.recipients[0], "B"), *((text, "") for text in frame.recipients[1:])]
        self._pair(left, [(frame.office, "B"), ("", ""), ("", ""), ("", ""), (frame.signer, "B")], (80, 85), "L")

    def _pair(self, left: Sequence[tuple[str, str]], right: Sequence[tuple[str, str]], widths: tuple[int, int], align: str) -> None:
        top, ends = self.get_y(), []
        for lines, start, width, side in ((left, LEFT, widths[0], align), (right, LEFT + widths[0], widths[1], "C")):
            self.set_y(top)
            for text, style in lines:
                self.set_x(start)
                self._line(text or " ", style, SMALL if side == "L" else SIZE - (2 if align == "C" else 1), side, width)
            ends.append(self.get_y())
        self.set_y(max(ends))

    def _section(self, section: Section, size: float = SMALL) -> None:
        if self.get_y() > self.h - BOTTOM - 30:  # no heading alone at the foot of a page
            self.add_page(same=True)
        self._gap()
        self.start_section(section.heading, section.level - 1)
        self._line(section.heading, "B", align="L")
        for block in section.blocks:
            self._block(block, size)

    def _block(self, block: Block, size: float) -> None:
        if isinstance(block, Paragraph):
            self._text(block)
        elif isinstance(block, Picture):
            self._picture(block)
        else:
            self._table(block, size)

    def _text(self, one: Paragraph) -> None:
        self._line(INDENT + (f"- {one.text}" if one.item else one.text), "I" if one.hint else "")
        self._gap(1)

    def _picture(self, picture: Picture) -> None:
        if self.get_y() + picture.height + 10 > self.h - BOTTOM:
            self.add_page(same=True)
        width = min(picture.width, self.epw)
        self.image(io.BytesIO(picture.png), x=LEFT + (self.epw - width) / 2, w=width, alt_text=picture.text)
        self._line(picture.caption, "I", SMALL + 1, "C")
        self._gap()

    def _table(self, table: Table, size: float) -> None:
        self.set_font(fonts.OFFICIAL, "", size)
        aligns = tuple(Align.R if column.number else Align.L for column in table.columns)
        with self.table(
            width=self.epw,
            col_widths=tuple(column.width for column in table.columns),
            text_align=aligns,
            headings_style=HEAD,
            line_height=size * POINT * 1.2,
            padding=0.7,
            cell_fill_mode=TableCellFillMode.NONE,
            v_align="M",
        ) as made:
            heading = made.row()
            for column in table.columns:
                heading.cell(column.label, align=Align.C)
            for place, row in enumerate(table.rows):
                style = STRONG if place in table.strong else None
                made.row([entry if isinstance(entry, str) else entry.text(self.locale) for entry in row], style=style)
        self._gap(1)
        for note in table.notes:
            self._line(note, "I", SMALL)
        self._gap(3)
