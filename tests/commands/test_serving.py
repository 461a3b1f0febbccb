"""Defaults are good on this machine only."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from bootstrap import Settings, build
from survey.access import Role
from survey.passwords import new_password
from survey.settings import DEFAULT_COOKIE_KEY
from tests.command_line import Line
from tests.conftest import REPOSITORY
from tests.server import free_port

OWN = "a long secret of this very test's own"
EVERYWHERE = ("0.0.0.0", "::", "192.168.1.5", "langnghe.daknong.gov.vn")


def line(folder: Path, key: str) -> Line:
    return Line(Settings.read({"LANGNGHE_DATA_DIR": str(folder)}), extra={"LANGNGHE_COOKIE_KEY": key})


@pytest.mark.parametrize("address", EVERYWHERE)
@pytest.mark.parametrize("surface", ["all", "respond", "results"])
def test_the_default_key_or_a_short_one_is_refused_outside(tmp_path: Path, address: str, surface: str) -> None:
    line(tmp_path, OWN).done("units", "export", tmp_path / "units.csv")  # the stores are there
    for key in (DEFAULT_COOKIE_KEY, "short", OWN[:31]):
        assert "LANGNGHE_COOKIE_KEY" in line(tmp_path, key).refused("serve", "--address", address, "--surface", surface)


def test_demonstration_accounts_are_refused_outside(tmp_path: Path) -> None:
    services = build(Settings.read({"LANGNGHE_DATA_DIR": str(tmp_path)}))
    services.accounts.set_demonstration_password("tochuc", Role.ORGANIZER, new_password(), None)
    services.close()
    for surface in ("all", "results"):
        assert "demonstration accounts" in line(tmp_path, OWN).refused("serve", "--address", "0.0.0.0", "--surface", surface)


def test_streamlit_alone_refuses_them_too(tmp_path: Path) -> None:
    """`streamlit run app.py` goes round the command; the application itself asks again."""
    port = free_port()
    done = subprocess.run(
        [sys.executable, "-m", "streamlit", "run", "app.py", "--server.address", "0.0.0.0", "--server.port", str(port)],
        cwd=REPOSITORY,
        env={**os.environ, "LANGNGHE_DATA_DIR": str(tmp_path), "LANGNGHE_COOKIE_KEY": "short", "PYTHONPATH": str(REPOSITORY)},
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert done.returncode != 0
    assert b"LANGNGHE_COOKIE_KEY" in done.stderr + done.stdout
