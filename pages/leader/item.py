"""One question in all waves: how the answers are spread."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from pages.widgets import chart, undertaken
from pages.widgets.organizer import plain
from pages.widgets.selection import choose, picked
from survey.access import Viewer
from survey.analyse.change import parent_of
from survey.analyse.trend import counted_in, unjoined
from survey.analyse.verdicts import GROUP, PREVIOUS
from survey.disclose.release import Release
from survey.disseminate import figures, sentences, tables
from survey.disseminate.look import caption
from survey.i18n import Locale

if TYPE_CHECKING:
    from bootstrap import Services


def render(services: Services, viewer: Viewer | None, locale: Locale) -> None:
    _ = locale
    st.title(_("Single questions"))
    chosen = choose(services, viewer, locale, third=True)
    if chosen is None:
        return
    release, unit = chosen.release, chosen.unit
    items = release.questionnaire.item
    with chosen.place:
        wanted = picked(
            "item",
            _("Question"),
            list(items),
            _first_shown(release, unit),
            lambda one: f"{one}. {_.pick(items[one].vi, items[one].en)}",
            locale=_,
        )
    item = items[wanted]
    chart.about(release, figures.node_name(release, unit, locale), locale)
    theme = release.questionnaire.theme[item.theme]
    st.header(plain(f"{item.id}. {_.pick(item.vi, item.en)}"))
    st.caption(
        _("Theme: {theme}", theme=plain(_.pick(theme.vi, theme.en)))
        + (" · " + _("reverse item: a high score is good") if item.reverse else "")
        + (" · " + _("Source phrase: “{phrase}”", phrase=plain(item.source)) if item.source else "")
    )
    history, measure = services.results.history(viewer, release.wave.id), f"item:{item.id}"
    verdicts = services.results.verdicts(viewer, release.wave.id)
    one, change = (verdicts.of(unit, measure, against) for against in (GROUP, PREVIOUS))
    chart.opening(sentences.item(release, unit, item, parent_of(release, unit), one, change, verdicts.previous(unit), locale))
    left_out = unjoined(history, release, unit, measure)
    releases = tuple(wave for wave in history if wave.wave.id not in left_out)
    units = [counted_in(one, unit) for one in releases]
    said = caption(f"{item.id}. {_.pick(item.vi, item.en)}", release, unit, locale, span=f"{releases[0].wave.id} – {release.wave.id}")
    chart.show(
        figures.item_distribution(releases, units, item, said, locale), tables.distribution(releases, units, item, locale),
        sentences.not_drawn(left_out, locale), f"cau-hoi-{item.id}-{unit}", release, unit, locale, alt=item.vi,
    )  # fmt: skip
    st.caption(_("“Don't know” stands outside the shares; the table counts it. In groups answers are weighted by headcount."))
    undertaken.of_unit(services, viewer, release, unit, locale, measure)
    chart.picture_format(locale)


def _first_shown(release: Release, unit: str) -> str:
    """A page never opens on what nobody answered."""
    items = list(release.questionnaire.item)
    return next((one for one in items if release.visible(unit, f"item:{one}")), items[0])
