"""What of an answer is accepted: only what was asked, every refused place named."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Mapping
from typing import Any

from survey.errors import N_, SurveyError, Translate
from survey.limits import is_unstorable

SECTIONS = ("answers", "comments", "breakdowns")
_AROUND = ("code", "credential", "attempt", "lang", "request")  # what a page sends beside them
DECLINED = "na"  # the breakdown category "prefer not to say": never a category of results


class AnswersRejected(SurveyError):
    """Answers the questionnaire does not know. `errors` maps the item or field to a msgid."""

    def __init__(self, errors: Mapping[str, str]) -> None:
        self.errors = dict(errors)
        super().__init__(
            "answers-rejected",
            N_("Some answers cannot be accepted; nothing was sent: {items}."),
            items=", ".join(sorted(self.errors)),
        )

    def messages(self, translate: Translate) -> dict[str, str]:
        return {place: translate(message) for place, message in self.errors.items()}


def accepted(
    raw: object, values: Mapping[str, Collection[int | None]], longest: Mapping[str, int], categories: Mapping[str, Collection[object]]
) -> tuple[dict[str, int], dict[str, str], dict[str, str]]:
    """Answers, comments and breakdowns in what a browser or a file sent. Raises AnswersRejected naming each place.

    `values`: of each item what may be answered; `longest`: characters of each comment; `categories`: the codes of each breakdown.
    """
    if not isinstance(raw, Mapping):
        raise AnswersRejected({"?": N_("The answers could not be read.")})
    if not any(name in raw for name in SECTIONS):  # else what is beside them may be a later or an earlier page's own
        refuse_unknown(raw, (*SECTIONS, *_AROUND))
    errors: dict[str, str] = {}
    answers = _answers(_section(raw, "answers", errors), values, errors)
    comments = _comments(_section(raw, "comments", errors), longest, errors)
    breakdowns = _breakdowns(_section(raw, "breakdowns", errors), categories, errors)
    if errors:
        raise AnswersRejected(errors)
    return answers, comments, breakdowns


def refuse_unknown(raw: Mapping[Any, Any], known: Collection[str]) -> None:
    """Raises AnswersRejected naming each part that is not known: answers under a misspelt name would be lost, and the code spent."""
    if unknown := [str(name) for name in raw if name not in known]:
        raise AnswersRejected(dict.fromkeys(unknown, N_("This is no part of a form; its parts are answers, comments and breakdowns.")))


def clean_comment(text: str) -> str:
    """NFC, no control characters but line ends: what is typed is kept, what is invisible is not."""
    folded = unicodedata.normalize("NFC", text.replace("\r\n", "\n"))
    if folded.isprintable():  # the common case, in one step
        return folded.strip()
    kept = (char for char in folded if char == "\n" or not is_unstorable(char))
    return "".join(kept).strip()


def _answers(raw: Mapping[str, Any], values: Mapping[str, Collection[int | None]], errors: dict[str, str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for item_id, value in raw.items():
        if item_id not in values:
            errors[item_id] = N_("This question is not in the questionnaire.")
            continue
        if type(value) is not int or value not in values[item_id]:
            errors[item_id] = N_("This answer is not one of the options; please choose again.")
        else:
            found[item_id] = value
    return found


def _comments(raw: Mapping[str, Any], longest: Mapping[str, int], errors: dict[str, str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for question, value in raw.items():
        if question not in longest or not isinstance(value, str):
            errors[question] = N_("This question is not in the questionnaire.")
            continue
        text = clean_comment(value)
        if len(text) > longest[question]:
            errors[question] = N_("This text is too long; please shorten it.")
        elif text:
            found[question] = text
    return found


def _breakdowns(raw: Mapping[str, Any], categories: Mapping[str, Collection[object]], errors: dict[str, str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for breakdown, value in raw.items():
        if not isinstance(value, str) or value not in categories.get(breakdown, ()):
            errors[breakdown] = N_("This answer is not one of the options; please choose again.")
        elif value != DECLINED:
            found[breakdown] = value
    return found


def _section(raw: Mapping[str, Any], name: str, errors: dict[str, str]) -> Mapping[str, Any]:
    section = raw.get(name)
    if section is None:
        return {}
    if not isinstance(section, Mapping) or not all(isinstance(key, str) for key in section):
        errors[name] = N_("The answers could not be read.")
        return {}
    return section
