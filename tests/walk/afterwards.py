"""What the public, leaders and the next officer find: results, reports, undertakings, operations, and the same on a new machine."""

from __future__ import annotations

from tests.browser import visitor
from tests.browser.visitor import VI
from tests.walk.road import PASSWORD, WAVE, Road

BACKUP = "sao-luu.zip"


def walk(road: Road) -> None:
    public = road.person()
    road.go("/public", public)
    road.look("29-ket-qua-cong-khai", page=public)
    public.context.close()
    road.go(f"/organize-downloads?wave={WAVE}")
    road.save(VI("Save Excel (.xlsx)"), "ket-qua.xlsx")
    _leader(road)
    road.go("/organize-operations")
    road.look("32-van-hanh")
    visitor.open_tab(road.page, VI("Backup"))
    road.save(VI("Make a backup and save it (.zip)"), BACKUP)
    road.go("/organize-log")
    road.look("33-nhat-ky")


def _leader(road: Road) -> None:
    desk = road.person(phone=False)
    visitor.sign_in(desk, road.server.base, "giamdoc.snv", PASSWORD)
    road.go("/results-overview", desk)
    road.look("30-lanh-dao", page=desk, phone=True)
    road.save(VI("Report (Word)"), "bao-cao.docx", desk)
    desk.get_by_role("link", name=VI("Write down what is done")).first.click()
    road.drawn(desk)
    road.type(VI("What is done"), "Mỗi tuần một buổi lãnh đạo tiếp nhận ý kiến của viên chức; trả lời công khai.", desk)
    road.type(VI("Who sees to it"), "Văn phòng Sở", desk)
    road.look("31-da-nghe-da-lam", page=desk)
    road.press(VI("Save this action"), page=desk)
    desk.context.close()


def restored(road: Road) -> None:
    """The backup on an empty machine, on the page of its set-up."""
    road.page.goto(road.set_up_link())
    road.press(VI("Restore a backup"))
    road.page.locator("input[type=file]").set_input_files(road.folder / BACKUP)
    road.look("34-phuc-hoi")
    road.press(VI("Restore this backup"))
    road.page.get_by_role("link", name=VI("Sign in")).wait_for(timeout=120_000)
    visitor.sign_in(road.page, road.server.base, "to.chuc", PASSWORD)
