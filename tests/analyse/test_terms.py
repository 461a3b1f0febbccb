from __future__ import annotations

from survey.analyse.terms import common_terms

TEXTS = ["Thủ tục nội bộ còn nhiều bước.", "Cần rút gọn thủ tục, nội bộ đoàn kết.", "Thủ tục, thủ tục và thủ tục!"]


def test_terms_are_counted_once_a_comment_inside_phrases_and_without_stop_words() -> None:
    assert common_terms(TEXTS, least=2) == [("thủ tục", 3), ("nội bộ", 2)]


def test_the_longest_phrase_stands_for_its_parts_unless_they_are_more_frequent() -> None:
    whole = ["Dành thời gian giải quyết hồ sơ"] * 5
    assert common_terms(whole, least=5) == [("dành thời gian giải quyết hồ sơ", 5)]
    assert common_terms([*whole, *["Hồ sơ bị trả lại"] * 5], least=5)[0] == ("hồ sơ", 10)


def test_a_term_of_few_comments_is_not_named() -> None:
    assert common_terms(TEXTS, least=5) == []
    assert common_terms(["gọi anh […] ngay"] * 9, least=5) == []
