"""A sheet for every unit's envelope: how many slips lie in it, and what whoever hands them out does."""

from __future__ import annotations

from collections.abc import Sequence

from survey.design.wave import Wave
from survey.errors import N_
from survey.i18n import Locale
from survey.issuer import Issuer
from survey.paper import Paper

MARGIN, WIDTH = 22.0, 166.0  # millimetres, A4 portrait

TITLE = N_("Envelope sheet")
COUNT = N_("Slips in this envelope: {n}")
UNTIL = N_("Slips are handed out before the survey opens or while it runs: {opens} to {closes}.")
STEPS_TITLE = N_("For whoever hands out the slips")
STEPS = (
    N_("Count the slips before two other people of the unit. The number must be the one printed above; if it is not, report it at once."),
    N_("Cut them, fold them once so that the code is inside, and mix them."),
    N_("Everybody draws one slip themselves. Nobody chooses for others, and nobody looks at a code."),
    N_("Keep no list of who drew which slip, take no photograph, write nothing on a slip. Ticking off that somebody drew is allowed."),
    N_("Whoever is absent draws later from the same envelope. Never send a photograph of a slip."),
    N_("A slip that is lost or spoiled: the organizer makes another one. Do not hand out a slip twice."),
    N_("After the last day return the slips left over, uncut or cut, in this envelope. They are counted and destroyed before witnesses."),
)
BACK = N_("Filled in on return")
LINES = (
    N_("Slips received:"),
    N_("Slips drawn:"),
    N_("Slips left over, returned:"),
    N_("Handed out by (name, signature):"),
    N_("Witness (name, signature):"),
)
ASK = N_("Questions: {contact}")
PLAN = N_("Plan of the survey: {hash}")
TRIAL = N_("Illustrative figures")


def envelopes_pdf(units: Sequence[tuple[str, int]], wave: Wave, issuer: Issuer, locale: Locale) -> bytes:
    """One A4 page for each (unit, number of slips). The same wave gives the same bytes."""
    pdf = Paper(locale(TITLE), locale.language)
    for unit, count in units:
        pdf.add_page()
        pdf.set_left_margin(MARGIN)
        pdf.set_xy(MARGIN, MARGIN)
        _sheet(pdf, unit, count, wave, issuer, locale)
    return bytes(pdf.output())


def _sheet(pdf: Paper, unit: str, count: int, wave: Wave, issuer: Issuer, locale: Locale) -> None:
    _, contact = locale, wave.contact or issuer.contact
    pdf.letterhead(issuer, MARGIN, WIDTH)
    _write(pdf, _.pick(wave.title_vi, wave.title_en) or wave.id, 12)
    if wave.illustrative:
        _write(pdf, _(TRIAL), 11, "B")
    _write(pdf, _(TITLE).upper(), 12, "B", 2)
    _write(pdf, unit, 24 if len(unit) < 60 else 17, "B", 4)
    _write(pdf, _(COUNT, n=_.number(count, 0)), 18, "B", 3)
    _write(pdf, _(UNTIL, opens=_.day(wave.opens), closes=_.day(wave.closes)), 11, "", 1)
    _write(pdf, _(STEPS_TITLE), 13, "B", 6)
    for number, step in enumerate(STEPS, start=1):
        _write(pdf, f"{number}. {_(step)}", 11.5, "", 1.6)
    _write(pdf, _(BACK), 13, "B", 6)
    for line in LINES:
        _blank(pdf, _(line))
    if contact:
        _write(pdf, _(ASK, contact=contact), 11, "", 6)
    _write(pdf, _(PLAN, hash=wave.plan.hash_on_slips), 8, "", 2)


def _write(pdf: Paper, text: str, size: float, style: str = "", above: float = 0.0) -> None:
    pdf.use(size, style)
    pdf.ln(above)
    pdf.multi_cell(WIDTH, size * 0.47, text, align="L", new_x="LMARGIN", new_y="NEXT")


def _blank(pdf: Paper, text: str) -> None:
    """A text and a line to write on, up to the edge."""
    _write(pdf, text, 11.5, "", 4)
    begin = MARGIN + pdf.get_string_width(text) + 2
    pdf.set_line_width(0.2)
    pdf.line(begin, pdf.get_y() - 1, MARGIN + WIDTH, pdf.get_y() - 1)
