"""How several units stand to each other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from survey.analyse.change import HIDDEN, Comparison, State
from survey.analyse.ranking import Ranked
from survey.disclose.release import NOT_AVAILABLE, Cell, Release, Suppressed
from survey.disseminate.look import node_name
from survey.disseminate.sentences.waves import what_changed
from survey.disseminate.sentences.words import some
from survey.i18n import Locale


def units_and_calls(
    names: Mapping[str, str], found: Mapping[tuple[str, str], Comparison], cells: Iterable[Cell | Suppressed], locale: Locale
) -> str:
    """How much of the table (its `cells`) was called, tested and hidden. `names`: unit -> name; `found`: (unit, measure) -> comparison."""
    _ = locale
    called = sum(one.called for one in found.values())
    if called:
        calls = _("{count} cells differ for sure.", count=_.number(called, 0))
    elif found and all(one.state is State.NOT_TESTED for one in found.values()):
        calls = _("No cell could be tested.")
    else:
        calls = _("No cell differs for sure.")
    said = [_("{units} units.", units=_.number(len(names), 0)), calls]
    reasons = Counter(one.reason for one in found.values() if one.state is State.NOT_TESTED and one.reason != HIDDEN)
    if reasons:
        parts = "; ".join(f"{_(reason)} ({_.number(count, 0)})" for reason, count in reasons.most_common())
        said.append(_("Not tested: {reasons}.", reasons=parts))
    without = Counter(one.reason == NOT_AVAILABLE for one in cells if isinstance(one, Suppressed))
    if without[False]:
        said.append(_("{count} cells are hidden.", count=_.number(without[False], 0)))
    if without[True]:
        said.append(_("For {count} cells there is no number.", count=_.number(without[True], 0)))
    return " ".join(said)


def index_calls(names: Mapping[str, str], found: Mapping[str, Comparison], against: str, locale: Locale) -> tuple[str, str]:
    """Which units lie clearly above and clearly below in the index; `found`: unit -> comparison with `against`."""
    _ = locale
    if not any(one.p is not None for one in found.values()):
        return _("No unit's index could be tested against {group}.", group=against), ""

    def named(state: State) -> list[str]:
        called = [(one.difference or 0.0, names[unit]) for unit, one in found.items() if one.state is state and unit in names]
        return [name for _gap, name in sorted(called, key=lambda pair: -abs(pair[0]))]

    higher, lower = named(State.HIGHER), named(State.LOWER)
    return (
        _("Index clearly higher than {group}: {names}.", group=against, names=some(higher, locale))
        if higher
        else _("No unit's index is clearly higher than {group}.", group=against),
        _("Index clearly lower than {group}: {names}.", group=against, names=some(lower, locale))
        if lower
        else _("No unit's index is clearly lower than {group}.", group=against),
    )


def index_changes(names: Mapping[str, str], found: Mapping[str, Comparison], before: str | None, locale: Locale) -> str:
    """Which units' index rose or fell for sure; `found`: unit -> change on wave `before`."""
    shown = [(names[unit], one) for unit, one in found.items() if unit in names]
    return what_changed(shown, before, locale)


def bands(release: Release, found: Sequence[Ranked], locale: Locale) -> str:
    """Who can be first and who can be last, as far as the intervals tell."""
    _ = locale
    first = [node_name(release, one.unit, locale) for one in found if one.best == 1]
    last = [node_name(release, one.unit, locale) for one in found if one.worst == len(found)]
    if len(first) == len(found):
        return _("The intervals do not tell the {n} units apart.", n=len(found))
    return _("May be first: {first}. May be last: {last}.", first=some(first, locale), last=some(last, locale))
