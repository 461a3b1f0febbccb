"""What an import of printed scores would store: which measures, from where to where, for how many units."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from survey.disclose.release import FORMS, Release
from survey.errors import N_, Said
from survey.i18n import Locale


@dataclass(frozen=True, kw_only=True)
class MeasurePreview:
    """`low`, `high`: the smallest and the largest number of the measure, None where none is shown."""

    measure: str
    number: str
    units: int
    low: float | None
    high: float | None


@dataclass(frozen=True, kw_only=True)
class ScoresPreview:
    """One wave of a file. `without_base`: numbers of which nobody says how many people stand behind them; `hidden`: of too few."""

    wave: str
    units: int
    numbers: int
    without_base: int
    hidden: int
    measures: tuple[MeasurePreview, ...]

    @property
    def said(self) -> Said:
        text = N_(
            "Wave {wave}: printed scores only. No base is given for {n} of {numbers} numbers: they have no interval and are not tested; "
            "{hidden} are hidden because they speak of too few people."
        )
        return Said(text, {"wave": self.wave, "n": self.without_base, "numbers": self.numbers, "hidden": self.hidden})

    def as_dict(self) -> dict[str, Any]:
        found = {"wave": self.wave, "scores_only": True, "units": self.units, "numbers": self.numbers}
        measures = [vars(one) for one in self.measures]
        return {**found, "without_base": self.without_base, "hidden": self.hidden, "measures": measures}

    def lines(self, locale: Locale) -> list[str]:
        """The preview for people to read, one line a measure."""
        _ = locale
        names = {"score": _("score"), "favourable": _("favourable, percent")}
        return [
            _("Wave {wave}: {numbers} printed numbers, {units} units", wave=self.wave, numbers=self.numbers, units=self.units),
            *(
                _("{measure} ({number}): {units} units, from {low} to {high}", measure=one.measure, number=names[one.number],
                  units=one.units, low=_.number(one.low), high=_.number(one.high))
                for one in self.measures
            ),
        ]  # fmt: skip


def preview_of_scores(release: Release) -> ScoresPreview:
    cells = release.cells[release.cells["measure"] != FORMS]
    shown = cells[cells["reason"] == ""]
    measures = [
        MeasurePreview(measure=str(measure), number=number, units=len(known), low=float(known.min()), high=float(known.max()))
        for measure, rows in shown.groupby("measure", sort=False)
        for number in ("score", "favourable")
        if len(known := rows[number].dropna())
    ]
    return ScoresPreview(
        wave=release.wave.id,
        units=cells["unit"].nunique(),
        numbers=len(cells),
        without_base=int(shown["base"].isna().sum()),
        hidden=len(cells) - len(shown),
        measures=tuple(measures),
    )
