"""Releases that corrections replaced: kept for the audit of the next one, carried by backups, read by nobody."""

from __future__ import annotations

from pathlib import Path

import pytest

from bootstrap import Services, Settings, build
from survey.access import OPERATOR
from survey.design.questionnaire import Questionnaire
from survey.disclose.release import Release
from survey.errors import SurveyError
from survey.publish.correction import CorrectionRefused
from survey.source import Source
from tests.command_line import Line
from tests.importing import import_counts
from tests.small_world import settle

PEOPLE = {"t.a": 30, "t.b": 25, "t.h": 20}


def counts(questionnaire: Questionnaire, more: int = 0) -> Source:
    """Everybody answers 2 and 4 in equal parts; of t.a so many more answer 4, and half as many 2."""
    rows = ["wave,unit,item,option,n"]
    for unit, n in PEOPLE.items():
        here = more if unit == "t.a" else 0
        for item in questionnaire.items:
            rows += [f"2019,{unit},{item.id},{option},{n // 2 + add}" for option, add in ((2, here // 2), (3, 0), (4, here))]
    return Source("counts.csv", ("\n".join(rows) + "\n").encode())


def publish(services: Services, questionnaire: Questionnaire, more: int = 0, replacing: bool = True) -> Release:
    return import_counts(services, counts(questionnaire, more), questionnaire, replacing=replacing)[0]


@pytest.mark.slow  # four releases of one wave
def test_every_release_a_wave_ever_had_is_kept_and_compared(services: Services, settings: Settings) -> None:
    questionnaire = settle(services)
    first = publish(services, questionnaire, replacing=False)
    second = publish(services, questionnaire, more=12)
    with pytest.raises(CorrectionRefused):  # beside the second eleven and more, beside the first one person
        publish(services, questionnaire, more=1)
    third = publish(services, questionnaire, more=24)
    kept = services.importing._releases.superseded("2019")
    assert [(one.number, one.hash) for one in kept] == [(1, first.hash), (2, second.hash)]
    for one, release in zip(kept, (first, second), strict=True):
        columns = list(release.cells.columns)
        order = columns[:4]
        left, right = (cells.sort_values(order).reset_index(drop=True)[columns] for cells in (one.cells, release.cells))
        assert left.equals(right)
    assert third.audit["releases_before"] == 2
    again = build(settings)
    assert again.results.release(OPERATOR, "2019").hash == third.hash
    again.close()


def test_the_same_file_again_changes_nothing_and_stands_in_nobodys_way(services: Services) -> None:
    questionnaire = settle(services)
    first = publish(services, questionnaire, replacing=False)
    for _ in range(2):
        assert publish(services, questionnaire).hash == first.hash
    second = publish(services, questionnaire, more=12)
    publish(services, questionnaire, more=12)
    with pytest.raises(CorrectionRefused):  # beside the second eleven and more, beside the first one person
        publish(services, questionnaire, more=1)
    publish(services, questionnaire, more=24)
    assert [one.hash for one in services.importing._releases.superseded("2019")] == [first.hash, second.hash]


def test_a_correction_of_what_somebody_else_has_just_corrected_is_refused(services: Services) -> None:
    questionnaire = settle(services)
    publish(services, questionnaire, replacing=False)
    second = publish(services, questionnaire, more=12)
    with pytest.raises(SurveyError, match="meanwhile"):  # audited against the first, which is no longer the last
        services.importing.store(OPERATOR, [second], replacing=True)
    assert services.results.release(OPERATOR, "2019").hash == second.hash
    assert len(services.importing._releases.superseded("2019")) == 1


def test_a_backup_carries_them(services: Services, settings: Settings, tmp_path: Path) -> None:
    questionnaire = settle(services)
    publish(services, questionnaire, replacing=False)
    publish(services, questionnaire, more=12)
    Line(settings).done("backup", tmp_path / "copy")
    empty = Settings.read({"LANGNGHE_DATA_DIR": str(tmp_path / "new")})
    Line(empty).done("restore", tmp_path / "copy")
    restored = build(empty)
    with pytest.raises(CorrectionRefused):
        publish(restored, questionnaire, more=1)
    restored.close()
