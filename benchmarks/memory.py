"""What a server holds: 50 leaders with the overview open, 500 open forms, and how both the memory and the page grow with
waves, units and people."""

from __future__ import annotations

import csv
import statistics
import time
import urllib.request
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import numpy as np
import psutil

from benchmarks import Row
from benchmarks.sheet import leader_ticket
from benchmarks.stores import demonstration, environment, in_the_field, langnghe, new_folder, open_stores
from benchmarks.window import Window
from pages.plain.session import COOKIE
from survey.access import OPERATOR
from survey.design.questionnaire_file import shipped_questionnaires
from survey.source import Source
from tests.server import Server, at_rest, serving

LEADERS, FORMS, RUNS = 50, 500, 9
PAGE = "results-overview"


@dataclass(frozen=True)
class Size:
    """Of an organisation: published waves, units, and people in each unit."""

    waves: int = 2
    units: int = 100
    people: int = 30


GROWTH = {"waves": (2, 4, 8), "units": (100, 300, 900), "people": (30, 120, 480)}


def rows() -> list[Row]:
    return [*_leaders(), *_forms(), *_growth()]


def _leaders() -> list[Row]:
    folder = demonstration()[0]
    cookie = _cookie(folder)
    with serving(environment(folder), folder) as server, ExitStack() as opened:
        before = _held(at_rest(server))
        for _ in range(LEADERS):
            opened.enter_context(Window(server.base, PAGE, cookie)).run()
        after = _held(server)
    return [Row(f"demonstration: {LEADERS} leaders with the overview open, memory before, after, each", _said(before, after, LEADERS))]


def _forms() -> list[Row]:
    field = in_the_field(staff=10, many=50)
    field.services.close()
    codes = [code for code, _unit in field.codes[:FORMS]]
    with serving(environment(field.folder), field.folder) as server, ExitStack() as opened:
        before = _held(at_rest(server))
        for code in codes:
            with urllib.request.urlopen(f"{server.base}/p?code={code}") as page:
                page.read()
        plain = _held(server)
        for _ in codes:
            opened.enter_context(Window(server.base, "answer")).run()
        streamlit = _held(server)
    return [
        Row(f"{FORMS} forms open on `/p`, memory before, after, each", _said(before, plain, FORMS), "nothing is kept of them"),
        Row(f"{FORMS} pages `/answer` open beside them, each with its websocket", _said(plain, streamlit, FORMS)),
    ]


def _growth() -> list[Row]:
    found = []
    for name, sizes in GROWTH.items():
        measured = [_organisation(replace(Size(), **{name: size})) for size in sizes]
        figures = "; ".join(f"{size:,}: {one}" for size, one in zip(sizes, measured, strict=True))
        found.append(Row(f"overview with more {name} (else {Size()}): memory of the server, page warm: processor, clock", figures))
    return found


@cache
def _organisation(size: Size) -> str:
    folder = published(size)
    cookie = _cookie(folder)
    with serving(environment(folder), folder) as server, Window(server.base, PAGE, cookie) as window:
        at_rest(server)
        window.run()
        taken = [_taken(server, window.run) for _ in range(RUNS)]
        processor, clock = (statistics.median(column) for column in zip(*taken, strict=True))
        return f"{_held(server):.0f} MiB, {processor:.0f} ms, {clock:.0f} ms"


def published(size: Size) -> Path:
    """Stores with the results of so many waves: counts as another body would have published them."""
    folder, drawn = new_folder(), np.random.default_rng(7)
    services = open_stores(folder)
    form = shipped_questionnaires()[0]
    services.design.save_questionnaire(OPERATOR, form)
    points = [point.value for scale in form.scales.values() for point in scale.points]
    names = [f"u{number}" for number in range(size.units)]
    with (folder / "units.csv").open("w", encoding="utf-8", newline="") as file:
        lines = csv.writer(file)
        lines.writerow(["id", "name_vi", "kind", "group", "parent", "headcount"])
        lines.writerow(["r", "Tỉnh đo bộ nhớ", "tinh", "tinh", "", ""])
        lines.writerows([name, f"Đơn vị {name}", "so", f"g{number % 4}", "r", size.people] for number, name in enumerate(names))
    with (folder / "counts.csv").open("w", encoding="utf-8", newline="") as file:
        lines = csv.writer(file)
        lines.writerow(["wave", "unit", "item", "option", "n"])
        for wave in range(size.waves):
            for item in form.items:
                given = drawn.multinomial(size.people, drawn.dirichlet(np.full(len(points), 4.0)), size.units)
                for name, counts in [*zip(names, given, strict=True), ("r", given.sum(axis=0))]:
                    lines.writerows([2026 - wave, name, item.id, point, count] for point, count in zip(points, counts, strict=True))
    services.design.save_units(OPERATOR, services.design.read_units(OPERATOR, Source.open(folder / "units.csv")))
    services.close()
    langnghe(folder, "import", "counts", str(folder / "counts.csv"), "--questionnaire", form.id, "--published")
    return folder


def _cookie(folder: Path) -> str:
    services = open_stores(folder)
    cookie = f"{COOKIE}={services.signing_in.redeem(leader_ticket(services))}"
    services.close()
    return cookie


def _taken(server: Server, act: Callable[[], object]) -> tuple[float, float]:
    """Milliseconds of the server's processor and of the clock."""
    process = psutil.Process(server.process.pid)
    before, began = sum(process.cpu_times()[:2]), time.perf_counter()
    act()
    return 1000 * (sum(process.cpu_times()[:2]) - before), 1000 * (time.perf_counter() - began)


def _held(server: Server) -> float:
    """MiB."""
    return float(psutil.Process(server.process.pid).memory_info().rss / 2**20)


def _said(before: float, after: float, count: int) -> str:
    return f"{before:.0f} MiB, {after:.0f} MiB, {1024 * (after - before) / count:.0f} KiB"
