"""People answer: on their phones, at a shared device, on paper; the organizer looks on and reminds."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import Any

from playwright.sync_api import Page

from survey.design.questionnaire import Questionnaire
from survey.design.questionnaire_file import SHIPPED, read_questionnaire
from survey.source import Source
from tests.browser import visitor
from tests.browser.test_paper_page import next_form, type_in
from tests.browser.visitor import TEXT, VI, answer_theme, enter_code, heading, next_step
from tests.paper_forms import filled, raw_of
from tests.walk.road import WAVE, Road

HERE = "Sở Nội vụ"
TURNOUT = (0.9, 0.75, 0.82, 0.7, 0.8, 0.85, 0.66, 0.9, 0.5)
SAID = (
    "Cần thêm máy in cho bộ phận một cửa.",
    "Họp quá nhiều, nên rút gọn.",
    "Đề nghị sửa phòng tiếp dân.",
    "Lãnh đạo lắng nghe hơn năm trước.",
    "Chị Trần Thị Mai (0912 345 678) hướng dẫn người dân rất tận tình.",
)


def walk(road: Road) -> None:
    _on_a_phone(road)
    _at_a_kiosk(road)
    _on_paper(road)
    _from_excel(road)
    _looked_on(road)


def _on_a_phone(road: Road) -> None:
    phone = road.person()
    phone.goto(f"{road.server.base}/p?code={road.codes[HERE].pop().replace('-', '')}")
    road.look("16-mo-dau", page=phone)
    next_step(phone)
    answer_theme(phone, "Đồng ý")
    phone.evaluate("() => scrollTo(0, 0)")
    road.look("17-tra-loi", page=phone)
    _answer_the_rest(road, phone)
    phone.locator("#ln-next").click()
    visitor.receipt(phone)
    road.look("19-bien-nhan", page=phone)
    phone.context.close()


def _answer_the_rest(road: Road, phone: Page) -> None:
    while heading(phone).inner_text() != TEXT["stored_title"]:
        next_step(phone)
        if phone.locator("textarea").count():
            phone.locator("textarea").first.fill("Phòng họp chật, mùa mưa dột. Ông NGUYỄN VĂN HÙNG hay đi muộn.")
            road.look("18-gop-y", page=phone)
        elif phone.locator("fieldset").count():
            answer_theme(phone, "Đồng ý" if phone.get_by_text("Đồng ý", exact=True).count() else "Không muốn trả lời")


def _at_a_kiosk(road: Road) -> None:
    device = road.person()
    device.goto(f"{road.server.base}/p?kiosk=1")
    road.look("20-may-dung-chung", page=device)
    enter_code(device, road.codes[HERE].pop())
    device.locator(".ln-form ul").first.wait_for()
    visitor.to_sending(device)
    device.locator("#ln-next").click()
    visitor.receipt(device)
    road.look("21-may-tu-xoa", page=device)
    device.get_by_role("button", name=TEXT["finish"]).click()
    device.context.close()


def _on_paper(road: Road) -> None:
    """Typed in once, one form of two once more; the paper decides."""
    road.go(f"/organize-paper?wave={WAVE}")
    for _form in range(2):
        type_in(road.page, road.codes[HERE].pop(), "Đồng ý")
        next_form(road.page)
    road.type(VI("Forms to type in again"), "1")
    road.press(VI("Choose the forms"))
    again = road.page.locator("[data-testid='stMain'] li code").inner_text()
    type_in(road.page, again, "Hoàn toàn đồng ý")
    road.look("22-nhap-phieu-giay")
    road.press(VI("The second entry is right"))
    road.press(VI("Send the {n} forms", n=2))


def _from_excel(road: Road) -> None:
    visitor.open_tab(road.page, VI("From an Excel file"))
    template = road.save(VI("Template (Excel)"), "mau.xlsx").read_bytes()
    shipped = next(path for path in sorted(SHIPPED.glob("*.yaml"), reverse=True))
    questionnaire = read_questionnaire(Source(shipped.name, shipped.read_bytes()))
    forms = list(_forms(road, questionnaire))
    good, wrong = road.folder / "da-nhap.xlsx", road.folder / "nhap-nham.xlsx"
    wrong.write_bytes(filled(template, questionnaire, iter(forms[:20]), B5=9))
    good.write_bytes(filled(template, questionnaire, iter(forms)))
    road.bring(wrong)
    road.look("23-tep-sai")
    road.go(f"/organize-paper?wave={WAVE}")
    visitor.open_tab(road.page, VI("From an Excel file"))
    road.bring(good)
    road.press(VI("Send the {n} forms", n=len(forms)))
    road.sees(VI("{received} forms received, {already} had been received before.", received=len(forms), already=0))


def _forms(road: Road, questionnaire: Questionnaire) -> Iterator[tuple[str, dict[str, Any]]]:
    """Most people of every unit; not everybody thinks the same, and some write."""
    chance = Random(WAVE)
    for place, (share, codes) in enumerate(zip(TURNOUT, road.codes.values(), strict=True)):
        kind = (3, 6, 12, 24, 11) if place % 3 else (6, 12, 14, 14, 5)
        for person, code in enumerate(codes[: int(len(codes) * share)]):
            raw = raw_of(questionnaire, person)
            raw["answers"] = {item: chance.choices(range(1, 6), kind)[0] for item in raw["answers"]}
            asked = questionnaire.open_questions[person % len(questionnaire.open_questions)].id
            raw["comments"] = {asked: SAID[person % len(SAID)]} if person % 7 == 0 else {}
            yield code, raw


def _looked_on(road: Road) -> None:
    road.go(f"/organize-fieldwork?wave={WAVE}")
    road.look("24-theo-doi", phone=True)
    road.choose(VI("Addressed to"), "tu phap")
    road.save(VI("Save the letter (.docx)"), "cong-van.docx")
    visitor.open_tab(road.page, VI("For Zalo"))
    road.look("25-nhac-don-vi", at=road.page.get_by_role("button", name=VI("Save the picture (.png)")))
