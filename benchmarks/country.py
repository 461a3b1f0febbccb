"""The close of a country: half a million sealed ballots of 34 provinces, by one process and by two.

Real sealing, real box. Each close runs on a copy of the same stores, in a process of its own whose memory is read, and
that of the processes it starts. LANGNGHE_COUNTRY_BALLOTS asks for another number of ballots in the same 34 trees.
"""

from __future__ import annotations

import json
import os
import resource
import shutil
import subprocess
import sys
import time
from datetime import timedelta
from itertools import islice, pairwise
from pathlib import Path
from typing import Any

from sqlalchemy import insert

from benchmarks import Row
from benchmarks.stores import new_folder, open_stores
from db.models import BallotRow
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
from tests.conftest import REPOSITORY

PROVINCES, UNITS, GROUPS = 34, 60, 4
BALLOTS = int(os.environ.get("LANGNGHE_COUNTRY_BALLOTS", "500000"))
WAVE = "country"
RESPONSE = 0.6  # of the staff, at least: the simulation loses some
COUNTRY = 2_000_000


def rows() -> list[Row]:
    folder = new_folder()
    began = time.perf_counter()
    _child("make", folder)
    made = [
        Row(
            f"{BALLOTS:,} ballots sealed and put into a box of {PROVINCES} provinces with {UNITS} units each",
            f"{time.perf_counter() - began:.0f} s",
        )
    ]
    found = {count: _closed(folder, count) for count in (1, 2)}
    for count, one in found.items():
        steps = ", ".join(f"{name} {seconds:.0f} s" for name, seconds in one["steps"].items() if seconds >= 1)
        memory = f"{one['memory']:.0f} MiB, a worker {one['worker']:.0f} MiB" if count > 1 else f"{one['memory']:.0f} MiB"
        made.append(
            Row(
                f"closed by {count} process(es): {one['cells']:,} cells",
                f"{one['seconds']:.0f} s; {BALLOTS / one['seconds']:.0f} ballots/s; {memory} ({steps})",
                "< 360 s, < 2048 MiB",
            )
        )
    assert found[1]["hash"] == found[2]["hash"]
    made.append(Row("two processes against one, the same release", f"{found[1]['seconds'] / found[2]['seconds']:.2f} x", "at least 1.7 x"))
    made.append(
        Row(f"{COUNTRY:,} ballots at this rate, two processes, on paper", f"{found[2]['seconds'] * COUNTRY / BALLOTS / 60:.0f} min")
    )
    return made


def _closed(folder: Path, count: int) -> dict[str, Any]:
    copy = new_folder() / "stores"
    shutil.copytree(folder, copy)
    found = _child("close", copy, str(count))
    shutil.rmtree(copy)
    return found


def _child(*arguments: object) -> Any:
    command = [sys.executable, "-m", "benchmarks.country", *map(str, arguments)]
    return json.loads(
        subprocess.run(
            command, cwd=REPOSITORY, check=True, stdout=subprocess.PIPE, text=True, env={**os.environ, "OPENBLAS_NUM_THREADS": "1"}
        ).stdout
        or "null"
    )


def _make(folder: Path) -> None:
    services = open_stores(folder)
    staff = round(BALLOTS / RESPONSE / PROVINCES / UNITS)
    units = []
    for number in range(PROVINCES):
        units.append(Unit(id=f"p{number}", name_vi=f"Tỉnh {number}", kind="tinh", group="tinh"))
        units += [
            Unit(
                id=f"p{number}.{unit}", name_vi=f"Đơn vị {unit}", kind="so", group=f"g{unit % GROUPS}", parent=f"p{number}", headcount=staff
            )
            for unit in range(UNITS)
        ]
    services.design.save_units(OPERATOR, UnitRegister(tuple(units)))
    questionnaire = shipped_questionnaires()[0]
    services.design.save_questionnaire(OPERATOR, questionnaire)
    today = Clock.of().today()
    plan = {"shares": 1, "shares_needed": 1}
    services.design.create_wave(OPERATOR, WAVE, questionnaire.id, today - timedelta(days=1), today + timedelta(days=7), plan=plan)
    services.fieldwork.print_codes(OPERATOR, WAVE)
    wave, shares = services.fieldwork.open_wave(OPERATOR, WAVE)
    (folder / "share.json").write_bytes(shares[0].to_bytes())
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
                connection.execute(insert(BallotRow), rows)
    assert left == 0, left
    services.close()


def _close(folder: Path, count: int) -> None:
    services = open_stores(folder)
    share = KeyShare.from_bytes((folder / "share.json").read_bytes())
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
        _make(Path(sys.argv[2]))
    else:
        _close(Path(sys.argv[2]), int(sys.argv[3]))
