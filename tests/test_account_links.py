"""An account is taken over by its link: once, by its owner, for three days; on both databases."""

from __future__ import annotations

import base64
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import pytest

from bootstrap import Services
from db.account_links import AccountLinkStore
from db.accounts import AccountStore
from survey.access import OPERATOR, Role, Viewer
from survey.access_log import Action
from survey.account_links import GROUPS, LENGTH, SECONDS
from survey.accounts import Accounts
from survey.errors import NotAllowed, SurveyError
from survey.joining import Joining
from survey.signing_in import WrongPassword
from tests.small_world import Clock, add_account

GOOD = "bon tu khong lien quan"
OTHER = "mot con duong khac han"


@dataclass
class Office:
    services: Services
    clock: Clock
    accounts: Accounts
    joining: Joining

    def refused(self, call: Callable[[], object]) -> str:
        with pytest.raises(SurveyError) as error:
            call()
        return error.value.code

    def log(self) -> list[tuple[str, str]]:
        return [(entry.action, entry.account) for entry in self.services.access_log.entries(OPERATOR)]


@pytest.fixture
def office(services: Services) -> Office:
    clock, engine = Clock(), services.engines[0]
    links, store, log = AccountLinkStore(engine), AccountStore(engine), services.access_log
    accounts = Accounts(store, links, services._throttle, log, clock)
    return Office(services, clock, accounts, Joining(links, store, services.signing_in, log, clock))


def test_the_owner_chooses_the_password_and_is_signed_in(office: Office) -> None:
    link = office.accounts.invite(OPERATOR, " Lan.Anh ", Role.LEADER, "t.a")
    for _ in range(3):  # as a program of a mail server does
        offered = office.joining.opened(link.token)
        assert (offered.name, offered.role, offered.expires) == ("lan.anh", Role.LEADER, link.expires)
    session_id = office.joining.choose(link.token, GOOD)
    assert office.services.signing_in.viewer(session_id) == Viewer(name="lan.anh", role=Role.LEADER, unit="t.a")
    assert office.services.signing_in.sign_in("lan.anh", GOOD)[0].name == "lan.anh"
    assert office.log()[:5] == [
        ("sign-in", "lan.anh"),
        ("sign-in", "lan.anh"),
        ("account-link-used", "lan.anh"),
        ("account-link-given", "operator"),
        ("account-added", "operator"),
    ]


def test_it_is_good_once_and_a_refused_password_spends_nothing(office: Office) -> None:
    link = office.accounts.invite(OPERATOR, "lan.anh", Role.LEADER)
    for bad, code in {"ngan": "password-short", "toi la lan.anh day": "password-name", "matkhau1234567": "password-common"}.items():
        assert office.refused(lambda bad=bad: office.joining.choose(link.token, bad)) == code
    office.joining.choose(link.token, GOOD)
    assert office.refused(lambda: office.joining.choose(link.token, OTHER)) == "link-used"
    assert office.refused(lambda: office.joining.opened(link.token)) == "link-used"
    with pytest.raises(WrongPassword):
        office.services.signing_in.sign_in("lan.anh", OTHER)


def test_it_is_over_after_three_days(office: Office) -> None:
    link = office.accounts.invite(OPERATOR, "lan.anh", Role.LEADER)
    office.clock.now += SECONDS - 1
    office.joining.opened(link.token)
    office.clock.now += 1
    assert office.refused(lambda: office.joining.opened(link.token)) == "link-expired"
    assert office.refused(lambda: office.joining.choose(link.token, GOOD)) == "link-expired"
    newer = office.accounts.give_link(OPERATOR, "lan.anh")
    office.joining.choose(newer.token, GOOD)


@pytest.mark.parametrize("how", ["newer", "password", "disabled"])
def test_what_the_organizer_does_next_ends_it(office: Office, how: str) -> None:
    link = office.accounts.invite(OPERATOR, "lan.anh", Role.LEADER)
    if how == "newer":
        office.accounts.give_link(OPERATOR, "lan.anh")
    elif how == "password":
        office.accounts.set_password(OPERATOR, "lan.anh", OTHER)
    else:
        office.accounts.disable(OPERATOR, "lan.anh")
    assert office.refused(lambda: office.joining.choose(link.token, GOOD)) == "link-replaced"


def test_tried_by_eight_at_once_one_has_the_account(office: Office) -> None:
    link = office.accounts.invite(OPERATOR, "lan.anh", Role.LEADER)
    words = [f"{GOOD} {number}" for number in range(8)]

    def attempt(password: str) -> str:
        try:
            office.joining.choose(link.token, password)
        except SurveyError as error:
            return error.code
        return password

    with ThreadPoolExecutor(8) as pool:
        said = list(pool.map(attempt, words))
    (first,) = [one for one in said if one in words]
    assert [one for one in said if one != first] == ["link-used"] * 7
    assert office.services.signing_in.sign_in("lan.anh", first)[0].name == "lan.anh"


def test_a_new_link_ends_the_old_password_and_every_browser(office: Office) -> None:
    add_account(office.services, "lan.anh", Role.LEADER, GOOD)
    session_id = office.services.signing_in.redeem(office.services.signing_in.sign_in("lan.anh", GOOD)[1])
    office.accounts.give_link(OPERATOR, "lan.anh")
    assert office.services.signing_in.viewer(session_id) is None
    for guess in (GOOD, "", " "):
        with pytest.raises(WrongPassword):
            office.services.signing_in.sign_in("lan.anh", guess)


def test_only_organizers_give_links_and_not_to_themselves(office: Office) -> None:
    add_account(office.services, "lan.anh", Role.LEADER, GOOD)
    boss = add_account(office.services, "boss", Role.ORGANIZER, GOOD)
    leader = Viewer(name="lan.anh", role=Role.LEADER)
    for call in (lambda: office.accounts.invite(leader, "them.nua", Role.ORGANIZER), lambda: office.accounts.give_link(None, "boss")):
        with pytest.raises(NotAllowed):
            call()
    assert office.refused(lambda: office.accounts.give_link(boss, "boss")) == "own-account"
    office.accounts.invite(boss, "to.pho", Role.ORGANIZER)  # who has not come yet, and cannot take over
    assert office.refused(lambda: office.accounts.disable(OPERATOR, "boss")) == "last-organizer"


def stolen(services: Services) -> set[str]:
    """Every value of every table of accounts, in each way a thief would try to type it."""
    tables = ("account", "account_link", "session", "access_log")
    with services.engines[0].connect() as store:
        rows = [row for table in tables for row in store.exec_driver_sql(f"SELECT * FROM {table}")]
    found: set[str] = set()
    for value in (value for row in rows for value in row):
        raw = bytes(value) if isinstance(value, (bytes, memoryview)) else str(value).encode()
        found |= {raw.decode("latin-1"), raw.hex(), base64.b64encode(raw).decode(), base64.urlsafe_b64encode(raw).decode().rstrip("=")}
    return found


def opening(office: Office, words: set[str]) -> list[str]:
    """What the thief finds that opens an account."""

    def opens(word: str) -> bool:
        try:
            return bool(office.joining.opened(word).name)
        except SurveyError:
            return False

    return [word for word in words if opens(word)]


def test_a_stolen_database_opens_no_account(office: Office) -> None:
    """The control keeps what it has given out, as many tables of invitations do: the same thief opens that account."""
    link = office.accounts.invite(OPERATOR, "lan.anh", Role.LEADER)
    assert opening(office, stolen(office.services)) == []
    assert 31 ** (GROUPS * LENGTH) > 2**118  # nor is there anything to guess from a digest
    office.services.access_log.note(OPERATOR, Action.LINK_GIVEN, leaky=link.token)
    assert opening(office, {word.partition("leaky=")[2] for word in stolen(office.services)}) == [link.token]


def test_typed_from_paper_capitals_and_blanks_do_not_matter(office: Office) -> None:
    link = office.accounts.invite(OPERATOR, "lan.anh", Role.LEADER)
    assert office.joining.opened(f" {link.token.upper().replace('-', ' ')} ").name == "lan.anh"
    for bad in ("", "-", "x" * 60_000, link.token[:-1], "\0"):
        assert office.refused(lambda bad=bad: office.joining.opened(bad)) == "link-unknown"


# The first account


def test_the_first_account_of_all_is_made_by_the_set_up_link(office: Office) -> None:
    older = office.accounts.give_set_up_link()
    link = office.accounts.give_set_up_link()
    assert older is not None and link is not None and office.joining.nobody_yet()
    assert office.refused(lambda: office.joining.opened(older.token)) == "link-replaced"
    assert (office.joining.opened(link.token).name, office.joining.opened(link.token).role) == ("", Role.ORGANIZER)
    assert office.refused(lambda: office.joining.choose(link.token, GOOD, "Ô")) == "account-name"
    session_id = office.joining.choose(link.token, GOOD, " To.Chuc ")
    assert office.services.signing_in.viewer(session_id) == Viewer(name="to.chuc", role=Role.ORGANIZER)
    assert not office.joining.nobody_yet() and office.accounts.give_set_up_link() is None
    assert office.refused(lambda: office.joining.choose(link.token, OTHER, "ke.trom")) == "link-used"


def test_the_set_up_link_is_worth_nothing_once_there_is_an_account(office: Office) -> None:
    link = office.accounts.give_set_up_link()
    assert link is not None
    office.accounts.add(OPERATOR, "to.chuc", Role.ORGANIZER, GOOD)
    assert office.refused(lambda: office.joining.choose(link.token, OTHER, "ke.trom")) == "set-up-already"
    assert [account.name for account in office.accounts.list(OPERATOR)] == ["to.chuc"]


def test_two_who_set_up_at_once_make_one_account(office: Office) -> None:
    link = office.accounts.give_set_up_link()
    assert link is not None

    def attempt(number: int) -> bool:
        try:
            office.joining.choose(link.token, GOOD, f"nguoi.{number}")
        except SurveyError:
            return False
        return True

    with ThreadPoolExecutor(6) as pool:
        assert sum(pool.map(attempt, range(6))) == 1
    assert len(office.accounts.list(OPERATOR)) == 1
