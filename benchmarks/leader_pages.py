"""A leader's pages: server time of one run of the script, without the network and the browser.

Cold: the first run of a page on freshly opened stores (the release is read from the database).
Warm: the median of the runs after it, over several units, as every later click finds it.
"""

from __future__ import annotations

import logging
import statistics
from pathlib import Path

from streamlit.testing.v1 import AppTest

from benchmarks import Row
from benchmarks.stores import demonstration, open_stores, pses
from bootstrap import Services
from survey.access import OPERATOR
from tests.pses import UNITS

PAGES = ("overview", "comparison", "trend", "item", "breakdowns")
PROVINCE = ("ld", "ld.snv")  # the demonstration's whole, and a department
RUNS = 5


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
        ratio = sum(there[page][1] for page in PAGES) / sum(here[page][1] for page in PAGES)
        found.append(Row("PSES against the demonstration, all pages warm", f"{ratio:.1f} x"))
    return found


def said(times: tuple[float, float, float]) -> str:
    cold, warm, worst = times
    return f"{warm:.0f} ms (slowest unit {worst:.0f}, cold {cold:.0f})"


def measured(folder: Path, units: tuple[str, ...]) -> dict[str, tuple[float, float, float]]:
    """Page -> milliseconds: cold, warm median of the units, warm median of the slowest unit."""
    found = {}
    run_once("overview", open_stores(folder), units[0])  # imports of the libraries are the server's start, not a page
    for page in PAGES:
        services = open_stores(folder)
        cold = run_once(page, services, units[0])
        warm = [statistics.median(run_once(page, services, unit) for _ in range(RUNS)) for unit in units]
        found[page] = (cold, statistics.median(warm), max(warm))
        services.close()
    return found


def run_once(page: str, services: Services, unit: str) -> float:
    at = AppTest.from_function(script, default_timeout=120, args=(page, services, OPERATOR))
    at.query_params["unit"] = unit
    at.run()
    if at.exception or at.error:
        raise RuntimeError(f"{page} {unit}: {at.exception or at.error}")
    return 1000 * float(at.session_state["bench.seconds"])


def script(page: str, services: object, viewer: object) -> None:
    import importlib
    import time

    import streamlit as st

    from survey.i18n import Locale

    render = importlib.import_module(f"pages.leader.{page}").render
    began = time.perf_counter()
    render(services, viewer, Locale("vi"))
    st.session_state["bench.seconds"] = time.perf_counter() - began
