"""Wrong input at length: every POST route, and whatever else is in PARTS. The suite runs the same, shorter.

Another part is one more function in PARTS: it takes the number of changes for each of its readers and returns rows.
"""

from __future__ import annotations

from collections.abc import Callable

from benchmarks import Row
from benchmarks.stores import environment, in_the_field
from survey.access import OPERATOR
from tests.fuzzing import post_all, targets
from tests.server import serving
from tests.small_world import answers

COUNT = 3000


def routes(count: int) -> list[Row]:
    field = in_the_field(staff=60)
    right = answers(field.services.design.questionnaires(OPERATOR)[0])
    field.services.close()
    with serving({**environment(field.folder), "LANGNGHE_INVITATIONS_OVER_HTTP": "for-tests"}, field.folder) as server:
        found = post_all(server, targets(field.codes[0][0], right), count, seed=2)
    if found.wrong:
        raise RuntimeError("\n".join(found.wrong[:20]))
    return [
        Row(f"bodies sent to every POST route, {found.sent} in all: answered 500, or with a traceback", f"{len(found.wrong)}", "0"),
        Row("the slowest answer", f"{1000 * found.slowest:.0f} ms", "< 5 s"),
        Row("memory of the server afterwards", f"{found.grown / 1024 / 1024:+.0f} MB", "< +150 MB"),
    ]


PARTS: list[Callable[[int], list[Row]]] = [routes]


def rows() -> list[Row]:
    return [row for part in PARTS for row in part(COUNT)]
