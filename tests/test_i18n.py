"""Numbers and dates as Vietnamese offices write them (contract.md, Files)."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from survey import i18n
from survey.i18n import CATALOGUES, DASH, LANGUAGES, Locale, catalogue, round_half_up

VI, EN = Locale("vi"), Locale("en")


@pytest.mark.parametrize(
    ("value", "digits", "vi", "en"),
    [
        (84.66, 2, "84,66", "84.66"),
        (5651, 0, "5.651", "5,651"),
        (1234567.891, 1, "1.234.567,9", "1,234,567.9"),
        (0, 1, "0,0", "0.0"),
        (999.95, 1, "1.000,0", "1,000.0"),
        (68, 1, "68,0", "68.0"),
    ],
)
def test_numbers_have_a_decimal_comma_and_dots_for_thousands(value: float, digits: int, vi: str, en: str) -> None:
    assert VI.number(value, digits) == vi
    assert EN.number(value, digits) == en


def test_a_number_that_is_not_there_is_a_dash_not_a_zero() -> None:
    assert VI.number(None) == VI.number(float("nan")) == VI.percent(None) == VI.day(None) == DASH


def test_a_change_carries_its_sign_and_nothing_carries_none() -> None:
    assert [VI.number(value, 1, sign=True) for value in (4.25, -4.25, 0.0, -0.04)] == ["+4,3", "−4,3", "0,0", "0,0"]
    assert VI.number(4.25) == "4,3"


def test_percentages_follow_the_language() -> None:
    assert VI.percent(81.25, 1) == "81,3%"
    assert VI.percent(81.25) == EN.percent(81.25) == "81%"


def test_halves_are_rounded_away_from_zero_as_printed_tables_do() -> None:
    assert [round_half_up(value) for value in (0.5, 1.5, 2.5, -2.5)] == [1, 2, 3, -3]
    assert round_half_up(1.005, 2) == 1.01  # 1.005 is a little less in binary


def test_dates_on_screen_are_day_month_year() -> None:
    assert VI.day(date(2019, 7, 17)) == EN.day(date(2019, 7, 17)) == "17/07/2019"
    assert VI.day(date(2016, 7, 6)) == "06/07/2016"


def test_the_other_language_steps_in_where_a_text_is_missing() -> None:
    assert VI.pick("Sở Nội vụ", "Department of Home Affairs") == EN.pick("Sở Nội vụ", None) == "Sở Nội vụ"
    assert EN.pick("Sở Nội vụ", "Department of Home Affairs") == VI.pick("", "Department of Home Affairs") == "Department of Home Affairs"


def test_two_languages_stand_side_by_side() -> None:
    """A Locale is a value: asking one never changes what another says."""
    assert (VI("Wave"), EN("Wave"), VI("Wave")) == ("Đợt khảo sát", "Wave", "Đợt khảo sát")


@pytest.mark.parametrize("language", LANGUAGES)
def test_catalogues_read_as_babel_reads_them(language: str) -> None:
    with (CATALOGUES / language / "LC_MESSAGES" / "langnghe.po").open("rb") as file:
        messages = read_po(file, locale=language)
    assert catalogue(language) == {str(one.id): str(one.string) for one in messages if one.id and one.string}
    assert not any(one.pluralizable or one.context or one.fuzzy for one in messages)


def test_a_message_of_several_lines_keeps_its_quotes_and_its_lines(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    folder = tmp_path / "vi" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "langnghe.po").write_text('#, fuzzy-free\nmsgid ""\n"a \\"b\\"\\n"\n"c\\t\\\\"\nmsgstr "một"', encoding="utf-8")
    monkeypatch.setattr(i18n, "CATALOGUES", tmp_path)
    assert i18n.catalogue.__wrapped__("vi") == {'a "b"\nc\t\\': "một"}
