"""What a server reads when it starts, so that the first leader of the day does not wait for it."""

from __future__ import annotations

from itertools import product
from threading import Event

from survey.access import OPERATOR
from survey.analyse.verdicts import GROUP, PREVIOUS
from survey.disclose.release import INDEX
from survey.disseminate.results import Results


def read(results: Results, stopping: Event) -> None:
    """Read every release once, newest first, so that the first leader of the day does not wait for it (a second for eight).

    So too the verdicts that the first screen of the newest asks for: with thousands of units they take seconds. Of releases too large
    to be held this reads what the verdicts need of every tree, and checks their fingerprints, which takes all of their numbers once.
    """
    waves = results.waves(OPERATOR)
    for wave in reversed(waves):
        if stopping.is_set():
            return
        results.release(OPERATOR, wave.id)
    if waves:
        verdicts = results.verdicts(OPERATOR, waves[-1].id)
        release = verdicts.releases[-1]
        one_of_each = (INDEX, release.single_items[0])  # one of a family brings all of it
        for root, against, measure in product(release.plan.roots, (GROUP, PREVIOUS), one_of_each):
            if stopping.is_set():
                return
            verdicts.of(root, measure, against)
    for wave in reversed(waves):
        if stopping.is_set():
            return
        results.hash(OPERATOR, wave.id)
