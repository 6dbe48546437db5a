"""Lifetime value: BG/NBD for how often and Gamma-Gamma for how much, behind the optional package clvkit."""

from dataclasses import dataclass
from typing import Any, NamedTuple, Self

import numpy as np
import pandas as pd

from segmentation.errors import DataError, ParameterError
from segmentation.methods.contract import Options
from segmentation.rules.values import as_pandas, values_of

_WEEK = 7.0
_DAYS_A_MONTH = 365.25 / 12


class BgNbd(NamedTuple):
    """Fitted BG/NBD: purchase rates gamma(r, alpha), drop-out beta(a, b), and the log-likelihood."""

    r: float
    alpha: float
    a: float
    b: float
    log_likelihood: float


class GammaGammaFit(NamedTuple):
    """Fitted Gamma-Gamma of the spend per order: p, q and v (the scale, in currency)."""

    p: float
    q: float
    v: float


@dataclass(eq=False, repr=False)
class LifetimeValue(Options):
    """A score for every customer: expected orders × expected spend per order over the coming months.

    BG/NBD (Fader, Hardie & Lee 2005) on all orders known, Gamma-Gamma (Fader & Hardie 2013) on the average
    order of the window. Needs the columns frequency, average_order, first_order, last_order, tenure_days and
    mean_gap_days, and the extra `[clv]`. It gives scores, not a rule.

    Parameters: months_ahead, the months to predict.
    """

    months_ahead: int = 3

    def fit(self, profile: pd.DataFrame) -> Self:
        """Fit both models to the profile; DataError where they do not converge or nobody came back."""
        if type(self.months_ahead) is not int or self.months_ahead < 1:
            raise ParameterError(
                f"LifetimeValue: months_ahead: expected 1 or more, not {self.months_ahead!r}"
            )
        profile = as_pandas(profile)
        repeats, recency, age = _history(profile)
        if not (repeats > 0).any():
            raise DataError("LifetimeValue: no customer has ordered twice, so no rate can be learned")
        self.purchases_ = fit_bg_nbd(repeats, recency, age)
        orders, average = _spend(profile)
        self.spend_ = fit_gamma_gamma(orders[average > 0], average[average > 0])
        return self

    def score(self, profile: pd.DataFrame) -> np.ndarray:
        """The expected value of each customer over `months_ahead` months, in the currency."""
        profile = as_pandas(profile)
        weeks = self.months_ahead * _DAYS_A_MONTH / _WEEK
        orders = expected_orders(self.purchases_, weeks, *_history(profile))
        return orders * expected_spend(self.spend_, *_spend(profile))


def fit_bg_nbd(repeats: np.ndarray, recency: np.ndarray, age: np.ndarray) -> BgNbd:
    """Fit BG/NBD to repeat orders x, time of the last one t_x and age T, in one time unit, n each.

    The customers are sorted first, so that their order changes no digit.
    """
    clv = _clvkit()
    order = np.lexsort((age, recency, repeats))
    model = _converged(clv.BGNBD(), _base(repeats[order], recency[order], age[order]))
    r, alpha, a, b = (float(value) for value in model.params_)
    return BgNbd(r, alpha, a, b, float(model.log_likelihood_))


def fit_gamma_gamma(orders: np.ndarray, average: np.ndarray) -> GammaGammaFit:
    """Fit Gamma-Gamma to the number of orders and their positive average, one each a customer."""
    clv = _clvkit()
    order = np.lexsort((average, orders))
    blank = np.zeros(len(orders))
    model = _converged(clv.GammaGamma(), _base(orders[order], blank, blank, average[order]))
    return GammaGammaFit(float(model.p), float(model.q), float(model.gamma))


def expected_orders(
    fitted: BgNbd, weeks: float, repeats: np.ndarray, recency: np.ndarray, age: np.ndarray
) -> np.ndarray:
    """E[Y(t) | x, t_x, T], Fader, Hardie & Lee (2005), equation 10."""
    model = _clvkit().BGNBD()
    model.params_ = pd.Series(fitted[:4], index=["r", "alpha", "a", "b"])
    base = _base(repeats, recency, age)
    model.time_unit_, model.collapse_ = base.time_unit, base.collapse
    return np.asarray(model.predict(weeks, base).to_pandas(), dtype=np.float64).reshape(-1)


def expected_spend(fitted: GammaGammaFit, orders: np.ndarray, average: np.ndarray) -> np.ndarray:
    """The customer's own average, drawn towards everyone's the fewer orders there are (equation 5)."""
    return fitted.p * (fitted.v + orders * np.maximum(average, 0.0)) / (fitted.p * orders + fitted.q - 1)


def _history(profile: pd.DataFrame) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Repeat orders, week of the last one and age in weeks, over all orders known.

    The profile counts orders in the window only, but its mean gap is over all of them.
    """
    known = (profile["last_order"] - profile["first_order"]).dt.days.to_numpy(dtype=np.float64)
    gap = values_of(profile, "mean_gap_days", empty=True)
    repeats = np.rint(np.divide(known, gap, out=np.zeros(len(known)), where=gap > 0))
    return repeats, known / _WEEK, values_of(profile, "tenure_days") / _WEEK


def _spend(profile: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    return values_of(profile, "frequency"), values_of(profile, "average_order")


def _base(
    repeats: np.ndarray, recency: np.ndarray, age: np.ndarray, average: np.ndarray | None = None
) -> Any:
    """The summary that clvkit's models read."""
    from clvkit import CustomerBase

    summary = pd.DataFrame({"frequency": repeats, "recency": recency, "T": age})
    if average is not None:
        summary["monetary_value"] = average
    return CustomerBase(
        summary,
        time_unit="W",
        collapse="D",
        observation_period_end=pd.Timestamp(0),
        has_monetary=average is not None,
        on_negative="net",
    )


def _converged(model: Any, base: Any) -> Any:
    try:
        return model.fit(base)
    except (RuntimeError, ValueError) as error:
        raise DataError(f"LifetimeValue: {error}") from None


def _clvkit() -> Any:
    try:
        from clvkit import clv
    except ImportError:
        raise ParameterError(
            "LifetimeValue needs clvkit: pip install 'segmentation[clv]', or leave the method out"
        ) from None
    return clv
