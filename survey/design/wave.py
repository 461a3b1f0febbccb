"""A wave: one round in the field, and the only function that moves it on."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from survey import limits
from survey.design.plan import Plan
from survey.errors import N_, SurveyError, shown
from survey.limits import ID, id_fault


class WaveState(StrEnum):
    DRAFT = "draft"
    OPEN = "open"
    CLOSED = "closed"
    PUBLISHED = "published"


class Origin(StrEnum):
    """Where a wave's numbers come from."""

    COLLECTED = "collected"
    COUNTS = "counts"
    RESPONSES = "responses"
    SCORES = "scores"  # printed by another body, without the people behind them


_NEXT = {
    WaveState.DRAFT: WaveState.OPEN,
    WaveState.OPEN: WaveState.CLOSED,
    WaveState.CLOSED: WaveState.PUBLISHED,
}
_REFUSED = {
    WaveState.OPEN: N_("Wave {wave} cannot be opened: it is not a draft any more. Look at the list of waves for what comes next."),
    WaveState.CLOSED: N_("Wave {wave} cannot be closed: it is not in the field. Look at the list of waves for what comes next."),
    WaveState.PUBLISHED: N_("Wave {wave} cannot be published: only a closed wave can, and only once. Look at the list of waves for what comes next."),
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Wave:
    """One round. `public_key` is the box's X25519 public half (32 bytes), set before opening. `contact`: whom its
    people may ask, one line as they read it; empty where the settings name somebody, or nobody does. `site`: the address of
    the survey, as it stands on the slips; empty until they are made.

    Of an imported wave `note` is the name of the file, `source_hash` its SHA-256 (hex), `imported_on` the day.
    """

    id: str
    questionnaire: str
    version: str
    opens: date
    closes: date
    plan: Plan
    title_vi: str = ""
    title_en: str = ""
    contact: str = ""
    site: str = ""
    state: WaveState = WaveState.DRAFT
    origin: Origin = Origin.COLLECTED
    illustrative: bool = False
    public_key: bytes | None = None
    note: str = ""
    source_hash: str = ""
    imported_on: date | None = None

    @property
    def year(self) -> int:
        return self.closes.year


def advance(wave: Wave, to: WaveState) -> Wave:
    """The wave in its next state: draft -> open -> closed -> published, nothing else."""
    if _NEXT.get(wave.state) is not to:
        raise SurveyError("wave-state", _REFUSED[to], wave=wave.id)
    if to is WaveState.OPEN and wave.public_key is None:
        raise SurveyError("wave-without-key", N_("Wave {wave} has no box key yet; create the key before opening."), wave=wave.id)
    return replace(wave, state=to)


def taken_back(wave: Wave) -> Wave:
    """An open wave as the draft it was, without its key: it was opened by mistake."""
    if wave.state is not WaveState.OPEN:
        raise SurveyError("wave-not-open", N_("Wave {wave} is not in the field."), wave=wave.id)
    # Its invitations end, and with them the keys that the plan names.
    return replace(wave, state=WaveState.DRAFT, public_key=None, plan=replace(wave.plan, key_signs={}))


def check_wave_id(wave_id: str) -> None:
    """Ids stand in addresses and file names: letters, digits, dot, dash, underscore."""
    if id_fault(wave_id, ID):
        message = N_('The wave id "{wave}" is not usable: up to 40 letters a-z, digits, dot, dash.')
        raise SurveyError("wave-id", message, wave=shown(wave_id))


def check_wave(opens: date, closes: date, title_vi: str, title_en: str, contact: str) -> None:
    """It closes on its first day or later, and what people will read of it can be stored and printed."""
    if closes < opens:
        raise SurveyError("wave-dates", N_("A wave cannot close before it opens. Correct the dates."))
    for title in (title_vi, title_en):
        if limits.text_fault(title, limits.NAME):
            raise SurveyError(
                "wave-title", N_("The title cannot be used: it is too long or holds a character that cannot be seen. Type it anew.")
            )
    if limits.text_fault(contact, limits.CONTACT):
        raise SurveyError(
            "wave-contact",
            N_(
                "The contact cannot be used: it must be one line of at most {longest} characters, without invisible characters. Type it anew."
            ),
            longest=limits.CONTACT,
        )


def wave_day(wave_id: str) -> date:
    """The day a past wave is dated by its id: 2019, 2019-11 or 2019-11-15 (the last day of the period)."""
    match = re.match(r"(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?", wave_id)
    try:
        if match is None:
            raise ValueError
        year, month, day = int(match[1]), int(match[2] or 12), match[3]
        return date(year, month, int(day) if day else calendar.monthrange(year, month)[1])
    except ValueError:
        raise SurveyError(
            "wave-id-date", N_('The wave id "{wave}" must begin with its year or date: 2019, 2019-11 or 2019-11-15.'), wave=wave_id
        ) from None
