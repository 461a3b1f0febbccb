"""Past results of another body: 387,264 rows, 2,289 units, five waves, into fresh stores."""

from __future__ import annotations

import time

import pandas as pd

from benchmarks import Row
from benchmarks.stores import PSES, pses


def rows() -> list[Row]:
    made = pses()
    if made is None:
        return [Row("shared/data/pses is not beside this checkout", "–")]
    _folder, run = made
    began = time.perf_counter()
    pd.read_csv(PSES / "counts.csv.gz", dtype=str)
    plain = time.perf_counter() - began
    return [
        Row("`langnghe import counts --published`, whole command", f"{run.seconds:.1f} s", "< 60 s"),
        Row("peak resident memory", f"{run.mebibytes:.0f} MiB", "< 1024 MiB"),
        Row("against pandas reading the same file, nothing else", f"{run.seconds / plain:.0f} x"),
    ]
