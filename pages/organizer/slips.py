"""Slips: one-time codes made once, as a PDF to cut and a CSV for a printing house."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import streamlit as st

from pages.widgets import organizer as desk
from pages.widgets.waves import choose_wave, invited_units
from survey.access import Permission, Viewer
from survey.cells import safe_cell
from survey.collect.envelopes_pdf import envelopes_pdf
from survey.collect.paper_form_pdf import paper_form_pdf
from survey.collect.slips import Slip, in_groups
from survey.collect.slips_pdf import slip_wording, slips_pdf
from survey.design.wave import Wave, WaveState
from survey.i18n import Locale

if TYPE_CHECKING:
    from bootstrap import Services


@desk.asks(Permission.WAVES_EDIT)
def render(services: Services, viewer: Viewer | None, locale: Locale) -> None:
    _ = locale
    desk.header(
        _,
        _("Print slips"),
        _(
            "Every member of staff draws one slip. The code on it is the only key to the questionnaire; it is tied to a unit, never to a person."
        ),
    )
    wave = choose_wave(
        services, viewer, _, (WaveState.DRAFT, WaveState.OPEN), _("No wave needs slips. Create a wave first."),
        _("This wave is closed: its codes have been destroyed and none can be made."),
    )  # fmt: skip
    if wave is None:
        return
    _paper(services, viewer, wave, _)
    made = desk.kept("slips", dict)
    if made is not None and made["wave"] == wave.id:
        _downloads(services, viewer, wave, made, _, lambda: services.fieldwork.note_list(viewer, wave.id))
        return
    given = services.fieldwork.slips_made(viewer, wave.id)
    if not given:
        _first(services, viewer, _, wave)
    else:
        st.info(
            _("The codes of this wave have been made already ({n}). They are not kept and cannot be printed again.", n=_.number(given, 0))
        )
        if wave.state is WaveState.DRAFT:
            st.markdown(_("If the files were lost: delete the draft on the page of waves, create the wave again and print new slips."))
        _envelopes(services, viewer, wave, _)
        _extra(services, viewer, _, wave)


def _envelopes(services: Services, viewer: Viewer | None, wave: Wave, locale: Locale) -> None:
    """They hold no code, so they can be printed again at any time."""
    _ = locale
    units = services.fieldwork.slips_by_unit(viewer, wave.id)
    st.download_button(
        _("Save the envelope sheets, one for each unit"), lambda: envelopes_pdf(units, wave, services.settings.issuer(_), _),
        f"phong-bi-{wave.id}.pdf", "application/pdf", on_click="ignore",
    )  # fmt: skip


def _paper(services: Services, viewer: Viewer | None, wave: Wave, locale: Locale) -> None:
    """The wave's questions on paper; with a unit's name where one is chosen. No code stands on it."""
    _ = locale
    with st.expander(_("Forms on paper, for those who answer by hand")):
        st.markdown(
            _("Every sheet is the same and holds no code; it is put into the unit's box together with a slip and entered by two people.")
        )
        units = ["", *(_.pick(node.name_vi, node.name_en) for node in wave.plan.nodes if node.reporting)]
        unit = st.selectbox(_("Unit named on the form"), units, format_func=lambda one: one or _("None: a line to write it on"))
        asked = services.design.questionnaire(viewer, wave.questionnaire, wave.version).with_optional(wave.plan.optional_items)
        with st.container(horizontal=True):
            for language, label in desk.PAPER_FORMS.items():
                st.download_button(
                    _(label),
                    partial(paper_form_pdf, asked, Locale(language), wave, unit, services.settings.issuer(Locale(language))),
                    f"phieu-giay-{wave.id}-{language}.pdf", "application/pdf", on_click="ignore", key=f"paper.{language}",
                )  # fmt: skip


def _address(services: Services, locale: Locale, wave: Wave) -> str:
    _ = locale
    address = desk.survey_address(services, _, wave.site)
    if wave.site and address and address != wave.site:
        st.warning(_("The other slips of this wave say {address}.", address=desk.plain(wave.site)))
    if urlsplit(address).hostname in ("127.0.0.1", "localhost"):
        st.warning(_("This address works on this computer only. For real slips write the address staff can open on their phones."))
    return address


def _first(services: Services, viewer: Viewer | None, locale: Locale, wave: Wave) -> None:
    _ = locale
    invited = invited_units(services, viewer, wave)
    reporting = [node for node in wave.plan.nodes if node.reporting and node.id not in invited]
    if not reporting:
        st.info(_("Every unit of this wave is invited by e-mail; no slips are needed."))
        return
    count = sum(node.headcount or 0 for node in reporting)
    st.markdown(
        _(
            "{n} slips will be made for {units} reporting units: one for each member of staff, shuffled inside each unit.",
            n=_.number(count, 0),
            units=len(reporting),
        )
    )
    if invited:
        names = ", ".join(_.pick(unit.node.name_vi, unit.node.name_en) for unit in invited.values())
        st.info(_("Invited by e-mail, so without slips: {units}.", units=desk.plain(names)))
    if empty := [node.name_vi for node in reporting if not node.headcount]:
        st.warning(
            _(
                "No slips for units without headcount: {units}. Delete the draft, enter their headcounts, create the wave again.",
                units=desk.plain(", ".join(empty)),
            )
        )
    st.warning(
        _(
            "Codes can be made only once and are not kept by the system. Save the files as soon as they are ready, print them, then delete them."
        )
    )
    address = _address(services, _, wave)
    sure = st.checkbox(_("I can save and print the files now"))
    if st.button(_("Make the codes"), type="primary", disabled=not (sure and address and count)):
        with st.spinner(_("Making {n} slips…", n=_.number(count, 0)), show_time=True):
            _make(services, services.fieldwork.print_codes(viewer, wave.id, address), wave, address, _, f"phieu-{wave.id}")
        st.rerun()


def _extra(services: Services, viewer: Viewer | None, locale: Locale, wave: Wave) -> None:
    _ = locale
    st.header(_("Extra codes for one unit"))
    st.markdown(
        _("For slips that were spoiled or lost, or for staff who joined. The number of codes given out is shown beside participation.")
    )
    units = {node.id: _.pick(node.name_vi, node.name_en) for node in wave.plan.nodes if node.reporting}
    unit = st.selectbox(_("Unit"), list(units), format_func=units.__getitem__)
    if unit in invited_units(services, viewer, wave):
        st.warning(
            _(
                "This unit is invited by e-mail. Give a slip only to somebody whose invitation has been withdrawn, else one person could answer twice."
            )
        )
    count = int(st.number_input(_("Number of codes"), 1, 1000, 5))
    address = _address(services, _, wave)
    if st.button(_("Make extra codes"), disabled=not address):
        _make(services, services.fieldwork.extra_codes(viewer, wave.id, unit, count), wave, address, _, f"phieu-bo-sung-{wave.id}")
        st.rerun()


def _make(services: Services, slips: tuple[Slip, ...], wave: Wave, address: str, locale: Locale, name: str) -> None:
    """Keep the files in this session; the codes exist nowhere else, so the simpler file is kept first."""
    made = {"wave": wave.id, "name": name, "count": len(slips), "csv": _csv(slips, address), "pdf": b""}
    desk.keep("slips", made)
    least = services.policy.raised(wave.plan.minimum_base).unit
    made["pdf"] = slips_pdf(slips, slip_wording(wave, least, address, services.settings.issuer(locale), locale), locale)


def _csv(slips: tuple[Slip, ...], address: str) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(("unit", "code", "address"))
    writer.writerows((safe_cell(slip.unit_name), in_groups(slip.code), f"{address.rstrip('/')}/p?code={slip.code}") for slip in slips)
    return out.getvalue().encode("utf-8-sig")


def _downloads(
    services: Services, viewer: Viewer | None, wave: Wave, made: dict[str, Any], locale: Locale, note_list: Callable[[], None]
) -> None:
    """`note_list` before the codes leave as a list."""

    def listed() -> bytes:
        note_list()
        return bytes(made["csv"])

    _ = locale
    st.success(
        _(
            "{n} slips are ready. They are only in this browser tab: save the files now, before you close or reload it.",
            n=_.number(made["count"], 0),
        )
    )  # type: ignore[arg-type]
    with st.container(horizontal=True):
        if made["pdf"]:
            st.download_button(
                _("Save the PDF to print"), made["pdf"], f"{made['name']}.pdf", "application/pdf", type="primary", on_click="ignore"
            )  # type: ignore[arg-type]
        _envelopes(services, viewer, wave, _)
        st.download_button(_("Save the CSV for a printing house"), listed, f"{made['name']}.csv", "text/csv", on_click="ignore")
    st.caption(_("With the list anybody could ask which codes have been used. That it was made is said in the protocol of the opening."))
    if not made["pdf"]:
        st.error(_("The PDF could not be made. Save the CSV: it holds every code and any printing house can print it."))
    st.markdown(
        _("Cut the slips, fold them, and let every member of staff draw one from the unit's envelope. Nobody notes who drew which.")
    )
    sure = st.checkbox(_("The files are saved and can be opened"))
    if st.button(_("Finished: forget the codes"), disabled=not sure):
        desk.forget("slips")
        desk.go(desk.WAVES)
