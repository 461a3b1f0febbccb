"""Downloads read back: the marks that stand on the pages stand in every file, and only where the release shows something."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import openpyxl
import pandas as pd
import pyreadstat
import pytest

from bootstrap import Services
from survey.access import OPERATOR
from survey.design.questionnaire import Declared, Questionnaire
from survey.disclose.assessing import assessed
from survey.disclose.quality import Level, Reliability, Why
from survey.disclose.release import FORMS, INDEX, Release
from survey.disseminate import export
from survey.disseminate.exporting import Kind
from survey.disseminate.result_table import codebook, result_table
from survey.i18n import LANGUAGES, Locale
from tests.past_world import HIDDEN, responses

EN = Locale("en")


@pytest.fixture(scope="module")
def release(past_services: Services, releases: tuple[Release, ...]) -> Release:
    """The newest wave with its marks, two of them set by hand so that several reasons and none occur."""
    made = assessed(releases[-1], responses(releases[-1].questionnaire, releases[-1].wave), past_services.policy)
    assert made.quality is not None
    marks = {**made.quality.units, "t.a": Reliability(Level.LOW, (Why.RATE, Why.ALIKE)), "t.h": Reliability(Level.HIGH)}
    return replace(made, quality=replace(made.quality, units=marks))


def read_back(release: Release, earlier: Release | None, folder: Path) -> Iterator[tuple[str, pd.DataFrame]]:
    """(format, the result table as its reader finds it), empty cells as empty text."""
    yield "csv", pd.read_csv(io.BytesIO(export.to_csv(release, EN, ",", earlier)), encoding="utf-8-sig", dtype=str).fillna("")
    head, *body = openpyxl.load_workbook(io.BytesIO(export.to_xlsx(release, EN, earlier))).worksheets[1].iter_rows(values_only=True)
    yield "xlsx", pd.DataFrame(body, columns=[str(name) for name in head]).fillna("")
    (folder / "r.sav").write_bytes(export.to_sav(release, EN, earlier))
    yield "sav", pyreadstat.read_sav(str(folder / "r.sav"))[0].fillna("")


def test_every_file_carries_the_marks_of_the_release_and_none_on_a_hidden_row(
    release: Release, releases: tuple[Release, ...], tmp_path: Path
) -> None:
    assert release.quality is not None and HIDDEN not in release.quality.units
    marks = {unit: (mark.level.value, " ".join(mark.reasons)) for unit, mark in release.quality.units.items()}
    assert (marks["t.a"], marks["t.h"]) == (("low", "rate alike"), ("high", ""))
    for way, table in read_back(release, releases[-2], tmp_path):
        assert len(table) == len(release.cells), way
        for unit, status, level, why in zip(
            table["unit"], table["status"], table["reliability"], table["reliability_reasons"], strict=True
        ):
            assert (level, why) == (marks.get(unit, ("", "")) if status == "shown" else ("", "")), (way, unit, status)


def test_the_sheet_by_unit_shows_the_marks_of_the_units_it_shows(release: Release) -> None:
    _title, _how_to_read, head, *rows = (
        openpyxl.load_workbook(io.BytesIO(export.to_xlsx(release, EN))).worksheets[0].iter_rows(values_only=True)
    )
    marks = {str(row[0]): row[-1] for row in rows}
    assert head[-1] == "Reliability"
    assert (marks["Department A"], marks["District H"], marks["Small department"]) == ("●○○ low", "●●● high", "")


def test_who_sees_one_unit_downloads_the_mark_of_no_other(release: Release) -> None:
    table = result_table(release.restricted({"t.a", "t"}), EN)
    assert set(table.loc[table["reliability"].notna(), "unit"]) == {"t.a"}


def test_a_release_of_counts_alone_has_no_marks(releases: tuple[Release, ...]) -> None:
    assert releases[-1].quality is None
    table = result_table(releases[-1], EN)
    assert table[["reliability", "reliability_reasons", "series_break"]].isna().all(axis=None) and set(table["wave_before"]) == {""}


def other(questionnaire: Questionnaire) -> Questionnaire:
    """The questionnaire as it was before: its first item worded otherwise, its second on a scale of four points."""
    first, second, *rest = questionnaire.items
    scale = questionnaire.scales[second.scale]
    shorter = replace(scale, id="four", points=scale.points[:4])
    items = (replace(first, vi="Một câu khác"), replace(second, scale="four"), *rest)
    return replace(questionnaire, version="0", items=items, scales={**questionnaire.scales, "four": shorter})


def breaks(table: pd.DataFrame) -> dict[str, str]:
    return dict(zip(table["measure"], table["series_break"], strict=True))


def test_every_file_marks_what_was_asked_otherwise_in_the_wave_before(release: Release, tmp_path: Path) -> None:
    earlier = replace(release, questionnaire=other(release.questionnaire), wave=replace(release.wave, id="2024"))
    first, second, third = (item.id for item in release.questionnaire.items[:3])
    for way, table in read_back(release, earlier, tmp_path):
        found = breaks(table)
        assert (found[first], found[second], found[third], found[FORMS]) == ("reworded", "other-scale", "", ""), way
        assert set(table["wave_before"]) == {"2024"}, way
        scales = {measure: str(points) for measure, points in zip(table["measure"], table["scale_points"], strict=True)}
        assert (scales[second], scales[INDEX], scales[FORMS]) == ("5", "5", ""), way


def test_a_break_the_organizer_declared_comparable_is_marked_as_declared(release: Release) -> None:
    before = other(release.questionnaire)
    declared = Declared(id=before.id, version=before.version, note_vi="Thử nghiệm song song năm 2024", note_en="Tried side by side in 2024")
    after = replace(release, questionnaire=replace(release.questionnaire, comparable_with=(declared,)))
    first, second, *_rest = (item.id for item in after.questionnaire.items)
    found = breaks(result_table(after, EN, replace(release, questionnaire=before)))
    assert (found[first], found[second], found[INDEX]) == ("reworded", "declared", "declared")
    codes = codebook(after, EN).set_index("code")
    assert "side by side in 2024" in codes.loc["series_break=declared", "meaning"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_codebook_explains_every_header_and_every_code(release: Release, language: str) -> None:
    locale = Locale(language)
    earlier = replace(release, questionnaire=other(release.questionnaire))
    table, codes = result_table(release, locale, earlier), codebook(release, locale)
    assert codes["code"].is_unique and (codes[["label_vi", "label_en"]] != "").all(axis=None)
    explained = set(codes["code"])
    assert set(table.columns) <= explained
    for column in ("kind", "status", "reliability", "reliability_reasons", "series_break"):
        values = {code for value in table[column].dropna() for code in str(value).split()}
        assert values and {f"{column}={value}" for value in values} <= explained, column


def test_the_download_names_the_wave_before_and_the_codebook_is_a_file_of_its_own(past_services: Services) -> None:
    def file(wave: str, kind: Kind) -> pd.DataFrame:
        content = past_services.exporting.file(OPERATOR, wave, kind, EN, ",")
        return pd.read_csv(io.BytesIO(content), encoding="utf-8-sig", dtype=str).fillna("")

    assert set(file("2023", Kind.CSV)["wave_before"]) == {""}
    newest = file("2025", Kind.CSV)
    assert set(newest["wave_before"]) == {"2024"} and set(newest["series_break"]) == {""}
    assert set(newest.columns) <= set(file("2025", Kind.CODEBOOK)["code"])


# SPSS


def test_long_labels_end_at_a_word_and_two_options_never_become_one() -> None:
    long = "Tôi thường xuyên thấy người lãnh đạo trực tiếp của tôi lắng nghe và trả lời ý kiến của mọi người trong đơn vị, "
    texts = {"KC1": long + "kể cả ý kiến trái chiều", "KC2": long + "trừ ý kiến trái chiều", "f": "Nữ"}
    kept = export.kept_apart(texts)
    assert len(set(kept.values())) == 3 and kept["f"] == "Nữ"
    for code, text in kept.items():
        assert len(text.encode()) <= 120
        words = text.removeprefix(f"{code}: ").removesuffix("…").split()
        assert texts[code].split()[: len(words)] == words, text
    assert export.cut("một hai ba", 9) == "một…"
    assert len(export.cut("x" * 300, 120).encode()) <= 120  # one word without an end


def test_the_sav_says_how_each_column_is_measured_and_keeps_all_labels_apart(release: Release, tmp_path: Path) -> None:
    (tmp_path / "r.sav").write_bytes(export.to_sav(release, Locale("vi")))
    table, meta = pyreadstat.read_sav(str(tmp_path / "r.sav"))
    levels = meta.variable_measure
    assert {levels[name] for name in ("score", "base", "favourable", "option_1")} == {"scale"}
    assert {levels[name] for name in ("unit", "measure", "status", "category")} == {"nominal"}
    assert {levels[name] for name in ("wave", "reliability")} == {"ordinal"}
    assert set(levels) == set(table.columns)
    for column, texts in meta.variable_value_labels.items():
        assert len(set(texts.values())) == len(texts), column
        assert all(len(text.encode()) <= 120 for text in texts.values()), column


# Excel


def test_the_first_sheet_prints_on_one_page_and_shows_two_decimals(release: Release) -> None:
    book = openpyxl.load_workbook(io.BytesIO(export.to_xlsx(release, EN)))
    first, results = book.worksheets[:2]
    assert str(first["A1"].value).startswith(release.wave.title_en or release.wave.title_vi)
    setup = first.page_setup
    assert (setup.paperSize, setup.orientation, setup.fitToWidth, setup.fitToHeight) == (9, "landscape", None, None)  # None: 1
    assert first.sheet_properties.pageSetUpPr.fitToPage and first.print_area and first.print_title_rows == "$3:$3"
    shown = [cell for row in first.iter_rows(min_row=4, min_col=4, max_col=first.max_column - 1) for cell in row if cell.data_type == "n"]
    numbers = [cell for cell in shown if cell.value is not None]
    assert numbers and all(cell.number_format.endswith("0.00") for cell in numbers)
    scores = [cell for cell in next(column for column in results.iter_cols() if column[0].value == "score")[1:] if cell.value is not None]
    assert scores and {cell.number_format for cell in scores} == {"0.00"}
