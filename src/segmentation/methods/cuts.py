"""Cuts learned from values: every one of them occurs in the data, and nothing depends on row order."""

import math
from fractions import Fraction

import numpy as np

from segmentation.methods.exact import customers_in, share_of, whole
from segmentation.rules.criteria import Cuts


def quantile_cuts(values: np.ndarray, levels: int, better: str) -> Cuts:
    """The cuts between `levels` quantile scores, from the worst to the best.

    Cut i is the smallest occurring value strictly better than the discrete i/levels quantile counted from
    the worst (the value at position ceil(n·i/levels)); None where no value is better.

    >>> quantile_cuts(np.array([1.0, 1, 1, 1, 1, 1, 2, 3, 4, 9]), 5, "high")
    (2.0, 2.0, 2.0, 4.0)
    >>> quantile_cuts(np.array([7.0, 7, 7]), 2, "high")
    (None,)
    """
    ranked = _worst_first(values, better)
    count = len(ranked)
    found = []
    for level in range(1, levels):
        quantile = ranked[-(-level * count // levels) - 1]
        place = np.searchsorted(ranked, quantile, side="right")
        found.append(_plain(ranked[place], better) if place < count else None)
    return tuple(found)


def mean_cut(values: np.ndarray, better: str, decimals: int = 2, factor: float | Fraction = 1) -> Cuts:
    """One cut: the first occurring value strictly better than `factor` times the mean; None if there is none.

    The sum is taken in whole minor units, so that a value equal to the mean is never rounded past it.

    >>> mean_cut(np.array([0.29, 0.29, 0.29]), "high"), mean_cut(np.array([1.0, 2.0, 6.0]), "low")
    ((None,), (2.0,))
    """
    exact = whole(values, decimals)
    mean = Fraction(str(factor)) * int(exact.sum()) / len(values)
    if better == "high":
        reached = values[exact > math.floor(mean)]
        return (float(reached.min()),) if len(reached) else (None,)
    reached = values[exact < math.ceil(mean)]
    return (float(reached.max()),) if len(reached) else (None,)


def median_cut(values: np.ndarray, better: str) -> Cuts:
    """One cut: the first occurring value strictly better than the median; None if there is none.

    >>> median_cut(np.array([1.0, 1, 1, 4, 9]), "high"), median_cut(np.array([1.0, 2, 3, 4]), "low")
    ((4.0,), (2.0,))
    """
    ranked = _worst_first(values, better)
    middle, upper = ranked[(len(ranked) - 1) // 2], ranked[len(ranked) // 2]
    place = np.searchsorted(ranked, middle, side="right")
    if middle < upper:
        return (_plain(upper, better),)
    return (_plain(ranked[place], better) if place < len(ranked) else None,)


def share_of_customers_cuts(
    scores: np.ndarray, eligible: np.ndarray, shares: tuple[float, ...]
) -> tuple[float | None, ...]:
    """Scores that cut the best share of all customers; equal scores stay together on the better side.

    Only eligible customers hold places. None where nobody is eligible.

    >>> share_of_customers_cuts(np.array([9.0, 8, 8, 7, 1]), np.ones(5, bool), (0.4, 0.8))
    (8.0, 7.0)
    """
    ranked = np.sort(scores[eligible])[::-1]
    if not len(ranked):
        return (None,) * len(shares)
    places = [min(customers_in(len(scores), share), len(ranked)) - 1 for share in shares]
    return tuple(float(ranked[place]) for place in places)


def share_of_value_cuts(
    values: np.ndarray, eligible: np.ndarray, shares: tuple[float, ...], decimals: int
) -> tuple[float | None, ...]:
    """Values that cut the share of the total of all positive values, cumulated from the top.

    The customer who crosses the line belongs to the better tier. Several customers of the same value go
    together, to the side on which most of their value lies; to the lower one only if somebody is left in the
    better tier.

    >>> share_of_value_cuts(np.array([50.0, 30, 10, 10]), np.ones(4, bool), (0.8, 0.95), 2)
    (30.0, 10.0)
    >>> share_of_value_cuts(np.array([500.0] * 30 + [20.0] * 270), np.ones(300, bool), (0.8, 0.95), 2)
    (500.0, 20.0)
    """
    counted = eligible & (values > 0)
    if not counted.any():
        return (None,) * len(shares)
    levels, customers = np.unique(values[counted], return_counts=True)
    levels, customers = levels[::-1], customers[::-1]
    worth = whole(levels, decimals) * customers
    cumulated = np.cumsum(worth)
    cuts: list[float | None] = []
    taken = 0  # how many levels the better tiers have
    for share in shares:
        line = share_of(int(cumulated[-1]), share)
        place = int(np.searchsorted(cumulated, line, side="left"))
        above = 2 * (line - int(cumulated[place] - worth[place]))
        if customers[place] > 1 and above < worth[place] and place > taken:
            place -= 1
        taken = max(taken, place + 1)
        cuts.append(float(levels[place]))
    return tuple(cuts)


def _worst_first(values: np.ndarray, better: str) -> np.ndarray:
    """Sorted so that later is better: low-is-better values are negated."""
    return np.sort(values if better == "high" else -values)


def _plain(ranked: float, better: str) -> float:
    """The value itself, from its place in `_worst_first`."""
    return float(ranked) if better == "high" else float(0.0 - ranked)
