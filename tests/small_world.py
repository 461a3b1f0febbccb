"""A small province for tests: known units, a wave in the field, answers that are easy to reckon."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from bootstrap import Services
from survey.access import OPERATOR, Role, Viewer
from survey.collect.keys import KeyShare
from survey.design.questionnaire import Questionnaire
from survey.design.questionnaire_file import shipped_questionnaires
from survey.design.units import UnitRegister
from survey.design.units_file import read_units
from survey.design.wave import Wave
from survey.passwords import new_password
from survey.source import Source

TODAY = date(2026, 3, 15)
GENDER = ("gender",)  # for who closes a wave and looks at no breakdown: with all four of them a close takes twice as long

UNITS = """id;name_vi;name_en;kind;group;parent;valid_from;valid_to;successors;headcount
t;Tỉnh Thử;Test province;tinh;tinh;;;;;
t.a;Sở A;Department A;so;so_ban_nganh;t;;;;40
t.b;Sở B;Department B;so;so_ban_nganh;t;;;;30
t.c;Sở C;Department C;so;so_ban_nganh;t;;;;20
t.h;Huyện H;District H;huyen;cap_huyen;t;;;;25
t.k;Huyện K;District K;huyen;cap_huyen;t;;;;25
"""


@dataclass
class Clock:
    """Unix seconds that the test holds."""

    now: float = 1_800_000_000

    def __call__(self) -> float:
        return self.now


@cache
def register() -> UnitRegister:
    return read_units(Source("units.csv", UNITS.encode()))


def settle(services: Services) -> Questionnaire:
    """Units and the shipped questionnaire in empty stores."""
    services.design.save_units(OPERATOR, register())
    questionnaire = shipped_questionnaires()[0]
    services.design.save_questionnaire(OPERATOR, questionnaire)
    return questionnaire


def draft_wave(
    services: Services, wave_id: str = "2026", today: date = TODAY, shares: int = 1, breakdowns: Sequence[str] | None = None
) -> dict[str, list[str]]:
    """A wave that waits for its key; its codes by unit name. `breakdowns`: else all of the questionnaire's."""
    questionnaire = settle(services)
    plan: dict[str, object] = {"shares": shares, "shares_needed": min(2, shares)}
    if breakdowns is not None:
        plan["breakdowns"] = [*breakdowns]
    services.design.create_wave(OPERATOR, wave_id, questionnaire.id, today - timedelta(days=3), today + timedelta(days=7), plan=plan)
    codes: dict[str, list[str]] = {}
    for slip in services.fieldwork.print_codes(OPERATOR, wave_id):
        codes.setdefault(slip.unit_name, []).append(slip.code)
    return codes


def open_wave(
    services: Services, wave_id: str = "2026", today: date = TODAY, shares: int = 1, breakdowns: Sequence[str] | None = None
) -> tuple[Wave, dict[str, list[str]], tuple[KeyShare, ...]]:
    """A wave in the field, its codes by unit name, and its key shares."""
    codes = draft_wave(services, wave_id, today, shares, breakdowns)
    wave, key = services.fieldwork.open_wave(OPERATOR, wave_id)
    return wave, codes, key


def add_account(services: Services, name: str, role: Role, password: str, unit: str | None = None) -> Viewer:
    """An account whose owner has chosen `password` in place of the first one."""
    first = new_password()
    account = services.accounts.add(OPERATOR, name, role, first, unit)
    viewer = Viewer(name=account.name, role=account.role, unit=account.unit)
    services.signing_in.change_password(viewer, first, password)
    return viewer


def answers(questionnaire: Questionnaire, good: int = 4) -> dict[str, int]:
    """Every item answered with the same degree of praise: reverse items turned round."""
    return {item.id: 6 - good if item.reverse else good for item in questionnaire.items}
