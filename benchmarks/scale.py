"""The size of a province: organisations of 100 to 2,400 reporting units, from tallies to an audited release.

Three levels, some 24 people a unit, four breakdowns; people refuse fields as they do (some give none, most all, the rest
leave out one here and there). Each size runs in a process of its own, so that its memory can be read. With
LANGNGHE_AGAINST=DIR the same organisations are also protected by another checkout (an older commit), in the same run;
LANGNGHE_AGAINST_UNITS says which sizes it is asked (it may not come to an end with more).
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import time
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks import Row

SIZES = (100, 300, 600, 1200, 2400)
A_GROUP = 20  # units
HERE = Path(__file__).resolve().parent.parent


def rows() -> list[Row]:
    other = os.environ.get("LANGNGHE_AGAINST", "")
    asked = [int(size) for size in os.environ.get("LANGNGHE_AGAINST_UNITS", "100,300").split(",")]
    made, found = [], {}
    for size in SIZES:
        found[size] = _measured(size, HERE)
        made.append(Row(f"{size:,} units, {found[size]['people']:,} people", _said(found[size]), "0 audit failures"))
        if other and size in asked:
            before = _measured(size, Path(other))
            times = before["processor"] / found[size]["processor"]
            made.append(Row(f"{size:,} units, the other checkout", f"{_said(before)}; {times:.1f} x the processor time", "300 units: 15 x"))
    growth = found[SIZES[-1]]["processor"] / found[300]["processor"]
    made.append(Row("growth of processor time from 300 to 2,400 units (8 x)", f"{growth:.1f} x", "at most 12 x"))
    return made


def _said(one: dict[str, Any]) -> str:
    return (
        f"{one['processor']:.1f} s of processor, {one['clock']:.1f} s; {one['memory']:.0f} MiB; {one['method']}; "
        f"{one['hidden']} cells hidden for others; {100 * one['visible']:.1f} % of respondents visible of "
        f"{100 * one['possible']:.1f} % possible; {one['failures']} audit failures"
    )


def _measured(size: int, checkout: Path) -> dict[str, Any]:
    this = str(Path(__file__).resolve())
    script = f"import sys; sys.path.insert(0, {str(checkout)!r}); __file__ = {this!r}; exec(open(__file__).read()); print(json.dumps(measure({size})))"
    done = subprocess.run([sys.executable, "-c", script], cwd=checkout, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(done.stderr[-2000:])
    return dict(json.loads(done.stdout.splitlines()[-1]))


def measure(size: int) -> dict[str, Any]:
    """Protect one organisation in this process, with whatever checkout stands first on the path."""
    from benchmarks.protection import protected
    from survey.disclose.policy import Policy
    from survey.process.tallies import tally

    wave, questionnaire, responses = organisation(size)
    policy = Policy.load()
    clock, processor = time.monotonic(), _processor()
    tallies = tally(wave, questionnaire, responses)
    try:
        from survey.disclose.nested import keep_apart  # checkouts before suite 3

        tallies = keep_apart(tallies, responses, policy)
    except ImportError:
        pass
    made = protected(tallies, policy)
    usage = [resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return {
        "people": len(responses),
        "clock": time.monotonic() - clock,
        "processor": _processor() - processor,
        "memory": max(usage) / 1024,
        "method": made.method,
        "hidden": made.hidden,
        "visible": float(made.visible),
        "possible": float(made.possible),
        "failures": 0,  # a failing audit raises
    }


def _processor() -> float:
    return sum(usage.ru_utime + usage.ru_stime for usage in map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)))


def organisation(size: int, seed: int = 0) -> tuple[Any, Any, list[Any]]:
    """(wave, questionnaire, responses)."""
    from survey.design.plan import Node, Plan
    from survey.design.questionnaire_file import shipped_questionnaires
    from survey.design.wave import Wave

    rng = np.random.default_rng([size, seed])
    questionnaire = shipped_questionnaires()[0]
    people = np.clip(np.rint(rng.lognormal(np.log(21), 0.5, size)), 5, 120).astype(int)
    groups = -(-size // A_GROUP)
    nodes = [Node(id="r", name_vi="R", headcount=0, reporting=False)]
    nodes += [Node(id=f"g{g}", name_vi=f"G{g}", parent="r", headcount=0, reporting=False) for g in range(groups)]
    nodes += [Node(id=f"u{u}", name_vi=f"U{u}", parent=f"g{u // A_GROUP}", headcount=int(people[u] * 1.25) + 1) for u in range(size)]
    plan = Plan(nodes=tuple(nodes), breakdowns=tuple(b.id for b in questionnaire.breakdowns))
    day = date(2026, 1, 1)
    wave = Wave(id="w", questionnaire=questionnaire.id, version=questionnaire.version, opens=day, closes=day, plan=plan)
    responses = [one for unit, count in enumerate(people) for one in answering(questionnaire, f"u{unit}", int(count), rng)]
    return wave, questionnaire, responses


def answering(
    questionnaire: Any, unit: str, count: int, rng: np.random.Generator, refusing: float = 0.12, left_out: float = 0.02
) -> list[Any]:
    """`count` people: 4 % of answers left out; some give no field about themselves at all, others leave out one here and there.

    Categories in shares that differ from unit to unit.
    """
    from survey.design.questionnaire import Response

    values = rng.integers(1, 6, (count, len(questionnaire.items)))
    given = rng.random(values.shape) > 0.04
    shares = {b.id: rng.dirichlet(np.full(len(b.published), 3.0)) for b in questionnaire.breakdowns}
    made = []
    for row in range(count):
        answers = {item.id: int(values[row, c]) for c, item in enumerate(questionnaire.items) if given[row, c]}
        refuses = refusing > 0 and rng.random() < refusing
        chosen = {
            b.id: str(b.published[int(rng.choice(len(b.published), p=shares[b.id]))].value)
            for b in questionnaire.breakdowns
            if not refuses and rng.random() > left_out
        }
        made.append(Response(unit=unit, answers=answers, comments={}, breakdowns=chosen))
    return made
