"""Everybody at once for minutes: memory over time and how long people wait.

python -m benchmarks.mixed            3 minutes
python -m benchmarks.mixed 30         30 minutes
"""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable

import psutil

from benchmarks import Row
from benchmarks.installation import Installation, installed
from benchmarks.people import Noted, lead, organize, respond
from benchmarks.replicas import PAGES, reported
from survey.access import Role

MINUTES = 3.0
RESPONDENTS, LEADERS, ORGANIZERS = 40, 10, 1
EVERY = 30.0  # seconds from one look at the memory to the next
MORE_PAGES = (*PAGES, "results-breakdowns", "results-drivers", "results-comments")


def rows(minutes: float = MINUTES) -> list[Row]:
    with installed() as house:
        return measured(house, minutes)


def measured(house: Installation, minutes: float) -> list[Row]:
    noted, over = Noted(), threading.Event()
    forms = iter(house.forms(int(RESPONDENTS * minutes * 60 / 8) + RESPONDENTS))
    before = house.services.box.count(house.wave.id)
    work: list[tuple[Callable[..., None], tuple[object, ...]]] = [(respond, (house.place, forms, noted, over, 10.0))] * RESPONDENTS
    for _ in range(LEADERS):
        work.append((lead, (house.place, house.signed_in(Role.LEADER), MORE_PAGES, noted, over, 8.0)))
    for _ in range(ORGANIZERS):
        work.append((organize, (house.place, house.signed_in(Role.ORGANIZER), noted, over, 20.0)))

    def guarded(act: Callable[..., None], arguments: tuple[object, ...]) -> None:
        try:
            act(*arguments)
        except Exception as error:
            noted.errors.append(repr(error))

    threads = [threading.Thread(target=guarded, args=one) for one in work]
    for thread in threads:
        thread.start()
    seen = watched(house, minutes * 60)
    over.set()
    for thread in threads:
        thread.join()
    steps = seen[:: max(1, len(seen) // 8)]
    over_time = ", ".join(f"{at / 60:.1f} min {'+'.join(str(one) for one in sizes)}" for at, sizes in steps)
    return [*reported(house, noted, before, waits=False), Row("resident memory of the replicas, MiB", over_time), *(
        Row(f"{what}, number: median / 95th / 99th percentile", noted.said(what)) for what in sorted(noted.took)
    )]  # fmt: skip


def watched(house: Installation, seconds: float) -> list[tuple[float, list[int]]]:
    """(seconds since the beginning, MiB of each replica), at the beginning, every EVERY seconds, and at the end."""
    processes = [psutil.Process(one.process.pid) for one in house.replicas]
    began, found = time.monotonic(), []
    while True:
        at = time.monotonic() - began
        found.append((at, [one.memory_info().rss // 2**20 for one in processes]))
        print(f"{at / 60:5.1f} min  {found[-1][1]} MiB", file=sys.stderr)
        if at >= seconds:
            return found
        time.sleep(min(EVERY, seconds - at) + 0.01)


if __name__ == "__main__":
    for row in rows(float(sys.argv[1]) if sys.argv[1:] else MINUTES):
        print(f"| mixed | {row.what} | {row.figure} | {row.target} |")
