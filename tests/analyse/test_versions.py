"""The difference of two versions, and what it does to the series."""

from __future__ import annotations

from dataclasses import replace

from survey.analyse.comparable import NOT_ASKED, OTHER_ITEMS, OTHER_SCALE, OTHER_WORDING
from survey.analyse.versions import Change, difference
from survey.design.questionnaire import Item, Questionnaire, Scale
from survey.disclose.release import INDEX


def new_version(questionnaire: Questionnaire, items: tuple[Item, ...], **changes: object) -> Questionnaire:
    return replace(questionnaire, version="9", items=items, **changes)


def test_the_same_again_changes_nothing_and_every_series_goes_on(questionnaire: Questionnaire) -> None:
    found = difference(questionnaire, replace(questionnaire, version="9"))
    assert not found.questions and not any(reason for _measure, reason in found.series)
    assert [measure for measure, _reason in found.series] == [INDEX, *(f"theme:{theme.id}" for theme in questionnaire.themes)]


def test_a_question_worded_anew_breaks_its_own_series_alone(questionnaire: Questionnaire) -> None:
    first, *rest = questionnaire.items
    found = difference(questionnaire, new_version(questionnaire, (replace(first, vi="Câu hỏi mới hẳn?"), *rest)))
    (one,) = found.questions
    assert (one.id, one.kind, one.before, one.after, one.breaks) == (
        first.id, Change.REWORDED, first.vi, "Câu hỏi mới hẳn?", OTHER_WORDING,
    )  # fmt: skip
    assert not any(reason for _measure, reason in found.series)


def test_a_full_stop_more_is_shown_and_breaks_nothing(questionnaire: Questionnaire) -> None:
    first, *rest = questionnaire.items
    (one,) = difference(questionnaire, new_version(questionnaire, (replace(first, vi=first.vi.rstrip(".")), *rest))).questions
    assert one.kind is Change.REWORDED and not one.breaks


def test_half_of_a_theme_left_out_ends_the_theme(questionnaire: Questionnaire) -> None:
    theme = max(questionnaire.themes, key=lambda one: len(questionnaire.items_of(one.id)))
    of_theme = questionnaire.items_of(theme.id)
    gone = {one.id for one in of_theme[: len(of_theme) // 2 + 1]}
    after = new_version(questionnaire, tuple(one for one in questionnaire.items if one.id not in gone))
    found = difference(questionnaire, after)
    assert {one.id for one in found.questions if one.kind is Change.GONE} == gone
    assert dict(found.series)[f"theme:{theme.id}"] == OTHER_ITEMS and not dict(found.series)[INDEX]


def test_another_scale_ends_everything_scored_on_it(questionnaire: Questionnaire) -> None:
    scales = {name: Scale(id=name, points=scale.points[1:], dont_know=scale.dont_know) for name, scale in questionnaire.scales.items()}
    found = difference(questionnaire, new_version(questionnaire, questionnaire.items, scales=scales))
    assert {reason for _measure, reason in found.series} == {OTHER_SCALE}
    assert all(one.kind is Change.OTHERWISE and one.breaks == OTHER_SCALE for one in found.questions)
    assert len(found.questions) == len(questionnaire.items)


def test_one_question_moved_is_one_change_and_a_theme_left_out_ends(questionnaire: Questionnaire) -> None:
    first, *rest = questionnaire.items
    (moved,) = difference(questionnaire, new_version(questionnaire, (*rest, first))).questions
    assert (moved.id, moved.kind, moved.breaks) == (first.id, Change.OTHERWISE, "")
    theme = questionnaire.themes[-1]
    kept = tuple(one for one in questionnaire.items if one.theme != theme.id)
    found = difference(questionnaire, new_version(questionnaire, kept, themes=questionnaire.themes[:-1]))
    assert dict(found.series)[f"theme:{theme.id}"] == NOT_ASKED


def test_open_questions_and_breakdowns_are_listed_too(questionnaire: Questionnaire) -> None:
    one = questionnaire.breakdowns[0]
    shorter = replace(one, categories=one.categories[:-1])
    after = replace(questionnaire, version="9", breakdowns=(shorter, *questionnaire.breakdowns[1:]), open_questions=())
    found = {changed.id: changed.kind for changed in difference(questionnaire, after).questions}
    assert found == {one.id: Change.OTHERWISE, **{question.id: Change.GONE for question in questionnaire.open_questions}}
