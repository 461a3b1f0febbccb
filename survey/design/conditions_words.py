"""A condition in words, for paper and for whoever edits a questionnaire."""

from __future__ import annotations

from survey.design.conditions import Condition
from survey.design.questionnaire import Breakdown, Item, Questionnaire
from survey.errors import N_
from survey.i18n import Locale

_SIGNS = {
    "=": N_('"{question}" is answered with "{answer}"'),
    "!=": N_('"{question}" is not answered with "{answer}"'),
    "<": N_('the answer to "{question}" stands before "{answer}"'),
    "<=": N_('the answer to "{question}" is "{answer}" or stands before it'),
    ">": N_('the answer to "{question}" stands after "{answer}"'),
    ">=": N_('the answer to "{question}" is "{answer}" or stands after it'),
}


def in_words(tree: Condition, questionnaire: Questionnaire, locale: Locale, numbers: dict[str, str] | None = None) -> str:
    """`numbers`: how a question is called on paper; without it, or of one that has none, its own words."""
    kind, *parts = tree
    if kind == "not":
        return locale(N_("it is not so that {condition}"), condition=in_words(parts[0], questionnaire, locale, numbers))
    if kind in ("and", "or"):
        joined = N_("{one} and {other}") if kind == "and" else N_("{one} or {other}")
        said, *rest = (in_words(part, questionnaire, locale, numbers) for part in parts)
        for other in rest:
            said = locale(joined, one=said, other=other)
        return said
    question, answer = _named(parts[0], str(parts[1]), questionnaire, locale)
    return locale(_SIGNS[kind], question=(numbers or {}).get(parts[0]) or question, answer=answer)


def _named(name: str, value: str, questionnaire: Questionnaire, locale: Locale) -> tuple[str, str]:
    """The words of a question and of one of its answers, as far as there are any."""
    asked: dict[str, Item | Breakdown] = {one.id: one for one in (*questionnaire.items, *questionnaire.optional_items)}
    asked |= {one.id: one for one in questionnaire.breakdowns}
    found = asked.get(name)
    if found is None:
        return name, value
    if isinstance(found, Breakdown):
        options = found.categories
    else:
        scale = questionnaire.scales[found.scale]
        options = (*scale.points, *((scale.dont_know,) if scale.dont_know else ()))
    answer = next((locale.pick(one.vi, one.en) for one in options if str(one.value) == value), value)
    return locale.pick(found.vi, found.en), answer
