"""Customers whose true rates are known: gamma-Poisson orders, spend of a known law, exponential lifetimes."""

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from segmentation import months

# The spend of CDNOW's sample (DEFINITIONS, golden figures); a rate an order a four months, very unequal.
SPEND_P, SPEND_Q, SPEND_V = 6.25, 3.74, 15.44
RATE_SHAPE, RATE_MEAN = 0.6, 0.25


@dataclass
class Simulated:
    """One data set as the trial wants to see it: a window of months and the hold-out after it.

    `customers` are drawn; those without an order in the window are no customers. With `leave` above zero each
    customer leaves at a rate of their own with that mean (a month), so that recency tells something. Spend is
    gamma-gamma; with `tail` a customer's scale has a Pareto law with that tail index.
    """

    customers: int
    seed: int
    window_months: int = 9
    holdout_months: int = 9
    leave: float = 0.1
    origin: str = "2020-09"
    tail: float | None = None
    months: list[str] = field(init=False)

    def __post_init__(self) -> None:
        self.months = months.span(
            months.add(self.origin, 1 - self.window_months), months.add(self.origin, self.holdout_months)
        )
        random = np.random.default_rng(self.seed)
        n, window = self.customers, float(self.window_months)
        rate = random.gamma(RATE_SHAPE, RATE_MEAN / RATE_SHAPE, n)
        money = random.gamma(SPEND_Q, 1 / SPEND_V, n)
        if self.tail is not None:
            money = 0.5 / (random.pareto(self.tail, n) + 1.0)
        leaves = np.full(n, np.inf)
        if self.leave > 0:
            leaves = random.exponential(1 / random.gamma(1.0, self.leave, n))
        count, last = _orders(random, rate, np.minimum(leaves, window))
        later, _ = _orders(random, rate, np.clip(leaves - window, 0.0, self.holdout_months))
        spend, value = (np.round(_spend(random, money, c), 2) for c in (count, later))
        known = np.flatnonzero(count)
        ids = np.char.add("c", np.arange(len(known)).astype(str))
        self._profile = pd.DataFrame(
            {
                "customer_id": ids,
                "recency_days": np.floor((window - last[known]) * 30.4).astype(int),
                "frequency": count[known],
                "monetary": spend[known],
            }
        )
        self._profile.attrs = {"as_of": self.origin, "window_months": self.window_months}
        self._later = pd.DataFrame({"customer_id": ids, "value": value[known]})

    def profile(self, month: str) -> pd.DataFrame:
        return self._profile

    def later_value(self, first: str, last: str) -> pd.DataFrame:
        return self._later


def _orders(
    random: np.random.Generator, rate: np.ndarray, length: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Numbers of orders in periods of these lengths, and when the last one was."""
    count = random.poisson(rate * length)
    last = length * random.uniform(size=len(rate)) ** (1 / np.maximum(count, 1))
    return count, last


def _spend(random: np.random.Generator, money: np.ndarray, count: np.ndarray) -> np.ndarray:
    """The sum of `count` gamma amounts with the customer's own scale."""
    return np.where(count > 0, random.gamma(np.maximum(SPEND_P * count, 1e-9)) / money, 0.0)
