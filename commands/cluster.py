"""Workers of a Dask cluster (https://distributed.dask.org), for a close that outgrows one machine. Needs the extra [cluster].

Pieces of the box and the key go straight to workers, and what is in them comes straight back: the scheduler sees neither.
A piece whose worker died is sent again to another; its result is taken once.
"""

from __future__ import annotations

import hashlib
import logging
import platform
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from itertools import cycle
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import pandas as pd

import survey
from survey.errors import N_, SurveyError
from survey.publish.workers import AHEAD, Workers, in_order

_Piece = TypeVar("_Piece")
_Result = TypeVar("_Result")
PATIENCE = 20  # seconds for the scheduler and the first worker to answer
TRIES = 4  # of one piece, on workers that died
FILES = ("ca.pem", "cert.pem", "key.pem")


def standing() -> dict[str, Any]:
    """What a worker must share with whoever sends it pieces, and whether what it holds may be written to its disk."""
    from dask import config

    digest = hashlib.sha256()
    for file in sorted(Path(survey.__path__[0]).rglob("*.py")):
        digest.update(file.read_bytes())
    versions = {"python": platform.python_version(), "numpy": np.__version__, "pandas": pd.__version__, "langnghe": digest.hexdigest()[:16]}
    memory = config.get("distributed.worker.memory")
    return {"versions": versions, "spills": bool(memory["target"] or memory["spill"])}


class Cluster:
    """Implements survey.publish.workers.Workers. `held`: workers that were sent a piece."""

    near = False

    def __init__(self, client: Any) -> None:
        self._client = client
        self._sent: set[str] = set()
        self._able: Iterator[str] = iter(())
        self._look()

    @property
    def held(self) -> int:
        return len(self._sent)

    def each(self, work: Callable[[_Piece], _Result], pieces: Iterable[_Piece]) -> Iterator[_Result]:
        def begin(piece: _Piece) -> tuple[Any, _Piece]:
            return self._begin(work, piece), piece

        def wait(under_way: tuple[Any, _Piece]) -> _Result:
            from distributed import CancelledError, KilledWorker

            future, piece = under_way
            for _ in range(TRIES):
                try:
                    found: _Result = future.result()
                except (CancelledError, KilledWorker, OSError):
                    self._look()
                    future = self._begin(work, piece)
                else:
                    return found
            message = N_(
                "{count} workers one after the other died over the same piece (memory?). Nothing was destroyed; please close again."
            )
            raise SurveyError("worker-died", message, count=TRIES)

        return in_order(begin, wait, pieces, AHEAD * self._many)

    def _begin(self, work: Callable[[_Piece], _Result], piece: _Piece) -> Any:
        """The piece lies in its worker's memory and nowhere else; without `direct` it would pass through the scheduler."""
        for _ in range(TRIES):
            worker = next(self._able)
            try:
                sent = self._client.scatter(piece, workers=[worker], direct=True, hash=False)
            except (OSError, TimeoutError, ValueError):  # gone meanwhile
                self._look()
            else:
                self._sent.add(worker)
                return self._client.submit(work, sent, workers=[worker], pure=False)
        raise _unreachable(self._client.scheduler.address)

    def _look(self) -> None:
        """Which workers there are now: all of our version, none that writes what it holds to a disk."""
        here = standing()["versions"]
        try:
            self._client.wait_for_workers(1, timeout=PATIENCE)
            told = self._client.run(standing, on_error="return")
        except (OSError, TimeoutError):
            raise _unreachable(self._client.scheduler.address) from None
        for worker, of_worker in told.items():
            if not isinstance(of_worker, dict) or of_worker["versions"] != here:
                raise _of_another_version(worker, of_worker, here)
            if of_worker["spills"]:
                raise SurveyError("worker-spills", _SPILLS, worker=worker)
        self._many = len(told)
        self._able = cycle(told)


_SPILLS = N_(
    "Worker {worker} may write what it holds to its disk. Start workers with DASK_DISTRIBUTED__WORKER__MEMORY__TARGET=False and "
    "DASK_DISTRIBUTED__WORKER__MEMORY__SPILL=False. Nothing was opened."
)


def _of_another_version(worker: str, told: object, here: dict[str, str]) -> SurveyError:
    has = told["versions"] if isinstance(told, dict) else {}
    named = ", ".join(f"{name} {has.get(name, '?')} / {version}" for name, version in here.items() if has.get(name) != version)
    message = N_("Worker {worker} has different versions from this machine ({named}). Install the same on both. Nothing was opened.")
    return SurveyError("worker-version", message, worker=worker, named=named)


def _unreachable(address: str) -> SurveyError:
    message = N_(
        "No worker answers at {address} within {seconds} seconds. Are scheduler and workers running, with certificates of the same "
        "authority? Nothing was destroyed; the box stays sealed."
    )
    return SurveyError("scheduler-unreachable", message, address=address, seconds=PATIENCE)


@contextmanager
def cluster(address: str, certificates: Path) -> Iterator[Workers]:
    """The workers behind a scheduler, over TLS only. `certificates`: a folder with ca.pem, cert.pem and key.pem."""
    if not address.startswith("tls://"):
        message = N_(
            "Keys and ballots travel over TLS only: the scheduler's address begins with tls://, not {address}. Nothing was opened."
        )
        raise SurveyError("scheduler-address", message, address=address)
    if missing := [name for name in FILES if not (certificates / name).is_file()]:
        message = N_("In {folder} there is no {names}. The folder holds ca.pem, cert.pem and key.pem. Nothing was opened.")
        raise SurveyError("certificates-missing", message, folder=certificates, names=", ".join(missing))
    try:
        from distributed import Client, Security
    except ImportError:
        message = N_('A cluster needs the extra "cluster": pip install "langnghe[cluster]". Nothing was opened.')
        raise SurveyError("cluster-missing", message) from None
    logging.getLogger("distributed").setLevel(logging.CRITICAL)
    authority, certificate, key = (str(certificates / name) for name in FILES)
    security = Security(tls_ca_file=authority, tls_client_cert=certificate, tls_client_key=key, require_encryption=True)  # type: ignore[no-untyped-call]
    try:
        client = Client(address, security=security, timeout=PATIENCE, set_as_default=False, direct_to_workers=True)  # type: ignore[no-untyped-call]
    except (OSError, TimeoutError):
        raise _unreachable(address) from None
    with client:
        yield Cluster(client)
