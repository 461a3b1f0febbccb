"""2019-2025: the unit against its group and the province, with reorganisations drawn as breaks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pages.widgets import chart
from pages.widgets.selection import choose, picked
from survey.access import Viewer
from survey.analyse.change import Comparison, Side, compare, parent_of, root_of
from survey.analyse.trend import Point, as_it_was, recast, reorganisations
from survey.disclose.release import INDEX, Cell, Release, Suppressed
from survey.disseminate import figures, sentences, tables
from survey.i18n import Locale

if TYPE_CHECKING:
    from bootstrap import Services

MILESTONES = {2022: "sơ kết", 2025: "tổng kết"}


def render(services: Services, viewer: Viewer | None, locale: Locale) -> None:
    _ = locale
    chosen = choose(services, viewer, locale)
    if chosen is None:
        return
    release, unit = chosen.release, chosen.unit
    measures = {INDEX: _("Workplace culture index")}
    measures |= {f"theme:{theme.id}": _.pick(theme.vi, theme.en) for theme in release.questionnaire.themes}
    measure = picked("measure", _("What"), list(measures), INDEX, lambda one: measures[one])
    chart.header(_("Trend"), release, figures.node_name(release, unit, locale), locale)
    # All waves of the questionnaire, also later ones: a dissolved unit's line simply ends.
    releases = services.results.history(viewer, services.results.waves(viewer)[-1].id)
    releases = tuple(r for r in releases if r.questionnaire.id == release.questionnaire.id) or (release,)
    register = services.results.register(viewer)
    own = as_it_was(releases, unit, measure)
    series: list[tuple[str, tuple[Point, ...], str]] = [(figures.node_name(release, unit, locale), own, "unit")]
    past = recast(releases, register, unit, measure)
    if any(point.cell for point in past):
        series.append((_("predecessors together (recast)"), past, "recast"))
    for node, style in ((parent_of(release, unit), "group"), (root_of(release, unit), "whole")):
        if node is not None and node != unit and node not in {points[-1].unit for _n, points, _s in series}:
            series.append((figures.node_name(release, node, locale), as_it_was(releases, node, measure), style))
    days = [point.day for point in own]
    breaks = [(day.isoformat(), _("reorganisation {day}", day=_.day(day))) for day in reorganisations(register, days[0], days[-1])]
    marks = {}
    for point in own:
        if point.day.year in MILESTONES and MILESTONES[point.day.year] not in marks.values():
            marks[point.day.isoformat()] = MILESTONES[point.day.year]
    chart.show(
        figures.trend_lines(series, breaks, marks, locale), tables.trend(series, locale),
        sentences.trend(figures.node_name(release, unit, locale), own, _first_to_last(own, release), locale)
        + (" " + _("The line breaks where the unit did not exist or its number is hidden.") if any(p.cell is None for p in own) else ""),
        f"xu-huong-{unit}-{measure}".replace(":", "-"), release, unit, locale,
    )  # fmt: skip
    chart.picture_format(locale)


def _first_to_last(points: tuple[Point, ...], release: Release) -> Comparison | None:
    known = [point for point in points if point.cell is not None]
    if len(known) < 2:
        return None
    first, last = known[0], known[-1]

    def one(point: Point) -> Side:
        cell: Cell | Suppressed = point.cell or Suppressed("not-available")
        return Side(cell, None if point.release.published_elsewhere else point.release.plan.headcount(point.unit))

    return compare([(one(last), one(first))], release.policy)[0]
