"""Downloads of a release: spreadsheet, CSV, SPSS; made when clicked, with the hash beside them."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import streamlit as st

from pages.widgets import organizer as desk
from pages.widgets.selection import instead_of
from pages.widgets.waves import describe, wave_name
from pages.widgets.work import Work, finish
from survey.access import Permission, Viewer
from survey.disseminate.exporting import Kind
from survey.i18n import Locale

if TYPE_CHECKING:
    from bootstrap import Services

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@desk.asks(Permission.WAVES_EDIT)
def render(services: Services, viewer: Viewer | None, locale: Locale) -> None:
    _ = locale
    desk.header(
        _,
        _("Downloads"),
        _(
            "Everything that may be known of a wave, as files. The numbers are the same as on the dashboards: small groups stay hidden here too."
        ),
    )
    waves = {wave.id: wave for wave in reversed(services.results.waves(viewer))}
    if not waves:
        st.info(_("No wave has been closed yet, so there is nothing to download."))
        return
    asked = st.query_params.get("wave")
    ids = list(waves)
    chosen = st.selectbox(_("Wave"), ids, index=ids.index(asked) if asked in waves else 0, format_func=lambda one: wave_name(waves[one], _))
    if asked is not None and asked not in waves:
        instead_of(asked, wave_name(waves[chosen], _), _)
    st.query_params["wave"] = chosen
    wave = waves[chosen]
    st.markdown(describe(wave, _))
    made = partial(partial, services.exporting.file, viewer, chosen)  # called, and logged, when clicked

    name = f"langnghe-{chosen}"
    st.header("Excel")
    st.markdown(_("One workbook: results, units, questions and an explanation of every column."))
    st.download_button(_("Save Excel (.xlsx)"), made(Kind.XLSX, _), f"{name}.xlsx", XLSX, type="primary", on_click="ignore")
    st.header("CSV")
    signs = {";": _("Semicolon and decimal comma (Vietnamese Excel)"), ",": _("Comma and decimal point (English Excel, R, Python)")}
    sign = st.radio(_("Separator"), list(signs), format_func=signs.__getitem__)
    st.download_button(_("Save CSV"), made(Kind.CSV, _, sign), f"{name}.csv", "text/csv", on_click="ignore")
    st.markdown(_("Its columns and codes are explained in a file of their own."))
    st.download_button(_("Save the codebook (CSV)"), made(Kind.CODEBOOK, _, sign), f"{name}-codebook.csv", "text/csv", on_click="ignore")
    st.header("SPSS")
    st.markdown(_("The same rows with their labels, for SPSS, R or Stata."))
    st.download_button(_("Save SPSS (.sav)"), made(Kind.SAV, _), f"{name}.sav", "application/octet-stream", on_click="ignore")
    st.header(_("Reports"))
    _reports(services, viewer, _, chosen)
    st.header(_("Hash of the release"))
    st.markdown(_("Whoever has the file can compare this value with the minutes and the dashboard: it changes with every changed number."))
    if st.toggle(_("Show the hash")):
        st.code(services.results.release(viewer, chosen).hash, language=None, wrap_lines=True)


def _reports(services: Services, viewer: Viewer | None, locale: Locale, wave: str) -> None:
    """The reports of all units in one ZIP, made in the background with a progress bar."""
    _ = locale
    count = len(services.reports.units(viewer, wave))
    st.markdown(
        _(
            "A report in the official layout for every unit, group and the whole ({count} files), to edit, sign and send.",
            count=_.number(count, 0),
        )
    )
    kinds = {"docx": "Word (.docx)", "pdf": "PDF", "xlsx": "Excel (.xlsx)"}
    kind = st.radio(_("Format of the reports"), list(kinds), format_func=kinds.__getitem__, horizontal=True)
    if st.button(_("Make the reports of all units")):
        desk.forget("reports")
        work = Work(lambda progress: (wave, kind, services.reports.zipped(viewer, wave, kind, _, progress)))
        desk.keep("reports.work", work)
    with desk.refusals(_):
        made = finish("reports.work", _, _("You may leave this page; the reports go on being made."))
        if made is not None:
            desk.keep("reports", made)
    ready = desk.kept("reports", tuple)
    if ready is not None and ready[:2] == (wave, kind):
        st.download_button(
            _("Save the reports (.zip)"), ready[2], f"bao-cao-{wave}-{kind}.zip", "application/zip", type="primary", on_click="ignore"
        )  # fmt: skip
