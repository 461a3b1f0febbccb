"""Sentences written from the numbers. None claims a difference that was not called."""

from survey.disseminate.sentences.comments import comment_rules
from survey.disseminate.sentences.comparison import bands_rule, comparison, funnel_rule, middle, signs
from survey.disseminate.sentences.criteria import criteria, criterion
from survey.disseminate.sentences.one_unit import (
    against,
    best_and_worst,
    breakdown,
    breakdown_hidden,
    good_and_bad,
    groups_of_people,
    how_we_are,
    ranked_themes,
    strong_and_weak,
    where_to_look,
)
from survey.disseminate.sentences.overview import changes, opening, standing
from survey.disseminate.sentences.questions import item, priority, priority_rule, share_interval
from survey.disseminate.sentences.units import bands, index_calls, index_changes, units_and_calls
from survey.disseminate.sentences.waves import dated, lineage, provenance, recast, rises_and_falls, trend, what_changed
from survey.disseminate.sentences.words import by_reason, listed, not_drawn

__all__ = [
    "against",
    "bands",
    "bands_rule",
    "best_and_worst",
    "breakdown",
    "breakdown_hidden",
    "by_reason",
    "changes",
    "comment_rules",
    "comparison",
    "criteria",
    "criterion",
    "dated",
    "funnel_rule",
    "good_and_bad",
    "groups_of_people",
    "how_we_are",
    "index_calls",
    "index_changes",
    "item",
    "lineage",
    "listed",
    "middle",
    "not_drawn",
    "opening",
    "priority",
    "priority_rule",
    "provenance",
    "ranked_themes",
    "recast",
    "rises_and_falls",
    "share_interval",
    "signs",
    "standing",
    "strong_and_weak",
    "trend",
    "units_and_calls",
    "what_changed",
    "where_to_look",
]  # fmt: skip
