"""Command-line entry `langnghe`: composition only, one file of `commands` for each noun."""

from __future__ import annotations

import click

from commands.account import account
from commands.checking import check
from commands.command import Context
from commands.copies import backup, restore
from commands.log import log
from commands.past import past
from commands.questionnaire import questionnaire
from commands.report import report
from commands.results import audit, compare, export, results
from commands.serving import demo, serve
from commands.units import units
from commands.wave import wave

NOUNS = (serve, demo, units, questionnaire, wave, past, results, compare, export, report, audit, account, log, backup, restore, check)


@click.group(commands=NOUNS, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="langnghe")
@click.pass_context
def main(context: click.Context) -> None:
    """Lắng Nghe: khảo sát ẩn danh và bảng kết quả. (Anonymous staff survey and dashboard.)"""
    context.obj = Context()


if __name__ == "__main__":
    main()
