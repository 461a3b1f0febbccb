"""Reports for whoever may have them: a leader gets those of the units he answers for."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

from survey.access import Permission, Viewer, require
from survey.access_log import Action, Log
from survey.disseminate.results import Results
from survey.errors import N_, NotAllowed, SurveyError
from survey.i18n import Locale

if TYPE_CHECKING:
    from survey.disseminate.report.material import Material
    from survey.disseminate.report.model import Report
    from survey.disseminate.report.undertaken import Undertaken
    from survey.undertaking import Undertaking


# Each library is heavy; a process that writes no report does without all of them.
def _docx(report: Report, of: Material) -> bytes:
    from survey.disseminate.report.word import to_docx

    return to_docx(report, of.locale)


def _pdf(report: Report, of: Material) -> bytes:
    from survey.disseminate.report.pdf import to_pdf

    return to_pdf(report, of.locale)


def _xlsx(report: Report, of: Material) -> bytes:
    from survey.disseminate.report.workbook import to_xlsx

    return to_xlsx(report, of.release, of.unit, of.locale, of.before)


FORMATS: dict[str, Callable[[Report, Material], bytes]] = {"docx": _docx, "pdf": _pdf, "xlsx": _xlsx}

MIME = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@dataclass(frozen=True)
class File:
    """A report as a file; `done`: which share of all asked for is made with it (0-1)."""

    name: str
    content: bytes
    done: float = 1.0


class UndertakingStore(Protocol):
    def of_wave(self, wave_id: str) -> tuple[Undertaking, ...]: ...


class Reports:
    """A report of a unit holds what the unit's own leader may see, whoever has it made. Each is noted in the log.

    `issuer`: the organisation's name, in the head of the document; a placeholder where it is empty.
    """

    def __init__(self, results: Results, log: Log, undertakings: UndertakingStore, issuer: str = "") -> None:
        self._results = results
        self._log = log
        self._undertakings = undertakings
        self._issuer = issuer

    def units(self, viewer: Viewer | None, wave_id: str) -> tuple[str, ...]:
        """The nodes of a wave whose reports the viewer may have, in plan order."""
        return self._results.own(viewer, wave_id)

    def one(self, viewer: Viewer | None, wave_id: str, unit: str, kind: str, locale: Locale) -> File:
        """The report of one unit; `kind`: docx, pdf or xlsx."""
        if unit not in self.units(viewer, wave_id):
            if unit not in self._results.release(viewer, wave_id).plan.by_id:
                raise SurveyError("unknown-unit", N_("Wave {wave} has no unit {unit}."), wave=wave_id, unit=unit)
            raise NotAllowed()
        file = self._made(require(viewer, Permission.RESULTS_SEE), wave_id, unit, kind, locale)
        self._log.note(viewer, Action.RESULTS_EXPORTED, wave=wave_id, format=kind, unit=unit)
        return file

    def all(self, viewer: Viewer | None, wave_id: str, kind: str, locale: Locale) -> Iterator[File]:
        """The reports of every unit the viewer may have, one after the other."""
        units = self.units(viewer, wave_id)
        self._log.note(viewer, Action.RESULTS_EXPORTED, wave=wave_id, format=kind, units=len(units))
        for number, unit in enumerate(units, start=1):
            file = self._made(require(viewer, Permission.RESULTS_SEE), wave_id, unit, kind, locale)
            yield replace(file, done=number / len(units))

    def zipped(self, viewer: Viewer | None, wave_id: str, kind: str, locale: Locale, progress: Callable[[float, str], None]) -> bytes:
        """All of them in one ZIP; `progress` is told the share done (0-1) and what is being done (msgid)."""
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:  # each file is compressed already
            for file in self.all(viewer, wave_id, kind, locale):
                archive.writestr(zipfile.ZipInfo(file.name), file.content)
                progress(file.done, N_("Writing the reports…"))
        return out.getvalue()

    def _made(self, viewer: Viewer, wave_id: str, unit: str, kind: str, locale: Locale) -> File:
        from survey.disseminate.report.building import build
        from survey.disseminate.report.material import Material

        reader = replace(viewer, unit=unit)
        material = Material(
            self._results.history(reader, wave_id), self._results.register(reader), unit, self._results.hash(reader, wave_id), locale,
            self._results.verdicts(reader, wave_id),
        )  # fmt: skip
        report = build(material, self._results.criteria(reader, wave_id, unit), self._undertaken(material))
        if self._issuer:
            report = replace(report, frame=replace(report.frame, issuer=self._issuer.upper()))
        return File(f"{report.name}.{kind}", FORMATS[kind](report, material))

    def _undertaken(self, of: Material) -> Undertaken:
        """The unit's own after the wave before and after this one, and how far those below it are."""
        from survey.disseminate.report.undertaken import Undertaken

        before = self._undertakings.of_wave(of.before.wave.id) if of.before else ()
        now, below = self._undertakings.of_wave(of.release.wave.id), of.release.plan.strata[of.unit]
        return Undertaken(
            before=tuple(one for one in before if one.unit == of.unit),
            before_below=tuple(one.progress for one in before if one.announced and one.unit in below and one.unit != of.unit),
            now=tuple(one for one in now if one.unit == of.unit),
        )
