"""A command pays for what it uses: which modules may be there when it has answered."""

from __future__ import annotations

import inspect
import json
import os
import subprocess
import sys
from pathlib import Path

import click
import pytest

import cli
from bootstrap import Settings
from commands.catalogue import NOUNS, WAVE, Catalogued, Entry
from survey.design.questionnaire_file import shipped_questionnaires
from tests.command_line import Line, furnish, open_wave
from tests.conftest import REPOSITORY
from tests.small_world import answers

# Beside Python's own; a new one here is paid for by every command there is.
FOR_HELP = {"cli", "commands", "commands.catalogue"}
PACKAGES_FOR_HELP = {"click"}
HEAVY = {"alembic", "docx", "fpdf", "highspy", "numpy", "pandas", "plotly", "scipy", "statsmodels", "streamlit", "xlsxwriter"}
ENTRIES = {**NOUNS, **{f"wave {name}": entry for name, entry in WAVE.items()}}

PROGRAM = """
import atexit, json, sys
before = set(sys.modules)
atexit.register(lambda: print("\\n" + json.dumps(sorted(set(sys.modules) - before))))
from cli import main
main()
"""


def imported(arguments: list[str], environment: dict[str, str] | None = None, code: int = 0) -> set[str]:
    """The modules that a command has imported when it ends with `code`."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, *arguments], env={**os.environ, **(environment or {})}, cwd=REPOSITORY, capture_output=True, text=True, check=False
    )  # fmt: skip
    assert done.returncode == code, done.stderr
    return set(json.loads(done.stdout.splitlines()[-1]))


def packages(modules: set[str]) -> set[str]:
    return {module.partition(".")[0] for module in modules}


@pytest.mark.parametrize("asked", [["--help"], ["--version"], ["wave", "--help"]], ids=" ".join)
def test_help_and_version_import_the_catalogue_and_nothing_else_of_ours(asked: list[str]) -> None:
    found = imported(asked)
    ours = {module for module in found if packages({module}) <= {"bootstrap", "cli", "commands", "db", "pages", "survey"}}
    assert ours == FOR_HELP | ({"commands.wave"} if "wave" in asked else set())
    assert packages(found - ours) - sys.stdlib_module_names <= PACKAGES_FOR_HELP


def test_what_a_command_imports_is_seen() -> None:
    """The control: a command that draws and reckons is caught at it."""
    assert {"pandas", "scipy"} <= packages(imported(["results", "--help"])) & HEAVY


def test_commands_that_neither_reckon_nor_draw_import_nothing_that_does(tmp_path: Path) -> None:
    line = Line(Settings.read({"LANGNGHE_DATA_DIR": str(tmp_path)}), extra={"LANGNGHE_COOKIE_KEY": "a long secret of this very test's own"})
    furnish(line, tmp_path)
    line.done("account", "add", "to.chuc", "--role", "organizer")
    codes, _shares = open_wave(line, tmp_path)
    filled = tmp_path / "answers.json"
    filled.write_text(json.dumps({"answers": answers(shipped_questionnaires()[0])}), encoding="utf-8")
    sent = ["wave", "submit", "2026", "--code", codes["Sở A"][0], "--answers", str(filled)]
    for asked in (["wave", "list"], ["wave", "status", "2026"], ["account", "list"], ["log"], ["check", "--json"], sent):
        found = imported(asked, line.environment)
        assert not packages(found) & HEAVY, asked
        assert not found & {"sqlalchemy.orm", "sqlalchemy.dialects.postgresql", "babel"}, asked


@pytest.mark.parametrize(("name", "entry"), ENTRIES.items(), ids=ENTRIES)
def test_the_catalogue_says_what_the_command_says(name: str, entry: Entry) -> None:
    command = entry.load()
    assert command.name == name.split()[-1]
    assert entry.help == " ".join(inspect.cleandoc(command.help or "").split("\n\n")[0].split())


def test_the_list_is_the_one_click_would_have_made() -> None:
    for group in (cli.main, NOUNS["wave"].load()):
        assert isinstance(group, Catalogued)
        commands = [entry.load() for entry in group.entries.values()]
        plain = click.Group(group.name, help=group.help, params=group.params, commands=commands)
        for width in (60, 80, 120):
            above = click.Context(cli.main, help_option_names=["-h", "--help"])
            said = [one.get_help(click.Context(one, parent=above, terminal_width=width)) for one in (group, plain)]
            assert said[0] == said[1]
