"""What an order of a customer brings: gamma amounts with the customer's own scale (gamma-gamma)."""

from dataclasses import dataclass
from typing import Self

import numpy as np

from segmentation.comparison.capture import Floats

_SAMPLE = 50_000


@dataclass(frozen=True)
class OwnSpend:
    """The population that a customer's spend is drawn from.

    An order's amount is Gamma(`p`, v) with the customer's v from Gamma(`q`, `gamma`) (Fader, Hardie & Lee
    2005, "RFM and CLV"; all second parameters are rates).
    """

    p: float
    q: float
    gamma: float

    @classmethod
    def fit(cls, orders: Floats, amount: Floats, amount_squared: Floats) -> Self:
        """Fit to customers with one order or more: number, sum and sum of squares of their orders' amounts.

        p from the spread of amounts within customers; q and gamma by maximum likelihood of the sums, on at
        most 50,000 customers.
        """
        there = (orders > 0) & (amount > 0)
        orders, amount, amount_squared = orders[there], amount[there], amount_squared[there]
        rank = np.lexsort((amount_squared, amount, orders))[:: -(-len(orders) // _SAMPLE) or 1]
        p = _fit_within(orders[rank], amount[rank], amount_squared[rank])
        q, gamma = _fit_between(orders[rank], amount[rank], p)
        return cls(p, q, gamma)

    def reaches(self, orders: float, amount: Floats, later: Floats, cut: float) -> Floats:
        """P(the sum of later orders is at least `cut`), a row a customer and a column for each of `later`.

        For customers with one number of orders in the window and these amounts; `later` need not be whole.
        """
        from scipy.special import betainc

        scale = self.gamma + amount
        chance = betainc(self.p * orders + self.q, self.p * later[None, :], (scale / (scale + cut))[:, None])
        return np.asarray(chance, dtype=np.float64)


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
