"""Command-line entry `langnghe`: composition only, one file of `commands` for each noun."""

from __future__ import annotations

from importlib import import_module

import click

from commands.command import Context

NOUNS = {
    "serve": "commands.serving:serve",
    "demo": "commands.serving:demo",
    "units": "commands.units:units",
    "questionnaire": "commands.questionnaire:questionnaire",
    "wave": "commands.wave:wave",
    "import": "commands.past:past",
    "results": "commands.results:results",
    "compare": "commands.results:compare",
    "export": "commands.results:export",
    "report": "commands.report:report",
    "audit": "commands.results:audit",
    "account": "commands.account:account",
    "log": "commands.log:log",
    "backup": "commands.copies:backup",
    "restore": "commands.copies:restore",
    "check": "commands.checking:check",
}


class Nouns(click.Group):
    """Only the noun that is asked for is imported: who imports counts needs no library that draws or prints."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(NOUNS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in NOUNS:
            return None
        module, _, name = NOUNS[cmd_name].partition(":")
        found = getattr(import_module(module), name)
        assert isinstance(found, click.Command)
        return found


@click.group(cls=Nouns, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="langnghe")
@click.pass_context
def main(context: click.Context) -> None:
    """Lắng Nghe: khảo sát ẩn danh và bảng kết quả. (Anonymous staff survey and dashboard.)"""
    context.obj = Context()


if __name__ == "__main__":
    main()
