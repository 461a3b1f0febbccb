"""The programmes asked of HiGHS give scipy's answers: on random small ones, those without a world and those without an end among them."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import sparse
from scipy.optimize import linprog

from survey.disclose.attack.worlds import Worlds

DONE, NO_WORLD, NO_END = 0, 2, 3  # linprog's words


@pytest.mark.slow  # of a hundred random programmes
def test_the_answers_are_those_of_scipy() -> None:
    rng = np.random.default_rng(12)
    met = dict.fromkeys((DONE, NO_WORLD, NO_END), 0)
    for _time in range(120):
        rows, cells = int(rng.integers(0, 6)), int(rng.integers(1, 9))
        dense = rng.integers(-1 if rng.random() < 0.3 else 0, 2, (rows, cells)).astype(float)
        dense[:, dense.any(axis=0) & (rng.random(cells) < 0.2)] = 0.0  # columns that no number speaks of
        people = rng.integers(0, 6, cells).astype(float)
        said = dense @ people + (rng.integers(-3, 4, rows) if rng.random() < 0.3 else 0)
        room = np.where(rng.random(rows) < 0.3, np.inf, 0.0)  # some numbers are bounds only
        most = np.where(rng.random(cells) < 0.5, 4.0, np.inf)
        worlds = Worlds(sparse.csr_matrix(dense), said - room, said, most)
        for _question in range(3):
            cost = rng.integers(-2, 3, cells).astype(float)
            found = worlds.cheapest(cost)
            held = room == 0
            whole = {"A_eq": dense[held], "b_eq": said[held], "A_ub": dense[~held], "b_ub": said[~held]}
            known = linprog(cost, **whole, bounds=list(zip(np.zeros(cells), most, strict=True)))
            met[known.status] += 1
            assert (known.status == NO_END) == (found.cost == -np.inf)
            assert (known.x is None) == (found.world is None)
            if found.world is not None:
                assert abs(known.fun - found.cost) < 1e-6 and abs(cost @ found.world - found.cost) < 1e-6
                assert (np.abs(dense[held] @ found.world - said[held]) < 1e-6).all() and (
                    dense[~held] @ found.world <= said[~held] + 1e-6
                ).all()
                assert (found.world >= -1e-6).all() and (found.world <= most + 1e-6).all()
    assert min(met.values()) >= 20, met
