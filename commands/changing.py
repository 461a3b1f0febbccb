"""`langnghe wave shut|reopen|extend|edit|cancel|withdraw|discard`: a wave off the straight road."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from commands.command import INPUT, WAVE_ID, Context, Day, command
from commands.passphrases import unlocked
from survey.access import OPERATOR
from survey.errors import N_, SurveyError

_DESTROYED = N_(
    "Cancelling takes back the opening of wave {wave}. Destroyed for good: every answer given so far, the key of the box, invitations and their credentials. "
    "The wave becomes a draft again and its slips stay good. Nothing was changed. If that is meant, add --yes."
)


@command("shut", WAVE_ID)
def shut(context: Context, id_: str) -> None:
    """Stop taking answers now; everybody is told that the ballots are being counted."""
    context.services.changing.shut(OPERATOR, id_)
    click.echo(context.locale("The box of wave {wave} is shut. Close the wave, or reopen it with: langnghe wave reopen {wave}", wave=id_))


@command("reopen", WAVE_ID)
def reopen(context: Context, id_: str) -> None:
    """Take answers again after a close that was given up."""
    context.services.changing.reopen(OPERATOR, id_)
    click.echo(context.locale("The box of wave {wave} is open again; answers are taken.", wave=id_))


@command("extend", WAVE_ID, click.option("--closes", type=Day(), required=True, help="The new last day."))
def extend(context: Context, id_: str, closes: date) -> None:
    """A later last day for an open wave; respondents see it on their page."""
    wave = context.services.changing.extend(OPERATOR, id_, closes, context.services.clock.today())
    click.echo(
        context.locale(
            "Wave {wave} runs until {day}. Slips already printed name the old day.", wave=id_, day=context.locale.day(wave.closes)
        )
    )


@command(
    "edit",
    WAVE_ID,
    click.option("--opens", type=Day(), help="The first day."),
    click.option("--closes", type=Day(), help="The last day."),
    click.option("--title", default="", help="Vietnamese title."),
    click.option("--title-en", default="", help="English title."),
    click.option("--contact", help="Whom people may ask, one line; empty: nobody."),
)
def edit(context: Context, id_: str, opens: date | None, closes: date | None, title: str, title_en: str, contact: str | None) -> None:
    """Other days, titles or contact for a draft; its plan stays as it was frozen."""
    wave = context.services.design.edit_wave(OPERATOR, id_, opens=opens, closes=closes, title_vi=title, title_en=title_en, contact=contact)
    _ = context.locale
    click.echo(
        _("Wave {wave}: {opens} to {closes}. {title}", wave=id_, opens=_.day(wave.opens), closes=_.day(wave.closes), title=wave.title_vi)
    )


@command(
    "cancel",
    WAVE_ID,
    click.option("--share", "shares", multiple=True, type=INPUT, help="A custodian's key share, as for closing; several times."),
    click.option("--passphrases", type=INPUT, help="A text file, one passphrase a line, in the order of the shares. Else they are asked."),
    click.option("--yes", is_flag=True, help="Destroy the answers given so far."),
)
def cancel(context: Context, id_: str, shares: tuple[Path, ...], passphrases: Path | None, yes: bool) -> None:
    """Take back an opening made by mistake; the answers given so far are destroyed."""
    wave = context.services.design.wave(OPERATOR, id_)
    if not yes:
        raise SurveyError("cancel-destroys", _DESTROYED, wave=id_)
    context.services.changing.cancel(OPERATOR, id_, unlocked(context, wave, shares, passphrases))
    click.echo(context.locale("The opening of wave {wave} is taken back: it is a draft again, and its old key opens nothing.", wave=id_))


@command("withdraw", WAVE_ID)
def withdraw(context: Context, id_: str) -> None:
    """Take the publication of an imported wave back; it stays as a draft that organizers see."""
    context.services.drafts.withdraw(OPERATOR, id_)
    click.echo(
        context.locale(
            "Wave {wave} is no longer published; only organizers see it. Publish it again with: langnghe wave publish {wave}", wave=id_
        )
    )


@command("discard", WAVE_ID)
def discard(context: Context, id_: str) -> None:
    """Throw away an imported draft that was never published."""
    context.services.drafts.discard(OPERATOR, id_)
    click.echo(context.locale("The draft {wave} has been thrown away.", wave=id_))
