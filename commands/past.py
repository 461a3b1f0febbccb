"""`langnghe import`: past results, made elsewhere."""

from __future__ import annotations

from pathlib import Path

import click

from commands.command import DRY_RUN, INPUT, Context, as_json, command, emit, progress_of, tell
from survey.access import OPERATOR
from survey.publish.import_options import ImportOptions
from survey.publish.preview import Prepared
from survey.source import Source

_questionnaire = click.option("--questionnaire", "questionnaire_id", required=True)

_replace = click.option(
    "--replace", "replacing", is_flag=True, help="Correct waves imported before; refused if old and new together give people away."
)


_headcounts = click.option("--headcounts", type=INPUT, help="wave, unit, headcount: how many could have answered then.")

_draft = click.option("--draft", is_flag=True, help="Store for organizers alone, until: langnghe wave publish.")


@command(
    "counts",
    click.argument("file", type=INPUT),
    _questionnaire,
    click.option("--published", is_flag=True, help="Another body has protected and printed these numbers."),
    click.option("--own-people", is_flag=True, help="Units above others have people of their own; they are no totals."),
    _headcounts,
    _replace,
    _draft,
    DRY_RUN,
    as_json,
)
def counts(
    context: Context,
    file: Path,
    questionnaire_id: str,
    published: bool,
    own_people: bool,
    headcounts: Path | None,
    replacing: bool,
    draft: bool,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Counts from FILE (.csv, .csv.gz or a workbook): wave, unit, [breakdown, category,] item, option, n."""
    services = context.services
    found = services.design.questionnaire(OPERATOR, questionnaire_id)
    options = ImportOptions(headcounts=_opened(headcounts), replacing=replacing, published=published, own_people=own_people)
    prepared = services.importing.prepare_counts(OPERATOR, Source.open(file), found, options)
    _finish(context, prepared, replacing, draft, dry_run, as_json)


@command(
    "responses",
    click.argument("file", type=INPUT),
    _questionnaire,
    click.option("--mapping", type=INPUT, required=True, help="YAML: what each column means."),
    _headcounts,
    _replace,
    _draft,
    DRY_RUN,
    as_json,
)
def responses(
    context: Context,
    file: Path,
    questionnaire_id: str,
    mapping: Path,
    headcounts: Path | None,
    replacing: bool,
    draft: bool,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Answers from FILE (.csv or a workbook), one row a person; they are counted in memory and never stored."""
    services = context.services
    found = services.design.questionnaire(OPERATOR, questionnaire_id)
    options = ImportOptions(headcounts=_opened(headcounts), replacing=replacing)
    # The file is handed over, not kept here: it is let go once it is read.
    prepared = services.importing.prepare_responses(OPERATOR, Source.open(file), found, Source.open(mapping), options, progress_of(context))
    _finish(context, prepared, replacing, draft, dry_run, as_json)


@command(
    "scores",
    click.argument("file", type=INPUT),
    _questionnaire,
    _headcounts,
    _replace,
    _draft,
    DRY_RUN,
    as_json,
)
def scores(
    context: Context, file: Path, questionnaire_id: str, headcounts: Path | None, replacing: bool, draft: bool, dry_run: bool, as_json: bool
) -> None:
    """Scores from FILE (.csv or a workbook) that another body printed: wave, unit, measure (index, theme:ID, item:ID), score or
    favourable, [base], [headcount], [response_rate]. Without a base: no interval and no test."""
    services = context.services
    found = services.design.questionnaire(OPERATOR, questionnaire_id)
    options = ImportOptions(headcounts=_opened(headcounts), replacing=replacing)
    prepared = services.importing.prepare_scores(OPERATOR, Source.open(file), found, options)
    _finish(context, prepared, replacing, draft, dry_run, as_json)


def _opened(file: Path | None) -> Source | None:
    return Source.open(file) if file else None


def _finish(context: Context, prepared: Prepared, replacing: bool, draft: bool, dry_run: bool, as_json: bool) -> None:
    """Store what was prepared and say so, or only show it."""
    tell(context, prepared.said, [], "", as_json)
    if dry_run:
        for preview in prepared.previews:
            emit(preview.as_dict(), as_json, "\n".join(preview.lines(context.locale)))
        tell(context, [], [], context.locale("Nothing was stored."), as_json)
        return
    context.services.importing.store(OPERATOR, prepared.releases, prepared.comments, replacing, draft)
    for release in prepared.releases:
        found = {"wave": release.wave.id, "units": len(release.nodes()), "hash": release.hash}
        emit(found, as_json, context.locale("Wave {wave}: {units} units, release {hash}", **found))


past = click.Group("import", help="Past results, made elsewhere.", commands=[counts, responses, scores])
