"""The build that speed is measured against: a work tree of its commit, run with the same Python and the same packages."""

from __future__ import annotations

import atexit
import subprocess
from functools import cache
from pathlib import Path

from benchmarks.stores import new_folder
from tests.conftest import REPOSITORY

BEFORE = "fd3d85a1"


@cache
def tree() -> Path:
    """The build before, without its environment."""
    folder = new_folder() / "before"
    subprocess.run(["git", "worktree", "add", "--quiet", "--detach", str(folder), BEFORE], cwd=REPOSITORY, check=True)
    atexit.register(subprocess.run, ["git", "worktree", "remove", "--force", str(folder)], cwd=REPOSITORY, check=False)
    return folder


def trees() -> dict[str, Path]:
    return {"now": REPOSITORY, "before": tree()}
