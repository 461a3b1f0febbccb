"""By the plan's criteria: each with its way since the launch, and the questions behind the one that is chosen."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

import streamlit as st

from pages.widgets import chart
from pages.widgets.organizer import link, plain
from pages.widgets.selection import choose, picked
from survey.access import Viewer
from survey.analyse.criteria import Line, Reading
from survey.design.criteria import Criterion, document, wording
from survey.disseminate import criteria_tables, figures, sentences
from survey.i18n import Locale

if TYPE_CHECKING:
    from bootstrap import Services

ITEMS = "criterion"  # the place on the page that a row leads to


def render(services: Services, viewer: Viewer | None, locale: Locale) -> None:
    _ = locale
    st.title(_("By the plan's criteria"))
    chosen = choose(services, viewer, locale)
    if chosen is None:
        return
    found = services.results.criteria(viewer, chosen.release.wave.id, chosen.unit)
    if found is None:
        st.info(_("The questionnaire of this wave names no criteria of a plan. An organizer adds them in a new version of its file."))
        return
    name = figures.node_name(found.release, found.unit, locale)
    chart.about(found.release, name, locale)
    chart.opening(sentences.criteria(found, locale))
    chart.show(
        figures.criteria_dots(found, locale, _address), criteria_tables.criteria(found, locale),
        _("A criterion is the mean of its questions; a high score is always good, also where the plan names a shortcoming."),
        f"tieu-chi-{found.release.wave.id}-{found.unit}", found.release, found.unit, locale,
    )  # fmt: skip
    st.caption(
        _("The change is tested against the first wave, with an error that is rather too large than too small: it assumes that whoever answers one question of a criterion well answers all of them well.")
    )  # fmt: skip
    _one(found, locale)
    chart.picture_format(locale)


def _address(one: Criterion) -> str:
    return "?" + urlencode({**st.query_params.to_dict(), "criterion": one.id}) + f"#{ITEMS}"


def _one(found: Reading, locale: Locale) -> None:
    """The criterion of the address: its document, its sentences, its questions."""
    _ = locale
    st.header(_("The questions behind a criterion"), anchor=ITEMS)
    names = {one.criterion.id: wording(one.criterion, locale) for one in found.lines}
    wanted = picked("criterion", _("Criterion"), list(names), next(iter(names)), lambda one: f"{one}. {names[one]}", locale=_)
    line = next(one for one in found.lines if one.criterion.id == wanted)
    if where := document(line.criterion, locale):
        st.caption(plain(where))
    said = sentences.criterion(found, line, locale)
    chart.opening(said)
    if line.items:
        chart.show(
            figures.item_bars(found.release, found.unit, [item for item, _cell in line.items], names[wanted], locale),
            criteria_tables.items(found, line, locale), "", f"cau-hoi-tieu-chi-{wanted}-{found.release.wave.id}-{found.unit}",
            found.release, found.unit, locale, alt=said[0],
        )  # fmt: skip
    _links(found, line, locale)


def _links(found: Reading, line: Line, locale: Locale) -> None:
    for item, _cell in line.items:
        asked = f"“{plain(item.source)}”" if item.source else plain(locale.pick(item.vi, item.en))
        link(locale, "results-item", f"{item.id}. {asked}", wave=found.release.wave.id, unit=found.unit, item=item.id)
