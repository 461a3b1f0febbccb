"""Intervals of shares. Source: CSPS technical guide 2019, with the finite population correction."""

from __future__ import annotations

import math

import numpy as np
from scipy.special import ndtr, ndtri, stdtrit

from survey.process.scores import Floats

CONFIDENCE = 0.95


def student(freedom: Floats) -> Floats:
    """How many standard errors an interval reaches to either side, by degrees of freedom."""
    return np.asarray(stdtrit(freedom, 0.5 + CONFIDENCE / 2))


def correction(answers: float, population: float | None) -> float:
    """sqrt((N - n) / (N - 1)): near-censuses of small units are surer than samples. 1 where N is unknown."""
    if population is None or population <= 1:
        return 1.0
    return math.sqrt(max(population - answers, 0) / (population - 1))


def share_margin(share: float, answers: int, population: int | None, confidence: float = CONFIDENCE) -> float:
    """Margin of a share (0-1) in percentage points: z sqrt(p (1 - p) / n), corrected."""
    z = float(ndtri(0.5 + confidence / 2))
    return 100 * z * math.sqrt(share * (1 - share) / answers) * correction(answers, population)


def wilson(favourable: float, answers: int, population: int | None, confidence: float = CONFIDENCE) -> tuple[float, float]:
    """Wilson interval of a share in percent (Wilson 1927); `favourable` of `answers` people.

    n people out of N tell as much as n / correction^2 people out of a crowd: z shrinks by the correction.
    """
    from statsmodels.stats.proportion import proportion_confint  # heavy, and asked for where results are read

    z = float(ndtri(0.5 + confidence / 2)) * correction(answers, population)
    low, high = proportion_confint(favourable, answers, alpha=2 * float(ndtr(-z)), method="wilson")
    return 100 * float(low), 100 * float(high)
