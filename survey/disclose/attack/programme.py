"""How far can hidden cells move while everything published stays as it is? A linear programme.

The matrix stays; what is published, how far cells may move and what is asked change thousands of
times. Moves are split in ups and downs and every search starts from no move at all: what is found
then moves few cells, and remains a proof when other numbers are shown or other people counted.
"""

from __future__ import annotations

from dataclasses import dataclass

import highspy
import numpy as np
from scipy import sparse

from survey.process.scores import Floats
from survey.process.tree import Flags, Places

TINY = 1e-6


@dataclass(frozen=True, eq=False)
class Move:
    """cells, by: which cells move and how far; rows, sums: the numbers this changes and how much;
    freed: cells that were allowed to move without limit."""

    cells: Places
    by: Floats
    rows: Places
    sums: Floats
    freed: Places

    def of(self, cell: int | np.integer) -> float:
        return float(self.by[self.cells == cell].sum())


class Programme:
    """max weights . d subject to R d = 0 on published rows and -low <= d <= high, in HiGHS."""

    def __init__(self, rows: sparse.csr_matrix) -> None:
        self._rows = rows
        self._shown = np.zeros(rows.shape[0], dtype=bool)
        self._low = self._high = np.zeros(rows.shape[1])
        self._moves: list[Move] = []
        self._possible: list[Move] = []  # those within the limits
        self._highs = _highs(sparse.csr_matrix(sparse.hstack([rows, -rows])))

    def publish(self, shown: Flags) -> None:
        """Fix the numbers that are `shown`, let go of the others."""
        for row in np.flatnonzero(shown != self._shown):
            bound = 0.0 if shown[row] else highspy.kHighsInf
            self._highs.changeRowBounds(int(row), -bound, bound)
        self._shown = shown.copy()

    def limit(self, low: Floats, high: Floats) -> None:
        """How far each cell may go down and up."""
        if np.array_equal(low, self._low) and np.array_equal(high, self._high):
            return
        self._low, self._high = low, high
        self._possible = [move for move in self._moves if self._within(move)]
        self._bound(np.arange(len(low)), low, high)

    def _bound(self, cells: Places, low: Floats, high: Floats) -> None:
        columns = np.concatenate([cells, cells + self._rows.shape[1]]).astype(np.int32)
        self._highs.changeColsBounds(len(columns), columns, np.zeros(len(columns)), np.concatenate([high, low]))

    def proofs(self) -> list[Move]:
        """Remembered moves that are still possible with what is shown and within the limits."""
        return [move for move in self._possible if not self._shown[move.rows].any()]

    def _within(self, move: Move) -> bool:
        cells, by = move.cells, move.by
        inside = (by >= -self._low[cells] - TINY) & (by <= self._high[cells] + TINY)
        return bool((inside | np.isin(cells, move.freed)).all())

    def remember(self, move: Move) -> None:
        """Keep a move as a proof for later."""
        self._moves.append(move)
        self._possible.append(move)

    def maximise(self, cells: Places, weights: Floats, freed: Places | None = None, room: Floats | None = None) -> tuple[Move, Floats]:
        """The best move, and for each published row what one more there would add.

        `freed`: cells whose limits are `room` instead, this once.
        """
        some = np.zeros(0, dtype=np.int64) if freed is None else freed
        if room is not None:
            self._bound(some, room, room)
        columns = np.concatenate([cells, cells + self._rows.shape[1]]).astype(np.int32)
        self._highs.changeColsCost(len(columns), columns, np.concatenate([weights, -weights]))
        self._highs.clearSolver()
        self._highs.run()
        self._highs.changeColsCost(len(columns), columns, np.zeros(len(columns)))
        self._bound(some, self._low[some], self._high[some])
        solution = self._highs.getSolution()
        ups, downs = np.split(np.array(solution.col_value), 2)
        by = ups - downs
        sums = np.asarray(self._rows @ by)
        moved, changed = np.flatnonzero(np.abs(by) > TINY), np.flatnonzero(np.abs(sums) > TINY)
        move = Move(moved, by[moved], changed, sums[changed], some)
        self.remember(move)
        return move, np.where(self._shown, np.array(solution.row_dual), 0.0)


def over(rows: sparse.csr_matrix) -> highspy.HighsLp:
    """A linear programme over these rows, with nothing said yet of costs and limits."""
    programme = highspy.HighsLp()
    programme.num_row_, programme.num_col_ = rows.shape
    matrix = programme.a_matrix_
    matrix.format_ = highspy.MatrixFormat.kRowwise
    matrix.start_, matrix.index_, matrix.value_ = rows.indptr, rows.indices, rows.data
    return programme


def _highs(rows: sparse.csr_matrix) -> highspy.Highs:
    programme = over(rows)
    programme.sense_ = highspy.ObjSense.kMaximize
    programme.col_cost_ = programme.col_lower_ = programme.col_upper_ = np.zeros(rows.shape[1])
    programme.row_lower_ = np.full(rows.shape[0], -highspy.kHighsInf)
    programme.row_upper_ = np.full(rows.shape[0], highspy.kHighsInf)
    highs = Quiet()  # type: ignore[no-untyped-call]
    # Presolve would start every small question over again; the dual simplex from no move is quickest.
    for option, value in (("output_flag", False), ("threads", 1), ("presolve", "off"), ("simplex_strategy", 1)):
        highs.setOptionValue(option, value)
    highs.passModel(programme)
    return highs


class Quiet(highspy.Highs):
    """Without the line it prints when it is made, which would stand in the JSON of a command."""

    def enableCallbacks(self) -> None:
        self.setOptionValue("output_flag", False)
        super().enableCallbacks()  # type: ignore[no-untyped-call]
