"""A notice for the wall: the signs of the units' keys, for everybody invited by e-mail to compare with."""

from __future__ import annotations

from survey.design.wave import Wave
from survey.errors import N_
from survey.i18n import Locale
from survey.paper import Paper

MARGIN, WIDTH, BOTTOM = 20.0, 170.0, 277.0  # millimetres
ENTRY = 18.0  # the height of one unit

TITLE = N_("Signs of the keys")
COMPARE = N_(
    "If you were invited by e-mail: your letter and your browser show the signs of your unit's key. They must be those printed here. "
    "If they are not, please do not answer, and tell a custodian: a key of your own would make you recognisable."
)
PLAN = N_("These signs are part of the plan of the survey. Fingerprint of the plan (SHA-256):")


def key_poster_pdf(wave: Wave, locale: Locale) -> bytes:
    """A4, as many pages as the units need. The same wave gives the same bytes."""
    _ = locale
    pdf = Paper(_(TITLE), _.language)
    _page(pdf)
    for text, size, style in (
        (_.pick(wave.title_vi, wave.title_en) or wave.id, 12, "B"),
        (_(TITLE).upper(), 22, "B"),
        (_(COMPARE), 12, ""),
    ):
        _write(pdf, text, size, style)
        pdf.ln(2)
    for node in wave.plan.nodes:
        if node.id not in wave.plan.key_signs:
            continue
        if pdf.get_y() + ENTRY > BOTTOM:
            _page(pdf)
        pdf.ln(3)
        _write(pdf, _.pick(node.name_vi, node.name_en), 12)
        _write(pdf, wave.plan.key_signs[node.id], 15, "B")
    if pdf.get_y() + ENTRY > BOTTOM:
        _page(pdf)
    pdf.ln(6)
    _write(pdf, _(PLAN), 10)
    _write(pdf, wave.plan.hash, 10)
    return bytes(pdf.output())


def _page(pdf: Paper) -> None:
    pdf.add_page()
    pdf.set_left_margin(MARGIN)
    pdf.set_xy(MARGIN, MARGIN)


def _write(pdf: Paper, text: str, size: float, style: str = "") -> None:
    pdf.use(size, style)
    pdf.multi_cell(WIDTH, size * 0.47, text, align="L", new_x="LMARGIN", new_y="NEXT")
