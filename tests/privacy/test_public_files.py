"""Nothing that can be downloaded without an account is more than the public page's rule allows: forms, index and themes of the whole."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from typing import Any

import openpyxl
import pytest

from bootstrap import Services
from survey.access import OPERATOR
from survey.disseminate import public
from survey.disseminate.public import public_csv, public_xlsx
from survey.disseminate.results import Results
from survey.i18n import Locale
from tests.pages.looking import look
from tests.pages.test_sheet import poisoned
from tests.past_world import past_in

VI = Locale("vi")


@pytest.fixture(scope="module")
def services(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    with past_in(tmp_path_factory.mktemp("public")) as made:
        yield made


def allowed(cells: Any) -> Any:
    return (cells["unit"] == "t") & (cells["breakdown"] == "") & ~cells["measure"].str.startswith("item:")


def of_csv(results: Results) -> list[object]:
    text = public_csv(results, "2025", VI).decode("utf-8-sig")
    return [value.replace(",", ".") for row in csv.reader(io.StringIO(text), delimiter=";") for value in row]


def of_workbook(results: Results) -> list[object]:
    book = openpyxl.load_workbook(io.BytesIO(public_xlsx(results, "2025", VI)))
    return [cell.value for sheet in book for row in sheet.iter_rows() for cell in row]


FILES: list[Callable[[Results], list[object]]] = [of_csv, of_workbook]


def told(values: list[object]) -> list[object]:
    """The numbers that stand in the place of everything that is not public."""
    return [value for value in values if str(value).removesuffix(".0") in ("98.76", "98.8", "9876")]


@pytest.mark.parametrize("file", FILES)
def test_a_public_file_holds_nothing_but_the_whole(file: Callable[[Results], list[object]], services: Services) -> None:
    values = file(poisoned(services, allowed))
    assert told(values) == []
    index = services.results.history(OPERATOR, "2025")[-1].cell("t", "index")
    assert any(_close(value, getattr(index, "score", None)) for value in values), "the control: what is public is in it"


@pytest.mark.parametrize("file", FILES)
def test_a_file_that_is_cut_too_little_is_caught(
    file: Callable[[Results], list[object]], services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Leaky control: the release uncut."""
    monkeypatch.setattr(public, "public_part", lambda release: release)
    assert told(file(poisoned(services, allowed)))


def test_the_workbook_has_every_wave_of_the_series(services: Services) -> None:
    book = openpyxl.load_workbook(io.BytesIO(public_xlsx(services.results, "2025", VI)))
    assert [row[0] for row in book["Qua các đợt"].iter_rows(min_row=2, values_only=True)] == ["2023", "2024", "2025"]


def test_the_public_page_has_charts_and_both_files(services: Services) -> None:
    at = look("respondent.public", services, None)
    markup = "\n".join(one.proto.body for one in at.get("html"))
    # Two charts, each drawn for a phone and for a desk.
    assert markup.count("<img") == 4 and "/public/data/2025?" in markup and "/public/workbook/2025?" in markup


def _close(value: object, wanted: float | None) -> bool:
    try:
        return wanted is not None and abs(float(str(value)) - wanted) < 1e-6
    except ValueError:
        return False
