"""`langnghe import`: past results, made elsewhere."""

from __future__ import annotations

from pathlib import Path

import click

from commands.command import INPUT, Context, as_json, command, emit
from survey.access import OPERATOR
from survey.disclose.release import Release
from survey.tabular import Source

_questionnaire = click.option("--questionnaire", "questionnaire_id", required=True)

_replace = click.option(
    "--replace", "replacing", is_flag=True, help="Correct waves imported before; refused if old and new together give people away."
)


@command(
    "counts",
    click.argument("file", type=INPUT),
    _questionnaire,
    click.option("--published", is_flag=True, help="Another body has protected and printed these numbers."),
    _replace,
    as_json,
)
def counts(context: Context, file: Path, questionnaire_id: str, published: bool, replacing: bool, as_json: bool) -> None:
    """Counts from FILE (.csv, .csv.gz or .xlsx): wave, unit, [breakdown, category,] item, option, n."""
    services = context.services
    found = services.design.questionnaire(OPERATOR, questionnaire_id)
    _say(context, services.importing.counts(OPERATOR, Source.open(file), found, published, replacing=replacing), as_json)


@command(
    "responses",
    click.argument("file", type=INPUT),
    _questionnaire,
    click.option("--mapping", type=INPUT, required=True, help="YAML: what each column means."),
    _replace,
    as_json,
)
def responses(context: Context, file: Path, questionnaire_id: str, mapping: Path, replacing: bool, as_json: bool) -> None:
    """Answers from FILE (.csv or .xlsx), one row a person; they are counted in memory and never stored."""
    services = context.services
    found = services.design.questionnaire(OPERATOR, questionnaire_id)
    _say(context, services.importing.responses(OPERATOR, Source.open(file), found, Source.open(mapping), replacing=replacing), as_json)


def _say(context: Context, releases: tuple[Release, ...], as_json: bool) -> None:
    for release in releases:
        found = {"wave": release.wave.id, "units": len(release.nodes()), "hash": release.hash}
        emit(found, as_json, context.locale("Wave {wave}: {units} units, release {hash}", **found))


past = click.Group("import", help="Past results, made elsewhere.", commands=[counts, responses])
