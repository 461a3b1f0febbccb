"""Paper forms from an Excel file: template, every error at once, comparison with a second operator's file, sending."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from pages.organizer.units_file import XLSX
from pages.widgets import organizer as desk
from survey.access import Viewer
from survey.collect.entering import SPENT, Taken
from survey.collect.forms_file import Difference
from survey.collect.slips import in_groups
from survey.design.wave import Wave
from survey.i18n import Locale

if TYPE_CHECKING:
    from bootstrap import Services


def render(services: Services, viewer: Viewer | None, locale: Locale, wave: Wave) -> None:
    _ = locale
    steps = (
        _("Save the template and fill in one row for each paper form: the code of its slip, then the answers."),
        _("A second person may type some of the forms into another copy of the template; the two files are compared here."),
        _("Choose the file. Every error is shown with its row and column; as long as there is one, nothing is sent."),
    )
    st.markdown("\n".join(f"{number}. {step}" for number, step in enumerate(steps, start=1)))
    st.download_button(
        _("Template (Excel)"),
        lambda: services.entering.template(viewer, wave.id, _),
        f"mau-nhap-phieu-{wave.id}.xlsx",
        XLSX,
        on_click="ignore",
    )
    kinds = ["xlsx", "xls", "ods", "csv"]
    file = st.file_uploader(_("File of paper forms"), type=kinds, key=desk.renewed("forms"))
    other = st.file_uploader(_("Second entry of some of them (optional)"), type=kinds, key=desk.renewed("forms.second"))
    if file is None:
        return
    today = services.clock.today()
    batch = services.entering.read(viewer, wave.id, desk.source_of(file), today)
    if other is not None:
        second = services.entering.read(viewer, wave.id, desk.source_of(other), today)
        if found := services.entering.differing(viewer, wave.id, batch, second):
            _differences(found, _)
            return
        st.success(_("The two entries agree in {n} forms.", n=_.number(len(second.forms), 0)))
    st.markdown(_("**{n}** forms, nothing wrong with them.", n=_.number(len(batch.forms), 0)))
    if not batch.number:
        st.warning(_("This file was not made from the template. Sent twice, it is not recognised, and its codes are said to be used."))
    if st.button(_("Send the {n} forms", n=_.number(len(batch.forms), 0)), type="primary"):
        taken = services.entering.take(viewer, wave.id, batch, today)
        told(taken, _)
        desk.warn(_("Delete the files now: codes and answers stand in them side by side."))
        desk.renew("forms")
        desk.renew("forms.second")
        st.rerun()


def told(taken: Taken, locale: Locale) -> None:
    """What became of forms that were sent, shown after the rerun."""
    _ = locale
    desk.tell(_("{received} forms received, {already} had been received before.", received=taken.received, already=taken.already))
    if taken.spent:
        desk.warn(_(SPENT, rows=", ".join(map(str, taken.spent))))


def _differences(found: tuple[Difference, ...], locale: Locale) -> None:
    _ = locale
    st.error(_("The two entries differ. Look at the papers, correct the file that is wrong, and choose it again; nothing was sent."))
    rows = [
        {
            _("Access code"): in_groups(one.code),
            _("Row"): f"{one.rows[0]} / {one.rows[1]}",
            _("Column"): desk.plain(one.place),
            _("First entry"): desk.plain(one.first) or _("empty"),
            _("Second entry"): desk.plain(one.second) or _("empty"),
        }
        for one in found
    ]
    st.table(rows, hide_index=True)
