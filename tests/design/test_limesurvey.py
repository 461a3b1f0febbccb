"""LimeSurvey: a real questionnaire and its real answers, as a pair, through the commands alone."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from bootstrap import Settings
from survey.design.limesurvey import read_lss
from survey.errors import InputRefused
from survey.source import Source
from tests.command_line import Line, stored

UNITS = (
    "University - within an academic group", "University - within an IT service", "University - within an HPC group", "National laboratory",
    "Government", "Private company", "NGO", "Other",
)  # fmt: skip
AGREE = {"Strongly disagree": 1, "Disagree": 2, "Neither agree or disagree": 3, "Agree": 4, "Strongly Agree": 5}
SMALL = """<?xml version="1.0" encoding="UTF-8"?>
<document><LimeSurveyDocType>Survey</LimeSurveyDocType>
<groups><rows><row><gid>1</gid><group_order>0</group_order></row></rows></groups>
<group_l10ns><rows>
 <row><gid>1</gid><group_name><![CDATA[Môi trường]]></group_name><language>vi</language></row>
 <row><gid>1</gid><group_name><![CDATA[Surroundings]]></group_name><language>en</language></row></rows></group_l10ns>
<questions><rows>
 <row><qid>7</qid><parent_qid>0</parent_qid><gid>1</gid><type>Y</type><title>trained</title><question_order>1</question_order></row>
 <row><qid>8</qid><parent_qid>0</parent_qid><gid>1</gid><type>L</type><title>useful</title><question_order>2</question_order><other>N</other>
  <relevance>((trained.NAOK == "Y"))</relevance></row>
 <row><qid>9</qid><parent_qid>0</parent_qid><gid>1</gid><type>M</type><title>many</title><question_order>3</question_order></row>
 <row><qid>10</qid><parent_qid>0</parent_qid><gid>1</gid><type>S</type><title>email</title><question_order>4</question_order></row>
 <row><qid>11</qid><parent_qid>0</parent_qid><gid>1</gid><type>A</type><title>arr</title><question_order>5</question_order></row></rows></questions>
<subquestions><rows><row><qid>12</qid><parent_qid>11</parent_qid><gid>1</gid><title>SQ001</title><question_order>1</question_order></row></rows></subquestions>
<question_l10ns><rows>
 <row><qid>7</qid><question><![CDATA[<p>Được <b>đào tạo</b>?</p>]]></question><language>vi</language></row>
 <row><qid>7</qid><question>Trained?</question><language>en</language></row>
 <row><qid>8</qid><question>Có ích không?</question><help>Năm qua</help><language>vi</language></row>
 <row><qid>9</qid><question>Nhiều</question><language>vi</language></row>
 <row><qid>10</qid><question>E-mail</question><language>vi</language></row>
 <row><qid>11</qid><question>Cho điểm</question><language>vi</language></row>
 <row><qid>12</qid><question>Phòng họp</question><language>vi</language></row></rows></question_l10ns>
<answers><rows>
 <row><aid>1</aid><qid>8</qid><code>A1</code><sortorder>1</sortorder></row><row><aid>2</aid><qid>8</qid><code>A2</code><sortorder>2</sortorder></row>
 <row><aid>3</aid><qid>8</qid><code>A9</code><sortorder>3</sortorder></row></rows></answers>
<answer_l10ns><rows>
 <row><aid>1</aid><answer>Rất có ích, rất tốt</answer><language>vi</language></row><row><aid>2</aid><answer>Không tốt</answer><language>vi</language></row>
 <row><aid>3</aid><answer>Không biết</answer><language>vi</language></row></rows></answer_l10ns>
<surveys><rows><row><sid>55</sid><language>vi</language></row></rows></surveys>
<surveys_languagesettings><rows><row><surveyls_language>vi</surveyls_language><surveyls_title>Phiếu thử</surveyls_title></row>
 <row><surveyls_language>en</surveyls_language><surveyls_title>A trial</surveyls_title></row></rows></surveys_languagesettings></document>"""


@pytest.fixture
def line(tmp_path: Path) -> Line:
    made = Line(Settings.read({"LANGNGHE_DATA_DIR": str(tmp_path / "data")}))
    units = tmp_path / "units.csv"
    rows = "".join(f"uk.{number};{name};uk\n" for number, name in enumerate(UNITS))
    units.write_text("id;name_vi;parent\nuk;Vương quốc Anh;\n" + rows, encoding="utf-8")
    made.done("units", "import", units)
    return made


def test_a_questionnaire_of_todays_limesurvey_with_two_languages() -> None:
    with pytest.raises(InputRefused) as refused:
        read_lss(Source("a.lss", SMALL.encode()))
    assert [problem.column for problem in refused.value.problems] == ["many", "email"]
    found = read_lss(Source("a.lss", SMALL.encode()), leave_out=True).questionnaire
    assert (found.id, found.title_vi, found.title_en) == ("lime-55", "Phiếu thử", "A trial")
    assert [(theme.vi, theme.en) for theme in found.themes] == [("Môi trường", "Surroundings")]
    assert [(one.id, one.vi, one.en) for one in found.breakdowns] == [("trained", "Được đào tạo?", "Trained?")]
    useful, row = found.items
    assert (useful.id, useful.hint_vi, useful.relevant) == ("useful", "Năm qua", "${trained} = 'Y'")
    scale = found.scale_of("useful")  # listed from the best
    assert [(point.value, point.vi) for point in scale.points] == [(1, "Không tốt"), (2, "Rất có ích, rất tốt")]
    assert scale.dont_know and scale.dont_know.vi == "Không biết"
    assert (row.id, row.vi, row.note_vi, found.scale_of(row.id).values) == ("arr_SQ001", "Phòng họp", "Cho điểm", (1, 2, 3, 4, 5))


@pytest.mark.parametrize(
    "content",
    [
        b"", b"<document/>", b"\xff\xfe<\x00", b"<document><LimeSurveyDocType>Group</LimeSurveyDocType></document>",
        b'<!DOCTYPE a [<!ENTITY b "bbbb">]><document><LimeSurveyDocType>&b;</LimeSurveyDocType></document>',
    ],
)  # fmt: skip
def test_what_is_no_questionnaire_of_limesurvey_is_refused(content: bytes) -> None:
    with pytest.raises(InputRefused):
        read_lss(Source("a.lss", content))


@pytest.mark.slow
def test_the_real_pair_comes_in_with_three_commands(line: Line, shared_data: Path, tmp_path: Path) -> None:
    form, answers = (shared_data / "limesurvey" / name for name in ("2017_uk_core_survey.lss", "2017_uk_public_data.csv"))
    before = stored(line.settings)
    assert "currentEmp13" in line.refused("questionnaire", "import", form)
    assert stored(line.settings) == before
    told = line.json("questionnaire", "import", form, "--leave-out")
    assert (told["items"], told["open_questions"], told["breakdowns"]) == (26, 8, 26) and len(told["left_out"]) == 23
    mapping = tmp_path / "mapping.yaml"
    said = line.done("questionnaire", "mapping", told["id"], answers, "--wave", "2017", "--unit-column", "currentEmp1", "--out", mapping)
    assert "currentWork1" in said  # the same code, another question
    line.done("import", "responses", answers, "--questionnaire", told["id"], "--mapping", mapping)
    with answers.open(encoding="utf-8-sig", newline="") as file:
        header, *rows = csv.reader(file)
    whole = line.json("results", "--wave", "2017", "--unit", "uk")
    # 26 of the 253 people left after saying who they are: a row without an answer or a comment is no form and counts nowhere.
    # 225 answered a question; two more wrote a comment alone.
    assert len(rows) == 253 and whole["base"] == 227
    shown = {item["id"]: item for item in whole["items"]}
    for code, name in (("likertagree2", "affSat1"), ("likertagree3", "turnOver6"), ("likertagree1", "percEmp3")):
        column = next(place for place, head in enumerate(header) if head.startswith(f"{code}[{name}]"))
        true = [AGREE[row[column]] for row in rows if row[column]]
        item = shown[f"{code}_{name}"]
        assert item["base"] == len(true) and item["score"] == pytest.approx(25 * (sum(true) / len(true) - 1), abs=0.005)
