from __future__ import annotations

import io
import math
from dataclasses import replace
from datetime import date

import numpy as np
import pytest
import segno
from PIL import Image

from bootstrap import Services
from survey.collect.card_png import HEIGHT, WIDTH, card_png
from survey.collect.fieldwork import Participation, RateRules
from survey.collect.pace import behind, expected, lagging
from survey.design.plan import Node
from survey.i18n import Locale
from tests.small_world import draft_wave

RULES = RateRules(headcount=15, step=5, cap=90, people=5)
WAVE_DAYS = (date(2026, 3, 12), date(2026, 3, 22))  # of the small world: eleven days


@pytest.mark.parametrize(
    ("day", "share"),
    [(date(2026, 3, 1), 0), (date(2026, 3, 12), 0), (date(2026, 3, 15), 80 * 3 / 11), (date(2026, 3, 23), 80), (date(2026, 5, 1), 80)],
)
def test_the_plan_rises_evenly_from_the_first_day_to_the_last(sqlite_services: Services, day: date, share: float) -> None:
    draft_wave(sqlite_services)
    wave = sqlite_services.waves.wave("2026")
    assert (wave.opens, wave.closes) == WAVE_DAYS
    assert expected(wave, day) == pytest.approx(share)


def test_a_unit_is_behind_only_where_the_rounded_rate_leaves_no_doubt() -> None:
    def part(rate: int | None, **more: bool) -> Participation:
        return Participation(Node(id="u", name_vi="U", reporting=more.pop("reporting", True)), 40, rate, **more)

    assert behind(part(25), 40, RULES) and not behind(
        part(26), 40, RULES
    )  # of 40 people four more may have answered, and 5 % are rounded away
    assert not behind(part(None), 99, RULES) and not behind(part(90, capped=True), 100, RULES)
    assert lagging([part(0, reporting=False), part(0), part(80)], 50, RULES) == (part(0).node,)


def test_the_card_is_the_same_for_every_unit_but_for_its_name_and_leads_to_no_code(sqlite_services: Services) -> None:
    matrix = segno.make_qr("https://khaosat.example.vn/p", error="m", boost_error=False).matrix
    wanted = [[bool(dark) for dark in row] for row in matrix]
    draft_wave(sqlite_services)
    wave = replace(sqlite_services.waves.wave("2026"), title_vi="Khảo sát văn hóa công sở trong các cơ quan hành chính tỉnh năm 2026")
    for unit in ("", "Sở A", "Ban Quản lý các khu công nghiệp và khu kinh tế tỉnh, đơn vị có tên rất dài"):
        made = card_png(wave, unit, "https://khaosat.example.vn/", Locale("vi"))
        assert made == card_png(wave, unit, "https://khaosat.example.vn/", Locale("vi"))
        image = Image.open(io.BytesIO(made)).convert("RGB")
        assert image.size == (WIDTH, HEIGHT)
        black = (np.array(image) == 0).all(axis=2)  # letters are not quite black
        rows, columns = np.flatnonzero(black.any(axis=1)), np.flatnonzero(black.any(axis=0))
        module = (rows[-1] - rows[0] + 1) // len(wanted)
        assert module >= 8
        places = [number * module + module // 2 for number in range(len(wanted))]
        assert black[rows[0] :, columns[0] :][np.ix_(places, places)].tolist() == wanted


def test_whoever_is_called_behind_is_whatever_rounding_hides() -> None:
    """Every number of answers in units of every size, against the rate that is shown for it."""
    for staff in range(15, 60):
        for used in range(staff + 1):
            kept = used - used % RULES.people
            rate = math.floor(100 * kept / staff / RULES.step) * RULES.step
            shown = Participation(Node(id="u", name_vi="U", headcount=staff), staff, min(rate, RULES.cap), capped=rate >= RULES.cap)
            for plan in range(0, 101, 7):
                assert not behind(shown, plan, RULES) or 100 * used / staff < plan
