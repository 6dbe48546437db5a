"""How many orders the next window holds: BG/NBD for who still comes, a shock of the window for drift."""

from dataclasses import dataclass
from typing import NamedTuple, Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from segmentation import months
from segmentation.comparison.capture import Floats
from segmentation.methods.bg_nbd import BgNbd


class Known(NamedTuple):
    """What is known of each customer, in days: repeat order days x, time of the last one t_x, age T."""

    repeats: Floats
    recency: Floats
    age: Floats

    @classmethod
    def of(cls, histories: pd.DataFrame, as_of: str) -> Self:
        """From the order histories as of a month (`ledger.profiles.order_histories`)."""
        day = pd.Timestamp(months.last_day(as_of))
        first, last = histories["first_order"], histories["last_order"]
        columns: tuple[pd.Series, ...] = (
            histories["days"] - 1,
            (last - first).dt.days,
            (day - first).dt.days,
        )
        return cls(*(np.asarray(column, dtype=np.float64) for column in columns))

    def take(self, rows: NDArray[np.intp]) -> "Known":
        """These rows."""
        return Known(*(column[rows] for column in self))


@dataclass(frozen=True)
class Law:
    """The law of a customer's orders ahead: negative binomial while the customer stays, who may leave.

    P(N ≥ k) = `alive` · NB.sf(k − 1; shape, p) · B(a, b + k − 1)/B(a, b), with the customer's own b.
    """

    shape: Floats
    mean: Floats
    alive: Floats
    b: Floats
    a: float

    def take(self, rows: NDArray[np.intp]) -> "Law":
        """These customers."""
        return Law(self.shape[rows], self.mean[rows], self.alive[rows], self.b[rows], self.a)

    def top(self, left_out: float) -> Floats:
        """The number of orders that is surpassed with no more than this chance."""
        from scipy.stats import nbinom

        return np.asarray(nbinom.ppf(1.0 - left_out, self.shape, self._p), dtype=np.float64) + 1.0

    def exactly(self, top: int) -> Floats:
        """P(N = k) for k = 1 … top, a row a customer; what lies above `top` is counted with it."""
        from scipy.special import gammaln

        k = np.arange(top)[None, :]
        shape, p = self.shape[:, None], self._p[:, None]
        log = gammaln(shape + k) - gammaln(shape) - gammaln(k + 1) + shape * np.log(p) + k * np.log1p(-p)
        reached = np.clip(1.0 - np.cumsum(np.exp(log), axis=1), 0.0, 1.0) * self.alive[:, None]
        if self.a > 0:
            b = self.b[:, None] + k[:, :-1]
            reached[:, 1:] *= np.cumprod(b / (self.a + b), axis=1)
        reached[:, :-1] -= reached[:, 1:]
        return np.maximum(reached, 0.0)

    def at_least_one(self) -> Floats:
        """P(N ≥ 1), any order at all."""
        return np.asarray((1.0 - self._p**self.shape) * self.alive, dtype=np.float64)

    @property
    def _p(self) -> Floats:
        return np.clip(self.shape / (self.shape + self.mean), 1e-12, 1.0 - 1e-12)


@dataclass(frozen=True)
class Returning:
    """A BG/NBD with a shock: each window multiplies a customer's rate by a draw from Gamma(`shock`, `shock`).

    `shock` is infinite where rates do not drift. Orders of the past are then overdispersed, so what they tell
    of the rate is discounted by 1/(1 + rate · period/shock) (quasi-likelihood), and the period ahead has a
    shock of its own; the product of two gammas is taken as the gamma with the same mean and variance.
    """

    model: BgNbd
    shock: float = np.inf

    def law(self, known: Known, ahead: float) -> Law:
        """The law of the orders in the next `ahead` days, a window with a shock of its own."""
        model, x, age = self.model, known.repeats, known.age
        recency = np.minimum(known.recency, age)
        trust = 1.0 / (1.0 + (model.r + x) / (model.alpha + age) * np.minimum(ahead, age) / self.shock)
        shape, rate = model.r + trust * x, model.alpha + trust * age
        log_odds = (model.r + trust * x) * np.log(rate / (model.alpha + trust * recency))
        odds = model.a / (model.b + np.maximum(x, 1.0) - 1.0) * np.exp(np.minimum(log_odds, 700.0))
        mean = shape / rate * ahead
        spread = (1.0 + 1.0 / shape) * (1.0 + 1.0 / self.shock) - 1.0
        alive = np.where(x > 0, 1.0 / (1.0 + odds), 1.0)
        return Law(1.0 / spread, mean, alive, model.b + x, model.a)
