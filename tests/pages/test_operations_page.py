"""The page of the operations: findings with their cures, a backup, what is deleted when."""

from __future__ import annotations

from bootstrap import Services
from survey.access import Role, Viewer
from survey.operations import LIFETIMES
from tests.pages import looking
from tests.pages.looking import click, said
from tests.small_world import open_wave

BOSS = Viewer(name="to.chuc", role=Role.ORGANIZER)


def test_it_says_what_is_wrong_and_looks_again_when_asked(sqlite_services: Services) -> None:
    at = looking.look("organizer.operations", sqlite_services, BOSS, "en")
    assert "need care" in at.warning[0].value and "No organizer can sign in" in said(at)
    sqlite_services.accounts.add(BOSS, "to.chuc", Role.ORGANIZER, "bon tu khong lien quan")
    click(at, "Look again")
    assert "No organizer can sign in" not in said(at)


def test_every_store_and_every_wave_has_its_line(sqlite_services: Services) -> None:
    open_wave(sqlite_services)
    at = looking.look("organizer.operations", sqlite_services, BOSS, "en")
    assert len(at.table[0].value) == len(LIFETIMES)
    assert "its last day is 22/03/2026" in at.table[1].value["State of what was collected"].iloc[0]
    assert [one.label for one in at.get("download_button")] == ["Make a backup and save it (.zip)"]


def test_a_backup_is_looked_into_and_a_file_that_is_none_is_refused(sqlite_services: Services) -> None:
    sqlite_services.accounts.add(BOSS, "to.chuc", Role.ORGANIZER, "bon tu khong lien quan")
    content = sqlite_services.copying.packed(BOSS)
    at = looking.look("organizer.operations", sqlite_services, BOSS, "en")
    at.file_uploader[0].set_value(("b.zip", content[:-9], "application/zip")).run()
    click(at, "Look into this backup")
    assert "is not a backup" in at.error[0].value
    at.file_uploader[0].set_value(("b.zip", content, "application/zip")).run()
    click(at, "Look into this backup")
    assert not at.error and "1 accounts" in said(at) and "the password they had" in said(at)
