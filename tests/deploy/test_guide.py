"""docs/huong-dan/cai-dat.md and the files it installs: systemd takes the units, what they start works, and no command is made up."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
import tomllib
from pathlib import Path

import click
import pytest

from bootstrap import Settings
from cli import main
from survey.access import Role
from tests.command_line import Line
from tests.conftest import REPOSITORY

DEPLOY = REPOSITORY / "deploy"
GUIDE = (REPOSITORY / "docs" / "huong-dan" / "cai-dat.md").read_text(encoding="utf-8")
BLOCKS = "\n".join(re.findall(r"```\n(.*?)```", GUIDE, re.DOTALL)) + "\n" + "\n".join(re.findall(r"`([^`\n]+)`", GUIDE))
PROGRAM = "/opt/langnghe/.venv/bin/langnghe"
UNITS = ("langnghe@.service", "langnghe-backup.service", "langnghe-backup.timer")
SECRET = "a long secret of this very test's own"


def test_systemd_takes_the_units(tmp_path: Path) -> None:
    for name in UNITS:
        text = (DEPLOY / name).read_text(encoding="utf-8")
        # The account and the programme are the installation's; everything else is judged as it stands.
        text = text.replace(PROGRAM, "/bin/true").replace("User=langnghe", "User=root").replace("@.service", "@8501.service")
        (tmp_path / name.replace("@.", "@8501.")).write_text(text, encoding="utf-8")
    checked = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *map(str, tmp_path.iterdir())], capture_output=True, text=True, check=False
    )
    assert (checked.returncode, checked.stderr) == (0, ""), checked.stderr
    (tmp_path / "langnghe@8501.service").write_text("[Service]\nExecStart=/no/such/thing\nRestrt=always\n", encoding="utf-8")
    wrong = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", str(tmp_path / "langnghe@8501.service")], capture_output=True, text=True, check=False
    )
    assert "Restrt" in wrong.stderr  # it does look


def test_what_the_nightly_unit_starts_makes_a_backup_and_drops_old_ones(tmp_path: Path) -> None:
    line = Line(Settings.read({"LANGNGHE_DATA_DIR": str(tmp_path / "stores")}), extra={"LANGNGHE_COOKIE_KEY": SECRET})
    line.done("account", "add", "lan", "--role", Role.ORGANIZER.value)
    kept, old = tmp_path / "backups", tmp_path / "backups" / "20200101-013000"
    old.mkdir(parents=True)
    subprocess.run(["touch", "-d", "2020-01-01", str(old)], check=True)
    commands = re.findall(r"^ExecStart(?:Post)?=(.+)$", (DEPLOY / "langnghe-backup.service").read_text(encoding="utf-8"), re.MULTILINE)
    for command in commands:
        here = command.replace("%%", "%").replace("/var/backups/langnghe", str(kept))
        here = here.replace(PROGRAM, f"{sys.executable} {REPOSITORY / 'cli.py'}")
        subprocess.run(shlex.split(here), env={"PATH": "/usr/bin:/bin", **line.environment}, check=True)
    [made] = kept.iterdir()
    assert re.fullmatch(r"\d{8}-\d{6}", made.name) and made.stat().st_mode & 0o777 == 0o700
    other = Line(Settings.read({"LANGNGHE_DATA_DIR": str(tmp_path / "drill")}), extra={"LANGNGHE_COOKIE_KEY": SECRET})
    other.done("restore", made)
    assert [account["name"] for account in other.json("account", "list")] == ["lan"]


def test_the_settings_file_is_read_alike_by_the_shell_and_refuses_to_stay_as_delivered() -> None:
    delivered = dict(re.findall(r'^#?(LANGNGHE_\w+)="([^"$`\\]*)"$', (DEPLOY / "langnghe.env").read_text(encoding="utf-8"), re.MULTILINE))
    assert {"LANGNGHE_COOKIE_KEY", "LANGNGHE_ADDRESS", "LANGNGHE_DATABASE_URL", "LANGNGHE_BOX_URL"} <= set(delivered)
    assert not Settings.read(delivered).has_own_key
    example = tomllib.loads((REPOSITORY / ".streamlit" / "secrets.toml.example").read_text(encoding="utf-8"))
    assert not Settings.read(example).has_own_key  # anybody can read it in the repository
    for line in (DEPLOY / "langnghe.env").read_text(encoding="utf-8").splitlines():
        assert re.fullmatch(r'#.*|[A-Z_]+="[^"]*"', line), line


def test_the_guides_own_line_makes_a_key_of_its_own_and_leaves_no_copy_of_it(tmp_path: Path) -> None:
    [line] = re.findall(r"^(sed .*langnghe\.env) > /etc/langnghe/langnghe\.env$", GUIDE, re.MULTILINE)
    made = subprocess.run(["sh", "-c", line], cwd=REPOSITORY, check=True, capture_output=True, text=True).stdout
    [key] = re.findall(r'^LANGNGHE_COOKIE_KEY="(.*)"$', made, re.MULTILINE)
    assert Settings.read({"LANGNGHE_COOKIE_KEY": key}).has_own_key and made.count(key) == 1


COMMANDS = sorted(set(re.findall(r"(?<!-O)(?:^|[\s`/\\])langnghe ((?:[a-z]+ ?)+)", BLOCKS, re.MULTILINE)))


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_of_the_guide_exists(command: str) -> None:
    found: click.Command = main
    for word in command.split():
        if not isinstance(found, click.Group):
            break  # a name, no command
        named = found.get_command(click.Context(found), word)
        assert named is not None, command
        found = named
    assert found is not main


def test_every_file_the_guide_installs_is_delivered_and_all_that_is_delivered_is_told_of() -> None:
    assert len(COMMANDS) >= 8
    named = set(re.findall(r"deploy/([\w@.-]+)", BLOCKS))
    assert {path.name for path in DEPLOY.iterdir() if path.is_file()} == named - {"postgres"}
