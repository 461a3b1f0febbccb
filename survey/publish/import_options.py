"""How a file of past results is to be taken in: what whoever imports it says of it, beside what stands in it."""

from __future__ import annotations

from dataclasses import dataclass

from survey.source import Source


@dataclass(frozen=True, kw_only=True)
class ImportOptions:
    """headcounts: a file of wave, unit, headcount; replacing: a correction of waves imported before; illustrative: a trial.

    Of counts alone: published: another body has protected these numbers (see the contract of `import counts`);
    own_people: units above others have people of their own, and are no totals.
    """

    headcounts: Source | None = None
    replacing: bool = False
    illustrative: bool = False
    published: bool = False
    own_people: bool = False


PLAIN = ImportOptions()
