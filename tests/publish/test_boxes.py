"""Empty, wrong, damaged boxes and full disks: said with a cure, and nothing is opened or destroyed for it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from sqlalchemy import Engine, delete, event, insert, select, update

from bootstrap import Services, Settings, build, findings
from db.box_models import BALLOT, COVER
from db.engine import box_engine
from db.migrate import config
from db.room import DiskFull
from pages.plain.respondent import submit
from survey.access import OPERATOR
from survey.collect.box import BoxChanged, BoxUnknown, StoreFull
from survey.collect.keys import KeyShare
from survey.design.wave import WaveState
from survey.errors import SurveyError
from survey.i18n import Locale
from survey.publish.doubts import CloseDoubtful, Doubt
from tests.small_world import GENDER, TODAY, answers, open_wave

PEOPLE = 8


def in_field(services: Services, people: int = PEOPLE) -> tuple[dict[str, list[str]], tuple[KeyShare, ...]]:
    _wave, codes, shares = open_wave(services, breakdowns=GENDER)
    questionnaire = services.design.questionnaires(OPERATOR)[0]
    for _number in range(people):
        services.collect.submit(codes["Sở A"].pop(), {"answers": answers(questionnaire)}, TODAY)
    return codes, shares


def wrong(services: Services) -> set[str]:
    return {finding.check for finding in findings(services.settings) if finding.wrong}


def untouched(services: Services, ballots: int = PEOPLE) -> bool:
    wave = services.design.wave(OPERATOR, "2026")
    return wave.state is WaveState.OPEN and services.box.count("2026") == ballots and bool(services.fieldwork._store.participation("2026"))


def some_ballot(box: Engine) -> bytes:
    with box.connect() as store:
        return store.execute(select(BALLOT.c.nullifier).order_by(BALLOT.c.nullifier).limit(1)).scalar_one()


def test_the_box_of_another_installation_or_an_empty_one_is_refused(services: Services) -> None:
    _codes, shares = in_field(services)
    box = services.engines[1]
    with box.connect() as store:
        identity = store.execute(select(COVER.c.identity)).scalar_one()
    for values in ({"identity": bytes(32)}, {"wave": "2025"}):
        with box.begin() as store:
            store.execute(update(COVER).values(**values))
        assert "boxes" in wrong(services)
        with pytest.raises(BoxUnknown):
            services.closing.close(OPERATOR, "2026", shares)
        assert untouched(services)
        with box.begin() as store:
            store.execute(update(COVER).values(identity=identity, wave="2026"))
    assert "boxes" not in wrong(services)


def test_a_missing_box_is_said_and_not_made_anew(sqlite_services: Services, tmp_path: Path) -> None:
    _codes, _shares = in_field(sqlite_services)
    sqlite_services.close()
    (tmp_path / "hom-phieu.db").rename(tmp_path / "elsewhere.db")
    with pytest.raises(SurveyError, match="There is no ballot box at"):
        build(sqlite_services.settings)
    assert not (tmp_path / "hom-phieu.db").exists()
    (tmp_path / "elsewhere.db").rename(tmp_path / "hom-phieu.db")
    again = build(sqlite_services.settings)
    assert again.box.count("2026") == PEOPLE
    again.close()


def test_ballots_that_are_missing_are_asked_about_before_anything_is_opened(services: Services) -> None:
    _codes, shares = in_field(services)
    with services.engines[1].begin() as store:
        store.execute(delete(BALLOT).where(BALLOT.c.nullifier == some_ballot(services.engines[1])))
    with pytest.raises(CloseDoubtful) as asked:
        services.closing.close(OPERATOR, "2026", shares)
    assert asked.value.doubt is Doubt.DIFFERENCE and "7 ballots" in str(asked.value) and "8 slips" in str(asked.value)
    assert untouched(services, PEOPLE - 1) and services.box.is_shut("2026")
    release = services.closing.close(OPERATOR, "2026", shares, accept=[Doubt.DIFFERENCE])
    assert (release.protocol["spent"], release.protocol["ballots"], release.protocol["opened"]) == (8, 7, 7)


def test_a_damaged_ballot_and_a_junk_row_are_set_aside_and_the_rest_is_counted(services: Services) -> None:
    _codes, shares = in_field(services)
    box = services.engines[1]
    with box.begin() as store:
        store.execute(update(BALLOT).where(BALLOT.c.nullifier == some_ballot(box)).values(ciphertext=b"damaged"))
    assert "ballots" in wrong(services)
    with box.begin() as store:
        cover = services.box.covers.read("2026")
        assert cover is not None
        for number, junk in enumerate((b"junk", cover.put_on(b"junk"))):
            store.execute(insert(BALLOT).values(wave="2026", nullifier=bytes([number]) * 32, ciphertext=junk))
    with pytest.raises(CloseDoubtful):
        services.closing.close(OPERATOR, "2026", shares)
    release = services.closing.close(OPERATOR, "2026", shares, accept=[Doubt.DIFFERENCE])
    assert (release.protocol["ballots"], release.protocol["opened"], release.protocol["refused"]) == (10, 7, 3)
    assert len(services.results.receipts("2026").split()) == 7


@pytest.mark.parametrize(
    "damage", ["DELETE FROM ballot_key", "UPDATE ballot_key SET place = place + 1", "UPDATE ballot_key SET nullifier = x'00'"]
)
def test_a_ballot_that_its_key_does_not_find_is_noticed_and_nothing_is_lost(damage: str, sqlite_services: Services) -> None:
    services = sqlite_services
    _codes, shares = in_field(services)
    with services.engines[1].begin() as store:
        store.exec_driver_sql(f"{damage} WHERE place = {PEOPLE}")
    assert "ballots" in wrong(services)
    with pytest.raises(BoxChanged, match="Nothing was destroyed"):
        services.closing.close(OPERATOR, "2026", shares)
    assert untouched(services)


def test_one_damaged_ballot_alone_needs_no_word(services: Services) -> None:
    _codes, shares = in_field(services)
    with services.engines[1].begin() as store:
        store.execute(update(BALLOT).where(BALLOT.c.nullifier == some_ballot(services.engines[1])).values(ciphertext=b""))
    release = services.closing.close(OPERATOR, "2026", shares)
    assert (release.protocol["ballots"], release.protocol["opened"], release.protocol["refused"]) == (8, 7, 1)


def test_where_no_ballot_opens_nothing_is_counted_and_nothing_destroyed(services: Services) -> None:
    _codes, shares = in_field(services)
    with services.engines[1].begin() as store:
        store.execute(update(BALLOT).values(ciphertext=b"damaged"))
    with pytest.raises(SurveyError, match="Not one of 8 ballots"):
        services.closing.close(OPERATOR, "2026", shares)
    assert untouched(services)


def test_foreign_ballots_and_a_lost_or_stray_cover_are_found(services: Services) -> None:
    _codes, shares = in_field(services)
    with services.engines[1].begin() as store:
        store.execute(insert(BALLOT).values(wave="1999", nullifier=bytes(32), ciphertext=b"sealed"))
    services.box.covers.keep("1999")
    assert {"foreign-ballots", "stray-covers"} <= wrong(services) and "covers" not in wrong(services)
    services.box.covers.path("2026").rename(services.settings.data_dir / "away")
    assert "covers" in wrong(services)
    services.box._checked.clear()
    with pytest.raises(SurveyError, match="cover key"):
        services.closing.close(OPERATOR, "2026", shares)
    (services.settings.data_dir / "away").rename(services.box.covers.path("2026"))
    assert services.closing.close(OPERATOR, "2026", shares).protocol["opened"] == PEOPLE


def test_a_damaged_page_is_found_and_nothing_is_destroyed(sqlite_services: Services, tmp_path: Path) -> None:
    _codes, shares = in_field(sqlite_services)
    sqlite_services.close()
    file = tmp_path / "hom-phieu.db"
    content = bytearray(file.read_bytes())
    with sqlite3.connect(file) as store:
        page = store.execute("SELECT rootpage FROM sqlite_master WHERE name = 'ballot'").fetchone()[0]
    content[(page - 1) * 4096 : page * 4096] = b"\xff" * 4096
    file.write_bytes(content)
    assert "file-box" in wrong(sqlite_services)
    with pytest.raises(SurveyError) as refused:
        sqlite_services.closing.close(OPERATOR, "2026", shares)
    assert refused.value.code == "box-damaged"
    assert sqlite_services.box.covers.read("2026") is not None and file.read_bytes()[(page - 1) * 4096 : page * 4096] == b"\xff" * 4096
    assert sqlite_services.design.wave(OPERATOR, "2026").state is WaveState.OPEN


def test_a_wave_in_which_nobody_has_answered_is_asked_about(services: Services) -> None:
    _codes, shares = in_field(services, people=0)
    with pytest.raises(CloseDoubtful) as asked:
        services.closing.close(OPERATOR, "2026", shares)
    assert asked.value.doubt is Doubt.EMPTY and untouched(services, 0) and not services.box.is_shut("2026")
    assert services.closing.close(OPERATOR, "2026", shares, accept=[Doubt.EMPTY]).wave.id == "2026"


@contextmanager
def full(engine: Engine) -> Iterator[None]:
    """The file may not grow by one page: what a full disk does to SQLite."""

    def limit(connection: Any, *_: object) -> None:
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count = {pages}")

    engine.dispose()
    event.listen(engine, "connect", limit)
    yield
    event.remove(engine, "connect", limit)
    engine.dispose()


def test_an_answer_that_finds_no_room_is_told_so_and_taken_later(sqlite_services: Services) -> None:
    services = sqlite_services
    codes, _shares = in_field(services)
    sent = {"code": codes["Sở A"][0], "answers": {}, "attempt": "ab" * 16}
    with full(services.engines[1]):
        taken = 0
        with pytest.raises(StoreFull, match="NOT taken"):
            for code in codes["Sở B"]:
                services.collect.submit(code, {}, TODAY)
                taken += 1
        assert services.box.count("2026") == PEOPLE + taken and services.out_of_room()
    assert services.collect.submit(sent["code"], {}, TODAY, str(sent["attempt"])).text
    assert services.box.count("2026") == PEOPLE + taken + 1 and not services.out_of_room()


def test_the_page_of_respondents_says_that_nothing_was_taken(sqlite_services: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_room(*_: object) -> None:
        raise StoreFull()

    monkeypatch.setattr(sqlite_services.collect, "submit", no_room)
    said = submit(sqlite_services, {"code": "x"}, Locale("vi"))
    assert said["status"] == "busy" and "CHƯA được nhận" in said["message"]


def test_a_close_that_finds_no_room_says_which_disk_and_is_done_again(sqlite_services: Services) -> None:
    services = sqlite_services
    _codes, shares = in_field(services)
    with full(services.engines[0]), pytest.raises(DiskFull, match=str(services.settings.data_dir)):
        services.closing.close(OPERATOR, "2026", shares)
    assert untouched(services)
    assert services.closing.close(OPERATOR, "2026", shares).protocol["opened"] == PEOPLE


def test_a_box_of_the_version_before_gets_its_row_and_goes_on(settings: Settings) -> None:
    """One open wave has ballots and a cover row, the other nothing: that version began a box with its first answer."""
    services = build(settings)
    _codes, shares = in_field(services)
    services.close()
    engine = box_engine(settings.box_url)
    command.downgrade(config(engine, "box"), "box_0003")
    engine.dispose()
    again = build(settings)
    assert again.closing.close(OPERATOR, "2026", shares).protocol["opened"] == PEOPLE
    again.close()


def test_an_upgrade_begins_the_boxes_of_waves_nobody_has_answered_yet(settings: Settings) -> None:
    services = build(settings)
    codes, _shares = in_field(services, people=0)
    services.box.destroy("2026")
    services.close()
    engine = box_engine(settings.box_url)
    command.downgrade(config(engine, "box"), "box_0003")
    engine.dispose()
    again = build(settings)
    assert not again.collect.submit(codes["Sở A"][0], {}, TODAY).already
    again.close()
