"""Somebody who keeps the list of codes, and somebody who has spare slips: what each learns, and what stays behind."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date
from typing import Any

import numpy as np
import pytest

from bootstrap import Services
from pages.plain.respondent import open_form
from survey.access import OPERATOR
from survey.collect.asking import HOUR, TOLD_AN_HOUR, Asking
from survey.collect.door import SlipCount, missing, too_many
from survey.collect.service import Collecting
from survey.collect.slips import CodeSpent
from survey.design.questionnaire import Questionnaire
from survey.errors import SurveyError
from survey.i18n import Locale
from tests.small_world import TODAY, answers, open_wave

VI = Locale("vi")


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def with_asking(services: Services, asking: Asking) -> Collecting:
    collect = services.collect
    return Collecting(collect._store, collect._codes, collect._box, collect._keys, asking)


def told_to_be_spent(collect: Collecting, codes: Iterable[str]) -> set[str]:
    """The attack: show every code of the list and look at the answer, the form's text included."""
    told, forms = set(), set()
    for code in codes:
        try:
            opened = collect.open(code, TODAY)
        except CodeSpent:
            told.add(code)
        else:
            forms.add((opened.wave.id, opened.unit.id, opened.questionnaire.id, opened.invited))
    assert len(forms) <= 1  # behind spent codes and others stands the same form
    return told


def half_spent(services: Services, today: date = TODAY) -> tuple[list[str], set[str]]:
    _, codes, _ = open_wave(services, today=today)
    listed = codes["Sở A"]
    spent = {listed[place] for place in np.random.default_rng(5).permutation(len(listed))[: len(listed) // 2]}
    for code in spent:
        services.collect.submit(code, {"answers": {"KC1": 5}}, today)
    return listed, spent


def asked(services: Services) -> int:
    return services.closing._store.door("2026").asked


def test_a_list_of_codes_teaches_little_and_leaves_a_number(services: Services) -> None:
    listed, spent = half_spent(services)
    clock = Clock()
    collect = with_asking(services, Asking(clock=clock))
    told = told_to_be_spent(collect, listed)
    assert len(spent) == 20 and told < spent and len(told) == TOLD_AN_HOUR
    assert asked(services) == len(spent)
    clock.now += HOUR - 1
    assert not told_to_be_spent(collect, listed)
    clock.now += 1
    assert len(told_to_be_spent(collect, listed)) == TOLD_AN_HOUR


def test_a_door_that_always_tells_is_caught(services: Services) -> None:
    """Leaky control: as it was."""
    listed, spent = half_spent(services)
    assert told_to_be_spent(with_asking(services, Asking(told=10**9)), listed) == spent


def test_a_form_behind_a_spent_code_says_nothing_else(sqlite_services: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    """The very answer of POST /p/open, for a spent and for an unspent code."""
    listed, spent = half_spent(sqlite_services, date.today())
    monkeypatch.setattr(sqlite_services.collect, "_asking", Asking(told=0))

    def shown(code: str) -> dict[str, Any]:
        reply = json.loads(json.dumps(open_form(sqlite_services, {"code": code}, VI)))
        reply["form"].pop("draft_key")
        return reply

    unspent = next(code for code in listed if code not in spent)
    assert shown(unspent) == shown(next(iter(spent)))


def test_answers_that_cannot_be_are_refused_before_a_code_is_looked_at(services: Services) -> None:
    """Else a form that is never stored would do to ask."""
    listed, _spent = half_spent(services)
    replies = set()
    for code in listed[:20]:
        with pytest.raises(SurveyError) as refused:
            services.collect.submit(code, {"answers": {"KC1": 9}}, TODAY, "cd" * 16)
        replies.add(refused.value.code)
    assert len(replies) == 1 and asked(services) == 0


def test_honest_people_are_let_in_whatever_askers_do(services: Services) -> None:
    listed, spent = half_spent(services)
    collect = with_asking(services, Asking(told=0))
    told_to_be_spent(collect, [*spent] * 3)
    code = next(code for code in listed if code not in spent)
    assert collect.open(code, TODAY) and not collect.submit(code, {}, TODAY).already
    with pytest.raises(SurveyError, match="already been used"):
        collect.submit(next(iter(spent)), {}, TODAY)


def test_that_a_list_was_made_stands_in_the_protocol_and_in_the_log(services: Services) -> None:
    wave, codes, shares = open_wave(services)
    services.fieldwork.note_list(OPERATOR, wave.id)
    for code in codes["Sở A"][:12]:
        services.collect.submit(code, {"answers": {"KC1": 5}}, TODAY)
    told_to_be_spent(services.collect, codes["Sở A"][:3])
    release = services.closing.close(OPERATOR, wave.id, shares)
    assert (release.protocol["listed"], release.protocol["asked"]) == (True, 3)
    assert services.access_log.entries(OPERATOR)[2].action == "slips-listed"


# Stuffing


def stuffed(services: Services, questionnaire: Questionnaire, slips: SlipCount) -> dict[str, Any]:
    """Three people of Department A answer; somebody with nine spare slips adds nine forms, so that its numbers are shown."""
    wave, codes, shares = open_wave(services)
    honest, spare = codes["Sở A"][:3], codes["Sở A"][3:12]
    for code in (*honest, *spare):
        services.collect.submit(code, {"answers": answers(questionnaire)}, TODAY)
    release = services.closing.close(OPERATOR, wave.id, shares, slips=slips)
    assert release.visible("t", "forms")
    return release.protocol


def test_forms_sent_with_spare_slips_stand_in_the_protocol(services: Services, questionnaire: Questionnaire) -> None:
    protocol = stuffed(services, questionnaire, SlipCount(handed_out=3, unused=137 - 9))
    assert protocol["slips"] == 140
    assert too_many(protocol) == 9
    assert missing(protocol) == 9


def test_forms_sent_with_spare_slips_go_unnoticed_where_nobody_counts(services: Services, questionnaire: Questionnaire) -> None:
    """Leaky control: the same forms, no count."""
    protocol = stuffed(services, questionnaire, SlipCount())
    assert too_many(protocol) == missing(protocol) == 0


def test_an_honest_wave_has_neither_too_many_nor_missing(services: Services, questionnaire: Questionnaire) -> None:
    protocol = stuffed(services, questionnaire, SlipCount(handed_out=20, unused=120))
    assert too_many(protocol) == missing(protocol) == 0


@pytest.mark.parametrize("slips", [SlipCount(141), SlipCount(100, 41), SlipCount(unused=141), SlipCount(-1)])
def test_counts_that_cannot_be_are_refused_before_anything_is_opened(services: Services, slips: SlipCount) -> None:
    wave, codes, shares = open_wave(services)
    services.collect.submit(codes["Sở A"][0], {}, TODAY)
    with pytest.raises(SurveyError, match="140 slips were made"):
        services.closing.close(OPERATOR, wave.id, shares, slips=slips)
    assert services.closing._store.wave(wave.id).state.value == "open" and services.closing._box.count(wave.id) == 1
