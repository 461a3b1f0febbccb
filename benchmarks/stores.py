"""Stores to measure on, made once a run in temporary folders, by the commands an organizer types."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
import time
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from pathlib import Path

from bootstrap import Services, Settings, build
from survey.access import OPERATOR
from survey.clock import Clock
from survey.collect.keys import KeyShare
from survey.design.questionnaire_file import shipped_questionnaires
from survey.design.units import Unit, UnitRegister
from survey.design.wave import Wave
from tests.command_line import measured
from tests.conftest import REPOSITORY, SHARED
from tests.pses import QUESTIONNAIRE

PSES = SHARED / "data" / "pses"


@dataclass(frozen=True)
class Run:
    """What a command cost."""

    seconds: float
    mebibytes: float


def langnghe(folder: Path, *arguments: str) -> Run:
    """One command in a process of its own: wall time from start to end, peak resident memory."""
    began = time.perf_counter()
    mebibytes = measured([str(REPOSITORY / "cli.py"), *arguments], {**os.environ, **environment(folder)})
    return Run(time.perf_counter() - began, mebibytes)


def environment(folder: Path) -> dict[str, str]:
    return {"LANGNGHE_DATA_DIR": str(folder)}


def open_stores(folder: Path) -> Services:
    return build(Settings.read(environment(folder)))


def new_folder() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="langnghe-bench-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


@cache
def pses() -> tuple[Path, Run] | None:
    """The five waves of shared/data/pses and what their import cost; None where the data is not beside the checkout."""
    if not PSES.is_dir():
        return None
    folder = new_folder()
    langnghe(folder, "units", "import", str(PSES / "units.csv"))
    langnghe(folder, "questionnaire", "import", str(QUESTIONNAIRE))
    return folder, langnghe(folder, "import", "counts", str(PSES / "counts.csv.gz"), "--questionnaire", "pses", "--published")


@cache
def demonstration() -> tuple[Path, Run]:
    folder = new_folder()
    return folder, langnghe(folder, "demo")


@dataclass(frozen=True)
class Field:
    """An open wave of 100 units, its codes with the units' names, and its key."""

    services: Services
    folder: Path
    wave: Wave
    codes: list[tuple[str, str]]
    shares: tuple[KeyShare, ...]


def in_the_field(staff: int, many: int = 100, groups: int = 4) -> Field:
    """`many` units of `staff` people in some groups, every one with a code."""
    folder = new_folder()
    services = open_stores(folder)
    root = Unit(id="p", name_vi="Tỉnh đo tốc độ", kind="tinh", group="tinh")
    units = [Unit(id=f"p.{n}", name_vi=f"Đơn vị {n}", kind="so", group=f"g{n % groups}", parent="p", headcount=staff) for n in range(many)]
    services.design.save_units(OPERATOR, UnitRegister((root, *units)))
    questionnaire = shipped_questionnaires()[0]
    services.design.save_questionnaire(OPERATOR, questionnaire)
    today = Clock.of().today()
    services.design.create_wave(
        OPERATOR, "bench", questionnaire.id, today - timedelta(days=1), today + timedelta(days=7), plan={"shares": 1, "shares_needed": 1}
    )
    codes = [(slip.code, slip.unit_name) for slip in services.fieldwork.print_codes(OPERATOR, "bench")]
    wave, shares = services.fieldwork.open_wave(OPERATOR, "bench")
    return Field(services, folder, wave, codes, shares)
