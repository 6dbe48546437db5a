"""Lifetime value: BG/NBD for how often and Gamma-Gamma for how much, fitted on all customers known."""

from dataclasses import dataclass
from typing import ClassVar, NamedTuple, Protocol, Self

import numpy as np
import pandas as pd

from segmentation import months
from segmentation.errors import DataError, ParameterError
from segmentation.methods.bg_nbd import BgNbd, Floats
from segmentation.methods.contract import Options
from segmentation.rules.values import as_pandas, values_of

_DAYS_A_MONTH = 365.25 / 12


class KnownCustomers(Protocol):
    """A past that can name every customer known at its last month."""

    @property
    def months(self) -> list[str]:
        """The months up to the last one, oldest first."""
        ...

    @property
    def window_months(self) -> int:
        """The months of a window."""
        ...

    def order_histories(self, month: str, window: int) -> pd.DataFrame:
        """Everybody known by a month's end: days, first_order, last_order."""
        ...


class GammaGammaFit(NamedTuple):
    """Fitted Gamma-Gamma of the spend per order: p, q and v (the scale, in currency)."""

    p: float
    q: float
    v: float


@dataclass(eq=False, repr=False)
class LifetimeValue(Options):
    """A score for every customer: expected orders × expected spend per order over the coming months.

    BG/NBD (Fader, Hardie & Lee 2005) on the days with an order of all customers known, those who stayed away
    from the window too: without them nobody seems to leave. Gamma-Gamma (Fader & Hardie 2013) on the average
    order of the window. Where nobody leaves, BG/NBD is taken in its limit, the NBD. Needs the columns
    frequency, average_order, first_order, last_order, tenure_days and mean_gap_days. It gives scores, not a
    rule.

    Parameters: months_ahead, the months to predict.
    """

    needs_history: ClassVar[bool] = True

    months_ahead: int = 3

    def fit(self, profile: pd.DataFrame, history: KnownCustomers | None = None) -> Self:
        """Fit both models to all customers that `history` knows at its end.

        Without a history the profile must hold everybody known, so its window all months. Raises DataError
        where nobody came back or the spend does not vary.
        """
        if type(self.months_ahead) is not int or self.months_ahead < 1:
            raise ParameterError(
                f"LifetimeValue: months_ahead: expected 1 or more, not {self.months_ahead!r}"
            )
        profile = as_pandas(profile)
        try:
            self.purchases_ = BgNbd.fit(*(_history(profile) if history is None else _everybody(history)))
        except DataError as error:
            raise DataError(f"LifetimeValue: {error}") from None
        orders, average = _spend(profile)
        self.spend_ = fit_gamma_gamma(orders[average > 0], average[average > 0])
        return self

    def score(self, profile: pd.DataFrame) -> Floats:
        """The expected value of each customer over `months_ahead` months, in the currency.

        Raises DataError where a value comes out negative or not finite: then the models do not fit.
        """
        profile = as_pandas(profile)
        ahead = self.months_ahead * _DAYS_A_MONTH
        value = self.purchases_.expected_orders(ahead, *_history(profile))
        value = value * expected_spend(self.spend_, *_spend(profile))
        wrong = ~np.isfinite(value) | (value < 0)
        if wrong.any():
            raise DataError(
                f"LifetimeValue: {int(wrong.sum()):,} of {len(value):,} values are negative or not finite "
                f"(BG/NBD a {self.purchases_.a:.3g}, b {self.purchases_.b:.3g}; Gamma-Gamma q "
                f"{self.spend_.q:.3g}): the models do not fit these customers; leave the method out"
            )
        return value


def fit_gamma_gamma(orders: Floats, average: Floats) -> GammaGammaFit:
    """Fit Gamma-Gamma to the number of orders and their positive average, one each a customer.

    By maximum likelihood (Fader & Hardie 2013, equation 1a). The customers are sorted first, so that their
    order changes no digit. Raises DataError without anybody.
    """
    from scipy.optimize import minimize
    from scipy.special import gammaln

    if not len(orders):
        raise DataError("LifetimeValue: nobody has an order above zero, so no spend can be learned")
    rank = np.lexsort((average, orders))
    orders, typical = orders[rank], float(np.median(average))
    average = average[rank] / typical

    def surprise(theta: Floats) -> float:
        p, q, v = np.exp(theta)
        shape, total = p * orders, orders * average
        one = gammaln(shape + q) - gammaln(shape) - gammaln(q) + q * np.log(v) - np.log(average)
        return float(-(one + shape * np.log(total) - (shape + q) * np.log(total + v)).mean())

    bounds = [(-5.0, 7.0), (-3.0, 7.0), (-7.0, 12.0)]
    starts = [np.log(start) for start in ((6.0, 4.0, 0.5), (1.0, 1.5, 1.0), (2.0, 10.0, 5.0))]
    options = {"ftol": 1e-13, "gtol": 1e-9}
    fits = [minimize(surprise, s, method="L-BFGS-B", bounds=bounds, options=options) for s in starts]
    p, q, v = np.exp(min(fits, key=lambda fit: fit.fun).x)
    return GammaGammaFit(float(p), float(q), float(v) * typical)


def expected_spend(fitted: GammaGammaFit, orders: Floats, average: Floats) -> Floats:
    """The customer's own average, drawn towards everyone's the fewer orders there are (equation 5)."""
    return fitted.p * (fitted.v + orders * np.maximum(average, 0.0)) / (fitted.p * orders + fitted.q - 1)


def _everybody(history: KnownCustomers) -> tuple[Floats, Floats, Floats]:
    """Repeat order days, time of the last one and age of all customers known, in days."""
    month = history.months[-1]
    found = history.order_histories(month, history.window_months)
    day = pd.Timestamp(months.last_day(month))
    first, last = found["first_order"], found["last_order"]
    columns = (found["days"] - 1, (last - first).dt.days, (day - first).dt.days)
    repeats, recency, age = (np.asarray(column, dtype=np.float64) for column in columns)
    return repeats, recency, age


def _history(profile: pd.DataFrame) -> tuple[Floats, Floats, Floats]:
    """The same of the profile's customers; their order days, from order days per order of the window.

    The profile counts orders in the window only, but its mean gap is over all of them. Several orders on a
    day are one: all orders known are taken to share days as those of the window do.
    """
    span = (profile["last_order"] - profile["first_order"]).dt.days
    known = np.asarray(span, dtype=np.float64)
    gap = values_of(profile, "mean_gap_days", empty=True)
    orders = 1.0 + np.rint(np.divide(known, gap, out=np.zeros(len(known)), where=gap > 0))
    if "order_days" in profile:
        orders *= values_of(profile, "order_days") / values_of(profile, "frequency")
    repeats = np.where(known > 0, np.maximum(orders - 1.0, 1.0), 0.0)
    return np.asarray(repeats, dtype=np.float64), known, values_of(profile, "tenure_days")


def _spend(profile: pd.DataFrame) -> tuple[Floats, Floats]:
    """Orders of the window and their average; where days are known, days and the average of a day."""
    if "order_days" not in profile:
        return values_of(profile, "frequency"), values_of(profile, "average_order")
    days = values_of(profile, "order_days")
    return days, values_of(profile, "average_order") * values_of(profile, "frequency") / days
