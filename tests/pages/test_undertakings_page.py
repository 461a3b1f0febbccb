"""Actions of a unit from the page on which they are written to everybody who is told of them."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import docx
import pytest
from streamlit.testing.v1 import AppTest

from bootstrap import Services
from pages.plain.respondent import open_form
from survey.access import OPERATOR, Role, Viewer
from survey.i18n import Locale
from survey.undertaking import Progress, Undertaking
from tests.pages.looking import click, look, said, tick
from tests.past_world import HIDDEN, past_in

OF_A, OF_H = (Viewer(name="l", role=Role.LEADER, unit=unit) for unit in ("t.a", "t.h"))
VI = Locale("vi")


@pytest.fixture
def services(tmp_path: Path) -> Iterator[Services]:
    with past_in(tmp_path) as made:
        yield made


def undertaken(services: Services, wave: str = "2025", unit: str = "t.a", **more: object) -> Undertaking:
    said = {"measure": "item:KC1", "text": "Họp ngắn lại.", "owner": "Văn phòng Sở A", "due": date(2025, 12, 31)}
    return services.undertakings.add(OPERATOR, Undertaking(**{"wave": wave, "unit": unit, **said, **more}))  # type: ignore[arg-type]


def page(services: Services, viewer: Viewer = OF_A, **query: str) -> AppTest:
    return look("leader.undertakings", services, viewer, wave="2025", **{"unit": "t.a", **query})


def filled(at: AppTest, text: str, owner: str = "Văn phòng") -> AppTest:
    at.text_area[0].set_value(text)
    at.text_input[0].set_value(owner)
    return at


def test_a_leader_writes_an_action_and_sees_it_on_the_overview_and_at_its_question(services: Services) -> None:
    at = page(services, about="item:KC2")
    assert at.selectbox(key="organizer.undertaking.2025.t.a.0.measure").value == "item:KC2"  # the link of the question leads here
    at = click(filled(at, "Họp giao ban không quá 30 phút."), "Lưu việc này")
    assert "Đã lưu việc này" in said(at) and "Họp giao ban không quá 30 phút" in said(at)
    (one,) = services.undertakings.of_unit(OF_A, "2025", "t.a")
    assert (one.measure, one.owner, one.progress, one.announced) == ("item:KC2", "Văn phòng", Progress.HEARD, True)
    assert at.text_area(key=f"undertaking.{one.id}.text").value == one.text
    assert at.text_area[-1].value == ""  # the next begins empty
    for shown, query in (("overview", {}), ("item", {"item": "KC2"})):
        assert "Họp giao ban không quá 30 phút" in said(look(f"leader.{shown}", services, OF_A, wave="2025", unit="t.a", **query))
    assert "Họp giao ban" not in said(look("leader.item", services, OF_A, wave="2025", unit="t.a", item="KC3"))


def test_what_was_typed_stays_when_it_is_refused_or_asked_about(services: Services) -> None:
    at = click(filled(page(services), "Nhắc ông Nguyễn Văn Mẫu họp đúng giờ."), "Lưu việc này")
    assert "Nguyễn Văn Mẫu" in said(at) and at.text_area[0].value == "Nhắc ông Nguyễn Văn Mẫu họp đúng giờ."
    assert services.undertakings.of_unit(OF_A, "2025", "t.a") == ()
    at = click(filled(page(services), "Họp đúng giờ.", owner=" "), "Lưu việc này")
    assert any("Đơn vị hoặc người phụ trách" in one.value and "còn để trống" in one.value for one in at.error)
    assert at.text_area[0].value == "Họp đúng giờ." and services.undertakings.of_unit(OF_A, "2025", "t.a") == ()
    at = click(filled(at, "Nhắc ông Nguyễn Văn Mẫu họp đúng giờ."), "Lưu việc này")
    at = click(tick(at, "Tôi đã đọc lại"), "Lưu việc này")
    assert [one.text for one in services.undertakings.of_unit(OF_A, "2025", "t.a")] == ["Nhắc ông Nguyễn Văn Mẫu họp đúng giờ."]


def test_an_action_is_changed_and_removed_with_a_tick(services: Services) -> None:
    one = undertaken(services)
    at = page(services)
    at.radio(key=f"undertaking.{one.id}.progress").set_value(Progress.DONE)
    at = click(at, "Lưu thay đổi")
    assert [held.progress for held in services.undertakings.of_unit(OF_A, "2025", "t.a")] == [Progress.DONE]
    assert next(button for button in at.button if button.label == "Bỏ việc này").disabled
    at = click(tick(at, "Tôi muốn bỏ hẳn"), "Bỏ việc này")
    assert services.undertakings.of_unit(OF_A, "2025", "t.a") == ()


def test_who_may_not_write_only_reads_and_a_hidden_unit_has_nothing_to_hang_it_on(services: Services) -> None:
    undertaken(services, unit="t")
    above = page(services, unit="t")
    assert "Họp ngắn lại" in said(above) and not above.text_area and not above.button
    small = page(services, Viewer(name="l", role=Role.LEADER, unit=HIDDEN), unit=HIDDEN)
    assert not small.text_area and "Không nhóm nội dung nào" in said(small)


def test_everybody_reads_what_is_announced_by_its_theme(services: Services) -> None:
    undertaken(services, progress=Progress.DONE)
    undertaken(services, text="Chỉ trong đơn vị.", announced=False)
    shown = said(look("respondent.public", services, None))
    theme, item = services.results.release(OPERATOR, "2025").questionnaire.theme["KC"], "KC1"
    assert "Họp ngắn lại" in shown and theme.vi in shown.replace("\\", "") and "1 việc của 1 đơn vị" in shown
    assert "Chỉ trong đơn vị" not in shown and item not in shown


@pytest.mark.parametrize(("language", "title"), [("vi", "Những việc đã làm từ ý kiến của"), ("en", "What was done with the answers of")])
def test_the_next_questionnaire_begins_with_what_was_done(services: Services, language: str, title: str) -> None:
    undertaken(services, progress=Progress.DONE)
    undertaken(services, unit="t.h", text="Của huyện H.")
    undertaken(services, text="Chỉ trong đơn vị.", announced=False)
    today = services.clock.today()
    wave = services.design.create_wave(OPERATOR, "next", "vhcs-core", today - timedelta(days=1), today + timedelta(days=9))
    codes = {slip.unit_name: slip.code for slip in services.fieldwork.print_codes(OPERATOR, wave.id)}
    services.fieldwork.open_wave(OPERATOR, wave.id)
    form = open_form(services, {"code": codes["Sở A"]}, Locale(language))["form"]
    assert form["heard"]["title"].startswith(title)
    assert len(form["heard"]["lines"]) == 1 and "Họp ngắn lại." in form["heard"]["lines"][0]
    assert open_form(services, {"code": codes["Sở O"]}, VI)["form"]["heard"] is None


def tables(services: Services, viewer: Viewer, wave: str, unit: str) -> str:
    file = services.reports.one(viewer, wave, unit, "docx", VI)
    document = docx.Document(io.BytesIO(file.content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(one.text for one in document.paragraphs), *cells])


def test_the_report_of_the_next_wave_says_what_was_done_and_its_own_what_is_planned(services: Services) -> None:
    undertaken(services, "2024", progress=Progress.DONE, due=date(2025, 3, 1))
    undertaken(services, text="Của đợt này.")
    report = tables(services, OF_A, "2025", "t.a")
    assert "Những việc đã làm từ ý kiến của" in report and "Họp ngắn lại." in report and "Đã nghe - đã làm" in report
    assert "Những việc đã ghi sau đợt này" in report and "Của đợt này." in report
    assert "Họp ngắn lại." not in tables(services, OF_H, "2025", "t.h")
    assert "1 việc sau" in tables(services, OPERATOR, "2025", "t")
