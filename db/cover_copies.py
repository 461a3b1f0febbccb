"""Cover keys where the application runs on several machines: each has a copy while the wave is in the field, none after it.

The key is made once, on one machine. The box knows its fingerprint, so that a copy is brought only where it fits;
and since whoever closes can destroy his own copy alone, every machine looks after its own.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Engine, select

from db.box_models import COVER
from db.cover import SIZE, Cover, Covers
from survey.design.wave import Wave, WaveState
from survey.errors import N_, SurveyError

_NEEDED = (WaveState.DRAFT, WaveState.OPEN)


def fingerprint(box: Engine, wave_id: str) -> bytes | None:
    """Of the key that the wave's box was begun with; None where it has not been, or is no more."""
    with box.connect() as store:
        return store.execute(select(COVER.c.fingerprint).where(COVER.c.wave == wave_id)).scalar_one_or_none()


def copied(box: Engine, covers: Covers, wave_id: str) -> bytes:
    """This machine's key of a wave whose box has been begun, to be carried to another machine."""
    cover = covers.read(wave_id)
    if cover is None or cover.fingerprint != fingerprint(box, wave_id):
        raise SurveyError(
            "no-cover-here",
            N_("The cover key of wave {wave} is not on this machine. It is on the one where the wave was opened or took its first answer."),
            wave=wave_id,
        )
    return cover.key


def bring(box: Engine, covers: Covers, wave_id: str, content: bytes) -> None:
    """Keep a copy that was carried here, if it is the key of the wave's box."""
    cover = Cover(content)
    if len(content) != SIZE or cover.fingerprint != fingerprint(box, wave_id):
        raise SurveyError(
            "other-cover",
            N_(
                "This is not the cover key that the box of wave {wave} was begun with. Copy it again from the other machine; nothing was changed."
            ),
            wave=wave_id,
        )
    covers.bring(wave_id, cover)


def outlived(box: Engine, covers: Covers, waves: Iterable[Wave]) -> tuple[str, ...]:
    """Waves that are over, whose box is destroyed, and whose key is still on this machine."""
    over = [wave.id for wave in waves if wave.state not in _NEEDED and covers.path(wave.id).exists()]
    return tuple(wave for wave in over if fingerprint(box, wave) is None)
