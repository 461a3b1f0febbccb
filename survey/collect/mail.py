"""Letters over SMTP, by the standard library. TLS always, but for a mail server on this very machine."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from typing import Protocol
from urllib.parse import unquote, urlsplit

from survey.clock import Clock
from survey.errors import N_, SurveyError

_SECONDS = 30
_HERE = ("127.0.0.1", "localhost", "::1")

Send = Callable[[EmailMessage], bool]


class Post(Protocol):
    def open(self) -> AbstractContextManager[Send]:
        """A function that sends one letter: True if it was accepted, False if this recipient was refused."""
        ...


@dataclass(frozen=True)
class MailServer:
    """`address`: smtp://host:25 (STARTTLS) or smtps://name:password@host:465; `sender` stands in From, and its domain
    in Message-ID. `clock`: for the Date, which says the province's time."""

    address: str
    sender: str
    clock: Clock

    @classmethod
    def configured(cls, address: str, sender: str, clock: Clock) -> MailServer:
        """From the settings. Raises SurveyError naming those that are missing."""
        settings = (("LANGNGHE_MAIL_SERVER", address), ("LANGNGHE_MAIL_SENDER", sender))
        if missing := [name for name, value in settings if not value]:
            raise SurveyError(
                "mail-settings",
                N_(
                    "Letters cannot be sent: the setting {names} is missing. Write for example "
                    "LANGNGHE_MAIL_SERVER=smtps://name:password@mail.example.gov.vn:465 and LANGNGHE_MAIL_SENDER=khaosat@example.gov.vn, "
                    "then start the server again."
                ),
                names=", ".join(missing),
            )
        return cls(address, sender, clock)

    @contextmanager
    def open(self) -> Iterator[Send]:
        """One connection for many letters. Raises SurveyError when it cannot be made or breaks off."""
        try:
            connection = self._connect()
        except (OSError, smtplib.SMTPException, ValueError) as error:
            raise SurveyError("mail-server", N_("The mail server cannot be reached: {reason}. Nothing was sent."), reason=error) from None

        def send(letter: EmailMessage) -> bool:
            letter["From"] = self.sender
            letter["Date"] = format_datetime(self.clock.local(self.clock.now()))
            letter["Message-ID"] = make_msgid(domain=self.sender.strip(" <>").rpartition("@")[2] or "localhost")
            try:
                connection.send_message(letter)
            except (smtplib.SMTPRecipientsRefused, smtplib.SMTPDataError):
                return False
            return True

        try:
            with connection:
                yield send
        except (OSError, smtplib.SMTPException) as error:
            raise SurveyError(
                "mail-server-lost",
                N_("The mail server broke off: {reason}. Whoever was reached is noted; send again to reach the others."),
                reason=error,
            ) from None

    def _connect(self) -> smtplib.SMTP:
        place = urlsplit(self.address)
        host = place.hostname or ""
        if place.scheme == "smtps":
            connection: smtplib.SMTP = smtplib.SMTP_SSL(host, place.port or 465, timeout=_SECONDS, context=ssl.create_default_context())
        elif place.scheme == "smtp":
            connection = smtplib.SMTP(host, place.port or 25, timeout=_SECONDS)
            if host not in _HERE:
                connection.starttls(context=ssl.create_default_context())  # refused by the server = not sent in the clear
        else:
            raise ValueError(place.scheme)
        if place.username:
            connection.login(unquote(place.username), unquote(place.password or ""))
        return connection
