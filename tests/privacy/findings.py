"""What an attack brought to light, and the attacks that are the same on both databases."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np

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


def lies(content: bytes, pieces: Iterable[bytes]) -> Iterator[tuple[int, bytes]]:
    """(place, piece) wherever one of these bytes lies in a file, from its beginning. The file is gone through once for all of them."""
    by_head: dict[bytes, list[bytes]] = {}
    wanted = set(pieces)
    head = min((len(piece) for piece in wanted), default=2)
    begins = np.zeros(1 << 16, dtype=bool)  # which two bytes a piece begins with: most places are out at once
    for piece in wanted:
        by_head.setdefault(piece[:head], []).append(piece)
        begins[int.from_bytes(piece[:2], "little")] = True
    every = np.frombuffer(content, dtype=np.uint8)
    for place in np.flatnonzero(begins[every[:-1] | every[1:].astype(np.uint16) << 8]).tolist():
        for piece in by_head.get(content[place : place + head], ()):
            if content.startswith(piece, place):
                yield place, piece


def placed(content: bytes, pieces: Mapping[Person, bytes]) -> list[Person]:
    """People in the order in which their bytes lie in a file; those that are not in it are left out."""
    first: dict[bytes, int] = {}
    for place, piece in lies(content, pieces.values()):
        first.setdefault(piece, place)
    return sorted((person for person, piece in pieces.items() if piece in first), key=lambda person: first[pieces[person]])


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
