"""Organisations as they should not come: a release that withstands the attacks, or a clear refusal."""

from __future__ import annotations

import numpy as np
import pytest

from survey.design.questionnaire import Questionnaire, Response
from survey.disclose.attack.composites import loose_composites
from survey.disclose.attack.review import review
from survey.disclose.policy import Policy
from survey.disclose.protect import protect
from survey.disclose.release import Cell, Release
from survey.process.tallies import tally
from tests.privacy.province import province, short
from tests.process.test_scores import wave_over

POLICY = Policy.load()
FINDINGS = ("under_minimum", "intervals_too_narrow", "combinations", "unanimous", "composites")


def released(questionnaire: Questionnaire, units: dict[str, tuple[int, int | None]], *, gender: bool = True) -> Release:
    """`units`: forms and headcount of each."""
    rng = np.random.default_rng(3)
    rows = "r,R,,,0\n" + "".join(f"{unit},{unit.upper()},,r,{'' if head is None else head}\n" for unit, (_, head) in units.items())
    wave = wave_over(rows if len(units) > 1 else rows.split("\n", 1)[1].replace(",r,", ",,"), breakdowns=("gender",))
    responses = [
        Response(
            unit=unit,
            answers={item.id: int(rng.integers(1, 6)) for item in questionnaire.items},
            comments={},
            breakdowns={"gender": "fm"[int(rng.integers(2))]} if gender else {},
        )
        for unit, (forms, _) in units.items()
        for _ in range(forms)
    ]
    return protect(tally(wave, questionnaire, responses), wave.plan, POLICY)


@pytest.mark.parametrize(
    ("units", "seen"),
    [
        ({"a": (30, 40), "b": (6, None), "c": (7, 20), "d": (8, None)}, True),
        ({"a": (30, None), "b": (36, None), "c": (3, None), "d": (4, None)}, True),
        ({"a": (30, 12), "b": (6, 2), "c": (7, 20), "d": (40, 41)}, True),
        ({"a": (30, 40), "b": (1, 1), "c": (22, 30)}, True),
        ({"a": (33, 40)}, True),
        ({"a": (3, 40)}, False),
        ({"a": (1, 20), "b": (1, 20), "c": (1, 20)}, False),
        ({"a": (0, 20), "b": (0, 20)}, False),
    ],
    ids=[
        "headcounts missing in a class", "no headcounts", "fewer staff than forms", "a unit of one person", "a wave of one unit",
        "one small unit", "all units hidden", "nobody answered",
    ],
)  # fmt: skip
@pytest.mark.parametrize("gender", [True, False], ids=["", "a breakdown nobody filled in"])
def test_a_release_withstands_or_shows_nothing(
    questionnaire: Questionnaire, units: dict[str, tuple[int, int | None]], seen: bool, gender: bool
) -> None:
    release = released(short(questionnaire), units, gender=gender)
    assert all(release.audit[finding] == 0 for finding in FINDINGS) and review(release).found == ()
    top = release.cell("r" if len(units) > 1 else "a", "index")
    assert isinstance(top, Cell) == seen
    shown = release.cells[release.cells["reason"] == ""]
    assert np.isfinite(shown[shown["measure"] != "forms"]["score"].to_numpy(float) if seen else np.zeros(1)).any()
    if not gender:
        assert not (shown["breakdown"] != "").any()


def test_composites_are_the_means_of_their_printed_parts(questionnaire: Questionnaire) -> None:
    """Everywhere, also in categories. Control: means of person means, as it was."""
    tallies, _ = province(short(questionnaire, 3, 3), 2, units=8, groups=2, breakdowns=1, sizes=(8, 46))
    release = protect(tallies, tallies.wave.plan, POLICY)
    looked = 0
    for node in release.plan.nodes:
        for breakdown, category in tallies.tables:
            cells = {m.id: release.cell(node.id, m, breakdown, category) for m in tallies.measures if m.kind == "theme"}
            index = release.cell(node.id, "index", breakdown, category)
            parts = [cell.score for cell in cells.values() if isinstance(cell, Cell) and cell.score is not None]
            if isinstance(index, Cell) and index.score is not None and parts:
                looked += 1
                assert index.score == pytest.approx(np.mean(parts), abs=0.0051)
                assert index.partial or len(parts) == len(cells)
    for node in release.plan.nodes:
        for theme in tallies.questionnaire.themes:
            whole = release.cell(node.id, f"theme:{theme.id}")
            cells = {item.id: release.cell(node.id, f"item:{item.id}") for item in tallies.questionnaire.items_of(theme.id)}
            parts = [cell.score for cell in cells.values() if isinstance(cell, Cell) and cell.score is not None]
            if isinstance(whole, Cell) and whole.score is not None and parts:
                looked += 1
                assert whole.score == pytest.approx(np.mean(parts), abs=0.0051)
                assert whole.partial or len(parts) == len(cells)
    assert looked > 30
    items = [item.id for item in tallies.questionnaire.items_of(tallies.questionnaire.themes[0].id)]
    columns = [place for place, item in enumerate(tallies.questionnaire.items) if item.id in items]
    assert tallies.people is not None
    own = np.nanmean(tallies.people.scores[tallies.people.unit == 0, columns], axis=1)
    cells = release.cells.copy()
    theme = f"theme:{tallies.questionnaire.themes[0].id}"
    unit = next(u for u in tallies.units if release.visible(u, theme) and release.visible(u, f"item:{items[0]}"))
    own = np.nanmean(tallies.people.scores[tallies.people.unit == tallies.units.index(unit), columns], axis=1)
    cells.loc[(cells["unit"] == unit) & (cells["measure"] == theme) & (cells["breakdown"] == ""), "score"] = round(
        float(np.nanmean(own)), 2
    )
    assert any(one.startswith(f"{unit} /") for one in loose_composites(cells, tallies.questionnaire, release.plan))
