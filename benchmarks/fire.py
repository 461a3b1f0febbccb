"""A wave closed again and again while answers come in: who has a receipt is counted, once."""

from __future__ import annotations

import secrets
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from time import sleep

from benchmarks import Row
from benchmarks.stores import environment, new_folder
from bootstrap import Settings, build
from survey.access import OPERATOR
from survey.errors import SurveyError
from tests.small_world import TODAY, answers, open_wave

CLOSES = 6
CLIENTS = 6


def rows() -> list[Row]:
    said: Counter[str] = Counter()
    for _ in range(CLOSES):
        said += closed_under_fire()
    return [
        Row(f"{CLOSES} closes, each with {CLIENTS} clients sending: receipts given", str(said["receipts"])),
        Row("receipts without a counted ballot / ballots counted twice", f"{said['lost']} / {said['doubled']}", "0 / 0"),
        Row("told that the ballots are being counted", str(said["told"])),
        Row("closes refused", str(said["refused"]), "0"),
    ]


def closed_under_fire() -> Counter[str]:
    services = build(Settings.read(environment(new_folder())))
    wave, codes, shares = open_wave(services)
    raw = {"answers": answers(services.design.questionnaires(OPERATOR)[0])}
    waiting = [code for unit in codes.values() for code in unit]
    begun, stop = Event(), Event()
    said: Counter[str] = Counter()

    def send(mine: list[str]) -> list[str]:
        """Each form twice, as an impatient click does."""
        receipts = []
        for code in mine:
            attempt = secrets.token_hex(16)
            try:
                receipts.append(services.collect.submit(code, raw, TODAY, attempt).text)
                services.collect.submit(code, raw, TODAY, attempt)
            except SurveyError:
                said["told"] += 1
            begun.set()
            if stop.is_set():
                break
            sleep(0.05)
        return receipts

    with ThreadPoolExecutor(CLIENTS) as pool:
        working = [pool.submit(send, waiting[place::CLIENTS]) for place in range(CLIENTS)]
        begun.wait(60)
        try:
            services.closing.close(OPERATOR, wave.id, shares)
        except SurveyError:
            said["refused"] += 1
        stop.set()
        given = [receipt for one in working for receipt in one.result()]
    # A form sent twice and counted twice would have a receipt that nobody was shown.
    counted = services.results.receipts(wave.id).split()
    said.update(receipts=len(given), lost=len(set(given) - set(counted)), doubled=len(set(counted) - set(given)))
    services.close()
    return said
