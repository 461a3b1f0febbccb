"""A custodian's key share on paper: a QR code, the same as lines to type, and what to do with the sheet."""

from __future__ import annotations

from survey.collect.key_share import KeyShare
from survey.design.wave import Wave
from survey.errors import N_
from survey.i18n import Locale
from survey.paper import Paper

MARGIN, WIDTH = 20.0, 170.0  # millimetres
QR = 62.0
GAP = 8.0
LINE, NUMBER, GROUP = 8.0, 9.0, 26.0  # a typed line: its height, the room for its number, for each of its groups

TITLE = N_("Key share of a ballot box")
WHICH = N_("Share {number} of {shares}; {needed} are needed to open the box")
PROTECTED = N_("Protected by its custodian's passphrase. Never write the passphrase on this sheet or keep it with it.")
UNPROTECTED = N_("NOT protected by a passphrase: whoever has this sheet can use the share.")
FINGERPRINT = N_("Fingerprint of the box key (the same on every sheet, on the pages of the survey and in the protocol):")
TYPED = N_("If the QR code cannot be read, type these lines. The last two characters of a line check it.")
KEPT_BY = N_("Kept by:")
SIGNED = N_("Signature:")
KEEP = N_("Keep it where nobody else can reach it, apart from the other shares. Do not copy, photograph or send it.")
BRING = N_("After {day} bring it, with the passphrase, to the opening of the box. Scan the QR code there, or use the file.")
LOST_BUT_ENOUGH = N_("Lost, or the passphrase forgotten? Tell the organizer at once. Any {needed} other shares still open the box.")
LOST = N_("Do not lose it, nor forget the passphrase: without this share the box can never be opened and all answers are lost.")
DESTROY = N_("Once the box has been opened, the share is worthless. Destroy the sheet and the file.")


def share_sheet_pdf(share: KeyShare, wave: Wave, locale: Locale) -> bytes:
    """One A4 page. It holds the share as its file does: sealed if the share is protected."""
    _ = locale
    pdf = Paper(_(TITLE), _.language)
    pdf.add_page()
    pdf.set_left_margin(MARGIN)
    pdf.set_xy(MARGIN, MARGIN)
    which = _(WHICH, number=share.number, shares=share.of, needed=share.needed)
    title = _.pick(wave.title_vi, wave.title_en) or wave.id
    for text, size, style in ((title, 11, ""), (_(TITLE).upper(), 20, "B"), (which, 13, "B")):
        _write(pdf, text, size, style)
        pdf.ln(1.5)
    _write(pdf, _("Wave {wave}, {opens} to {closes}", wave=wave.id, opens=_.day(wave.opens), closes=_.day(wave.closes)), 11)
    pdf.ln(5)
    top = pdf.get_y()
    pdf.qr(share.to_text(), MARGIN, top, QR)
    pdf.set_xy(MARGIN + QR + GAP, top)
    for text in _steps(share, wave, _):
        _write(pdf, "• " + text, 10, left=MARGIN + QR + GAP)
        pdf.ln(2)
    pdf.set_y(max(pdf.get_y(), top + QR) + 6)
    _write(pdf, _(PROTECTED if share.protected else UNPROTECTED), 11, "B")
    pdf.ln(4)
    _write(pdf, _(FINGERPRINT), 10)
    _write(pdf, share.key, 15, "B")
    pdf.ln(4)
    _write(pdf, _(TYPED), 10)
    pdf.ln(1)
    _typed_lines(pdf, share)
    pdf.ln(7)
    _write(pdf, f"{_(KEPT_BY)} {'.' * 60}   {_(SIGNED)} {'.' * 36}", 11)
    return bytes(pdf.output())


def _steps(share: KeyShare, wave: Wave, locale: Locale) -> list[str]:
    _ = locale
    lost = LOST_BUT_ENOUGH if share.of > share.needed else LOST
    return [_(KEEP), _(BRING, day=_.day(wave.closes)), _(lost, needed=share.needed), _(DESTROY)]


def _write(pdf: Paper, text: str, size: float, style: str = "", left: float = MARGIN) -> None:
    """A paragraph from `left` to the right margin."""
    pdf.use(size, style)
    pdf.set_x(left)
    pdf.multi_cell(MARGIN + WIDTH - left, size * 0.47, text, align="L", new_x="LMARGIN", new_y="NEXT")


def _typed_lines(pdf: Paper, share: KeyShare) -> None:
    for number, line in enumerate(share.lines(), start=1):
        top = pdf.get_y()
        pdf.use(9)
        pdf.text(MARGIN, top + 5.5, f"{number}.")
        pdf.use(14, "B")
        for place, group in enumerate(line.split()):
            pdf.text(MARGIN + NUMBER + place * GROUP, top + 5.5, group)
        pdf.set_y(top + LINE)
