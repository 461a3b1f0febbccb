"""Signing in and out, sessions that end, passwords, and how guessing is slowed down, on both databases."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from threading import Event

import bcrypt
import pytest

from bootstrap import Services
from db.accounts import AccountStore, ThrottleStore
from survey.access import OPERATOR, Permission, Role, Viewer, require
from survey.access_log import NOBODY
from survey.devices import SECONDS, Devices
from survey.errors import NotAllowed, SurveyError
from survey.passwords import hashed, is_common, matches, new_password
from survey.signing_in import IDLE_SECONDS, SESSION_SECONDS, TICKET_SECONDS, SigningIn, WrongPassword
from survey.throttle import FREE, LONGEST_WAIT, SKEW, Crowded, PleaseWait, Throttle, Tries, Turns, wait
from tests.small_world import Clock, add_account

GOOD = "bon tu khong lien quan"
OTHER = "mot con duong khac han"
DEVICES = Devices("a key of the tests")
WEEKS = 49 * 24 * 3600


@dataclass
class Door:
    """Services whose clock the test holds, with one leader."""

    services: Services
    clock: Clock
    signing_in: SigningIn

    def session(self, name: str = "lan.anh", password: str = GOOD) -> str:
        session_id = self.signing_in.redeem(self.signing_in.sign_in(name, password)[1])
        assert session_id is not None
        return session_id

    def known(self, name: str = "lan.anh", password: str = GOOD) -> dict[str, str]:
        """The cookies of a browser that has signed in."""
        cookie = self.signing_in.device(self.session(name, password))
        assert cookie is not None
        return {cookie.name: cookie.value}

    def fail(self, name: str, times: int, cookies: dict[str, str] | None = None) -> None:
        for _ in range(times):
            with pytest.raises(WrongPassword):
                self.signing_in.sign_in(name, "wrong", cookies)

    def waits(self, name: str, cookies: dict[str, str] | None = None) -> int:
        """The seconds its owner is told to wait; 0: got in."""
        try:
            self.signing_in.sign_in(name, GOOD, cookies)
        except PleaseWait as waiting:
            return waiting.seconds
        return 0

    def guess(self, name: str) -> None:
        """A stranger's try, whatever it hears."""
        with pytest.raises(SurveyError):
            self.signing_in.sign_in(name, "wrong")


@pytest.fixture
def door(services: Services) -> Door:
    clock, engine = Clock(), services.engines[0]
    add_account(services, "lan.anh", Role.LEADER, GOOD, "t.a")
    signing_in = SigningIn(AccountStore(engine), Throttle(ThrottleStore(engine)), DEVICES, services.signing_in._log, clock)
    return Door(services, clock, signing_in)


# Sessions


def test_a_ticket_is_good_once_and_for_a_minute(door: Door) -> None:
    viewer, ticket = door.signing_in.sign_in(" Lan.Anh ", GOOD)
    assert viewer == Viewer(name="lan.anh", role=Role.LEADER, unit="t.a")
    session_id = door.signing_in.redeem(ticket)
    assert door.signing_in.viewer(session_id) == viewer
    assert door.signing_in.redeem(ticket) is None
    assert door.signing_in.viewer(ticket) is None
    late = door.signing_in.sign_in("lan.anh", GOOD)[1]
    door.clock.now += TICKET_SECONDS
    assert door.signing_in.redeem(late) is None


def test_a_ticket_taken_by_two_at_once_opens_one_session(door: Door) -> None:
    ticket = door.signing_in.sign_in("lan.anh", GOOD)[1]
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: door.signing_in.redeem(ticket), range(8)))
    assert sum(one is not None for one in found) == 1


def test_an_idle_session_ends_and_use_keeps_it_until_the_working_day_is_over(door: Door) -> None:
    idle, used = door.session(), door.session()
    began = door.clock.now
    while door.clock.now - began + IDLE_SECONDS - 60 < SESSION_SECONDS:
        door.clock.now += IDLE_SECONDS - 60
        assert door.signing_in.viewer(used) is not None
    assert door.signing_in.viewer(idle) is None
    door.clock.now = began + SESSION_SECONDS - 1
    assert door.signing_in.viewer(used) is not None
    door.clock.now += 1
    assert door.signing_in.viewer(used) is None


def test_only_digests_of_sessions_are_stored(door: Door) -> None:
    session_id = door.session()
    with door.services.engines[0].connect() as connection:
        stored = connection.exec_driver_sql("SELECT * FROM session").all()
    assert session_id not in repr(stored) and session_id.encode() not in [bytes(row[0]) for row in stored]


def test_signing_out_ends_this_browser_and_signing_out_everywhere_ends_all(door: Door) -> None:
    first, second, third = (door.session() for _ in range(3))
    door.signing_in.sign_out(first)
    assert door.signing_in.viewer(first) is None
    viewer = door.signing_in.viewer(second)
    assert door.signing_in.sign_out_everywhere(viewer) == 2
    assert door.signing_in.viewer(second) is None is door.signing_in.viewer(third)


@pytest.mark.parametrize("end", ["disable", "password"])
def test_what_the_organizer_does_to_an_account_ends_its_sessions(door: Door, end: str) -> None:
    session_id = door.session()
    if end == "disable":
        door.services.accounts.disable(OPERATOR, "lan.anh")
    else:
        door.services.accounts.set_password(OPERATOR, "lan.anh", OTHER)
    assert door.signing_in.viewer(session_id) is None
    door.fail("lan.anh", 1)


# Passwords


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("muoi mot ki", "password-short"),
        ("ố" * 30, "password-long"),
        (" co dau cach o dau", "password-blank"),
        ("toi la Lan.Anh day", "password-name"),
        ("123456789012", "password-common"),
        ("Matkhau2026!", "password-common"),
        ("Mật khẩu 2026!", "password-common"),
        ("aaaaaaaaaaab", "password-common"),
        ("QwertyUiop12", "password-common"),
    ],
)
def test_a_password_that_is_soon_guessed_is_refused(password: str, code: str) -> None:
    with pytest.raises(SurveyError) as refused:
        hashed(password, "lan.anh")
    assert refused.value.code == code


def test_twelve_letters_of_any_kind_are_accepted_and_every_one_counts() -> None:
    for password in ("bốn từ lạ gì", "correct horse", "🙂 smile often", "x" * 30 + "abcd" * 10 + "yz"):
        kept = hashed(password, "lan.anh")
        assert matches(password, kept)
        assert not matches(password[:-1], kept) and not matches(password + "x", kept)


def test_made_passwords_are_accepted() -> None:
    made = {new_password() for _ in range(200)}
    assert len(made) == 200 and not any(is_common(password) for password in made)


def test_ones_own_password_needs_the_old_one_and_signs_the_others_out(door: Door) -> None:
    here, elsewhere = door.session(), door.session()
    viewer = door.signing_in.viewer(here)
    with pytest.raises(WrongPassword):
        door.signing_in.change_password(viewer, "wrong", OTHER)
    for new in (GOOD, "short"):
        with pytest.raises(SurveyError):
            door.signing_in.change_password(viewer, GOOD, new)
    assert door.signing_in.viewer(elsewhere) == viewer
    again = door.signing_in.redeem(door.signing_in.change_password(viewer, GOOD, OTHER))
    assert door.signing_in.viewer(again) == viewer
    assert door.signing_in.viewer(here) is None is door.signing_in.viewer(elsewhere)
    door.fail("lan.anh", 1)
    door.session(password=OTHER)


def test_with_a_password_from_somebody_else_nothing_can_be_done_but_changing_it(door: Door) -> None:
    given = new_password()
    door.services.accounts.add(OPERATOR, "moi.den", Role.ORGANIZER, given)
    viewer, _ticket = door.signing_in.sign_in("moi.den", given)
    assert viewer.must_change_password
    for permission in Permission:
        with pytest.raises(NotAllowed):
            require(viewer, permission)
    chosen = door.signing_in.redeem(door.signing_in.change_password(viewer, given, GOOD))
    after = door.signing_in.viewer(chosen)
    assert after is not None and not after.must_change_password and after.may(Permission.WAVES_EDIT)
    door.services.accounts.set_password(OPERATOR, "moi.den", new_password())
    assert door.services.accounts.list(OPERATOR)[-1].one_time


def test_names_of_the_logs_own_cannot_be_taken(door: Door) -> None:
    for name in ("operator", "unknown"):
        with pytest.raises(SurveyError, match="exists already"):
            door.services.accounts.add(OPERATOR, name, Role.LEADER, new_password())


# Guessing


def test_the_wait_doubles_from_thirty_seconds_to_fifteen_minutes() -> None:
    waits = [wait(Tries(count, 1000), 1000) for count in range(13)]
    assert waits == [0, 0, 0, 0, 0, 30, 60, 120, 240, 480, 900, 900, 900]
    assert wait(Tries(10**6, 1000), 1000) == LONGEST_WAIT and wait(Tries(5, 1000), 1030) == 0


@pytest.mark.parametrize("name", ["lan.anh", "khong.co.ai", "nghi.viec"])
def test_guessing_at_one_name_waits_and_ends_whether_the_name_exists_or_not(door: Door, name: str) -> None:
    add_account(door.services, "nghi.viec", Role.LEADER, GOOD)
    door.services.accounts.disable(OPERATOR, "nghi.viec")
    said = []
    for _ in range(FREE):
        with pytest.raises(WrongPassword) as wrong:
            door.signing_in.sign_in(name, "wrong")
        said.append(str(wrong.value))
    with pytest.raises(PleaseWait) as waiting:
        door.signing_in.sign_in(name, GOOD)
    assert waiting.value.seconds == 30 and said == ["Account name or password is wrong."] * FREE
    door.clock.now += 30
    door.fail(name, 1)
    with pytest.raises(PleaseWait) as longer:
        door.signing_in.sign_in(name, "wrong")
    assert longer.value.seconds == 60


def test_nobody_is_locked_out_for_good_and_a_right_password_forgets_the_wrong_ones(door: Door) -> None:
    for _ in range(40):
        door.guess("lan.anh")
        door.clock.now += LONGEST_WAIT
    door.session()
    door.fail("lan.anh", FREE)


def a_day_of_guessing(door: Door, cookies: dict[str, str] | None) -> tuple[int, int]:
    """A stranger tries the name the moment it may be tried; its owner comes once in each quarter of an hour. (came, got in)"""
    came = got_in = 0
    ends = door.clock.now + 8 * 3600
    while door.clock.now < ends:
        door.guess("lan.anh")
        came += 1
        got_in += door.waits("lan.anh", cookies) == 0
        door.clock.now += LONGEST_WAIT
    return came, got_in


def test_whoever_keeps_guessing_at_a_name_keeps_nobody_out_of_a_browser_that_is_known(door: Door) -> None:
    cookies = door.known()
    for _ in range(FREE + 6):  # the wait is as long as it gets
        door.guess("lan.anh")
        door.clock.now += LONGEST_WAIT
    assert a_day_of_guessing(door, cookies) == (32, 32)


def test_without_the_cookie_the_same_guessing_would_keep_its_owner_out(door: Door) -> None:
    for _ in range(FREE + 6):
        door.guess("lan.anh")
        door.clock.now += LONGEST_WAIT
    assert a_day_of_guessing(door, None) == (32, 0)


def test_what_the_organizer_hands_out_works_at_once_whatever_strangers_do(door: Door) -> None:
    given = new_password()
    door.services.accounts.set_password(OPERATOR, "lan.anh", given)
    for _ in range(FREE + 1):
        door.guess("lan.anh")
    with pytest.raises(PleaseWait):
        door.signing_in.sign_in("lan.anh", new_password())
    assert door.signing_in.sign_in("lan.anh", given)[0].must_change_password


def test_a_password_of_ones_own_waits_even_if_it_looks_like_a_made_one(door: Door) -> None:
    own = new_password()
    door.signing_in.change_password(Viewer(name="lan.anh", role=Role.LEADER), GOOD, own)
    for _ in range(FREE):
        door.guess("lan.anh")
    with pytest.raises(PleaseWait):
        door.signing_in.sign_in("lan.anh", own)


def test_a_known_browser_guesses_no_faster_than_a_stranger_and_disturbs_nobody(door: Door) -> None:
    here, there = door.known(), door.known()
    door.fail("lan.anh", FREE, here)
    with pytest.raises(PleaseWait):
        door.signing_in.sign_in("lan.anh", GOOD, here)
    door.signing_in.sign_in("lan.anh", GOOD, there)
    door.signing_in.sign_in("lan.anh", GOOD)


def test_a_browsers_cookie_is_one_accounts_and_one_passwords(door: Door) -> None:
    add_account(door.services, "thu.ha", Role.LEADER, GOOD)
    (name, value), clock = door.known().popitem(), door.clock.now
    account = door.services.signing_in._store.account("lan.anh")
    other = door.services.signing_in._store.account("thu.ha")
    known = DEVICES.known(account, value, int(clock))
    assert known is not None and value.startswith(known) and "lan.anh" not in name + value
    device, ends, seal = value.split(".")
    longer = f"{device}.{int(ends) + 1}.{seal}"
    for changed in ("", None, ".", "..", value[:-1], "x" + value, longer, value.replace(".", "", 1), "\udcff" + value, "a.-1.b"):
        assert DEVICES.known(account, changed, int(clock)) is None
    assert DEVICES.known(other, value, int(clock)) is DEVICES.known(None, value, int(clock)) is None
    assert Devices("another key").known(account, value, int(clock)) is None
    assert DEVICES.known(account, value, int(clock) + SECONDS) is None
    door.signing_in.change_password(Viewer(name="lan.anh", role=Role.LEADER), GOOD, OTHER)
    assert DEVICES.known(door.services.signing_in._store.account("lan.anh"), value, int(clock)) is None


@pytest.mark.parametrize("jump", [-WEEKS, -3600, -SKEW - 1, -1, 1, 3600, WEEKS])
def test_a_clock_that_jumps_makes_nobody_wait_longer(door: Door, jump: int) -> None:
    for _ in range(FREE + 6):
        door.guess("lan.anh")
        door.clock.now += LONGEST_WAIT
    door.guess("lan.anh")
    door.clock.now += jump
    began = door.clock.now
    while (told := door.waits("lan.anh")) > 0:
        assert told <= LONGEST_WAIT
        door.clock.now += 5
    assert door.clock.now - began <= LONGEST_WAIT + SKEW


def test_two_servers_whose_clocks_differ_a_little_do_not_forget_for_each_other(door: Door) -> None:
    door.fail("lan.anh", FREE)
    door.clock.now -= SKEW // 2
    with pytest.raises(PleaseWait) as waiting:
        door.signing_in.sign_in("lan.anh", GOOD)
    assert waiting.value.seconds == 30


def test_a_crowd_from_new_browsers_takes_no_turn_from_a_known_one(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    cookies = door.known()
    real, looked_at = matches, Event()

    def slow(password: str, kept: str | None) -> bool:
        if password == "wrong":
            looked_at.wait(60)
        return real(password, kept)

    monkeypatch.setattr("survey.signing_in.matches", slow)
    door.signing_in._new = Turns(1, patience=1.0)
    with ThreadPoolExecutor(30) as pool:
        crowd = [pool.submit(door.signing_in.sign_in, f"name.{number}", "wrong") for number in range(30)]
        turned_away = as_completed(crowd, timeout=60)
        heard = [type(next(turned_away).exception()) for _ in range(15)]  # one of them holds the only turn, the others wait for it
        door.signing_in.sign_in("lan.anh", GOOD, cookies)  # it is still held
        heard += [type(next(turned_away).exception()) for _ in range(14)]
        looked_at.set()
        last = type(next(turned_away).exception())
    assert set(heard) == {Crowded} and last is WrongPassword


def test_an_organizers_new_password_lifts_the_wait(door: Door) -> None:
    door.fail("lan.anh", FREE)
    given = new_password()
    door.services.accounts.set_password(OPERATOR, "lan.anh", given)
    assert door.signing_in.sign_in("lan.anh", given)[0].must_change_password


def test_many_guesses_at_once_are_counted_before_they_are_looked_at(door: Door) -> None:
    def guess(_number: int) -> str:
        try:
            door.signing_in.sign_in("lan.anh", "wrong")
        except SurveyError as refused:
            return refused.code
        return "in"

    with ThreadPoolExecutor(16) as pool:
        found = list(pool.map(guess, range(32)))
    assert found.count("wrong-password") == FREE and found.count("please-wait") == 32 - FREE


def test_sixty_made_up_names_in_the_first_second_of_a_minute_keep_nobody_out(door: Door) -> None:
    got_in = 0
    for minute in range(60):
        for number in range(60 if minute < 3 else 5):
            door.fail(f"name.{minute}.{number}", 1)
        for _ in range(3):
            door.session()
            got_in += 1
            door.clock.now += 20
    assert got_in == 180


def test_strangers_do_not_fill_the_log(door: Door) -> None:
    before = len(door.services.access_log.entries(OPERATOR))
    for number in range(100):
        door.fail(f"name.{number}", 1)
    made = door.services.access_log.entries(OPERATOR)[: -before or None]
    assert [entry.about.get("times", "1") for entry in reversed(made)] == ["1", "2", "4", "8", "16", "32", "64"]
    door.clock.now += 3600
    door.fail("name.0", 1)
    assert "times" not in door.services.access_log.entries(OPERATOR)[0].about


@pytest.mark.parametrize("name", ["a\0b", "\u202e", "", "x" * 5000, "lan.anh\n"])
def test_no_name_breaks_the_door(door: Door, name: str) -> None:
    if name.strip() == "lan.anh":
        door.signing_in.sign_in(name, GOOD)
    else:
        door.fail(name, 1)


def test_people_who_sign_in_rightly_use_nothing_up(door: Door) -> None:
    for _ in range(65):
        door.signing_in.sign_in("lan.anh", GOOD)


def test_of_wrong_passwords_the_log_keeps_the_account_but_never_what_was_typed(door: Door) -> None:
    door.fail("lan.anh", 1)
    door.fail("day-la-mat-khau-go-nham", 1)
    newest, older = door.services.access_log.entries(OPERATOR)[:2]
    assert (older.account, newest.account) == ("lan.anh", NOBODY)
    with door.services.engines[0].connect() as connection:
        for table in ("access_log", "throttle"):
            assert "nham" not in repr(connection.exec_driver_sql(f"SELECT * FROM {table}").all())


@pytest.mark.usefixtures("costly_hashes")
def test_a_name_that_does_not_exist_costs_as_much_work_as_one_that_does(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nearly all of the time is bcrypt's, and that follows from the cost written in the hash that is compared."""
    door.services.accounts.set_password(OPERATOR, "lan.anh", new_password())
    checked: list[bytes] = []
    real = bcrypt.checkpw

    def counted(password: bytes, kept: bytes) -> bool:
        checked.append(kept.split(b"$")[2])
        return real(password, kept)

    monkeypatch.setattr(bcrypt, "checkpw", counted)

    def costs(name: str) -> list[bytes]:
        checked.clear()
        door.fail(name, 1)
        return checked.copy()

    assert costs("lan.anh") == costs("khong.co.ai") and len(checked) == 1
    monkeypatch.setattr("survey.signing_in.matches", lambda password, kept: kept is not None and matches(password, kept))  # the control
    assert costs("lan.anh") and not costs("khong.co.ai")


@pytest.mark.usefixtures("costly_hashes")
def test_the_hash_is_as_costly_as_it_should_be() -> None:
    assert int(hashed(GOOD, "lan.anh").split("$")[2]) >= 12
