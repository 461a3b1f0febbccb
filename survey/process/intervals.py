"""Intervals of shares. Source: CSPS technical guide 2019, with the finite population correction."""

from __future__ import annotations

import math

from scipy.stats import norm


def correction(answers: float, population: float | None) -> float:
    """sqrt((N - n) / (N - 1)): near-censuses of small units are surer than samples. 1 where N is unknown."""
    if population is None or population <= 1:
        return 1.0
    return math.sqrt(max(population - answers, 0) / (population - 1))


def share_margin(share: float, answers: int, population: int | None, confidence: float = 0.95) -> float:
    """Margin of a share (0-1) in percentage points: z sqrt(p (1 - p) / n), corrected."""
    z = float(norm.ppf(0.5 + confidence / 2))
    return 100 * z * math.sqrt(share * (1 - share) / answers) * correction(answers, population)


def wilson(favourable: float, answers: int, population: int | None, confidence: float = 0.95) -> tuple[float, float]:
    """Wilson interval of a share in percent, its half width corrected (Wilson 1927)."""
    z = float(norm.ppf(0.5 + confidence / 2)) * correction(answers, population)
    share = favourable / answers
    centre = (share + z**2 / (2 * answers)) / (1 + z**2 / answers)
    half = z / (1 + z**2 / answers) * math.sqrt(share * (1 - share) / answers + z**2 / (4 * answers**2))
    return 100 * (centre - half), 100 * (centre + half)
