"""An import that nobody sees yet, its publication, and the taking back of it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import text

from bootstrap import Services, Settings
from survey.access import OPERATOR, Role, Viewer
from survey.design.questionnaire import Questionnaire
from survey.design.wave import WaveState
from survey.disclose.release import Release
from survey.disseminate.public import public_waves
from survey.errors import NotAllowed, SurveyError
from survey.publish.import_options import ImportOptions
from survey.publish.same_people import SamePeople
from survey.source import Source
from tests.command_line import Line
from tests.db.test_superseded import counts
from tests.small_world import open_wave, settle

LEADER = Viewer(name="lan", role=Role.LEADER)


def draft(services: Services, questionnaire: Questionnaire, source: Source | None = None, **how: bool) -> Release:
    prepared = services.importing.prepare_counts(OPERATOR, source or counts(questionnaire), questionnaire, ImportOptions(**how))
    services.importing.store(OPERATOR, prepared.releases, draft=True, replacing=how.get("replacing", False))
    return prepared.releases[0]


def state(services: Services, wave: str = "2019") -> WaveState:
    return services.design.wave(OPERATOR, wave).state


def seen(services: Services) -> tuple[list[str], list[str]]:
    """(waves a leader of everything sees, waves everybody sees)"""
    return [one.id for one in services.results.waves(LEADER)], [one.id for one in public_waves(services.results)]


@pytest.mark.parametrize("published", [False, True])
def test_a_draft_is_seen_by_nobody_until_a_second_click_and_no_longer_after_a_third(services: Services, published: bool) -> None:
    questionnaire = settle(services)
    stored = draft(services, questionnaire, published=published)
    assert seen(services) == ([], []) and services.results.release(OPERATOR, "2019").hash == stored.hash
    with pytest.raises(SurveyError):
        services.results.release(LEADER, "2019")
    services.closing.publish(OPERATOR, "2019")
    assert seen(services) == (["2019"], ["2019"]) and services.results.release(LEADER, "2019").cells.shape[0]
    services.drafts.withdraw(OPERATOR, "2019")
    assert seen(services) == ([], []) and state(services) is WaveState.CLOSED
    with pytest.raises(SurveyError):
        services.results.release(LEADER, "2019")
    assert [one.action for one in services.access_log.entries(OPERATOR)][:3] == ["wave-withdrawn", "wave-published", "results-imported"]
    services.closing.publish(OPERATOR, "2019")
    assert services.results.release(LEADER, "2019").hash == stored.hash


def test_what_was_public_is_held_against_what_comes_after_also_when_taken_back(services: Services) -> None:
    """The control: of a draft that was never public nothing is left, and the same people come in under another id."""
    questionnaire = settle(services)
    again = Source("again.csv", counts(questionnaire, more=2).content.replace(b"2019,", b"2018,"))
    draft(services, questionnaire)
    services.drafts.discard(OPERATOR, "2019")
    draft(services, questionnaire, again)
    services.drafts.discard(OPERATOR, "2018")

    draft(services, questionnaire)
    services.closing.publish(OPERATOR, "2019")
    services.drafts.withdraw(OPERATOR, "2019")
    with pytest.raises(SurveyError, match="published before"):
        services.drafts.discard(OPERATOR, "2019")
    with pytest.raises(SamePeople):
        draft(services, questionnaire, again)
    with pytest.raises(SurveyError, match="not replaced"):  # one person between the two
        draft(services, questionnaire, counts(questionnaire, more=1), replacing=True)
    corrected = draft(services, questionnaire, counts(questionnaire, more=12), replacing=True)
    assert state(services) is WaveState.CLOSED and corrected.audit["releases_before"] == 1
    assert len(services.importing._releases.superseded("2019")) == 1


def test_of_a_draft_that_was_never_public_only_the_last_version_counts(services: Services) -> None:
    """One person between two versions of it tells nobody anything, and it can still be thrown away; of a public one nothing is forgotten."""
    questionnaire = settle(services)
    draft(services, questionnaire)
    draft(services, questionnaire, counts(questionnaire, more=1), replacing=True)
    draft(services, questionnaire, counts(questionnaire, more=2), replacing=True)
    assert services.importing._releases.superseded("2019") == () and not services.drafts.was_public(OPERATOR, "2019")
    services.drafts.discard(OPERATOR, "2019")

    draft(services, questionnaire)
    draft(services, questionnaire, counts(questionnaire, more=1), replacing=True)
    services.closing.publish(OPERATOR, "2019")
    with pytest.raises(SurveyError, match="not replaced"):
        draft(services, questionnaire, counts(questionnaire, more=2), replacing=True)
    assert draft(services, questionnaire, counts(questionnaire, more=14), replacing=True).audit["releases_before"] == 1


def test_a_draft_that_is_published_while_its_correction_is_made_is_not_replaced_unseen(services: Services) -> None:
    questionnaire = settle(services)
    draft(services, questionnaire)
    source, options = counts(questionnaire, more=1), ImportOptions(replacing=True)
    made = services.importing.prepare_counts(OPERATOR, source, questionnaire, options).releases
    services.closing.publish(OPERATOR, "2019")
    for _ in range(2):
        with pytest.raises(SurveyError, match="meanwhile"):
            services.importing.store(OPERATOR, made, replacing=True)
        services.drafts.withdraw(OPERATOR, "2019") if state(services) is WaveState.PUBLISHED else None


def test_a_discarded_draft_leaves_nothing(sqlite_services: Services) -> None:
    questionnaire = settle(sqlite_services)
    draft(sqlite_services, questionnaire)
    sqlite_services.drafts.discard(OPERATOR, "2019")
    with sqlite_services.engines[0].connect() as connection:
        left = {
            name: connection.execute(text(f"SELECT count(*) FROM {name}")).scalar_one() for name in ("wave", "release", "cell", "comment")
        }
    assert set(left.values()) == {0}
    assert sqlite_services.access_log.entries(OPERATOR)[0].action == "wave-discarded"


def test_only_imported_waves_and_only_by_organizers(services: Services) -> None:
    wave, _codes, _shares = open_wave(services, today=services.clock.today() - timedelta(days=1))
    for do in (services.drafts.withdraw, services.drafts.discard):
        with pytest.raises(SurveyError, match="collected here"):
            do(OPERATOR, wave.id)
        with pytest.raises(NotAllowed):
            do(LEADER, wave.id)
        with pytest.raises(NotAllowed):
            do(None, wave.id)


def test_the_commands_do_the_same(services: Services, settings: Settings, tmp_path: object) -> None:
    from pathlib import Path

    questionnaire = settle(services)
    file = Path(str(tmp_path)) / "counts.csv"
    file.write_bytes(counts(questionnaire).content)
    line = Line(settings)
    line.done("import", "counts", file, "--questionnaire", questionnaire.id, "--draft")
    assert seen(services) == ([], [])
    line.done("wave", "publish", "2019")
    assert "published; withdraw it first" in line.refused("wave", "discard", "2019")
    line.done("wave", "withdraw", "2019")
    assert "not published" in line.refused("wave", "withdraw", "2019") and seen(services) == ([], [])
    assert "was published before" in line.refused("wave", "discard", "2019")
