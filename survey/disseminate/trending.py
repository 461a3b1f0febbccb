"""One measure of one unit over the waves: its line beside others, where it breaks and why. One reading for the page."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property, partial
from itertools import pairwise

from survey.access import Viewer
from survey.analyse.change import parent_of, root_of
from survey.analyse.comparable import apart, declared, points
from survey.analyse.trend import Point, as_it_was, of_one_series, recast, reorganisations_on_its_line, unbroken, whole_change
from survey.analyse.verdicts import GROUP, PREVIOUS, Verdicts
from survey.design.units import UnitRegister
from survey.disclose.release import Release
from survey.disseminate import sentences
from survey.disseminate.figures.lines import Mark, Series
from survey.disseminate.look import Caption, caption, lines, node_name
from survey.disseminate.results import Results
from survey.errors import N_
from survey.i18n import Locale

# Decision 733/QĐ-TTg (2019): mid-term review in 2022, final review in 2025; for the questionnaire written for it.
PROGRAMME = "vhcs-core"
MILESTONES = {2022: N_("mid-term review"), 2025: N_("final review")}
RECAST, AS_IT_WAS = "recast", "was"
VIEWS = {RECAST: N_("Recast to today's structure"), AS_IT_WAS: N_("As it was")}
BROKEN = N_("A line breaks where the unit did not exist, its number is hidden or the question changed; the table says which. Thin bars: 95% intervals.")  # fmt: skip
MOST_KIN = 6  # lines of predecessors and successors on one chart
MOST_BESIDE = 4  # units a reader may lay beside the one he looks at


@dataclass(frozen=True, eq=False, kw_only=True)
class Trending:
    """`releases`: the waves of one series, oldest first, also those after `release`; `what`: the measure in words;
    `verdicts`: of a wave."""

    release: Release
    releases: tuple[Release, ...]
    register: UnitRegister
    unit: str
    measure: str
    what: str
    verdicts: Callable[[str], Verdicts]
    locale: Locale

    def points(self, node: str) -> tuple[Point, ...]:
        return as_it_was(self.releases, node, self.measure, self.register)

    @cached_property
    def own(self) -> tuple[Point, ...]:
        return self.points(self.unit)

    @cached_property
    def past(self) -> tuple[Point, ...]:
        """Who became the unit, where its people were elsewhere."""
        return recast(self.releases, self.register, self.unit, self.measure)

    @property
    def renamed(self) -> bool:
        """Did it come from others, so that there are two ways to draw its past?"""
        named = {self.register.by_id[one].name_vi for one in self.register.origins(self.unit)} if self.unit in self.register else set()
        return bool(self.past or named)

    @cached_property
    def said(self) -> list[str]:
        """What rose and fell for sure; of a unit with one wave how it stands in its group; and the whole way."""
        stretch, group, minimum = (
            unbroken(self.own),
            parent_of(self.release, self.unit),
            "base_item" if self.measure.startswith("item:") else "base_score",
        )
        if len(stretch) > 1 or group is None:
            walked = [(one, self.verdicts(one.release.wave.id).of(self.unit, self.measure, PREVIOUS)) for one in stretch[1:]]
            found = [*sentences.rises_and_falls(walked, self.locale)]
        else:
            one = self.verdicts(self.release.wave.id).of(self.unit, self.measure, GROUP)
            found = [*sentences.good_and_bad([(self.what, one)], node_name(self.release, group, self.locale), self.locale)]
        whole = whole_change(stretch, self.measure, minimum)
        return [*found, sentences.trend(node_name(self.release, self.unit, self.locale), stretch, whole, self.locale)]

    def series(self, view: str, beside: Sequence[str]) -> list[Series]:
        """The unit, who it came from, its group and the whole, and the units laid beside it."""
        found: list[Series] = [(node_name(self.release, self.unit, self.locale), self.own, "unit")]
        if view == RECAST and self.past:
            found.append((self.locale("predecessors together (recast)"), self.past, "recast"))
        if view == AS_IT_WAS and self.unit in self.register:
            found += self._kin()
        above = {parent_of(self.release, self.unit): "group", root_of(self.release, self.unit): "whole"}
        others = [(node, style) for node, style in above.items() if node is not None and node != self.unit] + [
            (one, "kin") for one in beside
        ]
        return found + [(node_name(self.release, node, self.locale), self.points(node), style) for node, style in others]

    def _kin(self) -> list[Series]:
        origins = self.register.origins(self.unit)
        kin = [one for one in self.register if one.id in origins or self.unit in self.register.origins(one.id)]
        drawn = [(sentences.dated(one, self.locale), self.points(one.id), "kin") for one in kin]
        return [line for line in drawn if any(point.cell for point in line[1])][:MOST_KIN]

    def about(self) -> Caption:
        """What a saved picture says of itself, with what the organizer declared of the waves on it."""
        found = caption(self.what, self.release, self.unit, self.locale, span=f"{self.releases[0].wave.id} – {self.releases[-1].wave.id}")
        agreed = [declared(earlier.questionnaire, later.questionnaire) for earlier, later in pairwise(self.releases)]
        notes = dict.fromkeys(
            self.locale("Declared comparable: {note}", note=self.locale.pick(one.note_vi, one.note_en)) for one in agreed if one
        )  # fmt: skip
        found += [line for note in notes for line in lines(note, 70)]
        return found

    def breaks(self) -> list[Mark]:
        """Its own reorganisations (of a group those of its units), and where the question changed."""
        _, node = self.locale, self.release.node(self.unit)
        days = reorganisations_on_its_line(self.register, node, self.releases[0].wave.closes, self.releases[-1].wave.closes)
        found = [Mark(day, _("reorganisation {day}", day=_.day(day))) for day in days]
        for earlier, later in pairwise(self.releases):
            if reason := apart(earlier.questionnaire, later.questionnaire, self.measure):
                first, last = earlier.wave.closes, later.wave.closes
                found.append(Mark(first + (last - first) / 2, _("break in the series: {reason}", reason=_(reason)), asked=True))
        return found

    def marks(self) -> dict[date, str]:
        """Under a wave: the milestone it is, and the scale its answers were on where it was another."""
        found: dict[date, list[str]] = {}
        years: set[int] = set()
        scale = points(self.release.questionnaire, self.measure)
        for release in self.releases:
            day, here = release.wave.closes, points(release.questionnaire, self.measure)
            if release.questionnaire.id == PROGRAMME and day.year in MILESTONES and day.year not in years:
                years.add(day.year)
                found.setdefault(day, []).append(self.locale(MILESTONES[day.year]))
            if here and here != scale:
                found.setdefault(day, []).append(self.locale("scale of {n}", n=", ".join(map(str, here))))
        return {day: "<br>".join(texts) for day, texts in found.items()}


def trending(results: Results, viewer: Viewer | None, release: Release, unit: str, measure: str, what: str, locale: Locale) -> Trending:
    """All waves of the series, also later ones: a dissolved unit's line simply ends."""
    return Trending(
        release=release, releases=of_one_series(results.releases(viewer), release, measure), register=results.register(viewer), unit=unit,
        measure=measure, what=what, verdicts=partial(results.verdicts, viewer), locale=locale,
    )  # fmt: skip
