"""Written comments: apart from every score, released only from groups large enough, shuffled."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from survey.collect.slips import shuffled
from survey.design.plan import Plan
from survey.design.questionnaire import Response
from survey.disclose.policy import Policy
from survey.process.response_columns import units_of, writers_in


@dataclass(frozen=True)
class ReleasedComment:
    """A comment and the smallest group large enough to hide its writer."""

    unit: str
    question: str
    text: str
    id: str = ""  # given by the store
    seen: bool = False  # by the organizer: leaders see no other


def release_comments(plan: Plan, responses: Sequence[Response], policy: Policy) -> tuple[ReleasedComment, ...]:
    """Each comment once, at the lowest node with enough waiting people of whom enough wrote.

    Writers are counted, not comments: two people with five comments are two people. What a unit is too
    small for moves up to its parent and is pooled with the siblings' there; what is too little even for
    the whole is not released.
    """
    people = Counter(units_of(responses))
    writers: dict[str, list[Mapping[str, str]]] = defaultdict(list)  # what each of them wrote
    for unit, comments in writers_in(responses):
        if any(text.strip() for text in comments.values()):
            writers[unit].append(comments)
    released: list[ReleasedComment] = []
    for node in reversed(plan.topological):
        if people[node.id] >= policy.comments_respondents and len(writers[node.id]) >= policy.comments:
            released += [
                ReleasedComment(node.id, question, text) for one in writers[node.id] for question, text in one.items() if text.strip()
            ]
        elif node.parent is not None:
            people[node.parent] += people[node.id]
            writers[node.parent] += writers[node.id]
    return tuple(shuffled(released))
