"""Closing a wave of 20,000 ballots in 100 units with four breakdowns: open, tally, protect, audit, write, destroy."""

from __future__ import annotations

import resource
import time
from itertools import pairwise

from sqlalchemy import insert

from benchmarks import Row
from benchmarks.stores import Field, in_the_field
from db.box_models import BALLOT
from survey.access import OPERATOR
from survey.collect import ballot, slips
from survey.demonstration.answers import simulate
from survey.design.questionnaire_file import shipped_questionnaires
from survey.publish.doubts import Doubt

BALLOTS, PROVINCE = 20_000, 60_000


def rows() -> list[Row]:
    field = in_the_field(staff=300)
    return _closed(field, BALLOTS)


def province() -> list[Row]:
    """60,000 ballots in 2,400 units of three levels: what a merged province closes."""
    field = in_the_field(staff=36, many=2400, groups=120)
    return [
        *_closed(field, PROVINCE),
        Row("peak resident memory of the process", f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MiB", "< 2048 MiB"),
    ]


def _closed(field: Field, ballots: int) -> list[Row]:
    fill(field, ballots)
    steps: list[tuple[float, str]] = []
    began = time.perf_counter()
    release = field.services.closing.close(
        OPERATOR, field.wave.id, field.shares, lambda _part, step: steps.append((time.perf_counter(), step)), accept=tuple(Doubt)
    )
    seconds = time.perf_counter() - began
    field.services.close()
    spent: dict[str, float] = {}
    for (at, step), (until, _next) in pairwise(steps):
        spent[step] = spent.get(step, 0.0) + until - at
    found = [
        Row(
            f"close of {ballots:,} ballots in {len(field.wave.plan.nodes):,} nodes ({len(release.cells):,} cells released)",
            f"{seconds:.1f} s",
        )
    ]
    return found + [Row(f"of which: {step}", f"{took:.1f} s") for step, took in spent.items() if took >= 0.1]


def fill(field: Field, ballots: int) -> None:
    """Sealed ballots put into the box at once: their way through /p/submit is another benchmark."""
    questionnaire = shipped_questionnaires()[0]
    size = ballot.plaintext_size(questionnaire)
    assert field.wave.public_key is not None
    responses = simulate(questionnaire, field.wave.plan, 2025.0, seed=5)[:ballots]
    assert len(responses) == ballots, len(responses)
    cover = field.services.box.covers.read(field.wave.id)
    assert cover is not None
    sealed = [
        {
            "wave": field.wave.id,
            "nullifier": cover.row_key(slips.nullifier(field.wave.id, code)),
            "ciphertext": cover.put_on(ballot.seal(ballot.encode(response), field.wave.id, field.wave.public_key, size)),
        }
        for (code, _unit), response in zip(field.codes, responses, strict=False)
    ]
    with field.services.engines[1].begin() as connection:
        connection.execute(insert(BALLOT), sealed)
    for response in responses:  # or the close waits three seconds for what has not been counted
        field.services.stores.registry.count_spent(field.wave.id, response.unit)
