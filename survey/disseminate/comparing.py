"""Units of a group beside each other: which of them, in what order, what stands across, and what was called. One reading for the page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from survey.access import Viewer
from survey.analyse.change import FAVOURABLE, SCORE, Comparison, root_of
from survey.analyse.ranking import FEWEST, Funnel, Ranked, funnel, median, ranked
from survey.analyse.verdicts import GROUP, PREVIOUS, WHOLE, Verdicts
from survey.disclose.release import INDEX, Cell, Release, Suppressed
from survey.disseminate.look import item_label, measure_labels, node_name
from survey.disseminate.results import Results
from survey.errors import N_
from survey.i18n import Locale
from survey.vietnamese import sort_key

VIEWS = {GROUP: N_("Against the group"), WHOLE: N_("Against the province"), PREVIOUS: N_("Change on the previous wave")}
THEMES, SHARES, ITEMS = "themes", "shares", "items"  # what may stand across; ITEMS of one theme: "items:KC"
BY_NAME = "name"
MOST_ROWS = 100  # drawn; the tests are one family over all units


@dataclass(frozen=True)
class Columns:
    """What stands across the table: (measure, label), the smallest base of a test, and which number of a cell is meant."""

    shown: tuple[tuple[str, str], ...]
    minimum: str = "base_score"
    of: str = SCORE


def columns_offered(release: Release, locale: Locale) -> dict[str, str]:
    _ = locale
    items = {f"{ITEMS}:{theme.id}": _("Questions: {theme}", theme=_.pick(theme.vi, theme.en)) for theme in release.questionnaire.themes}
    return {THEMES: _("Index and themes: score"), SHARES: _("Themes: favourable share"), **items}


def orders_offered(release: Release, locale: Locale) -> dict[str, str]:
    labels = measure_labels(release, locale)
    return {INDEX: labels[INDEX], BY_NAME: locale("Name"), **labels}


def columns_of(release: Release, what: str, locale: Locale) -> Columns:
    """The columns behind one of `columns_offered`."""
    kind, _colon, theme = what.partition(":")
    labels = measure_labels(release, locale)
    if kind == ITEMS:
        return Columns(tuple((f"item:{item.id}", item_label(item, locale)) for item in release.questionnaire.items_of(theme)), "base_item")
    if kind == SHARES:
        return Columns(tuple(pair for pair in labels.items() if pair[0] != INDEX), "base_share", FAVOURABLE)
    return Columns(tuple(labels.items()))


@dataclass(frozen=True, eq=False, kw_only=True)
class Comparing:
    """`group` and the nodes right below it. `view`: what they are held against; `order`: a measure, or BY_NAME."""

    release: Release
    group: str
    verdicts: Verdicts
    view: str
    columns: Columns
    order: str
    locale: Locale

    @cached_property
    def units(self) -> tuple[str, ...]:
        """By name in Vietnamese order, or by a measure from high to low, hidden ones last."""
        held = {node.id for node in self.release.nodes()}
        children = [unit for unit in self.release.plan.children.get(self.group, ()) if unit in held]
        named = sorted(children, key=lambda unit: sort_key(node_name(self.release, unit, self.locale)))
        return tuple(named if self.order == BY_NAME else sorted(named, key=self._by_score))

    def _by_score(self, unit: str) -> tuple[bool, float]:
        cell = self.release.cell(unit, self.order)
        score = cell.score if isinstance(cell, Cell) else None
        return score is None, -(score or 0.0)

    @cached_property
    def drawn(self) -> tuple[str, ...]:
        return self.units[:MOST_ROWS]

    @cached_property
    def names(self) -> Mapping[str, str]:
        return {unit: node_name(self.release, unit, self.locale) for unit in (self.group, *self.units)}

    @cached_property
    def earlier(self) -> str | None:
        """The wave before, of the group."""
        return self.verdicts.previous(self.group)

    @property
    def change(self) -> bool:
        """Is every unit held against itself in the wave before?"""
        return self.view == PREVIOUS and self.earlier is not None

    @cached_property
    def found(self) -> Mapping[tuple[str, str], Comparison]:
        """(unit, measure) -> what was called; also of the group's own row, but for the view that holds it against itself."""
        rows = self.units if self.view == GROUP else (self.group, *self.units)
        held = [unit for unit in rows if (self.earlier if self.view == PREVIOUS else self.verdicts.other(unit, self.view)) is not None]
        return self.verdicts.table(held, [measure for measure, _label in self.columns.shown], self.view, self.columns.of)

    @cached_property
    def against(self) -> str:
        """What all are held against, in words; empty where there is nothing."""
        if self.view == PREVIOUS:
            return self.locale("since wave {wave}", wave=self.earlier) if self.earlier else ""
        return node_name(self.release, self.group if self.view == GROUP else root_of(self.release, self.group), self.locale)

    def cell(self, unit: str, measure: str) -> Cell | Suppressed:
        return self.release.cell(unit, measure)

    @cached_property
    def cells(self) -> list[Cell | Suppressed]:
        """Of the units below, measure by measure."""
        return [self.cell(unit, measure) for unit in self.units for measure, _label in self.columns.shown]

    def index_calls(self, against: str) -> dict[str, Comparison]:
        return {unit: one for (unit, _index), one in self.verdicts.table(list(self.units), [INDEX], against).items()}

    @property
    def measure(self) -> str:
        """What the ranking is by."""
        return INDEX if self.order == BY_NAME else self.order

    @cached_property
    def ranked(self) -> tuple[Ranked, ...]:
        """Nothing where there are too few to rank."""
        found = ranked(self.release, self.drawn, self.measure)
        return found if len(found) >= FEWEST else ()

    @cached_property
    def median(self) -> tuple[float, int] | None:
        return median(self.release, self.units, self.measure)

    @cached_property
    def funnel(self) -> Funnel | None:
        return funnel(self.release, self.group, self.ranked, self.measure)

    def made_of(self, unit: str, measure: str) -> str:
        """The item behind a cell: itself, or of a theme the weakest; empty for the index, which is made of all."""
        kind, _colon, name = measure.partition(":")
        if kind == INDEX:
            return ""
        if kind != "theme":
            return name
        items = [item.id for item in self.release.questionnaire.items_of(name)]
        scored = [(cell.score, one) for one in items if isinstance(cell := self.cell(unit, f"item:{one}"), Cell) and cell.score is not None]
        return min(scored, default=(0.0, items[0]))[1]


def comparing(
    results: Results, viewer: Viewer | None, release: Release, group: str, view: str, across: str, order: str, locale: Locale
) -> Comparing:
    """`across`: one of `columns_offered`; `order`: one of `orders_offered`."""
    verdicts, columns = results.verdicts(viewer, release.wave.id), columns_of(release, across, locale)
    return Comparing(release=release, group=group, verdicts=verdicts, view=view, columns=columns, order=order, locale=locale)
