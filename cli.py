"""Command-line entry `langnghe`: the same services as the pages, no logic of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from functools import cached_property, wraps
from pathlib import Path
from typing import Any

import click
from survey.collect.slips_pdf import slips_pdf

from bootstrap import ROOT, Services, Settings, build
from survey.access import OPERATOR, Role
from survey.accounts import new_password
from survey.collect.keys import KeyShare
from survey.demonstration import build as demonstration
from survey.design.service import read_plan
from survey.design.units_file import write_units
from survey.disclose.release import Release
from survey.disseminate import export as exports
from survey.disseminate.report_json import unit_results
from survey.errors import N_, SurveyError
from survey.i18n import Locale
from survey.tabular import Source
from survey.vietnamese import parse_date

OUTPUT = click.Path(dir_okay=False, path_type=Path)
INPUT = click.Path(path_type=Path)


class Context:
    """Settings, language and services of one command; services are opened when first asked for."""

    @cached_property
    def settings(self) -> Settings:
        return Settings.read()

    @cached_property
    def locale(self) -> Locale:
        return Locale(self.settings.language)

    @cached_property
    def services(self) -> Services:
        return build(self.settings)


class Day(click.ParamType):
    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        if isinstance(value, date):
            return value
        try:
            return parse_date(value)
        except ValueError:
            self.fail(f"{value!r}: 2025-03-01 / 1/3/2025", param, ctx)


def command(group: click.Group, name: str, *options: Callable[..., Any]) -> Callable[[Callable[..., Any]], click.Command]:
    """A command of `group`: refusals go to stderr with their cure, and exit with 1."""

    def decorate(function: Callable[..., Any]) -> click.Command:
        @wraps(function)
        def run(**arguments: Any) -> None:
            context = click.get_current_context().find_object(Context)
            assert context is not None
            try:
                function(context, **arguments)
            except SurveyError as error:
                click.echo(error.text(context.locale), err=True)
                sys.exit(1)

        wrapped: Callable[..., Any] = run
        for option in reversed(options):
            wrapped = option(wrapped)
        return group.command(name)(wrapped)

    return decorate


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="langnghe")
@click.pass_context
def main(context: click.Context) -> None:
    """Lắng Nghe: khảo sát ẩn danh và bảng kết quả. (Anonymous staff survey and dashboard.)"""
    context.obj = Context()


def emit(found: Any, as_json: bool, text: str) -> None:
    click.echo(json.dumps(found, ensure_ascii=False) if as_json else text)


as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON for machines.")


# Running


@command(
    main,
    "serve",
    click.option("--port", default=8501, show_default=True),
    click.option("--address", default="127.0.0.1", show_default=True),
    click.option("--surface", type=click.Choice(["all", "respond", "results"]), default=None),
)
def serve(context: Context, port: int, address: str, surface: str | None) -> None:
    """Start the web application."""
    import os

    refuse_defaults(context, address)
    environment = {**os.environ, **({"LANGNGHE_SURFACE": surface} if surface else {})}
    environment["LANGNGHE_DATA_DIR"] = str(context.settings.data_dir)
    arguments = [sys.executable, "-m", "streamlit", "run", str(ROOT / "app.py"), "--server.port", str(port), "--server.address", address]
    if sys.platform != "win32":
        os.chdir(ROOT)  # Streamlit reads .streamlit/config.toml of the folder it starts in
        os.execve(sys.executable, arguments, environment)
    sys.exit(subprocess.call(arguments, cwd=ROOT, env=environment))


def refuse_defaults(context: Context, address: str) -> None:
    """Demonstration passwords and the default key are good on this machine only."""
    from bootstrap import DEFAULT_COOKIE_KEY

    if address in ("127.0.0.1", "localhost", "::1"):
        return
    if context.settings.cookie_key == DEFAULT_COOKIE_KEY:
        raise SurveyError("default-key", N_("Set LANGNGHE_COOKIE_KEY to a secret of your own before serving other machines."))
    if context.services.accounts.has_demonstration():
        raise SurveyError(
            "demonstration-passwords",
            N_("There are demonstration accounts. Disable them or give them passwords of your own before serving other machines."),
        )


@command(main, "demo")
def demo(context: Context) -> None:
    """Create the demonstration stores; print accounts and ready codes."""
    _, services = context.locale, context.services
    today = date.today()
    if not demonstration.is_built(services):
        click.echo(_("Building the demonstration (illustrative figures), about half a minute:"))
        shares = demonstration.build(services, today, lambda line: click.echo(f"  {line}"))
        for share in shares:
            click.echo(_("Key share of the open wave: {path}", path=save_share(context.settings.data_dir / "khoa", share)))
    ready = demonstration.ready(services, today)
    click.echo(_("Demonstration accounts (passwords made now, good on this machine only):"))
    for name, password in ready.passwords.items():
        click.echo(f"  {name:<14} {password}")
    click.echo(_("Codes to answer with:"))
    for code in ready.codes:
        click.echo(f"  http://127.0.0.1:8501/p?code={code}")


def save_share(folder: Path, share: KeyShare) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{share.wave}-{share.number}.json"
    path.write_bytes(share.to_bytes())
    path.chmod(0o600)
    return path


# Units and questionnaires


@main.group()
def units() -> None:
    """Units with their lineage."""


@command(units, "import", click.argument("file", type=INPUT))
def units_import(context: Context, file: Path) -> None:
    """Add or replace units from FILE (.csv, .xlsx or .yaml)."""
    _, design = context.locale, context.services.design
    read = design.read_units(OPERATOR, Source.open(file))
    merged = design.save_units(OPERATOR, read)
    click.echo(_("{count} units imported, {total} in the register.", count=len(read), total=len(merged)))


@command(units, "export", click.argument("file", type=OUTPUT), click.option("--separator", type=click.Choice([";", ","]), default=";"))
def units_export(context: Context, file: Path, separator: str) -> None:
    """Write the register to FILE (.csv)."""
    file.write_bytes(write_units(context.services.design.units(OPERATOR), separator))
    click.echo(str(file))


@main.group()
def questionnaire() -> None:
    """Questionnaires."""


@command(questionnaire, "import", click.argument("file", type=INPUT))
def questionnaire_import(context: Context, file: Path) -> None:
    """Store the questionnaire of FILE (.yaml, or XLSForm .xlsx)."""
    design = context.services.design
    read = design.read_questionnaire(OPERATOR, Source.open(file))
    design.save_questionnaire(OPERATOR, read)
    click.echo(f"{read.id} {read.version}")


@command(questionnaire, "check", click.argument("file", type=INPUT))
def questionnaire_check(context: Context, file: Path) -> None:
    """Check FILE without storing anything."""
    read = context.services.design.read_questionnaire(OPERATOR, Source.open(file))
    click.echo(
        context.locale(
            "{id} {version}: {themes} themes, {items} items, no error.",
            id=read.id, version=read.version, themes=len(read.themes), items=len(read.items),
        )
    )  # fmt: skip


@command(questionnaire, "export", click.argument("id_"), click.argument("file", type=OUTPUT))
def questionnaire_export(context: Context, id_: str, file: Path) -> None:
    """Write questionnaire ID to FILE (.yaml, or XLSForm .xlsx)."""
    from survey.design.xlsform import write_xlsform

    from survey.design.questionnaire_file import write_questionnaire

    found = context.services.design.questionnaire(OPERATOR, id_)
    file.write_bytes(write_xlsform(found) if file.suffix == ".xlsx" else write_questionnaire(found))
    click.echo(str(file))


# Waves


@main.group()
def wave() -> None:
    """The life of a wave: create, codes, open, close, publish."""


@command(
    wave,
    "create",
    click.argument("id_"),
    click.option("--questionnaire", "questionnaire_id", required=True),
    click.option("--opens", type=Day(), required=True),
    click.option("--closes", type=Day(), required=True),
    click.option("--title", default=""),
    click.option("--plan", type=INPUT),
)
def wave_create(context: Context, id_: str, questionnaire_id: str, opens: date, closes: date, title: str, plan: Path | None) -> None:
    """A draft wave; its table plan is frozen now and its hash shown."""
    wishes = read_plan(Source.open(plan)) if plan else {}
    made = context.services.design.create_wave(OPERATOR, id_, questionnaire_id, opens, closes, title_vi=title, plan=wishes)
    click.echo(context.locale("Wave {wave} created. Hash of its plan: {hash}", wave=made.id, hash=made.plan.hash))


@command(
    wave,
    "codes",
    click.argument("id_"),
    click.option("--out", type=OUTPUT, required=True),
    click.option("--base-url", default="http://127.0.0.1:8501", show_default=True),
)
def wave_codes(context: Context, id_: str, out: Path, base_url: str) -> None:
    """Make the slips, once, as .pdf or .csv."""
    import csv

    found = context.services.design.wave(OPERATOR, id_)
    slips = context.services.fieldwork.print_codes(OPERATOR, id_)
    if out.suffix == ".csv":
        with out.open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.writer(file, delimiter=";", lineterminator="\r\n")
            writer.writerow(["unit", "code"])
            writer.writerows([slip.unit_name, slip.code] for slip in slips)
    else:
        out.write_bytes(slips_pdf(slips, base_url, context.locale, found.title_vi, found.closes, found.illustrative))
    click.echo(context.locale("{count} slips: {path}", count=len(slips), path=out))


@command(wave, "open", click.argument("id_"), click.option("--key-dir", type=click.Path(file_okay=False, path_type=Path)))
def wave_open(context: Context, id_: str, key_dir: Path | None) -> None:
    """Create the box key, save its shares, open the wave."""
    opened, shares = context.services.fieldwork.open_wave(OPERATOR, id_)
    click.echo(context.locale("Wave {wave} is open. Give each key share to another person and delete it here:", wave=opened.id))
    for share in shares:
        click.echo(f"  {save_share(key_dir or context.settings.data_dir / 'khoa', share)}")


@command(wave, "close", click.argument("id_"), click.option("--share", "shares", multiple=True, type=INPUT))
def wave_close(context: Context, id_: str, shares: tuple[Path, ...]) -> None:
    """Open the box with the key shares, count, protect, destroy."""
    _ = context.locale
    given = [KeyShare.from_bytes(Source.open(path).content) for path in shares]
    last = ""

    def progress(share: float, step: str) -> None:
        nonlocal last
        if step != last:
            click.echo(f"{100 * share:3.0f}%  {_(step)}", err=True)
            last = step

    release = context.services.closing.close(OPERATOR, id_, given, progress)
    click.echo(_("Wave {wave} is closed. Hash of the release: {hash}", wave=id_, hash=release.hash))


@command(wave, "publish", click.argument("id_"))
def wave_publish(context: Context, id_: str) -> None:
    """Let leaders see the results."""
    context.services.closing.publish(OPERATOR, id_)
    click.echo(context.locale("Wave {wave} is published.", wave=id_))


@command(wave, "list", as_json)
def wave_list(context: Context, as_json: bool) -> None:
    """Every wave and its state."""
    found = [
        {
            "id": w.id,
            "state": w.state.value,
            "opens": w.opens.isoformat(),
            "closes": w.closes.isoformat(),
            "origin": w.origin.value,
            "title": w.title_vi,
        }
        for w in context.services.design.waves(OPERATOR)
    ]
    emit(found, as_json, "\n".join("{id:<12} {state:<10} {opens} {closes}  {title}".format(**w) for w in found))


@command(wave, "status", click.argument("id_"), as_json)
def wave_status(context: Context, id_: str, as_json: bool) -> None:
    """State, plan and rounded participation of a wave."""
    found = context.services.design.wave(OPERATOR, id_)
    rows = context.services.fieldwork.participation(OPERATOR, id_) if found.state.value in ("draft", "open") else ()
    status = {
        "id": found.id,
        "state": found.state.value,
        "plan_hash": found.plan.hash,
        "participation": [{"unit": r.node.id, "codes": r.given, "rate": r.rate, "capped": r.capped} for r in rows],
    }
    lines = [f"{found.id}: {found.state.value}", f"plan {found.plan.hash}"]
    lines += [
        f"  {r.node.id:<40} {r.given:>6} {DASHED if r.rate is None else ('>=' if r.capped else '') + str(r.rate) + '%'}" for r in rows
    ]
    emit(status, as_json, "\n".join(lines))


DASHED = "–"


@command(
    wave,
    "submit",
    click.argument("id_"),
    click.option("--code", required=True),
    click.option("--answers", type=INPUT, required=True),
    as_json,
)
def wave_submit(context: Context, id_: str, code: str, answers: Path, as_json: bool) -> None:
    """One response from FILE.json {"answers": {...}, "comments": {...}, "breakdowns": {...}}, as the web page sends it."""
    context.services.design.wave(OPERATOR, id_)
    source = Source.open(answers)
    try:
        raw = json.loads(source.content.decode("utf-8-sig"))
    except ValueError:
        raise SurveyError("not-json", N_("{file} is not proper JSON in UTF-8."), file=source.name) from None
    form = context.services.collect.open(code, date.today())
    if form.wave.id != id_:
        raise SurveyError("other-wave", N_("This code belongs to another wave."))
    receipt = context.services.collect.submit(code, raw, date.today())
    emit(
        {"receipt": receipt.text, "already": receipt.already}, as_json, context.locale("Received. Receipt: {receipt}", receipt=receipt.text)
    )


# Past results


@main.group(name="import")
def import_() -> None:
    """Past results, made elsewhere."""


@command(
    import_,
    "counts",
    click.argument("file", type=INPUT),
    click.option("--questionnaire", "questionnaire_id", required=True),
    click.option("--published", is_flag=True, help="Another body has protected and printed these numbers."),
)
def import_counts(context: Context, file: Path, questionnaire_id: str, published: bool) -> None:
    """wave, unit, [breakdown, category,] item, option, n."""
    services = context.services
    made = services.importing.counts(OPERATOR, Source.open(file), services.design.questionnaire(OPERATOR, questionnaire_id), published)
    say_imported(context, made)


@command(
    import_,
    "responses",
    click.argument("file", type=INPUT),
    click.option("--questionnaire", "questionnaire_id", required=True),
    click.option("--mapping", type=INPUT, required=True),
)
def import_responses(context: Context, file: Path, questionnaire_id: str, mapping: Path) -> None:
    """One row a person."""
    services = context.services
    found = services.design.questionnaire(OPERATOR, questionnaire_id)
    say_imported(context, services.importing.responses(OPERATOR, Source.open(file), found, Source.open(mapping)))


def say_imported(context: Context, releases: tuple[Release, ...]) -> None:
    for release in releases:
        click.echo(
            context.locale(
                "Wave {wave}: {units} units, release {hash}", wave=release.wave.id, units=len(release.nodes()), hash=release.hash
            )
        )


# Results


@command(
    main,
    "results",
    click.option("--wave", "wave_id", required=True),
    click.option("--unit"),
    click.option("--all-units", is_flag=True),
    as_json,
)
def results(context: Context, wave_id: str, unit: str | None, all_units: bool, as_json: bool) -> None:
    """What the dashboards show, from the release."""
    if bool(unit) == all_units:
        raise click.UsageError("--unit U | --all-units")
    release = context.services.results.release(OPERATOR, wave_id)
    held = {node.id for node in release.nodes()}
    if unit and unit not in held:
        raise SurveyError("unknown-unit", N_("Wave {wave} has no unit {unit}."), wave=wave_id, unit=unit)
    for one in [unit] if unit else sorted(held):
        found = unit_results(release, str(one))
        index = found["index"]
        emit(found, as_json, f"{one:<40} {context.locale.number(index.get('score'))} {index.get('suppressed', '')}")


@command(
    main,
    "export",
    click.option("--wave", "wave_id", required=True),
    click.option("--format", "kind", type=click.Choice(["csv", "xlsx", "sav"]), required=True),
    click.option("--separator", type=click.Choice([";", ","]), default=";"),
    click.option("--out", type=OUTPUT, required=True),
)
def export(context: Context, wave_id: str, kind: str, separator: str, out: Path) -> None:
    """Download a release."""
    release = context.services.results.release(OPERATOR, wave_id)
    if kind == "csv":
        content = exports.to_csv(release, context.locale, separator)
    else:
        content = (exports.to_xlsx if kind == "xlsx" else exports.to_sav)(release, context.locale)
    out.write_bytes(content)
    click.echo(str(out))


@command(main, "audit", click.option("--wave", "wave_id", required=True), as_json)
def audit(context: Context, wave_id: str, as_json: bool) -> None:
    """What the attack on a release tried and found, and the release's hash."""
    release = context.services.results.release(OPERATOR, wave_id)
    found = {"wave": wave_id, "release": release.hash, "plan": release.plan.hash, "policy": release.policy_hash, **release.audit}
    emit(found, as_json, "\n".join(f"{name}: {value}" for name, value in found.items()))


# Accounts and operations


@main.group()
def account() -> None:
    """Accounts of organizers, leaders and custodians."""


@command(
    account,
    "add",
    click.argument("name"),
    click.option("--role", type=click.Choice([role.value for role in Role]), required=True),
    click.option("--unit"),
)
def account_add(context: Context, name: str, role: str, unit: str | None) -> None:
    """A new account; its password is made and shown once."""
    if unit and unit not in context.services.design.units(OPERATOR):
        raise SurveyError("unknown-unit-register", N_("There is no unit {unit}."), unit=unit)
    password = new_password()
    made = context.services.accounts.add(OPERATOR, name, Role(role), password, unit)
    click.echo(f"{made.name}  {password}")


@command(account, "list", as_json)
def account_list(context: Context, as_json: bool) -> None:
    """Every account."""
    found = [
        {"name": a.name, "role": a.role.value, "unit": a.unit, "active": a.active, "locked": a.locked}
        for a in context.services.accounts.list(OPERATOR)
    ]
    emit(found, as_json, "\n".join("{name:<20} {role:<10} {unit!s:<20} active={active}".format(**a) for a in found))


@command(account, "disable", click.argument("name"))
def account_disable(context: Context, name: str) -> None:
    """Sign the account out everywhere and refuse it from now on."""
    context.services.accounts.disable(OPERATOR, name)
    click.echo(name)


@command(account, "password", click.argument("name"))
def account_password(context: Context, name: str) -> None:
    """A new password, shown once; lifts a lock."""
    password = new_password()
    context.services.accounts.set_password(OPERATOR, name, password)
    click.echo(f"{name}  {password}")


if __name__ == "__main__":
    main()
