"""docs/huong-dan/nhan-vien.md as the A4 sheet that is handed out. `python -m tests.guide_page` makes the PDF beside it anew."""

from __future__ import annotations

import re
from pathlib import Path

from fpdf.enums import Align, MethodReturnValue, XPos, YPos

from survey.paper import POINT, Paper
from tests.conftest import REPOSITORY

GUIDE = REPOSITORY / "docs" / "huong-dan" / "nhan-vien.md"
PDF = GUIDE.with_suffix(".pdf")
MARGIN, WIDTH, BOTTOM = 17.0, 176.0, 297.0 - 12.0
TEXT, HEADING, TITLE = 10.5, 12.5, 17.0  # points: read on paper by people of every age
LEADING = 1.36
INDENT = 6.0


def sheet(text: str) -> bytes:
    """Titles, paragraphs, numbered and plain lists with **bold** words: what a sheet needs. More text means more pages."""
    paper = Paper(title(text), "vi")
    paper.set_auto_page_break(True, 297.0 - BOTTOM)
    paper.set_margins(MARGIN, 12.0, MARGIN)
    paper.add_page()
    for block in text.strip().splitlines():
        if block.startswith("# "):
            _write(paper, block[2:], TITLE, "B", before=0)
        elif block.startswith("## "):
            _write(paper, block[3:], HEADING, "B", before=3.0)
        elif item := re.match(r"(\d+\.|-) (.*)", block):
            _write(paper, item[2], TEXT, "", before=1.0, mark="•" if item[1] == "-" else item[1])
        elif block:
            _write(paper, block, TEXT, "", before=1.4)
    return bytes(paper.output())


def title(text: str) -> str:
    return text.splitlines()[0].removeprefix("# ")


def _write(paper: Paper, text: str, size: float, style: str, before: float, mark: str = "") -> None:
    line = size * POINT * LEADING
    paper.use(size, style)
    paper.set_y(paper.get_y() + before)
    left = MARGIN + (INDENT if mark else 0)
    height = paper.multi_cell(WIDTH - left + MARGIN, line, text, dry_run=True, output=MethodReturnValue.HEIGHT, markdown=True)
    if paper.get_y() + height > BOTTOM:
        paper.add_page()
    if mark:
        paper.text(MARGIN, paper.get_y() + line * 0.75, mark)
    paper.set_x(left)
    paper.multi_cell(WIDTH - left + MARGIN, line, text, align=Align.L, markdown=True, new_x=XPos.LMARGIN, new_y=YPos.NEXT)


def main(out: Path = PDF) -> None:
    out.write_bytes(sheet(GUIDE.read_text(encoding="utf-8")))


if __name__ == "__main__":
    main()
