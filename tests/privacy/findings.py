"""What an attack brought to light, and the attacks that are the same on both databases."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from bootstrap import Services
from survey.access import OPERATOR
from survey.collect import ballot
from tests.privacy.crowd import WAVE, Crowd
from tests.privacy.linking import Linked, Person, link


@dataclass
class Findings:
    """linked: what each order in the stores tells, by its name; counts: things that must not be there, by name."""

    linked: dict[str, Linked] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)


def placed(content: bytes, pieces: Mapping[Person, bytes]) -> list[Person]:
    """People in the order in which their bytes lie in a file; those that are not in it are left out."""
    found = {person: content.find(piece) for person, piece in pieces.items()}
    return sorted((person for person, place in found.items() if place >= 0), key=found.__getitem__)


def lengths(contents: Iterable[bytes]) -> int:
    """How many lengths there are beyond one: where answers differ in length, length tells one from another."""
    return len({len(content) for content in contents}) - 1


def after_close(services: Services, crowd: Crowd) -> dict[str, Linked]:
    """Close and publish; then comments and receipts in every order in which the product gives them."""
    writer = {ballot.receipt(sealed): crowd.writer(sealed) for sealed in services.box.ballots(WAVE)}
    services.closing.close(OPERATOR, WAVE, crowd.shares[:2])
    services.commenting.accept(OPERATOR, WAVE)
    services.closing.publish(OPERATOR, WAVE)
    wrote = {comment: person for person in crowd.order for comment in crowd.comments(person)}
    comments = services.closing._releases.comments(WAVE)  # type: ignore[attr-defined]
    with services.engines[0].connect() as connection:
        stored = connection.exec_driver_sql("SELECT text FROM comment").scalars().all()
    receipts = services.results.receipts(WAVE).split()
    assert len(comments) == len(stored) == len(wrote) and len(receipts) == len(crowd.order)
    return {
        "comments as read": link(crowd.came, [wrote[comment.text] for comment in comments]),
        "comments as stored": link(crowd.came, [wrote[text] for text in stored]),
        "receipts": link(crowd.came, [person for receipt in receipts if (person := writer[receipt]) is not None]),
    }
