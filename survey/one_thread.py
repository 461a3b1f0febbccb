"""Small matrices are reckoned by one thread: several would only wait for each other."""

from __future__ import annotations

from contextlib import AbstractContextManager
from functools import cache

from threadpoolctl import ThreadpoolController


def one_thread() -> AbstractContextManager[object]:
    """No second thread of BLAS until it is left."""
    limited: AbstractContextManager[object] = _libraries().limit(limits=1)
    return limited


@cache
def _libraries() -> ThreadpoolController:
    """Finding them reads the list of all that this process has loaded."""
    return ThreadpoolController()
