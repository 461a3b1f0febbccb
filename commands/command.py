"""What every command shares: its context, its exit codes (0 done, 1 refused, 2 misuse), and how it speaks."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from functools import cached_property, wraps
from pathlib import Path
from typing import Any, BinaryIO

import click

from bootstrap import Services, Settings, build
from survey.errors import N_, Said, SurveyError
from survey.i18n import Locale
from survey.vietnamese import parse_date

OUTPUT = click.Path(dir_okay=False, path_type=Path)
INPUT = click.Path(path_type=Path)
FOLDER = click.Path(file_okay=False, path_type=Path)
WAVE_ID = click.argument("id_", metavar="ID")
PORT = click.option("--port", type=click.IntRange(1, 65535), default=8501, show_default=True, help="Where it is, or will be, served.")

DRY_RUN = click.option("--dry-run", is_flag=True, help="Say what would happen; store nothing.")
as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON for machines.")


class Context:
    """Settings, language and services of one command; services are opened when first asked for."""

    @cached_property
    def settings(self) -> Settings:
        return Settings.read()

    @cached_property
    def locale(self) -> Locale:
        try:
            return Locale(self.settings.language)
        except SurveyError:  # the settings themselves are what is refused
            return Locale()

    @cached_property
    def services(self) -> Services:
        with refusing_unreachable():
            services = build(self.settings)
        click.get_current_context().call_on_close(services.close)
        return services


@contextmanager
def refusing_unreachable() -> Iterator[None]:
    """Stores that do not open are refused with the reason."""
    from sqlalchemy.exc import ArgumentError, OperationalError  # whoever opens stores pays for it, and nobody else

    try:
        yield
    except (ArgumentError, ImportError) as error:
        message = N_(
            "The address of a database cannot be used: {reason}. Write LANGNGHE_DATABASE_URL and LANGNGHE_BOX_URL like "
            "sqlite:////folder/langnghe.db or postgresql+psycopg://name:password@host/database."
        )
        raise SurveyError("database-address", message, reason=str(error).strip().partition("\n")[0].rstrip(".")) from None
    except (OperationalError, OSError) as error:
        reason = str(getattr(error, "orig", None) or error).strip().partition("\n")[0]
        message = N_("The stores cannot be opened: {reason}. See what is wrong with: langnghe check")
        raise SurveyError("stores-unreachable", message, reason=reason) from None


class Output(click.Path):
    """A file to write, whose ending says how: another than `endings` is refused before anything is done."""

    def __init__(self, *endings: str) -> None:
        super().__init__(dir_okay=False, path_type=Path)
        self.endings = endings

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        path = Path(str(super().convert(value, param, ctx)))
        if path.suffix.lower() not in self.endings:
            self.fail(f"{path.name}: {' | '.join(self.endings)}", param, ctx)
        return path


class Day(click.ParamType[date]):
    """A date as the contract accepts it: 2025-03-01 or 1/3/2025."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        if isinstance(value, date):
            return value
        try:
            return parse_date(value)
        except ValueError:
            self.fail(f"{value!r}: 2025-03-01 / 1/3/2025", param, ctx)


def command(name: str, *options: Callable[..., Any]) -> Callable[[Callable[..., Any]], click.Command]:
    """A command: refusals go to stderr with their cure, and exit with 1."""

    def decorate(function: Callable[..., Any]) -> click.Command:
        @wraps(function)
        def run(**arguments: Any) -> None:
            context = click.get_current_context().ensure_object(Context)
            try:
                function(context, **arguments)
            except SurveyError as error:
                click.echo(error.text(context.locale), err=True)
                sys.exit(1)

        wrapped: Callable[..., Any] = run
        for option in reversed(options):
            wrapped = option(wrapped)
        return click.command(name)(wrapped)

    return decorate


def emit(found: Any, as_json: bool, text: str) -> None:
    """One JSON document a line for machines, or the text for people."""
    click.echo(json.dumps(found, ensure_ascii=False) if as_json else text)


def tell(context: Context, said: Sequence[Said], lines: Sequence[str], last: str, as_json: bool) -> None:
    """What was taken upon oneself, to people (on stderr, so that a machine reads its JSON alone); then lines and a last word."""
    for one in said:
        click.echo(one.text(context.locale), err=True)
    for line in (*lines, last):
        if line and not as_json:
            click.echo(line)


def progress_of(context: Context) -> Callable[[float, str], None]:
    """A line on stderr for each step that begins."""
    said: list[str] = []

    def progress(share: float, step: str) -> None:
        if step not in said[-1:]:
            click.echo(f"{100 * share:3.0f}%  {context.locale(step)}", err=True)
            said.append(step)

    return progress


@contextmanager
def written(path: Path, private: bool = False) -> Iterator[BinaryIO]:
    """A file that takes the place of `path` only when all of it is there.

    An unwritable place is refused before the work begins, and a refusal leaves the old file as it was.
    `private`: nobody but its owner may read it.
    """
    part = path.with_name(path.name + ".part")
    try:
        file = os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600 if private else 0o666), "wb")
    except OSError as error:
        raise SurveyError("cannot-write", N_("{file} cannot be written: {reason}."), file=path, reason=error.strerror) from None
    try:
        with file:
            yield file
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
