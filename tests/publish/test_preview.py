"""What is said of an import before it is stored."""

from __future__ import annotations

from dataclasses import replace

import pytest

from survey.design.questionnaire import Questionnaire
from survey.i18n import Locale
from survey.process.tallies import tally
from survey.publish.preview import preview_lines, preview_of
from tests.process.test_scores import people, wave_over


@pytest.mark.parametrize(
    ("best", "reverse", "low"), [("high", False, False), ("high", True, True), ("low", False, True), ("low", True, False)]
)
def test_the_good_end_is_that_of_scale_and_wording_together(questionnaire: Questionnaire, best: str, reverse: bool, low: bool) -> None:
    """1 = very satisfied: a low answer is the good one, unless the question is worded the other way round."""
    item = replace(questionnaire.items[0], reverse=reverse)
    scale = questionnaire.scales[item.scale]
    turned = replace(scale, best="low", points=scale.points[::-1]) if best == "low" else scale
    one = replace(questionnaire, items=(item,), scales={scale.id: turned}, optional_items=(), antonym_pairs=())
    found = preview_of(tally(wave_over("a,A,,,40\n"), one, people(replace(one, items=(replace(item, reverse=False),)), "a", [1] * 10)))
    (asked,) = found.items
    scores = {value: score for value, _label, score, _n in asked.points}
    assert asked.low_is_good is low and scores[1] == (100 if low else 0) and asked.points[0 if best == "high" else -1][3] == 10
    said = preview_lines(found, Locale("en"))[1]
    assert ("a low answer is the good one" in said) is low
