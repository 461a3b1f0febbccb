"""2019-2025: the unit against its group and the province, with reorganisations and changed questions drawn as breaks."""

from __future__ import annotations

from datetime import date
from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING

import streamlit as st

from pages.widgets import chart
from pages.widgets.selection import choose, pick_measure, picked, several, tree_order
from survey.access import Viewer
from survey.analyse.change import parent_of, root_of
from survey.analyse.comparable import apart, declared, points
from survey.analyse.lineage import Lineage, events, lineage_of, lineage_of_group
from survey.analyse.trend import Point, as_it_was, of_one_series, recast, reorganisations, unbroken, whole_change
from survey.analyse.verdicts import GROUP, PREVIOUS
from survey.design.units import UnitRegister
from survey.disclose.release import Release
from survey.disseminate import figures, sentences, tables
from survey.disseminate.look import caption, lines
from survey.disseminate.sheet import charts
from survey.errors import N_
from survey.i18n import Locale

if TYPE_CHECKING:
    from bootstrap import Services

# Decision 733/QĐ-TTg (2019): mid-term review in 2022, final review in 2025; for the questionnaire written for it.
PROGRAMME = "vhcs-core"
MILESTONES = {2022: N_("mid-term review"), 2025: N_("final review")}
VIEWS = {"recast": N_("Recast to today's structure"), "was": N_("As it was")}
MOST_KIN = 6  # lines of predecessors and successors on one chart
MOST_BESIDE = 4  # units a reader may lay beside the one he looks at
Series = list[tuple[str, tuple[Point, ...], str]]


def render(services: Services, viewer: Viewer | None, locale: Locale) -> None:
    _ = locale
    st.title(_("Trend"))
    chosen = choose(services, viewer, locale, third=True)
    if chosen is None:
        return
    release, unit = chosen.release, chosen.unit
    measure, what = pick_measure(chosen, locale, items=True)
    register = services.results.register(viewer)
    chart.about(release, figures.node_name(release, unit, locale), locale)
    # All waves, also later ones: a dissolved unit's line simply ends.
    releases = of_one_series(services.results.releases(viewer), release, measure)
    _trend(services, viewer, releases, release, register, unit, measure, what, locale)
    _lineage(release, register, unit, locale)
    chart.picture_format(locale)


def _trend(
    services: Services, viewer: Viewer | None, releases: tuple[Release, ...], release: Release, register: UnitRegister, unit: str,
    measure: str, what: str, locale: Locale,
) -> None:  # fmt: skip
    _ = locale
    name, minimum = figures.node_name(release, unit, locale), "base_item" if measure.startswith("item:") else "base_score"
    own, past = as_it_was(releases, unit, measure, register), recast(releases, register, unit, measure)
    stretch, group = unbroken(own), parent_of(release, unit)
    if len(stretch) > 1 or group is None:
        walked = [(one, services.results.verdicts(viewer, one.release.wave.id).of(unit, measure, PREVIOUS)) for one in stretch[1:]]
        said = [*sentences.rises_and_falls(walked, locale)]
    else:
        one = services.results.verdicts(viewer, release.wave.id).of(unit, measure, GROUP)
        said = [*sentences.good_and_bad([(what, one)], figures.node_name(release, group, locale), locale)]
    said.append(sentences.trend(name, stretch, whole_change(stretch, measure, minimum), locale))
    chart.opening(said)
    changed = len({register.by_id[one].name_vi for one in register.origins(unit)}) if unit in register else 0
    view = "recast"
    if past or changed:
        with st.container(width=420):
            view = picked("view", _("View"), list(VIEWS), "recast", lambda one: _(VIEWS[one]))
    names = {one: name for one, _depth, name in tree_order(release, locale) if one != unit}
    beside = several("beside", _("Beside it (up to {n} units)", n=MOST_BESIDE), list(names), lambda one: names[one], MOST_BESIDE)
    series = _series(release, releases, register, unit, measure, own, past, view, locale)
    series += [(names[one], as_it_was(releases, one, measure, register), "kin") for one in beside]
    about = caption(what, release, unit, locale, span=f"{releases[0].wave.id} – {releases[-1].wave.id}")
    about += [line for note in _notes(releases, locale) for line in lines(note, 70)]
    breaks, marks = _breaks(releases, register, release, unit, measure, locale), _marks(releases, release, measure, locale)
    chart.show(
        partial(figures.trend_lines, series, breaks, marks, about, locale),
        tables.trend(series, locale), sentences.recast(past, locale) if view == "recast" else _("Each line is one unit, from its first day to its last; a name alone joins nothing."),
        f"xu-huong-{measure}-{unit}", release, unit, locale, alt=said[-1],
        drawn=partial(charts.over_waves, releases, series, breaks, marks, what, locale), page=True,
    )  # fmt: skip
    st.caption(
        _(
            "A line breaks where the unit did not exist, its number is hidden or the question changed; the table says which. Thin bars: 95 % intervals."
        )
    )


def _series(
    release: Release, releases: tuple[Release, ...], register: UnitRegister, unit: str, measure: str, own: tuple[Point, ...],
    past: tuple[Point, ...], view: str, locale: Locale,
) -> Series:  # fmt: skip
    found: Series = [(figures.node_name(release, unit, locale), own, "unit")]
    if view == "recast" and past:
        found.append((locale("predecessors together (recast)"), past, "recast"))
    if view == "was" and unit in register:
        kin = [one for one in register if one.id in register.origins(unit) or one.id in _later(register, unit)]
        lines_of = [(sentences.dated(one, locale), as_it_was(releases, one.id, measure, register), "kin") for one in kin]
        found += [line for line in lines_of if any(point.cell for point in line[1])][:MOST_KIN]
    above = {parent_of(release, unit): "group", root_of(release, unit): "whole"}
    found += [
        (figures.node_name(release, node, locale), as_it_was(releases, node, measure, register), style)
        for node, style in above.items()
        if node is not None and node != unit
    ]
    return found


def _later(register: UnitRegister, unit: str) -> set[str]:
    return {one.id for one in register if unit in register.origins(one.id)}


def _breaks(
    releases: tuple[Release, ...], register: UnitRegister, release: Release, unit: str, measure: str, locale: Locale
) -> list[figures.Mark]:
    _ = locale
    node = release.node(unit)
    group, own = (node.group if node.parent is not None else ""), {unit, *register.origins(unit)} if unit in register else None
    days = reorganisations(register, releases[0].wave.closes, releases[-1].wave.closes, group, own)
    found = [figures.Mark(day, _("reorganisation {day}", day=_.day(day))) for day in days]
    for earlier, later in pairwise(releases):
        if reason := apart(earlier.questionnaire, later.questionnaire, measure):
            first, last = earlier.wave.closes, later.wave.closes
            found.append(figures.Mark(first + (last - first) / 2, _("break in the series: {reason}", reason=_(reason)), asked=True))
    return found


def _notes(releases: tuple[Release, ...], locale: Locale) -> list[str]:
    """What the organizer declared of waves on one chart: printed on it."""
    found = [declared(earlier.questionnaire, later.questionnaire) for earlier, later in pairwise(releases)]
    return list(dict.fromkeys(locale("Declared comparable: {note}", note=locale.pick(one.note_vi, one.note_en)) for one in found if one))


def _marks(releases: tuple[Release, ...], reference: Release, measure: str, locale: Locale) -> dict[date, str]:
    """Under a wave: the milestone it is, and the scale its answers were on where it was another."""
    found: dict[date, list[str]] = {}
    years: set[int] = set()
    scale = points(reference.questionnaire, measure)
    for release in releases:
        day, here = release.wave.closes, points(release.questionnaire, measure)
        if release.questionnaire.id == PROGRAMME and day.year in MILESTONES and day.year not in years:
            years.add(day.year)
            found.setdefault(day, []).append(locale(MILESTONES[day.year]))
        if here and here != scale:
            found.setdefault(day, []).append(locale("scale of {n}", n=", ".join(map(str, here))))
    return {day: "<br>".join(texts) for day, texts in found.items()}


def _lineage(release: Release, register: UnitRegister, unit: str, locale: Locale) -> None:
    """Who became whom: of a unit its own family, of a group (khối) all its units."""
    _ = locale
    if unit in register:
        found: Lineage = lineage_of(register, unit)
    else:
        found = lineage_of_group(register, release.node(unit).group, date(2025, 1, 1))
    if not found.columns:
        return
    chart.show(
        figures.lineage_picture(found, unit, caption(_("Who became whom"), release, unit, locale), locale),
        tables.lineage(events(register, found.units), locale),
        sentences.lineage(register, unit, locale) or _("The reorganisations of this group; headcounts are those of the register."),
        f"so-do-ke-thua-{unit}", release, unit, locale, title=_("Who became whom"), wide=True,
    )  # fmt: skip
