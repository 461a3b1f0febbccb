"""What is said of units beside each other."""

from __future__ import annotations

from survey.analyse.verdicts import GROUP, PREVIOUS
from survey.disclose.release import Cell, Suppressed
from survey.disseminate.comparing import Comparing
from survey.disseminate.look import score_of
from survey.disseminate.sentences.units import index_calls, index_changes
from survey.i18n import Locale


def comparison(of: Comparing) -> list[str]:
    """Good, not good, changed: the units' index against their group, and against the wave before."""
    names = {unit: of.names[unit] for unit in of.units}
    good, bad = index_calls(names, of.index_calls(GROUP), of.names[of.group], of.locale)
    return [good, bad, index_changes(names, of.index_calls(PREVIOUS), of.earlier, of.locale)]


def signs(of: Comparing) -> str:
    """What stands behind the signs of the table, and what a click does."""
    _, policy = of.locale, of.release.policy
    rules = _(
        "▲ ▼: at least {points} points apart, false calls held to {share} of all such tests. No sign: no clear difference. ○: not tested (under {n} answers, or not the same unit or question); the table says why.",
        points=_.number(policy["smallest"], 0), share=_.percent(100 * policy["false_discoveries"]), n=policy[of.columns.minimum],
    )  # fmt: skip
    return f"{rules} {_('A click on a cell leads to what it is made of.')}"


def middle(what: str, median: tuple[float, int], whole: Cell | Suppressed, name: str, locale: Locale) -> str:
    """The median of the units, each counting once, beside the number of all their people."""
    _, (value, count) = locale, median
    said = _(
        "{what}: the median of the {count} units shown is {median}, each unit counting once", what=what, count=count, median=_.number(value)
    )
    if isinstance(whole, Cell) and whole.score is not None:
        said += _("; over all people of {group} it is {score}", group=name, score=score_of(whole, _))
    return f"{said}."


def bands_rule(locale: Locale) -> str:
    return locale(
        "A unit's band is every rank its 95% interval allows; units whose bands overlap are not told apart. Scores serve improvement, not emulation titles."
    )


def funnel_rule(locale: Locale) -> str:
    return locale(
        "Within the funnel a unit may differ from its group by chance alone. The curves leave out the correction for near-censuses, so they are wide; what is sure stands in the heatmap."
    )
