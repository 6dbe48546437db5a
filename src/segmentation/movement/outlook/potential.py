"""What customers have brought against how likely they order again, and what they could bring: cells and ranks."""

from typing import NamedTuple, Self

import numpy as np
import pandas as pd

from segmentation.errors import DataError
from segmentation.movement.life.churn import LEAST, own_rate
from segmentation.movement.life.stages import Floats

BIG_LOYAL, BIG_LOOSE, SMALL_LOYAL, SMALL_LOOSE = "big_loyal", "big_loose", "small_loyal", "small_loose"
CELLS = (BIG_LOYAL, BIG_LOOSE, SMALL_LOYAL, SMALL_LOOSE)
TOP = 0.20
_RIDGE = 1.0


def is_top(values: Floats, share: float = TOP) -> np.ndarray:
    """Who is among the top share: at or above the occurring value at its border, so that equals stay together.

    >>> is_top(np.array([1.0, 2, 3, 4, 5])).tolist()
    [False, False, False, False, True]
    """
    return values >= np.quantile(values, 1.0 - share, method="higher")


def cells(realised: Floats, loyalty: Floats) -> np.ndarray:
    """The cell of each customer: big is the top fifth by spend, loyal the top fifth by the chance of an order.

    >>> cells(np.array([1.0, 1, 1, 1, 9]), np.array([0.1, 0.1, 0.1, 0.9, 0.1])).tolist()
    ['small_loose', 'small_loose', 'small_loose', 'small_loyal', 'big_loose']
    """
    big, loyal = is_top(realised), is_top(loyalty)
    return np.select(
        [big & loyal, big, loyal], np.array([BIG_LOYAL, BIG_LOOSE, SMALL_LOYAL], dtype=object), SMALL_LOOSE
    )


class Potential(NamedTuple):
    """Expected spend of a customer who orders: exp of a line in the logs of rate, orders and order size.

    smearing: the factor that makes the mean of the customers learned from come out right (Duan 1983).
    """

    intercept: float
    rate: float
    orders: float
    order_size: float
    smearing: float

    @classmethod
    def fit(cls, customers: pd.DataFrame, horizon: int) -> Self:
        """Learn from customers of `Known.at` whose later value is known; a ridge of 1 on the three slopes.

        Raises DataError where fewer than 20 of them brought anything.
        """
        later = customers["later_value"].to_numpy(dtype=np.float64)
        bought = later > 0
        if bought.sum() < LEAST:
            raise DataError(f"{int(bought.sum())} customers brought anything; at least {LEAST} must have")
        facts, spend = _facts(customers, horizon)[bought], np.log1p(later[bought])
        centre, mean = facts.mean(axis=0), spend.mean()
        apart = facts - centre
        slopes = np.linalg.solve(apart.T @ apart + _RIDGE * np.eye(3), apart.T @ (spend - mean))
        intercept = float(mean - centre @ slopes)
        smearing = float(later[bought].mean() / np.expm1(intercept + facts @ slopes).mean())
        rate, orders, order_size = (float(slope) for slope in slopes)
        return cls(intercept, rate, orders, order_size, smearing)

    def spend(self, customers: pd.DataFrame, horizon: int) -> Floats:
        """The spend within the horizon of each customer who orders in it."""
        line = self.intercept + _facts(customers, horizon) @ np.array(self[1:4])
        return np.expm1(line) * self.smearing


def _facts(customers: pd.DataFrame, horizon: int) -> Floats:
    orders = customers["frequency"].to_numpy(dtype=np.float64)
    size = customers["monetary"].clip(lower=0.0).to_numpy(dtype=np.float64) / np.maximum(orders, 1.0)
    return np.log1p(np.column_stack([own_rate(customers, horizon), orders, size]))


def ranking(later: Floats, score: Floats, spend: Floats, share: float = TOP) -> dict[str, float]:
    """How a score ranked customers: missed (of the true top share) and captured (of all that came).

    Equal scores are ordered by spend. A negative later value counts as 0.
    """
    came = np.clip(later, 0.0, None)
    size = int(np.ceil(share * len(came)))
    chosen = np.lexsort((-spend, -score))[:size]
    top = np.argsort(-came, kind="stable")[:size]
    return {
        "missed": 1.0 - len(np.intersect1d(chosen, top)) / size,
        "captured": float(came[chosen].sum() / came.sum()) if came.sum() else float("nan"),
    }
