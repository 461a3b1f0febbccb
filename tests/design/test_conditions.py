"""Who is asked what: the same cases in Python and, tests/browser/test_form_skipping.py, in the form."""

from __future__ import annotations

from pathlib import Path

import pytest

from survey.design.conditions import NotFollowed, holds, names, parse, written
from survey.design.questionnaire import Questionnaire
from survey.design.questionnaire_file import read_questionnaire
from survey.design.xlsform import read_form
from survey.errors import InputRefused
from survey.source import Source
from tests.conftest import REPOSITORY

CASES: list[tuple[str, dict[str, object], bool]] = [
    ("${a} = 'x'", {"a": "x"}, True),
    ("${a}='x'", {}, False),
    ("${a} != 'x'", {}, True),  # an empty answer is another answer, as in XPath
    ("${a} != ''", {"a": "x"}, True),
    ("${n} >= 4", {"n": 4}, True),
    ("${n} < 4", {}, False),
    ("${n} > 3 and ${n} < 5", {"n": 4}, True),
    ("selected(${a}, 'x') or selected(${a}, 'y')", {"a": "y"}, True),
    ("not(${a} = 'x')", {"a": "x"}, False),
    ("(${a} = 'x' or ${b} = 'y') and not(${n} = 1)", {"b": "y", "n": 1}, False),
    ("${a} = 'x' or ${b} = 'y' and ${n} = 2", {"a": "x"}, True),  # and binds closer
]
NOT_FOLLOWED = (
    "", "list-nolabel", "${a}", "'a' = 'b'", "${a} = ${b}", "count-selected(${a}) > 2", ". >= 0", "${a} = 'x' and", "(${a} = 'x'", "${a} = 'x'; 1",
    "not(" * 50 + "${a} = 'x'" + ")" * 50,
)  # fmt: skip


@pytest.mark.parametrize(("text", "answers", "asked"), CASES)
def test_a_condition_holds_or_does_not(text: str, answers: dict[str, object], asked: bool) -> None:
    tree = parse(text)
    assert holds(tree, answers) is asked
    assert parse(written(tree)) == tree


@pytest.mark.parametrize("text", NOT_FOLLOWED)
def test_what_asks_for_more_is_not_followed(text: str) -> None:
    with pytest.raises(NotFollowed):
        parse(text)


def test_a_condition_names_the_questions_it_looks_at() -> None:
    assert set(names(parse("${a} = 'x' and not(selected(${b}, 'y'))"))) == {"a", "b"}


@pytest.fixture
def skipping() -> Questionnaire:
    path: Path = REPOSITORY / "tests" / "data" / "cases" / "officer" / "q2_re_nhanh.xlsx"
    return read_form(Source.open(path), leave_out=True).questionnaire


def test_a_skipped_answer_is_not_stored_whatever_was_sent(skipping: Questionnaire) -> None:
    for trained, kept in (("co", {"mt1": 4, "daotao2": 5}), ("khong", {"mt1": 4}), (None, {"mt1": 4})):
        raw = {"answers": {"mt1": 4, "daotao2": 5}, "breakdowns": {"daotao": trained} if trained else {}}
        response = skipping.accept(raw, "x.a")
        assert response.answers == kept


def test_what_hangs_on_a_skipped_question_is_skipped_too(skipping: Questionnaire) -> None:
    from dataclasses import replace

    open_question = replace(skipping.open_questions[0], relevant="${daotao2} >= 4")
    chained = replace(skipping, open_questions=(open_question,))
    sent = {"answers": {"daotao2": 5}, "comments": {"gopy": "hay"}, "breakdowns": {"daotao": "khong"}}
    assert not chained.accept(sent, "x.a").comments
    assert chained.accept({**sent, "breakdowns": {"daotao": "co"}}, "x.a").comments == {"gopy": "hay"}


ONLY_SOME = """
meta: {id: some, version: "1", title_vi: Thử}
scale: {id: five, points: [{value: 1, vi: Kém}, {value: 2, vi: Vừa}, {value: 3, vi: Tốt}]}
criteria: [{id: C1, vi: Tiêu chí}]
themes: [{id: A, vi: Chung}, {id: B, vi: Đào tạo%s}]
items:
  - {id: A1, theme: A, vi: Mọi người, criteria: [C1]}
  - {id: A2, theme: A, vi: Ai đã học, relevant: "${A1} > 1", criteria: [C1]}
  - {id: B1, theme: B, vi: Khóa học có ích, relevant: "${A1} > 1"}
"""


def test_a_question_that_only_some_are_asked_is_in_no_theme_index_or_criterion() -> None:
    found = read_questionnaire(Source("q.yaml", (ONLY_SOME % "").encode()))
    assert [theme.in_index for theme in found.themes] == [True, False]
    assert [[item.id for item in found.scored_in(theme)] for theme in "AB"] == [["A1"], []]
    assert [item.id for item in found.items_serving("C1")] == ["A1"]


def test_a_theme_of_such_questions_alone_is_refused_where_it_is_asked_into_the_index() -> None:
    with pytest.raises(InputRefused) as refused:
        read_questionnaire(Source("q.yaml", (ONLY_SOME % ", in_index: yes").encode()))
    (problem,) = refused.value.problems
    assert (problem.row, problem.column, problem.values["theme"]) == (5, "in_index", "B")
    assert read_questionnaire(Source("q.yaml", (ONLY_SOME % ", in_index: no").encode())).themes[1].in_index is False
