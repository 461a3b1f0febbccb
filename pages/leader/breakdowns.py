"""Results by age, gender, position, years of service: one at a time, all categories or none."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from pages.widgets import chart
from pages.widgets.selection import choose, picked
from survey.access import Viewer
from survey.disclose.release import INDEX
from survey.disseminate import figures, sentences, tables
from survey.i18n import Locale

if TYPE_CHECKING:
    from bootstrap import Services


def render(services: Services, viewer: Viewer | None, locale: Locale) -> None:
    _ = locale
    chosen = choose(services, viewer, locale)
    if chosen is None:
        return
    release, unit = chosen.release, chosen.unit
    chart.header(_("Breakdowns"), release, figures.node_name(release, unit, locale), locale)
    measures = {INDEX: _("Workplace culture index")}
    measures |= {f"theme:{theme.id}": _.pick(theme.vi, theme.en) for theme in release.questionnaire.themes}
    measure = picked("measure", _("What"), list(measures), INDEX, lambda one: measures[one])
    planned = [field for field in release.questionnaire.breakdowns if field.id in release.plan.breakdowns]
    if not planned:
        st.info(_("This wave was not broken down by anything."))
        return
    for field in planned:
        title = _.pick(field.vi, field.en)
        sentence = sentences.breakdown(release, unit, field.id, measure, locale)
        if not release.breakdown_shown(unit, field.id):
            st.header(title)
            st.markdown(sentence)
            continue
        rows = [(_("Everybody"), release.cell(unit, measure))]
        rows += [(_.pick(c.vi, c.en), release.cell(unit, measure, field.id, str(c.value))) for c in field.published]
        chart.show(
            figures.breakdown_bars(release, unit, field.id, measure, locale), tables.scores(rows, title, release, locale), sentence,
            f"phan-to-{field.id}-{release.wave.id}-{unit}".replace(":", "-"), release, unit, locale, title=title,
        )  # fmt: skip
    chart.picture_format(locale)
