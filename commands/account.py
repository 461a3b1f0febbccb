"""`langnghe account`: organizers, leaders and custodians."""

from __future__ import annotations

import click

from commands.command import Context, as_json, command, emit
from survey.access import OPERATOR, Role
from survey.errors import N_, SurveyError
from survey.passwords import new_password


@command(
    "add",
    click.argument("name"),
    click.option("--role", type=click.Choice([role.value for role in Role]), required=True),
    click.option("--unit"),
    as_json,
)
def add(context: Context, name: str, role: str, unit: str | None, as_json: bool) -> None:
    """A new account; its password is made, shown once, and changed by its owner at the first sign-in."""
    if unit and unit not in context.services.design.units(OPERATOR):
        raise SurveyError("unknown-unit-register", N_("There is no unit {unit}."), unit=unit)
    password = new_password()
    made = context.services.accounts.add(OPERATOR, name, Role(role), password, unit)
    emit({"name": made.name, "password": password}, as_json, f"{made.name}  {password}")


@command("list", as_json)
def list_(context: Context, as_json: bool) -> None:
    """Every account."""
    found = [
        {
            "name": a.name,
            "role": a.role.value,
            "unit": a.unit,
            "active": a.active,
            "one_time_password": a.one_time,
            "demonstration": a.demonstration,
        }
        for a in context.services.accounts.list(OPERATOR)
    ]
    emit(found, as_json, "\n".join("{name:<20} {role:<10} {unit!s:<20} active={active}".format(**a) for a in found))


@command("disable", click.argument("name"))
def disable(context: Context, name: str) -> None:
    """Sign the account out everywhere and refuse it from now on."""
    context.services.accounts.disable(OPERATOR, name)
    click.echo(name)


@command("password", click.argument("name"), as_json)
def password(context: Context, name: str, as_json: bool) -> None:
    """A new password for one sign-in, shown once; enables the account again."""
    new = new_password()
    context.services.accounts.set_password(OPERATOR, name, new)
    emit({"name": name, "password": new}, as_json, f"{name}  {new}")


account = click.Group("account", help="Accounts of organizers, leaders and custodians.", commands=[add, list_, disable, password])
