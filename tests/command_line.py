"""`langnghe` as a test types it, and everything its stores hold, to see whether a refusal changed anything."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result
from sqlalchemy import MetaData, create_engine, select

from bootstrap import Settings
from cli import main
from survey.design.questionnaire_file import SHIPPED
from tests.conftest import REPOSITORY
from tests.small_world import UNITS

# A process that is started counts the largest size of whoever started it as its own (Linux keeps ru_maxrss over
# execve), and the tests' own is a gigabyte after a while: so a small process starts it and says what it held.
MEASURING = """
import resource, subprocess, sys
code = subprocess.call(sys.argv[1:], stdout=sys.stderr)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
sys.exit(code)
"""


def measured(arguments: Sequence[str], environment: dict[str, str]) -> float:
    """Runs Python with `arguments` in a process of its own; the most memory it held, in MiB.

    Raises subprocess.CalledProcessError when it fails.
    """
    command = [sys.executable, "-c", MEASURING, sys.executable, *arguments]
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=True)
    return int(done.stdout) / 1024


@dataclass(frozen=True)
class Line:
    """Runs commands on the stores of `settings`, in English unless said otherwise."""

    settings: Settings
    language: str = "en"
    extra: dict[str, str] = field(default_factory=dict)

    @property
    def environment(self) -> dict[str, str]:
        return {
            "LANGNGHE_DATA_DIR": str(self.settings.data_dir),
            "LANGNGHE_DATABASE_URL": self.settings.database_url,
            "LANGNGHE_BOX_URL": self.settings.box_url,
            "LANGNGHE_LANGUAGE": self.language,
            **self.extra,
        }

    def run(self, *arguments: object, typed: Sequence[str] = ()) -> Result:
        keyboard = "".join(f"{line}\n" for line in typed)
        return CliRunner().invoke(main, [str(one) for one in arguments], keyboard, self.environment, catch_exceptions=False)

    def done(self, *arguments: object) -> str:
        """The standard output of a command that must succeed."""
        result = self.run(*arguments)
        assert result.exit_code == 0, result.output
        return result.stdout

    def json(self, *arguments: object) -> Any:
        return json.loads(self.done(*arguments, "--json"))

    def refused(self, *arguments: object) -> str:
        """The standard error of a command that must be refused with a reason."""
        result = self.run(*arguments)
        assert result.exit_code == 1, (result.exit_code, result.output)
        assert not result.stdout
        return result.stderr

    def process(self, *arguments: object) -> subprocess.CompletedProcess[str]:
        """The same as a process of its own."""
        program = [sys.executable, str(REPOSITORY / "cli.py"), *(str(one) for one in arguments)]
        environment = {**os.environ, **self.environment, "PYTHONIOENCODING": "utf-8"}
        return subprocess.run(program, env=environment, capture_output=True, text=True, encoding="utf-8", check=False)


def stored(settings: Settings) -> dict[str, Any]:
    """Every row of every table of both stores, and the bytes of their files where they are files."""
    found: dict[str, Any] = {}
    for url in (settings.database_url, settings.box_url):
        engine = create_engine(url)
        metadata = MetaData()
        metadata.reflect(engine)
        with engine.connect() as connection:
            for table in metadata.sorted_tables:
                found[f"{table.name}"] = sorted(repr(tuple(row)) for row in connection.execute(select(table)))
        engine.dispose()
        if engine.dialect.name == "sqlite":
            found[url] = Path(str(engine.url.database)).read_bytes()
    return found


def furnish(line: Line, folder: Path) -> None:
    """The units of the small world and the shipped questionnaire, by commands."""
    units = folder / "units.csv"
    units.write_text(UNITS, encoding="utf-8")
    line.done("units", "import", units)
    line.done("questionnaire", "import", next(SHIPPED.glob("*.yaml")))


def open_wave(line: Line, folder: Path, wave: str = "2026", passphrases: Path | None = None) -> tuple[dict[str, list[str]], list[str]]:
    """A wave in the field: its codes by unit name, and its key shares."""
    today = date.today()
    opens, closes = today - timedelta(days=3), today + timedelta(days=7)
    line.done("wave", "create", wave, "--questionnaire", "vhcs-core", "--opens", opens, "--closes", closes)
    line.done("wave", "codes", wave, "--out", folder / "codes.csv")
    codes: dict[str, list[str]] = {}
    for row in (folder / "codes.csv").read_text(encoding="utf-8-sig").splitlines()[1:]:
        unit, code = row.split(";")
        codes.setdefault(unit, []).append(code)
    protected = ("--passphrases", passphrases) if passphrases else ()
    return codes, line.json("wave", "open", wave, "--key-dir", folder / "keys", *protected)["shares"]
