"""What everybody may see of a published wave: the whole, its themes, participation, the certificate."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import streamlit as st

from pages.plain.downloads import protocol_address
from pages.respondent import certificate, receipts
from pages.widgets import picture, undertaken
from pages.widgets.links import file_link, page_link
from pages.widgets.organizer import plain, plain_table
from pages.widgets.selection import instead_of
from survey.access import OPERATOR, Viewer
from survey.analyse.criteria import Reading
from survey.design.wave import Wave
from survey.disclose.release import FORMS, Cell, Release
from survey.disseminate import criteria_tables, sentences
from survey.disseminate.given import origin_of
from survey.disseminate.public import public_waves
from survey.disseminate.sheet import addresses, charts
from survey.disseminate.sheet.reading import public_reading
from survey.i18n import Locale

if TYPE_CHECKING:
    from bootstrap import Services

MOST = 4  # waves on one page; an older one has its address


def render(services: Services, viewer: Viewer | None, locale: Locale) -> None:
    _ = locale
    st.title(_("Public results"))
    receipts.section(services, _)
    # The public figures are the totals of published releases; they need no account.
    waves = public_waves(services.results)
    if not waves:
        st.info(_("Nothing has been published yet."))
        return
    newest = {node.id: wave.id for wave in waves[-MOST:] for node in wave.plan.nodes if node.parent is None}
    for wave in _in_order(waves, _):
        release = services.results.release(OPERATOR, wave.id)
        for node in (n for n in release.plan.nodes if n.parent is None):
            _show(release, node.id, _)
            if wave.id == newest[node.id]:
                _charts(services, wave.id, _)
            undertaken.announced(services.undertakings.announced(wave.id), release, _)
            if wave.id == newest[node.id]:  # the waves before are in it
                _criteria(services.results.criteria(OPERATOR, wave.id, node.id), _)


def _in_order(waves: tuple[Wave, ...], _: Locale) -> list[Wave]:
    """The newest first, but before them the one that the address names."""
    newest, asked = list(reversed(waves[-MOST:])), st.query_params.get("wave")
    named = [wave for wave in waves if wave.id == asked]
    if asked is not None and not named:
        titles = (_.pick(wave.title_vi, wave.title_en) for wave in newest)
        instead_of(asked, ", ".join(titles), _)
        del st.query_params["wave"]
    return named + [wave for wave in newest if wave not in named]


def _criteria(found: Reading | None, _: Locale) -> None:
    """The whole by the criteria of its plan, with what changed for sure since the launch."""
    if found is None:
        return
    st.subheader(_("By the plan's criteria"))
    st.markdown("\n".join(f"- {plain(sentence)}" for sentence in sentences.criteria(found, _)))
    st.table(plain_table(criteria_tables.whole(found, _).for_reading(_)), hide_index=True)


def _charts(services: Services, wave_id: str, _: Locale) -> None:
    """Themes, and the index over the waves, of what is everybody's."""
    sheet = public_reading(services.results, wave_id, _)
    if not sheet.shown:
        return
    left, right = st.columns(2, gap="large")
    with left:
        st.subheader(_("Scores by theme"))
        picture.show(partial(charts.themes, sheet), sentences.strong_and_weak(sheet.release, sheet.unit, _))
    if len(sheet.releases) > 1:
        with right:
            st.subheader(_("Trend over the waves"))
            picture.show(partial(charts.trend, sheet), _("The index over the waves"))


def _show(release: Release, unit: str, _: Locale) -> None:
    wave, node = release.wave, release.node(unit)
    st.header(plain(f"{_.pick(wave.title_vi, wave.title_en)} · {_.pick(node.name_vi, node.name_en)}"))
    if wave.illustrative:
        st.caption(_("Illustrative figures"))
    if said := origin_of(release, _):
        st.caption(said)
    forms = release.cell(unit, FORMS)
    if isinstance(forms, Cell):
        said = (
            _("{forms} people answered", forms=_.number(forms.base, 0)) if forms.base is not None else _("How many answered is not given")
        )
        if forms.score is not None:
            said += " · " + _("response rate about {rate}", rate=_.percent(forms.score))
        st.write(said)
    rows = [(_("Workplace culture index"), release.cell(unit, "index"))]
    rows += [(_.pick(theme.vi, theme.en), release.cell(unit, f"theme:{theme.id}")) for theme in release.questionnaire.themes]
    st.table(
        {
            _("Theme"): [plain(label) for label, _cell in rows],
            _("Score (0-100)"): [_.number(cell.score) if isinstance(cell, Cell) else _("hidden") for _label, cell in rows],
        }
    )
    with st.container(horizontal=True):
        page_link(_("Charts and trend, a page to print"), addresses.public(wave.id, _))
        file_link(_("Download these numbers (CSV)"), addresses.data(wave.id, _))
        file_link(_("Download these numbers (Excel, with all waves)"), addresses.workbook(wave.id, _))
    st.caption(_("Hash of the release: {hash}", hash=release.hash))
    certificate.section(release, _)
    if release.protocol:
        file_link(_("Protocol of the opening of the ballot box") + " (PDF)", protocol_address(wave.id, _.language))
