"""Every file that comes in, damaged in a few hundred ways: read or refused, never a traceback, never a part of it stored.

The long form, with hundreds of damages of every file: `python -m benchmarks fuzz-files`.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from survey.errors import SurveyError
from tests.damaging import attack, memory_of, mutations
from tests.importers import World, close_world, importers, open_world

SEED = 8
SLOW = ("xlsx", "backup", "stored")  # a process or a store for every try


def test_damaged_files_are_read_or_refused_and_leave_nothing_behind(tmp_path: Path) -> None:
    world = open_world(tmp_path)
    try:
        for one in importers(world):
            one.take(one.valid)
            count = 8 if any(word in one.name for word in SLOW) else 60
            found = attack(one.name, mutations(one.valid, count, SEED, one.inside), one.take, world.state)
            assert found.tries == count and not found.escaped, (found.name, [said for said, _content in found.escaped])
            assert not found.written, found.name
            assert found.refused > count / 4, (found.name, "the damages do no harm")
    finally:
        close_world(world)


def test_the_attack_finds_a_reader_that_breaks_and_one_that_stores_half(tmp_path: Path) -> None:
    """Leaky controls."""
    world = open_world(tmp_path)
    units = importers(world)[0]

    def breaks(content: bytes) -> None:
        content.decode().splitlines()[6].split(";")[4]

    def stores_half(content: bytes) -> None:
        units.take(units.valid)
        units.take(content)

    try:
        assert attack("breaks", mutations(units.valid, 60, SEED), breaks, world.state).escaped
        assert attack("stores half", mutations(units.valid, 60, SEED), stores_half, world.state).written
    finally:
        close_world(world)


def test_no_file_of_a_few_kilobytes_takes_more_than_a_few_megabytes(tmp_path: Path) -> None:
    world = open_world(tmp_path)
    try:
        for one in importers(world):
            if any(word in one.name for word in (*SLOW, "passphrases")):
                continue
            for content in mutations(one.valid, 2, SEED):
                assert memory_of(one.take, content) < 60, one.name
    finally:
        close_world(world)


def test_a_copy_cut_off_anywhere_is_refused_with_a_sentence(tmp_path: Path) -> None:
    world: World = open_world(tmp_path)
    try:
        backup = importers(world)[-1]
        for place in range(0, 100, 20):
            with pytest.raises(SurveyError) as caught:
                backup.take(backup.valid[: max(20, len(backup.valid) * place // 100)])
            assert caught.value.code == "backup-damaged"
    finally:
        close_world(world)
