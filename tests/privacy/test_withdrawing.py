"""Can an organizer find out whether one person has collected a credential, by withdrawing, reminding or inviting again?"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import delete

from bootstrap import Services, Settings, build
from db.invitations import InvitationList
from db.models import INVITATION
from survey.access import OPERATOR
from survey.collect.invitations import Invitations
from survey.errors import InputRefused, SurveyError
from survey.i18n import Locale
from tests.collect.test_invitations import collected
from tests.conftest import new_databases
from tests.invited_world import ADDRESS, PEOPLE, Mailbox, invited_wave, mailbox, people_file

VI = Locale("vi")
TARGET = PEOPLE[1]
MORE = [f"nguoi{number}@so-a.example" for number in range(5)]
World = Callable[[], Services]


@pytest.fixture
def post() -> Iterator[Mailbox]:
    with mailbox() as box:
        yield box


@pytest.fixture(params=["sqlite", "postgres"])
def world(request: pytest.FixtureRequest, tmp_path: Any) -> Iterator[World]:
    """New stores at each call."""
    made: list[Services] = []

    def make() -> Services:
        settings = {"LANGNGHE_DATA_DIR": str(tmp_path / f"world{len(made)}")}
        if request.param == "postgres":
            database, box = new_databases(request.getfixturevalue("postgres"))
            settings |= {"LANGNGHE_DATABASE_URL": database, "LANGNGHE_BOX_URL": box}
        made.append(build(Settings.read(settings)))
        return made[-1]

    yield make
    for services in made:
        services.close()


def said(act: Callable[[], object]) -> object:
    try:
        return act()
    except InputRefused as refused:
        return [problem.text(VI) for problem in refused.problems]
    except SurveyError as refused:
        return refused.code, refused.text(VI)


def observed(services: Services, post: Mailbox, invitations: Invitations) -> list[object]:
    """All that the organizer is told, before and after withdrawing one person. Each letter that is sent goes by the
    organization's own mail server, which is not the organizer's to read."""
    seen: list[object] = []

    def look() -> None:
        for row in services.fieldwork.participation(OPERATOR, "2026"):
            seen.append((row.node.id, row.given, row.rate, row.capped))
        seen.extend((unit.node.id, unit.people, unit.waiting) for unit in invitations.units(OPERATOR, "2026"))

    look()
    seen.append(said(lambda: invitations.remind(OPERATOR, "2026", ADDRESS, post.server, VI)))
    seen.append(said(lambda: invitations.withdraw(OPERATOR, "2026", TARGET)))
    look()
    seen.append(said(lambda: invitations.withdraw(OPERATOR, "2026", TARGET)))
    seen.append(said(lambda: invitations.remind(OPERATOR, "2026", ADDRESS, post.server, VI)))
    seen.append(said(lambda: invitations.read_people(OPERATOR, "2026", people_file(TARGET))))
    seen.append(said(lambda: invitations.send(OPERATOR, "2026", ADDRESS, post.server, VI)))
    look()
    seen.extend((entry.action, entry.subject) for entry in services.access_log.entries(OPERATOR) if entry.action != "wave-opened")
    return seen


def two_worlds(world: World, post: Mailbox, made: Callable[[Services], Invitations]) -> list[list[object]]:
    """In the first the target has collected, in the second not."""
    found = []
    for has_collected in (True, False):
        services = world()
        post.letters.clear()
        invited_wave(services, post)
        collected(services, post.token(PEOPLE[0]))
        if has_collected:
            collected(services, post.token(TARGET))
        found.append(observed(services, post, made(services)))
    return found


class AsItWas(InvitationList):
    """Leaky control: only what was not collected is struck off."""

    def withdraw(self, wave_id: str, email: str) -> bool:
        with self._engine.begin() as connection:
            mine = (INVITATION.c.wave == wave_id, INVITATION.c.email == email, INVITATION.c.blinded.is_(None))
            return bool(connection.execute(delete(INVITATION).where(*mine)).rowcount)


class CountedLetters(Invitations):
    """Leaky control: reminders with their number."""

    def remind(self, viewer: Any, wave_id: str, address: str, post: Any, locale: Locale, progress: Any = None) -> Any:
        return self._write(self._unfinished(wave_id), True, address, post, locale, lambda *_: None)


def test_withdrawing_is_the_same_whether_the_person_has_collected_or_not(world: World, post: Mailbox) -> None:
    has, has_not = two_worlds(world, post, lambda services: services.invitations)
    assert has == has_not
    assert len(has) > 20


def test_a_withdrawal_that_depends_on_collecting_is_caught(world: World, post: Mailbox) -> None:
    has, has_not = two_worlds(
        world, post, lambda services: Invitations(services.fieldwork._store, AsItWas(services.engines[0]), services.access_log)
    )
    assert sum(a != b for a, b in zip(has, has_not, strict=False)) + abs(len(has) - len(has_not)) >= 3


def test_reminders_that_are_counted_are_caught(world: World, post: Mailbox) -> None:
    has, has_not = two_worlds(
        world, post, lambda services: CountedLetters(services.fieldwork._store, services.credentials._invitations, services.access_log)
    )
    assert has != has_not


def test_participation_does_not_move_when_people_are_withdrawn(world: World, post: Mailbox) -> None:
    """At the edge of a step one withdrawal could move it, and would tell of this one person."""
    services = world()
    invited_wave(services, post)
    services.invitations.add_people(OPERATOR, "2026", people_file(*MORE))
    services.invitations.send(OPERATOR, "2026", ADDRESS, post.server, VI)
    for address in MORE:
        collected(services, post.token(address))

    def rate() -> int | None:
        return next(row.rate for row in services.fieldwork.participation(OPERATOR, "2026") if row.node.id == "t.a")

    assert rate() == 10  # five of forty, in steps of five
    for address in (*MORE, *PEOPLE):
        services.invitations.withdraw(OPERATOR, "2026", address)
        assert rate() == 10
