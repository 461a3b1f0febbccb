"""Small matrices are reckoned by one thread: several would only wait for each other."""

from __future__ import annotations

import sys
from contextlib import AbstractContextManager
from functools import lru_cache

from threadpoolctl import ThreadpoolController


def one_thread() -> AbstractContextManager[object]:
    """No second thread of BLAS until it is left."""
    limited: AbstractContextManager[object] = _libraries(len(sys.modules)).limit(limits=1)
    return limited


@lru_cache(1)
def _libraries(_modules: int) -> ThreadpoolController:
    """Finding them reads the list of all that this process has loaded: done again when modules have come, which may bring a library."""
    return ThreadpoolController()
