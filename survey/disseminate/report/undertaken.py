"""What the unit undertook: with the last answers, in part I; after these, in part IV."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from survey.disclose.release import Release
from survey.disseminate.report.material import Material
from survey.disseminate.report.model import Block, Column, Paragraph, Table
from survey.undertaking import PROGRESS, Progress, Undertaking, about


@dataclass(frozen=True, kw_only=True)
class Undertaken:
    """`before`: the unit's own after the wave before; `before_below`: how far the announced ones of the units below are."""

    before: tuple[Undertaking, ...] = ()
    before_below: tuple[Progress, ...] = ()
    now: tuple[Undertaking, ...] = ()


NOTHING = Undertaken()


def heard(of: Material, undertaken: Undertaken) -> Iterator[Block]:
    """What was done with the answers of the wave before; nothing where nothing was written down."""
    _, before = of.locale, of.before
    if before is None:
        return
    wave = _.pick(before.wave.title_vi, before.wave.title_en) or before.wave.id
    if undertaken.before:
        yield Paragraph(_("What was done with the answers of {wave}", wave=wave) + ":")
        yield _table(of, before, undertaken.before)
    if undertaken.before_below:
        done, doing, open_ = (undertaken.before_below.count(one) for one in (Progress.DONE, Progress.DOING, Progress.HEARD))
        yield Paragraph(
            _("The units below announced {all} actions after {wave}: {done} done, {doing} being done, {heard} heard.",
              all=len(undertaken.before_below), wave=wave, done=done, doing=doing, heard=open_)
        )  # fmt: skip


def planned(of: Material, undertaken: Undertaken) -> Iterator[Block]:
    if undertaken.now:
        yield Paragraph(of.locale("Written down so far after this wave:"))
        yield _table(of, of.release, undertaken.now)


def _table(of: Material, release: Release, found: tuple[Undertaking, ...]) -> Table:
    _ = of.locale
    columns = tuple(
        Column(label, width, number=False)
        for label, width in (
            (_("Theme or question"), 3), (_("What is done"), 4), (_("Who sees to it"), 2), (_("By when"), 1.5), (_("How far it is"), 1.6),
        )
    )  # fmt: skip
    rows = [(about(one, release.questionnaire, _), one.text, one.owner, _.day(one.due), _(PROGRESS[one.progress])) for one in found]
    return Table(columns=columns, rows=tuple(rows))
