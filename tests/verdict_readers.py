"""Whoever speaks of a cell of a release, and what each of them says: report, comparison of waves, things to mend, file."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator

from bootstrap import Services
from survey.access import Viewer
from survey.analyse.between import between
from survey.analyse.change import Comparison, parent_of
from survey.analyse.priorities import priorities
from survey.analyse.verdicts import GROUP, PREVIOUS, WHOLE
from survey.disseminate.report.material import Material
from survey.disseminate.report_json import unit_results
from survey.i18n import Locale

Cell = tuple[str, str, str, str]  # wave, unit, measure, against
Said = tuple[str, float | None]


def said(one: Comparison) -> Said:
    return one.state.value, one.difference


def read(services: Services, viewer: Viewer, wave: str, units: Collection[str] = ()) -> Iterator[tuple[str, Cell, Said]]:
    """(reader, cell, what it says) of all that speaks of one wave; `units`: of these alone."""
    results = services.results
    release, verdicts, history = results.release(viewer, wave), results.verdicts(viewer, wave), results.history(viewer, wave)
    register = results.register(viewer)
    for node in release.nodes():
        unit = node.id
        if units and unit not in units:
            continue
        for measure, row in unit_results(release, unit, verdicts)["verdicts"].items():
            for against, one in row.items():
                yield "json", (wave, unit, measure, against), (one["state"], one["difference"])
        material = Material(history, register, unit, "", Locale("vi"), verdicts)
        for other in material.above:
            against = GROUP if other == parent_of(release, unit) else WHOLE
            for measure, one in material.against(other).items():
                yield "report", (wave, unit, measure, against), said(one)
        for group in material.groups:
            for below, row in material.children_against(group).items():
                for measure, one in row.items():
                    yield "report of the group", (wave, below, measure, GROUP), said(one)
        if material.before is not None:
            for change in between(material.before, release, register, unit, verdicts=verdicts).changes:
                yield "compare", (wave, unit, change.measure, PREVIOUS), said(change.comparison)
        for first in priorities(release, unit, verdicts):
            yield "to mend", (wave, unit, f"item:{first.item.id}", GROUP), said(first.against)
            yield "to mend", (wave, unit, f"item:{first.item.id}", PREVIOUS), said(first.change)


def disagreeing(found: Iterator[tuple[str, Cell, Said]]) -> tuple[int, list[Cell]]:
    """Cells read more than once, and those of them of which not all say the same."""
    heard: dict[Cell, list[Said]] = defaultdict(list)
    for _reader, cell, words in found:
        heard[cell].append(words)
    twice = {cell: words for cell, words in heard.items() if len(words) > 1}
    return len(twice), [cell for cell, words in twice.items() if len(set(words)) > 1]
