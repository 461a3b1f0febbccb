"""From releases to a report: the official frame, the parts, the annexes, the list for transparency."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from survey.analyse.criteria import Reading
from survey.design.wave import Origin
from survey.disclose.release import Cell
from survey.disseminate import sentences
from survey.disseminate.given import base_of, origin_of
from survey.disseminate.report import annexes, criteria_annex, parts
from survey.disseminate.report.entries import noted
from survey.disseminate.report.material import Material
from survey.disseminate.report.model import Block, Column, Entry, Frame, Number, Paragraph, Report, Section, Table
from survey.disseminate.report.undertaken import NOTHING, Undertaken
from survey.disseminate.sheets import POLICY_LABELS
from survey.errors import N_
from survey.i18n import DASH

COLLECTED = N_(
    "The survey was anonymous and voluntary. A form holds the unit, the answers and nothing that leads to a person; results were made only after the wave was closed, and every number passed the rules below."
)
IMPORTED = N_(
    "The answers were collected elsewhere and imported from a file; how they were collected is for the issuing body to say. Every number passed the rules below."
)


def build(of: Material, by_criteria: Reading | None = None, undertaken: Undertaken = NOTHING) -> Report:
    """The report of `of.unit` in the last wave of `of.releases`; `by_criteria`: the same unit by the criteria of its plan."""
    _ = of.locale
    *tables, answers = annexes.tables(of)
    listed = [
        *tables,
        *criteria_annex.sections(of, by_criteria),
        answers,
        Section(id="transparency", heading=_("How the survey was done"), blocks=tuple(transparency(of))),
    ]
    numbered = [replace(one, heading=_("ANNEX {number}. {title}", number=n, title=one.heading)) for n, one in enumerate(listed, start=1)]
    illustrative = _("ILLUSTRATIVE FIGURES – DO NOT QUOTE") if of.release.wave.illustrative else ""
    unit = of.unit.replace(":", "-").replace("+", "-")
    return Report(
        frame=frame(of), parts=tuple(parts.parts(of, undertaken)), annexes=tuple(numbered), illustrative=illustrative,
        name=f"bao-cao-{of.release.wave.id}-{unit}",
    )  # fmt: skip


def frame(of: Material) -> Frame:
    _, wave = of.locale, of.release.wave
    return Frame(
        superior=_("[SUPERIOR BODY]"),
        issuer=_("[ISSUING BODY]"),
        number=_("No.: ....../BC-[......]"),
        nation=_("SOCIALIST REPUBLIC OF VIET NAM"),
        motto=_("Independence - Freedom - Happiness"),
        place_and_day=_("[Place], day ...... month ...... year {year}", year=wave.closes.year),
        kind=_("REPORT"),
        subject=_("Results of the anonymous survey on workplace culture of {unit}, {wave}", wave=of.wave_name, unit=of.name),
        opening=_(
            "On the basis of the results of {wave} ({opens} to {closes}), [issuing body] reports as follows:",
            wave=of.wave_name, opens=_.day(wave.opens), closes=_.day(wave.closes),
        ),
        recipients=(_("Recipients:"), _("- [......];"), _("- Filed: Records.")),
        office=_("[OFFICE OF THE SIGNER]"),
        signer=_("[Full name]"),
        annexes=_("(With report No. ....../BC-[......])"),
    )  # fmt: skip


def transparency(of: Material) -> Iterator[Block]:
    """How it was done, how many were asked and answered, under which rules, and the fingerprint to check it by."""
    _, release = of.locale, of.release
    wave, questionnaire = release.wave, release.questionnaire
    yield Paragraph(origin_of(release, _) or _(COLLECTED if wave.origin is Origin.COLLECTED else IMPORTED))
    if source := sentences.provenance(wave, _):
        yield Paragraph(source)
    forms = of.forms
    facts: list[tuple[Entry, ...]] = [
        (_("Wave"), f"{of.wave_name} ({wave.id})"),
        (_("In the field"), _("{opens} to {closes}", opens=_.day(wave.opens), closes=_.day(wave.closes))),
        (_("Questionnaire"), f"{_.pick(questionnaire.title_vi, questionnaire.title_en)} ({questionnaire.id} {questionnaire.version})"),
        (_("Questions"), _.number(len(questionnaire.items), 0)),
        (_("Number of staff asked"), DASH if (asked := of.asked(of.unit)) is None else _.number(asked, 0)),
        (_("Valid forms"), base_of(forms, _) if isinstance(forms, Cell) else Number(None, 0, hidden=forms.reason)),
    ]
    facts += [(_(label), _.number(release.policy[name], 0)) for name, label in POLICY_LABELS.items() if name in release.policy]
    facts += [(_("Fingerprint of these results (SHA-256)"), of.hash), (_("Fingerprint of the table plan (SHA-256)"), release.plan.hash)]
    columns = (Column(_("What"), 4, number=False), Column(_("Value"), 6, number=False))
    yield noted(of, Table(columns=columns, rows=tuple(facts)))
    yield Paragraph(
        _(
            "Groups and the province are weighted by headcount over their units. The questions with all options and answers stand in the annex before this one."
        )
    )
