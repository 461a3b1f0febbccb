"""Vietnamese text: sorted as a dictionary does, repaired as it comes in, dates as people write them."""

from __future__ import annotations

import random
import unicodedata
from datetime import date

import pytest

from survey.vietnamese import parse_date, sort_key, tidy, without_marks

DISTRICTS = ["Cư Jút", "Đắk Glong", "Đắk Mil", "Đắk R'lấp", "Đắk Song", "Gia Nghĩa", "Krông Nô", "Tuy Đức"]


def in_order(words: list[str]) -> list[str]:
    shuffled = random.Random(2019).sample(words, len(words))
    return sorted(shuffled, key=sort_key)


def test_the_districts_of_dak_nong_stand_in_vietnamese_order() -> None:
    assert in_order(DISTRICTS) == DISTRICTS
    assert sorted(DISTRICTS) != DISTRICTS  # code points would put Đ last


@pytest.mark.parametrize(
    "words",
    [
        ["a", "ă", "â", "b", "c", "d", "đ", "e", "ê", "g", "o", "ô", "ơ", "p", "u", "ư", "v", "y"],
        ["ma", "mà", "mả", "mã", "má", "mạ"],
        ["ban", "bàn", "bán a", "ban b"],  # the letters first: tones only break ties
        ["Ban Dân tộc", "Ban Quản lý", "Sở Nội vụ", "Sở Y tế", "Văn phòng"],
        ["Phòng 1", "Phòng A"],
    ],
)
def test_letters_count_first_and_tones_break_ties(words: list[str]) -> None:
    assert in_order(words) == words


def test_order_does_not_depend_on_case_or_on_how_letters_are_composed() -> None:
    assert sort_key("ĐẮK MIL") == sort_key("đắk mil") == sort_key(unicodedata.normalize("NFD", "Đắk Mil"))


@pytest.mark.parametrize(
    ("typed", "repaired"),
    [
        (unicodedata.normalize("NFD", "Đắk Nông"), "Đắk Nông"),
        ("\u00d0ắk Nông", "Đắk Nông"),
        ("\u00f0ắk nông", "đắk nông"),
        ("H\u01a2ỚNG D\u01a2ƠNG, h\u01a3u", "HƯỚNG DƯƠNG, hưu"),
        ("Đắk R\u2019lấp", "Đắk R'lấp"),
        ("  Sở Nội vụ\t", "Sở Nội vụ"),
        ("Sở Nội vụ", "Sở Nội vụ"),
    ],
)
def test_look_alike_letters_are_repaired(typed: str, repaired: str) -> None:
    assert tidy(typed) == repaired
    assert tidy(repaired) == repaired


def test_a_decomposed_letter_built_on_a_look_alike_is_repaired_too() -> None:
    assert tidy("H\u01a2\u0301NG") == "HỨNG"


def test_a_search_needs_no_marks_and_a_name_keeps_them() -> None:
    assert without_marks("Đắk R\u2019lấp") == without_marks("DAK R'LAP") == "dak r'lap"
    assert tidy("Đắk") != tidy("Đăk") != tidy("Đắc")


def test_dates_are_read_as_files_and_as_people_write_them() -> None:
    assert parse_date("26/7/2016") == parse_date("26/07/2016") == parse_date(" 2016-07-26 ") == date(2016, 7, 26)


@pytest.mark.parametrize("text", ["7/26/2016", "31/02/2025", "26-7-2016", "26/7/16", "", "hôm nay"])
def test_what_is_not_a_date_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        parse_date(text)
