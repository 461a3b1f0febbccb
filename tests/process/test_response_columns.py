"""Past answers held by column are the same answers as held by person, whichever way the file was read."""

from __future__ import annotations

import csv
import io
import tracemalloc
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from benchmarks import responses_file
from bootstrap import Services
from survey.access import OPERATOR
from survey.design.questionnaire import Questionnaire, Response
from survey.design.questionnaire_file import shipped_questionnaires
from survey.design.units import UnitRegister
from survey.design.units_file import read_units
from survey.disclose.assessing import assessed
from survey.disclose.comments import release_comments
from survey.disclose.policy import Policy
from survey.disclose.protect import protect
from survey.errors import InputRefused
from survey.i18n import Locale
from survey.process.estimates import estimate
from survey.process.quality import Limits, count_signs
from survey.process.response_columns import ResponseColumns, in_columns, joined, some_of
from survey.process.responses_file import read_responses
from survey.process.scored import scored
from survey.process.scores import item_scores
from survey.process.tallies import EVERYBODY, tally
from survey.source import Source
from survey.tabular import read_words
from tests.process.test_scores import wave_over

PEOPLE = 400


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[bytes, Source, UnitRegister, Questionnaire]:
    path: Path = tmp_path_factory.mktemp("answers") / "answers.csv"
    questionnaire = shipped_questionnaires()[0]
    mapping, units = responses_file.write(path, PEOPLE, questionnaire)
    return path.read_bytes(), Source.open(mapping), read_units(Source.open(units)), questionnaire


def quoted(content: bytes) -> bytes:
    """The same file as Google Forms writes it: commas, every cell in quotes, which only the careful reader takes."""
    out = io.StringIO(newline="")
    rows = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";")
    csv.writer(out, quoting=csv.QUOTE_ALL).writerows(rows)
    return out.getvalue().encode()


def read(content: bytes, made: tuple[bytes, Source, UnitRegister, Questionnaire]) -> ResponseColumns:
    _content, mapping, register, questionnaire = made
    return read_responses(Source("a.csv", content), mapping, questionnaire, register).by_wave["2021"]


def test_both_readers_find_the_same_people(made: tuple[bytes, Source, UnitRegister, Questionnaire]) -> None:
    fast, careful = read(made[0], made), read(quoted(made[0]), made)
    assert len(fast) == len(careful) == PEOPLE and list(fast) == list(careful)
    assert isinstance(fast[3], Response) and fast[3].answers and fast[3].breakdowns["gender"] in ("m", "f")
    assert 0 < sum(len(one.answers) for one in fast) < PEOPLE * len(made[3].items)  # some did not answer some


def test_tallies_signs_and_comments_are_those_of_the_people(
    made: tuple[bytes, Source, UnitRegister, Questionnaire], services: Services
) -> None:
    columns, questionnaire = read(made[0], made), made[3]
    question = questionnaire.open_questions[0].id
    told = [replace(one, comments={question: f"ý kiến {n}"}) if n % 3 else one for n, one in enumerate(columns)]
    services.design.save_units(OPERATOR, made[2])
    services.design.save_questionnaire(OPERATOR, questionnaire)
    source = Source("a.csv", made[0])
    (release,) = services.importing.prepare_responses(OPERATOR, source, questionnaire, made[1]).releases
    one, other = (tally(release.wave, questionnaire, held) for held in (columns, list(columns)))
    for category, table in one.tables.items():
        for name, values in vars(table).items():
            assert np.array_equal(values, getattr(other.tables[category], name)), (category, name)
    limits = Limits(pairs=1, run=50)
    assert count_signs(questionnaire, columns, limits)[0] == count_signs(questionnaire, list(columns), limits)[0]
    kept = np.arange(PEOPLE) % 2 == 0
    assert list(some_of(columns, kept)) == some_of(list(columns), kept) == list(columns[::2])
    policy = Policy.load()
    assert len(release_comments(release.plan, told, policy)) > 0 and not release_comments(release.plan, columns, policy)


def test_scores_are_reckoned_once_and_the_release_is_that_of_every_step_reckoning_its_own(
    made: tuple[bytes, Source, UnitRegister, Questionnaire], services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    questionnaire = made[3]
    services.design.save_units(OPERATOR, made[2])
    services.design.save_questionnaire(OPERATOR, questionnaire)
    times = []
    monkeypatch.setattr("survey.process.scored.item_scores", lambda *given: times.append(1) or item_scores(*given))
    (release,) = services.importing.prepare_responses(OPERATOR, Source("a.csv", made[0]), questionnaire, made[1]).releases
    assert len(times) == 1
    columns, policy = read(made[0], made), services.policy
    apart = assessed(protect(tally(release.wave, questionnaire, columns), release.plan, policy), list(columns), policy)
    assert len(times) == 3 and apart.hash == release.hash and apart.quality == release.quality is not None
    # Scores of another questionnaire are not taken over: an item that is turned round scores otherwise.
    first, *others = questionnaire.items
    turned = replace(questionnaire, items=(replace(first, reverse=not first.reverse), *others))
    ours, other = scored(questionnaire, columns), scored(turned, scored(questionnaire, columns))
    assert scored(questionnaire, ours) is ours
    assert np.array_equal(100 - ours.scores[:, 0], other.scores[:, 0], equal_nan=True) and np.isfinite(other.scores[:, 0]).any()


def test_a_code_that_needs_more_than_a_byte_is_held_and_counts_as_a_small_one(
    made: tuple[bytes, Source, UnitRegister, Questionnaire],
) -> None:
    columns, questionnaire = read(made[0], made), made[3]
    item = questionnaire.items[0]
    scale = questionnaire.scales[item.scale]
    assert scale.dont_know is not None
    wide = replace(questionnaire, scales=questionnaire.scales | {scale.id: replace(scale, dont_know=replace(scale.dont_know, value="999"))})
    told, people = (
        in_columns(asked, [replace(one, answers={**one.answers, item.id: code}) if n % 5 == 0 else one for n, one in enumerate(columns)])
        for asked, code in ((questionnaire, scale.dont_know_value), (wide, 999))
    )
    assert columns.answers.itemsize == told.answers.itemsize == 1 and people.answers.itemsize == 2
    wave = wave_over("r,R,,,\n" + "".join(f"{unit},U,,r,\n" for unit in columns.unit.used()), breakdowns=("gender",))
    small, large = tally(wave, questionnaire, told), tally(wave, wide, joined(wide, [people]))
    assert small.tables[EVERYBODY].dont_know.sum() == PEOPLE / 5
    for category, table in small.tables.items():
        for name, values in vars(table).items():
            assert np.array_equal(values, getattr(large.tables[category], name)), (category, name)


def test_counting_and_estimating_many_people_never_holds_a_number_of_eight_bytes_for_each_answer(
    made: tuple[bytes, Source, UnitRegister, Questionnaire],
) -> None:
    """What a close holds beside its ballots: of 80,000 people that would be 25 MB at a time, and three of them were held."""
    columns, questionnaire = read(made[0], made), made[3]
    many = columns.at(np.tile(np.arange(PEOPLE), 100))
    wave = wave_over("r,R,,,\n" + "".join(f"{unit},U,,r,\n" for unit in columns.unit.used()))
    one_matrix = 8 * many.answers.size

    def peak(work: Callable[[], object]) -> int:
        tracemalloc.start()
        try:
            held = work()
            return tracemalloc.get_traced_memory()[1] if held is not None else 0
        finally:
            tracemalloc.stop()

    assert peak(lambda: estimate(tally(wave, questionnaire, many), wave.plan)) < one_matrix
    assert peak(lambda: scored(questionnaire, many).scores[:, :]) > one_matrix  # as it was held before, all at once


def test_however_people_came_every_number_is_the_same_to_the_last_bit(made: tuple[bytes, Source, UnitRegister, Questionnaire]) -> None:
    """A printed number may lie so near the middle of two that the last bit of a sum decides."""
    columns, questionnaire = read(made[0], made), made[3]

    def came(seed: int) -> ResponseColumns:
        """In another order, in parts, as a box is opened: units and categories are met in another order too."""
        order = np.random.default_rng(seed).permutation(PEOPLE)
        people = [columns[int(row)] for row in order]
        return joined(questionnaire, [in_columns(questionnaire, people[:150]), in_columns(questionnaire, people[150:])])

    def spreads(people: ResponseColumns) -> tuple[float | None, ...]:
        """Not rounded."""
        return tuple(signs.spread for signs in count_signs(questionnaire, people, Limits(pairs=1, run=50))[0].values())

    assert len({spreads(came(seed)) for seed in range(4)}) > 1  # the control: as they came
    assert len({spreads(came(seed).by_content()) for seed in range(4)}) == 1
    assert sorted(map(repr, came(1).by_content())) == sorted(map(repr, columns))


def test_who_is_alike_stays_as_drawn_by_lot(made: tuple[bytes, Source, UnitRegister, Questionnaire]) -> None:
    """Else a comment would say of two people with the same answers who came first."""
    questionnaire = made[3]
    question = questionnaire.open_questions[0].id
    one = read(made[0], made)[0]
    alike = [replace(one, comments={question: text}) for text in "abc"]
    for people in (alike, alike[::-1]):
        assert list(in_columns(questionnaire, people).by_content()) == people


def test_the_first_row_and_the_number_of_rows_of_a_value_are_named(made: tuple[bytes, Source, UnitRegister, Questionnaire]) -> None:
    lines = made[0].decode("utf-8-sig").split("\r\n")
    for row in (9, 30, 31):
        lines[row] = lines[row].replace(lines[row].split(";")[0], "Sở lạ", 1)
    lines[4] = ";".join([*lines[4].split(";")[:5], "chín", *lines[4].split(";")[6:]])
    with pytest.raises(InputRefused) as refused:
        read("\r\n".join(lines).encode(), made)
    said = refused.value.text(Locale("en"))
    assert "row 5, column" in said and '"chín" is not an option' in said
    assert "row 10, column Đơn vị: unit Sở lạ is unknown (3 rows)" in said
    assert said.index("row 5") < said.index("row 10")


def test_rows_of_nothing_do_not_exist_and_the_others_keep_their_numbers() -> None:
    source = Source("a.csv", b"a;b\n1;x\n;\n ; \n2;\n")
    table = read_words(source, required=("a", "b"), said=[])
    assert table.index.tolist() == [2, 5] and table["a"].tolist() == ["1", "2"]
