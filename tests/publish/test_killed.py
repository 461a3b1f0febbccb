"""A close that is killed at any step and started again: finished, or the box still sealed; nothing stays behind."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from subprocess import PIPE
from threading import Barrier

import pytest

from bootstrap import Services, Settings, build, findings
from survey.access import OPERATOR
from survey.collect.keys import KeyShare
from survey.design.wave import WaveState
from survey.disclose.release import Release
from survey.errors import SurveyError
from tests.conftest import REPOSITORY, new_databases
from tests.publish.killed import STEPS
from tests.small_world import GENDER, TODAY, answers, open_wave

PEOPLE = 6
COMMAND = [sys.executable, "-m", "tests.publish.killed"]


def in_field(services: Services, people: int = PEOPLE) -> tuple[str, tuple[KeyShare, ...]]:
    wave, codes, shares = open_wave(services, breakdowns=GENDER)
    questionnaire = services.design.questionnaires(OPERATOR)[0]
    for code in codes["Sở A"][:people]:
        services.collect.submit(code, {"answers": answers(questionnaire)}, TODAY)
    return wave.id, shares


@dataclass(frozen=True)
class Killer:
    """The process that forks a close for each it is asked for."""

    process: subprocess.Popen[str]
    log: Path

    def close(self, step: str, share: Path, environment: dict[str, str]) -> int:
        """How the process of this close ended."""
        asked, told = self.process.stdin, self.process.stdout
        assert asked is not None and told is not None
        print(json.dumps({"step": step, "share": str(share), "environment": environment}), file=asked, flush=True)
        return int(told.readline())


def wrong(settings: Settings) -> set[str]:
    return {finding.check for finding in findings(settings) if finding.wrong}


ON_BOTH = ("settled", "released", "ballots-deleted")  # each costs a process; the others are in no database's hand


@pytest.fixture(scope="module")
def killer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Killer]:
    log = tmp_path_factory.mktemp("killed") / "log"
    with log.open("wb") as err, subprocess.Popen(COMMAND, cwd=REPOSITORY, stdin=PIPE, stdout=PIPE, stderr=err, text=True) as process:
        yield Killer(process, log)
        assert process.stdin is not None
        process.stdin.close()


@pytest.mark.parametrize("step", STEPS)
def test_a_close_killed_at_any_step_is_finished_by_starting_it_again(
    request: pytest.FixtureRequest, tmp_path: Path, killer: Killer, step: str
) -> None:
    for database in ("sqlite", "postgres") if step in ON_BOTH else ("sqlite",):
        environment = {"LANGNGHE_DATA_DIR": str(tmp_path / database)}
        if database == "postgres":
            main, box = new_databases(request.getfixturevalue("postgres"))
            environment |= {"LANGNGHE_DATABASE_URL": main, "LANGNGHE_BOX_URL": box}
        services = build(Settings.read(environment))
        kill_and_start_again(services, services.settings, tmp_path, killer, step)
        services.close()


def kill_and_start_again(services: Services, settings: Settings, tmp_path: Path, killer: Killer, step: str) -> None:
    wave, shares = in_field(services)
    (tmp_path / "share.json").write_bytes(shares[0].to_bytes())
    environment = {
        "LANGNGHE_DATA_DIR": str(settings.data_dir),
        "LANGNGHE_DATABASE_URL": settings.database_url, "LANGNGHE_BOX_URL": settings.box_url,
    }  # fmt: skip
    assert killer.close(step, tmp_path / "share.json", environment) == -signal.SIGKILL, killer.log.read_text()

    state = services.design.wave(OPERATOR, wave).state
    if state is WaveState.OPEN:
        assert services.box.count(wave) == PEOPLE and services.box.is_shut(wave)
        assert "half-closed" in wrong(settings)
    elif step != "box-destroyed":
        assert "emptied-box" in wrong(settings)
    services.closing.finish_interrupted()  # as a server does when it starts
    if state is WaveState.OPEN:
        services.closing.close(OPERATOR, wave, shares)
    assert gone_and_finished(services, wave)
    assert not wrong(settings) & {"half-closed", "emptied-box", "covers", "boxes"}


def gone_and_finished(services: Services, wave: str) -> bool:
    release = services.closing._releases.load(wave)
    assert release is not None and release.protocol["opened"] == PEOPLE
    closed = [entry for entry in services.access_log.entries(OPERATOR) if entry.action == "wave-closed"]
    assert [entry.about for entry in closed] == [{"wave": wave, "release": release.hash}]
    assert services.box.standing(wave) is None and services.box.count(wave) == 0
    assert not list(services.settings.data_dir.glob("phu-*")) and not services.fieldwork._store.participation(wave)
    return True


def test_of_two_closes_at_once_one_wins_and_the_other_is_told(services: Services) -> None:
    wave, shares = in_field(services)
    ready = Barrier(2)

    def close(_place: int) -> Release | SurveyError:
        ready.wait()
        try:
            return services.closing.close(OPERATOR, wave, shares)
        except SurveyError as refused:
            return refused

    with ThreadPoolExecutor(2) as pool:
        found = list(pool.map(close, range(2)))
    releases = [one for one in found if isinstance(one, Release)]
    told = [one.code for one in found if isinstance(one, SurveyError)]
    # The second may also come so late that the first is done: then it gets the same release.
    assert len(releases) + len(told) == 2 and releases and set(told) <= {"closed-meanwhile"}
    assert len({release.hash for release in releases}) == 1
    services.closing.close(OPERATOR, wave, shares)
    assert gone_and_finished(services, wave)
