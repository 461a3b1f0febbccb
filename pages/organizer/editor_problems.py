"""What keeps a questionnaire from being saved, in the words of the editor's own fields: where, what, and what to do there."""

from __future__ import annotations

from pages.widgets import organizer as desk
from survey.errors import N_, InputRefused
from survey.i18n import Locale

# The fields of a file, as the editor calls them.
_FIELDS = {
    "vi": N_("in Vietnamese"),
    "en": N_("in English"),
    "relevant": N_("asked only if"),
    "points": N_("answers"),
    "options": N_("answers"),
    "value": N_("answers"),
    "version": N_("Number of the new version"),
    "title_vi": N_("Title of the questionnaire in Vietnamese"),
    "title_en": N_("Title of the questionnaire in English (optional)"),
    "items": N_("Questions"),
    "themes": N_("Themes"),
    "scale": N_("Lists of answers"),
    "scales": N_("Lists of answers"),
    "breakdown_fields": N_("About the respondent"),
    "in_index": N_("Part of the index"),
}
# What a file is cured with, and what cures it here.
_CURES = {
    N_("the questionnaire has no item."): N_("Add a theme under “Themes”, and a question to it."),
    N_("it is missing."): N_("Write it in its field."),
    N_("this answer has no words."): N_("Write its words, or remove the answer."),
    N_("a scale needs two or more different points."): N_("Add answers to the list."),
    N_("a breakdown needs two or more categories."): N_("Add answers to the question, or leave it out."),
    N_('{value} "{label}" would count as a point of the scale.'): N_("Remove it from the list, and tick “don't know” below the list."),
    N_("theme {theme} cannot be in the index: all its questions are asked of some people only."): N_(
        "Take the tick away from “Part of the index”, or add a question that everybody is asked."
    ),
}


def problems(refused: InputRefused, locale: Locale) -> list[dict[str, str]]:
    _ = locale
    return [
        {
            _("Where"): desk.plain(_where(one.column or "", _)),
            _("What is wrong"): desk.plain(_(one.message, **one.values)),
            _("What to do"): desk.plain(_(_CURES.get(one.message, one.cure), **one.values)),
        }
        for one in refused.problems
    ]


def _where(column: str, locale: Locale) -> str:
    parts = [part for part in column.split(" · ") if part != "meta"]
    return " · ".join(locale(_FIELDS[part]) if part in _FIELDS else part for part in dict.fromkeys(parts))
