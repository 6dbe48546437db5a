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
    chosen in all resamples or in none, and only those near the line need a share each.
    """

    sure: Floats
    near: NDArray[np.intp]
    shares: Floats

    @classmethod
    def of(cls, ranking: Ranking, counts: Floats, share: float) -> Self:
        """Cut the ranking at `share` of each resample's customers; `counts[draw, row]` are its weights."""
        n = len(ranking.order)
        places = share * counts.sum(axis=1)
        reach = 6.0 * np.sqrt(n * share * (1 - share)) + 10.0
        while True:
            first = int(np.searchsorted(ranking.starts, share * n - reach, side="right")) - 1
            last = int(np.searchsorted(ranking.starts, share * n + reach, side="left"))
            first = max(first, 0)
            begin, end = ranking.starts[first], np.append(ranking.starts, n)[last]
            sure = np.zeros(n)
            sure[ranking.order[:begin]] = 1.0
            near = ranking.order[begin:end]
            groups = np.add.reduceat(counts[:, near], ranking.starts[first:last] - begin, axis=1)
            until = (counts @ sure)[:, None] + np.cumsum(groups, axis=1)
            if ((until[:, 0] - groups[:, 0] <= places) | (begin == 0)).all() and (
                (until[:, -1] >= places) | (end == n)
            ).all():
                break
            reach *= 2
        with np.errstate(invalid="ignore", divide="ignore"):
            shares = np.clip((places[:, None] - (until - groups)) / groups, 0.0, 1.0)
        shares = np.where(groups > 0, shares, 0.0)
        return cls(sure, near, np.repeat(shares, ranking.sizes[first:last], axis=1))

    def total(self, counts: Floats, value: Floats) -> Floats:
        """The sum of `value` over the chosen, one figure a resample."""
        near = np.einsum("dr,dr,r->d", counts[:, self.near], self.shares, value[self.near])
        return counts @ (self.sure * value) + near

    def total_with(self, other: "Line", counts: Floats) -> Floats:
        """The number of customers whom both lines choose, one figure a resample."""
        drawn = np.zeros(len(self.sure), dtype=bool)
        drawn[self.near] = drawn[other.near] = True
        rows = np.flatnonzero(drawn)
        both = counts[:, rows] * self._of(rows, len(counts)) * other._of(rows, len(counts))
        return counts @ (self.sure * other.sure * ~drawn) + both.sum(axis=1)

    def _of(self, rows: NDArray[np.intp], draws: int) -> Floats:
        shares = np.tile(self.sure[rows], (draws, 1))
        shares[:, np.searchsorted(rows, self.near)] = self.shares
        return shares
