"""`langnghe account`: with --link nobody but the owner knows a password; without, one is printed for one sign-in."""

from __future__ import annotations

from bootstrap import Services, Settings
from tests.command_line import Line

GOOD = "bon tu khong lien quan"


def test_an_account_by_link_prints_an_address_and_no_password(settings: Settings, services: Services) -> None:
    line = Line(settings, extra={"LANGNGHE_ADDRESS": "https://khaosat.example"})
    made = line.json("account", "add", "lan.anh", "--role", "leader", "--link")
    assert set(made) == {"name", "link", "expires"} and made["link"].startswith("https://khaosat.example/join?lang=en#")
    (listed,) = line.json("account", "list")
    assert listed["waits_for_link"] and not listed["one_time_password"]
    services.joining.choose(made["link"].partition("#")[2], GOOD)
    assert not line.json("account", "list")[0]["waits_for_link"]
    said = line.done("account", "password", "lan.anh", "--link")
    assert "/join?lang=en#" in said and "Works once, until" in said
    assert line.json("account", "list")[0]["waits_for_link"]


def test_without_it_a_password_for_one_sign_in_is_printed(settings: Settings) -> None:
    line = Line(settings)
    made = line.json("account", "add", "lan.anh", "--role", "leader")
    assert set(made) == {"name", "password"} and len(made["password"]) == 19
    assert line.json("account", "list")[0]["one_time_password"]


def test_an_organizer_who_has_not_opened_the_link_does_not_count(settings: Settings) -> None:
    line = Line(settings)
    line.done("account", "add", "to.chuc", "--role", "organizer", "--link")
    assert "No organizer can sign in" in line.run("check").stderr
