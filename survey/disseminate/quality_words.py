"""What a release says of its own reliability and of what goes with the whole, in words."""

from __future__ import annotations

from collections.abc import Sequence

from survey.disclose.quality import Drivers, Level, Totals, Why
from survey.disclose.release import Release
from survey.disseminate.look import LEVELS
from survey.disseminate.sentences import listed
from survey.errors import N_
from survey.i18n import DASH, Locale

SIGNS = {Level.HIGH: "●●●", Level.MEDIUM: "●●○", Level.LOW: "●○○"}
REASONS = {
    Why.FEW: N_("fewer than {base} forms"),
    Why.RATE: N_("under {response}% of the staff answered"),
    Why.RATE_UNKNOWN: N_("the response rate is not known"),
    Why.MORE_THAN_STAFF: N_("more forms than staff"),
    Why.CONTRADICTIONS: N_("many forms contradict themselves"),
    Why.ALIKE: N_("answers are more alike than usual (the same answer down the page, or the same forms)"),
}


def mark(release: Release, unit: str, locale: Locale) -> str:
    """The mark in a word, with its sign; empty where the unit has none."""
    found = release.quality and release.quality.units.get(unit)
    return f"{SIGNS[found.level]} {locale(LEVELS[found.level])}" if found else ""


def reasons(release: Release, unit: str, locale: Locale) -> str:
    """Why the mark is not high; empty where it is."""
    found = release.quality and release.quality.units.get(unit)
    if not found:
        return ""
    return "; ".join(reason(release, why, locale) for why in found.reasons)


def reason(release: Release, why: Why, locale: Locale) -> str:
    """One reason, with the limit of the policy."""
    policy = release.policy
    return locale(REASONS[why], base=policy.get("reliability_base", DASH), response=policy.get("reliability_response", DASH))


def explained(release: Release, unit: str, locale: Locale) -> str:
    """The mark and its reasons for one cell of a table; empty where the unit has none."""
    return ": ".join(filter(None, (mark(release, unit, locale), reasons(release, unit, locale))))


def reliability(release: Release, unit: str, locale: Locale) -> str:
    """A sentence: the mark, and why it is not high; empty where the unit has none."""
    _ = locale
    if not (said := mark(release, unit, locale)):
        return ""
    why = reasons(release, unit, locale)
    return _("Reliability: {mark} – {reasons}.", mark=said, reasons=why) if why else _("Reliability: {mark}.", mark=said)


def drivers(release: Release, found: Drivers, group: str, locale: Locale) -> str:
    """Which themes go most with the overall assessment. They go with it; nothing says that they cause it."""
    _ = locale
    names = {theme.id: _.pick(theme.vi, theme.en) for theme in release.questionnaire.themes}
    if not found.themes:
        return _("In {group} the intervals are too wide to say which theme goes most with the overall assessment.", group=group)
    ordered = sorted(found.themes, key=lambda theme: -theme.share)
    clear = [f"“{names[theme.theme]}”" for theme in ordered if theme.low > 100 / len(_index_themes(release))]
    said = _("In {group} the themes together go with {percent} of the differences in the overall assessment.", group=group,
             percent=_.percent(found.explained)) + " "  # fmt: skip
    if not clear:
        return said + _("No theme clearly stands out.")
    return said + _("What goes with it clearly more than an equal part: {names}.", names=listed(clear, _))


def _index_themes(release: Release) -> Sequence[object]:
    return [theme for theme in release.questionnaire.themes if theme.in_index]


def totals(found: Totals, locale: Locale) -> str:
    """For the organizer: what the forms that look careless would change."""
    if found.marked == 0:
        return locale(
            "Fewer than 5% of the forms look careless or copied. The index of the whole is {index} points with them and {without} without them. Nothing was deleted.",
            index=found.index, without=found.without,
        )  # fmt: skip
    return locale(
        "About {marked} of the forms look careless or copied. The index of the whole is {index} points with them and {without} without them. Nothing was deleted.",
        marked=locale.percent(found.marked), index=found.index, without=found.without,
    )  # fmt: skip
