"""Is a measure the same measure in two waves? Wording, direction, response scale, and what an organizer declared.

An item is the same while its text, its direction and its answers are. A theme (the index) is the
same while the scales are and at least half of its items (themes) are, as a person's theme score
needs half of its items. A changed scale breaks the series unless the questionnaire says
`comparable_with`: then its note is printed on every chart that joins the two.
"""

from __future__ import annotations

import re

from survey.design.questionnaire import Declared, Questionnaire
from survey.disclose.release import INDEX
from survey.errors import N_
from survey.process.scores import INDEX_ANSWERED, THEME_ANSWERED

OTHER_WORDING = N_("the question was worded or answered differently")
OTHER_SCALE = N_("the answers were on another scale")
OTHER_ITEMS = N_("too few questions are the same")
OTHER_QUESTIONNAIRE = N_("another questionnaire was used")
OTHER_PEOPLE = N_("it was asked of other people")
NOT_ASKED = N_("it was not asked in that wave")
# The same reasons as codes for machines.
CODES = {
    OTHER_WORDING: "reworded",
    OTHER_SCALE: "other-scale",
    OTHER_ITEMS: "other-items",
    OTHER_QUESTIONNAIRE: "other-questionnaire",
    OTHER_PEOPLE: "other-people",
    NOT_ASKED: "not-asked",
}


def apart(one: Questionnaire, other: Questionnaire, measure: str) -> str:
    """Why a measure cannot be joined over the two questionnaires (msgid); empty where it can."""
    if one is other or ((one.id, one.version) == (other.id, other.version) and one.items == other.items):
        return ""
    agreed = declared(one, other) is not None
    kind, _colon, name = measure.partition(":")
    if kind == "item":
        return _item_apart(one, other, name, agreed)
    if agreed:
        return ""
    if one.id != other.id:
        return OTHER_QUESTIONNAIRE
    if kind == "theme":
        return _theme_apart(one, other, name)
    reasons = [_theme_apart(one, other, theme.id) for theme in one.themes if theme.in_index]
    if OTHER_SCALE in reasons:
        return OTHER_SCALE
    return "" if sum(not reason for reason in reasons) >= INDEX_ANSWERED * len(reasons) else OTHER_ITEMS


def declared(one: Questionnaire, other: Questionnaire) -> Declared | None:
    """What either questionnaire declares about the other."""
    for here, there in ((one, other), (other, one)):
        for found in here.comparable_with:
            if (found.id, found.version) == (there.id, there.version):
                return found
    return None


def points(questionnaire: Questionnaire, measure: str) -> tuple[int, ...]:
    """Numbers of answers on the scales behind a measure: (5,), or (4, 5) for a mixture."""
    kind, _colon, name = measure.partition(":")
    themes = {theme.id for theme in questionnaire.themes if (theme.in_index if measure == INDEX else theme.id == name)}
    items = [item for item in questionnaire.items if (item.id == name if kind == "item" else item.theme in themes and not item.of_some)]
    return tuple(sorted({len(questionnaire.scales[item.scale].points) for item in items}))


def reworded(one: Questionnaire, other: Questionnaire) -> tuple[str, ...]:
    """Items of both that are not the same question, in the order of the second."""
    return tuple(item.id for item in other.items if item.id in one.item and _item_apart(one, other, item.id, False))


def _item_apart(one: Questionnaire, other: Questionnaire, item: str, agreed: bool) -> str:
    if item not in one.item or item not in other.item:
        return NOT_ASKED
    a, b = one.item[item], other.item[item]
    if (_same(a.vi), a.reverse) != (_same(b.vi), b.reverse):
        return OTHER_WORDING
    if a.relevant != b.relevant:
        return OTHER_PEOPLE
    scales = [[_same(point.vi) for point in questionnaire.scale_of(item).points] for questionnaire in (one, other)]
    if len(scales[0]) != len(scales[1]):
        return "" if agreed else OTHER_SCALE
    return "" if scales[0] == scales[1] or agreed else OTHER_WORDING


def _theme_apart(one: Questionnaire, other: Questionnaire, theme: str) -> str:
    if theme not in one.theme or theme not in other.theme:
        return NOT_ASKED
    if points(one, f"theme:{theme}") != points(other, f"theme:{theme}"):
        return OTHER_SCALE
    asked = {item.id for questionnaire in (one, other) for item in questionnaire.scored_in(theme)}
    same = [item for item in asked if not _item_apart(one, other, item, False)]
    most = max(len(one.scored_in(theme)), len(other.scored_in(theme)))
    return "" if len(same) >= THEME_ANSWERED * most else OTHER_ITEMS


def _same(text: str) -> str:
    """Case, spaces and the full stop do not make another question."""
    return re.sub(r"\s+", " ", text).strip(" .").casefold()
