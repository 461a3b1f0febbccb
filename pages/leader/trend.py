"""2019-2025: the unit against its group and the province, with reorganisations drawn as breaks."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import streamlit as st

from pages.widgets import chart
from pages.widgets.selection import choose, pick_measure
from survey.access import Viewer
from survey.analyse.change import Comparison, Side, compare, parent_of, root_of
from survey.analyse.trend import Point, as_it_was, recast, reorganisations
from survey.disclose.release import Cell, Release, Suppressed
from survey.disseminate import figures, sentences, tables
from survey.disseminate.look import caption
from survey.errors import N_
from survey.i18n import Locale

if TYPE_CHECKING:
    from bootstrap import Services

# Decision 733/QĐ-TTg (2019): mid-term review in 2022, final review in 2025; for the questionnaire written for it.
PROGRAMME = "vhcs-core"
MILESTONES = {2022: N_("mid-term review"), 2025: N_("final review")}


def render(services: Services, viewer: Viewer | None, locale: Locale) -> None:
    _ = locale
    st.title(_("Trend"))
    chosen = choose(services, viewer, locale, third=True)
    if chosen is None:
        return
    release, unit = chosen.release, chosen.unit
    measure, what = pick_measure(chosen, locale)
    name = figures.node_name(release, unit, locale)
    chart.about(release, name, locale)
    # All waves of the questionnaire, also later ones: a dissolved unit's line simply ends.
    releases = services.results.history(viewer, services.results.waves(viewer)[-1].id)
    releases = tuple(r for r in releases if r.questionnaire.id == release.questionnaire.id) or (release,)
    register = services.results.register(viewer)
    own, past = as_it_was(releases, unit, measure), recast(releases, register, unit, measure)
    said = caption(what, release, unit, locale, span=f"{releases[0].wave.id} – {releases[-1].wave.id}")
    series = _series(release, releases, unit, measure, own, past, locale)
    days = reorganisations(register, releases[0].wave.closes, releases[-1].wave.closes, _khoi(release, unit))
    sentence = [sentences.trend(name, own, _first_to_last(own, release), locale), sentences.recast(past, locale)]
    chart.show(
        figures.trend_lines(series, days, _marks(releases, locale), said, locale), tables.trend(series, locale),
        " ".join(filter(None, sentence)), f"xu-huong-{measure}-{unit}", release, unit, locale,
    )  # fmt: skip
    st.caption(_("A line breaks where the unit did not exist or its number is hidden; the table says which. Thin bars: 95 % intervals."))
    if story := sentences.lineage(register, unit, locale):
        st.caption(story)
    chart.picture_format(locale)


def _series(
    release: Release, releases: tuple[Release, ...], unit: str, measure: str, own: tuple[Point, ...], past: tuple[Point, ...], locale: Locale
) -> list[tuple[str, tuple[Point, ...], str]]:  # fmt: skip
    found = [(figures.node_name(release, unit, locale), own, "unit")]
    if past:
        found.append((locale("predecessors together (recast)"), past, "recast"))
    above = {parent_of(release, unit): "group", root_of(release, unit): "whole"}
    found += [
        (figures.node_name(release, node, locale), as_it_was(releases, node, measure), style)
        for node, style in above.items()
        if node is not None and node != unit
    ]
    return found


def _khoi(release: Release, unit: str) -> str:
    """The group whose reorganisations concern the unit; "" (all) for the whole province."""
    node = release.node(unit)
    return node.group if node.parent is not None else ""


def _marks(releases: tuple[Release, ...], locale: Locale) -> dict[date, str]:
    found: dict[int, date] = {}
    for release in releases:
        if release.questionnaire.id == PROGRAMME and release.wave.closes.year in MILESTONES:
            found.setdefault(release.wave.closes.year, release.wave.closes)
    return {day: locale(MILESTONES[year]) for year, day in found.items()}


def _first_to_last(points: tuple[Point, ...], release: Release) -> Comparison | None:
    known = [point for point in points if point.cell is not None]
    if len(known) < 2:
        return None
    first, last = known[0], known[-1]

    def one(point: Point) -> Side:
        cell: Cell | Suppressed = point.cell or Suppressed("not-available")
        return Side(cell, None if point.release.published_elsewhere else point.release.plan.headcount(point.unit))

    return compare([(one(last), one(first))], release.policy)[0]
