"""Replicas killed and started again among 200 respondents and 20 signed-in leaders: no receipt is without its ballot."""

from __future__ import annotations

import threading
import time
from collections import Counter

from benchmarks import Row
from benchmarks.installation import Installation, installed
from benchmarks.people import Noted, lead, respond
from survey.access import Role
from survey.collect.ballot import receipt as receipt_of

RESPONDENTS, LEADERS = 200, 20
SECONDS = 90
FORMS = 6000
PAGES = ("results-overview", "results-comparison", "results-trend", "results-item")


def rows() -> list[Row]:
    with installed() as house:
        return measured(house, SECONDS)


def measured(house: Installation, seconds: float, respondents: int = RESPONDENTS, leaders: int = LEADERS) -> list[Row]:
    """In three equal parts: both; the first replica killed; it is back, and the second is killed."""
    forms, noted, over = iter(house.forms(FORMS)), Noted(), threading.Event()
    cookies = [house.signed_in(Role.LEADER) for _ in range(leaders)]
    before = house.services.box.count(house.wave.id)

    def guarded(act: object, *arguments: object) -> None:
        try:
            act(*arguments)  # type: ignore[operator]
        except Exception as error:
            noted.errors.append(repr(error))

    work = [(respond, house.place, forms, noted, over, 12.0) for _ in range(respondents)]
    work += [(lead, house.place, cookie, PAGES, noted, over, 12.0) for cookie in cookies]  # type: ignore[misc]
    threads = [threading.Thread(target=guarded, args=one) for one in work]
    for thread in threads:
        thread.start()
    time.sleep(seconds / 3)
    house.kill(0)
    time.sleep(seconds / 3)
    house.restart(0)
    house.kill(1)
    time.sleep(seconds / 3)
    over.set()
    for thread in threads:
        thread.join()
    house.restart(1)
    about = f"{respondents} respondents and {leaders} signed-in leaders, {seconds:.0f} s, both replicas killed in turn"
    return [Row("among", about), *reported(house, noted, before)]


def reported(house: Installation, noted: Noted, before: int, waits: bool = True) -> list[Row]:
    stored = house.services.box.count(house.wave.id) - before
    there = Counter(receipt_of(sealed) for sealed in house.services.box.ballots(house.wave.id))
    given = set(noted.receipts)
    lost = sum(receipt not in there for receipt in given)
    doubled = sum(there[receipt] - 1 for receipt in given if receipt in there)
    if lost or doubled:
        raise RuntimeError(f"lost {lost}, doubled {doubled}")
    return [
        Row(
            "receipts given / of them without a ballot",
            f"{len(given):,} / {lost}",
            "0",
        ),
        Row("ballots counted twice", str(doubled), "0"),
        Row("ballots in the box beyond the receipts (the receipt was cut off and not asked for again)", str(stored - len(given)), "0"),
        Row("times somebody was let down and tried again", str(noted.let_down)),
        Row("refused, signed out or given up", f"{len(noted.errors)} {noted.errors[:1] or ''}".strip(), "0"),
        *(
            Row(f"{what}, number: median / 95th / 99th percentile, waiting for a way included", noted.said(what))
            for what in (noted.took if waits else ())
        ),
    ]
