"""Single questions: how one was answered, and which to look at first."""

from __future__ import annotations

from survey.analyse.change import Comparison, State
from survey.analyse.priorities import Priority
from survey.design.questionnaire import Item
from survey.disclose.release import Cell, Release, Suppressed
from survey.disseminate.given import base_of
from survey.disseminate.look import REASONS, node_name, score_of, share_of, why_bounds
from survey.disseminate.sentences.one_unit import against
from survey.i18n import Locale
from survey.process.intervals import wilson


def item(
    release: Release, unit: str, chosen: Item, group: str | None, one: Comparison, change: Comparison, before: str | None,
    locale: Locale,
) -> list[str]:  # fmt: skip
    """The score with what was called against the group (`one`), the shares behind it, what was called against wave `before` (`change`)."""
    _ = locale
    cell = release.cell(unit, f"item:{chosen.id}")
    if isinstance(cell, Suppressed):
        return [_("In wave {wave} this question is not shown ({reason}).", wave=release.wave.id, reason=_(REASONS[cell.reason]))]
    verdict = "" if group is None else " " + against(one, node_name(release, group, locale), locale)
    said = [f"{_score(cell, _)}.{verdict}", _shares(release, unit, cell, _), _item_change(change, before, locale)]
    return [*said, *([bounds] if (bounds := why_bounds(cell, _)) else [])]


def _shares(release: Release, unit: str, cell: Cell, locale: Locale) -> str:
    """Who answered well, who badly, who did not know; a number that is withheld is left out of the sentence and said to be."""
    _, said = locale, []
    if cell.favourable is not None:
        good = _("{favourable} answered favourably", favourable=share_of(cell, "favourable", _))
        if (margin := share_interval(release, unit, cell)) is not None:
            good += _(" (95% interval: {low} to {high})", low=_.percent(margin[0]), high=_.percent(margin[1]))
        said.append(good)
    if cell.unfavourable is not None and cell.dont_know is not None:
        said.append(
            _(
                "{unfavourable} answered unfavourably; {unknown} people did not know",
                unfavourable=share_of(cell, "unfavourable", _), unknown=_.number(cell.dont_know, 0),
            )
        )  # fmt: skip
    if release.scores_only and not said:
        return _("Its shares are not given.")
    if len(said) < 2 and not release.scores_only:
        said.append(_("Some shares of this question are withheld"))
    return "".join(f"{one}. " for one in said).strip()


def _score(cell: Cell, locale: Locale) -> str:
    _ = locale
    score = _("Score of this question: {score} points", score=score_of(cell, _))
    if cell.low is None or cell.high is None or cell.bound("score"):
        return score
    return score + _(" (95% interval: {low} to {high})", low=_.number(cell.low), high=_.number(cell.high))


def share_interval(release: Release, unit: str, cell: Cell) -> tuple[float, float] | None:
    """Wilson's interval of the favourable share in percent; None for groups, whose shares are weighted."""
    if cell.favourable is None or cell.bound("favourable") or not cell.base or len(release.plan.strata[unit]) != 1:
        return None
    headcount = None if release.published_elsewhere else release.plan.headcount(unit)
    return wilson(cell.favourable / 100 * cell.base, cell.base, headcount)


def _item_change(one: Comparison, before: str | None, locale: Locale) -> str:
    _ = locale
    if before is None:
        return _("There is no earlier wave to compare with.")
    if one.state is State.NOT_TESTED:
        return _("A change since wave {wave} was not tested: {reason}.", wave=before, reason=_(one.reason))
    points = _.number(one.difference, 1, sign=True)
    if one.state is State.NO_CLEAR_DIFFERENCE:
        return _("No clear change since wave {wave} ({points} points).", wave=before, points=points)
    if one.state is State.HIGHER:
        return _("Clearly up since wave {wave} ({points} points).", wave=before, points=points)
    return _("Clearly down since wave {wave} ({points} points).", wave=before, points=points)


def priority(one: Priority, locale: Locale) -> str:
    """An item to mend: its score, base and the reasons; the group and the past only where the difference was called."""
    _ = locale
    said = [_("{score} points, n = {n}", score=score_of(one.cell, _), n=base_of(one.cell, _))]
    if one.weak:
        said.append(_("among the lowest scores here"))
    if one.against.state is State.LOWER:
        said.append(_("▼ clearly lower than the group by {points}", points=_.number(abs(one.against.difference or 0.0))))
    if one.change.state is State.LOWER:
        said.append(_("▼ clearly down by {points} since wave {wave}", points=_.number(abs(one.change.difference or 0.0)), wave=one.before))
    if one.driving:
        said.append(_("its theme goes closely with the overall assessment"))
    return "; ".join(said)


def priority_rule(group: str | None, drivers: bool, locale: Locale) -> str:
    """How the things to mend were chosen, so that it can be checked."""
    _ = locale
    reasons = [_("a low score here")]
    reasons.append(_("clearly below the group, or clearly fallen") if group else _("clearly fallen"))
    if drivers:
        reasons.append(_("a theme that goes closely with the overall assessment"))
    return _("Reasons counted: {reasons}. What has more reasons comes first, then the wider gap.", reasons="; ".join(reasons))
