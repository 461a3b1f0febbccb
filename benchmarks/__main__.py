"""python -m benchmarks [name...]: a Markdown table on standard output, progress on standard error."""

from __future__ import annotations

import os
import platform
import sys
import time
from collections.abc import Callable

from benchmarks import (
    Row,
    answer,
    closing,
    commands,
    country,
    fire,
    first_chart,
    full_box,
    fuzz,
    fuzz_files,
    leader_pages,
    memory,
    mixed,
    phone,
    protection,
    pses_import,
    reading,
    replicas,
    reports,
    responses_import,
    scale,
    sheet,
    submits,
    visits,
)

ALL: dict[str, Callable[[], list[Row]]] = {
    "commands": commands.rows,
    "import": pses_import.rows,
    "import-responses": responses_import.rows,
    "pages": leader_pages.rows,
    "first-chart": first_chart.rows,
    "memory": memory.rows,
    "reports": reports.rows,
    "submit": submits.rows,
    "visits": visits.rows,
    "full-box": full_box.rows,
    "answer": answer.rows,
    "phone": phone.rows,
    "sheet": sheet.rows,
    "close": closing.rows,
    "fire": fire.rows,
    "replicas": replicas.rows,
    "mixed": mixed.rows,
    "protect": protection.rows,
    "scale": scale.rows,
    "province": closing.province,
    "country": country.rows,
    "reading": reading.rows,
    "fuzz": fuzz.rows,
    "fuzz-files": fuzz_files.rows,
}


def main(names: list[str]) -> int:
    if unknown := [name for name in names if name not in ALL]:
        print(f"unknown: {', '.join(unknown)}; known: {', '.join(ALL)}", file=sys.stderr)
        return 2
    print(f"{time.strftime('%Y-%m-%d')}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, Python {platform.python_version()}\n")
    print("| benchmark | measured | figure | target |\n|---|---|---|---|")
    for name in names or ALL:
        print(f"{name} ...", file=sys.stderr)
        for row in ALL[name]():
            print(f"| {name} | {row.what} | {row.figure} | {row.target} |", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
