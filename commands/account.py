"""`langnghe account`: organizers, leaders and custodians."""

from __future__ import annotations

import click

from commands.command import Context, as_json, command, emit
from survey.access import OPERATOR, Role
from survey.account_links import Link
from survey.errors import N_, SurveyError
from survey.passwords import new_password

BY_LINK = click.option("--link", is_flag=True, help="Show a link by which the owner chooses the password, in place of a password.")


@command(
    "add",
    click.argument("name"),
    click.option("--role", type=click.Choice([role.value for role in Role]), required=True),
    click.option("--unit"),
    BY_LINK,
    as_json,
)
def add(context: Context, name: str, role: str, unit: str | None, link: bool, as_json: bool) -> None:
    """A new account; its password is made, shown once, and changed by its owner at the first sign-in.

    With --link nobody but its owner ever knows a password: what is shown is an address, good once and for 72 hours.
    """
    if unit and unit not in context.services.design.units(OPERATOR):
        raise SurveyError("unknown-unit-register", N_("There is no unit {unit}."), unit=unit)
    if link:
        _show(context, context.services.accounts.invite(OPERATOR, name, Role(role), unit), as_json)
        return
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
            "one_time_password": a.one_time and bool(a.password),
            "waits_for_link": a.active and not a.password,
            "demonstration": a.demonstration,
        }
        for a in context.services.accounts.list(OPERATOR)
    ]
    emit(
        found, as_json, "\n".join("{name:<20} {role:<10} {unit:<20} active={active}".format(**a | {"unit": a["unit"] or ""}) for a in found)
    )


@command("disable", click.argument("name"))
def disable(context: Context, name: str) -> None:
    """Sign the account out everywhere and refuse it from now on."""
    context.services.accounts.disable(OPERATOR, name)
    click.echo(name)


@command("password", click.argument("name"), BY_LINK, as_json)
def password(context: Context, name: str, link: bool, as_json: bool) -> None:
    """A new password for one sign-in, or with --link a new link, shown once; enables the account again."""
    if link:
        _show(context, context.services.accounts.give_link(OPERATOR, name), as_json)
        return
    new = new_password()
    context.services.accounts.set_password(OPERATOR, name, new)
    emit({"name": name, "password": new}, as_json, f"{name}  {new}")


def _show(context: Context, link: Link, as_json: bool) -> None:
    """The link, on a line of its own: it is stored nowhere and never shown again."""
    _ = context.locale
    address = link.address(context.services.settings.address, _.language)
    until = context.services.clock.at(link.expires)
    said = _("Works once, until {time} on {day}. Whoever opens it first has the account.", time=f"{until:%H:%M}", day=_.day(until.date()))
    emit({"name": link.account, "link": address, "expires": until.isoformat()}, as_json, f"{link.account}  {address}\n{said}")


account = click.Group("account", help="Accounts of organizers, leaders and custodians.", commands=[add, list_, disable, password])
