from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from bootstrap import Settings
from tests.command_line import Line, furnish, stored
from tests.invited_world import ADDRESS, PEOPLE, Mailbox, mailbox


@pytest.fixture
def post() -> Iterator[Mailbox]:
    with mailbox() as box:
        yield box


@pytest.fixture
def line(tmp_path: Path, post: Mailbox) -> Line:
    """A draft wave, and settings as a province with a mail server and https would have them."""
    settings = Settings.read({"LANGNGHE_DATA_DIR": str(tmp_path / "stores")})
    mail = {"LANGNGHE_ADDRESS": ADDRESS, "LANGNGHE_MAIL_SERVER": post.server.address, "LANGNGHE_MAIL_SENDER": post.server.sender}
    typed = Line(settings, extra=mail)
    furnish(typed, tmp_path)
    today = date.today()
    typed.done("wave", "create", "2026", "--questionnaire", "vhcs-core", "--opens", today, "--closes", today + timedelta(days=9))
    return typed


def people(folder: Path, *addresses: str) -> Path:
    path = folder / "people.csv"
    path.write_text("unit,email\n" + "".join(f"t.a,{address}\n" for address in addresses), encoding="utf-8")
    return path


def test_people_are_invited_and_reminded(line: Line, post: Mailbox, tmp_path: Path) -> None:
    assert "3 letters" in line.done("wave", "invite", "2026", "--file", people(tmp_path, *PEOPLE))
    assert post.link(PEOPLE[0]).startswith(ADDRESS)
    assert "0 letters" in line.done("wave", "invite", "2026")
    assert "The reminders have been sent." in line.done("wave", "remind", "2026")
    assert [len(post.letters[address]) for address in PEOPLE] == [2, 2, 2]


def test_addresses_that_were_not_reached_are_a_refusal(line: Line, tmp_path: Path) -> None:
    result = line.run("wave", "invite", "2026", "--file", people(tmp_path, PEOPLE[0], "nobody@so-a.example"))
    assert result.exit_code == 1
    assert "1 letters" in result.stdout and "nobody@so-a.example" in result.stderr


@pytest.mark.parametrize(
    ("missing", "said"),
    [({"LANGNGHE_ADDRESS": "http://127.0.0.1:8501"}, "https://"), ({"LANGNGHE_MAIL_SENDER": ""}, "LANGNGHE_MAIL_SENDER")],
)
def test_what_is_missing_is_said_before_anything_is_stored(line: Line, missing: dict[str, str], said: str, tmp_path: Path) -> None:
    before = stored(line.settings)
    assert said in Line(line.settings, extra={**line.extra, **missing}).refused(
        "wave", "invite", "2026", "--file", people(tmp_path, *PEOPLE)
    )
    assert stored(line.settings) == before
