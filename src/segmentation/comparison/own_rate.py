"""A customer's own rate: gamma-Poisson orders and gamma-gamma spend, fitted to the population."""

from dataclasses import dataclass
from itertools import pairwise
from typing import Self

import numpy as np

from segmentation.comparison.capture import Floats

_SAMPLE = 50_000
_GRID = 129
_LEFT_OUT = 1e-7


@dataclass(frozen=True)
class OwnRate:
    """The population that a customer's own rate and spend are drawn from; time is counted in windows.

    Orders in a window are Poisson with a rate from Gamma(`r`, `alpha`); an order's amount is Gamma(`p`, v)
    with the customer's v from Gamma(`q`, `gamma`) (Fader, Hardie & Lee 2005, "RFM and CLV"; all second
    parameters are rates).
    """

    r: float
    alpha: float
    p: float
    q: float
    gamma: float

    @classmethod
    def fit(cls, orders: Floats, amount: Floats, amount_squared: Floats) -> Self:
        """Fit to customers with one order or more: number, sum and sum of squares of their orders' amounts.

        r and alpha by maximum likelihood of the counts given that they are not zero; p from the spread of
        amounts within customers; q and gamma by maximum likelihood of the sums, on at most 50,000 customers.
        """
        there = (orders > 0) & (amount > 0)
        orders, amount, amount_squared = orders[there], amount[there], amount_squared[there]
        rank = np.lexsort((amount_squared, amount, orders))[:: -(-len(orders) // _SAMPLE) or 1]
        r, alpha = _fit_counts(orders)
        p = _fit_within(orders[rank], amount[rank], amount_squared[rank])
        q, gamma = _fit_between(orders[rank], amount[rank], p)
        return cls(r, alpha, p, q, gamma)

    def reaches(self, orders: Floats, amount: Floats, cuts: Floats) -> Floats:
        """The probability that another window of the same length brings each customer to each cut.

        `orders` and `amount` are what the customer did in this window, `cuts` amounts above zero. Returns
        one row a customer and one column a cut, and the probability of any order at all as the last column.
        """
        found = np.empty((len(orders), len(cuts) + 1))
        rank = np.argsort(orders, kind="stable")
        edges = np.flatnonzero(np.diff(orders[rank], prepend=np.nan, append=np.nan))
        for begin, end in pairwise(edges):
            rows = rank[begin:end]
            found[rows] = self._reaches(float(orders[rows[0]]), amount[rows], cuts)
        return found

    def _reaches(self, orders: float, amount: Floats, cuts: Floats) -> Floats:
        """The same for customers with one number of orders, on a grid of amounts where there are many."""
        from scipy.special import betainc
        from scipy.stats import nbinom

        points = np.unique(amount)
        if len(points) > _GRID:
            points = np.expm1(np.linspace(np.log1p(points[0]), np.log1p(points[-1]), _GRID))
        law = nbinom(self.r + orders, (self.alpha + 1) / (self.alpha + 2))
        count = np.arange(max(1.0, law.ppf(_LEFT_OUT)), law.ppf(1 - _LEFT_OUT) + 1)
        chance = law.pmf(count)
        scale = self.gamma + points
        columns = [
            betainc(self.p * orders + self.q, self.p * count[None, :], (scale / (scale + cut))[:, None])
            @ chance
            for cut in cuts
        ]
        found = [np.interp(amount, points, column) for column in columns]
        return np.column_stack([*found, np.full(len(amount), 1.0 - law.pmf(0))])


def _fit_counts(orders: Floats) -> tuple[float, float]:
    """r and alpha of the negative binomial of counts above zero."""
    from scipy.optimize import minimize
    from scipy.special import gammaln

    counts, customers = np.unique(orders, return_counts=True)

    def surprise(theta: Floats) -> float:
        r, alpha = np.exp(theta)
        zero = r * np.log(alpha / (alpha + 1))
        one = gammaln(r + counts) - gammaln(r) - gammaln(counts + 1) + zero - counts * np.log(alpha + 1)
        return float(-(customers * (one - np.log(-np.expm1(zero)))).sum() / customers.sum())

    bounds = [(-5.0, 7.0), (-9.0, 9.0)]
    starts = [(0.0, -np.log(counts @ customers / customers.sum())), (-1.0, 1.0)]
    fits = [minimize(surprise, start, method="L-BFGS-B", bounds=bounds) for start in starts]
    r, alpha = np.exp(min(fits, key=lambda fit: fit.fun).x)
    return float(r), float(alpha)


def _fit_within(orders: Floats, amount: Floats, amount_squared: Floats) -> float:
    """p, from sum of squares over squared sum, whose mean is (p + 1)/(x·p + 1) whatever the customer's scale.

    (Shares of a sum of gamma amounts are Dirichlet.) Customers with more orders weigh more. Without anybody
    who ordered twice, 1.
    """
    from scipy.optimize import brentq

    several = orders > 1
    x, seen = orders[several], amount_squared[several] / amount[several] ** 2
    if not len(x):
        return 1.0

    def excess(log_p: float) -> float:
        p = np.exp(log_p)
        return float((x * (seen - (p + 1) / (x * p + 1))).sum())

    low, high = np.log(0.01), np.log(1000.0)
    if excess(low) >= 0 or excess(high) <= 0:
        return float(np.exp(low if excess(low) >= 0 else high))
    return float(np.exp(brentq(excess, low, high)))


def _fit_between(orders: Floats, amount: Floats, p: float) -> tuple[float, float]:
    """q and gamma of the customers' own scales, given p."""
    from scipy.optimize import minimize
    from scipy.special import gammaln

    typical = float(np.median(amount / orders))

    def surprise(theta: Floats) -> float:
        q, gamma = np.exp(theta[0]), np.exp(theta[1]) * typical
        shape = p * orders + q
        one = gammaln(shape) - gammaln(q) + q * np.log(gamma) - shape * np.log(gamma + amount)
        return float(-one.mean())

    start = np.log([3.0, 3.0 * p])
    bounds = [(np.log(0.05), np.log(1000.0)), (-9.0, 16.0)]
    q, gamma = np.exp(minimize(surprise, start, method="L-BFGS-B", bounds=bounds).x)
    return float(q), float(gamma) * typical
