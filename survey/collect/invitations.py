"""Personal invitations seen from the organizer's desk: the e-mail list, letters, reminders, keys."""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from email.message import EmailMessage
from typing import Protocol
from urllib.parse import urlsplit

from survey.access import Permission, Viewer, require
from survey.access_log import Action, Log
from survey.collect import blind
from survey.collect.credentials import Invitation, token_digest
from survey.collect.invitation_list import read_people
from survey.collect.mail import Post
from survey.collect.signing_key import SigningKey
from survey.design.plan import Node, Plan
from survey.design.wave import Wave, WaveState
from survey.errors import N_, SurveyError
from survey.i18n import Locale
from survey.source import Source

SENDING = N_("Sending letters, one by one")
Progress = Callable[[float, str], None]


def silent(share: float, step: str) -> None:
    """No progress is shown."""


class Store(Protocol):
    def wave(self, wave_id: str) -> Wave: ...
    def given(self, wave_id: str) -> dict[str, int]: ...


class InvitationStore(Protocol):
    def add(self, wave: Wave, people: Iterable[tuple[str, str]], keys: Mapping[str, SigningKey], plan: Plan) -> None:
        """Store (unit, email) pairs, the keys of units that had none and, with those, the plan that names them, together."""
        ...

    def people(self, wave_id: str, *, invited: bool) -> tuple[Invitation, ...]:
        """Those whose letter has been sent (`invited`), or those still waiting for theirs, by address."""
        ...

    def set_token(self, wave_id: str, email: str, digest: bytes) -> None: ...
    def withdraw(self, wave_id: str, email: str) -> bool:
        """Strike the invitation off, collected or not; False when it is not on the list."""
        ...

    def moduli(self, wave_id: str) -> dict[str, bytes]: ...
    def emails(self, wave_id: str) -> frozenset[str]: ...


@dataclass(frozen=True)
class Sent:
    """`refused`: addresses the mail server did not accept; their old links, if any, stay good.

    Of reminders neither is told: they go to those who have not collected, and a number before and after one
    person is withdrawn would say whether this person has.
    """

    count: int | None
    refused: tuple[str, ...]


@dataclass(frozen=True)
class InvitedUnit:
    """A unit with invitations: how many people, how many of them without a letter yet, and the fingerprint they may compare."""

    node: Node
    fingerprint: str
    people: int
    waiting: int


class Invitations:
    """`https_only` is False in tests alone: a browser on plain http can be handed a blinding that does not blind."""

    def __init__(self, store: Store, invitations: InvitationStore, log: Log, https_only: bool = True) -> None:
        self._store = store
        self._invitations = invitations
        self._log = log
        self._https_only = https_only

    def add_people(self, viewer: Viewer | None, wave_id: str, source: Source) -> int:
        """Take in a list (columns unit, email), whole or not at all; makes the keys of new units, about half a second each.

        Raises InputRefused with every error. Returns how many people were added.
        """
        people = self.read_people(viewer, wave_id, source)
        wave = self._store.wave(wave_id)
        keys = {unit: _new_key() for unit in sorted({unit for unit, _ in people} - self._invitations.moduli(wave_id).keys())}
        signs = {unit: blind.fingerprint(key.modulus) for unit, key in keys.items()}
        self._invitations.add(wave, people, keys, replace(wave.plan, key_signs={**wave.plan.key_signs, **signs}))
        self._log.note(viewer, Action.PEOPLE_LISTED, wave=wave_id, people=len(people))
        return len(people)

    def read_people(self, viewer: Viewer | None, wave_id: str, source: Source) -> list[tuple[str, str]]:
        """(reporting unit, address) of every row, for preview; nothing is stored. Raises InputRefused with every error."""
        require(viewer, Permission.WAVES_EDIT)
        wave = self._unfinished(wave_id)
        slips = self._store.given(wave_id).keys() - self._invitations.moduli(wave_id).keys()
        people = read_people(source, wave.plan, with_slips=slips, listed=self._invitations.emails(wave_id))
        late = {unit for unit, _ in people} - self._invitations.moduli(wave_id).keys()
        if late and wave.state is WaveState.OPEN:
            raise SurveyError(
                "keys-frozen",
                N_("The wave is in the field, and the plan that was fixed for it names no key for {units}. These people answer by slips."),
                units=", ".join(sorted(late)),
            )
        return people

    def units(self, viewer: Viewer | None, wave_id: str) -> tuple[InvitedUnit, ...]:
        """The units with invitations, in the plan's order. How many have collected is in Fieldwork.participation, rounded."""
        require(viewer, Permission.FIELDWORK_SEE)
        moduli = self._invitations.moduli(wave_id)
        waiting, written = (Counter(one.unit for one in self._invitations.people(wave_id, invited=sent)) for sent in (False, True))
        return tuple(
            InvitedUnit(node, blind.fingerprint(moduli[node.id]), waiting[node.id] + written[node.id], waiting[node.id])
            for node in self._store.wave(wave_id).plan.nodes
            if node.id in moduli
        )

    def sample(self, viewer: Viewer | None, unit: InvitedUnit, wave_id: str, address: str, locale: Locale) -> EmailMessage:
        """The letter as people of `unit` will read it, with a link that leads nowhere."""
        require(viewer, Permission.WAVES_EDIT)
        person = Invitation(wave=wave_id, unit=unit.node.id, email=f"ten@{urlsplit(address).hostname or 'example.gov.vn'}")
        return _letter(self._store.wave(wave_id), person, _link(address, "…", unit.fingerprint, locale), unit.fingerprint, False, locale)

    def send(self, viewer: Viewer | None, wave_id: str, address: str, post: Post, locale: Locale, progress: Progress = silent) -> Sent:
        """Write to everybody who has had no letter yet. `address`: https://... of this server."""
        require(viewer, Permission.WAVES_EDIT)
        sent = self._write(self._unfinished(wave_id), False, address, post, locale, progress)
        self._log.note(viewer, Action.LETTERS_SENT, wave=wave_id, letters=sent.count)
        return sent

    def remind(self, viewer: Viewer | None, wave_id: str, address: str, post: Post, locale: Locale, progress: Progress = silent) -> Sent:
        """Write again to those who have not collected their credential; who has not answered, nobody can know.

        Only digests of the links are kept, so that each reminder carries a new link and the old one ends.
        """
        require(viewer, Permission.WAVES_EDIT)
        self._write(self._unfinished(wave_id), True, address, post, locale, lambda _share, step: progress(0.0, step))
        self._log.note(viewer, Action.REMINDERS_SENT, wave=wave_id)
        return Sent(None, ())

    def withdraw(self, viewer: Viewer | None, wave_id: str, email: str) -> None:
        """Strike off an invitation, so that the person may be given a slip instead.

        It is the same whether the credential was collected or not: else striking off would tell of one person
        whether it was. Who has collected one and asks for a slip could answer twice; the protocol has the number.
        """
        require(viewer, Permission.WAVES_EDIT)
        if not self._invitations.withdraw(wave_id, email.strip().lower()):
            raise SurveyError("no-invitation", N_("There is no invitation of this address. Please compare it with your list."))
        self._log.note(viewer, Action.PERSON_WITHDRAWN, wave=wave_id, people=1)

    def _unfinished(self, wave_id: str) -> Wave:
        wave = self._store.wave(wave_id)
        if wave.state not in (WaveState.DRAFT, WaveState.OPEN):
            raise SurveyError("wave-over", N_("Wave {wave} is closed; nobody is invited any more."), wave=wave_id)
        return wave

    def check_address(self, address: str) -> None:
        """Raises where a letter may not carry a link to `address`."""
        if self._https_only and not address.startswith("https://"):
            raise SurveyError("invitations-need-https", N_("Invitations need an https:// address. Without it, give out slips."))

    def _write(self, wave: Wave, again: bool, address: str, post: Post, locale: Locale, progress: Progress) -> Sent:
        self.check_address(address)
        people = [person for person in self._invitations.people(wave.id, invited=again) if not person.collected]
        refused, count = [], 0
        signs = {unit: blind.fingerprint(modulus) for unit, modulus in self._invitations.moduli(wave.id).items()}
        with post.open() as send:
            for place, person in enumerate(people):
                progress(place / len(people), SENDING)
                token = secrets.token_urlsafe(20)
                own = signs[person.unit]
                if send(_letter(wave, person, _link(address, token, own, locale), own, again, locale)):
                    # After the server has taken the letter: a refused one leaves the old link good.
                    self._invitations.set_token(wave.id, person.email, token_digest(token))
                    count += 1
                else:
                    refused.append(person.email)
        return Sent(count, tuple(refused))


def _new_key() -> SigningKey:
    pem = blind.create_key()
    return SigningKey(pem, blind.modulus_of(pem))


def _link(address: str, token: str, signs: str, locale: Locale) -> str:
    """The browser compares the key it is given with the signs in the link (form/invitation.js)."""
    return f"{address.rstrip('/')}/i?lang={locale.language}#{token}.{signs}"


def _letter(wave: Wave, person: Invitation, link: str, signs: str, again: bool, _: Locale) -> EmailMessage:
    title = _.pick(wave.title_vi, wave.title_en) or wave.id
    unit = wave.plan.by_id[person.unit]
    letter = EmailMessage()
    letter["To"] = person.email
    letter["Subject"] = _("Reminder: {title}", title=title) if again else _("Invitation: {title}", title=title)
    parts = [
        _("You are invited to the anonymous survey {title}, for {unit}.", title=title, unit=_.pick(unit.name_vi, unit.name_en)),
        _("Your credential has not been collected yet. The link in the earlier e-mail no longer works; please use this one.")
        if again
        else "",
        _("With this personal link your browser collects a credential, once:"),
        link,
        _(
            "The server knows who has collected a credential. It cannot recognise the credential, so nobody learns whether or what you answer."
        ),
        _(
            "Signs of the key of your unit: {signs}. They must be the same for all colleagues, on the notice in your unit and on the "
            "page about anonymity. If they are not, please do not answer, and tell a custodian.",
            signs=signs,
        ),
        _(
            "You may answer from {opens} to {closes}, whenever you like: best not at once after collecting.",
            opens=_.day(wave.opens),
            closes=_.day(wave.closes),
        ),
        _("Please do not pass this e-mail on. Answering is voluntary."),
    ]
    letter.set_content("\n\n".join(filter(None, parts)) + "\n")
    return letter
