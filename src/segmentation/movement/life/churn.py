"""The chance that a customer orders nothing within the horizon, and how such claims turned out before."""

from typing import NamedTuple, Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from segmentation import months
from segmentation.errors import DataError
from segmentation.methods.bg_nbd import BgNbd

Floats = NDArray[np.float64]

LEAST = 20  # customers of either outcome that a chance can be learned from
_RIDGE = 1e-3
_STEPS, _STILL = 100, 1e-10
_SURE = 1.96
_PARTS = 10
_LIKELY, _TIMES = 0.5, 2.0
_SAME = 1e-6  # chances that differ by less are one


class TwoFacts(NamedTuple):
    """A logistic regression of silence on two facts: log(1 + days silent) and log(1 + order days ever).

    By trial (Complete Journey, Online Retail, CDNOW) eleven facts, boosted trees and a Cox model find no more.
    """

    intercept: float
    silence: float
    order_days: float

    @classmethod
    def fit(cls, customers: pd.DataFrame) -> Self:
        """Learn from customers of `Known.at` of an earlier month end, whose later orders are known by now.

        Newton's method on the log likelihood less a ridge of 0.001 on both slopes, over the distinct pairs of
        facts in their order, so that the order of the customers does not matter. Raises DataError where fewer
        than 20 ordered or fewer than 20 did not, or where the steps do not come to rest.
        """
        seen = customers.assign(silent=customers["later_orders"] <= 0)
        pairs = seen.groupby(["recency_days", "days_ever"], sort=True)["silent"].agg(["size", "sum"])
        many, silent = pairs["size"].to_numpy(dtype=np.float64), pairs["sum"].to_numpy(dtype=np.float64)
        if not LEAST <= silent.sum() <= many.sum() - LEAST:
            raise DataError(
                f"of {int(many.sum())} customers {int(silent.sum())} fell silent; at least {LEAST} must have, and "
                f"as many not"
            )
        facts = _facts(*(pairs.index.get_level_values(level).to_numpy() for level in (0, 1)))
        found = np.zeros(3)
        penalty = np.array([0.0, _RIDGE, _RIDGE])
        for _ in range(_STEPS):
            chance = _logistic(facts @ found)
            slope = facts.T @ (silent - many * chance) - penalty * found
            curve = (facts * (many * chance * (1.0 - chance))[:, None]).T @ facts + np.diag(penalty)
            try:
                step = np.linalg.solve(curve, slope)
            except np.linalg.LinAlgError:
                break
            found = found + np.clip(step, -2.0, 2.0)
            if np.abs(step).max() < _STILL:
                return cls(*(float(value) for value in found))
        raise DataError("the chances cannot be learned: the two facts do not tell one outcome from the other")

    def chances(self, customers: pd.DataFrame) -> Floats:
        """P(no order within the horizon) of each customer of `Known.at`."""
        return _logistic(_facts(customers["recency_days"], customers["days_ever"]) @ np.array(self))


def by_law(everybody: pd.DataFrame, horizon: int) -> Floats:
    """P(no order within so many months) of customers of `Known.at` by BG/NBD, which needs no earlier month end.

    Never P(alive): that is 1 for everybody who ordered once. Raises DataError where nobody ordered on two days,
    or where the fit goes astray: its chances are none, or the same for everybody.
    """
    as_of = everybody.attrs["as_of"]
    ahead = (months.last_day(months.add(as_of, horizon)) - months.last_day(as_of)).days
    repeats, recency, age = (
        everybody[name].to_numpy(dtype=np.float64) for name in ("days_ever", "span_days", "age_days")
    )
    facts = (repeats - 1.0, recency, age)
    found = BgNbd.fit(*facts).silent(float(ahead), *facts)
    if not np.isfinite(found).all() or np.ptp(found) < _SAME:
        raise DataError("the law of orders (BG/NBD) tells no customer from another")
    return found


class Claims(NamedTuple):
    """What was claimed of customers at a month end, and what came: one value a customer.

    constant: what is claimed of everybody instead: the share that had fallen silent one horizon earlier; where
    that is not known the share that did, which is harder to beat.
    """

    said: Floats
    constant: float
    silent: NDArray[np.bool_]

    def record(self) -> dict[str, float]:
        """How the claims turned out: customers, said_silent and happened (means), auc,
        brier, brier_constant, calibration_error.

        auc: how often who fell silent had the higher chance than who did not (Mann & Whitney, ties half).
        brier: mean squared error. calibration_error: the expected one over ten parts of equal size.
        """
        came = self.silent.astype(np.float64)
        return {
            "customers": len(came),
            "said_silent": float(self.said.mean()),
            "happened": float(came.mean()),
            "auc": _auc(self.said, self.silent),
            "brier": float(((self.said - came) ** 2).mean()),
            "brier_constant": float(((self.constant - came) ** 2).mean()),
            "calibration_error": _calibration_error(self.said, came),
        }

    def lead(self) -> tuple[float, float]:
        """By how much the squared error is below the constant's, a customer, and the standard error of that."""
        came = self.silent.astype(np.float64)
        gained = (self.constant - came) ** 2 - (self.said - came) ** 2
        return float(gained.mean()), float(gained.std() / np.sqrt(max(len(gained), 1)))

    def deciles(self) -> pd.DataFrame:
        """The claims in ten parts of nearly equal size, lowest first: part, customers, said_silent, happened.

        Equal claims stay together, so that parts may be of different size, or fewer.
        """
        ranked = np.sort(self.said)
        cuts = np.unique([ranked[-(-len(ranked) * i // _PARTS) - 1] for i in range(1, _PARTS)])
        part = np.searchsorted(cuts, self.said, side="left") + 1
        frame = pd.DataFrame(
            {"part": part, "said_silent": self.said, "happened": self.silent.astype(np.float64)}
        )
        found = frame.groupby("part").agg(
            customers=("said_silent", "size"),
            said_silent=("said_silent", "mean"),
            happened=("happened", "mean"),
        )
        return found.reset_index()


def claimed(learned_from: pd.DataFrame, customers: pd.DataFrame) -> Claims:
    """What the two facts claimed of `customers` at their month end, learned one horizon earlier, and what came.

    Both are frames of `Known.at` with outcomes. Raises DataError as `TwoFacts.fit`.
    """
    said = TwoFacts.fit(learned_from).chances(customers)
    constant = float((learned_from["later_orders"] <= 0).mean())
    return Claims(said, constant, (customers["later_orders"] <= 0).to_numpy())


def claimed_by_law(everybody: pd.DataFrame, chosen: NDArray[np.bool_], horizon: int) -> Claims:
    """What BG/NBD, learned from `everybody` at a month end, claimed of the `chosen` of them, and what came."""
    silent = (everybody["later_orders"] <= 0).to_numpy()[chosen]
    return Claims(by_law(everybody, horizon)[chosen], float(silent.mean()), silent)


def tells(leads: list[tuple[float, float]]) -> bool:
    """Whether claims at several month ends were better than the constant: in the mean, clearly so.

    The standard error is the mean of theirs, not smaller for there being several: the customers are the same.
    """
    gained, error = np.array(leads).mean(axis=0)
    return bool(gained > _SURE * error)


def line(chances: Floats) -> float:
    """The chance of silence from which a customer is at risk: one half, or twice the mean of all, if that is less.

    >>> line(np.array([0.125, 0.25])), line(np.array([0.9]))
    (0.375, 0.5)
    """
    return min(_LIKELY, _TIMES * float(np.mean(chances)))


def own_rate(customers: pd.DataFrame, horizon: int) -> Floats:
    """What each customer brings in so many months at the own monthly rate of the window, at least 0."""
    window = customers.attrs["window_months"]
    since = np.clip(customers["age_days"].to_numpy(dtype=np.float64) / 30.4375, 1.0, window)
    return customers["monetary"].clip(lower=0.0).to_numpy(dtype=np.float64) / since * horizon


def at_stake(customers: pd.DataFrame, chances: Floats, horizon: int) -> Floats:
    """The chance of silence times what the customer brings in so many months at the own monthly rate.

    At most what was spent in the window: a single large order of last week is no rate.
    """
    spent = customers["monetary"].clip(lower=0.0).to_numpy(dtype=np.float64)
    return chances * np.minimum(own_rate(customers, horizon), spent)


def _facts(silence: object, order_days: object) -> Floats:
    silent, often = np.asarray(silence, dtype=np.float64), np.asarray(order_days, dtype=np.float64)
    return np.column_stack([np.ones(len(silent)), np.log1p(silent), np.log1p(often)])


def _logistic(values: Floats) -> Floats:
    return 1.0 / (1.0 + np.exp(-np.clip(values, -500.0, 500.0)))


def _auc(said: Floats, silent: NDArray[np.bool_]) -> float:
    """The area under the curve; empty where only one outcome came."""
    yes, no = int(silent.sum()), int((~silent).sum())
    if not yes or not no:
        return float("nan")
    _, place, many = np.unique(said, return_inverse=True, return_counts=True)
    rank = np.cumsum(many) - (many - 1) / 2.0
    return float((rank[place][silent].sum() - yes * (yes + 1) / 2.0) / (yes * no))


def _calibration_error(said: Floats, came: Floats) -> float:
    parts = Claims(said, 0.0, came > 0).deciles()
    return float(
        (parts["customers"] * (parts["said_silent"] - parts["happened"]).abs()).sum()
        / parts["customers"].sum()
    )
