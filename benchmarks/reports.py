"""Reports of 100 units, one after the other on one core, as `langnghe report --all-units` makes them."""

from __future__ import annotations

import time

from benchmarks import Row
from benchmarks.stores import demonstration, open_stores
from survey.access import OPERATOR
from survey.disseminate.report.service import FORMATS
from survey.i18n import Locale

WAVE = "2025"
UNITS = 100
PROVINCE = "dn"


def rows() -> list[Row]:
    services = open_stores(demonstration()[0])
    found = []
    units = services.reports.units(OPERATOR, WAVE)
    for kind in FORMATS:
        services.reports.one(OPERATOR, WAVE, PROVINCE, kind, Locale("vi"))  # libraries and releases are read
        wall, cpu, size = time.perf_counter(), time.process_time(), 0
        for unit in (units * (1 + UNITS // len(units)))[:UNITS]:
            size += len(services.reports.one(OPERATOR, WAVE, unit, kind, Locale("vi")).content)
        wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
        target = "< 180 s" if kind == "docx" else ""
        found.append(Row(f"{UNITS} units, {kind}, {size / UNITS / 1024:.0f} kB each", f"{wall:.0f} s (processor {cpu:.0f})", target))
    services.close()
    return found
