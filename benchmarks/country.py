"""The close of a country: half a million sealed ballots of 34 provinces, by one process and by two.

Real sealing, real box. Each close runs on a copy of the same stores, in a process of its own whose memory is read, and
that of the processes it starts. LANGNGHE_COUNTRY_BALLOTS asks for another number of ballots in the same 34 trees, LANGNGHE_COUNTRY_TREES
for another number of trees, LANGNGHE_COUNTRY_PARTS for units of units: 33 of them make a tree of two thousand.
"""

from __future__ import annotations

import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import islice, pairwise
from pathlib import Path
from typing import Any

from sqlalchemy import insert

from benchmarks import Row
from benchmarks.stores import new_folder
from bootstrap import Settings, build
from db.box_models import BALLOT
from survey.access import OPERATOR
from survey.clock import Clock
from survey.collect import ballot
from survey.collect.keys import KeyShare
from survey.demonstration.answers import simulate
from survey.design.questionnaire_file import shipped_questionnaires
from survey.design.units import Unit, UnitRegister
from survey.disclose.forest import trees
from survey.publish.doubts import Doubt
from survey.publish.workers import processes
from tests.conftest import DEBIAN_POSTGRES, REPOSITORY, drop_databases, new_databases, run_postgres

PROVINCES, UNITS, GROUPS = int(os.environ.get("LANGNGHE_COUNTRY_TREES", "34")), 60, 4
PARTS = int(os.environ.get("LANGNGHE_COUNTRY_PARTS", "0"))
BALLOTS = int(os.environ.get("LANGNGHE_COUNTRY_BALLOTS", "500000"))
WAVE = "country"
RESPONSE = 0.6  # of the staff, at least: the simulation loses some
COUNTRY = 2_000_000


@dataclass(frozen=True)
class _Stores:
    """The folder of a server, and its two databases: files in that folder where `server` is empty, else of PostgreSQL."""

    folder: Path
    server: str = ""
    databases: tuple[str, str] = ("", "")

    @property
    def environment(self) -> dict[str, str]:
        urls = dict(zip(("LANGNGHE_DATABASE_URL", "LANGNGHE_BOX_URL"), self.databases, strict=True)) if self.server else {}
        return {"LANGNGHE_DATA_DIR": str(self.folder), **urls}

    @contextmanager
    def copy(self) -> Iterator[_Stores]:
        """The same again: a close destroys what it has counted."""
        folder = new_folder() / "stores"
        shutil.copytree(self.folder, folder)
        databases = new_databases(self.server, self.databases) if self.server else self.databases
        yield replace(self, folder=folder, databases=databases)
        shutil.rmtree(folder)
        if self.server:
            drop_databases(self.server, databases)


def rows() -> list[Row]:
    found = _closes("SQLite", _Stores(new_folder()))
    with ExitStack() as stack:
        folder = Path(tempfile.mkdtemp(prefix="langnghe-pg-"))
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        server = stack.enter_context(contextmanager(run_postgres)(folder, DEBIAN_POSTGRES))
        return found + _closes("PostgreSQL", _Stores(new_folder(), server, new_databases(server)))


def _closes(name: str, stores: _Stores) -> list[Row]:
    began = time.perf_counter()
    _child(stores, "make")
    about = f"{name}: {BALLOTS:,} ballots sealed and put into a box of {PROVINCES} provinces with {UNITS * (1 + PARTS):,} units each"
    made = [Row(about, f"{time.perf_counter() - began:.0f} s")]
    found = {count: _closed(stores, count) for count in (1, 2)}
    for count, one in found.items():
        steps = ", ".join(f"{step} {seconds:.0f} s" for step, seconds in one["steps"].items() if seconds >= 1)
        memory = f"{one['memory']:.0f} MiB, a worker {one['worker']:.0f} MiB" if count > 1 else f"{one['memory']:.0f} MiB"
        made.append(
            Row(
                f"{name}: closed by {count} process(es): {one['cells']:,} cells",
                f"{one['seconds']:.0f} s; {BALLOTS / one['seconds']:.0f} ballots/s; {memory} ({steps})",
                "< 360 s, < 2048 MiB",
            )
        )
    assert found[1]["hash"] == found[2]["hash"]
    ratio = found[1]["seconds"] / found[2]["seconds"]
    made.append(Row(f"{name}: two processes against one, the same release", f"{ratio:.2f} x", "at least 1.7 x"))
    minutes = found[2]["seconds"] * COUNTRY / BALLOTS / 60
    return [*made, Row(f"{name}: {COUNTRY:,} ballots at this rate, two processes, on paper", f"{minutes:.0f} min")]


def _closed(stores: _Stores, count: int) -> dict[str, Any]:
    with stores.copy() as copy:
        found: dict[str, Any] = _child(copy, "close", str(count))
        return found


def _child(stores: _Stores, *arguments: str) -> Any:
    command = [sys.executable, "-m", "benchmarks.country", *arguments]
    environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1", **stores.environment}
    return json.loads(
        subprocess.run(command, cwd=REPOSITORY, check=True, stdout=subprocess.PIPE, text=True, env=environment).stdout or "null"
    )


def _make() -> None:
    services = build(Settings.read(os.environ))
    staff = round(BALLOTS / RESPONSE / PROVINCES / UNITS / (1 + PARTS))
    units = []
    for number in range(PROVINCES):
        units.append(Unit(id=f"p{number}", name_vi=f"Tỉnh {number}", kind="tinh", group="tinh"))
        for unit in range(UNITS):
            other: dict[str, Any] = {"kind": "so", "group": f"g{unit % GROUPS}", "headcount": staff}
            mine = f"p{number}.{unit}"
            units.append(Unit(id=mine, name_vi=f"Đơn vị {unit}", parent=f"p{number}", **other))
            units += [Unit(id=f"{mine}.{part}", name_vi=f"Phòng {part}", parent=mine, **other) for part in range(PARTS)]
    services.design.save_units(OPERATOR, UnitRegister(tuple(units)))
    questionnaire = shipped_questionnaires()[0]
    services.design.save_questionnaire(OPERATOR, questionnaire)
    today = Clock.of().today()
    plan = {"shares": 1, "shares_needed": 1}
    services.design.create_wave(OPERATOR, WAVE, questionnaire.id, today - timedelta(days=1), today + timedelta(days=7), plan=plan)
    services.fieldwork.print_codes(OPERATOR, WAVE)
    wave, shares = services.fieldwork.open_wave(OPERATOR, WAVE)
    (services.settings.data_dir / "share.json").write_bytes(shares[0].to_bytes())
    cover = services.box.covers.read(WAVE)
    assert cover is not None and wave.public_key is not None
    size = ballot.plaintext_size(questionnaire)
    each = -(-BALLOTS // PROVINCES)
    left = BALLOTS
    for number, tree in enumerate(trees(wave.plan)):
        responses = iter(simulate(questionnaire, tree, 2025.0, seed=number)[: min(each, left)])
        while part := list(islice(responses, 2000)):
            left -= len(part)
            rows = [
                {
                    "wave": WAVE,
                    "nullifier": cover.row_key(os.urandom(32)),
                    "ciphertext": cover.put_on(ballot.seal(ballot.encode(response), WAVE, wave.public_key, size)),
                }
                for response in part
            ]
            with services.engines[1].begin() as connection:
                connection.execute(insert(BALLOT), rows)
            for response in part:  # or the close waits three seconds for what has not been counted
                services.stores.registry.count_spent(WAVE, response.unit)
    assert left == 0, left
    services.close()


def _close(count: int) -> None:
    services = build(Settings.read(os.environ))
    share = KeyShare.from_bytes((services.settings.data_dir / "share.json").read_bytes())
    closing = services.closing
    steps: list[tuple[float, str]] = []
    began = time.perf_counter()
    with processes(count) as workers:
        release = closing.close(
            OPERATOR, WAVE, (share,), lambda _part, step: steps.append((time.perf_counter(), step)), accept=tuple(Doubt), workers=workers
        )
        seconds = time.perf_counter() - began
    services.close()
    spent: dict[str, float] = {}
    for (at, step), (until, _next) in pairwise(steps):
        spent[step] = spent.get(step, 0.0) + until - at
    memory, worker = (resource.getrusage(who).ru_maxrss / 1024 for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    print(
        json.dumps(
            {"seconds": seconds, "hash": release.hash, "cells": len(release.cells), "steps": spent, "memory": memory, "worker": worker}
        )
    )


if __name__ == "__main__":
    if sys.argv[1] == "make":
        _make()
    else:
        _close(int(sys.argv[2]))
