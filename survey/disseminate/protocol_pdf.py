"""Biên bản mở hòm phiếu: the protocol of an opening, as a Vietnamese office prints and signs it.

Layout after Decree 30/2020 on official documents (header, motto, margins, page number above), in the
typeface the product ships. Its numbers are those stored with the release; only the day and the names are
written by hand, for the system notes no time and knows no custodian's name.
"""

from __future__ import annotations

from typing import Any, cast

from fpdf.enums import MethodReturnValue

from survey.collect.door import PAPER_STEP, missing, too_many
from survey.disclose.release import Release
from survey.errors import N_, SurveyError
from survey.i18n import DASH, Locale
from survey.paper import Paper

LEFT, RIGHT, EDGE = 30.0, 18.0, 20.0  # millimetres
WIDTH = 210 - LEFT - RIGHT
LABEL, STEP = 80.0, 4.0  # of a row: the width of its label, the height of a line
SIGNED = 9  # the height of a row to sign in
STATE, MOTTO = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc"  # as the law writes them, in any language
DOTS = "." * 40

TITLE = N_("Protocol of the opening of the ballot box")
NOT_NAMED = N_("not named: fewer than {least} people answered")
DESTROYED = N_(
    "After counting, the system destroyed the sealed ballots, the list of codes, the invitations and the keys that signed their credentials. The key of the box existed in memory only. No single form can be recovered."
)
SHARES = N_("The custodians destroy their shares, files and sheets alike.")
CHECK = N_(
    "Who has the release, the list of receipts and this sheet can calculate the hashes again and see that nothing was changed afterwards."
)


class _Sheets(Paper):
    """Breaks pages by itself, with the number above from the second on."""

    def __init__(self, title: str, language: str) -> None:
        super().__init__(title, language)
        self.set_margins(LEFT, EDGE, RIGHT)
        self.set_auto_page_break(True, EDGE)

    def header(self) -> None:
        if self.page_no() > 1:
            self.use(11)
            self.set_y(EDGE / 2)
            self.cell(WIDTH, 5, str(self.page_no()), align="C")
            self.set_y(EDGE)

    def paragraph(self, text: str, size: float = 11, style: str = "", align: str = "L") -> None:
        self.use(size, style)
        self.multi_cell(WIDTH, size * 0.48, text, align=align, new_x="LMARGIN", new_y="NEXT")

    def row(self, label: str, value: str) -> None:
        """Label and value side by side, each wrapped, never parted by a page's end."""
        heights = [
            cast(float, self.multi_cell(width, STEP, text, dry_run=True, output=MethodReturnValue.HEIGHT))
            for width, text in ((LABEL, label), (WIDTH - LABEL, value))
        ]
        self.need(max(heights))
        top = self.get_y()
        self.multi_cell(LABEL, STEP, label, align="L", new_x="LMARGIN", new_y="NEXT")
        self.set_xy(LEFT + LABEL, top)
        self.multi_cell(WIDTH - LABEL, STEP, value, align="L", new_x="LMARGIN", new_y="NEXT")
        self.set_y(top + max(heights) + 0.5)

    def need(self, height: float) -> None:
        """A new page where the rest of this one is not so high (millimetres)."""
        if self.will_page_break(height):
            self.add_page()


def protocol_pdf(release: Release, locale: Locale) -> bytes:
    """The protocol of a closed wave, from what was stored when its box was opened (`release.protocol`).

    Raises SurveyError for a wave that was imported.
    """
    _ = locale
    if not release.protocol:
        raise SurveyError(
            "no-opening", N_("Wave {wave} has no protocol: its numbers were imported, no box was opened."), wave=release.wave.id
        )
    pdf = _Sheets(_(TITLE), _.language)
    pdf.add_page()
    _heading(pdf, release, _)
    for title, rows in _parts(release, _):
        pdf.ln(1)
        pdf.paragraph(title, 11, "B")
        pdf.ln(0.4)
        pdf.use(10)
        for label, value in rows:
            pdf.row(label, value)
    pdf.ln(1.4)
    for text in (DESTROYED, SHARES, CHECK):
        pdf.paragraph(_(text), 10, align="J")
        pdf.ln(0.8)
    _signatures(pdf, release.protocol, _)
    return bytes(pdf.output())


def _heading(pdf: _Sheets, release: Release, locale: Locale) -> None:
    _ = locale
    body, state = 62.0, WIDTH - 62.0
    top = pdf.get_y()
    pdf.use(10.5)
    pdf.multi_cell(
        body, 5, ("." * 34 + "\n") * 2 + _("No.: {number}", number="........ /BB-........"), align="C", new_x="LEFT", new_y="NEXT"
    )
    pdf.set_xy(LEFT + body, top)
    pdf.use(10.5, "B")
    pdf.multi_cell(state, 5.2, f"{STATE}\n{MOTTO}", align="C", new_x="LEFT", new_y="NEXT")
    wide = pdf.get_string_width(MOTTO)
    pdf.line(LEFT + body + (state - wide) / 2, pdf.get_y() + 0.8, LEFT + body + (state + wide) / 2, pdf.get_y() + 0.8)
    pdf.set_xy(LEFT, top + 19)
    pdf.paragraph(_(TITLE).upper(), 15, "B", "C")
    wave = release.wave
    pdf.paragraph(_.pick(wave.title_vi, wave.title_en) or wave.id, 12, "B", "C")
    if wave.illustrative:
        pdf.paragraph(_("Illustrative figures"), 11, "B", "C")
    pdf.ln(2)
    day = _("day ..... month ..... year ........")
    pdf.paragraph(_("Today, {day}, at {place}, the box was opened by those who sign below.", day=day, place=DOTS), 10.5)


def _parts(release: Release, locale: Locale) -> list[tuple[str, list[tuple[str, str]]]]:
    _ = locale
    wave, found, questionnaire = release.wave, release.protocol, release.questionnaire

    def number(name: str) -> str:
        value = found.get(name)
        return _(NOT_NAMED, least=release.policy.get("unit", DASH)) if value is None else _.number(value, 0)

    used = ", ".join(str(share) for share in found.get("shares_used", ()))
    days = _("{opens} to {closes}", opens=_.day(wave.opens), closes=_.day(wave.closes))
    invited = [(_("People invited by e-mail"), number("invited")), (_("Credentials they collected"), number("collected"))]
    return [
        (_("I. The wave"), [
            (_("Wave and its days"), f"{wave.id}; {days}"),
            (_("Questionnaire"), f"{questionnaire.id} {questionnaire.version}"),
            (_("Fingerprint of the table plan (SHA-256)"), wave.plan.hash),
            (_("Fingerprint of the disclosure policy (SHA-256)"), release.policy_hash),
        ]),
        (_("II. The key"), [
            (_("Fingerprint of the box key"), str(found.get("key", DASH))),
            (_("Shares"), _("{shares}; {needed} needed; used: {used}", shares=found.get("shares"), needed=found.get("shares_needed"), used=used)),
            *([(_("Processes that helped and held the key in memory"), number("workers"))] if "workers" in found else []),
        ]),
        (_("III. The ballots"), [
            (_("Slips made"), number("slips")),
            ("– " + _("of these extra slips"), number("extra_slips")),
            *_door(release, _),
            *(invited if found.get("invited") else []),
            *([(_("Slips counted as used"), number("spent"))] if "spent" in found else []),
            (_("Sealed ballots found in the box"), number("ballots")),
            (_("Ballots opened and counted as forms"), number("opened")),
            *([("– " + _("of these entered from paper forms"), _on_paper(release, _))] if "paper" in found else []),
            (_("Ballots that could not be opened, set aside and not counted"), number("refused")),
        ]),
        (_("IV. The release"), [
            (_("Numbers shown / hidden"), f"{number('published')} / {number('hidden')}"),
            (_("Audit before writing"), _audit(release, _)),
            (_("Fingerprint of these results (SHA-256)"), str(found.get("release", release.hash))),
            (_("Fingerprint of the list of receipts (SHA-256)"), str(found.get("receipts")) or _("no list: too few people answered")),
        ]),
    ]  # fmt: skip


def _door(release: Release, locale: Locale) -> list[tuple[str, str]]:
    """Where the slips went, and what was asked about codes; nothing in protocols of before."""
    _, found = locale, release.protocol
    if "asked" not in found:
        return []

    def counted(name: str) -> str:
        value = found.get(name)
        return _("not counted") if value is None else _.number(value, 0)

    rows = [
        ("– " + _("handed out / unused, destroyed"), f"{counted('handed_out')} / {counted('unused')}"),
        (_("List of codes (.csv) made / used codes shown"), f"{_('yes') if found.get('listed') else _('no')} / {counted('asked')}"),
    ]
    if lost := missing(found):
        rows.insert(1, ("– " + _("in neither count"), _.number(lost, 0)))
    if found.get("withdrawn"):
        rows.append((_("Invitations withdrawn"), counted("withdrawn")))
    if beyond := too_many(found):
        rows.append((_("Ballots beyond the slips handed out and the credentials collected"), _.number(beyond, 0)))
    return rows


def _on_paper(release: Release, locale: Locale) -> str:
    _, about = locale, release.protocol["paper"]
    if about is None:
        return _("not named: under {least} on paper or otherwise", least=release.policy.get("unit", DASH))
    return _("about {number} (rounded to {step})", number=_.number(about, 0), step=PAPER_STEP)


def _audit(release: Release, locale: Locale) -> str:
    _ = locale
    audit = release.audit
    return _(
        "{tables} tables attacked; below the minimum: {under}; found by subtraction: {disclosed}",
        tables=_.number(audit.get("tables"), 0), under=audit.get("under_minimum", DASH), disclosed=DASH if release.told_by_combination is None else release.told_by_combination,
    )  # fmt: skip


def _signatures(pdf: _Sheets, found: Any, locale: Locale) -> None:
    """One row for each custodian whose share was used, and the organizer; kept together on one page."""
    _ = locale
    people = [_("Custodian of share {number}", number=number) for number in found.get("shares_used", ())] + [_("Organizer (wrote this)")]
    widths = (56.0, 62.0, WIDTH - 118.0)
    pdf.need(3 + 7 + SIGNED * len(people))
    pdf.ln(3)
    pdf.use(10.5, "B")
    for width, head in zip(widths, (_("Role"), _("Full name, office"), _("Signature")), strict=True):
        pdf.cell(width, 7, head, border=1, align="C")
    pdf.ln(7)
    pdf.use(10.5)
    for person in people:
        for width, text in zip(widths, (person, "", ""), strict=True):
            pdf.cell(width, SIGNED, text, border=1)
        pdf.ln(SIGNED)
