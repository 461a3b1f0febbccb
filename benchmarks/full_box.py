"""Answers into a box that holds a hundred thousand ballots already, and the longest that anybody waits, beside the build before.

What lies in the box is noise of a ballot's length: nobody opens it here.
"""

from __future__ import annotations

import secrets
import sqlite3
import sys
from pathlib import Path

from benchmarks import Row
from benchmarks.answer import field_of
from benchmarks.before import trees
from benchmarks.stores import environment
from benchmarks.submits import CLIENTS, WARM_UP, send
from benchmarks.visits import forms_of
from tests.server import at_rest, serving

HELD = 100_000
COUNT = 3600


def rows() -> list[Row]:
    found: dict[str, tuple[float, list[float]]] = {}
    for name, tree in trees().items():
        folder, codes = field_of(tree)
        bodies = list(forms_of(codes))
        with serving(environment(folder), folder, tree) as server:
            send(server.base, bodies[:1])
        _fill(folder / "hom-phieu.db")
        with serving(environment(folder), folder, tree) as server:
            send(at_rest(server).base, bodies[1:WARM_UP])
            times = send(server.base, bodies[WARM_UP : WARM_UP + COUNT])
            server.process.kill()  # what the one before would write anew as it ends takes it half a minute
        print(f"{name}: {len(times) / sum(times) * CLIENTS:.0f} /s, longest {max(times):.2f} s", file=sys.stderr)
        found[name] = CLIENTS * len(times) / sum(times), sorted(times)
    return [
        Row(
            f"{name}: answers a second, {CLIENTS} clients, into a box of {HELD:,} ballots; to the receipt, median / 99th percentile / longest",
            f"{rate:.0f} /s; {1000 * times[len(times) // 2]:.0f} / {1000 * times[len(times) * 99 // 100]:.0f} / {1000 * times[-1]:.0f} ms",
            "270 to 340 /s, longest < 200 ms" if name == "now" else "",
        )
        for name, (rate, times) in found.items()
    ]


def _fill(file: Path) -> None:
    with sqlite3.connect(file) as box:
        box.execute("PRAGMA synchronous=OFF")
        ((wave, length),) = box.execute("SELECT wave, length(ciphertext) FROM ballot").fetchall()
        noise = ((wave, secrets.token_bytes(32), secrets.token_bytes(length)) for _ in range(HELD))
        box.executemany("INSERT INTO ballot (wave, nullifier, ciphertext) VALUES (?, ?, ?)", noise)
    box.close()
