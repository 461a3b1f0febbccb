from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError

from bootstrap import Services, Settings
from survey.access import OPERATOR, Role, Viewer
from survey.collect.keys import KeyShare
from survey.design.wave import WaveState
from survey.disclose.release import Cell, Release, Suppressed
from survey.errors import NotAllowed, SurveyError
from tests.small_world import GENDER, TODAY, answers, open_wave


def field(services: Services, people: dict[str, int], good: int = 4) -> tuple[str, tuple[KeyShare, ...]]:
    wave, codes, shares = open_wave(services, breakdowns=GENDER)
    questionnaire = services.collect.open(codes["Sở A"][0], TODAY).questionnaire
    for unit, count in people.items():
        for code in codes[unit][:count]:
            services.collect.submit(code, {"answers": answers(questionnaire, good), "breakdowns": {"gender": "f"}}, TODAY)
    return wave.id, shares


def test_a_closed_wave_has_the_scores_that_were_given(services: Services) -> None:
    wave, shares = field(services, {"Sở A": 20, "Sở B": 20, "Sở C": 15, "Huyện H": 12, "Huyện K": 12})
    release = services.closing.close(OPERATOR, wave, shares)
    cell = release.cell("t.a", "index")
    assert isinstance(cell, Cell) and cell.base == 20 and cell.score == pytest.approx(75)
    assert services.results.release(OPERATOR, wave).hash == release.hash


def test_after_the_close_box_and_codes_are_gone_from_every_file(services: Services, settings: Settings, tmp_path: Path) -> None:
    wave, shares = field(services, {"Sở A": 20, "Huyện H": 12, "Huyện K": 12})
    ballots = services.closing._box.ballots(wave)
    services.closing.close(OPERATOR, wave, shares)
    assert services.closing._box.ballots(wave) == []
    assert services.fieldwork._store.participation(wave) == {}
    if settings.database_url.startswith("sqlite"):
        files = b"".join(path.read_bytes() for path in tmp_path.iterdir() if path.is_file())
        assert not any(ballot[32:64] in files for ballot in ballots)


def test_a_crash_before_the_release_is_written_leaves_the_sealed_box(services: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    wave, shares = field(services, {"Sở A": 20, "Huyện H": 12, "Huyện K": 12})

    def crash(*_: object) -> None:
        raise OSError("power cut")

    writer = services.closing._releases
    with monkeypatch.context() as patched:
        patched.setattr(writer, "finish_wave", crash)
        with pytest.raises(OSError):
            services.closing.close(OPERATOR, wave, shares)
    assert len(services.closing._box.ballots(wave)) == 44
    assert services.design.wave(OPERATOR, wave).state is WaveState.OPEN
    assert services.closing.close(OPERATOR, wave, shares).cell("t", "index") != Suppressed("too-few")


def test_a_hidden_number_that_is_still_there_is_refused_by_the_store(services: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    """However it is written: what the driver's own statements are refused comes as what every caller expects."""
    wave, shares = field(services, {"Sở A": 20, "Huyện H": 12, "Huyện K": 12, "Sở B": 2})
    writer = services.closing._releases
    finish = writer.finish_wave

    def leaking(release: Release, *rest: Any) -> None:
        cells = release.cells.copy()
        cells.loc[cells.index[cells["reason"] != ""][0], "base"] = 2.0
        finish(replace(release, cells=cells), *rest)

    with monkeypatch.context() as patched:
        patched.setattr(writer, "finish_wave", leaking)
        with pytest.raises(IntegrityError, match="hidden_is_empty"):
            services.closing.close(OPERATOR, wave, shares)
    assert writer.load(wave) is None
    assert len(services.closing._box.ballots(wave)) == 46


def test_a_crash_inside_the_writing_changes_nothing(services: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    wave, shares = field(services, {"Sở A": 20, "Huyện H": 12, "Huyện K": 12})
    insert = services.closing._releases._insert  # type: ignore[attr-defined]

    def half(*arguments: object) -> None:
        insert(*arguments)
        raise OSError("power cut")

    with monkeypatch.context() as patched:
        patched.setattr(services.closing._releases, "_insert", half)
        with pytest.raises(OSError):
            services.closing.close(OPERATOR, wave, shares)
    assert services.closing._releases.load(wave) is None
    assert len(services.closing._box.ballots(wave)) == 44
    assert services.fieldwork._store.participation(wave)


def test_a_crash_after_the_release_leaves_the_release_and_closing_again_finishes(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    wave, shares = field(services, {"Sở A": 20, "Huyện H": 12, "Huyện K": 12})

    def crash(*_: object) -> None:
        raise OSError("power cut")

    with monkeypatch.context() as patched:
        patched.setattr(services.closing._box, "destroy", crash)
        with pytest.raises(OSError):
            services.closing.close(OPERATOR, wave, shares)
    release = services.closing._releases.load(wave)
    assert release is not None and services.closing._box.ballots(wave)
    assert services.closing.close(OPERATOR, wave, ()).hash == release.hash
    assert services.closing._box.ballots(wave) == []


def test_without_the_shares_nothing_happens(sqlite_services: Services) -> None:
    wave, _ = field(sqlite_services, {"Sở A": 6})
    with pytest.raises(SurveyError):
        sqlite_services.closing.close(OPERATOR, wave, ())
    assert len(sqlite_services.closing._box.ballots(wave)) == 6


def test_leaders_see_nothing_before_publishing_and_cannot_close(sqlite_services: Services) -> None:
    wave, shares = field(sqlite_services, {"Sở A": 20, "Huyện H": 12, "Huyện K": 12})
    leader = Viewer(name="l", role=Role.LEADER)
    with pytest.raises(NotAllowed):
        sqlite_services.closing.close(leader, wave, shares)
    sqlite_services.closing.close(OPERATOR, wave, shares)
    with pytest.raises(SurveyError):
        sqlite_services.results.release(leader, wave)
    sqlite_services.closing.publish(OPERATOR, wave)
    assert sqlite_services.results.release(leader, wave)


def test_a_leader_of_a_unit_sees_that_unit_and_the_totals_above(sqlite_services: Services) -> None:
    wave, shares = field(sqlite_services, {"Sở A": 20, "Sở B": 20, "Huyện H": 12, "Huyện K": 12})
    sqlite_services.closing.close(OPERATOR, wave, shares)
    sqlite_services.closing.publish(OPERATOR, wave)
    release = sqlite_services.results.release(Viewer(name="l", role=Role.LEADER, unit="t.a"), wave)
    assert {node.id for node in release.nodes()} == {"t.a", "t:so_ban_nganh", "t"}
    assert release.cell("t.b", "index") == Suppressed("not-available")
    with pytest.raises(NotAllowed):
        sqlite_services.results.release(Viewer(name="l", role=Role.LEADER, unit="elsewhere"), wave)


def test_nobody_without_an_account_gets_results(sqlite_services: Services) -> None:
    for call in (sqlite_services.results.waves, sqlite_services.accounts.list, sqlite_services.design.waves):
        with pytest.raises(NotAllowed):
            call(None)


def test_two_browsers_closing_at_once_make_one_release(sqlite_services: Services) -> None:
    wave, shares = field(sqlite_services, {"Sở A": 20, "Huyện H": 12, "Huyện K": 12})
    first = sqlite_services.closing.close(OPERATOR, wave, shares)
    assert sqlite_services.closing.close(OPERATOR, wave, shares).hash == first.hash


def test_a_close_prints_nothing_that_would_stand_in_the_json_of_a_command(
    sqlite_services: Services, capfd: pytest.CaptureFixture[str]
) -> None:
    wave, shares = field(sqlite_services, {"Sở A": 20, "Sở B": 20, "Huyện H": 12, "Huyện K": 12})
    sqlite_services.closing.close(OPERATOR, wave, shares)
    assert capfd.readouterr() == ("", "")
