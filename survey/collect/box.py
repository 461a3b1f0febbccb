"""What the domain asks of the ballot box, and what the box refuses.

A box is begun when its wave opens, shut before it is counted, counted when it may no longer be reopened,
and destroyed once the release is written. The box itself decides, in the transaction that stores a ballot,
whether the ballot is still in time: no answer is acknowledged after that which the close does not count.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from survey.design.wave import Wave, WaveState
from survey.errors import N_, SurveyError


class BoxShut(SurveyError):
    """Nothing is taken any more; nothing that was acknowledged before is lost."""

    def __init__(self) -> None:
        super().__init__(
            "counting", N_("The ballots of this survey are being counted. Answers can no longer be sent; this one was not taken.")
        )


class BoxUnknown(SurveyError):
    """The box at this address was never begun for the wave: another box, an empty one, or one that was destroyed."""

    def __init__(self, wave_id: str) -> None:
        message = N_(
            "The server does not find the ballot box of wave {wave}; nothing was taken, opened or destroyed. Organizers: "
            "LANGNGHE_BOX_URL must lead to the box the wave was opened with, or it must be brought back from a backup made with --with-open-box."
        )
        super().__init__("box-unknown", message, wave=wave_id)


class BoxChanged(SurveyError):
    def __init__(self, wave_id: str, counted: int, read: int) -> None:
        message = N_(
            "The box of wave {wave} held {counted} ballots when it was shut, and {read} when it was read: something else changes it. "
            "Nothing was destroyed. See langnghe check, then close again."
        )
        super().__init__("box-changed", message, wave=wave_id, counted=counted, read=read)


class BoxDamaged(SurveyError):
    def __init__(self, place: str) -> None:
        message = N_(
            "The file of the ballot box {place} is damaged. Nothing was opened or destroyed. "
            "Copy the file as it is, then repair the copy (sqlite3 .recover) or bring it back from a backup made with --with-open-box."
        )
        super().__init__("box-damaged", message, place=place)


class StoreFull(SurveyError):
    """A disk is full: what was to be stored was not."""

    def __init__(self) -> None:
        super().__init__(
            "not-stored",
            N_(
                "The server has no room left: your answers were NOT taken. They stay on this device; please keep this page open or come back."
            ),
        )


@dataclass(frozen=True, kw_only=True)
class Standing:
    """How a wave's box stands. `shut`: 16 random bytes of this shutting, None while answers are taken;
    `counted`: a release follows from it, so that it may not be reopened; `identity`: None in a box of an older version."""

    identity: bytes | None
    shut: bytes | None = None
    counted: bool = False


@dataclass
class Contents:
    """Sealed ballots of a wave in no order, and how many rows are not ballots under its cover."""

    sealed: list[bytes]
    damaged: int = 0

    def read(self) -> Contents:
        return self


class Portion(Protocol):
    """A part of a box that can be sent to another process of this machine and read there. What has been read is one, that can be sent anywhere."""

    def read(self) -> Contents: ...


class Box(Protocol):
    """The side of those who answer."""

    def put(self, wave_id: str, nullifier: bytes, ciphertext: bytes, attempt: bytes = b"") -> bool:
        """Store a ballot durably; False (and nothing changed) when the nullifier is already there. Raises BoxShut, BoxUnknown, StoreFull."""
        ...

    def holds(self, wave_id: str, nullifier: bytes) -> bool:
        """Whether the nullifier's ballot is there. Raises BoxShut, BoxUnknown: a shut box does not tell which codes are spent."""
        ...

    def of_attempt(self, wave_id: str, nullifier: bytes, attempt: bytes) -> bytes | None:
        """The ballot of this nullifier, if it was put with this attempt; None without an attempt."""
        ...

    def is_shut(self, wave_id: str) -> bool:
        """Raises BoxUnknown."""
        ...


class BoxKeeper(Protocol):
    """The side of those who keep the box."""

    def begin(self, wave_id: str, identity: bytes) -> None:
        """Make the box of a wave, unless it is there."""
        ...

    def standing(self, wave_id: str) -> Standing | None:
        """None where the wave has no box here; asking never makes one."""
        ...

    def shut(self, wave_id: str) -> bytes:
        """From now on nothing is taken; the mark of this shutting. Raises BoxUnknown."""
        ...

    def reopen(self, wave_id: str) -> bool:
        """False where the box is not shut, or counted already."""
        ...

    def settle(self, wave_id: str, mark: bytes) -> bool:
        """Counted: it may not be reopened any more. False where it was reopened since `mark`."""
        ...

    def count(self, wave_id: str) -> int: ...

    def portions(self, wave_id: str) -> Sequence[Portion]:
        """All ballots of the wave, some in each; none where it has no box."""
        ...

    def destroy(self, wave_id: str) -> None: ...


def identity_of(wave: Wave) -> bytes:
    """What a wave's box carries, so that another wave's or another installation's is told apart.

    Without the signs of keys, the one part of a plan that a draft may still be given after its box was begun
    (an opening that was cut off, then more people invited).
    """
    plan = replace(wave.plan, key_signs={})
    return hashlib.sha256(f"langnghe box\0{wave.id}\0{plan.hash}".encode()).digest()


def begin_for(box: BoxKeeper, wave: Wave) -> None:
    box.begin(wave.id, identity_of(wave))


def box_of(box: BoxKeeper, wave: Wave) -> Standing:
    """How the wave's own box stands. Raises BoxUnknown for any other."""
    found = box.standing(wave.id)
    if found is None or found.identity not in (None, identity_of(wave)):
        raise BoxUnknown(wave.id)
    return found


def left_standing(waves: Iterable[Wave], box: BoxKeeper) -> Iterator[Wave]:
    """Closed waves whose box is still there: their close was cut off after the release, and wants to be finished."""
    over = (wave for wave in waves if wave.state in (WaveState.CLOSED, WaveState.PUBLISHED))
    return (wave for wave in over if box.standing(wave.id) is not None)
