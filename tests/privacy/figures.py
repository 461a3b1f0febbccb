"""All worlds of the linkage attack, and their figures: `python -m tests.privacy.figures` prints the table of docs/anonymity.md."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path

from tests.privacy.archive import archiving
from tests.privacy.findings import Findings
from tests.privacy.linking import Linked, pooled
from tests.privacy.postgres_world import postgres_world
from tests.privacy.sqlite_world import sqlite_world

SEEDS = (1, 2, 3)  # the first through a real server, the others through the service it calls
World = tuple[Findings, Findings]


def sqlite_worlds(seeds: Sequence[int] = SEEDS) -> list[World]:
    return [_in_new_folder(lambda folder, one=seed: sqlite_world(folder, one, live=one == SEEDS[0])) for seed in seeds]  # type: ignore[misc]


def postgres_worlds(seeds: Sequence[int] = SEEDS) -> list[World]:
    with archiving() as archive:
        return [
            _in_new_folder(lambda folder, one=seed: postgres_world(archive, folder, one, live=one == SEEDS[0]))  # type: ignore[misc]
            for seed in seeds
        ]


def _in_new_folder(make: object) -> World:
    with tempfile.TemporaryDirectory(prefix="langnghe-linkage-") as folder:
        return make(Path(folder))  # type: ignore[operator, no-any-return]


def together(findings: Sequence[Findings]) -> dict[str, Linked]:
    """The worlds' figures by channel, pooled."""
    names = dict.fromkeys(name for one in findings for name in one.linked)
    return {name: pooled([one.linked[name] for one in findings if name in one.linked]) for name in names}


def print_figures(worlds: Sequence[World]) -> None:
    found, controls = zip(*worlds, strict=True)
    for part, title in ((found, ""), (controls, "CONTROL ")):
        for name, one in together(part).items():
            print(f"| {title}{name} | {one.found} of {one.people} | {one.chance} | {one.excess:+.1f} | {one.p:.2g} |")
    for name in dict.fromkeys(name for one in found for name in one.counts):
        print(f"| {name} | {sum(one.counts.get(name, 0) for one in found)} | | | |")


if __name__ == "__main__":
    print("| what | linked | by chance | excess, points | p |\n|---|---|---|---|---|")
    print_figures(sqlite_worlds())
    print_figures(postgres_worlds())
