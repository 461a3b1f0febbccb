"""The first account, the installation, the units and the accounts of the others."""

from __future__ import annotations

import re

from openpyxl import Workbook

from tests.browser import visitor
from tests.browser.visitor import VI
from tests.conftest import REPOSITORY
from tests.walk.road import CUSTODIANS, PASSWORD, Road

OFFICER = REPOSITORY / "tests" / "data" / "cases" / "officer"
MARK = (
    b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64"><circle cx="32" cy="32" r="30" fill="#b3261e"/>'
    b'<path d="M32 12l6 14h15l-12 9 5 15-14-9-14 9 5-15-12-9h15z" fill="#ffd54a"/></svg>'
)
LEADERS = {"chu.tich": "", "giamdoc.snv": "so noi vu"}


def walk(road: Road) -> None:
    _first_account(road)
    _installation(road)
    _units(road)
    _reorganisation(road)
    _accounts(road)


def _first_account(road: Road) -> None:
    road.page.goto(road.set_up_link())
    road.page.get_by_label(VI("Account name")).fill("to.chuc")
    for label in ("Password", "Password, once more"):
        road.page.get_by_label(VI(label), exact=True).fill(PASSWORD)
    road.look("01-tai-khoan-dau-tien")
    road.press(VI("Keep the password and sign in"))
    road.page.wait_for_url("**/organize-installation**")


def _installation(road: Road) -> None:
    road.type(VI("Name of the organisation"), "Sở Nội vụ tỉnh Đắk Hà")
    road.type(VI("Public address of the survey"), road.server.base)
    road.type(VI("Whom respondents may ask"), "Phòng Cải cách hành chính, 0260 3 123 456")
    road.press(VI("Save the settings"))
    road.bring({"name": "bieu-trung.svg", "mimeType": "image/svg+xml", "buffer": MARK})
    road.press(VI("Use this mark"))
    road.press(VI("Use this questionnaire"))
    road.sees(VI("Already stored"))
    road.look("02-thiet-lap-chung", phone=True)


def _units(road: Road) -> None:
    road.go("/organize-units")
    road.bring(OFFICER / "a_lon_xon.xlsx")
    save = road.page.get_by_role("button", name=VI("Save {n} units", n=10))
    road.look("03-danh-sach-don-vi", at=save)
    save.click()
    road.drawn()
    visitor.open_tab(road.page, VI("Import a file"))
    road.bring(_one_commune(road))
    road.press(VI("Save {n} units", n=1))


def _one_commune(road: Road) -> dict[str, object]:
    """A list of one row: the unit above it is not in the file."""
    book = Workbook()
    for row in (("STT", "Tên đơn vị", "Khối", "Trực thuộc", "Số CBCCVC"), (1, "Xã Ia Bình", "Cấp xã", "Tỉnh Đắk Hà", 41)):
        book.worksheets[0].append(row)
    path = road.folder / "xa-moi.xlsx"
    book.save(path)
    return {"name": path.name, "mimeType": "application/octet-stream", "buffer": path.read_bytes()}


def _reorganisation(road: Road) -> None:
    visitor.open_tab(road.page, VI("Reorganisation"))
    for typed in ("xa dak ha mot", "xa dak ha hai"):
        road.choose(VI("Units that merge"), typed)
    road.type(VI("Vietnamese name"), "Xã Đắk Hà")
    road.day(VI("First day of the new arrangement"), f"0101{road.today.year + 1}")
    road.press(VI("Show what will happen"))
    store = road.page.get_by_role("button", name=VI("Store this reorganisation"))
    road.look("04-sap-nhap", at=store)
    store.click()
    road.drawn()


def _accounts(road: Road) -> None:
    road.go("/organize-accounts")
    for name in (*LEADERS, *CUSTODIANS):
        if not road.page.get_by_role("button", name=VI("Add the account"), exact=True).is_visible():
            road.unfold(VI("Add an account"))
        road.page.get_by_role("textbox", name=VI("Account name"), exact=True).fill(name)
        if name in CUSTODIANS:
            road.page.get_by_test_id("stRadio").get_by_text(VI("Custodian: keeps a key share")).click()
            road.drawn()
        if unit := LEADERS.get(name):
            road.choose(VI("Sees the results of"), unit)
        road.press(VI("Add the account"))
        road.links[name] = re.findall(r"http\S+", road.page.locator("[data-testid='stMain'] code").first.inner_text())[0]
    road.look("05-tai-khoan")
    while road.page.get_by_role("button", name=VI("I have handed it over; hide the link")).count():
        road.press(VI("I have handed it over; hide the link"))
    for name, link in road.links.items():
        page = road.person()
        page.goto(link)
        for label in ("Password", "Password, once more"):
            page.get_by_label(VI(label), exact=True).fill(PASSWORD)
        if name == "giamdoc.snv":
            road.look("06-nhan-tai-khoan", page=page)
        road.press(VI("Keep the password and sign in"), page=page)
        page.wait_for_url(re.compile("results-overview|custody"))
        page.context.close()
