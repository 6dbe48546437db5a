"""Where a capacity cuts a ranking in every resample at once, computed only near the line."""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from segmentation.comparison.capture import Floats, Ranking


@dataclass(frozen=True)
class Line:
    """The chosen of many resamples: `sure` (1 or 0 a row) except the rows `near`, whose shares are drawn.

    In a resample the line moves by a few standard deviations of a count, so that nearly all customers are
    chosen in all resamples or in none, and only those near the line need a share each. `shares[row, draw]`
    and `chosen` (shares times the resample's counts) are of the rows `near`.
    """

    sure: Floats
    near: NDArray[np.intp]
    shares: Floats
    chosen: Floats

    @classmethod
    def of(cls, ranking: Ranking, counts: Floats, share: float) -> Self:
        """Cut the ranking at `share` of each resample's customers; `counts[row, draw]` are its weights."""
        n = len(ranking.order)
        places = share * counts.sum(axis=0)
        reach = 6.0 * np.sqrt(n * share * (1 - share)) + 10.0
        while True:
            first = int(np.searchsorted(ranking.starts, share * n - reach, side="right")) - 1
            last = int(np.searchsorted(ranking.starts, share * n + reach, side="left"))
            first = max(first, 0)
            begin, end = ranking.starts[first], np.append(ranking.starts, n)[last]
            sure = np.zeros(n)
            sure[ranking.order[:begin]] = 1.0
            near = ranking.order[begin:end]
            around = counts[near]
            tied = last - first < len(near)
            groups = np.add.reduceat(around, ranking.starts[first:last] - begin, axis=0) if tied else around
            until = np.cumsum(groups, axis=0) + sure @ counts
            below = until[0] - groups[0] <= places
            if (below.all() or begin == 0) and ((until[-1] >= places).all() or end == n):
                break
            reach *= 2
        with np.errstate(invalid="ignore", divide="ignore"):
            shares = np.clip((places - until + groups) / groups, 0.0, 1.0)
        shares[groups == 0] = 0.0
        if tied:
            shares = np.repeat(shares, ranking.sizes[first:last], axis=0)
        return cls(sure, near, shares, shares * around)

    def total(self, counts: Floats, value: Floats) -> Floats:
        """The sum of `value` over the chosen, one figure a resample."""
        return (self.sure * value) @ counts + value[self.near] @ self.chosen

    def total_with(self, other: "Line", counts: Floats) -> Floats:
        """The number of customers whom both lines choose, one figure a resample."""
        _, mine, its = np.intersect1d(self.near, other.near, assume_unique=True, return_indices=True)
        surely = self.sure * other.sure
        surely[self.near] = surely[other.near] = 0.0
        # where both lines are near, neither is sure: the two middle terms leave those rows to the last one
        return (
            surely @ counts
            + other.sure[self.near] @ self.chosen
            + self.sure[other.near] @ other.chosen
            + (self.shares[mine] * other.chosen[its]).sum(axis=0)
        )
