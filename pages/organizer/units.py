"""Units: the tree at a date, the numbers of staff of each wave, files in and out, reorganisations."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pandas as pd
import streamlit as st

from pages.organizer import reorganising, units_file
from pages.widgets import organizer as desk
from pages.widgets.tree import found_in, group_name, in_tree_order
from survey.access import Permission, Viewer
from survey.design.units import BEGINNING, Unit, UnitRegister
from survey.design.wave import Wave
from survey.i18n import Locale

if TYPE_CHECKING:
    from bootstrap import Services

INDENT = "\u2003"  # an em space: the tree is seen, and copied to Excel as text
MOST_ROWS, MOST_WAVES = 60, 8


@desk.asks(Permission.UNITS_EDIT)
def render(services: Services, viewer: Viewer | None, locale: Locale) -> None:
    _ = locale
    desk.header(
        _,
        _("Units"),
        _("Who exists on which day, under whom, and with how many staff. A wave takes the units as they stand on its opening day."),
    )
    register = services.design.units(viewer)
    names = [_("Units at a date"), _("Staff in each wave"), _("Import a file"), _("Reorganisation")]
    table, waves, load, change = st.tabs(names, default=names[0] if len(register) else names[2])
    with table:
        _table(register, services.clock.today(), _)
    with waves:
        _waves(register, services.design.waves(viewer), _)
    with load:
        units_file.render(services, viewer, register, _)
    with change:
        reorganising.render(services, viewer, register, _)


def _table(register: UnitRegister, today: date, locale: Locale) -> None:
    _ = locale
    when, what = st.columns(2)
    day = when.date_input(_("Units as they stand on"), today, format="DD/MM/YYYY") or today
    existing = register.at(day)
    if not len(existing):
        st.info(_("No unit exists on this day. Import the units, or choose another day."))
        return
    without = [unit for unit in existing if not unit.headcount and not any(other.parent == unit.id for other in existing)]
    wanted = what.text_input(_("Find a unit (with or without marks)"), key="units.find")
    desk.figures(
        (_("Units"), _.number(len(existing), 0)),
        (_("Number of staff"), _.number(sum(unit.headcount or 0 for unit in existing), 0)),
        (_("Without headcount"), _.number(len(without), 0)),
    )
    if without:
        names = desk.plain(", ".join(unit.name_vi for unit in without[:30]))
        st.warning(_("These units would get no slips; enter their headcount: {units}", units=names))
    rows = [_row(unit, depth, _) for depth, unit in found_in(in_tree_order(existing), wanted)]
    if rows:
        _show(rows, _)
    else:
        st.info(_("No unit of this day has this in its name or id."))
    units_file.export(register, "export.1", _)


def _show(rows: list[dict[str, Any]], locale: Locale) -> None:
    _ = locale
    st.dataframe(
        pd.DataFrame(rows),
        hide_index=True,
        height="content" if len(rows) < MOST_ROWS else 1500,
        column_config={
            _("Unit"): st.column_config.TextColumn(width=330),
            _("Number of staff"): st.column_config.NumberColumn(width="small", format="localized"),
            _("Valid from"): st.column_config.TextColumn(width=110),
            _("Valid to"): st.column_config.TextColumn(width="small"),
        },
        placeholder="",
    )


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


def _waves(register: UnitRegister, waves: tuple[Wave, ...], locale: Locale) -> None:
    """Each wave keeps the numbers it was planned with; those of the list count for the next one."""
    _ = locale
    st.markdown(_("Every wave keeps the numbers it was planned with. The number in the list of units counts for the next wave."))
    if not waves:
        st.info(_("There is no wave yet."))
        return
    shown = waves[: -MOST_WAVES - 1 : -1]  # newest first
    rows = []
    for depth, unit in in_tree_order(register):
        nodes = [wave.plan.by_id.get(unit.id) for wave in shown]
        if unit.valid_to is None or any(nodes):
            numbers = {wave.id: node.headcount if node and node.reporting else None for wave, node in zip(shown, nodes, strict=True)}
            rows.append({_("Unit"): INDENT * depth + _.pick(unit.name_vi, unit.name_en), _("In the list"): unit.headcount, **numbers})
    widths = {wave.id: st.column_config.NumberColumn(width="small", format="localized") for wave in shown}
    widths[_("In the list")] = st.column_config.NumberColumn(width=130, format="localized")
    st.dataframe(
        pd.DataFrame(rows), hide_index=True, height="content" if len(rows) < MOST_ROWS else 1500, placeholder="",
        column_config={_("Unit"): st.column_config.TextColumn(width=210, pinned=True), **widths},
    )  # fmt: skip
    st.caption(_("Empty: not asked in that wave, without a number, or counted together with another unit."))
