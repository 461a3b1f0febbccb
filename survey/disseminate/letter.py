"""The reminder to units that lag, as a finished official letter (công văn) in .docx.

It goes to units, never to people, and names no number of answers: while a wave is open leaders learn nothing from it
(docs/anonymity.md), and a letter a week with rates would let them compare the weeks. Which units it is sent to is all it says.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from survey.disseminate.report.model import Frame
from survey.disseminate.report.official import CENTER, OfficialDocument
from survey.i18n import Locale


@dataclass(frozen=True, kw_only=True)
class Reminder:
    """`units`: names of those it is addressed to; `address`: where anybody answers; `contact`: whom to ask, "" if nobody;
    `issuer`: the organisation that writes, "" where it has no name yet."""

    wave: str
    opens: date
    closes: date
    today: date
    units: tuple[str, ...]
    address: str
    contact: str = ""
    issuer: str = ""
    illustrative: str = ""


def reminder_docx(reminder: Reminder, locale: Locale) -> bytes:
    """The same reminder gives the same document."""
    return _Letter(reminder, locale).bytes()


class _Letter(OfficialDocument):
    """A công văn: its subject stands under the number, no kind of document is named."""

    def __init__(self, reminder: Reminder, locale: Locale) -> None:
        self.reminder = reminder
        super().__init__(_frame(reminder, locale), reminder.illustrative, locale)

    def _head(self) -> None:
        self._letterhead((self.frame.subject, "s"))
        self._line("")
        self._to(self.reminder.units)
        if self.illustrative:
            self._line(self.illustrative, bold=True, align=CENTER)

    def _to(self, units: Sequence[str]) -> None:
        _ = self.locale
        if len(units) == 1:
            self._line(_("To: {unit}.", unit=units[0]), align=CENTER)
            return
        self._line(_("To:"), align=CENTER)
        for number, unit in enumerate(units, start=1):
            self._text(f"{unit}{'.' if number == len(units) else ';'}", item=True)

    def _body(self) -> None:
        for text in _sentences(self.reminder, self.locale):
            self._text(text)
        self._foot()


def _sentences(reminder: Reminder, locale: Locale) -> tuple[str, ...]:
    _ = locale
    left = (reminder.closes - reminder.today).days
    question = _("Questions are answered by: {contact}.", contact=reminder.contact) if reminder.contact else ""
    return tuple(
        text
        for text in (
            _(
                "Carrying out plan No. [......] of {issuer}, staff are answering the anonymous forms of \u201c{wave}\u201d from {opens} to the end of {closes}.",
                issuer=reminder.issuer or _("[issuing body]"),
                wave=reminder.wave,
                opens=_.day(reminder.opens),
                closes=_.day(reminder.closes),
            ),
            _(
                "Taken as a whole, answering in the bodies named above is behind the plan. {issuer} asks their heads to see to the following:",
                issuer=reminder.issuer or _("[Issuing body]"),
            ),
            _(
                "1. Tell all staff once more that forms can be sent until the end of {closes} ({left} days left), at {address} or with the QR code of the slip that each has drawn. It takes about five minutes.",
                closes=_.day(reminder.closes),
                left=max(left, 0),
                address=reminder.address,
            ),
            _(
                "2. Give everybody time to answer, and give those without a phone a shared device or a paper form; check that every member of staff has been able to draw a slip."
            ),
            _(
                "3. Do not ask who has or has not answered, make no list of it, and do not collect slips: the survey is anonymous and voluntary, and nobody can or may know who has answered."
            ),
            question,
            _("{issuer} asks the bodies to attend to it./.", issuer=reminder.issuer or _("[Issuing body]")),
        )
        if text
    )


def _frame(reminder: Reminder, locale: Locale) -> Frame:
    _ = locale
    return Frame(
        superior=_("[SUPERIOR BODY]"),
        issuer=reminder.issuer.upper() or _("[ISSUING BODY]"),
        number=_("No.: ....../[......]"),
        nation=_("SOCIALIST REPUBLIC OF VIET NAM"),
        motto=_("Independence - Freedom - Happiness"),
        place_and_day=_("[Place], day ...... month ...... year {year}", year=reminder.today.year),
        kind="",
        subject=_("Re: reminder to answer the anonymous survey \u201c{wave}\u201d", wave=reminder.wave),
        opening="",
        recipients=(_("Recipients:"), _("- As above;"), _("- Filed: Records, [......].")),
        office=_("[OFFICE OF THE SIGNER]"),
        signer=_("[Full name]"),
        annexes="",
    )
