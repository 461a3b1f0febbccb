"""The certificate of a release in words: what was tried against it before it was published, and what was found."""

from __future__ import annotations

from survey.disclose.release import Release
from survey.disseminate.given import SCORES_ONLY
from survey.i18n import DASH, Locale


def opening(release: Release, locale: Locale) -> str:
    """What was done at all; for numbers of another body only the bases were looked at."""
    _ = locale
    if release.published_elsewhere:
        said = _("Another body published these numbers before. Here only the minimum bases were checked: {count} numbers.",
                 count=_.number(release.audit.get("small_numbers"), 0))  # fmt: skip
        return f"{said} {_(SCORES_ONLY)}" if release.scores_only else said
    return _("Before anything was published, the results were attacked like this:")


def attacks(release: Release, locale: Locale) -> tuple[str, ...]:
    """One line for each attack, with how often it was tried and how often it succeeded."""
    _, audit = locale, release.audit
    if release.published_elsewhere:
        return ()

    def count(name: str) -> str:
        return _.number(audit.get(name), 0)

    return (
        _("Numbers of fewer people than the minimum: {tried} looked at, {found} found.",
          tried=count("small_numbers"), found=count("under_minimum")),
        _("Hidden numbers worked out by adding and subtracting what is shown: {tried} places without a number in {tables} tables, {found} found.",
          tried=count("hidden"), tables=count("tables"), found=_.number(release.told_by_combination, 0)),
        _("Hidden numbers bounded too narrowly by a linear programme: {found} found.", found=count("intervals_too_narrow")),
        *([_("Combinations of numbers of any groups that speak of very few people: {tried} profiles of people, {found} found.",
             tried=count("profiles"), found=count("combinations")),
           _("Themes and indexes that are anything but the mean of their printed parts: {found} found.", found=count("composites")),
           _("Hidden units given away by whole numbers and headcounts: {tried} groups' answers looked at, none found.",
             tried=count("whole_numbers"))] if "combinations" in audit else
          [_("Very small groups isolated by any combination of shown numbers: {found} found.", found=count("isolated"))]),
        _("Groups in which (nearly) everybody answered alike: {tried} numbers looked at, {found} that tell it.",
          tried=count("alike"), found=count("unanimous")),
        *([_("Questions that only some are asked: {tried} looked at, {found} that tell of a few who were not.",
             tried=count("skipped"), found=count("left_out"))] if "skipped" in audit else []),
        *([_("With nothing but these results, as anybody could: {tried} hidden groups, none that is surely too small.",
             tried=count("bounds"))] if "bounds" in audit else []),
        *([_("Reliability marks, alphas and drivers: {tried} looked at, none that speaks of too few people or forms.",
             tried=count("quality"))] if "quality" in audit else []),
    )  # fmt: skip


def again(release: Release, locale: Locale) -> str:
    """How to try it again; nothing for numbers of another body."""
    if release.published_elsewhere:
        return ""
    return locale("Attack suite {suite}. The command `langnghe audit --wave {wave}` runs the attacks again.",
                  suite=release.audit.get("suite", DASH), wave=release.wave.id)  # fmt: skip


def fingerprints(release: Release, whole: str, locale: Locale) -> dict[str, str]:
    """What -> SHA-256. `whole`: of the release uncut, which every reader of the whole finds."""
    _ = locale
    return {
        _("Release"): whole, _("Its numbers alone"): release.audit.get("cells", DASH), _("Table plan"): release.plan.hash,
        _("Disclosure policy"): release.policy_hash,
    }  # fmt: skip
