"""Past results made elsewhere: counts, or one row a person; looked at first, stored as a draft, published by another click."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

from pages.organizer import import_drafts, import_mapping, import_preview
from pages.widgets import organizer as desk
from survey.access import Permission, Viewer
from survey.design.questionnaire import Questionnaire
from survey.i18n import Locale
from survey.publish.import_options import ImportOptions
from survey.source import Source

if TYPE_CHECKING:
    from bootstrap import Services

COUNTS_EXAMPLE = (
    "wave;unit;breakdown;category;item;option;n\r\n2019;so.nv;;;KC1;1;2\r\n2019;so.nv;;;KC1;2;5\r\n2019;so.nv;gender;f;KC1;1;1\r\n"
)
SCORES_EXAMPLE = "wave;unit;measure;score;favourable;base;headcount;response_rate\r\n2019;tinh;index;64,3;;;1250;72\r\n2019;so.nv;item:KC1;;58,5;41;60;\r\n"
HEADCOUNTS_EXAMPLE = "wave;unit;headcount\r\n2019;so.nv;52\r\n2019;so.tc;64\r\n"
TABLES = ["csv", "xlsx", "xls", "ods", "gz"]


@desk.asks(Permission.WAVES_EDIT)
def render(services: Services, viewer: Viewer | None, locale: Locale) -> None:
    _ = locale
    desk.header(
        _,
        _("Past results"),
        _(
            "Results of earlier surveys, so that trends can be shown. They pass the same protection as a wave closed here, are stored as a draft, and are published when you say so."
        ),
    )
    import_preview.finish_storing(_)
    import_drafts.render(services, viewer, _)
    stored = services.design.questionnaires(viewer)
    if not stored:
        st.info(_("There is no questionnaire yet."))
        desk.link(_, desk.QUESTIONNAIRES, _("Import a questionnaire"))
        return
    _steps(services, viewer, stored, _)


def _steps(services: Services, viewer: Viewer | None, stored: tuple[Questionnaire, ...], locale: Locale) -> None:
    _ = locale
    st.header(_("Import a file"))
    kinds = {"responses": _("Answers: one row for each person"), "counts": _("Counts: how many people gave which answer"),
             "scores": _("Scores: what another body printed, without the answers")}  # fmt: skip
    kind = st.radio(_("What is in the file?"), list(kinds), format_func=kinds.__getitem__)
    place = st.selectbox(
        _("Questionnaire that was used"), range(len(stored))[::-1],
        format_func=lambda one: f"{_.pick(stored[one].title_vi, stored[one].title_en)} ({stored[one].id} {stored[one].version})",
    )  # fmt: skip
    elsewhere = _counts(_) if kind == "counts" else False
    if kind == "scores":
        _about_scores(_)
    elif kind == "responses":
        st.markdown(
            _(
                "Any table with one row a person: from LimeSurvey, Google Forms, Kobo or Excel. Single answers are counted in memory and never stored."
            )
        )
    trial = st.checkbox(_("A trial: mark every figure as illustrative"))
    file = st.file_uploader(_("File of results (.csv, .xlsx, .xls, .ods)"), type=TABLES, key=desk.renewed("imports"))
    options = ImportOptions(headcounts=_headcounts(_), published=elsewhere, illustrative=trial)
    if file is None:
        return
    source, questionnaire = desk.source_of(file), stored[place]
    chosen: tuple[object, ...] = (kind, place, file.file_id)
    if kind != "responses":

        def prepare() -> Any:
            if kind == "scores":
                return services.importing.prepare_scores(viewer, source, questionnaire, options)
            return services.importing.prepare_counts(viewer, source, questionnaire, options)

        import_preview.render(services, viewer, prepare, (*chosen, options), _)
        return
    import_mapping.render(services, viewer, source, questionnaire, chosen, options, _)


def _headcounts(locale: Locale) -> Source | None:
    """How many people there were in the waves of the file, where somebody has kept it."""
    _ = locale
    with st.expander(_("I have the headcounts of that time")):
        st.markdown(
            _(
                "Columns: wave, unit (id or name), headcount. Only with them is there a response rate, and units weigh in the whole by their people. Today's headcounts are never taken for those of an earlier wave."
            )
        )
        st.download_button(
            _("Example of headcounts (CSV)"), HEADCOUNTS_EXAMPLE.encode("utf-8-sig"), "mau-so-nguoi.csv", "text/csv", on_click="ignore"
        )
        file = st.file_uploader(_("File of headcounts"), type=TABLES, key=f"{desk.renewed('imports')}.headcounts")
    return desk.source_of(file) if file else None


def _about_scores(locale: Locale) -> None:
    _ = locale
    st.markdown(
        _(
            "Columns: wave, unit, measure (index, theme:ID, item:ID), score or favourable; base, headcount and response_rate where they "
            "were printed. Without a base there is no interval and no test, and every page says so."
        )
    )
    st.download_button(_("Example of scores (CSV)"), SCORES_EXAMPLE.encode("utf-8-sig"), "mau-diem.csv", "text/csv", on_click="ignore")


def _counts(locale: Locale) -> bool:
    """What a file of counts looks like; whether another body has published these numbers."""
    _ = locale
    st.markdown(_("Columns: wave, unit, item, option, n; breakdown and category may be added."))
    st.download_button(_("Example of counts (CSV)"), COUNTS_EXAMPLE.encode("utf-8-sig"), "mau-so-dem.csv", "text/csv", on_click="ignore")
    return st.checkbox(
        _("These numbers have been published by another body already"),
        help=_(
            "Then only the minimum numbers of forms are checked again, totals are not taken to be sums of their parts, and every table says that the numbers come from elsewhere. Leave it empty for your own survey."
        ),
    )
