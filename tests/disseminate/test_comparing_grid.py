"""The comparison as a table: colours that say how far, letters that can be read on them."""

from __future__ import annotations

import re

from bootstrap import Services
from survey.access import OPERATOR
from survey.analyse.change import SCORE, Comparison, State
from survey.analyse.verdicts import GROUP as AGAINST_GROUP
from survey.disclose.release import Cell, Release, Suppressed
from survey.disseminate.comparing import THEMES, Comparing, columns_of
from survey.disseminate.comparing_grid import units_grid
from survey.disseminate.figures.heatmap import ground
from survey.disseminate.look import INK
from survey.i18n import Locale
from tests.contrast import LEAST, contrast, lightness
from tests.disseminate.test_figures import GROUP

VI = Locale("vi")


def shade(difference: float, called: bool, cell: Cell) -> str:
    state = State.NO_CLEAR_DIFFERENCE if not called else State.HIGHER if difference > 0 else State.LOWER
    found = ground(cell, Comparison(state=state, difference=difference), SCORE, True)
    assert found is not None
    return found


def test_letters_can_be_read_on_every_ground(releases: tuple[Release, ...]) -> None:
    cell = releases[-1].cell("t.a", "index")
    assert isinstance(cell, Cell)
    for step in range(-30, 31):
        assert contrast(INK, shade(step, True, cell)) >= LEAST, step
    for level in range(101):
        ground_of_level = ground(Cell(base=20, score=float(level)), None, SCORE, False)
        assert ground_of_level and contrast(INK, ground_of_level) >= LEAST, level


def test_the_further_the_deeper_the_same_both_ways_and_nothing_where_nothing_was_called(releases: tuple[Release, ...]) -> None:
    cell = releases[-1].cell("t.a", "index")
    assert isinstance(cell, Cell)
    up, down = ([lightness(shade(sign * step, True, cell)) for step in (3, 6, 9, 12)] for sign in (1, -1))
    assert up == sorted(up, reverse=True) and down == sorted(down, reverse=True)
    assert all(abs(one - other) < 3 for one, other in zip(up, down, strict=True))  # grey print shows how far; the sign says which way
    assert shade(9, True, cell) != shade(-9, True, cell)
    assert shade(9, False, cell) == shade(-9, False, cell) == "#ffffff"


def test_every_cell_stands_on_the_ground_of_its_own_difference(releases: tuple[Release, ...], past_services: Services) -> None:
    release = releases[-1]
    verdicts = past_services.results.verdicts(OPERATOR, release.wave.id)
    of = Comparing(
        release=release,
        group=GROUP,
        verdicts=verdicts,
        view=AGAINST_GROUP,
        columns=columns_of(release, THEMES, VI),
        order="index",
        locale=VI,
    )
    rows = re.findall(r"<tr[^>]*>(<th scope=\"row\">.*?)</tr>", units_grid(of), re.DOTALL)
    assert len(rows) == 1 + len(of.units)
    for unit, row in zip((GROUP, *of.units), rows, strict=True):
        wanted = [ground(of.cell(unit, one), of.found.get((unit, one)), SCORE, True) for one, _label in of.columns.shown]
        drawn = [found[1] if (found := re.search(r"background-color:(#\w+)", cell)) else None for cell in row.split("<td")[1:]]
        assert drawn == wanted
    assert any(isinstance(of.cell(unit, one), Suppressed) for unit in of.units for one, _label in of.columns.shown)
