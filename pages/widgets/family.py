"""Who became whom, under the trend."""

from __future__ import annotations

from datetime import date
from functools import partial

from pages.widgets import chart
from survey.analyse.lineage import events, lineage_of, lineage_of_group
from survey.disseminate import figures, sentences, tables
from survey.disseminate.look import caption
from survey.disseminate.sheet import family_chart
from survey.disseminate.trending import Trending


def show(of: Trending) -> None:
    """Who became whom: of a unit its own family, of a group (khối) all its units."""
    _, release, register, unit = of.locale, of.release, of.register, of.unit
    own = unit in register
    found = lineage_of(register, unit) if own else lineage_of_group(register, release.node(unit).group, date(2025, 1, 1))
    if not found.columns:
        return
    chart.show(
        lambda: figures.lineage_picture(found, unit, caption(_("Who became whom"), release, unit, _), _), tables.lineage(events(register, found.units), _),
        sentences.lineage(register, unit, _) or _("The reorganisations of this group; headcounts are those of the register."),
        f"so-do-ke-thua-{unit}", release, unit, _, title=_("Who became whom"), wide=True,
        drawn=partial(family_chart.family, found, unit, _), page=True,
    )  # fmt: skip
