"""A close by one process, by several and by a cluster: the same release, whoever dies meanwhile."""

from __future__ import annotations

import pickle
import shutil
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from sqlalchemy import insert

from bootstrap import Settings, build
from commands.cluster import Cluster
from commands.cluster import cluster as dask_workers
from db.box_models import BALLOT
from survey.access import OPERATOR
from survey.collect import ballot, slips
from survey.collect.box import Contents
from survey.collect.keys import KeyShare
from survey.demonstration.answers import simulate
from survey.design.questionnaire_file import shipped_questionnaires
from survey.design.units_file import read_units
from survey.disclose.comments import ReleasedComment, release_comments
from survey.disclose.forest import trees
from survey.disclose.policy import Policy
from survey.disclose.protect import protect
from survey.disclose.release import Release
from survey.disseminate.protocol_pdf import protocol_pdf
from survey.i18n import Locale
from survey.process.tallies import tally
from survey.publish.closing import STEPS
from survey.publish.doubts import Doubt
from survey.publish.workers import Alone, Workers, processes
from survey.source import Source
from tests.command_line import Line
from tests.conftest import REPOSITORY
from tests.dask import IN_MEMORY, Dask, cluster
from tests.printed import pages, words
from tests.small_world import TODAY

PROVINCES, UNITS, STAFF = 3, 6, 30
BALLOTS = 380


def _register() -> bytes:
    lines = ["id;name_vi;name_en;kind;group;parent;valid_from;valid_to;successors;headcount"]
    for province in range(PROVINCES):
        lines.append(f"p{province};Tỉnh {province};Province {province};tinh;tinh;;;;;")
        lines += [f"p{province}.{unit};Sở {unit};Department {unit};so;so_ban_nganh;p{province};;;;{STAFF}" for unit in range(UNITS)]
    return "\n".join(lines).encode()


def _country(folder: Path) -> KeyShare:
    """Stores with a wave of several provinces in the field and its ballots in the box; the key's one share."""
    services = build(Settings.read({"LANGNGHE_DATA_DIR": str(folder)}))
    services.design.save_units(OPERATOR, read_units(Source("units.csv", _register())))
    questionnaire = shipped_questionnaires()[0]
    services.design.save_questionnaire(OPERATOR, questionnaire)
    plan = {"shares": 1, "shares_needed": 1, "breakdowns": ["gender"]}
    services.design.create_wave(OPERATOR, "2026", questionnaire.id, TODAY - timedelta(days=3), TODAY + timedelta(days=7), plan=plan)
    codes = [slip.code for slip in services.fieldwork.print_codes(OPERATOR, "2026")]
    wave, (share,) = services.fieldwork.open_wave(OPERATOR, "2026")
    assert wave.public_key is not None and len(trees(wave.plan)) == PROVINCES
    cover = services.box.covers.read("2026")
    assert cover is not None
    responses = simulate(questionnaire, wave.plan, 2025.0, seed=5)[:BALLOTS]
    assert len(responses) == BALLOTS
    size = ballot.plaintext_size(questionnaire)
    rows = [
        {
            "wave": "2026",
            "nullifier": cover.row_key(slips.nullifier("2026", code)),
            "ciphertext": cover.put_on(ballot.seal(ballot.encode(response), "2026", wave.public_key, size)),
        }
        for code, response in zip(codes, responses, strict=False)
    ]
    with services.engines[1].begin() as connection:
        connection.execute(insert(BALLOT), rows)
    services.close()
    return share


@pytest.fixture(scope="module")
def country(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, KeyShare]:
    folder = tmp_path_factory.mktemp("country")
    return folder, _country(folder)


@pytest.fixture
def portions(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("db.portions.MOST", 25)


Told = list[tuple[str, str, str]]


def told_in(comments: Iterable[ReleasedComment]) -> Told:
    """What was written where, in one order."""
    return sorted((comment.unit, comment.question, comment.text) for comment in comments)


def comments_in(folder: Path) -> Told:
    services = build(Settings.read({"LANGNGHE_DATA_DIR": str(folder)}))
    found = told_in(services.commenting.comments(OPERATOR, "2026"))
    services.close()
    return found


def closed(country: tuple[Path, KeyShare], folder: Path, workers: Workers, progress: object = None) -> Release:
    """A copy of the country closed by these workers."""
    shutil.copytree(country[0], folder)
    services = build(Settings.read({"LANGNGHE_DATA_DIR": str(folder)}))
    told = progress if callable(progress) else lambda _share, _step: None
    release = services.closing.close(OPERATOR, "2026", (country[1],), told, accept=tuple(Doubt), workers=workers)
    assert services.box.standing("2026") is None
    services.close()
    return release


@pytest.fixture(scope="module")
def alone(country: tuple[Path, KeyShare], tmp_path_factory: pytest.TempPathFactory) -> Release:
    return closed(country, tmp_path_factory.mktemp("alone") / "stores", Alone())


def same(one: Release, other: Release) -> bool:
    said = [{name: value for name, value in release.protocol.items() if name != "workers"} for release in (one, other)]
    return one.hash == other.hash and one.audit == other.audit and said[0] == said[1] and one.quality == other.quality


@pytest.mark.usefixtures("portions")
@pytest.mark.parametrize("count", [2, 4])
def test_several_processes_make_the_same_release(country: tuple[Path, KeyShare], alone: Release, tmp_path: Path, count: int) -> None:
    with processes(count) as workers:
        release = closed(country, tmp_path / "stores", workers)
    assert same(release, alone)
    questionnaire, plan = shipped_questionnaires()[0], release.plan
    written = simulate(questionnaire, plan, 2025.0, seed=5)[:BALLOTS]
    at_once = told_in(release_comments(plan, written, Policy.load()))
    assert comments_in(tmp_path / "stores") == at_once and len({unit[:2] for unit, _question, _text in at_once}) == PROVINCES
    assert release.protocol["workers"] == count - 1 and "workers" not in alone.protocol
    assert release.protocol["opened"] == BALLOTS and release.audit["trees"] == PROVINCES
    printed = [" ".join(words(page) for page in pages(protocol_pdf(one, Locale("en")))) for one in (release, alone)]
    assert ["Processes that helped and held the key" in " ".join(text.split()) for text in printed] == [True, False]


@pytest.mark.usefixtures("portions")
@pytest.mark.parametrize("step", [1, 3], ids=["opening", "protecting"])
def test_what_a_dead_process_had_is_done_again_here_and_counted_once(
    country: tuple[Path, KeyShare], alone: Release, tmp_path: Path, step: int
) -> None:
    killed: list[int] = []
    with processes(3) as workers:

        def progress(_share: float, said: str) -> None:
            if said == STEPS[step] and not killed:
                helping = next(iter(workers._pool._processes.values()))  # type: ignore[attr-defined]
                helping.kill()
                while helping.exitcode is None:  # the pool waits for its end too, and one of the two learns of it later
                    time.sleep(0.01)
                killed.append(helping.exitcode)

        release = closed(country, tmp_path / "stores", workers, progress)
    assert killed == [-9]
    assert same(release, alone) and release.protocol["opened"] == BALLOTS


@pytest.mark.usefixtures("portions")
def test_a_worker_of_another_machine_is_sent_ballots_and_not_where_they_lie(
    country: tuple[Path, KeyShare], alone: Release, tmp_path: Path
) -> None:
    sent: list[object] = []

    class Far(Alone):
        near = False

        def each(self, work: Callable[[Any], Any], pieces: Iterable[Any]) -> Iterator[Any]:
            for piece in pieces:
                sent.append(getattr(piece, "portion", None))
                yield work(piece)

    assert same(closed(country, tmp_path / "stores", Far()), alone)
    ballots = [len(portion.sealed) for portion in sent if isinstance(portion, Contents)]
    assert len(ballots) == 16 and sum(ballots) == BALLOTS and len(sent) == 16 + PROVINCES


def test_tree_by_tree_is_the_same_as_all_at_once(country: tuple[Path, KeyShare], alone: Release) -> None:
    questionnaire = shipped_questionnaires()[0]
    wave = alone.wave
    tallies = tally(wave, questionnaire, simulate(questionnaire, wave.plan, 2025.0, seed=5)[:BALLOTS])
    whole = protect(tallies, wave.plan, Policy.load())
    pd.testing.assert_frame_equal(_sorted(whole.cells), _sorted(alone.cells))
    assert whole.audit["published"] == alone.audit["published"] and whole.audit["hidden"] == alone.audit["hidden"] > 0
    # It would be seen: another province's answers give other cells.
    other = protect(tally(wave, questionnaire, simulate(questionnaire, wave.plan, 2025.0, seed=6)[:BALLOTS]), wave.plan, Policy.load())
    assert other.cells_hash != whole.cells_hash == replace(alone, quality=None).cells_hash


def _sorted(cells: pd.DataFrame) -> pd.DataFrame:
    return cells.sort_values(["unit", "breakdown", "category", "measure"]).reset_index(drop=True)


@pytest.fixture(scope="module")
def dask(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dask]:
    with cluster(tmp_path_factory.mktemp("dask"), workers=2) as running:
        yield running


@pytest.mark.usefixtures("portions")
def test_a_worker_that_dies_is_replaced_and_nothing_is_counted_twice(
    country: tuple[Path, KeyShare], alone: Release, tmp_path: Path, dask: Dask
) -> None:
    dying = dask.add()
    killed: list[float] = []

    def progress(share: float, step: str) -> None:
        if share > 0.1 and not killed:
            killed.append(share)
            dying.kill()
            dying.wait()

    dask.ready()
    with dask_workers(dask.address, dask.certificates) as workers:
        release = closed(country, tmp_path / "stores", workers, progress)
    assert killed and killed[0] < 0.5
    assert same(release, alone)
    assert release.protocol["opened"] == BALLOTS and release.protocol["workers"] == 3


def held_by_scheduler(dask_scheduler: Any, secret: bytes) -> bool:
    """Run on the scheduler: does a task it keeps hold `secret`?"""
    return any(secret in pickle.dumps(task.run_spec) for task in dask_scheduler.tasks.values())


def shown(piece: bytes) -> bytes:
    return piece


def test_the_scheduler_sees_neither_keys_nor_ballots(dask: Dask) -> None:
    secret, other = b"a private key of thirty-two bytes", b"another key of two and thirty more"
    with dask.client() as client:
        workers = Cluster(client)
        under_way = workers._begin(shown, secret)
        assert under_way.result() == secret and workers.held == 1
        leaky = client.submit(shown, other, pure=False)  # through the scheduler
        assert leaky.result() == other
        assert client.run_on_scheduler(held_by_scheduler, secret=other)
        assert not client.run_on_scheduler(held_by_scheduler, secret=secret)


@pytest.fixture
def nothing_opened(country: tuple[Path, KeyShare], tmp_path: Path) -> Iterator[Line]:
    """A command line on a copy of the country; the box is as it was afterwards, and still open."""
    shutil.copytree(country[0], tmp_path / "stores")
    (tmp_path / "share.json").write_bytes(country[1].to_bytes())
    yield Line(Settings.read({"LANGNGHE_DATA_DIR": str(tmp_path / "stores")}))
    services = build(Settings.read({"LANGNGHE_DATA_DIR": str(tmp_path / "stores")}))
    standing_ = services.box.standing("2026")
    assert standing_ is not None and standing_.shut is None and services.box.count("2026") == BALLOTS
    services.close()


CLOSE = ("wave", "close", "2026", "--accept-difference", "--share")


def test_a_cluster_that_cannot_be_used_is_told_before_anything_is_opened(nothing_opened: Line, dask: Dask, tmp_path: Path) -> None:
    share = tmp_path / "share.json"
    found = [
        nothing_opened.refused(*CLOSE, share, "--scheduler", *options)
        for options in (
            (dask.address.replace("tls", "tcp"), "--certificates", dask.certificates),
            (dask.address, "--certificates", tmp_path),
            ("tls://127.0.0.1:9", "--certificates", dask.certificates),
        )
    ]
    assert "begins with tls://" in found[0]
    assert "ca.pem, cert.pem, key.pem" in found[1]
    assert "tls://127.0.0.1:9" in found[2] and "stays sealed" in found[2]


@pytest.mark.parametrize("fault", ["version", "spills"])
def test_a_worker_that_may_not_help_is_told_before_anything_is_opened(nothing_opened: Line, tmp_path: Path, fault: str) -> None:
    home = REPOSITORY
    if fault == "version":
        home = tmp_path / "other"
        for room in ("survey", "commands", "db"):
            shutil.copytree(REPOSITORY / room, home / room)
        with (home / "survey" / "errors.py").open("a", encoding="utf-8") as file:
            file.write("# another version\n")
    with cluster(tmp_path, home=home, settings={} if fault == "spills" else IN_MEMORY) as running:
        options = ("--scheduler", running.address, "--certificates", running.certificates)
        told = nothing_opened.refused(*CLOSE, tmp_path / "share.json", *options)
    assert ("different versions" in told and "langnghe" in told) if fault == "version" else "may write what it holds to its disk" in told
