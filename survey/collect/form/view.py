"""What the browser module is given: the form behind a code, as plain data in one language."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable
from functools import cache
from html import escape
from pathlib import Path
from typing import Any

from survey.collect.form.strings import strings
from survey.collect.heard import Heard
from survey.collect.service import OpenedForm
from survey.collect.slips import in_groups
from survey.design.conditions import names
from survey.design.criteria import document, wording
from survey.design.questionnaire import Breakdown, Item, OpenQuestion, Option, Questionnaire, Scale
from survey.design.wave import Wave
from survey.disclose.policy import Policy
from survey.errors import SurveyError
from survey.i18n import LANGUAGE_NAMES, Locale
from survey.undertaking import said

FOLDER = Path(__file__).parent
_SCRIPTS = ("form.js", "plain.js", "streamlit.js", "invitation.js", "blind.js", "credential.js", "kiosk.js", "post.js")
ASSETS = {**dict.fromkeys(_SCRIPTS, "text/javascript"), "form.css": "text/css"}


def form_view(opened: OpenedForm, policy: Policy, _: Locale, heard: Heard | None = None) -> dict[str, Any]:
    """The `form` part of the module's configuration (see form.js). `heard`: what was done with the answers of the wave before."""
    questionnaire = opened.questionnaire
    wave = opened.wave
    unit = opened.unit
    who_sees = _who_sees(opened, policy.raised(wave.plan.minimum_base), _)
    early = _early(questionnaire)

    def around(question: Item | OpenQuestion | Breakdown) -> dict[str, Any]:
        """What form.js finds around a question; missing where there is nothing."""
        found = {
            "hint": _.pick(question.hint_vi, question.hint_en),
            "note": _.pick(question.note_vi, question.note_en),
            "relevant": questionnaire.conditions.get(question.id),
            "before": early.get(question.id),
        }
        return {name: value for name, value in found.items() if value}

    return {
        "trial": opened.trial,
        "wave": {"id": wave.id, "title": _.pick(wave.title_vi, wave.title_en)},
        "contact": wave.contact,  # of this wave; without one the installation's stands there
        "until": _("You can answer until {day}.", day=_.day(wave.closes)),
        "questionnaire": {
            "id": questionnaire.id,
            "version": questionnaire.version,
            "title": _.pick(questionnaire.title_vi, questionnaire.title_en),
        },
        "intro": list(questionnaire.intro_en if _.language == "en" and questionnaire.intro_en else questionnaire.intro_vi),
        "criteria": _criteria(questionnaire, _),
        "heard": _heard(heard, _),
        "who_sees": who_sees,
        "scales": {scale.id: _scale(scale, _) for scale in questionnaire.scales.values()},
        "themes": [
            {
                "id": theme.id,
                "title": _.pick(theme.vi, theme.en),
                "items": [
                    {"id": item.id, "text": _.pick(item.vi, item.en), "scale": item.scale, **around(item)}
                    for item in questionnaire.items_of(theme.id)
                ],
            }
            for theme in questionnaire.themes
        ],
        "open_questions": [
            {"id": question.id, "text": _.pick(question.vi, question.en), "max_chars": question.max_chars, **around(question)}
            for question in questionnaire.open_questions
        ],
        "open_warning": _.pick(questionnaire.warning_vi, questionnaire.warning_en),
        "breakdowns": [
            {
                "id": field.id,
                "label": _.pick(field.vi, field.en),
                "options": [{"code": str(c.value), "label": _.pick(c.vi, c.en)} for c in field.categories],
                **around(field),
            }
            for field in questionnaire.breakdowns
        ],
        # What is of one unit, or of one form, comes last: see shared_page.py. What is sealed names the unit by its id.
        "stored": {"lines": [*_stored(opened, _), *who_sees], "template": {"unit": unit.id}},
        "unit": _.pick(unit.name_vi, unit.name_en),
        "draft_key": opened.draft_key,
    }


def _early(questionnaire: Questionnaire) -> dict[str, list[str]]:
    """Question -> the breakdowns asked right above it, because its condition looks at them; the others are asked last."""
    left = [one.id for one in questionnaire.breakdowns]
    found: dict[str, list[str]] = {}
    for asked in [one.id for one in questionnaire.items] + [one.id for one in questionnaire.open_questions]:
        wanted: set[str] = set()
        new = {asked}
        while new:  # and those at which these look in turn
            new = {name for one in new for name in names(questionnaire.conditions.get(one, ["and"]))} - wanted
            wanted |= new
        if here := [one for one in left if one in wanted]:
            found[asked] = here
            left = [one for one in left if one not in here]
    return found


def _criteria(questionnaire: Questionnaire, _: Locale) -> list[dict[str, Any]]:
    """What is asked and why: each document with those of its criteria that this form has a question for."""
    asked = {name for item in questionnaire.items for name in item.criteria}
    found: dict[str, list[str]] = {}
    for one in questionnaire.criteria:
        if one.id in asked:
            found.setdefault(document(one, _), []).append(wording(one, _))
    return [{"document": name, "lines": lines} for name, lines in found.items()]


def _heard(heard: Heard | None, _: Locale) -> dict[str, Any] | None:
    """What was done with the last answers; None where nothing was announced."""
    if heard is None:
        return None
    title = _("What was done with the answers of {wave}", wave=_.pick(heard.wave.title_vi, heard.wave.title_en) or heard.wave.id)
    return {"title": title, "lines": [said(one, heard.questionnaire, _) for one in heard.undertakings]}


def _who_sees(opened: OpenedForm, policy: Policy, _: Locale) -> list[str]:
    """Who can see what, from how many people on."""
    unit = opened.unit
    lines = [
        _("Nobody sees a single form: not your leaders, not the organizers."),
        _("A unit's results are shown from {unit} forms, single questions from {item} answers.", unit=policy.unit, item=policy.item),
        _(
            "Results by age, gender and so on: only in units with {unit} forms or more, and {category} in each category.",
            unit=policy.breakdown_unit,
            category=policy.category,
        ),
    ]
    if opened.questionnaire.open_questions:
        lines.append(
            _(
                "Comments are shown word for word, but mixed and apart from all other answers: from {people} forms, at least {comments} of them with a comment.",
                people=policy.comments_respondents,
                comments=policy.comments,
            )
        )
    if len(unit.members) > 1:
        lines.append(_("Your unit is small, so it is counted together: {name}.", name=_.pick(unit.name_vi, unit.name_en)))
    if opened.wave.plan.shares_needed == 1:
        lines.append(_("Please note: in this survey one person alone holds the key of the box and could open it without others."))
    return lines


def _stored(opened: OpenedForm, _: Locale) -> list[str]:
    """What is stored, where, until when, and what is left of it."""
    plan = opened.wave.plan
    lines = [
        _("One sealed envelope of a fixed size, with exactly what is shown below."),
        _("It lies in a ballot box on the server of the survey, without a time or an order."),
        _(
            "The box accepts each code once. No list holds codes together with names or answers. Of your unit only the number of forms is kept."
        )
        if not opened.invited
        else _("Nothing else. Your invitation says that a credential was collected, not which one: nothing joins it with this form."),
        _("Not stored anywhere: your name, the time, your network address, your device."),
        _("When the survey closes ({day}) the box is opened once, counted, and destroyed.", day=_.day(opened.wave.closes)),
        _("A public list then names the receipt of every form in the box, so that you can see that yours was counted."),
        _("After sending, an answer can be neither found nor deleted, because nobody can tell which one is yours."),
    ]
    if plan.shares_needed > 1:
        key = _("The server cannot open the box: {needed} of {shares} custodians must bring their parts of the key.",
                needed=plan.shares_needed, shares=plan.shares)  # fmt: skip
        lines.insert(2, key)
    return lines


def configuration(
    _: Locale, *, code: str | None = None, form: dict[str, Any] | None = None, error: SurveyError | None = None,
    illustrative: bool = False, history: bool = False, contact: str = "", kiosk: bool = False, waves: Iterable[Wave] = (),
    organisation: str = "", mark: str = "",
) -> dict[str, Any]:  # fmt: skip
    """The whole configuration of the module: texts, and the form if a code has opened one.

    `contact`: whom to ask; `kiosk`: a device of many people, which keeps nothing; `waves`: those in the field, for the screen on
    which a code is entered; `organisation`, `mark`: whose survey it is, the mark as a data address.
    """
    waves = tuple(waves)
    return {
        "lang": _.language,
        "strings": _strings(_.language),
        "kiosk": kiosk,
        "history": history and not kiosk,
        "illustrative": illustrative,
        "contact": (waves[0].contact if len(waves) == 1 else "") or contact,
        "organisation": organisation,
        "mark": mark,
        "languages": {language: name for language, name in LANGUAGE_NAMES.items() if language != _.language},
        "waves": [f"{_.pick(wave.title_vi, wave.title_en)}: {_('open until {day}', day=_.day(wave.closes))}" for wave in waves],
        "error": None if error is None else {"status": error.code, "message": error.text(_)},
        "form": form,
        "code": in_groups(code) if code else None,
    }


def plain_page(config: dict[str, Any], title: str, script: str = "plain.js") -> str:
    """The HTML of a plain page. The configuration is data inside it, never code."""
    # "<" is written \u003c, so that no text can end the script element.
    data = json.dumps(config, ensure_ascii=False).replace("<", "\\u003c")
    parts = {
        "lang": config["lang"],
        "title": escape(title),
        "css_url": f"{asset_base()}/form.css",
        "js_url": f"{asset_base()}/{script}",
        "noscript": escape(config["strings"]["noscript"]),
        "config_json": data,
    }
    return re.sub(r"\{\{(\w+)\}\}", lambda match: parts[match[1]], _page())


@cache
def _page() -> str:
    return (FOLDER / "page.html").read_text(encoding="utf-8")


@cache
def _strings(language: str) -> dict[str, str]:
    return strings(Locale(language))


def asset_base() -> str:
    """The address of the assets carries their fingerprint, so that browsers may keep them for a year."""
    return f"/p/assets/{fingerprint()}"


@cache
def fingerprint() -> str:
    """Changes with the assets."""
    digest = hashlib.sha256()
    for name in sorted(ASSETS):
        digest.update((FOLDER / name).read_bytes())
    return digest.hexdigest()[:12]


def component_source() -> str:
    """JavaScript of the Streamlit component, a few lines, which bring in the module and its style from where /p has them."""
    return (FOLDER / "loader.js").read_text(encoding="utf-8").replace("BASE", asset_base())


def _scale(scale: Scale, _: Locale) -> dict[str, Any]:
    def label(option: Option) -> dict[str, Any]:
        return {"value": option.value, "label": _.pick(option.vi, option.en)}

    return {
        "points": [label(point) for point in scale.points],
        "dont_know": label(scale.dont_know) if scale.dont_know else None,
    }
