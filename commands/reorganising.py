"""`langnghe units merge|split|rename|transfer|dissolve`: dated operations on the register, told before they are stored."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import click

from commands.command import DRY_RUN, Context, Day, as_json, command, emit
from survey.access import OPERATOR
from survey.analyse.foreseen import series_after
from survey.design.reorganisation import Kind, Operation, Part
from survey.design.units_service import Foreseen
from survey.disseminate import reorganisation_words as words
from survey.errors import N_, InputRefused, Problem

_many = click.argument("units", nargs=-1, required=True, metavar="UNIT...")
_one = click.argument("unit")
_name = click.option("--name", default="", help="Vietnamese name of the new unit.")
_name_en = click.option("--name-en", default="", help="English name of the new unit.")
_headcount = click.option("--headcount", type=int, default=None, help="Staff afterwards; left out: those of the units together.")
_sizes = click.option("--headcount", "sizes", multiple=True, metavar="ID=N", help="Staff of a unit afterwards; several times.")
_ALL = (
    click.option("--on", "day", type=Day(), required=True, help="The first day of the new arrangement."),
    click.option("--accept-held", is_flag=True, help="Waves held after that day with the units as they stood before are known of."),
    DRY_RUN,
    as_json,
)


def _do(context: Context, operation: Operation, accept_held: bool, dry_run: bool, as_json: bool) -> None:
    foreseen = context.services.reorganising.foresee(OPERATOR, operation)
    if not dry_run:
        context.services.reorganising.store(OPERATOR, foreseen, accept_held)
    if as_json:
        emit(words.as_document(foreseen, not dry_run, context.locale), True, "")
        return
    for line in _told(foreseen, context):
        click.echo(line)
    _ = context.locale
    click.echo(_("Nothing was stored.") if dry_run else _("Stored: {count} units in the register.", count=len(foreseen.change.after)))


def _told(foreseen: Foreseen, context: Context) -> list[str]:
    _ = context.locale
    change = foreseen.change
    lines = [_("{operation} on {day}", operation=_(words.KINDS[change.operation.kind]), day=_.day(change.operation.day)), ""]
    for row in words.rows_of_units(change, _):
        name, unit_id, what, before, after = row.values()
        lines.append(f"  {name} ({unit_id}): {what}" + (f"; {before or '–'} → {after or '–'}" if before or after else ""))
    lines += ["", words.people(change, _), "", _("Series of results:")]
    lines += [f"  {words.of_series(one, _)}" for one in series_after(change)]
    told = words.notes(foreseen, _)
    return [*lines, "", *told, ""] if told else [*lines, ""]


@command("merge", _many, click.option("--into", default="", help="Id of the unit that takes them in, or of the new one."), _name, _name_en,
         _headcount, click.option("--parent", default="", help="What a new unit stands under; left out: as the first one."), *_ALL)  # fmt: skip
def merge(
    context: Context, units: tuple[str, ...], into: str, name: str, name_en: str, headcount: int | None, parent: str, day: date, **how: Any
) -> None:
    """Several units become one: a new one (--name), or one that is there and keeps its id (--into)."""
    part = Part(id=into, name_vi=name, name_en=name_en, headcount=headcount)
    _do(context, Operation(kind=Kind.MERGE, day=day, units=units, into=(part,), parent=parent), **how)


@command("split", _one, click.option("--into", "parts", multiple=True, required=True, metavar="ID|ID=NAME|=NAME", help="A part; several times. UNIT itself is a part if it lives on."),
         _sizes, *_ALL)  # fmt: skip
def split(context: Context, unit: str, parts: tuple[str, ...], sizes: tuple[str, ...], day: date, **how: Any) -> None:
    """One unit becomes several, or gives a part away and lives on."""
    _do(context, Operation(kind=Kind.SPLIT, day=day, units=(unit,), into=_parts(parts, sizes)), **how)


@command("rename", _one, click.option("--name", required=True, help="The new Vietnamese name."), _name_en,
         click.option("--into", default="", help="The new id; left out: one is made."), *_ALL)  # fmt: skip
def rename(context: Context, unit: str, name: str, name_en: str, into: str, day: date, **how: Any) -> None:
    """A unit under a new name. (A slip of the pen is corrected with: units import.)"""
    _do(context, Operation(kind=Kind.RENAME, day=day, units=(unit,), into=(Part(id=into, name_vi=name, name_en=name_en),)), **how)


@command("transfer", _many, click.option("--parent", required=True, help="The unit that they stand under from then on."),
         click.option("--into", default="", help="The new id, for one unit; left out: one is made."), *_ALL)  # fmt: skip
def transfer(context: Context, units: tuple[str, ...], parent: str, into: str, day: date, **how: Any) -> None:
    """Units move to another parent, with everything below them."""
    parts = (Part(id=into),) if into else ()
    _do(context, Operation(kind=Kind.TRANSFER, day=day, units=units, into=parts, parent=parent), **how)


@command("dissolve", _many, click.option("--into", "parts", multiple=True, metavar="ID", help="A unit that takes people over; several times, or none."),
         _sizes, *_ALL)  # fmt: skip
def dissolve(context: Context, units: tuple[str, ...], parts: tuple[str, ...], sizes: tuple[str, ...], day: date, **how: Any) -> None:
    """Units end; other units take their people over, or nobody does."""
    _do(context, Operation(kind=Kind.DISSOLVE, day=day, units=units, into=_parts(parts, sizes)), **how)


def _parts(parts: Sequence[str], sizes: Sequence[str]) -> tuple[Part, ...]:
    """`ID`, `ID=NAME` or `=NAME`, and `ID=N` (`=NAME=N` for a part without id is written as NAME=N)."""
    people = dict(map(_size, sizes))
    made = []
    for text in parts:
        unit_id, _equals, name = text.partition("=")
        made.append(Part(id=unit_id.strip(), name_vi=name.strip(), headcount=people.pop(unit_id.strip() or name.strip(), None)))
    if people:
        message, cure = N_("{unit} is not one of the parts."), N_("Write the id as it stands after --into.")
        raise InputRefused("--headcount", [Problem(column="headcount", message=message, cure=cure, values={"unit": one}) for one in people])
    return tuple(made)


def _size(text: str) -> tuple[str, int]:
    unit_id, _equals, number = text.rpartition("=")
    if not unit_id or not number.strip().isdecimal():
        problem = Problem(
            column="headcount",
            message=N_('"{value}" cannot be read.'),
            cure=N_("Write the id and a whole number: so.nv=60."),
            values={"value": text},
        )
        raise InputRefused("--headcount", [problem])  # fmt: skip
    return unit_id.strip(), int(number)


OPERATIONS: tuple[click.Command, ...] = (merge, split, rename, transfer, dissolve)
