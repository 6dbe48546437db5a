"""The stage of life of every customer as of a month end, from each customer's own rhythm."""

from typing import Any, NamedTuple, Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from segmentation import months

Floats = NDArray[np.float64]

CONVERSION, GROWTH, MATURITY, CHURN = "conversion_stage", "growth_stage", "maturity_stage", "churn_stage"
STAGES = (CONVERSION, GROWTH, MATURITY, CHURN)
LONG_TERM, BETWEEN, EARLY, TEMPORARY = "long_term", "in_between", "too_early", "temporary"
LASTING = (LONG_TERM, BETWEEN, EARLY, TEMPORARY)

SILENT_GAPS = 3.0  # silent for longer than so many of the customer's own gaps
_GROWS = 0.20
_YOUNG_MONTHS = 6
_LASTS_DAYS, _LASTS_ORDERS = 182, 3
_SECOND_ORDER = 0.80
_STARTS = ((1.0, 0.5), (0.3, 0.1), (5.0, 2.0))
_BOUNDS = [(-7.0, 9.0), (-9.0, 11.0)]
_STEPS, _HALVED = 100, 30


class Rhythm(NamedTuple):
    """How often customers order: their rates are Gamma(`r`, `alpha`), `alpha` in days; 0 where nobody repeats.

    first_wait: the days within which four of five of those who ordered again did so; empty where nobody did.
    """

    r: float
    alpha: float
    first_wait: float

    @classmethod
    def fit(cls, customers: pd.DataFrame, waits: pd.DataFrame) -> Self:
        """Fit to the repeat order days x and the days t_x from first to last order, by maximum likelihood.

        `customers` are those of `Known.at`, `waits` those of `Known.first_waits`. Gamma-Poisson over customers with a
        repeat, whose exposure ends with their last order: the rhythm while they bought.
        """
        often = customers[(customers["days_ever"] > 1) & (customers["span_days"] > 0)]
        if often.empty:
            return cls(0.0, 0.0, np.nan)
        pairs = often.groupby(["days_ever", "span_days"], sort=True).size().reset_index(name="customers")
        r, alpha = _gamma_poisson(
            pairs["days_ever"].to_numpy(dtype=np.float64) - 1.0,
            pairs["span_days"].to_numpy(dtype=np.float64),
            pairs["customers"].to_numpy(dtype=np.float64),
        )
        return cls(r, alpha, _quantile(waits, _SECOND_ORDER))

    def usual_days(self, customers: pd.DataFrame) -> Floats:
        """Each customer's own gap between order days, shrunk to everybody's; empty where nobody repeats.

        (alpha + t_x) / (r + x) for customers with a repeat; who ordered once has a third of `first_wait`, so
        that the silence in which four of five come back is not yet long.
        """
        repeats = customers["days_ever"].to_numpy(dtype=np.float64) - 1.0
        span = customers["span_days"].to_numpy(dtype=np.float64)
        if not self.r:
            return np.full(len(repeats), np.nan)
        own = (self.alpha + span) / (self.r + repeats)
        return np.where(repeats > 0, own, self.first_wait / SILENT_GAPS)


def stages(customers: pd.DataFrame, rhythm: Rhythm, floor_days: float) -> pd.DataFrame:
    """Give the stage of every customer of `Known.at`, first match: churn, conversion, growth, maturity.

    churn: silent for longer than three own gaps and than `floor_days`. conversion: one order day.
    growth: first ordered in the last six months, or the last three months brought 20 % more than the three
    before. maturity: the rest. Every customer is in exactly one of them.

    Columns: customer (the number), stage, lasting (long-term: at least three order days over half a year; temporary:
    one order day, and gone; too early: one order day; in between), usual_days (the own gap).

    >>> customers = pd.DataFrame({"customer": [0, 1], "recency_days": [5, 300], "span_days": [200, 0],
    ...     "age_days": [205, 300], "days_ever": [9, 1], "recent": [10.0, 0.0], "previous": [10.0, 0.0]})
    >>> customers.attrs = {"as_of": "2017-12"}
    >>> stages(customers, Rhythm(2.0, 60.0, 90.0), 90)[["stage", "lasting"]].values.tolist()
    [['maturity_stage', 'long_term'], ['churn_stage', 'temporary']]
    """
    usual = rhythm.usual_days(customers)
    silent = customers["recency_days"].to_numpy(dtype=np.float64)
    # where nobody repeats there is no rhythm, and the floor alone decides
    gone = (silent > floor_days) & ((silent > SILENT_GAPS * usual) | np.isnan(usual))
    once = customers["days_ever"].to_numpy() == 1
    begin = months.first_day(months.add(customers.attrs["as_of"], 1 - _YOUNG_MONTHS))
    young = customers["age_days"] <= (months.last_day(customers.attrs["as_of"]) - begin).days
    grows = young | (customers["recent"] > (1.0 + _GROWS) * customers["previous"])
    lasts = (customers["days_ever"] >= _LASTS_ORDERS) & (customers["span_days"] >= _LASTS_DAYS)
    return pd.DataFrame(
        {
            "customer": customers["customer"],
            "stage": _one_of(STAGES, [gone, once, grows], [CHURN, CONVERSION, GROWTH], MATURITY),
            "lasting": _one_of(LASTING, [gone & once, once, lasts], [TEMPORARY, EARLY, LONG_TERM], BETWEEN),
            "usual_days": usual,
        }
    )


def _one_of(names: tuple[str, ...], conditions: list[Any], chosen: list[str], otherwise: str) -> Any:
    """The name of the first condition that holds."""
    codes = [names.index(name) for name in chosen]
    return pd.Categorical.from_codes(np.select(conditions, codes, names.index(otherwise)), pd.Index(names))


def flow(before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    """From which stage to which since the month before: before ("new": no order yet), after, customers."""
    was = _earlier(before, after).astype("object").fillna("new")
    counted = pd.crosstab(was, after["stage"].to_numpy())
    counted = counted.reindex(index=[*STAGES, "new"], columns=list(STAGES), fill_value=0)
    found = pd.DataFrame(
        {
            "before": np.repeat(counted.index, len(STAGES)),
            "after": np.tile(STAGES, len(counted)),
            "customers": counted.to_numpy().ravel(),
        }
    )
    return found[found["customers"] > 0].reset_index(drop=True)


def taken_back(first: pd.DataFrame, second: pd.DataFrame, third: pd.DataFrame) -> tuple[float, float]:
    """The share whose stage changed from the first month to the second, and of these those back in the third."""
    was = _earlier(first, second)
    now, later = second["stage"], _earlier(third, second)
    changed = was.notna() & (was != now)
    back = changed & (was == later)
    return float(changed.sum()) / max(len(second), 1), float(back.sum()) / max(int(changed.sum()), 1)


def _earlier(other: pd.DataFrame, customers: pd.DataFrame) -> pd.Series:
    """The stage of each customer in another month; empty where there was no order yet."""
    return other.set_index("customer")["stage"].reindex(customers["customer"]).reset_index(drop=True)


def _quantile(waits: pd.DataFrame, share: float) -> float:
    """The smallest wait that so large a share of the customers did not exceed."""
    reached = waits["customers"].cumsum() >= np.ceil(share * waits["customers"].sum())
    return float(waits.loc[reached, "wait"].iloc[0])


def _gamma_poisson(repeats: Floats, span: Floats, customers: Floats) -> tuple[float, float]:
    """The r and alpha under which so many repeats within so many days are the least surprise.

    Newton's method in their logarithms, uphill by halved steps, from several starts.
    """
    unit, weight = float(np.average(span, weights=customers)), customers / customers.sum()
    found = [_climb(np.log(start), repeats, span / unit, weight) for start in _STARTS]
    r, alpha = np.exp(max(found, key=lambda one: one[1])[0])
    return float(r), float(alpha) * unit


def _climb(start: Floats, x: Floats, days: Floats, weight: Floats) -> tuple[Floats, float]:
    """The logarithms of r and alpha at the top of the likelihood that this start leads to, and its height."""
    from scipy.special import gammaln, polygamma, psi

    def height(at: Floats) -> float:
        r, alpha = np.exp(at)
        each = gammaln(r + x) - gammaln(r) + r * at[1] - (r + x) * np.log(alpha + days)
        return float(weight @ each)

    low, high = np.array(_BOUNDS).T
    at, now = start, height(start)
    for _ in range(_STEPS):
        r, alpha = np.exp(at)
        slope = np.array(
            [
                r * (weight @ (psi(r + x) + at[1] - np.log(alpha + days)) - psi(r)),
                weight @ (r - alpha * (r + x) / (alpha + days)),
            ]
        )
        bend = r * r * (weight @ polygamma(1, r + x) - polygamma(1, r)) + slope[0]
        across = r * (weight @ (days / (alpha + days)))
        along = -(weight @ (alpha * (r + x) * days / (alpha + days) ** 2))
        curve = np.array([[bend, across], [across, along]])
        downwards = bend < 0 and bend * along > across**2  # a top is near: the curve leads to it
        step = np.clip(-np.linalg.solve(curve, slope) if downwards else np.sign(slope), -1.0, 1.0)
        for _ in range(_HALVED):
            there = np.clip(at + step, low, high)
            if (better := height(there)) > now:
                break
            step = step / 2.0
        else:
            break
        at, now = there, better
    return at, now
