"""Units: the tree at a date, import with a preview of what changes, export."""

from __future__ import annotations

from dataclasses import fields
from datetime import date
from typing import TYPE_CHECKING, Any

import pandas as pd
import streamlit as st

from pages.widgets import organizer as desk
from pages.widgets.tree import group_name, in_tree_order
from survey.access import Permission, Viewer
from survey.design.units import BEGINNING, Unit, UnitRegister
from survey.design.units_file import write_units
from survey.i18n import Locale

if TYPE_CHECKING:
    from bootstrap import Services

INDENT = "\u2003"  # an em space: the tree is seen, and copied to Excel as text
TEMPLATE = UnitRegister(
    (
        Unit(id="tinh", name_vi="Tỉnh …", name_en="Province …", kind="tinh", group="tinh", valid_from=date(2025, 7, 1)),
        Unit(id="so.nv", name_vi="Sở Nội vụ", name_en="Department of Home Affairs", kind="so", group="so_ban_nganh", parent="tinh",
             valid_from=date(2025, 7, 1), headcount=60),
        Unit(id="xa.a", name_vi="Xã A", name_en="Commune A", kind="xa", group="cap_xa", parent="tinh", valid_from=date(2025, 7, 1), headcount=40),
    )
)  # fmt: skip


@desk.asks(Permission.UNITS_EDIT)
def render(services: Services, viewer: Viewer | None, locale: Locale) -> None:
    _ = locale
    desk.header(
        _,
        _("Units"),
        _("Who exists on which day, under whom, and with how many staff. A wave takes the units as they stand on its opening day."),
    )
    register = services.design.units(viewer)
    table, load, change = st.tabs([_("Units at a date"), _("Import a file"), _("Reorganisation")])
    with table:
        _table(register, services.clock.today(), _)
    with load:
        _import(services, viewer, register, _)
    with change:
        _reorganisation(_)


def _table(register: UnitRegister, today: date, locale: Locale) -> None:
    _ = locale
    day = st.date_input(_("Units as they stand on"), today, format="DD/MM/YYYY") or today
    existing = register.at(day)
    if not len(existing):
        st.info(_("No unit exists on this day. Import the units, or choose another day."))
        return
    without = [unit for unit in existing if not unit.headcount and not any(other.parent == unit.id for other in existing)]
    desk.figures(
        (_("Units"), _.number(len(existing), 0)),
        (_("Number of staff"), _.number(sum(unit.headcount or 0 for unit in existing), 0)),
        (_("Without headcount"), _.number(len(without), 0)),
    )
    if without:
        st.warning(
            _(
                "These units would get no slips; enter their headcount: {units}",
                units=desk.plain(", ".join(unit.name_vi for unit in without[:30])),
            )
        )
    rows = [_row(unit, depth, _) for depth, unit in in_tree_order(existing)]
    st.dataframe(
        pd.DataFrame(rows),
        hide_index=True,
        height="content" if len(rows) < 60 else 1500,
        column_config={
            _("Unit"): st.column_config.TextColumn(width=330),
            _("Number of staff"): st.column_config.NumberColumn(width="small", format="localized"),
            _("Valid from"): st.column_config.TextColumn(width="small"),
            _("Valid to"): st.column_config.TextColumn(width="small"),
        },
        placeholder="",
    )
    st.download_button(_("Export all units (CSV for Excel)"), lambda: write_units(register), "don-vi.csv", "text/csv", on_click="ignore")


def _row(unit: Unit, depth: int, locale: Locale) -> dict[str, Any]:
    _ = locale
    return {
        _("Unit"): INDENT * depth + _.pick(unit.name_vi, unit.name_en),
        _("Number of staff"): unit.headcount,
        _("Group (khối)"): group_name(unit.group, _),
        _("Valid from"): "" if unit.valid_from == BEGINNING else _.day(unit.valid_from),
        _("Valid to"): _.day(unit.valid_to) if unit.valid_to else "",
        _("Unit id"): unit.id,
    }


def _import(services: Services, viewer: Viewer | None, register: UnitRegister, locale: Locale) -> None:
    _ = locale
    st.markdown(
        "\n".join(
            (
                "1. " + _("Save the template or export the units, and open the file in Excel."),
                "2. " + _("One row for each unit. The id never changes; parents named in the file must stand in it too."),
                "3. " + _("Save as .xlsx or CSV UTF-8, choose the file here, look at the preview, then save."),
            )
        )
    )
    with st.container(horizontal=True):
        st.download_button(_("Template (CSV for Excel)"), lambda: write_units(TEMPLATE), "mau-don-vi.csv", "text/csv", on_click="ignore")
        st.download_button(
            _("Export all units (CSV for Excel)"),
            lambda: write_units(register),
            "don-vi.csv",
            "text/csv",
            on_click="ignore",
            key="export.2",
        )
    file = st.file_uploader(_("File of units (.xlsx, .csv, .yaml)"), type=["xlsx", "csv", "yaml", "yml"], key=desk.renewed("units"))
    if file is None:
        return
    read = services.design.read_units(viewer, desk.source_of(file))
    changed = _preview(register, read, _)
    if changed and st.button(_("Save {n} units", n=_.number(changed, 0)), type="primary"):
        services.design.save_units(viewer, read)
        desk.renew("units")
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
        st.dataframe(pd.DataFrame([_row(unit, 0, _) for unit in new]), hide_index=True, placeholder="")
    if changed:
        st.markdown(f"**{_('Changed: the old value will be replaced')}**")
        st.table([row for unit in changed for row in _differences(register.by_id[unit.id], unit, _)], hide_index=True)
    if not new and not changed:
        st.info(_("Nothing in the file differs from what is stored; there is nothing to save."))
    return len(new) + len(changed)


def _differences(old: Unit, new: Unit, locale: Locale) -> list[dict[str, str]]:
    _ = locale
    return [
        {
            _("Unit"): desk.plain(f"{old.name_vi} ({old.id})"),
            _("Column"): desk.plain(field.name),
            _("Old"): desk.plain(_value(getattr(old, field.name), _)),
            _("New"): desk.plain(_value(getattr(new, field.name), _)),
        }
        for field in fields(Unit)
        if getattr(old, field.name) != getattr(new, field.name)
    ]


def _value(value: object, locale: Locale) -> str:
    if isinstance(value, date):
        return "" if value == BEGINNING else locale.day(value)
    if isinstance(value, tuple):
        return "; ".join(map(str, value))
    return "" if value is None else str(value)


def _reorganisation(locale: Locale) -> None:
    _ = locale
    st.markdown(_("When units merge, split, change their name or move, never overwrite the old row: past results belong to it."))
    st.markdown(
        "\n".join(
            (
                "1. "
                + _(
                    "Old unit: write its last day into valid_to, and the ids of the units that continue its work into successors (several are separated by a semicolon)."
                ),
                "2. " + _("New unit: a new row with a new id and its first day in valid_from."),
                "3. " + _("Units below it: give them the new parent, or close and open them in the same way."),
                "4. " + _("Import the file. Waves keep the plan they were created with; trends then show the date of the reorganisation."),
            )
        )
    )
    st.markdown(_("Example: two departments become one on 01/03/2025"))
    st.table(
        [
            {
                "id": "so.khdt",
                "name_vi": "Sở Kế hoạch và Đầu tư",
                "valid_from": "2019-01-01",
                "valid_to": "2025-02-28",
                "successors": "so.tc2",
            },
            {"id": "so.tc", "name_vi": "Sở Tài chính", "valid_from": "2019-01-01", "valid_to": "2025-02-28", "successors": "so.tc2"},
            {"id": "so.tc2", "name_vi": "Sở Tài chính", "valid_from": "2025-03-01", "valid_to": "", "successors": ""},
        ],
        hide_index=True,
    )
