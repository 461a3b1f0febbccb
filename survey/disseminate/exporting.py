"""A release as a file that leaves the house: one way out, for pages and commands alike, and it is written down."""

from __future__ import annotations

from enum import StrEnum

from survey.access import Viewer
from survey.access_log import Action, Log
from survey.disclose.release import Release
from survey.disseminate.results import Results
from survey.i18n import Locale


class Kind(StrEnum):
    CSV = "csv"
    XLSX = "xlsx"
    SAV = "sav"
    CODEBOOK = "codebook"


def _written(kind: Kind, release: Release, locale: Locale, separator: str, earlier: Release | None) -> bytes:
    # The libraries of every kind of file are heavy; a process that writes none does without.
    from survey.disseminate.export import codebook_csv, to_csv, to_sav, to_xlsx

    match kind:
        case Kind.CSV:
            return to_csv(release, locale, separator, earlier)
        case Kind.XLSX:
            return to_xlsx(release, locale, earlier)
        case Kind.SAV:
            return to_sav(release, locale, earlier)
        case Kind.CODEBOOK:
            return codebook_csv(release, locale, separator)


class Exporting:
    def __init__(self, results: Results, log: Log) -> None:
        self._results = results
        self._log = log

    def file(self, viewer: Viewer | None, wave_id: str, kind: Kind, locale: Locale, separator: str = ";") -> bytes:
        """What the viewer may see of a wave, as a file. Noted in the log before it is handed over.

        `separator`: of CSV. Raises what Results.release raises.
        """
        release = self._results.release(viewer, wave_id)
        earlier = self._results.history(viewer, wave_id)[-2:-1]
        content = _written(kind, release, locale, separator, earlier[0] if earlier else None)
        self._log.note(viewer, Action.RESULTS_EXPORTED, wave=wave_id, format=kind.value, release=release.hash)
        return content
