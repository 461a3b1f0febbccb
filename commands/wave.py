"""`langnghe wave`: the life of a wave, from draft to published."""

from __future__ import annotations

import csv
import io
from datetime import date
from pathlib import Path

import click

from commands.changing import cancel, edit, extend, reopen, shut
from commands.command import FOLDER, INPUT, OUTPUT, Context, Day, as_json, command, emit, written
from commands.covering import cover
from commands.inviting import invite, remind
from commands.key_shares import folder_for, new_passphrases, save, save_sheet, unlocked
from commands.submitting import submit
from survey.access import OPERATOR
from survey.cells import safe_cell
from survey.collect.box import BoxUnknown
from survey.collect.door import SlipCount
from survey.collect.fieldwork import Participation
from survey.collect.keys import KeyShare
from survey.collect.slips import Slip
from survey.collect.slips_pdf import slips_pdf
from survey.design.service import read_plan
from survey.design.wave import WaveState
from survey.disseminate.protocol_pdf import protocol_pdf
from survey.errors import N_, SurveyError
from survey.i18n import DASH
from survey.publish.doubts import CloseDoubtful, Doubt
from survey.tabular import Source

_id = click.argument("id_", metavar="ID")
_ANSWERS = {
    Doubt.DIFFERENCE: N_("{said}\nCommands: wave close {wave} ... --accept-difference, or wave reopen {wave}."),
    Doubt.EMPTY: N_("{said}\nCommands: wave close {wave} ... --accept-empty, or wave cancel {wave}."),
}


@command(
    "create",
    _id,
    click.option("--questionnaire", "questionnaire_id", required=True),
    click.option("--opens", type=Day(), required=True),
    click.option("--closes", type=Day(), required=True),
    click.option("--title", default=""),
    click.option("--plan", type=INPUT, help="YAML: roots, breakdowns, optional_items, minimum_base, shares, shares_needed, headcounts."),
    as_json,
)
def create(
    context: Context, id_: str, questionnaire_id: str, opens: date, closes: date, title: str, plan: Path | None, as_json: bool
) -> None:
    """A draft wave; its table plan is frozen now and its hash shown."""
    wishes = read_plan(Source.open(plan)) if plan else {}
    made = context.services.design.create_wave(OPERATOR, id_, questionnaire_id, opens, closes, title_vi=title, plan=wishes)
    text = context.locale("Wave {wave} created. Hash of its plan: {hash}", wave=made.id, hash=made.plan.hash)
    emit({"wave": made.id, "plan_hash": made.plan.hash}, as_json, text)


@command(
    "codes",
    _id,
    click.option("--out", type=OUTPUT, required=True),
    click.option("--base-url", help="The survey's address for the QR codes; else the setting LANGNGHE_ADDRESS."),
)
def codes(context: Context, id_: str, out: Path, base_url: str | None) -> None:
    """Make the slips, once, as .pdf or .csv."""
    found = context.services.design.wave(OPERATOR, id_)
    with written(out, private=True) as file:  # before the codes are made: they can be made only once
        slips = context.services.fieldwork.print_codes(OPERATOR, id_)
        if out.suffix == ".csv":
            context.services.fieldwork.note_list(OPERATOR, id_)
            file.write(_slips_csv(slips))
        else:
            file.write(
                slips_pdf(slips, base_url or context.settings.address, context.locale, found.title_vi, found.closes, found.illustrative)
            )
    click.echo(context.locale("{count} slips: {path}", count=len(slips), path=out))


def _slips_csv(slips: tuple[Slip, ...]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(["unit", "code"])
    writer.writerows([safe_cell(slip.unit_name), slip.code] for slip in slips)
    return text.getvalue().encode("utf-8-sig")


@command(
    "open",
    _id,
    click.option("--key-dir", type=FOLDER, help="Where the key shares go: better a stick than this machine."),
    click.option("--passphrases", type=INPUT, help="A text file, one passphrase a line, one for each custodian. Else they are asked."),
    as_json,
)
def open_(context: Context, id_: str, key_dir: Path | None, passphrases: Path | None, as_json: bool) -> None:
    """Create the box key, save its shares as files and sheets, try the files, open the wave."""
    folder = folder_for(context.settings, key_dir)
    fieldwork = context.services.fieldwork
    wave = fieldwork.ready(OPERATOR, id_)
    words = new_passphrases(context, wave, passphrases)
    key = fieldwork.make_key(OPERATOR, id_, words)
    paths = [save(folder, share) for share in key.shares]
    sheets = [save_sheet(folder, share, wave, context.locale) for share in key.shares]
    saved = [KeyShare.from_bytes(path.read_bytes()) for path in paths]
    fieldwork.open_with(
        OPERATOR, id_, key.public_key, [one.unlock(word) for one, word in zip(saved, words or [""] * len(saved), strict=True)]
    )
    early = context.locale(
        "Answers are taken from {day} on. If it was opened by mistake: langnghe wave cancel {wave}",
        day=context.locale.day(wave.opens),
        wave=id_,
    )
    lines = [
        *([early] if context.services.clock.today() < wave.opens else []),
        context.locale("Wave {wave} is open. Give each key share to another person and delete it here:", wave=id_),
        *(f"  {path}  {sheet}" for path, sheet in zip(paths, sheets, strict=True)),
        context.locale("Fingerprint of the box key: {fingerprint}", fingerprint=key.fingerprint),
    ]
    found = {"wave": id_, "shares": [str(path) for path in paths], "sheets": [str(path) for path in sheets], "key": key.fingerprint}
    emit(found, as_json, "\n".join(lines))


@command(
    "close",
    _id,
    click.option(
        "--share", "shares", multiple=True, type=INPUT, help="A custodian's key share: the file, or the text of its QR code; several times."
    ),
    click.option("--passphrases", type=INPUT, help="A text file, one passphrase a line, in the order of the shares. Else they are asked."),
    click.option("--accept-difference", is_flag=True, help="Count although ballots and used codes differ; first find out why."),
    click.option("--accept-empty", is_flag=True, help="Close a wave in which nobody has answered."),
    click.option("--handed-out", type=click.IntRange(min=0), help="Slips handed out, as counted; for the protocol."),
    click.option("--unused", type=click.IntRange(min=0), help="Slips unused, counted and destroyed before witnesses; for the protocol."),
    as_json,
)
def close(
    context: Context,
    id_: str,
    shares: tuple[Path, ...],
    passphrases: Path | None,
    accept_difference: bool,
    accept_empty: bool,
    handed_out: int | None,
    unused: int | None,
    as_json: bool,
) -> None:
    """Shut the box, open it with the key shares, count, protect, destroy. A close that fails leaves it shut: close again, or reopen."""
    given = unlocked(context, context.services.design.wave(OPERATOR, id_), shares, passphrases)
    said: list[str] = []

    def progress(share: float, step: str) -> None:
        if step not in said[-1:]:
            click.echo(f"{100 * share:3.0f}%  {context.locale(step)}", err=True)
            said.append(step)

    accepted = [doubt for doubt, given_word in ((Doubt.DIFFERENCE, accept_difference), (Doubt.EMPTY, accept_empty)) if given_word]
    counted = SlipCount(handed_out, unused)
    try:
        release = context.services.closing.close(OPERATOR, id_, given, progress, counted, accept=accepted)
    except CloseDoubtful as doubtful:
        raise SurveyError(doubtful.code, _ANSWERS[doubtful.doubt], said=doubtful.text(context.locale), wave=id_) from None
    text = context.locale("Wave {wave} is closed. Hash of the release: {hash}", wave=id_, hash=release.hash)
    emit({"wave": id_, "hash": release.hash}, as_json, text)


@command("protocol", _id, click.option("--out", type=OUTPUT, required=True))
def protocol(context: Context, id_: str, out: Path) -> None:
    """Print the protocol of the opening of the box (biên bản mở hòm phiếu) as .pdf."""
    with written(out) as file:
        file.write(protocol_pdf(context.services.results.release(OPERATOR, id_), context.locale))
    click.echo(str(out))


@command("publish", _id)
def publish(context: Context, id_: str) -> None:
    """Let leaders see the results. Comments that an organizer has not looked at stay unseen until then."""
    context.services.closing.publish(OPERATOR, id_, comments_later=True)
    if waiting := context.services.closing.unseen(id_):
        click.echo(
            context.locale("{count} comments wait to be looked at on the organizer's page; leaders do not see them yet.", count=waiting),
            err=True,
        )
    click.echo(context.locale("Wave {wave} is published.", wave=id_))


@command("list", as_json)
def list_(context: Context, as_json: bool) -> None:
    """Every wave and its state."""
    found = [
        {
            "id": wave.id, "state": wave.state.value, "opens": wave.opens.isoformat(), "closes": wave.closes.isoformat(),
            "origin": wave.origin.value, "title": wave.title_vi,
        }
        for wave in context.services.design.waves(OPERATOR)
    ]  # fmt: skip
    emit(found, as_json, "\n".join("{id:<12} {state:<10} {opens} {closes}  {title}".format(**wave) for wave in found))


@command("status", _id, as_json)
def status(context: Context, id_: str, as_json: bool) -> None:
    """State, plan and rounded participation of a wave."""
    wave = context.services.design.wave(OPERATOR, id_)
    running = wave.state in (WaveState.DRAFT, WaveState.OPEN)
    rows = context.services.fieldwork.participation(OPERATOR, id_) if running else ()
    is_shut = wave.state is WaveState.OPEN and _is_shut(context, id_)
    found = {
        "id": wave.id,
        "state": wave.state.value,
        "shut": is_shut,
        "opens": wave.opens.isoformat(),
        "closes": wave.closes.isoformat(),
        "plan_hash": wave.plan.hash,
        "participation": [{"unit": r.node.id, "codes": r.given, "rate": r.rate, "capped": r.capped} for r in rows],
    }
    lines = [f"{wave.id}: {wave.state.value}{', shut' if is_shut else ''}", f"plan {wave.plan.hash}"]
    emit(found, as_json, "\n".join([*lines, *(f"  {row.node.id:<40} {row.given:>6} {_rate(row)}" for row in rows)]))


def _is_shut(context: Context, id_: str) -> bool:
    try:
        return context.services.changing.is_shut(OPERATOR, id_)
    except BoxUnknown:  # `check` says so; the rest of the status is still true
        return False


def _rate(row: Participation) -> str:
    return DASH if row.rate is None else f"{'>=' if row.capped else ''}{row.rate}%"


wave = click.Group(
    "wave", help="The life of a wave: create, codes, open, close, protocol, publish; and off the straight road.",
    commands=[create, codes, invite, remind, open_, close, protocol, publish, list_, status, submit, shut, reopen, extend, edit, cancel, cover],
)  # fmt: skip
