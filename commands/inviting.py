"""`langnghe wave invite` and `wave remind`: letters instead of slips, for units whose staff reads e-mail."""

from __future__ import annotations

from pathlib import Path

import click

from commands.command import INPUT, WAVE_ID, Context, command
from survey.access import OPERATOR
from survey.collect.invitations import Sent
from survey.collect.mail import MailServer
from survey.errors import N_, SurveyError
from survey.source import Source

_address = click.option("--address", help="The survey's https:// address; else the setting LANGNGHE_ADDRESS.")


@command("invite", WAVE_ID, click.option("--file", type=INPUT, help="unit,email: one row a person."), _address)
def invite(context: Context, id_: str, file: Path | None, address: str | None) -> None:
    """Take in the people of FILE, then write to everybody who has had no letter yet."""
    address, server, invitations = address or context.services.settings.address, _server(context), context.services.invitations
    invitations.check_address(address)  # before anything is stored
    if file is not None:
        invitations.add_people(OPERATOR, id_, Source.open(file))
    _tell(context, invitations.send(OPERATOR, id_, address, server, context.locale))


@command("remind", WAVE_ID, _address)
def remind(context: Context, id_: str, address: str | None) -> None:
    """Write again to those who have not collected their credential; who has not answered, nobody can know."""
    _tell(
        context,
        context.services.invitations.remind(OPERATOR, id_, address or context.services.settings.address, _server(context), context.locale),
    )


def _server(context: Context) -> MailServer:
    settings = context.services.settings
    return MailServer.configured(settings.mail_server, settings.mail_sender, context.services.clock)


def _tell(context: Context, sent: Sent) -> None:
    said = N_("The reminders have been sent.") if sent.count is None else N_("{n} letters have been sent.")
    click.echo(context.locale(said, n=sent.count))
    if sent.refused:
        message = N_("The mail server refused these addresses: {addresses}. Withdraw them, add the right ones, and send again.")
        raise SurveyError("addresses-refused", message, addresses=", ".join(sent.refused))
