"""Answers trickle in while the box is shut and the wave closed: every one that is acknowledged is counted."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event

import pytest
from sqlalchemy import delete

from bootstrap import Services, Settings
from db.box import SealedBox
from db.box_models import BALLOT
from db.cover import CoverMissing
from survey.access import OPERATOR
from survey.collect.box import BoxChanged, BoxShut, BoxUnknown
from survey.errors import SurveyError
from tests.conftest import REPOSITORY
from tests.small_world import GENDER, TODAY, answers, draft_wave, open_wave

THREADS = 6


def test_no_answer_of_many_threads_is_acknowledged_and_not_counted(services: Services) -> None:
    wave, codes, shares = open_wave(services, breakdowns=GENDER)
    questionnaire = services.design.questionnaires(OPERATOR)[0]
    waiting = [code for unit in codes.values() for code in unit]
    begun, stop = Event(), Event()
    refusals: list[str] = []

    def answer(mine: list[str]) -> list[str]:
        shown = []
        for code in mine:
            try:
                shown.append(services.collect.submit(code, {"answers": answers(questionnaire)}, TODAY).text)
            except SurveyError as refused:
                refusals.append(refused.code)
            if len(shown) == 3:
                begun.set()
            if stop.is_set():
                break
            time.sleep(0.05)  # slowly enough that the box is shut before the codes are used up
        return shown

    closing = services.closing  # imports what a close needs: meanwhile the codes would be used up
    with ThreadPoolExecutor(THREADS) as pool:
        working = [pool.submit(answer, waiting[place::THREADS]) for place in range(THREADS)]
        begun.wait(20)
        release = closing.close(OPERATOR, wave.id, shares)
        stop.set()
        acknowledged = sorted(receipt for one in working for receipt in one.result())
    assert services.results.receipts(wave.id).split() == acknowledged
    assert release.protocol["ballots"] == release.protocol["spent"] == len(acknowledged) >= 3
    assert "counting" in refusals and set(refusals) <= {"counting", "closed"}


def test_no_answer_of_several_processes_is_acknowledged_and_not_counted(services: Services, settings: Settings, tmp_path: Path) -> None:
    wave, codes, shares = open_wave(services, breakdowns=GENDER)
    waiting = [code for unit in codes.values() for code in unit]
    environment = {
        **os.environ, "LANGNGHE_DATA_DIR": str(settings.data_dir),
        "LANGNGHE_DATABASE_URL": settings.database_url, "LANGNGHE_BOX_URL": settings.box_url,
    }  # fmt: skip
    processes = []
    for place in range(2):
        listed = tmp_path / f"codes-{place}"
        listed.write_text("\n".join(waiting[place::2]), encoding="utf-8")
        command = [sys.executable, "-m", "tests.publish.answering", str(listed)]
        processes.append(subprocess.Popen(command, cwd=REPOSITORY, env=environment, stdout=subprocess.PIPE, text=True))
    pipes = [process.stdout for process in processes if process.stdout is not None]
    said = [pipe.readline().strip() for pipe in pipes for _ready_and_receipts in range(5)]
    services.closing.close(OPERATOR, wave.id, shares)
    for pipe in pipes:
        with pipe:
            said += pipe.read().split()
    assert [process.wait(60) for process in processes] == [0, 0]
    acknowledged = sorted(line for line in said if line.count("-") == 3)
    assert services.results.receipts(wave.id).split() == acknowledged and len(acknowledged) >= 5
    assert [line for line in said if line not in acknowledged] == ["ready", "ready", "counting", "counting"]


def test_a_shut_box_holds_what_it_acknowledged_and_takes_no_more(services: Services) -> None:
    """Two application processes, as far as the database can tell: two boxes over two lines of their own."""
    boxes = [SealedBox(services.engines[1], services.box.covers) for _ in range(2)]
    for turn in range(20):
        wave = f"w{turn}"
        boxes[0].begin(wave, bytes(32))
        go = threading.Barrier(9)

        def put(number: int, wave: str = wave, go: threading.Barrier = go) -> int:
            go.wait()
            stored = 0
            for again in range(4):
                try:
                    stored += boxes[number % 2].put(wave, bytes([number, again]) * 16, b"sealed" * 100)
                except BoxShut:
                    break
            return stored

        with ThreadPoolExecutor(8) as pool:
            working = [pool.submit(put, number) for number in range(8)]
            go.wait()
            time.sleep(turn * 0.0005)
            boxes[turn % 2].shut(wave)
            held = boxes[0].count(wave)
            assert sum(one.result() for one in working) == held == boxes[1].count(wave)


def test_every_door_says_that_the_ballots_are_being_counted(services: Services) -> None:
    wave, codes, _shares = open_wave(services)
    services.collect.submit(codes["Sở A"][0], {}, TODAY)
    services.box.shut(wave.id)
    for code in codes["Sở A"][:2]:  # a spent one and a fresh one: a shut box does not tell them apart
        with pytest.raises(BoxShut):
            services.collect.open(code, TODAY)
        with pytest.raises(BoxShut):
            services.collect.submit(code, {}, TODAY)
    assert services.box.count(wave.id) == 1


def test_an_answer_that_meets_a_counted_box_without_its_cover_hears_of_the_count(services: Services) -> None:
    """A destruction takes the cover first and the row that stands for the box last; a machine without a cover is not one."""
    wave, codes, _shares = open_wave(services)
    code, attempt = codes["Sở A"][0], "ab" * 16
    services.collect.submit(code, {}, TODAY, attempt)
    mark = services.box.shut(wave.id)
    services.box.forget(wave.id)
    with pytest.raises(CoverMissing):
        services.collect.submit(code, {}, TODAY, attempt)
    assert services.box.settle(wave.id, mark)
    for one in codes["Sở A"][:2]:
        with pytest.raises(BoxShut):
            services.collect.submit(one, {}, TODAY, attempt)


def test_an_answer_whose_receipt_was_lost_on_the_way_is_known_in_a_shut_box(services: Services) -> None:
    wave, codes, _shares = open_wave(services)
    code, attempt = codes["Sở A"][0], "ab" * 16
    first = services.collect.submit(code, {}, TODAY, attempt)
    services.box.shut(wave.id)
    again = services.collect.submit(code, {}, TODAY, attempt)
    assert again.already and again.text == first.text
    for other in ("cd" * 16, ""):  # neither the answers nor the code decide
        with pytest.raises(BoxShut):
            services.collect.submit(code, {}, TODAY, other)


def test_a_close_that_was_given_up_is_reopened_and_closed_later(services: Services) -> None:
    wave, codes, shares = open_wave(services, breakdowns=GENDER)
    services.collect.submit(codes["Sở A"][0], {}, TODAY)
    mark = services.box.shut(wave.id)
    assert services.box.shut(wave.id) == mark
    assert services.box.reopen(wave.id) and not services.box.reopen(wave.id)
    services.collect.submit(codes["Sở A"][1], {}, TODAY)
    assert services.box.shut(wave.id) != mark and not services.box.settle(wave.id, mark)
    for code in codes["Sở B"][:4]:
        with pytest.raises(BoxShut):
            services.collect.submit(code, {}, TODAY)
    release = services.closing.close(OPERATOR, wave.id, shares)
    assert release.protocol["refused"] == 0


def test_a_box_that_was_reopened_meanwhile_is_not_destroyed(services: Services) -> None:
    wave, codes, shares = open_wave(services, breakdowns=GENDER)
    questionnaire = services.design.questionnaires(OPERATOR)[0]
    for code in codes["Sở A"][:6]:
        services.collect.submit(code, {"answers": answers(questionnaire)}, TODAY)
    late = iter(codes["Sở A"][6:7])

    def progress(share: float, step: str) -> None:
        for code in late if share > 0.4 else ():
            assert services.box.reopen(wave.id)
            services.collect.submit(code, {"answers": answers(questionnaire)}, TODAY)

    with pytest.raises(SurveyError, match="reopened"):
        services.closing.close(OPERATOR, wave.id, shares, progress)
    assert services.box.count(wave.id) == 7
    assert services.closing.close(OPERATOR, wave.id, shares).protocol["ballots"] == 7


def test_a_box_that_something_else_changes_is_not_counted(services: Services) -> None:
    wave, codes, shares = open_wave(services, breakdowns=GENDER)
    left, portions = iter(codes["Sở A"]), list[int]()
    while len(portions) < 2:  # keys are random: until not all ballots lie in one portion
        services.collect.submit(next(left), {"answers": answers(services.design.questionnaires(OPERATOR)[0])}, TODAY)
        portions = [held for portion in services.box.portions(wave.id) if (held := len(portion.read().sealed))]

    def progress(share: float, step: str) -> None:
        if share > 0.1:
            with services.engines[1].begin() as connection:
                connection.execute(delete(BALLOT).where(BALLOT.c.wave == wave.id))

    with pytest.raises(BoxChanged, match=f"held {sum(portions)} ballots when it was shut, and {portions[0]} when it was read"):
        services.closing.close(OPERATOR, wave.id, shares, progress)
    assert services.box.standing(wave.id) is not None and not services.closing._releases.load(wave.id)


def test_a_counted_box_is_not_reopened(services: Services) -> None:
    wave, _codes, _shares = open_wave(services)
    mark = services.box.shut(wave.id)
    assert services.box.settle(wave.id, mark) and not services.box.reopen(wave.id)


def test_looking_never_makes_a_box(services: Services) -> None:
    draft_wave(services)
    with pytest.raises(BoxUnknown):
        services.box.is_shut("2026")
    with pytest.raises(BoxUnknown):
        services.box.put("2026", bytes(32), b"sealed")
    assert services.box.standing("2026") is None
