"""A store of the version before this one (tests/old_store.py made it) is brought up by any command, and goes on working."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from bootstrap import Settings, build
from db.revisions import head, known
from survey.access import OPERATOR, Role
from survey.collect.keys import KeyShare
from survey.design.questionnaire import Questionnaire
from tests.command_line import Line
from tests.conftest import REPOSITORY
from tests.old_store import CLOSED, DAY, IN_FIELD, PASSWORD, Told, revisions
from tests.small_world import answers

ARCHIVES = sorted((REPOSITORY / "tests" / "data").glob("store-*.zip"))
KEY = {"LANGNGHE_COOKIE_KEY": "a long secret of this very test's own"}
GOOD = {"store-main", "store-box", "schema-main", "schema-box", "organizer", "releases", "emptied-box", "separate-stores", "private-files"}


@pytest.fixture(params=ARCHIVES, ids=lambda path: path.stem)
def old(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[Settings, Told]:
    """The stores as that version left them, untouched, and what it told of them."""
    folder = tmp_path / "old"
    folder.mkdir(mode=0o700)
    with zipfile.ZipFile(request.param) as archive:
        archive.extractall(folder)
    told = Told.read(folder)
    for path in folder.iterdir():
        path.chmod(0o600)
    return Settings.read({"LANGNGHE_DATA_DIR": str(folder)}), told


def go_on_working(settings: Settings, told: Told, questionnaire: Questionnaire) -> None:
    """Everybody finds what they left: leaders their release, all their passwords, respondents their codes, custodians their box."""
    services = build(settings)
    release = services.results.release(OPERATOR, CLOSED)
    assert release.hash == told.hash
    assert release.visible("t") and release.visible("t.a")
    for name, role in (("to.chuc", Role.ORGANIZER), ("lanh.dao", Role.LEADER), ("giu.khoa", Role.CUSTODIAN)):
        viewer, _ticket = services.signing_in.sign_in(name, PASSWORD)
        assert (viewer.role, viewer.unit) == (role, "t.a" if role is Role.LEADER else None)
    more = 0
    for codes in told.codes.values():
        for code in codes:
            assert not services.collect.submit(code, {"answers": answers(questionnaire)}, DAY).already
            more += 1
    assert services.box.count(IN_FIELD) == told.answered + more
    closed = services.closing.close(OPERATOR, IN_FIELD, [KeyShare.from_bytes(told.share)])
    assert closed.visible("t") and closed.protocol["refused"] == 0
    assert services.box.covers.read(IN_FIELD) is None and services.box.count(IN_FIELD) == 0
    services.close()


def test_the_store_kept_is_of_a_version_that_this_one_knows() -> None:
    assert ARCHIVES
    assert all(path.stat().st_size < 300_000 for path in ARCHIVES)


def test_any_command_upgrades_an_old_store_and_nothing_is_lost(old: tuple[Settings, Told], questionnaire: Questionnaire) -> None:
    settings, told = old
    line, before = Line(settings, extra=KEY), revisions(settings)
    assert all(known(store, str(one)) for store, one in before.items())
    heads = {store: head(store) for store in before}
    behind = {f"schema-{store}" for store in before if before[store] != heads[store]}
    checked = line.run("check", "--json").stdout
    assert all(f'"check": "{one}", "ok": false' in checked for one in behind)
    assert revisions(settings) == before, "looking changes nothing"
    line.done("wave", "list")
    assert revisions(settings) == heads
    found = line.run("check", "--json").stdout
    assert {one for one in GOOD if f'"check": "{one}", "ok": true' in found} == GOOD
    go_on_working(settings, told, questionnaire)


def test_an_old_store_moves_to_another_machine_and_database(
    old: tuple[Settings, Told], settings: Settings, questionnaire: Questionnaire, tmp_path: Path
) -> None:
    """`backup` and `restore`, the field included: from that version's SQLite into this version's SQLite or PostgreSQL."""
    there, told = old
    Line(there, extra=KEY).done("backup", tmp_path / "copy", "--with-open-box")
    Line(settings, extra=KEY).done("restore", tmp_path / "copy")
    go_on_working(settings, told, questionnaire)
