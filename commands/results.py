"""`langnghe results | compare | export | audit`: what a release says, for machines and for files."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from commands.command import OUTPUT, Context, as_json, command, emit, written
from survey.access import OPERATOR
from survey.analyse.between import Change, between
from survey.disclose.attack.review import SUITE, review
from survey.disclose.release import INDEX, Cell, Release
from survey.disseminate.between_json import between_json
from survey.disseminate.exporting import Kind
from survey.disseminate.look import REASONS, score_of
from survey.disseminate.report_json import unit_results
from survey.disseminate.tables import state_words
from survey.errors import N_, SurveyError
from survey.i18n import Locale

_wave = click.option("--wave", "wave_id", required=True)


@command("results", _wave, click.option("--unit"), click.option("--all-units", is_flag=True, help="One JSON object a line."), as_json)
def results(context: Context, wave_id: str, unit: str | None, all_units: bool, as_json: bool) -> None:
    """What the dashboards show, from the release."""
    if bool(unit) == all_units:
        raise click.UsageError("--unit U | --all-units")
    release = context.services.results.release(OPERATOR, wave_id)
    held, verdicts = [node.id for node in release.nodes()], context.services.results.verdicts(OPERATOR, wave_id)
    if unit and unit not in held:
        raise SurveyError("unknown-unit", N_("Wave {wave} has no unit {unit}."), wave=wave_id, unit=unit)
    asked = context.services.results
    for one in [unit] if unit else held:
        emit(
            unit_results(release, one, verdicts, asked.criteria(OPERATOR, wave_id, one)) if as_json else None,
            as_json,
            "" if as_json else _line(context, release, one),
        )


def _line(context: Context, release: Release, unit: str) -> str:
    index = release.cell(unit, INDEX)
    score = score_of(index, context.locale) if isinstance(index, Cell) else context.locale(REASONS[index.reason])
    return f"{unit:<40} {score}"


@command(
    "compare",
    click.option("--unit", required=True),
    click.option("--from", "first", required=True, help="The earlier wave."),
    click.option("--to", "second", required=True, help="The later wave."),
    click.option("--recast", "with_recast", is_flag=True, help="Let predecessors stand for a unit that did not exist yet."),
    as_json,
)
def compare(context: Context, unit: str, first: str, second: str, with_recast: bool, as_json: bool) -> None:
    """What changed between two waves, its 95% interval, and whether it is sure."""
    asked = context.services.results
    earlier, later = (asked.release(OPERATOR, wave) for wave in (first, second))
    found = between(earlier, later, asked.register(OPERATOR), unit, with_recast, asked.verdicts(OPERATOR, second))
    if as_json:
        emit(between_json(found, unit, first, second, with_recast), as_json, "")
        return
    for change in found.changes:
        click.echo(_changed(context.locale, change))
    for day in found.breaks.days:
        click.echo(context.locale("reorganisation {day}", day=context.locale.day(day)))


def _changed(locale: Locale, change: Change) -> str:
    before, after = (locale.number(cell.score if isinstance(cell, Cell) else None) for cell in (change.before, change.after))
    difference = locale.number(change.comparison.difference, sign=True)
    interval = "" if change.low is None else f"[{locale.number(change.low, sign=True)}; {locale.number(change.high, sign=True)}]"
    return f"{change.measure:<14} {before:>6} {after:>6} {difference:>7} {interval:<16} {state_words(change.comparison, locale)}"


@command(
    "export",
    _wave,
    click.option("--format", "kind", type=click.Choice([kind.value for kind in Kind]), required=True),
    click.option("--separator", type=click.Choice([";", ","]), default=";"),
    click.option("--out", type=OUTPUT, required=True),
)
def export(context: Context, wave_id: str, kind: str, separator: str, out: Path) -> None:
    """Download a release."""
    if out.suffix.lower().removeprefix(".") in {one.value for one in Kind} - {kind}:
        raise click.UsageError(f"--format {kind} --out {out.name}")
    with written(out) as file:
        file.write(context.services.exporting.file(OPERATOR, wave_id, Kind(kind), context.locale, separator))
    click.echo(str(out))


@command("audit", _wave, as_json)
def audit(context: Context, wave_id: str, as_json: bool) -> None:
    """The certificate of a release, and all attacks that need nothing but the release run again. Exit 1 if one succeeds."""
    _ = context.locale
    release = context.services.results.release(OPERATOR, wave_id)
    again = review(release)
    unchanged = release.audit.get("cells") == release.cells_hash
    head = {"wave": wave_id, "release": release.hash, "plan": release.plan.hash, "policy": release.policy_hash}
    found = {
        **release.audit,
        **head,
        "again": {"suite": SUITE, "tried": dict(again.tried), "found": list(again.found), "unchanged": unchanged},
    }
    lines = [f"{name}: {value}" for name, value in (dict(release.audit) | head).items()]
    lines += [_("Attacked again: {what}", what=", ".join(f"{name} {count}" for name, count in again.tried.items()))]
    lines += [f"! {finding}" for finding in again.found]
    lines += [_("Nothing was found.")] if not again.found else []
    lines += [
        _("The release is the one the certificate was made for.")
        if unchanged
        else _("The release is NOT the one the certificate was made for: restore it from a backup.")
    ]
    emit(found, as_json, "\n".join(lines))
    sys.exit(1 if again.found or not unchanged else 0)
