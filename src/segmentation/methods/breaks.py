"""Natural breaks: classes of one column with the least spread within them."""

import numpy as np

from segmentation.methods.exact import whole
from segmentation.rules.criteria import Cuts

# More distinct values than this are first gathered into so many groups of neighbours, because the search is
# quadratic; a cut is still an occurring value.
MOST_POINTS = 1500


def natural_breaks(values: np.ndarray, levels: int, better: str, decimals: int = 2) -> Cuts:
    """The cuts between `levels` classes with the least sum of squares within classes, worst to best.

    Fisher (1958), On grouping for maximum homogeneity; known as Jenks' natural breaks. Exact by dynamic
    programming for up to 1,500 distinct values. With fewer values than levels the best cuts are None.

    >>> natural_breaks(np.array([1.0, 2, 2, 50, 51, 99]), 3, "high")
    (50.0, 99.0)
    """
    exact = whole(values, decimals)
    units, first, counts = np.unique(exact, return_index=True, return_counts=True)
    if better == "low":
        units, first, counts = units[::-1], first[::-1], counts[::-1]
    group = (np.arange(len(units)) * MOST_POINTS) // max(len(units), MOST_POINTS)
    starts = np.flatnonzero(np.diff(group, prepend=-1))
    weight = np.add.reduceat(counts, starts).astype(np.float64)
    # exact integers divided by the largest: the same doubles in any currency unit
    point = units / max(int(np.abs(units).max()), 1)
    mean = np.add.reduceat(point * counts, starts) / weight
    found = _least_spread(mean, weight, min(levels, len(mean)))
    cuts: list[float | None] = [float(values[first[starts[place]]]) for place in found]
    return tuple(cuts + [None] * (levels - 1 - len(cuts)))


def _least_spread(points: np.ndarray, weight: np.ndarray, classes: int) -> list[int]:
    """The positions where the second to the last class begin, for sorted points."""
    count = len(points)
    ends = np.concatenate([[0.0], np.cumsum(weight)])
    sums = np.concatenate([[0.0], np.cumsum(weight * points)])
    squares = np.concatenate([[0.0], np.cumsum(weight * points**2)])

    def spread(start: np.ndarray, end: int) -> np.ndarray:
        total = ends[end] - ends[start]
        return squares[end] - squares[start] - (sums[end] - sums[start]) ** 2 / total

    best = np.array([0.0, *(spread(np.array([0]), end)[0] for end in range(1, count + 1))])
    begun = np.zeros((classes + 1, count + 1), dtype=int)
    for number in range(2, classes + 1):
        renewed = np.full(count + 1, np.inf)
        for end in range(number, count + 1):
            starts = np.arange(number - 1, end)
            costs = best[starts] + spread(starts, end)
            least = int(np.argmin(costs))
            renewed[end], begun[number, end] = costs[least], starts[least]
        best = renewed
    found, end = [], count
    for number in range(classes, 1, -1):
        end = int(begun[number, end])
        found.append(end)
    return found[::-1]
