"""Names and texts that a spreadsheet would run, in every file that leaves the house."""

from __future__ import annotations

import csv
import io
import tempfile
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import cycle
from pathlib import Path

import openpyxl
import pyreadstat
import pytest

from bootstrap import Services
from commands.slips import _slips_csv
from pages.organizer.slips import _csv as slips_page_csv
from survey.analyse.verdicts import Verdicts
from survey.collect.slips import Slip
from survey.design.questionnaire import Questionnaire
from survey.design.units import Unit, UnitRegister
from survey.design.units_file import read_units, write_units
from survey.disclose.release import Release
from survey.disseminate import export
from survey.disseminate.exporting import Kind
from survey.disseminate.report.building import build
from survey.disseminate.report.material import Material
from survey.disseminate.report.service import FORMATS
from survey.disseminate.spreadsheet import csv_bytes
from survey.i18n import LANGUAGES, Locale
from survey.source import Source
from tests.past_world import settle_past

ACTS = ("=1+1", "+1+cmd|' /C calc'!A0", "-2+3", "@SUM(1;2)", "\t=1", "\r=1")
BEFORE = ("", " ", "   ", "\ufeff", "\u200b", "\u200e", "\u00a0", "\u3000", "\x0b")
WIDE = ("\uff1d1+1", "\uff0b1", "\uff0d1+1", "\uff20A1", "\ufeff \uff1dA1")
HOSTILE = tuple(dict.fromkeys([before + act for act in ACTS for before in BEFORE] + [*WIDE]))


def runs(cell: str) -> bool:
    """Would a spreadsheet take this for a formula? Told in other words than the product's own guard."""
    if cell[:1] in ("\t", "\r", "\n"):
        return True
    seen = "".join(
        char for char in unicodedata.normalize("NFKC", cell) if not char.isspace() and unicodedata.category(char) not in ("Cf", "Cc")
    )
    if seen[:1] not in ("=", "+", "-", "@") or not seen:
        return False
    try:
        float(cell.replace(",", "."))
    except ValueError:
        return True
    return False


def hostile(release: Release) -> Release:
    """The release with hostile words wherever somebody may write words."""
    words = cycle(HOSTILE)
    nodes = tuple(replace(node, name_vi=next(words), name_en=next(words)) for node in release.plan.nodes)
    themes = tuple(replace(theme, vi=next(words), en=next(words)) for theme in release.questionnaire.themes)
    items = tuple(replace(item, vi=next(words), en=next(words)) for item in release.questionnaire.items)
    breakdowns = tuple(
        replace(one, vi=next(words), categories=tuple(replace(c, vi=next(words), en=next(words)) for c in one.categories))
        for one in release.questionnaire.breakdowns
    )
    questionnaire = replace(release.questionnaire, themes=themes, items=items, breakdowns=breakdowns, title_vi=next(words), title_en="=1")
    return replace(
        release,
        questionnaire=questionnaire,
        wave=replace(release.wave, title_vi="=HYPERLINK()", title_en="+1+1", plan=replace(release.plan, nodes=nodes)),
    )


@pytest.fixture
def release(sqlite_services: Services) -> Release:
    return hostile(settle_past(sqlite_services, ("2025",))["2025"])


def cells_of_csv(content: bytes, separator: str = ";") -> Iterator[str]:
    for row in csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=separator):
        yield from row


def cells_of_xlsx(content: bytes) -> Iterator[str]:
    book = openpyxl.load_workbook(io.BytesIO(content))
    for sheet in book.worksheets:
        yield sheet.title
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type != "f", cell.coordinate
                if isinstance(cell.value, str):
                    yield cell.value


def cells_of_sav(content: bytes) -> Iterator[str]:
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "r.sav").write_bytes(content)
        frame, meta = pyreadstat.read_sav(str(Path(folder) / "r.sav"))
    yield meta.file_label or ""
    yield from (label or "" for label in meta.column_labels)
    yield from (str(label) for labels in meta.variable_value_labels.values() for label in labels.values())
    for name in frame.columns:
        yield from (value for value in frame[name].tolist() if isinstance(value, str))


def report_of(release: Release, locale: Locale) -> bytes:
    unit = release.plan.nodes[-1].id
    register = UnitRegister((Unit(id=unit, name_vi="=1+1", name_en="=1+1"),))
    material = Material((release,), register, unit, release.hash, locale, Verdicts((release,)))
    return FORMATS["xlsx"](build(material), material)


def caught(cells: Iterable[str]) -> list[str]:
    return [cell for cell in cells if runs(cell)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_cell_of_a_download_runs(release: Release, language: str) -> None:
    locale = Locale(language)
    files = {
        **{f"csv{sign}": cells_of_csv(export.to_csv(release, locale, sign), sign) for sign in (";", ",")},
        "codebook": cells_of_csv(export.codebook_csv(release, locale)),
        Kind.XLSX: cells_of_xlsx(export.to_xlsx(release, locale)),
        Kind.SAV: cells_of_sav(export.to_sav(release, locale)),
        "report": cells_of_xlsx(report_of(release, locale)),
    }
    assert set(Kind) <= {*files, Kind.CSV}, "a new kind of download: attack it here"
    for name, cells in files.items():
        listed = list(cells)
        assert any("1+1" in cell for cell in listed), name  # the hostile words are in it
        assert not caught(listed), name


def test_no_cell_of_a_list_of_codes_runs() -> None:
    slips = tuple(Slip("ABCD", word) for word in HOSTILE)
    for content in (_slips_csv(slips), slips_page_csv(slips, "https://khaosat.example")):
        assert not caught(cells_of_csv(content))


def test_no_cell_of_the_unit_file_runs_and_it_is_read_back_as_it_was() -> None:
    units = UnitRegister(tuple(Unit(id=f"u{n}", name_vi=f"={n}+1", name_en="@x", group="+g", headcount=20) for n in range(5)))
    content = write_units(units)
    assert not caught(cells_of_csv(content))
    assert read_units(Source("units.csv", content)) == units


def test_texts_people_wrote_stay_as_they_are_but_cannot_run(questionnaire: Questionnaire) -> None:
    import pandas as pd

    frame = pd.DataFrame({"comment": [*HOSTILE, "- gạch đầu dòng", "5 = năm", "-1,5", "+84"]})
    cells = [*cells_of_csv(csv_bytes(frame, "vi"))]
    assert not caught(cells) and {"5 = năm", "-1,5", "+84"} <= set(cells)


@pytest.mark.parametrize(
    ("separator", "language", "written"),
    [(";", "vi", "12,1"), (";", "en", "12,1"), (",", "vi", "12.1"), (",", "en", "12.1"), ("\t", "en", "12.1")],
)
def test_a_number_between_semicolons_is_no_day_to_a_vietnamese_excel(separator: str, language: str, written: str) -> None:
    import pandas as pd

    assert csv_bytes(pd.DataFrame({"a": [12.1]}), language, separator).decode("utf-8-sig") == f"a\r\n{written}\r\n"


def test_a_plain_csv_writer_is_caught() -> None:
    """Leaky control."""
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=";").writerows([[word] for word in HOSTILE])
    assert len(caught(cells_of_csv(out.getvalue().encode("utf-8-sig")))) >= len(HOSTILE) - 2


def test_labels_of_a_plain_spss_file_are_caught(tmp_path: Path) -> None:
    """Leaky control."""
    import pandas as pd

    plain = pd.DataFrame({"unit": [*HOSTILE], "score": [1.0] * len(HOSTILE)})
    path = tmp_path / "plain.sav"
    pyreadstat.write_sav(
        plain, str(path), column_labels=["=1+1", "Score"], variable_value_labels={"score": {1.0: "@SUM(1;2)"}}, file_label="+1"
    )
    assert {"=1+1", "@SUM(1;2)", "+1+cmd|' /C calc'!A0"} <= set(caught(cells_of_sav(path.read_bytes())))


def test_a_workbook_of_formulas_is_caught() -> None:
    """Leaky control."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet["A1"] = "=1+1"
    out = io.BytesIO()
    book.save(out)
    with pytest.raises(AssertionError, match="A1"):
        list(cells_of_xlsx(out.getvalue()))
