"""A leader's pages: server time of one run of the script, without the network and the browser.

Cold: the first run of a page on freshly opened stores (the release is read from the database).
Warm: the median of the runs after it, over several units, as every later click finds it.
The processor's share is what the page itself costs; the rest of the time went to others on the machine.
"""

from __future__ import annotations

import logging
import statistics
from dataclasses import dataclass
from pathlib import Path

from streamlit.testing.v1 import AppTest

from benchmarks import Row
from benchmarks.stores import demonstration, open_stores, pses
from bootstrap import Services
from survey.access import OPERATOR, Viewer
from tests.pses import UNITS

PAGES = ("overview", "comparison", "trend", "item", "breakdowns", "drivers", "comments")
PROVINCE = ("ld", "ld.snv")  # the demonstration's whole, and a department
RUNS = 5


@dataclass(frozen=True)
class Taken:
    """Milliseconds of one run: on the clock, and of the processor."""

    wall: float
    cpu: float


@dataclass(frozen=True)
class Times:
    cold: Taken
    warm: Taken


def rows() -> list[Row]:
    logging.getLogger("streamlit").setLevel(logging.ERROR)
    folder, built = demonstration()
    found = [Row("building the demonstration (`langnghe demo`)", f"{built.seconds:.0f} s")]
    here = measured(folder, PROVINCE)
    found += [Row(f"demonstration, {page}", said(here[page]), "< 300 ms") for page in PAGES]
    made = pses()
    if made is not None:
        there = measured(made[0], UNITS)
        found += [Row(f"PSES, {page}", said(there[page]), "< 1000 ms") for page in PAGES]
        ratio = sum(there[page].warm.cpu for page in PAGES) / sum(here[page].warm.cpu for page in PAGES)
        found.append(Row("PSES against the demonstration, all pages warm, processor time", f"{ratio:.1f} x"))
    return found


def said(times: Times) -> str:
    return f"{times.warm.wall:.0f} ms (processor {times.warm.cpu:.0f}); cold {times.cold.wall:.0f} ms (processor {times.cold.cpu:.0f})"


def measured(folder: Path, units: tuple[str, ...]) -> dict[str, Times]:
    found = {}
    run_once("overview", open_stores(folder), units[0])  # imports of the libraries are the server's start, not a page
    for page in PAGES:
        services = open_stores(folder)
        cold = run_once(page, services, units[0])
        runs = [run_once(page, services, unit) for unit in units for _ in range(RUNS)]
        warm = Taken(statistics.median(run.wall for run in runs), statistics.median(run.cpu for run in runs))
        found[page] = Times(cold, warm)
        services.close()
    return found


def run_once(page: str, services: Services, unit: str, viewer: Viewer = OPERATOR) -> Taken:
    at = AppTest.from_function(script, default_timeout=120, args=(page, services, viewer))
    at.query_params["unit"] = unit
    at.run()
    if at.exception or at.error:
        raise RuntimeError(f"{page} {unit}: {at.exception or at.error}")
    return Taken(*(1000 * seconds for seconds in at.session_state["bench.seconds"]))


def script(page: str, services: object, viewer: object) -> None:
    import importlib
    import time

    import streamlit as st

    from survey.i18n import Locale

    render = importlib.import_module(f"pages.leader.{page}").render
    wall, cpu = time.perf_counter(), time.thread_time()
    render(services, viewer, Locale("vi"))
    st.session_state["bench.seconds"] = (time.perf_counter() - wall, time.thread_time() - cpu)
