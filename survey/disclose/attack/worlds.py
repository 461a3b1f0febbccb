"""All worlds that could stand behind what is published: people in each cell, never fewer than none. HiGHS finds the dearest or cheapest.

The rows stay while different questions are asked; scipy would check and copy them for each.
"""

from __future__ import annotations

from dataclasses import dataclass

import highspy
import numpy as np
from scipy import sparse

from survey.disclose.attack.programme import Quiet, over
from survey.process.scores import Floats

_Status = highspy.HighsModelStatus


@dataclass(frozen=True, eq=False)
class Cheapest:
    """`cost` of the `world`; None where none agrees with what is published, and, with a cost of -inf, where there is no cheapest."""

    world: Floats | None
    cost: float


class Worlds:
    """x with low <= rows x <= high and 0 <= x <= most."""

    def __init__(self, rows: sparse.csr_matrix, low: Floats, high: Floats, most: Floats | None = None) -> None:
        made = over(rows)
        made.col_cost_ = made.col_lower_ = np.zeros(rows.shape[1])
        made.col_upper_ = np.full(rows.shape[1], highspy.kHighsInf) if most is None else most
        made.row_lower_, made.row_upper_ = low, high
        self._highs = Quiet()  # type: ignore[no-untyped-call]
        for option, value in (("output_flag", False), ("threads", 1)):
            self._highs.setOptionValue(option, value)
        self._highs.passModel(made)
        self._columns = np.arange(rows.shape[1], dtype=np.int32)

    def cheapest(self, cost: Floats) -> Cheapest:
        self._highs.changeColsCost(len(self._columns), self._columns, cost)
        self._highs.clearSolver()  # each question for itself: what was asked before decides nothing
        if (status := self._run("choose")) == _Status.kUnboundedOrInfeasible:
            status = self._run("off")  # which of the two is known without the short cut
        if status == _Status.kUnbounded:
            return Cheapest(None, -np.inf)
        if status != _Status.kOptimal:
            return Cheapest(None, np.nan)
        return Cheapest(np.array(self._highs.getSolution().col_value), float(self._highs.getInfo().objective_function_value))

    def _run(self, presolve: str) -> highspy.HighsModelStatus:
        self._highs.setOptionValue("presolve", presolve)
        self._highs.run()
        return self._highs.getModelStatus()
