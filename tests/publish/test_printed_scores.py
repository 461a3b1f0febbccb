"""Scores that another body printed, from the file to every page and file that shows them: what is not given is said, nothing is tested."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pyreadstat
import pytest
from docx import Document
from openpyxl import load_workbook
from pypdf import PdfReader

from bootstrap import Services, Settings, build
from survey.access import OPERATOR, Role, Viewer
from survey.analyse.change import NO_BASE, NO_SPREAD, State
from survey.analyse.verdicts import AGAINST, GROUP, PREVIOUS
from survey.design.wave import Origin
from survey.disclose.attack.audit import AuditFailed
from survey.disclose.attack.review import certificate, review
from survey.disclose.release import FORMS, INDEX, NOT_GIVEN, TOO_FEW, Cell, Release, Suppressed
from survey.disseminate.exporting import Kind
from survey.disseminate.given import SCORES_ONLY
from survey.disseminate.result_table import result_table
from survey.disseminate.sheet import charts
from survey.disseminate.sheet.page import sheet
from survey.disseminate.sheet.reading import reading
from survey.disseminate.trending import trending
from survey.errors import InputRefused, SurveyError
from survey.i18n import Locale
from survey.publish.import_options import ImportOptions
from survey.source import Source
from tests.command_line import Line
from tests.commands.results_shape import check_unit
from tests.pages import looking
from tests.pages.test_leader_pages import words
from tests.past_world import settle_past
from tests.verdict_readers import disagreeing, read

VI, EN = Locale("vi"), Locale("en")
GOVERNOR = Viewer(name="lanhdao", role=Role.LEADER)
PAGES = ("overview", "comparison", "trend", "item", "breakdowns")
UNITS = ("t", "t:so_ban_nganh", "t.a", "t.o", "t.n", "t.p")
HIDDEN_WORDS = VI("n is hidden: too few answers")


def printed(questionnaire: object, wave: str, lift: float = 0.0) -> str:
    """A file as another body prints one: the province and some units, no base but where it says so."""
    measures = ["index", *(f"theme:{t.id}" for t in questionnaire.themes), *(f"item:{i.id}" for i in questionnaire.items)]  # type: ignore[attr-defined]
    lines = ["Đợt;Đơn vị;Thước đo;Điểm;favourable;base;headcount;response_rate"]
    for unit, level in (("t", 61.0), ("t.a", 70.25), ("t.b", 58.0), ("t.h", 66.5)):
        rate = {"t": "72,4", "t.a": "81"}.get(unit, "")
        for place, measure in enumerate(measures):
            share = f"{level - 8 + lift:.0f}%" if measure.startswith("item:") else ""
            score = f"{level + lift + place % 5:.2f}".replace(".", ",")
            lines.append(f"{wave};{unit};{measure};{score};{share};;;{rate}")
    lines.append(f"{wave};t.o;index;66;58;41;50;")  # a base: shares can be tested, scores have no spread
    lines.append(f"{wave};t.n;index;60;;3;20;")  # three people: hidden
    lines.append(f"{wave};t.p;item:TQ1;;62;;9;")  # nine staff, a question needs ten
    return "\n".join(lines)


@pytest.fixture(scope="module")
def services(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    made = build(Settings.read({"LANGNGHE_DATA_DIR": str(tmp_path_factory.mktemp("scores"))}))
    settle_past(made, ("2023", "2024"))
    questionnaire = made.design.questionnaires(OPERATOR)[-1]
    for wave, lift in (("2021", 0.0), ("2022", 9.0), ("2024-12", 5.0)):
        prepared = made.importing.prepare_scores(
            OPERATOR, Source(f"in-{wave}.csv", printed(questionnaire, wave, lift).encode()), questionnaire
        )
        made.importing.store(OPERATOR, prepared.releases)
    yield made
    made.close()


WAVES = ("2021", "2022", "2024-12")


def test_the_release_holds_what_was_printed_and_nothing_else(services: Services) -> None:
    release = services.results.release(OPERATOR, "2021")
    assert release.scores_only and release.published_elsewhere and release.wave.origin is Origin.SCORES
    cell = release.cell("t.a", INDEX)
    assert isinstance(cell, Cell) and cell.score == 70.25
    assert (cell.base, cell.sd, cell.low, cell.high, cell.options) == (None, None, None, None, ())
    assert release.response_rate("t.a") == 80 and release.response_rate("t") == 70  # rounded as everywhere
    assert release.cell("t.n", INDEX) == Suppressed(TOO_FEW) and release.cell("t.p", "item:TQ1") == Suppressed(TOO_FEW)
    forms = release.cell("t.o", FORMS)
    assert isinstance(forms, Cell) and forms.base == 41 and forms.score == 80
    assert release.hash == services.results.hash(OPERATOR, "2021")
    assert services.results._releases.intact("2021")  # type: ignore[attr-defined]


def test_no_page_says_none_where_nothing_was_tested_and_none_promises_an_interval(services: Services) -> None:
    release = services.results.release(OPERATOR, "2022")
    walked = trending(services.results, OPERATOR, release, "t.a", INDEX, "", VI).said
    assert walked[:2] == [VI(f"No change that could be tested is a clear {one}.") for one in ("rise", "fall")]  # 2023 to 2024 could be
    drawn = {wave: str(charts.themes(reading(services.results, OPERATOR, wave, "t", VI))) for wave in ("2022", "2024")}
    assert "Thanh ngang: điểm (0-100)" in drawn["2022"] and "nét mảnh" not in drawn["2022"]
    assert "nét mảnh" in drawn["2024"]  # the control: a wave of answers


def test_nothing_is_tested_and_the_reason_is_said(services: Services) -> None:
    for wave in WAVES:
        verdicts = services.results.verdicts(OPERATOR, wave)
        release = services.results.release(OPERATOR, wave)
        told = [
            verdicts.of(node.id, measure, one)
            for node in release.nodes()
            for measure in (*release.composites, *release.single_items)
            for one in AGAINST
        ]
        assert {one.state for one in told} == {State.NOT_TESTED} and all(one.reason for one in told)
    one = services.results.verdicts(OPERATOR, "2022").of("t.a", INDEX, PREVIOUS)
    assert one.difference == pytest.approx(9.0) and one.reason == NO_BASE
    # A base without a spread: the score is not tested either, for that reason.
    assert services.results.verdicts(OPERATOR, "2022").of("t.o", INDEX, PREVIOUS).reason == NO_SPREAD
    assert VI(NO_BASE) != NO_BASE


def test_a_wave_counted_here_is_not_tested_against_printed_scores(services: Services) -> None:
    told = services.results.verdicts(OPERATOR, "2023")
    assert told.of("t.a", INDEX, PREVIOUS).state is State.NOT_TESTED and told.of("t.a", INDEX, PREVIOUS).difference is not None
    assert told.of("t.a", INDEX, GROUP).state is not State.NOT_TESTED


@pytest.mark.parametrize("wave", WAVES)
def test_every_reader_says_the_same(services: Services, wave: str) -> None:
    twice, apart = disagreeing(read(services, OPERATOR, wave))
    assert twice > 50 and not apart


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("wave", WAVES)
def test_every_page_says_where_the_numbers_come_from(services: Services, page: str, wave: str) -> None:
    for unit in UNITS:
        place = {"group" if page == "comparison" else "unit": unit}
        if page == "comparison" and not unit.startswith("t:") and unit != "t":
            continue
        at = looking.look(f"leader.{page}", services, GOVERNOR, wave=wave, **place)
        said = words(at)
        assert VI(SCORES_ONLY) in said, (page, unit)
        assert "None" not in said and "nan" not in said.replace("Nguyễn", "")
        if unit in ("t", "t.a") and page in ("overview", "comparison", "item"):
            assert HIDDEN_WORDS not in said and VI("n is not given") in said, (page, unit)


@pytest.mark.parametrize("wave", WAVES)
def test_the_sheet_says_so_too(services: Services, wave: str) -> None:
    for unit in UNITS:
        made = sheet(reading(services.results, GOVERNOR, wave, unit, VI))
        assert VI(SCORES_ONLY) in str(made) and "nan" not in str(made).lower().replace("finance", "")


@pytest.mark.parametrize("kind", ["docx", "pdf", "xlsx"])
def test_reports(services: Services, kind: str) -> None:
    for unit in ("t", "t.a", "t.o"):
        content = services.reports.one(OPERATOR, "2022", unit, kind, VI).content
        text = " ".join(_text(content, kind).split())
        assert "Chỉ có điểm đã công bố" in text, unit
        assert "None" not in text.replace("None: declared", "") and "nan" not in text.split()


def _text(content: bytes, kind: str) -> str:
    file = io.BytesIO(content)
    if kind == "pdf":
        return " ".join(page.extract_text() for page in PdfReader(file).pages)
    if kind == "xlsx":
        return " ".join(
            str(value) for sheet_ in load_workbook(file) for row in sheet_.iter_rows(values_only=True) for value in row if value
        )
    document = Document(file)
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return " ".join([*(one.text for one in document.paragraphs), *cells])


def test_files_leave_out_what_is_not_given(services: Services, tmp_path: Path) -> None:
    rows = list(csv.DictReader(io.StringIO(services.exporting.file(OPERATOR, "2021", Kind.CSV, VI).decode("utf-8-sig")), delimiter=";"))
    mine = next(row for row in rows if (row["unit"], row["measure"]) == ("t.a", "index"))
    assert (mine["score"], mine["base"], mine["low"], mine["high"], mine["status"]) == ("70,25", "", "", "", "shown")
    assert all(VI("Printed scores only; without a base there is no interval and no test") in row["note"] for row in rows)
    book = load_workbook(io.BytesIO(services.exporting.file(OPERATOR, "2021", Kind.XLSX, VI)))
    first = book.worksheets[0]
    assert VI("Printed scores only") in first["A1"].value
    assert {row[1].value for row in first.iter_rows(min_row=4)} >= {VI("not given"), 41}
    path = tmp_path / "r.sav"
    path.write_bytes(services.exporting.file(OPERATOR, "2021", Kind.SAV, VI))
    frame, _meta = pyreadstat.read_sav(str(path))
    read_back = frame[(frame["unit"] == "t.a") & (frame["measure"] == "index")].iloc[0]
    assert read_back["score"] == 70.25 and np.isnan(read_back["base"]) and np.isnan(read_back["low"])


def test_the_commands(services: Services) -> None:
    line = Line(services.settings)
    for one in line.done("results", "--wave", "2021", "--all-units", "--json").splitlines():
        found = json.loads(one)
        assert found.pop("scores_only") is True
        check_unit(found)
        assert {row["state"] for told in found["verdicts"].values() for row in told.values()} == {"not-tested"}
    found = json.loads(line.done("results", "--wave", "2022", "--unit", "t.a", "--json"))
    assert (
        found["base"] == {"suppressed": NOT_GIVEN}
        and found["index"]["score"] == 79.25
        and found["index"]["low"] == {"suppressed": NOT_GIVEN}
    )
    assert found["verdicts"]["index"]["previous"] == {"state": "not-tested", "difference": 9.0, "reason": "base-not-given"}
    between = json.loads(line.done("compare", "--unit", "t.a", "--from", "2021", "--to", "2022", "--json"))
    assert between["changes"][0]["from"]["score"] == 70.25 and between["changes"][0]["from"]["base"] == {"suppressed": NOT_GIVEN}
    assert "scores_only" in line.done("audit", "--wave", "2021")


# What the attack is worth


def test_a_number_of_too_few_people_is_not_released(services: Services) -> None:
    """Control: the same release with the hidden base shown is caught, at the making and by whoever repeats the audit."""
    release = services.results.release(OPERATOR, "2021")
    assert not review(release).found
    cells = release.cells.copy()
    row = cells.index[(cells["unit"] == "t.n") & (cells["measure"] == INDEX)]
    cells.loc[row, ["base", "score", "reason"]] = [3.0, 60.0, ""]
    leaky: Release = replace(release, cells=cells)
    assert any("base under the minimum: t.n" in one for one in review(leaky).found)
    with pytest.raises(AuditFailed):
        certificate(leaky)


def test_a_hidden_number_stands_nowhere(services: Services) -> None:
    cells = services.results.release(OPERATOR, "2021").cells
    rows: pd.DataFrame = cells[cells["reason"] != ""]
    assert len(rows) >= 3 and rows[["base", "score", "favourable"]].isna().all().all()


# What is refused

HEAD = "wave;unit;measure;score;favourable;base;headcount;response_rate\n"
REFUSED = {
    "2021;no;index;64;;;;": "row 2, column unit: unit no is unknown.",
    "2021;t;idx;64;;;;": 'row 2, column measure: "idx" is not a measure',
    "2021;t;index;164;;;;": 'row 2, column score: "164" is not a number from 0 to 100.',
    "2021;t;index;1.234,5;;;;": 'column score: "1.234,5"',
    "2021;t;index;;;;;": "neither a score nor a share",
    ";t;index;64;;;;": "row 2, column wave: the wave is missing.",
    "2021;t;index;64;;2,5;;": 'row 2, column base: "2,5" is not a number of people.',
    "2021;t;index;64;;0;;": 'row 2, column base: "0" is not a number of people.',
    "2021;t;index;64;;60;50;": "60 people answered, but the headcount is 50.",
    "2021;t;index;64;;;50;\n2021;t;theme:KC;64;;;51;": "row 3, column headcount: 51 is not what another row",
    "2021;t;index;64;;;;\n2021;t;index;64;;;;": "row 3, column measure: index of this unit stands in row 2 already.",
    "2021;t;index;0,64;;;;": "column score: the largest number of the column is 0.64",
    "2021;t;index;64;0,58;;;": "column favourable: the largest number of the column is 0.58",
    "2021;t;index;6,4;;;;\n2021;t.a;index;7,1;;;;": "column score: the largest number of the column is 7.1",
    "2021;t;index;64;;;;0,7": "column response_rate: the largest number",
    "": "the file has no rows",
}


@pytest.mark.parametrize("rows", REFUSED)
def test_what_is_wrong_is_refused_with_its_place_and_nothing_is_stored(services: Services, rows: str) -> None:
    before = services.results.waves(OPERATOR)
    with pytest.raises(InputRefused) as refused:
        services.importing.prepare_scores(OPERATOR, Source("x.csv", (HEAD + rows).encode()), services.design.questionnaires(OPERATOR)[-1])
    assert REFUSED[rows] in refused.value.text(EN)
    assert services.results.waves(OPERATOR) == before


def test_every_error_of_a_file_is_named_up_to_fifty(services: Services) -> None:
    rows = "".join(f"2021;no{n};index;x;;;;\n" for n in range(60))
    with pytest.raises(InputRefused) as refused:
        services.importing.prepare_scores(OPERATOR, Source("x.csv", (HEAD + rows).encode()), services.design.questionnaires(OPERATOR)[-1])
    assert len(refused.value.problems) == 50 and "Errors found: 120" in refused.value.text(EN)


def test_a_row_without_any_number_is_not_called_shown(services: Services) -> None:
    table = result_table(services.results.release(OPERATOR, "2022"), EN)
    numbers = table[["base", "score", "favourable", "unfavourable"]]
    shown = table["status"] == "shown"
    assert shown.any() and not numbers[shown].isna().all(axis=1).any()
    assert "not-available" in set(table.loc[numbers.isna().all(axis=1) & (table["measure"] == "forms"), "status"])


def test_printed_scores_never_replace_what_was_protected_here(services: Services) -> None:
    questionnaire = services.design.questionnaires(OPERATOR)[-1]
    source = Source("x.csv", printed(questionnaire, "2024").encode())
    with pytest.raises(SurveyError, match="protected here"):
        services.importing.prepare_scores(OPERATOR, source, questionnaire, ImportOptions(replacing=True))
    again = Source("y.csv", printed(questionnaire, "2022", 9.5).encode())
    (new,) = services.importing.prepare_scores(OPERATOR, again, questionnaire, ImportOptions(replacing=True)).releases
    assert new.audit["replaces"] == services.results.hash(OPERATOR, "2022")
