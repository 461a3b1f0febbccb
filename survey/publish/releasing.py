"""From the ballots of a box to the audited release of its wave, piece by piece: portions of the box, then trees of the plan."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

import numpy as np

from survey.collect.box import Portion
from survey.design.plan import Plan
from survey.design.questionnaire import Questionnaire
from survey.design.wave import Wave
from survey.disclose.assessing import assessed
from survey.disclose.attack.review import bounds
from survey.disclose.comments import ReleasedComment, release_comments
from survey.disclose.forest import together, trees
from survey.disclose.policy import Policy
from survey.disclose.protect import protect
from survey.disclose.release import Release
from survey.process.opening import Opened, Opening
from survey.process.response_columns import ResponseColumns
from survey.process.scored import scored
from survey.process.tallies import tally
from survey.publish.workers import Workers


@dataclass(frozen=True)
class _Portion:
    opening: Opening
    portion: Portion

    def open(self) -> tuple[Opened, int]:
        """What is in its ballots, and how many rows of the box it has."""
        found = self.portion.read()
        return self.opening.open(found.sealed), len(found.sealed) + found.damaged


@dataclass(frozen=True)
class _Tree:
    """wave: with the plan of this tree; responses: of its units."""

    wave: Wave
    questionnaire: Questionnaire
    responses: ResponseColumns
    policy: Policy

    def release(self) -> tuple[Release, tuple[ReleasedComment, ...]]:
        counted = scored(self.questionnaire, self.responses)
        plan = self.wave.plan
        tallies = tally(self.wave, self.questionnaire, counted)
        release = assessed(protect(tallies, plan, self.policy), counted, self.policy)
        comments = release_comments(plan, self.responses, self.policy.raised(plan.minimum_base))
        return replace(release, audit={**release.audit, **bounds(release)}), comments


def opened_by(workers: Workers, opening: Opening, portions: Iterable[Portion], progress: Callable[[int], None]) -> tuple[Opened, int]:
    """All ballots opened, and how many rows of the box were read; `progress`: of how many ballots is known what is in them."""
    read = done = 0
    parts: list[Opened] = []
    pieces = (_Portion(opening, portion if workers.near else portion.read()) for portion in portions)
    for part, rows in workers.each(_Portion.open, pieces):
        parts.append(part)
        read += rows
        done += len(part.receipts)
        progress(done)
    return opening.together(parts), read


def released_by(
    workers: Workers,
    wave: Wave,
    questionnaire: Questionnaire,
    responses: ResponseColumns,
    policy: Policy,
    progress: Callable[[float], None],
) -> tuple[Release, list[ReleasedComment]]:
    """The audited release of a closed wave, and the comments that go with it. Raises AuditFailed."""
    plans = trees(wave.plan)
    parts: list[Release] = []
    comments: list[ReleasedComment] = []
    for part, written in workers.each(_Tree.release, _pieces(wave, plans, questionnaire, responses, policy)):
        parts.append(part)
        comments += written
        progress(len(parts) / len(plans))
    return together(wave, parts), comments


def _pieces(wave: Wave, plans: Iterable[Plan], questionnaire: Questionnaire, responses: ResponseColumns, policy: Policy) -> Iterator[_Tree]:
    for plan in plans:
        inside = np.array([*(unit in plan.by_id for unit in responses.unit.words), False], dtype=bool)
        yield _Tree(replace(wave, plan=plan), questionnaire, responses.at(inside[responses.unit.place]), policy)
