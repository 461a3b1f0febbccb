"""`langnghe questionnaire`: versions in and out of files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from commands.command import INPUT, Context, Output, as_json, command, emit, written
from survey.access import OPERATOR
from survey.collect.paper_form_pdf import paper_form_pdf
from survey.design.form_read import FormRead
from survey.design.questionnaire_file import write_questionnaire
from survey.design.xlsform import write_xlsform
from survey.errors import N_, SurveyError
from survey.i18n import LANGUAGES, Locale
from survey.process.proposal import Kind, mapping_text, to_look_at
from survey.source import Source

leave_out = click.option("--leave-out", is_flag=True, help="Leave out, and list, what cannot be asked or scored here.")


@command("import", click.argument("file", type=INPUT), leave_out, as_json)
def import_(context: Context, file: Path, leave_out: bool, as_json: bool) -> None:
    """Store the questionnaire of FILE (.yaml, XLSForm .xlsx/.xls/.ods, LimeSurvey .lss)."""
    design = context.services.design
    found = design.read_form(OPERATOR, Source.open(file), leave_out)
    read = found.questionnaire
    design.save_questionnaire(OPERATOR, read)
    emit(_summary(found, context.locale), as_json, "\n".join([f"{read.id} {read.version}", *_said(found, context.locale)]))


@command("check", click.argument("file", type=INPUT), leave_out, as_json)
def check(context: Context, file: Path, leave_out: bool, as_json: bool) -> None:
    """Check FILE without storing anything."""
    found = context.services.design.read_form(OPERATOR, Source.open(file), leave_out)
    summary = _summary(found, context.locale)
    line = context.locale("{id} {version}: {themes} themes, {items} items, no error.", **summary)
    emit(summary, as_json, "\n".join([line, *_said(found, context.locale)]))


@command("export", click.argument("id_", metavar="ID"), click.argument("file", type=Output(".yaml", ".yml", ".xlsx")))
def export(context: Context, id_: str, file: Path) -> None:
    """Write questionnaire ID to FILE (.yaml, or XLSForm .xlsx)."""
    found = context.services.design.questionnaire(OPERATOR, id_)
    with written(file) as out:
        out.write(write_xlsform(found) if file.suffix.lower() == ".xlsx" else write_questionnaire(found))
    click.echo(str(file))


@command(
    "mapping",
    click.argument("id_", metavar="ID"),
    click.argument("answers", type=INPUT),
    click.option("--wave", default="", help="The wave the answers are of; else by a column of days or waves, or the file's name."),
    click.option("--unit-column", default="", help="Code or head of the column with the unit; else the one that holds units."),
    click.option("--out", type=Output(".yaml", ".yml"), required=True, help="The mapping (.yaml) to write."),
)
def mapping(context: Context, id_: str, answers: Path, wave: str, unit_column: str, out: Path) -> None:
    """Propose a mapping of ANSWERS (one row a person) to questionnaire ID, for `import responses`."""
    questionnaire = context.services.design.questionnaire(OPERATOR, id_)
    found = context.services.proposing.propose(OPERATOR, questionnaire, Source.open(answers), wave=wave, unit_column=unit_column)
    with written(out) as file:
        file.write(mapping_text(found, questionnaire, context.locale, unknown_is_no_answer=True).encode())
    to_see = to_look_at(found, questionnaire, context.locale)
    click.echo(
        context.locale("{file}: {items} questions found; to look at: {open}.", file=out, items=len(found.used(Kind.ITEM)), open=len(to_see))
    )
    for line in to_see:
        click.echo(f"? {line}")


@command(
    "paper",
    click.argument("id_", metavar="ID"),
    click.option("--version", default="", help="A version; else the newest."),
    click.option("--wave", default="", help="A wave, to be named on the form and with its optional questions."),
    click.option("--unit", default="", help="A unit's name, to be printed on the form."),
    click.option("--lang", type=click.Choice(LANGUAGES), help="Language of the form."),
    click.option("--out", type=Output(".pdf"), required=True, help="The form (.pdf) to write."),
)
def paper(context: Context, id_: str, version: str, wave: str, unit: str, lang: str | None, out: Path) -> None:
    """A form to print and fill in by hand; it holds no code and is the same for everybody."""
    of = context.services.design.wave(OPERATOR, wave) if wave else None
    if of is not None and of.questionnaire != id_:
        message = N_("Wave {wave} asks questionnaire {questionnaire}, not {id}.")
        raise SurveyError("paper-other-questionnaire", message, wave=wave, questionnaire=of.questionnaire, id=id_)
    found = context.services.design.questionnaire(OPERATOR, id_, of.version if of else version)
    locale = Locale(lang) if lang else context.locale
    content = paper_form_pdf(
        found.with_optional(of.plan.optional_items) if of else found, locale, of, unit, context.services.settings.issuer(locale)
    )
    with written(out) as file:
        file.write(content)
    click.echo(str(out))


def _summary(found: FormRead, locale: Locale) -> dict[str, Any]:
    read = found.questionnaire
    return {
        "id": read.id,
        "version": read.version,
        "themes": len(read.themes),
        "items": len(read.items),
        "open_questions": len(read.open_questions),
        "breakdowns": len(read.breakdowns),
        "left_out": [problem.text(locale) for problem in found.left_out],
    }


def _said(found: FormRead, locale: Locale) -> list[str]:
    """From which answer to which each scale is scored, what is never scored, and what was left out."""
    read = found.questionnaire
    lines = []
    for scale in read.scales.values():
        ends = {"worst": locale.pick(scale.points[0].vi, scale.points[0].en), "best": locale.pick(scale.points[-1].vi, scale.points[-1].en)}
        lines.append(locale('Scale {scale}: "{worst}" scores 0, "{best}" 100.', scale=scale.id, **ends))
    if read.breakdowns:
        lines.append(locale("Never scored, only broken down by: {names}.", names=", ".join(one.id for one in read.breakdowns)))
    if some := [item.id for item in read.items if item.of_some]:
        lines.append(
            locale(
                "Asked of some people only, so in no theme, no index and no unit's results, only in the whole: {names}.",
                names=", ".join(some),
            )
        )
    if found.left_out:
        lines.append(locale("Left out: {count}.", count=len(found.left_out)))
        lines += ["- " + problem.text(locale) for problem in found.left_out]
    return lines


questionnaire = click.Group("questionnaire", help="Questionnaires.", commands=[import_, check, export, mapping, paper])
