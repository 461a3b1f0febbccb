"""What an installation is called, where it stands and how it writes: set on a page, overridden by the environment of the server."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Protocol
from urllib.parse import urlsplit

from survey.access import Permission, Viewer, require
from survey.access_log import Action, Log
from survey.clock import Clock
from survey.errors import N_, SurveyError
from survey.limits import CONTACT, text_fault

# name -> the longest value
LONGEST = {
    "organisation": 120,
    "organisation_en": 120,
    "mark": 30_000,  # a data address, see survey.mark
    "timezone": 60,
    "address": 200,
    "contact": CONTACT,
    "mail_server": 300,
    "mail_sender": 200,
}
HIDDEN = "•••"


class Store(Protocol):
    def settings(self) -> Mapping[str, str]:
        """What has been set on the page, by name; what has not is missing."""
        ...

    def keep(self, changes: Mapping[str, str]) -> None:
        """All of them or none; an empty value takes one back."""
        ...


class Installing:
    """For organizers. `fixed`: names that the environment sets; they cannot be changed here."""

    def __init__(self, store: Store, log: Log, fixed: Collection[str]) -> None:
        self._store = store
        self._log = log
        self.fixed = frozenset(fixed)

    def settings(self, viewer: Viewer | None) -> Mapping[str, str]:
        """What has been set; of the mail server's password only that there is one."""
        require(viewer, Permission.INSTALLATION_EDIT)
        return {name: masked(value) if name == "mail_server" else value for name, value in self._store.settings().items()}

    def save(self, viewer: Viewer | None, wanted: Mapping[str, str]) -> tuple[str, ...]:
        """Keep these settings; the names of those that changed. Raises SurveyError for the first that cannot be, and keeps none."""
        require(viewer, Permission.INSTALLATION_EDIT)
        before = self._store.settings()
        if wanted.get("mail_server", "").strip() == masked(before.get("mail_server", "")):  # as it was shown
            wanted = {**wanted, "mail_server": before.get("mail_server", "")}
        clean = {name: value.strip() for name, value in wanted.items() if name in LONGEST and name not in self.fixed}
        changes = {name: value for name, value in clean.items() if value != before.get(name, "")}
        _check({**before, **changes}, changes)
        if changes:
            self._store.keep(changes)
            self._log.note(viewer, Action.INSTALLATION_CHANGED, settings=",".join(sorted(changes)))
        return tuple(changes)


def masked(server: str) -> str:
    """The mail server's address without its password."""
    start, at, host = server.rpartition("@")
    scheme, colons, who = start.partition("://")
    name, colon, _password = who.partition(":")
    return f"{scheme}{colons}{name}:{HIDDEN}{at}{host}" if at and colon else server


def _check(after: Mapping[str, str], changes: Mapping[str, str]) -> None:
    for name, value in changes.items():
        fault = text_fault(value, LONGEST[name])
        if fault is not None:
            message, _cure, values = fault
            raise SurveyError("setting-text", message, **values)
    if zone := changes.get("timezone"):
        _zone(zone)
    if address := changes.get("address"):
        parts = urlsplit(address)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
            message = N_(
                "The public address is not a web address. Write it with http:// or https://, for example https://langnghe.daknong.gov.vn."
            )
            raise SurveyError("setting-address", message)
    server, sender = after.get("mail_server", ""), after.get("mail_sender", "")
    if {"mail_server", "mail_sender"} & changes.keys():
        _mail(server, sender)


def _zone(zone: str) -> None:
    try:
        Clock.of(zone)
    except SurveyError:
        message = N_("{zone} is not a time zone. Write it as in the IANA list, for example Asia/Ho_Chi_Minh.")
        raise SurveyError("setting-timezone", message, zone=zone) from None


def _mail(server: str, sender: str) -> None:
    if not server and not sender:
        return
    try:
        parts = urlsplit(server)
        good = parts.scheme in ("smtp", "smtps") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        good = False
    if not good:
        message = N_("The mail server is written smtp://host:25 or smtps://name:password@host:465.")
        raise SurveyError("setting-mail-server", message)
    name, at, domain = sender.rpartition("@")
    if not (name and at and "." in domain) or " " in sender:
        raise SurveyError("setting-mail-sender", N_("The sender is an e-mail address, for example khaosat@example.gov.vn."))
