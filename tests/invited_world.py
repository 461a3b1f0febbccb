"""The small province with personal invitations in one department, and a real mail server that keeps what it gets."""

from __future__ import annotations

import email
import email.policy
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller

from bootstrap import Services
from survey.access import OPERATOR
from survey.clock import Clock
from survey.collect.keys import KeyShare
from survey.collect.mail import MailServer
from survey.design.wave import Wave
from survey.i18n import Locale
from survey.source import Source
from tests.server import free_port
from tests.small_world import TODAY, settle

ADDRESS = "https://khaosat.example"
PEOPLE = ("an@so-a.example", "binh@so-a.example", "chi@so-a.example")


class Mailbox:
    """Letters by address, newest last; addresses beginning with `nobody` are refused."""

    def __init__(self, port: int) -> None:
        self.server = MailServer(f"smtp://127.0.0.1:{port}", "khaosat@example.gov.vn", Clock.of())
        self.letters: dict[str, list[EmailMessage]] = {}

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        if address.startswith("nobody"):
            return "550 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        letter = email.message_from_bytes(envelope.content, policy=email.policy.default)
        assert isinstance(letter, EmailMessage)
        for address in envelope.rcpt_tos:
            self.letters.setdefault(address, []).append(letter)
        return "250 OK"

    def link(self, address: str) -> str:
        """The link in the newest letter to an address."""
        found = re.search(r"https?://\S+", self.letters[address][-1].get_content())
        assert found
        return found[0]

    def token(self, address: str) -> str:
        return self.link(address).split("#")[1].split(".")[0]


@contextmanager
def mailbox() -> Iterator[Mailbox]:
    port = free_port()
    box = Mailbox(port)
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield box
    finally:
        controller.stop()


def people_file(*addresses: str, unit: str = "t.a") -> Source:
    return Source("danh-sach.csv", ("unit,email\n" + "".join(f"{unit},{address}\n" for address in addresses)).encode())


def draft_wave(services: Services, today: date = TODAY, wave_id: str = "2026") -> Wave:
    """A wave that has not opened, with three people invited in Department A."""
    questionnaire = settle(services)
    services.design.create_wave(OPERATOR, wave_id, questionnaire.id, today - timedelta(days=3), today + timedelta(days=7), plan={})
    services.invitations.add_people(OPERATOR, wave_id, people_file(*PEOPLE))
    return services.closing._store.wave(wave_id)


def invited_wave(services: Services, post: Mailbox, today: date = TODAY, address: str = ADDRESS) -> tuple[Wave, tuple[KeyShare, ...]]:
    """The same in the field, letters sent."""
    wave = draft_wave(services, today)
    services.invitations.send(OPERATOR, wave.id, address, post.server, Locale("vi"))
    return services.fieldwork.open_wave(OPERATOR, wave.id)
