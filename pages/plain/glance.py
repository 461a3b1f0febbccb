"""The first look of a leader's page, in the very answer that brings Streamlit: figures are read before its scripts have come.

Measured (decision 0030): Streamlit needs a second or two, and a hundred files, before it can ask for the first number. What stands here
is made by the functions the page itself is made by, of the same readings; glance.js takes it away when the page stands.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from survey.access import Viewer
from survey.analyse.verdicts import GROUP
from survey.disclose.release import INDEX, Release
from survey.disseminate import comparing_grid, sentences
from survey.disseminate.choosing import home, tree_order
from survey.disseminate.comparing import THEMES, VIEWS, columns_offered, comparing, orders_offered
from survey.disseminate.look import measure_labels, node_name
from survey.disseminate.sheet import addresses, charts, first, pictures
from survey.disseminate.sheet.html import Html, element, joined, style_lines
from survey.disseminate.sheet.reading import reading
from survey.disseminate.trending import RECAST, trending
from survey.errors import SurveyError
from survey.i18n import Locale

if TYPE_CHECKING:
    from bootstrap import Services


class NoGlance(Exception):
    """The address asks for what the page has to explain."""


@dataclass(frozen=True)
class Asked:
    """Who asks for what: `said` are the values of the address."""

    services: Services
    viewer: Viewer
    said: Mapping[str, str]
    locale: Locale

    def one(self, name: str, offered: Sequence[str], default: str) -> str:
        value = self.said.get(name) or default
        if value not in offered:
            raise NoGlance
        return value

    def release(self) -> Release:
        waves = [wave.id for wave in self.services.results.waves(self.viewer)]
        if not waves:
            raise NoGlance
        return self.services.results.release(self.viewer, self.one("wave", waves, waves[-1]))

    def unit(self, name: str, release: Release, parents_only: bool = False) -> str:
        options = [unit for unit, _depth, _name in tree_order(release, self.locale, parents_only)]
        return self.one(name, options, home(release, self.viewer, options) or "")


def glance(services: Services, viewer: Viewer | None, path: str, said: Mapping[str, str], locale: Locale) -> Html:
    """Empty for whoever has not signed in, for other pages, and where the page itself has something to explain."""
    page = _PAGES.get(path)
    if viewer is None or page is None:
        return Html("")
    try:
        title, parts = page(Asked(services, viewer, said, locale))
        inside = joined(parts)
    except (NoGlance, SurveyError, *services.away):
        return Html("")
    style = element("style", Html("".join((*style_lines("glance.css"), pictures.STYLE, first.STYLE, comparing_grid.STYLE))))
    main = element(
        "div", element("h1", title), element("p", locale("The filters are being loaded…"), class_="ln-filters"), inside, class_="ln-in"
    )
    return element(
        "div", style, element("div", "Lắng Nghe", class_="ln-side"), main, id="ln-glance", role="main", aria_busy="true", tabindex="0"
    )


def _overview(asked: Asked) -> tuple[str, Iterator[Html]]:
    _, release = asked.locale, asked.release()
    sheet = reading(asked.services.results, asked.viewer, release.wave.id, asked.unit("unit", release), _)
    of = sheet.first

    def parts() -> Iterator[Html]:
        yield first.about(release, sheet.name, _)
        left: list[Html] = [first.lead(of, _), _bullets(sentences.opening(of, sheet.measures, _))]
        right: list[Html] = []
        if of.shown:
            left += [element("h2", _("Themes")), pictures.framed(partial(charts.themes, sheet, index=False), _("Themes"))]
            if of.to_mend:
                right += [
                    element("h2", _("Three things to mend first")),
                    first.to_mend(of, _),
                    _rule(sentences.priority_rule(of.group, of.drivers, _)),
                ]
            if len(sheet.releases) > 1:
                right += [element("h2", _("Over the waves")), pictures.framed(partial(charts.trend, sheet), _("Over the waves"))]
        yield element("div", element("div", left), element("div", right), class_="ln-two")
        sheet_address = addresses.sheet(release.wave.id, sheet.unit, _)
        yield element("p", element("a", _("Print, or read on a slow connection"), href=sheet_address))

    return _("Overview"), parts()


def _comparison(asked: Asked) -> tuple[str, Iterator[Html]]:
    _, release = asked.locale, asked.release()
    group = asked.unit("group", release, parents_only=True)
    view = asked.one("view", list(VIEWS), GROUP)
    across = asked.one("columns", list(columns_offered(release, _)), THEMES)
    order = asked.one("sort", list(orders_offered(release, _)), INDEX)
    of = comparing(asked.services.results, asked.viewer, release, group, view, across, order, _)

    def parts() -> Iterator[Html]:
        yield element("p", "", class_="ln-more-filters")
        yield first.about(release, of.names[group], _)
        yield _bullets(sentences.comparison(of))
        yield element("p", sentences.units_and_calls({unit: of.names[unit] for unit in of.units}, of.found, of.cells, _))
        yield comparing_grid.units_grid(of)

    return _("Comparison of units"), parts()


def _trend(asked: Asked) -> tuple[str, Iterator[Html]]:
    _, release = asked.locale, asked.release()
    labels = measure_labels(release, _, items=True)
    unit, measure = asked.unit("unit", release), asked.one("measure", list(labels), INDEX)
    view = asked.one("view", [RECAST], RECAST)
    of = trending(asked.services.results, asked.viewer, release, unit, measure, labels[measure], _)

    def parts() -> Iterator[Html]:
        yield element("p", "", class_="ln-third")
        yield first.about(release, node_name(release, unit, _), _)
        yield _bullets(of.said)
        yield element("p", "", class_="ln-its-filters")
        lines = partial(charts.over_waves, of.releases, of.series(view, ()), of.breaks(), of.marks(), of.what, _)
        yield pictures.framed(lines, of.said[-1], page=True)

    return _("Trend"), parts()


_PAGES: dict[str, Callable[[Asked], tuple[str, Iterator[Html]]]] = {
    "/results-overview": _overview,
    "/results-comparison": _comparison,
    "/results-trend": _trend,
}


def _rule(said: str) -> Html:
    return element("small", said, class_="ln-rule")


def _bullets(said: Sequence[str]) -> Html:
    return element("ul", [element("li", one) for one in said if one], class_="ln-said-first")
