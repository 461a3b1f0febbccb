"""The certificate of a release, for everybody: what was tried against it before it was published, and what was found."""

from __future__ import annotations

import streamlit as st

from survey.disclose.release import Release
from survey.i18n import Locale


def section(release: Release, locale: Locale) -> None:
    _ = locale
    audit = release.audit
    if not audit:
        return
    with st.expander(_("Certificate: what was tried against these results, and what was found")):
        if release.published_elsewhere:
            st.markdown(_("Another body published these numbers before. Here only the minimum bases were checked: {count} numbers.",
                          count=_.number(audit.get("small_numbers"), 0)))  # fmt: skip
        else:
            st.markdown(_tried(release, _))
        st.markdown(_("Fingerprints (SHA-256): whoever has the files can reckon them again."))
        values = {
            _("Release"): release.hash, _("Its numbers alone"): audit.get("cells", "–"), _("Table plan"): release.plan.hash,
            _("Disclosure policy"): release.policy_hash,
        }  # fmt: skip
        st.code("\n".join(f"{name}: {value}" for name, value in values.items()), language=None, wrap_lines=True)


def _tried(release: Release, locale: Locale) -> str:
    """One line (Markdown) for each attack, with how often it was tried and how often it succeeded."""
    _, audit = locale, release.audit

    def count(name: str) -> str:
        return _.number(audit.get(name), 0)

    lines = (
        _("Before anything was published, the results were attacked like this:"),
        "",
        _("- Numbers of fewer people than the minimum: {tried} looked at, {found} found.",
          tried=count("small_numbers"), found=count("under_minimum")),
        _("- Hidden numbers worked out by adding and subtracting what is shown: {tried} hidden numbers in {tables} tables, {found} found.",
          tried=count("hidden"), tables=count("tables"), found=_.number(release.told_by_combination, 0)),
        _("- Hidden numbers bounded too narrowly by a linear programme: {found} found.", found=count("intervals_too_narrow")),
        *([_("- Combinations of numbers of any groups that speak of very few people: {tried} profiles of people, {found} found.",
             tried=count("profiles"), found=count("combinations")),
           _("- Themes and indexes that are anything but the mean of their printed parts: {found} found.", found=count("composites")),
           _("- Hidden units given away by whole numbers and headcounts: {tried} groups' answers looked at, none found.",
             tried=count("whole_numbers"))] if "combinations" in audit else
          [_("- Very small groups isolated by any combination of shown numbers: {found} found.", found=count("isolated"))]),
        _("- Groups in which (nearly) everybody answered alike: {tried} numbers looked at, {found} that tell it.",
          tried=count("alike"), found=count("unanimous")),
        *([_("- With nothing but these results, as anybody could: {tried} hidden groups, none that is surely too small.",
             tried=count("bounds"))] if "bounds" in audit else []),
        *([_("- Reliability marks, alphas and drivers: {tried} looked at, none that speaks of too few people or forms.",
             tried=count("quality"))] if "quality" in audit else []),
        "",
        _("Attack suite {suite}. The command `langnghe audit --wave {wave}` runs the attacks again.",
          suite=audit.get("suite", "–"), wave=release.wave.id),
    )  # fmt: skip
    return "\n".join(lines)
