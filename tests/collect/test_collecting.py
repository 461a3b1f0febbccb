from __future__ import annotations

from datetime import timedelta

import pytest

from bootstrap import Services
from survey.collect import ballot, slips
from survey.collect.service import WaveNotOpen
from survey.design.acceptance import AnswersRejected
from survey.i18n import Locale
from tests.small_world import TODAY, answers, open_wave, settle

ATTEMPT = "ab" * 16


def test_a_code_counts_once_and_a_second_click_is_told_so(services: Services) -> None:
    _, codes, _ = open_wave(services)
    code = codes["Sở A"][0]
    raw = {"answers": {"KC1": 5}}
    first = services.collect.submit(code, raw, TODAY, ATTEMPT)
    again = services.collect.submit(code, raw, TODAY, ATTEMPT)
    assert not first.already and again.already and first.text == again.text


def test_another_attempt_with_a_spent_code_is_refused(services: Services) -> None:
    wave, codes, _ = open_wave(services)
    code = codes["Sở A"][0]
    services.collect.submit(code, {"answers": {"KC1": 5}}, TODAY, ATTEMPT)
    with pytest.raises(slips.CodeSpent):
        services.collect.submit(code, {"answers": {"KC1": 5}}, TODAY, "cd" * 16)
    # Whether other answers come under the same attempt is told to nobody (tests/privacy/test_coercion.py): the first count.
    assert services.collect.submit(code, {"answers": {"KC1": 1}}, TODAY, ATTEMPT).already
    assert len(services.closing._box.ballots(wave.id)) == 1
    with pytest.raises(slips.CodeSpent):
        services.collect.open(code, TODAY)


def test_a_ballot_stored_just_before_a_crash_is_recognised_when_sent_again(services: Services) -> None:
    wave, codes, _ = open_wave(services)
    code = codes["Sở B"][0]
    opened = services.collect.open(code, TODAY)
    response = opened.questionnaire.accept({"answers": {"KC1": 5}}, "t.b")
    assert wave.public_key
    sealed = ballot.seal(ballot.encode(response), wave.id, wave.public_key, ballot.plaintext_size(opened.questionnaire))
    # The server died between the box and the code list: the ballot is there, the code not marked.
    services.collect._box.put(wave.id, slips.nullifier(wave.id, code), sealed, bytes.fromhex(ATTEMPT))
    receipt = services.collect.submit(code, {"answers": {"KC1": 5}}, TODAY, ATTEMPT)
    assert receipt.already and receipt.text == ballot.receipt(sealed)
    with pytest.raises(slips.CodeSpent):
        services.collect.open(code, TODAY)


@pytest.mark.parametrize("typed", ["", "ABCD", "ABCD-EFGH-JKMN-PQR", "ABCD-EFGH-JKMN-PQR!", "ĂBCD-EFGH-JKMN-PQRS", "U" * 16])
def test_a_mistyped_code_gets_its_own_sentence(sqlite_services: Services, typed: str) -> None:
    open_wave(sqlite_services)
    with pytest.raises(slips.CodeMistyped):
        sqlite_services.collect.open(typed, TODAY)


def test_look_alikes_case_spaces_and_dashes_are_forgiven() -> None:
    assert slips.normalise(" oi1l-abcd efgh-jkmn ") == "0111ABCDEFGHJKMN"


def test_an_unknown_code_and_a_wave_not_open_are_told_apart(services: Services) -> None:
    _, codes, _ = open_wave(services)
    with pytest.raises(slips.CodeUnknown):
        services.collect.open("0000000000000000", TODAY)
    for day in (TODAY - timedelta(days=30), TODAY + timedelta(days=30)):
        with pytest.raises(WaveNotOpen):
            services.collect.submit(codes["Sở A"][0], {"answers": {}}, day)


def test_answers_under_another_name_spend_no_code(services: Services) -> None:
    """What a page of another version sends beside the answers is passed over; an object that holds none of ours is no empty form."""
    _, codes, _ = open_wave(services)
    for named in ({"answer": {}}, {"code": "x", "attempt": "ab" * 16, "lang": "vi", "Answers": {}}):
        with pytest.raises(AnswersRejected, match="nswer"):
            services.collect.submit(codes["Sở A"][0], named, TODAY)
    assert not services.collect.submit(codes["Sở A"][0], {"answers": {}, "of_another_version": 1}, TODAY).already


def test_whether_any_code_is_let_in_today_is_told_before_one_is_typed(sqlite_services: Services) -> None:
    assert sqlite_services.collect.refusal(TODAY) is not None  # nothing was ever opened
    open_wave(sqlite_services)
    said = [sqlite_services.collect.refusal(TODAY + timedelta(days=days)) for days in (-30, 0, 7, 8)]
    texts = [refused and refused.text(Locale("en")) for refused in said]
    assert texts[1:3] == [None, None]
    assert "opens on 12/03/2026" in str(texts[0]) and "closed on 22/03/2026" in str(texts[3])


def test_without_any_open_wave_every_code_is_told_so(sqlite_services: Services) -> None:
    settle(sqlite_services)
    with pytest.raises(WaveNotOpen):
        sqlite_services.collect.open("0000000000000000", TODAY)


@pytest.mark.parametrize(
    ("raw", "place"),
    [
        ({"answers": {"KC1": 6}}, "KC1"),
        ({"answers": {"KC1": "5"}}, "KC1"),
        ({"answers": {"KC1": True}}, "KC1"),
        ({"answers": {"XX9": 5}}, "XX9"),
        ({"breakdowns": {"gender": "x"}}, "gender"),
        ({"comments": {"MO1": "a" * 501}}, "MO1"),
        ({"answers": [1, 2]}, "answers"),
        ("nonsense", "?"),
    ],
)
def test_answers_that_do_not_exist_are_refused_and_nothing_is_stored(sqlite_services: Services, raw: object, place: str) -> None:
    wave, codes, _ = open_wave(sqlite_services)
    code = codes["Sở A"][0]
    with pytest.raises(AnswersRejected) as refused:
        sqlite_services.collect.submit(code, raw, TODAY)  # type: ignore[arg-type]
    assert place in refused.value.errors
    assert sqlite_services.closing._box.ballots(wave.id) == []
    assert sqlite_services.collect.open(code, TODAY)


def test_an_empty_form_is_a_form(sqlite_services: Services) -> None:
    _, codes, _ = open_wave(sqlite_services)
    assert not sqlite_services.collect.submit(codes["Sở A"][0], {}, TODAY).already


def test_all_ballots_of_a_wave_have_one_size(sqlite_services: Services) -> None:
    wave, codes, _ = open_wave(sqlite_services)
    questionnaire = sqlite_services.collect.open(codes["Sở A"][0], TODAY).questionnaire
    # Three comments of the longest kind: 500 characters of four bytes, all items, all fields.
    longest = {
        "answers": answers(questionnaire),
        "comments": {question.id: "\U00020000" * question.max_chars for question in questionnaire.open_questions},
        "breakdowns": {b.id: max((str(c.value) for c in b.published), key=len) for b in questionnaire.breakdowns},
    }
    quotes = {"comments": {question.id: '"' * question.max_chars for question in questionnaire.open_questions}}
    for code, raw in zip(codes["Sở A"], ({}, longest, quotes), strict=False):
        sqlite_services.collect.submit(code, raw, TODAY)
    sizes = {len(sealed) for sealed in sqlite_services.closing._box.ballots(wave.id)}
    assert len(sizes) == 1
