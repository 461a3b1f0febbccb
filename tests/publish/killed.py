"""Closes, each in a process of its own that is killed at one step (see STEPS).

`python -m tests.publish.killed` imports what a close needs once, and forks for each line it reads: step, share, data
directory and the addresses of the databases, as JSON. It answers with how the process ended.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import traceback
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

from bootstrap import Services, Settings, build
from db import box as db_box
from survey.access import OPERATOR
from survey.collect import ballot
from survey.collect.keys import KeyShare

NEEDED = (
    "survey.publish.closing",
    "survey.disclose.superseded",
    "db.access_log",
    "db.invitations",
    "db.registry",
    "db.releases",
    "db.stores",
)
# Each: whose function, its name, and whether the process dies before it or after it.
STEPS: dict[str, tuple[Callable[[Services], Any], str, str]] = {
    "box-shut": (lambda s: s.box, "shut", "after"),
    "shut-noted": (lambda s: s.access_log, "note", "after"),
    "ballots-read": (lambda s: ballot, "receipt", "after"),
    "counted": (lambda s: s.box, "settle", "before"),
    "settled": (lambda s: s.box, "settle", "after"),
    "in-the-writing": (lambda s: s.closing._releases, "_insert", "after"),
    "released": (lambda s: s.closing._releases, "finish_wave", "after"),
    "close-noted": (lambda s: s.access_log, "note_once", "after"),
    "codes-destroyed": (lambda s: s.closing._releases, "destroy_fieldwork", "after"),
    "cover-destroyed": (lambda s: s.box.covers, "destroy", "after"),
    "ballots-deleted": (lambda s: db_box, "forget_deleted", "before"),
    "box-destroyed": (lambda s: s.box, "destroy", "after"),
}


def die(owner: Any, name: str, when: str) -> None:
    held = getattr(owner, name)

    def dying(*arguments: Any, **named: Any) -> None:
        if when == "after":
            held(*arguments, **named)
        os.kill(os.getpid(), signal.SIGKILL)

    owner.__dict__[name] = dying


def close(step: str, share: str, environment: dict[str, str]) -> None:
    services = build(Settings.read(environment))
    owner, name, when = STEPS[step]
    die(owner(services), name, when)
    services.closing.close(OPERATOR, "2026", [KeyShare.from_bytes(Path(share).read_bytes())])


def main() -> None:
    for name in NEEDED:
        import_module(name)
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            try:
                close(**json.loads(line))
            except BaseException:
                traceback.print_exc()
            os._exit(0)  # whoever comes so far was not killed
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)


if __name__ == "__main__":
    main()
