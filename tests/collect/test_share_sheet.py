"""A key share on paper, read back from the PDF itself."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from functools import cache

import pytest
import segno

from survey.collect.key_share import KeyShare
from survey.collect.keys import create_key
from survey.collect.share_sheet_pdf import share_sheet_pdf
from survey.design.plan import Plan
from survey.design.wave import Wave
from survey.i18n import Locale
from tests.printed import drawn_modules, pages, words

WAVE = Wave(
    id="2026", questionnaire="q", version="1", opens=date(2026, 3, 1), closes=date(2026, 3, 20), plan=Plan(nodes=()),
    title_vi="Khảo sát văn hóa công sở tỉnh Lâm Đồng năm 2026",
)  # fmt: skip
LONG = replace(WAVE, id="dot-dieu-tra_2026.thu-nghiem-lan-2-cuoi-n", title_vi=" ".join([WAVE.title_vi] * 4))
PASSPHRASES = ("Một con vịt xòe ra", "hai cái cánh nó kêu", "rằng quác quác quác")


@cache
def share_of(wave_id: str, shares: int, protected: bool) -> KeyShare:
    """Made once: a passphrase is meant to cost something, and the tests only read the share."""
    share = create_key(wave_id, shares, min(2, shares)).shares[0]
    return share.protect(PASSPHRASES[0]) if protected else share


def printed(wave: Wave = WAVE, shares: int = 3, *, protected: bool = True, language: str = "vi") -> tuple[KeyShare, bytes]:
    share = share_of(wave.id, shares, protected)
    return share, share_sheet_pdf(share, wave, Locale(language))


def test_the_sheet_says_what_it_is_whose_key_it_belongs_to_and_what_to_do() -> None:
    share, content = printed()
    (page,) = pages(content)
    text = words(page)
    for said in (WAVE.title_vi, "PHẦN KHÓA HÒM PHIẾU", "Phần 1/3, cần 2 phần", "2026", share.key, "20/03/2026", "mật khẩu", "Chữ ký"):
        assert said in text
    assert "KHÔNG có mật khẩu" not in text and "2 phần còn lại bất kỳ vẫn mở được" in text


@pytest.mark.parametrize("wave", [WAVE, LONG], ids=["short", "long"])
def test_the_qr_code_holds_the_share(wave: Wave) -> None:
    share, content = printed(wave)
    wanted = [[bool(dark) for dark in row] for row in segno.make_qr(share.to_text(), error="m", boost_error=False).matrix]
    assert drawn_modules(pages(content)[0], len(wanted)) == wanted
    assert segno.make_qr(share.to_text()).mode == "alphanumeric", "the densest text mode: large modules"


@pytest.mark.parametrize("wave", [WAVE, LONG], ids=["short", "long"])
def test_the_lines_on_the_sheet_typed_again_are_the_share(wave: Wave) -> None:
    share, content = printed(wave)
    (page,) = pages(content)
    lines = re.findall(r"(?<=\d\. )(?:[0-9A-Z]{4} ){4}[0-9A-Z]{4}", words(page))
    assert KeyShare.from_text("\n".join(lines)) == share
    assert KeyShare.from_text("\n".join(lines)).unlock(PASSPHRASES[0]).value


def test_an_unprotected_share_and_a_single_one_are_marked() -> None:
    _, content = printed(shares=1, protected=False)
    text = words(pages(content)[0])
    assert "KHÔNG có mật khẩu bảo vệ" in text and "không bao giờ mở được" in text


def test_the_sheet_exists_in_english_and_never_shows_the_bare_value() -> None:
    share, content = printed(language="en")
    text = words(pages(content)[0])
    assert "KEY SHARE OF A BALLOT BOX" in text and "Share 1 of 3" in text
    plain = share.unlock(PASSPHRASES[0])
    assert not any(line in text for line in plain.lines())
