"""A box with ballots of the version before covers is refused with its cure, and stays what that version can close."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from alembic import command
from sqlalchemy import text

from bootstrap import Settings, build
from db.engine import box_engine, main_engine
from db.migrate import config
from db.revisions import head
from survey.errors import SurveyError
from tests.command_line import Line, stored
from tests.conftest import REPOSITORY
from tests.old_store import revisions
from tests.server import free_port

BEFORE = {"main": "main_0003", "box": "box_0001"}


def old_stores(settings: Settings, ballots: int) -> None:
    for line, make, url in (("main", main_engine, settings.database_url), ("box", box_engine, settings.box_url)):
        engine = make(url)
        command.upgrade(config(engine, line), BEFORE[line])
        if line == "box":
            with engine.begin() as box:
                for number in range(ballots):
                    row = {"nullifier": bytes([number]) * 32, "ciphertext": b"sealed"}
                    box.execute(text("INSERT INTO ballot (wave, nullifier, ciphertext) VALUES ('2025', :nullifier, :ciphertext)"), row)
        engine.dispose()


def test_ballots_of_a_version_before_covers_are_refused_and_nothing_is_changed(settings: Settings) -> None:
    old_stores(settings, ballots=3)
    before = stored(settings)
    for arguments in (("serve", "--port", free_port()), ("wave", "list"), ("demo",)):
        said = Line(settings).refused(*arguments)
        assert all(words in said for words in ("older version", "close the wave there", "no ballot is lost")) and "Traceback" not in said
        assert str(box_engine(settings.box_url).url.database) in said
    assert "đóng đợt ở đó" in Line(settings, language="vi").refused("wave", "list")
    assert revisions(settings) == BEFORE, "the version that took the ballots must still find its own stores, registry included"
    assert stored(settings) == before


@pytest.mark.parametrize("surface", ["all", "respond"])
def test_streamlit_alone_does_not_start_on_them(tmp_path: object, surface: str) -> None:
    settings = Settings.read({"LANGNGHE_DATA_DIR": str(tmp_path)})
    old_stores(settings, ballots=1)
    done = subprocess.run(
        [sys.executable, "-m", "streamlit", "run", "app.py", "--server.address", "127.0.0.1", "--server.port", str(free_port())],
        cwd=REPOSITORY,
        env={**os.environ, **Line(settings).environment, "LANGNGHE_SURFACE": surface, "PYTHONPATH": str(REPOSITORY)},
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert done.returncode != 0 and b"Error" in done.stderr + done.stdout
    assert revisions(settings) == BEFORE


def test_an_empty_box_of_that_version_is_brought_up_to_date(settings: Settings) -> None:
    old_stores(settings, ballots=0)
    build(settings).close()
    assert revisions(settings) == {line: head(line) for line in BEFORE}


def test_a_refused_box_can_be_opened_once_its_wave_is_closed(settings: Settings) -> None:
    old_stores(settings, ballots=2)
    with pytest.raises(SurveyError, match="older version") as refused:
        build(settings)
    assert refused.value.code == "box-before-covers"
    engine = box_engine(settings.box_url)
    with engine.begin() as box:
        box.execute(text("DELETE FROM ballot"))
    engine.dispose()
    build(settings).close()
    assert revisions(settings)["box"] == head("box")
