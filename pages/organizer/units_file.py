"""A file of units: template and export, what reading took upon itself, what would change, and then the saving."""

from __future__ import annotations

from dataclasses import fields
from datetime import date
from typing import TYPE_CHECKING

import streamlit as st

from pages.widgets import organizer as desk
from pages.widgets.tree import group_name
from survey.access import Viewer
from survey.design.units import BEGINNING, Unit, UnitRegister
from survey.design.units_workbook import HEADERS, write_units_workbook
from survey.errors import N_, InputRefused, Said
from survey.i18n import Locale

if TYPE_CHECKING:
    from bootstrap import Services

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TEMPLATE = UnitRegister(
    (
        Unit(id="tinh", name_vi="Tỉnh …", name_en="Province …", kind="tinh", group="tinh", valid_from=date(2025, 7, 1)),
        Unit(id="so.nv", name_vi="Sở Nội vụ", name_en="Department of Home Affairs", kind="so", group="so_ban_nganh", parent="tinh",
             valid_from=date(2025, 7, 1), headcount=60),
        Unit(id="xa.a", name_vi="Xã A", name_en="Commune A", kind="xa", group="cap_xa", parent="tinh", valid_from=date(2025, 7, 1), headcount=40),
    )
)  # fmt: skip
COLUMNS = {
    "name_vi": N_("Vietnamese name"),
    "name_en": N_("English name"),
    "kind": N_("Kind"),
    "group": N_("Group (khối)"),
    "parent": N_("Parent"),
    "valid_from": N_("Valid from"),
    "valid_to": N_("Valid to"),
    "successors": N_("Successors"),
    "headcount": N_("Number of staff"),
}
DATES, LETTERS = "units.dates", "units.letters"
ORDERS = {"": N_("as the file itself shows"), "dmy": N_("day first: 1/7/2025 is 1 July"), "mdy": N_("month first: 7/1/2025 is 1 July")}


def render(services: Services, viewer: Viewer | None, register: UnitRegister, locale: Locale) -> None:
    _ = locale
    steps = (
        _("Save the template or export the units, and open the file in Excel. A list as your office keeps it can be read too: titles above, numbered rows, totals."),
        _("One row for each unit. The id never changes. Units that are known already need no row, and columns that are missing change nothing."),
        _("Choose the file here, look at the preview, then save."),
    )  # fmt: skip
    st.markdown("\n".join(f"{number}. {step}" for number, step in enumerate(steps, start=1)))
    with st.container(horizontal=True):
        st.download_button(_("Template (Excel)"), lambda: write_units_workbook(TEMPLATE), "mau-don-vi.xlsx", XLSX, on_click="ignore")
        export(register, "export.2", _)
    file = st.file_uploader(
        _("File of units (.xlsx, .csv, .yaml)"), type=["xlsx", "xls", "ods", "csv", "yaml", "yml"], key=desk.renewed("units")
    )
    if file is not None:
        read = _read(services, viewer, file, _)
        if read is not None and (changed := _preview(register, read, _)):
            _save(services, viewer, read, changed, _)


def export(register: UnitRegister, key: str, locale: Locale) -> None:
    st.download_button(
        locale("Export all units (Excel)"), lambda: write_units_workbook(register), "don-vi.xlsx", XLSX, on_click="ignore", key=key
    )


def _read(services: Services, viewer: Viewer | None, file: object, locale: Locale) -> UnitRegister | None:
    """The units of the file; where only the officer knows how it is meant, that is asked below the reasons."""
    _ = locale
    said: list[Said] = []
    order, letters = str(st.session_state.get(DATES, "")), bool(st.session_state.get(LETTERS, False))
    read = None
    try:
        read = services.design.read_units(viewer, desk.source_of(file), said, order, letters)
    except InputRefused as refused:
        desk.show_problems(refused, _, {column: header for column, (header, *_rest) in HEADERS.items()})
    if read is None or order or letters:
        st.radio(_("How are dates like 7/1/2025 meant?"), list(ORDERS), format_func=lambda one: _(ORDERS[one]), key=DATES)
        st.checkbox(_("The names are right as they are, with all their letters"), key=LETTERS)
    if said and read is not None:
        st.info("\n".join(f"- {desk.plain(one.text(_))}" for one in said))
    return read


def _save(services: Services, viewer: Viewer | None, read: UnitRegister, changed: int, locale: Locale) -> None:
    _ = locale
    if st.button(_("Save {n} units", n=_.number(changed, 0)), type="primary"):
        services.design.save_units(viewer, read)
        desk.renew("units")
        for key in (DATES, LETTERS):
            st.session_state.pop(key, None)
        desk.tell(_("{n} units have been saved.", n=_.number(changed, 0)))
        st.rerun()


def _preview(register: UnitRegister, read: UnitRegister, locale: Locale) -> int:
    """Show what saving would do; how many units it would touch."""
    _ = locale
    new = [unit for unit in read if unit.id not in register]
    changed = [unit for unit in read if unit.id in register and register.by_id[unit.id] != unit]
    same = len(read) - len(new) - len(changed)
    st.success(
        _("The file can be read: {new} new units, {changed} changed, {same} unchanged.", new=len(new), changed=len(changed), same=same)
    )
    kept = len(register) - same - len(changed)
    if kept:
        st.markdown(_("{n} units that the file does not name stay as they are.", n=_.number(kept, 0)))
    if new:
        st.markdown(f"**{_('New')}**")
        st.table([_new(unit, register.merged(read), _) for unit in new], hide_index=True)
    if changed:
        st.markdown(f"**{_('Changed: the old value will be replaced')}**")
        st.table([row for unit in changed for row in _differences(register.by_id[unit.id], unit, _)], hide_index=True)
    if not new and not changed:
        st.info(_("Nothing in the file differs from what is stored; there is nothing to save."))
    return len(new) + len(changed)


def _new(unit: Unit, register: UnitRegister, locale: Locale) -> dict[str, str]:
    _ = locale
    parent = register.by_id.get(unit.parent or "")
    return {
        _("Unit"): desk.plain(f"{unit.name_vi} ({unit.id})"),
        _("Parent"): desk.plain(parent.name_vi) if parent else "",
        _("Group (khối)"): desk.plain(group_name(unit.group, _)),
        _("Number of staff"): "" if unit.headcount is None else _.number(unit.headcount, 0),
    }


def _differences(old: Unit, new: Unit, locale: Locale) -> list[dict[str, str]]:
    _ = locale
    return [
        {
            _("Unit"): desk.plain(f"{old.name_vi} ({old.id})"),
            _("Column"): _(COLUMNS[part.name]),
            _("Old"): desk.plain(_value(part.name, getattr(old, part.name), _)),
            _("New"): desk.plain(_value(part.name, getattr(new, part.name), _)),
        }
        for part in fields(Unit)
        if getattr(old, part.name) != getattr(new, part.name)
    ]


def _value(name: str, value: object, locale: Locale) -> str:
    if isinstance(value, date):
        return "" if value == BEGINNING else locale.day(value)
    if isinstance(value, tuple):
        return "; ".join(map(str, value))
    if name == "group":
        return group_name(str(value), locale)
    return "" if value is None else str(value)
