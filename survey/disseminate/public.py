"""What everybody may see of a published wave, without an account: the whole, its index and themes, participation, the certificate."""

from __future__ import annotations

from survey.access import OPERATOR
from survey.design.wave import Wave, WaveState
from survey.disclose.release import Release
from survey.disseminate.export import to_csv, to_xlsx
from survey.disseminate.results import Results
from survey.disseminate.seen import public_part
from survey.errors import N_, SurveyError
from survey.i18n import Locale


def public_waves(results: Results) -> tuple[Wave, ...]:
    """Published waves, oldest first."""
    return tuple(wave for wave in results.waves(OPERATOR) if wave.state is WaveState.PUBLISHED)


def public_history(results: Results, wave_id: str) -> tuple[Release, ...]:
    """The series up to and including a published wave, each release cut to what everybody may see."""
    open_to_all = {wave.id for wave in public_waves(results)}
    if wave_id not in open_to_all:
        raise SurveyError("wave-not-published", N_("Wave {wave} has no published results."), wave=wave_id)
    return tuple(public_part(one) for one in results.history(OPERATOR, wave_id) if one.wave.id in open_to_all)


def public_csv(results: Results, wave_id: str, locale: Locale) -> bytes:
    """The same numbers as a file, in the columns of all our files."""
    history = public_history(results, wave_id)
    return to_csv(history[-1], locale, earlier=history[-2] if len(history) > 1 else None)


def public_xlsx(results: Results, wave_id: str, locale: Locale) -> bytes:
    """The same as a workbook, with the index and themes of every wave of the series on a sheet of its own."""
    history = public_history(results, wave_id)
    return to_xlsx(history[-1], locale, earlier=history[-2] if len(history) > 1 else None, series=history)
