"""`langnghe actions list`."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from bootstrap import Settings, build
from survey.access import OPERATOR
from survey.undertaking import Undertaking
from tests.command_line import Line
from tests.past_world import settle_past


def test_what_units_undertook_is_listed_for_people_and_machines(tmp_path: Path) -> None:
    settings = Settings.read({"LANGNGHE_DATA_DIR": str(tmp_path)})
    services, line = build(settings), Line(settings)
    settle_past(services, ("2025",))
    one = Undertaking(wave="2025", unit="t.a", measure="theme:KC", text="Họp ngắn lại.", owner="Văn phòng", due=date(2025, 12, 31))
    services.undertakings.add(OPERATOR, one)
    services.close()
    assert line.json("actions", "list", "--wave", "2025") == [
        {
            "wave": "2025", "unit": "t.a", "measure": "theme:KC", "text": "Họp ngắn lại.", "owner": "Văn phòng", "due": "2025-12-31",
            "progress": "heard", "announced": True,
        }
    ]  # fmt: skip
    assert "Họp ngắn lại. (heard; Văn phòng; by 31/12/2025)" in line.done("actions", "list", "--wave", "2025", "--unit", "t.a")
    assert line.json("actions", "list", "--wave", "2025", "--unit", "t.h") == []
    assert "no unit nobody" in line.refused("actions", "list", "--wave", "2025", "--unit", "nobody")
    assert "no published results" in line.refused("actions", "list", "--wave", "1999")
