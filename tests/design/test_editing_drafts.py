"""A draft is edited before it opens, and the hash that slips carry stands for its days and its questions."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bootstrap import Services
from survey.access import OPERATOR, Role, Viewer
from survey.design.questionnaire_file import build_questionnaire
from survey.design.service import Design
from survey.errors import NotAllowed, SurveyError
from tests.small_world import TODAY, draft_wave, open_wave, settle

A_DAY = timedelta(days=1)


def made(services: Services, wave_id: str = "2026", **wishes: object) -> str:
    questionnaire = settle(services)
    wave = services.design.create_wave(OPERATOR, wave_id, questionnaire.id, TODAY, TODAY + 7 * A_DAY, plan=wishes)
    return wave.plan.hash


def test_another_day_is_another_hash(services: Services) -> None:
    before = made(services)
    hashes = {before}
    for days in ({"opens": TODAY + A_DAY}, {"closes": TODAY + 9 * A_DAY}):
        edited = services.design.edit_wave(OPERATOR, "2026", **days)
        assert services.design.wave(OPERATOR, "2026") == edited
        hashes.add(edited.plan.hash)
    assert len(hashes) == 3
    back = services.design.edit_wave(OPERATOR, "2026", opens=TODAY, closes=TODAY + 7 * A_DAY)
    assert back.plan.hash == before  # the same days, the same hash
    assert services.design.edit_wave(OPERATOR, "2026", title_vi="Tên khác", contact="Bà Lan").plan.hash == before


@pytest.mark.parametrize("change", ["a word of a question", "a word of an answer", "the version"])
def test_another_question_is_another_hash(services: Services, change: str) -> None:
    before = made(services)
    document = {**services.design.questionnaires(OPERATOR)[0].source}
    if change == "a word of a question":
        document["items"] = [{**document["items"][0], "vi": "Tôi không đến muộn."}, *document["items"][1:]]
    elif change == "a word of an answer":
        points = document["scale"]["points"]
        document["scale"] = {**document["scale"], "points": [{**points[0], "vi": "Không hề"}, *points[1:]]}
    document["meta"] = {**document["meta"], "version": "9.9"}
    services.design.save_questionnaire(OPERATOR, build_questionnaire("q.yaml", document, {}))
    after = services.design.create_wave(
        OPERATOR, "2027", services.design.questionnaires(OPERATOR)[0].id, TODAY, TODAY + 7 * A_DAY
    )  # the newest version, the same days, the same units
    assert after.plan.nodes == services.design.wave(OPERATOR, "2026").plan.nodes
    assert after.plan.hash != before
    assert after.plan.asked["questions"] != services.design.wave(OPERATOR, "2026").plan.asked["questions"] or change == "the version"


def test_the_hash_on_slips_does_not_change_when_somebody_is_invited_afterwards(sqlite_services: Services) -> None:
    made(sqlite_services)
    plan = sqlite_services.design.wave(OPERATOR, "2026").plan
    invited = replace(plan, key_signs={"t.a": "ab"})
    assert invited.hash != plan.hash and invited.hash_on_slips == plan.hash_on_slips == plan.hash
    assert replace(plan, asked={}).hash != plan.hash


def test_the_plan_of_a_draft_is_made_anew_until_something_stands_for_it(services: Services) -> None:
    before = made(services, breakdowns=["gender", "age_band"])
    edited = services.design.edit_wave(OPERATOR, "2026", plan={"breakdowns": ["gender"], "shares": 5, "shares_needed": 3})
    assert (edited.plan.breakdowns, edited.plan.shares) == (("gender",), 5) and edited.plan.hash != before
    services.fieldwork.print_codes(OPERATOR, "2026")
    with pytest.raises(SurveyError, match="stand for its plan"):
        services.design.edit_wave(OPERATOR, "2026", plan={"breakdowns": []})
    assert services.design.wave(OPERATOR, "2026") == edited
    moved = services.design.edit_wave(OPERATOR, "2026", closes=TODAY + 8 * A_DAY)
    assert moved.plan.nodes == edited.plan.nodes and moved.plan.hash != edited.plan.hash


def test_what_is_refused_leaves_the_draft_as_it_was(sqlite_services: Services) -> None:
    made(sqlite_services)
    design = sqlite_services.design
    before = design.wave(OPERATOR, "2026")
    for wrong in ({"closes": TODAY - A_DAY}, {"title_vi": "x" * 501}, {"contact": "x" * 201}, {"plan": {"breakdowns": ["no-such"]}},
                  {"plan": {"shares": 2, "shares_needed": 3}}, {"plan": {"minimum_base": {"unit": 1}}}):  # fmt: skip
        with pytest.raises(SurveyError):
            design.edit_wave(OPERATOR, "2026", **wrong)
    with pytest.raises(NotAllowed):
        design.edit_wave(Viewer(name="l", role=Role.LEADER), "2026", title_vi="x")
    assert design.wave(OPERATOR, "2026") == before


def test_two_organizers_do_not_edit_over_each_other(sqlite_services: Services) -> None:
    made(sqlite_services)
    design: Design = sqlite_services.design
    mine = design.wave(OPERATOR, "2026")
    yours = design.edited_wave(OPERATOR, "2026", opens=TODAY + A_DAY)
    design.edit_wave(OPERATOR, "2026", closes=TODAY + 9 * A_DAY)
    with pytest.raises(SurveyError, match="somebody else"):
        sqlite_services.waves.save_draft(mine, yours)
    # Slips printed between reading and storing another plan.
    mine = design.wave(OPERATOR, "2026")
    other = design.edited_wave(OPERATOR, "2026", plan={"roots": ["t.a"]})
    sqlite_services.fieldwork.print_codes(OPERATOR, "2026")
    with pytest.raises(SurveyError, match="somebody else"):
        sqlite_services.waves.save_draft(mine, other)


def test_an_extended_wave_keeps_the_hash_its_slips_carry(services: Services) -> None:
    wave, _codes, _shares = open_wave(services)
    assert wave.plan.asked["closes"] == wave.closes.isoformat()
    late = services.changing.extend(OPERATOR, wave.id, wave.closes + A_DAY, TODAY)
    assert late.plan.hash == services.design.wave(OPERATOR, wave.id).plan.hash == wave.plan.hash


def test_a_draft_of_an_earlier_version_is_edited_too(sqlite_services: Services) -> None:
    draft_wave(sqlite_services)
    wave = sqlite_services.design.wave(OPERATOR, "2026")
    old = replace(wave, plan=replace(wave.plan, asked={}))
    sqlite_services.waves.save_draft(wave, old)
    assert sqlite_services.design.edit_wave(OPERATOR, "2026", title_vi="Mới").plan.hash == wave.plan.hash
