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
from survey.mail_password import ADDRESS, HIDDEN, PASSWORD, parted, sealed, whole
from survey.web_address import check_address

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


class Store(Protocol):
    def settings(self) -> Mapping[str, str]:
        """What has been set on the page, by name; what has not is missing."""
        ...

    def keep(self, changes: Mapping[str, str]) -> None:
        """All of them or none; an empty value takes one back."""
        ...


class Installing:
    """For organizers. `fixed`: names that the environment sets; they cannot be changed here. `secret`: the server's own, under
    which the mail server's password is stored; empty where it has none."""

    def __init__(self, store: Store, log: Log, fixed: Collection[str], secret: str) -> None:
        self._store = store
        self._log = log
        self.fixed = frozenset(fixed)
        self._secret = secret

    def settings(self, viewer: Viewer | None) -> Mapping[str, str]:
        """What has been set; of the mail server's password only that there is one."""
        require(viewer, Permission.INSTALLATION_EDIT)
        stored = self._store.settings()
        return {name: parted(value)[0] if name == ADDRESS else value for name, value in stored.items() if name != PASSWORD}

    def password_lost(self, viewer: Viewer | None) -> bool:
        """Does the mail server's password lie under the secret of another server, as in a backup that was restored elsewhere?"""
        require(viewer, Permission.INSTALLATION_EDIT)
        stored = self._store.settings()
        return ADDRESS not in self.fixed and bool(stored.get(ADDRESS)) and not whole(stored, self._secret)

    def save(self, viewer: Viewer | None, wanted: Mapping[str, str]) -> tuple[str, ...]:
        """Keep these settings; the names of those that changed. Raises SurveyError for the first that cannot be, and keeps none."""
        require(viewer, Permission.INSTALLATION_EDIT)
        before = self._store.settings()
        clean = {name: value.strip() for name, value in wanted.items() if name in LONGEST and name not in self.fixed}
        _check({**before, **clean}, {name: value for name, value in clean.items() if value != before.get(name, "")})
        if ADDRESS in clean:
            clean |= self._mail(clean[ADDRESS], before)
        changes = {name: value for name, value in clean.items() if value != before.get(name, "")}
        if changes:
            self._store.keep(changes)
            self._log.note(viewer, Action.INSTALLATION_CHANGED, settings=",".join(sorted(changes)))
        return tuple(changes)

    def seal_password(self) -> None:
        """A password that an earlier version stored as it was is put under the secret."""
        if not self._secret:
            return  # every start comes by here
        stored = self._store.settings()
        if parted(stored.get(ADDRESS, ""))[1] not in ("", HIDDEN):
            self._store.keep(self._mail(stored[ADDRESS], stored))

    def _mail(self, server: str, before: Mapping[str, str]) -> dict[str, str]:
        """What is stored of a mail server: its address, and the password under the secret."""
        address, password = parted(server)
        if password == HIDDEN:  # as it was shown
            if address == parted(before.get(ADDRESS, ""))[0]:
                return {ADDRESS: before[ADDRESS], PASSWORD: before.get(PASSWORD, "")}
            raise SurveyError("setting-mail-password", N_("The mail server is another one now: type its password again."))
        if password and not self._secret:
            raise SurveyError("setting-mail-secret", _NO_SECRET)
        if password and password == parted(whole(before, self._secret))[1] and address == before.get(ADDRESS):
            return {ADDRESS: address, PASSWORD: before[PASSWORD]}
        return {ADDRESS: address, PASSWORD: sealed(password, address, self._secret) if password else ""}


_NO_SECRET = N_(
    "A password is stored only under a secret of this server's own. Set LANGNGHE_COOKIE_KEY to a long random secret, start the "
    "server again, and type the password then."
)


def _check(after: Mapping[str, str], changes: Mapping[str, str]) -> None:
    for name, value in changes.items():
        fault = text_fault(value, LONGEST[name])
        if fault is not None:
            message, _cure, values = fault
            raise SurveyError("setting-text", message, **values)
    if zone := changes.get("timezone"):
        _zone(zone)
    if address := changes.get("address"):
        check_address(address)
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
