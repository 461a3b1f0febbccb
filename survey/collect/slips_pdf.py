"""Slips as a PDF to print and cut: a QR code for phones, and the same code to type."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import cast

from fpdf.enums import MethodReturnValue

from survey import fonts
from survey.collect.slips import Slip, in_groups
from survey.design.wave import Wave
from survey.errors import N_
from survey.i18n import Locale
from survey.issuer import Issuer
from survey.paper import POINT, Paper

COLUMNS, ROWS = 2, 4
WIDTH, HEIGHT = 210 / COLUMNS, 297 / ROWS  # millimetres, A4 portrait
MARGIN = 7.0  # inside a slip; office printers reach to about 5 mm of the edge
QR = 26.0
HEAD = 15.0  # title and unit, above the QR code
QUIET = 4.0  # white around the QR code: four modules
LINE = 1.25 * POINT
CODE = 19.0
CAPITAL = 0.72  # height of a capital letter in this typeface, of its size
SMALLEST = 4.5
MASK = 3

HOW = N_("Scan the QR code with a phone, or open this address and type the code below:")
CLOSES = N_("Please answer by {day}")
ILLUSTRATIVE = N_("Illustrative figures")
PLAN = N_("Plan of the survey: {hash}")
ASK = N_("Questions: {contact}")
ANONYMOUS = N_("Anonymous: nobody knows who draws this slip; its code tells the unit alone.")
SEALED = N_("Answers are sealed; opened only after the end, by {needed} of {shares} key holders together.")
SEALED_BY_ONE = N_("Answers are sealed. In this survey one key holder alone can open the box.")
SHOWN = N_("Results are shown from {n} forms on; nobody sees a single form.")


def slips_pdf(slips: Sequence[Slip], says: SlipWording, locale: Locale) -> bytes:
    """A4 pages of eight slips with cut lines, in the order given; a unit begins on a new page, so that its sheets
    go into its envelope together. The same slips give the same bytes. About 400 slips a second."""
    sheets = _Sheets(says, locale.language)
    for _, of_unit in groupby(slips, key=lambda slip: slip.unit_name):
        for number, slip in enumerate(of_unit):
            sheets.add(slip, number % (COLUMNS * ROWS))
    return bytes(sheets.pdf.output())


@dataclass(frozen=True, kw_only=True)
class SlipWording:
    """What all slips of one printing share. `whose`: the organisation, or nothing; `anonymous`: three lines; `ask`: whom, or nothing."""

    whose: str
    title: str
    how: str
    link: str
    address: str
    closes: str
    plan: str
    anonymous: tuple[str, ...]
    ask: str
    illustrative: str


def slip_wording(wave: Wave, least: int, base_url: str, issuer: Issuer, locale: Locale) -> SlipWording:
    """`least`: forms from which on a unit's results are shown."""
    base, plan, ask = base_url.strip().rstrip("/"), wave.plan, wave.contact or issuer.contact
    sealed = locale(SEALED, needed=plan.shares_needed, shares=plan.shares) if plan.shares_needed > 1 else locale(SEALED_BY_ONE)
    return SlipWording(
        whose=issuer.name,
        title=locale.pick(wave.title_vi, wave.title_en) or wave.id,
        how=locale(HOW),
        link=f"{base}/p?code=",
        address=base.split("://", 1)[-1] + "/p",
        closes=locale(CLOSES, day=locale.day(wave.closes)),
        plan=locale(PLAN, hash=" ".join(plan.hash_on_slips[start : start + 4] for start in range(0, 16, 4))),
        anonymous=(locale(ANONYMOUS), sealed, locale(SHOWN, n=least)),
        ask=locale(ASK, contact=ask) if ask else "",
        illustrative=locale(ILLUSTRATIVE) if wave.illustrative else "",
    )


class _Sheets:
    """The pages being filled, slip by slip."""

    def __init__(self, wording: SlipWording, language: str) -> None:
        self.wording = wording
        self.pdf = Paper(wording.title, language)
        self._fitted: dict[tuple[str, float, float, str, float], tuple[float, list[str]]] = {}

    def add(self, slip: Slip, place: int) -> None:
        """The slip at its place on the sheet: 0 begins a new one, then row by row."""
        if place == 0:
            self.pdf.add_page()
            self._cut_lines()
        row, column = divmod(place, COLUMNS)
        self._slip(slip, column * WIDTH + MARGIN, row * HEIGHT + MARGIN)

    def _cut_lines(self) -> None:
        self.pdf.set_draw_color(150)
        self.pdf.set_line_width(0.2)
        self.pdf.set_dash_pattern(dash=2, gap=2)
        for column in range(1, COLUMNS):
            self.pdf.line(column * WIDTH, 0, column * WIDTH, ROWS * HEIGHT)
        for row in range(1, ROWS):
            self.pdf.line(0, row * HEIGHT, COLUMNS * WIDTH, row * HEIGHT)

    def _slip(self, slip: Slip, left: float, top: float) -> None:
        says, inner = self.wording, WIDTH - 2 * MARGIN
        beside, rest = left + QR + QUIET, inner - QR - QUIET
        below = self._text(says.whose, left, top, inner, 6.5, height=2.9) if says.whose else top
        below = self._text(says.title, left, below, inner, 9, "B", height=7 if below == top else 5.2)
        self._text(slip.unit_name, left, below, inner, 9, height=HEAD - 1 - (below - top))
        # Any mask is read alike; trying all eight for the prettiest would take most of the time.
        self.pdf.qr(says.link + slip.code, left, top + HEAD, QR, MASK)
        below = self._text(says.how, beside, top + HEAD - 0.5, rest, 8, height=8)
        below = self._text(says.address, beside, below + 0.3, rest, 9, "B", height=8)
        below = self._text(says.closes, beside, below + 0.3, rest, 8, height=3.6)
        below = self._text(says.plan, beside, below + 0.3, rest, 7, height=3.2)
        self._text(says.illustrative, beside, below, rest, 7.5, "B", height=3.4)
        foot = top + HEAD + QR + 2
        self._code(in_groups(slip.code), left, foot, inner)
        foot += CODE * CAPITAL * POINT + 1.2
        for line in filter(None, (*says.anonymous, says.ask)):
            foot = self._text(line, left, foot, inner, 6.5, height=2.9)

    def _code(self, code: str, left: float, top: float, width: float) -> None:
        self.pdf.set_font(fonts.FAMILY, "B", CODE)
        size = min(CODE, CODE * width / self.pdf.get_string_width(code))
        self.pdf.set_font_size(size)
        self.pdf.text(left, top + CAPITAL * size * POINT, code)

    def _text(self, text: str, left: float, top: float, width: float, size: float, style: str = "", *, height: float) -> float:
        """Write wrapped text, smaller where it would not fit into `height` mm; return where it ends."""
        key = (text, width, size, style, height)
        if key not in self._fitted:  # nearly every slip of a unit says the same
            self._fitted[key] = self._fit(*key)
        size, lines = self._fitted[key]
        self.pdf.set_font(fonts.FAMILY, style, size)
        for number, words in enumerate(lines):
            self.pdf.text(left, top + number * size * LINE + size * POINT, words)
        return top + len(lines) * size * LINE

    def _fit(self, text: str, width: float, size: float, style: str, height: float) -> tuple[float, list[str]]:
        while True:
            self.pdf.set_font(fonts.FAMILY, style, size)
            lines = cast(list[str], self.pdf.multi_cell(width, size * LINE, text, align="L", dry_run=True, output=MethodReturnValue.LINES))
            if len(lines) * size * LINE <= height or size <= SMALLEST:
                return size, lines
            size -= 0.5
