"""YAML of any form: read with its lines, or refused with the line of what is wrong."""

from __future__ import annotations

from copy import deepcopy

import pytest
import yaml

from survey import yaml_file
from survey.design.questionnaire import Questionnaire
from survey.design.questionnaire_file import read_questionnaire
from survey.design.service import read_plan
from survey.design.units_file import read_units
from survey.errors import InputRefused, SurveyError
from survey.process.responses_file import read_responses
from survey.source import Source
from survey.yaml_file import DEPTH, NODES, flag, read_yaml, whole, write_yaml
from tests.counting import calls

LAUGHS = "a: &a [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{chr(98 + n)}: &{chr(98 + n)} [{', '.join(['*' + chr(97 + n)] * 10)}]\n" for n in range(9)
)
# what stands in the file, the line that must be named, and what must be said of it
REFUSED: dict[str, tuple[str, int, str]] = {
    "a number that is none": ("a: 1\nb: !!int x\n", 2, '"x" is not a date or number'),
    "an empty number": ('- !!int ""\n', 1, "is not a date or number"),
    "a key that stands twice": ("a: 1\nb: 2\na: 3\n", 3, 'the key "a" stands twice'),
    "a key that stands twice in another form": ("1: a\n'1': b\n", 2, 'the key "1" stands twice'),
    "a number without end": ("a: 1\nb: !!int " + "9" * 5_000, 2, "at most 40"),
    "a text cut by a sign in it": ("a: 1\nb: Mục #1 thế nào?\n", 2, 'what stands behind # is not read: "#1 thế nào?"'),
    "a text cut by a sign in braces": ("a: {b: Mục #1}\nc: 1\n", 1, "what stands behind # is not read"),
    "a word without end": ('a:\n  - "' + "x" * 40_000 + '"', 2, "at most 32767"),
    "brackets without end": ("a:\n  " + "[" * 100_000, 2, f"deeper than {DEPTH}"),
    "braces without end": ("{a: " * 5_000, 1, f"deeper than {DEPTH}"),
    "aliases that double ten times": (LAUGHS, 1, f"more than {NODES} entries"),
    "a list in itself": ("a: 1\nb: &b [*b]\n", 2, f"deeper than {DEPTH}"),
    "a sign that ends strings": ('a: 1\nb: "x\\0"\n', 2, "U+0000"),
    "a sign that cannot be seen": ("a: 1\nb: x\x0by\n", 2, "U+000B"),
    "half a sign": ('a: 1\nb: "\\ud800"\n', 2, ""),
    "a program": ("a: 1\nb: !!python/name:os.system\n", 2, "tag"),
    "bytes that are none": ("b: !!binary x\n", 1, "base64"),
    "a list as a key": ("a: 1\n? [b]\n: c\n", 2, "cannot be a key"),
    "two documents": ("a: 1\n---\nb: 2\n", 2, "another document"),
    "a tab": ("a:\n\tb: 1\n", 2, "token"),
}


def problems(source: Source) -> list[tuple[int | None, str]]:
    with pytest.raises(InputRefused) as caught:
        read_yaml(source)
    return [(problem.row, problem.message.format(**problem.values)) for problem in caught.value.problems]


@pytest.mark.timeout(60)  # an unbounded walk takes hours
@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_is_refused_with_its_line(name: str) -> None:
    text, line, said = REFUSED[name]
    found = problems(Source("x.yaml", text.encode()))
    assert len(found) == 1 and found[0][0] == line and said in found[0][1], found


def test_the_laughs_are_what_they_should_be() -> None:
    """Control: what an unbounded walk would go through."""
    document = yaml.safe_load(LAUGHS)

    def nodes(value: object) -> int:
        return 1 + sum(map(nodes, value)) if isinstance(value, list) else 1

    assert nodes(document["d"]) > 10_000 and len(LAUGHS) < 1_000


def test_what_is_large_is_refused_before_it_is_read() -> None:
    found: list[tuple[str, str]] = []
    refused = calls(lambda: found.extend(problems(Source("x.yaml", b"- x\n" * 1_000_000))))
    assert "characters" in found[0][1]
    assert refused < calls(lambda: yaml.safe_load("- x\n" * 200))  # than reading a five thousandth of it


def test_merges_aliases_and_line_ends_of_windows_are_read() -> None:
    document, lines = read_yaml(Source("x.yaml", b"a: &a {x: 1}\r\nb: {<<: *a, y: 2}\r\nc:\r\n- *a\r\n"))
    assert document == {"a": {"x": "1"}, "b": {"x": "1", "y": "2"}, "c": [{"x": "1"}]}
    assert lines["c", 0] == 1 and lines["c",] == 4


def test_every_value_is_the_text_that_stands_there() -> None:
    text = "[1, 01, 1.10, Yes, no, không, 2015-01-01, 2025-02-31, 12:30, 1e3, null, ~, .nan, '1', \"x\"] # a remark"
    document, _ = read_yaml(Source("x.yaml", text.encode()))
    assert document == [
        "1", "01", "1.10", "Yes", "no", "không", "2015-01-01", "2025-02-31", "12:30", "1e3", "null", "~", ".nan", "1", "x",
    ]  # fmt: skip
    assert read_yaml(Source("x.yaml", b"a:\nb: ''\n"))[0] == {"a": None, "b": ""}


def test_what_is_written_is_read_as_the_same_texts_and_signs_stay_as_people_see_them(questionnaire: Questionnaire) -> None:
    for text in ("Đồng ý 😀", "a: b # c", "\\U0001F600", "- 'x'\n\nhai  ba ", "x" * 130 + " lời dài" * 30, "01", "1", "true", "~", ""):
        document = {"k": text, "l": [text, {"m": None}]}
        written = write_yaml(document, width=120)
        assert read_yaml(Source("x.yaml", written.encode()))[0] == document
        assert ("😀" in written) == ("😀" in text)
    slowly = yaml.dump(dict(questionnaire.source), Dumper=yaml_file._Dumper, allow_unicode=True, sort_keys=False, width=120)
    assert write_yaml(questionnaire.source, width=120) == slowly


def test_whole_numbers_and_yes_and_no_are_read_in_the_words_people_use() -> None:
    assert [whole(one) for one in (1, "1", "-2", "01", "1.0", "x", True, None, "٤")] == [1, 1, -2, 1, None, None, None, None, None]
    assert [flag(one) for one in ("yes", "Có", "TRUE", "1", True)] == [True] * 5
    assert [flag(one) for one in ("no", "Không", "false", "0", False)] == [False] * 5
    assert flag("maybe") is None and flag("") is None


ODD = (
    "5",
    "[]",
    "{}",
    "x",
    "[1]",
    "{a: 1}",
    "null",
    "true",
    "2025-01-01",
    "[[x]]",
    "[{}]",
    "[null]",
    ".nan",
    "!!set {a}",
    "!!binary eHg=",
    "1.5",
)
QUESTIONNAIRE = """meta: {id: q, version: '1', title_vi: Thử}
scale: {id: s, points: [{value: 1, vi: Tệ}, {value: 2, vi: Tốt}], dont_know: {value: 0, vi: Không biết}}
themes: [{id: T, vi: Chủ đề, in_index: true}]
items: [{id: I1, theme: T, vi: Câu, reverse: false}, {id: I2, theme: T, vi: Câu}]
optional_items: [{id: I3, theme: T, vi: Câu}]
intro: {vi: [Một], en: [One]}
open_warning: {vi: Lưu ý}
open_questions: [{id: O, vi: Góp ý, max_chars: 100}]
breakdown_fields: [{id: B, vi: Giới, options: [{code: m, vi: Nam}, {code: f, vi: Nữ}]}]
quality_checks: {antonym_pairs: [[I1, I2]]}
comparable_with: [{id: p, version: '1', note_vi: Như nhau}]
"""


def with_odd_values(text: str) -> list[str]:
    """The document with each of its values in turn replaced by each odd one."""
    document = yaml.safe_load(text)

    def places(value: object, path: tuple[object, ...]) -> list[tuple[object, ...]]:
        steps = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
        return [path, *(place for step, child in steps for place in places(child, (*path, step)))]

    found = []
    for path in places(document, ())[1:]:
        for odd in ODD:
            changed = deepcopy(document)
            parent = changed
            for step in path[:-1]:
                parent = parent[step]
            parent[path[-1]] = "ODD"
            found.append(yaml.dump(changed, Dumper=yaml.CSafeDumper, allow_unicode=True, sort_keys=False).replace("ODD", odd))
    return found


def test_a_value_of_the_wrong_kind_anywhere_is_read_or_refused(questionnaire: Questionnaire) -> None:
    units = read_units(Source("u.csv", b"id;name_vi\nt.a;A\n"))
    answers = Source("r.csv", b"unit;year;KC1;gioi\nA;2021;x;Nam\n")
    rules = "wave: {column: year}\nunit: {column: unit, values: {A: t.a}}\nvalues: {x: 5}\nitems: {KC1: {column: KC1, values: {x: 5}}}\n"
    rules += "breakdowns: {gender: {column: gioi, values: {Nam: m}}}\n"
    plan = "breakdowns: [gender]\nroots: [t]\nminimum_base: {unit: 7}\nheadcounts: {t: 9}\nshares: 3\nshares_needed: 2\n"
    list_of_units = (
        "units: [{id: a, name_vi: A, valid_from: 2025-01-01, successors: [b], headcount: 4, parent: b, group: g}, {id: b, name_vi: B}]"
    )
    readers = {
        QUESTIONNAIRE: read_questionnaire,
        rules: lambda source: read_responses(answers, source, questionnaire, units),
        plan: read_plan,
        list_of_units: read_units,
    }
    for text, read in readers.items():
        read(Source("x.yaml", text.encode()))  # it is good as it stands
        refused = 0
        for changed in with_odd_values(text):
            try:
                read(Source("x.yaml", changed.encode()))
            except SurveyError:
                refused += 1
        assert refused
