"""The arithmetic of choosing: what a ranking captures at a capacity, with ties counted pro rata."""

from dataclasses import dataclass
from typing import NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Ranking:
    """Customers in falling order of their keys, in groups that the keys cannot tell apart.

    `order` holds row numbers, best first; `starts` the place in `order` where each group of ties begins.
    """

    order: NDArray[np.intp]
    starts: NDArray[np.intp]

    @classmethod
    def of(cls, *keys: Floats) -> Self:
        """Rank by the first key, ties by the next, and so on; higher is better, and no key may be NaN.

        >>> Ranking.of(np.array([1.0, 3.0, 3.0]), np.array([0.0, 5.0, 9.0])).order.tolist()
        [2, 1, 0]
        """
        order = np.lexsort([-key for key in reversed(keys)])
        steps = np.zeros(len(order), dtype=bool)
        steps[:1] = True
        for key in keys:
            ranked = key[order]
            steps[1:] |= ranked[1:] != ranked[:-1]
        return cls(order, np.flatnonzero(steps))

    def under(self, key: Floats) -> "Ranking":
        """The ranking by a first key, in which this one orders what is equal.

        >>> Ranking.of(np.array([5.0, 9.0, 7.0])).under(np.array([1.0, 1.0, 2.0])).order.tolist()
        [2, 1, 0]
        """
        falling = -key[self.order]
        if (falling[1:] >= falling[:-1]).all():
            order, ranked = self.order, falling
        else:
            place = np.argsort(falling, kind="stable")
            order, ranked = self.order[place], falling[place]
        group = self.groups[order]
        steps = np.ones(len(order), dtype=bool)
        steps[1:] = (ranked[1:] != ranked[:-1]) | (group[1:] != group[:-1])
        return Ranking(order, np.flatnonzero(steps))

    def __eq__(self, other: object) -> bool:
        return self is other or (
            isinstance(other, Ranking)
            and np.array_equal(self.order, other.order)
            and np.array_equal(self.starts, other.starts)
        )

    @property
    def sizes(self) -> NDArray[np.intp]:
        """The number of customers in each group of ties, best first."""
        return np.diff(self.starts, append=len(self.order))

    @property
    def groups(self) -> NDArray[np.intp]:
        """The number of each row's group of ties, in row order; best = 0."""
        group = np.empty(len(self.order), dtype=np.intp)
        group[self.order] = np.repeat(np.arange(len(self.starts)), self.sizes)
        return group

    def without(self, row: int) -> "Ranking":
        """The ranking of the others, as if this row had never been there.

        >>> Ranking.of(np.array([5.0, 9.0, 7.0])).without(1).order.tolist()
        [1, 0]
        """
        place = int(np.flatnonzero(self.order == row)[0])
        order = np.delete(self.order, place)
        starts = self.starts - (self.starts > place)
        alone = np.diff(starts, append=len(order)) == 0
        return Ranking(order - (order > row), starts[~alone])

    def chosen(self, places: float) -> Floats:
        """How much of each customer is chosen, in row order: 1, 0, or a share where the line cuts a tie.

        The share is the expectation over every way of breaking the tie, so that no seed decides. The sum is
        `places`, which need not be whole.

        >>> Ranking.of(np.array([5.0, 7.0, 5.0, 1.0])).chosen(2).tolist()
        [0.5, 1.0, 0.5, 0.0]
        """
        weights = np.zeros(len(self.order))
        at_line = int(np.searchsorted(self.starts, places, side="left")) - 1
        if at_line >= 0:
            begin, end = np.append(self.starts, len(self.order))[[at_line, at_line + 1]]
            weights[self.order[:begin]] = 1.0
            weights[self.order[begin:end]] = min((places - begin) / (end - begin), 1.0)
        return weights

    def captured_along(self, value: Floats, shares: Floats) -> Floats:
        """The share of all `value` that the best `shares` of the customers bring, one figure a share.

        >>> Ranking.of(np.array([3.0, 2.0, 2.0])).captured_along(np.array([6.0, 3.0, 1.0]), np.array([0.5]))
        array([0.7])
        """
        sums = np.add.reduceat(value[self.order], self.starts)
        edges = np.append(self.starts, len(self.order)) / len(self.order)
        return np.interp(shares, edges, np.append(0.0, np.cumsum(sums)) / sums.sum())


class Measures(NamedTuple):
    """What choosing by one ranking would have come to; all four are shares."""

    captured: float
    captured_of_oracle: float
    missed: float
    wasted: float


def measure(ranking: Ranking, truth: Ranking, later_value: Floats, places: float) -> Measures:
    """Judge a ranking at a capacity of `places` customers by what the customers were worth afterwards.

    `later_value` is not negative and not all zero; `truth` is its own ranking. Captured = value of the chosen
    of all value, and of what the truth would have captured; missed = share of the true top that was not
    chosen; wasted = share of the others that was chosen (Malthouse & Blattberg 2005, Journal of Interactive
    Marketing 19(1)). With both groups of the same size p, wasted = missed * p / (1 - p).

    >>> value = np.array([0.0, 10.0, 30.0, 60.0])
    >>> measure(Ranking.of(np.array([4.0, 1.0, 2.0, 3.0])), Ranking.of(value), value, 2)
    Measures(captured=0.6, captured_of_oracle=0.666..., missed=0.5, wasted=0.5)
    """
    chosen, top = ranking.chosen(places), truth.chosen(places)
    captured = float(chosen @ later_value / later_value.sum())
    others = len(later_value) - places
    return Measures(
        captured=captured,
        captured_of_oracle=float(captured * later_value.sum() / (top @ later_value)),
        missed=float(1.0 - chosen @ top / places),
        wasted=float(chosen @ (1.0 - top) / others) if others > 0 else 0.0,
    )


def measure_random(truth: Ranking, later_value: Floats, places: float) -> Measures:
    """The expectation of `measure` over all orders: what choosing blindly comes to."""
    share = places / len(later_value)
    captured_by_truth = float(truth.chosen(places) @ later_value / later_value.sum())
    return Measures(share, share / captured_by_truth, 1.0 - share, share if share < 1 else 0.0)


def cost_of(measures: Measures, share: float, missing: float | None, waste: float | None) -> float:
    """Cost per customer at a share p: p·missed·missing + (1 - p)·wasted·waste; NaN without both prices."""
    if missing is None or waste is None:
        return float("nan")
    return share * measures.missed * missing + (1 - share) * measures.wasted * waste
