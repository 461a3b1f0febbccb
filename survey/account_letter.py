"""What goes with a link to an account: a letter to hand over, or to send."""

from __future__ import annotations

from datetime import datetime
from email.message import EmailMessage

from survey.access import Role
from survey.errors import N_
from survey.i18n import Locale

MAY = {
    Role.ORGANIZER: N_("organizer: prepares, opens, closes and publishes surveys"),
    Role.LEADER: N_("leader: sees results"),
    Role.CUSTODIAN: N_("custodian: keeps a part of the ballot box's key"),
}


def letter(name: str, role: Role, address: str, until: datetime, locale: Locale) -> str:
    """The text around the link. `until`: in the province's time."""
    _ = locale
    parts = [
        _("An account of Lắng Nghe, the anonymous staff survey, has been made for you."),
        _("Account name: {name} ({may})", name=name, may=_(MAY[role])),
        _("Open this address and choose a password that only you know. You are then signed in:"),
        address,
        _("It works once, until {time} on {day}.", time=f"{until:%H:%M}", day=_.day(until.date())),
        _("If it has expired, or says that it has been used already and it was not you, please tell the organizer."),
        _("Please do not pass this letter on: whoever opens it first has the account."),
    ]
    return "\n\n".join(parts) + "\n"


def mail(to: str, text: str, locale: Locale) -> EmailMessage:
    """The same as an e-mail; who sends it and when is added by the mail server (survey.collect.mail)."""
    message = EmailMessage()
    message["To"] = to
    message["Subject"] = locale("Your account at Lắng Nghe")
    message.set_content(text)
    return message
