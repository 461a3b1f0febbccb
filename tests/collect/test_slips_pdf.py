"""Slips as they come out of the printer: read back from the PDF itself."""

from __future__ import annotations

import io
import re
import time
from dataclasses import replace
from datetime import date

import pytest
import segno
from pypdf import PdfReader

from survey import fonts
from survey.collect.envelopes_pdf import envelopes_pdf
from survey.collect.slips import Slip, in_groups, new_code
from survey.collect.slips_pdf import MASK, slip_wording, slips_pdf
from survey.design.plan import Node, Plan
from survey.design.wave import Wave
from survey.i18n import Locale
from survey.issuer import Issuer
from survey.mark import data_address
from tests.counting import calls
from tests.printed import drawn_modules, pages, words

BASE = "https://langnghe.daknong.gov.vn"
TITLE = "Khảo sát văn hóa công sở tỉnh Đắk Nông năm 2025"
LONG = (
    "Trung tâm Kỹ thuật tài nguyên, môi trường, đăng ký đất đai và phát triển quỹ đất huyện Đắk R'lấp "
    "(đơn vị sự nghiệp công lập tự bảo đảm một phần chi thường xuyên)"
)
UNITS = ("Văn phòng Ủy ban nhân dân tỉnh", LONG, "Sở Giáo dục và Đào tạo")


SVG = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><circle cx="4" cy="4" r="4" fill="#b00a0b"/></svg>'
NOBODY = Issuer()
OFFICE = Issuer(name="Sở Nội vụ tỉnh Đắk Nông", mark=data_address(SVG))
CONTACT = "Bà Nguyễn Thị Lan, Phòng Cải cách hành chính, Sở Nội vụ, 0261 3 123 456"
PLAN = Plan(nodes=(Node(id="t.a", name_vi=UNITS[0]),), shares=3, shares_needed=2)


def wave(**changes: object) -> Wave:
    days = {"opens": date(2025, 11, 25), "closes": date(2025, 12, 5)}
    return replace(Wave(id="2025", questionnaire="q", version="1", plan=PLAN, title_vi=TITLE, contact=CONTACT, **days), **changes)


def make(
    slips: list[Slip],
    *,
    base: str = BASE,
    language: str = "vi",
    illustrative: bool = False,
    setting: str = "",
    issuer: Issuer = NOBODY,
    **changes: object,
) -> bytes:
    locale = Locale(language)
    says = slip_wording(wave(illustrative=illustrative, **changes), 5, base, replace(issuer, contact=setting), locale)
    return slips_pdf(slips, says, locale)


@pytest.fixture(scope="module", autouse=True)
def made_first() -> tuple[float, list[Slip], bytes]:
    """Slips that were printed before anything else here: when (time.monotonic), which, and the file."""
    slips = [Slip(new_code(), UNITS[0])]
    return time.monotonic(), slips, make(slips)


def test_every_slip_says_what_it_is_whose_it_is_where_to_go_and_until_when() -> None:
    slips = [Slip(new_code(), unit) for unit in UNITS]
    for slip, page in zip(slips, pages(make(slips)), strict=True):
        text = words(page)
        for said in (
            TITLE,
            slip.unit_name,
            in_groups(slip.code),
            "langnghe.daknong.gov.vn/p",
            "05/12/2025",
            "Ẩn danh: không ai biết tờ này đến tay ai; mã chỉ cho biết đơn vị.",
            "2/3 người giữ khóa",
            "từ 5 phiếu trở lên",
            CONTACT,
            " ".join(PLAN.hash[start : start + 4] for start in range(0, 16, 4)),
        ):
            assert said in text
        assert "Số liệu minh họa" not in text


def test_a_slip_does_not_promise_what_one_key_holder_can_break_and_asks_whom_the_settings_name() -> None:
    text = words(pages(make([Slip(new_code(), UNITS[0])], plan=replace(PLAN, shares=1, shares_needed=1)))[0])
    assert "một người giữ khóa có thể tự mở hòm" in text and "2/3" not in text
    told = [words(pages(make([Slip(new_code(), UNITS[0])], contact="", setting=setting))[0]) for setting in ("Văn thư, 0261", "")]
    assert "Hỏi đáp: Văn thư, 0261" in told[0] and "Hỏi đáp" not in told[1]


def test_an_envelope_sheet_names_its_unit_and_its_number_and_holds_no_code() -> None:
    content = envelopes_pdf([(UNITS[0], 1212), (LONG, 40)], wave(illustrative=True), OFFICE, Locale("vi"))
    first, second = map(words, pages(content))
    assert UNITS[0] in first and "1.212" in first and CONTACT in first and PLAN.hash in first.replace(" ", "")
    assert LONG in second and "40" in second and "Số liệu minh họa" in second
    assert not re.search(r"(?:[0-9A-Z]{4}-){3}[0-9A-Z]{4}", first + second)
    assert envelopes_pdf([(UNITS[0], 1212), (LONG, 40)], wave(illustrative=True), OFFICE, Locale("vi")) == content
    for page in pages(content):
        lowest: list[float] = []
        page.extract_text(visitor_text=lambda text, cm, tm, font, size, low=lowest: low.append(tm[5]) if text.strip() else None)
        assert min(lowest) > 30  # nothing runs off the sheet


def test_the_organisation_stands_on_slips_and_envelopes_where_it_is_set() -> None:
    slip = [Slip(new_code(), LONG)]
    assert all(said in words(pages(make(slip, issuer=OFFICE))[0]) for said in (OFFICE.name, TITLE, LONG[:40]))
    assert OFFICE.name not in words(pages(make(slip))[0])
    assert len(pages(make(slip, issuer=replace(OFFICE, name="Ủy ban nhân dân " * 7)))) == 1
    units = [(UNITS[0], 3)]
    marked, bare = (pages(envelopes_pdf(units, wave(), one, Locale("vi")))[0] for one in (OFFICE, Issuer(name=OFFICE.name)))
    assert OFFICE.name in words(marked) and OFFICE.name in words(bare)
    red = b"0.6902 0.0392 0.0431 rg"  # of the mark
    assert red in marked.get_contents().get_data() and red not in bare.get_contents().get_data()  # type: ignore[union-attr]


@pytest.mark.parametrize("mark", ["data:image/svg+xml;base64,PHN2Zw==", "data:image/svg+xml;base64,"])
def test_a_mark_that_cannot_be_drawn_leaves_the_name(mark: str) -> None:
    content = envelopes_pdf([(UNITS[0], 3)], wave(), replace(OFFICE, mark=mark), Locale("vi"))
    assert OFFICE.name in words(pages(content)[0])


def test_an_illustrative_wave_is_marked_on_every_slip() -> None:
    text = words(pages(make([Slip(new_code(), UNITS[0]) for _ in range(8)], illustrative=True))[0])
    assert text.count("Số liệu minh họa") == 8


def test_eight_slips_a_page_and_a_new_page_for_every_unit() -> None:
    slips = [Slip(new_code(), UNITS[0]) for _ in range(9)] + [Slip(new_code(), UNITS[2])]
    texts = [words(page) for page in pages(make(slips))]
    assert [len(re.findall(r"(?:[0-9A-Z]{4}-){3}[0-9A-Z]{4}", text)) for text in texts] == [8, 1, 1]
    assert [[unit in text for unit in (UNITS[0], UNITS[2])] for text in texts] == [[True, False], [True, False], [False, True]]


@pytest.mark.parametrize("base", [BASE, BASE + "/", "http://127.0.0.1:8501"])
def test_the_qr_code_opens_the_plain_page_with_the_code(base: str) -> None:
    slip = Slip(new_code(), UNITS[0])
    link = f"{base.rstrip('/')}/p?code={slip.code}"
    wanted = [[bool(dark) for dark in row] for row in segno.make_qr(link, error="m", boost_error=False, mask=MASK).matrix]
    assert drawn_modules(pages(make([slip], base=base))[0], len(wanted)) == wanted


def test_the_same_slips_give_the_same_bytes_and_no_trace_of_the_hour(made_first: tuple[float, list[Slip], bytes]) -> None:
    began, slips, first = made_first
    time.sleep(max(0, began + 1.1 - time.monotonic()))  # another second of the clock
    assert make(slips) == first
    assert PdfReader(io.BytesIO(first)).metadata["/CreationDate"].startswith("D:20000101000000")  # type: ignore[index]


def test_text_never_leaves_its_slip_however_long_or_wide() -> None:
    slip = Slip("W" * 16, " ".join([LONG, LONG]))
    content = make(
        [slip] * 2, base=BASE + ".mot-ten-mien-rat-dai.daknong.gov.vn", illustrative=True, title_vi=TITLE * 3, contact="Bà Lan, 0261 " * 15
    )
    page = pages(content)[0]
    places: list[tuple[float, float]] = []
    page.extract_text(visitor_text=lambda text, cm, tm, font, size: places.append((tm[4], tm[5])) if text.strip() else None)
    assert min(y for _, y in places) > float(page.mediabox.height) * 3 / 4
    assert words(page).count(slip.unit_name) == 2


@pytest.mark.slow
def test_a_thousand_slips_take_no_more_work_each_than_a_hundred() -> None:
    made: list[bytes] = []

    def work(count: int) -> int:
        slips = [Slip(new_code(), UNITS[number // 400]) for number in range(count)]
        return calls(lambda: made.append(make(slips)))

    few, many = work(100), work(1000)
    assert many < 15 * few, (few, many)  # ten times as many; the square is 100
    assert len(pages(made[-1])) == 50 + 50 + 25


def test_the_typeface_has_every_vietnamese_letter_and_its_licence_beside_it() -> None:
    from fontTools.ttLib import TTFont

    letters = "ăâđêôơưĂÂĐÊÔƠƯ" + "".join(map(chr, range(0x1EA0, 0x1EFA))) + "àáãèéìíòóõùúýÀÁÃÈÉÌÍÒÓÕÙÚÝĩũĨŨ–—…“”"
    for path in (fonts.REGULAR, fonts.BOLD):
        assert not [letter for letter in letters if ord(letter) not in TTFont(path).getBestCmap()]
    assert "SIL OPEN FONT LICENSE" in (fonts.REGULAR.parent / "OFL.txt").read_text(encoding="utf-8")
