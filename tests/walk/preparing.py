"""The questionnaire, last year's results, a draft, its trial, and what is printed."""

from __future__ import annotations

import csv

from pages.widgets.organizer import PAPER_FORMS
from tests.browser.visitor import VI, heading, next_step
from tests.walk.road import WAVE, Road
from tests.walk.setting_up import OFFICER

TITLE = "Khảo sát văn hóa công sở năm 2026"


def walk(road: Road) -> None:
    _questionnaire(road)
    _last_results(road)
    _draft(road)
    _trial(road)
    _edited(road)
    _slips(road)


def _questionnaire(road: Road) -> None:
    """A question is worded anew; the version before stays as it is."""
    road.go("/organize-questionnaires")
    road.page.get_by_role("link", name=VI("Start a new version from this one")).click()
    road.drawn()
    road.page.get_by_text("TQ2 ·").first.click()
    words = next(one for one in road.page.get_by_label(VI("Words in Vietnamese"), exact=True).all() if "tốt lên" in one.input_value())
    words.fill("Nhìn chung, văn hóa công sở ở cơ quan tôi đã tốt lên trong 12 tháng qua.")
    words.press("Control+Enter")
    road.drawn()
    road.look("07-soan-phieu", at=words)
    road.press(VI("Save the questionnaire {id} {version}", id="vhcs-core", version="1.2"))


def _last_results(road: Road) -> None:
    """A Google form's answers, as they were saved: the page asks what it cannot know."""
    road.go("/organize-imports")
    road.bring(OFFICER / "p1_google_forms.xlsx")
    open_ones = road.page.locator("[data-testid='stSelectbox'] input")
    while waiting := [one for one in open_ones.all() if one.input_value() == VI("(choose)")]:
        if len(waiting) == 3:
            road.look("08-ket-qua-truoc", at=waiting[1])
        waiting[0].click()
        waiting[0].fill("tai chinh")
        road.page.get_by_role("option").first.click()
        road.drawn()
    road.press(VI("Look at the result"))
    road.tick(VI("The figures are right"))
    road.press(VI("Store as a draft"))
    road.press(VI("Publish the wave {wave}", wave="2024"))


def _draft(road: Road) -> None:
    road.go("/organize-new")
    road.type(VI("Short name (id)"), WAVE)
    road.type(VI("Title in Vietnamese"), TITLE)
    road.look("09-tao-dot")
    road.press(VI("Create the wave {wave}", wave=WAVE))
    road.look("10-cac-buoc")


def _trial(road: Road) -> None:
    """A code that counts nowhere, on a phone."""
    road.unfold(VI("Try it on a phone; nothing is counted"))
    address = road.page.get_by_role("link", name=VI("Open the form here")).get_attribute("href") or ""
    phone = road.person()
    phone.goto(address if address.startswith("http") else road.server.base + address)
    next_step(phone)
    phone.locator("fieldset").first.get_by_text("Đồng ý", exact=True).click()
    heading(phone).evaluate("() => scrollTo(0, 0)")
    road.look("11-dien-thu", page=phone)
    phone.context.close()


def _edited(road: Road) -> None:
    road.go(f"/organize-editing?wave={WAVE}")
    road.day(VI("Opening day"), f"{road.today:%d%m%Y}")
    road.day(VI("Closing day (the last day for answers)"), f"{road.last_day:%d%m%Y}")
    road.look("12-sua-du-thao")
    road.press(VI("Save the draft"))


def _slips(road: Road) -> None:
    road.go(f"/organize-slips?wave={WAVE}")
    road.tick(VI("I can save and print the files now"))
    road.press(VI("Make the codes"))
    road.page.get_by_role("button", name=VI("Save the PDF to print")).wait_for(timeout=120_000)
    road.unfold(VI("Forms on paper, for those who answer by hand"))
    road.look("13-in-to-ma")
    road.save(VI("Save the PDF to print"), "to-ma.pdf")
    road.save(VI("Save the envelope sheets, one for each unit"), "phong-bi.pdf")
    road.save(VI(PAPER_FORMS["vi"]), "phieu-giay.pdf")
    with road.save(VI("Save the CSV for a printing house"), "ma.csv").open(encoding="utf-8-sig") as lines:
        for row in csv.DictReader(lines, delimiter=";"):
            road.codes.setdefault(row["unit"], []).append(row["code"])
    road.tick(VI("The files are saved and can be opened"))
    road.press(VI("Finished: forget the codes"))
