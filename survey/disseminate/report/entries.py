"""What stands in a cell of an annex, and the notes under its table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from survey.analyse.change import Comparison, State
from survey.design.questionnaire import Item
from survey.disclose.release import NOT_AVAILABLE, NOT_GIVEN, ONLY_SOME, PROTECTS, TOO_FEW, Cell, Suppressed
from survey.disseminate.look import SIGN, bound_of
from survey.disseminate.report.material import Material
from survey.disseminate.report.model import SIGNS, Entry, Number, Table
from survey.errors import N_

NOT_TESTED = "○"
WHY = {
    TOO_FEW: N_("{sign} hidden: fewer answers than the minimum base."),
    PROTECTS: N_("{sign} hidden: shown, it would let another hidden number be worked out."),
    ONLY_SOME: N_(
        "{sign} hidden: a question that only some are asked is shown for the whole only, where those not asked are a group as well."
    ),
    NOT_AVAILABLE: N_("{sign} no number: not asked, not counted, or fewer staff than a rate needs."),
    NOT_GIVEN: N_("{sign} not given: another body printed the score alone, so there is no interval and no test."),
}


def figure(cell: Cell | Suppressed, name: str, digits: int = 1, mark: str = "") -> Number:
    """The cell's number of this name as it may be read; where it is hidden, its reason."""
    if isinstance(cell, Suppressed):
        return Number(None, digits, hidden=cell.reason)
    lacking = NOT_GIVEN if cell.base is None else NOT_AVAILABLE
    return Number(getattr(cell, name), digits, mark=mark, bound=bound_of(cell, name), hidden=lacking)


def score(cell: Cell | Suppressed, mark: str = "") -> Number:
    return figure(cell, "score", mark=mark)


def base(cell: Cell | Suppressed) -> Number:
    return figure(cell, "base", 0)


def interval(of: Material, low: float | None, high: float | None, sign: bool = False) -> str:
    if low is None or high is None:
        return ""
    return ("{}; {}" if sign else "{} – {}").format(*(of.locale.number(end, sign=sign) for end in (low, high)))


def difference(one: Comparison) -> Entry:
    """Points; a sign behind them where they were called, another where they were not tested; empty where a side is hidden."""
    if one.difference is None:
        return ""
    return Number(one.difference, sign=True, mark=NOT_TESTED if one.state is State.NOT_TESTED else SIGN[one.state])


def item_text(of: Material, item: Item) -> str:
    text = f"{item.id}. {of.locale.pick(item.vi, item.en)}"
    return f"{text} (R)" if item.reverse else text


def reverse_note(of: Material, items: Sequence[Item]) -> str:
    return of.locale("(R) negative wording, turned round in scoring: a high score is good.") if any(item.reverse for item in items) else ""


def about_tests(of: Material) -> tuple[str, ...]:
    _, policy = of.locale, of.release.policy
    return (
        _(
            "A difference is called clear only if it is at least {points} points and statistically sure (false calls held to {share} of a table); it is tested from {n} forms on each side.",
            points=_.number(policy["smallest"], 0), share=_.percent(100 * policy["false_discoveries"]), n=policy["base_score"],
        ),
    )  # fmt: skip


def noted(of: Material, table: Table, *notes: str) -> Table:
    """The table with its notes: what the signs of hidden numbers mean, then `notes`."""
    why = tuple(of.locale(WHY[reason], sign=SIGNS[reason]) for reason in table.reasons)
    return replace(table, notes=(*why, *(note for note in notes if note)))
