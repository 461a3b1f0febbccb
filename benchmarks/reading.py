"""Reading a country: leaders of 34 provinces over 8 waves, in one process with the services of a results server.

Every wave is answered by simulation in one province of 60 units, protected and attacked as a close does it; that province then
stands in the wave 34 times, under 34 names, and the release of them all is written by the product's own import. What is read
and held is a country's; what is alike are the numbers. LANGNGHE_READING_UNITS asks for provinces of another size,
LANGNGHE_READING_PROVINCES for another number of them. Then the leaders of all provinces at once, of units and of provinces in turn, each with a
page open on a real server (LANGNGHE_READING_LEADERS: fewer of them).
"""

from __future__ import annotations

import gc
import json
import logging
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from statistics import median
from threading import Event
from typing import Any
from unittest.mock import patch

import psutil

from benchmarks import Row
from benchmarks.leader_pages import run_once
from benchmarks.sheet import leader_ticket
from benchmarks.stores import environment, new_folder, open_stores
from benchmarks.window import Window
from bootstrap import Services, Settings, Showing, build_surface
from pages.plain import reading_ahead
from pages.plain.session import COOKIE
from survey.access import OPERATOR, Role, Viewer
from survey.demonstration.answers import simulate
from survey.design.plan import Plan
from survey.design.questionnaire_file import shipped_questionnaires
from survey.design.units import Unit, UnitRegister
from survey.design.wave import Origin, WaveState
from survey.disclose.assessing import assessed
from survey.disclose.forest import together, trees
from survey.disclose.policy import Policy
from survey.disclose.protect import protect
from survey.disclose.quality import Quality
from survey.disclose.release import Release
from survey.process.scored import scored
from survey.process.tallies import tally
from tests.conftest import REPOSITORY
from tests.server import at_rest, serving

PROVINCES = int(os.environ.get("LANGNGHE_READING_PROVINCES", "34"))
UNITS = int(os.environ.get("LANGNGHE_READING_UNITS", "60"))
WAVES, GROUPS, STAFF = 8, 4, 90
LEADERS = int(os.environ.get("LANGNGHE_READING_LEADERS", "2000"))
PAGES = ("overview", "comparison", "trend")


def rows() -> list[Row]:
    folder = new_folder()
    made = _child(folder, "make")
    about = f"{PROVINCES} provinces of {UNITS} units, {WAVES} waves"
    found = [Row(f"{about}: stored", f"{made['cells']:,} cells a wave; {made['mebibytes']:.0f} MiB of file")]
    seen = _child(folder, "read")
    found.append(Row("a server's start: reading ahead", f"{seen['ahead']:.1f} s of processor; {seen['ahead_rows']:,} rows"))
    memory = ", ".join(f"{size:.0f}" for size in seen["memory"])
    found.append(Row("resident memory: started, read ahead, after each ten provinces", f"{memory} MiB", "< 600 MiB"))
    for page in PAGES:
        first, after = seen["first"][page], seen["next"][page]
        found.append(
            Row(
                f"{page}, first of a province and the next (processor), median and longest; rows read",
                f"{median(first):.0f}, {max(first):.0f} ms; {median(after):.0f}, {max(after):.0f} ms; "
                f"{median(seen['first_rows'][page]):,.0f}, {median(seen['next_rows'][page]):,.0f} rows",
                "< 1000 ms",
            )
        )
    everything = seen["everything"]
    said = ", ".join(f"{page} {took:.0f}" for page, took in everything["milliseconds"].items())
    found.append(Row("who sees the whole country, first pages (processor)", f"{said} ms; {everything['memory']:.0f} MiB"))
    return [*found, _at_once(folder)]


def _at_once(folder: Path) -> Row:
    """Windows that stay open, one of each province and then the next; a server that shows results and nothing else."""
    services = open_stores(folder)
    cookies = [_cookie(services, unit) for number in range(PROVINCES) for unit in (_province(number), f"{_province(number)}.0")]
    services.close()
    with serving({**environment(folder), "LANGNGHE_SURFACE": "results"}, folder) as server, ExitStack() as opened:
        process = psutil.Process(at_rest(server).process.pid)
        memory, before = [process.memory_info().rss / 2**20], sum(process.cpu_times()[:2])
        for number in range(LEADERS):
            page = f"results-{PAGES[number // len(cookies) % len(PAGES)]}"
            opened.enter_context(Window(server.base, page, cookies[number % len(cookies)])).run()
            if number % 500 == 499 or number == LEADERS - 1:
                memory.append(process.memory_info().rss / 2**20)
                print(f"{number + 1} leaders: {memory[-1]:.0f} MiB", file=sys.stderr)
        took = 1000 * (sum(process.cpu_times()[:2]) - before) / LEADERS
    said = ", ".join(f"{size:.0f}" for size in memory)
    return Row(
        f"{LEADERS:,} leaders at once, a page open each, on one server: resident memory at its start and after each 500; processor of a page",
        f"{said} MiB ({1024 * (memory[-1] - memory[0]) / LEADERS:.0f} KiB each); {took:.0f} ms", "< 600 MiB",
    )  # fmt: skip


def _cookie(services: Services, unit: str) -> str:
    return f"{COOKIE}={services.signing_in.redeem(leader_ticket(services, unit))}"


def _child(folder: Path, what: str) -> Any:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.reading", what],
        cwd=REPOSITORY, check=True, stdout=subprocess.PIPE, text=True,
        env={**os.environ, "OPENBLAS_NUM_THREADS": "1", **environment(folder), "LANGNGHE_SURFACE": "results" if what == "read" else "all"},
    )  # fmt: skip
    return json.loads(done.stdout.splitlines()[-1])


# The stores


def _province(number: int) -> str:
    return f"p{number:02}"


def _make(folder: Path) -> dict[str, Any]:
    services = open_stores(folder)
    units = []
    for number in range(PROVINCES):
        root = _province(number)
        units.append(Unit(id=root, name_vi=f"Tỉnh {number}", kind="tinh", group="tinh"))
        units += [
            Unit(id=f"{root}.{unit}", name_vi=f"Đơn vị {unit}", kind="so", group=f"g{unit % GROUPS}", parent=root, headcount=STAFF)
            for unit in range(UNITS)
        ]
    services.design.save_units(OPERATOR, UnitRegister(tuple(units)))
    questionnaire = shipped_questionnaires()[0]
    services.design.save_questionnaire(OPERATOR, questionnaire)
    cells = 0
    for year in range(2019, 2019 + WAVES):
        draft = services.design.draft_wave(OPERATOR, str(year), questionnaire.id, date(year, 11, 1), date(year, 11, 30))
        wave = replace(draft, state=WaveState.PUBLISHED, origin=Origin.RESPONSES)
        plans = trees(wave.plan)
        counted = scored(questionnaire, simulate(questionnaire, plans[0], float(year), seed=year))
        first = replace(wave, plan=plans[0])
        one = assessed(protect(tally(first, questionnaire, counted), plans[0], Policy.load()), counted, Policy.load())
        whole = together(wave, [_under(one, plan) for plan in plans])
        services.importing.store(OPERATOR, [whole])
        cells = len(whole.cells)
        print(f"{wave.id}: {cells:,} cells", file=sys.stderr)
    services.close()
    return {"cells": cells, "mebibytes": sum(path.stat().st_size for path in folder.iterdir() if path.is_file()) / 2**20}


def _under(one: Release, plan: Plan) -> Release:
    """The same tree's release under the names of another."""
    names = dict(zip((node.id for node in one.plan.nodes), (node.id for node in plan.nodes), strict=True))
    quality = one.quality and Quality(
        units={names[unit]: mark for unit, mark in one.quality.units.items()},
        alphas={names[unit]: found for unit, found in one.quality.alphas.items()},
        drivers={names[unit]: found for unit, found in one.quality.drivers.items()},
    )
    return replace(one, wave=replace(one.wave, plan=plan), cells=one.cells.assign(unit=one.cells["unit"].map(names)), quality=quality)


# The leaders


@dataclass
class _Count:
    rows: int = 0


@contextmanager
def _rows_read() -> Iterator[_Count]:
    """Counts what database drivers hand over."""
    from sqlalchemy.engine.cursor import BufferedRowCursorFetchStrategy, CursorFetchStrategy

    count = _Count()

    def counting(name: str, strategy: Any = CursorFetchStrategy) -> Any:
        asked = getattr(strategy, name)

        def fetch(self: Any, *arguments: Any, **named: Any) -> Any:
            found = asked(self, *arguments, **named)
            count.rows += len(found) if isinstance(found, list) else int(found is not None)
            return found

        return patch.object(strategy, name, fetch)

    some_at_a_time = counting("fetchmany", BufferedRowCursorFetchStrategy)
    with counting("fetchone"), counting("fetchmany"), counting("fetchall"), some_at_a_time:
        yield count


def _memory() -> float:
    gc.collect()
    return float(psutil.Process().memory_info().rss) / 2**20


def _leader(unit: str) -> Viewer:
    return Viewer(name=unit, role=Role.LEADER, unit=unit)


def _read() -> dict[str, Any]:
    logging.getLogger("streamlit").setLevel(logging.ERROR)
    services = build_surface(Settings.read(os.environ))
    assert isinstance(services, Showing)
    with _rows_read() as count:
        memory = [_memory()]
        began = time.process_time()
        reading_ahead.read(services.results, Event())
        ahead, ahead_rows = time.process_time() - began, count.rows
        memory.append(_memory())
        found: dict[str, Any] = {kind: {page: [] for page in PAGES} for kind in ("first", "next", "first_rows", "next_rows")}

        def opened(kind: str, page: str, viewer: Viewer, unit: str) -> None:
            before = count.rows
            found[kind][page].append(run_once(page, services, unit, viewer).cpu)  # type: ignore[arg-type]
            found[f"{kind}_rows"][page].append(count.rows - before)

        for number in range(PROVINCES):
            root = _province(number)
            for page in PAGES:
                opened("first", page, _leader(root), root)
            for page in PAGES:
                opened("next", page, _leader(root), root)
            if number % 10 == 9 or number == PROVINCES - 1:
                memory.append(_memory())
        everything = {page: run_once(page, services, _province(1), Viewer(name="all", role=Role.LEADER)).cpu for page in PAGES}  # type: ignore[arg-type]
        return {
            **found, "memory": memory, "ahead": ahead, "ahead_rows": ahead_rows,
            "everything": {"milliseconds": everything, "memory": _memory()},
        }  # fmt: skip


if __name__ == "__main__":
    print(json.dumps(_make(Path(os.environ["LANGNGHE_DATA_DIR"])) if sys.argv[1] == "make" else _read()))
