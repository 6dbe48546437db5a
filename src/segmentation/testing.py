"""The contract of a method as a test that its author can run: `check_method(MyMethod())`."""

import copy
import inspect
from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
import pandas as pd

from segmentation import months
from segmentation.rules import Rule

_MONTHS = 9
_WINDOW = 6


def check_method(method: Any) -> list[str]:
    """Check that a method can take part in every comparison; returns the names of the checks that passed.

    The method is never changed: every check fits a copy. Checked are: it keeps its options as given, `fit`
    returns the method (or None), it has a `rule_` or a `score(profile)`, it gives one finite score and one
    known tier for every customer, it leaves the profile alone, neither the order of the rows nor the ids
    decide, equal customers get equal tiers, and the same profile gives the same result twice.

    Raises AssertionError that names the check and what was found.

    >>> from segmentation import ABC
    >>> len(check_method(ABC()))
    8
    """
    checks: list[Callable[[Any], None]] = [
        _keeps_its_options,
        _fits_and_answers,
        _answers_for_every_customer,
        _leaves_the_profile_alone,
        _order_of_rows_does_not_decide,
        _ids_do_not_decide,
        _equal_customers_are_equal,
        _same_twice,
    ]
    for check in checks:
        check(method)
    return [check.__name__.strip("_").replace("_", " ") for check in checks]


class SmallHistory:
    """Nine months of 120 customers, for methods that learn from earlier months (`needs_history`)."""

    def __init__(self) -> None:
        generator = np.random.default_rng(20171231)
        self.months = months.span("2017-01", "2017-09")
        self.window_months = _WINDOW
        rate, spend = generator.gamma(1.2, 0.8, 120), generator.lognormal(4.0, 0.8, 120)
        orders = generator.poisson(np.repeat(rate, _MONTHS))  # one number a customer and month
        who = np.repeat(np.arange(120).repeat(_MONTHS), orders)
        self.orders = pd.DataFrame(
            {
                "customer_id": [f"c{customer:03}" for customer in who],
                "month": np.repeat(np.tile(self.months, 120), orders),
                "day": generator.integers(1, 29, len(who)),
                "cents": (generator.gamma(4.0, spend[who] * 25) + 1).astype(np.int64),
            }
        )

    def profile(self, month: str) -> pd.DataFrame:
        """One row a customer with an order in the window, as of the end of the month."""
        known = self.orders[self.orders["month"] <= month]
        dates = pd.to_datetime(known["month"]) + pd.to_timedelta(known["day"] - 1, unit="D")
        known = known.assign(date=dates)
        window = known[known["month"] >= months.add(month, 1 - _WINDOW)]
        groups, ever = window.groupby("customer_id"), known.groupby("customer_id")
        end = pd.Timestamp(months.last_day(month))
        found = pd.DataFrame(
            {
                "recency_days": (end - groups["date"].max()).dt.days,
                "frequency": groups.size(),
                "order_days": groups["date"].nunique(),
                "monetary": groups["cents"].sum() / 100,
                "returns": 0,
            }
        )
        found["average_order"] = found["monetary"] / found["frequency"]
        found["first_order"], found["last_order"] = ever["date"].min(), ever["date"].max()
        found["tenure_days"] = (end - found["first_order"]).dt.days
        since_first = (found["tenure_days"] // 30 + 1).clip(upper=_WINDOW)
        found["monthly_mean"] = found["monetary"] / since_first
        found["active_months"] = groups["month"].nunique()
        gaps = (ever.size() - 1).reindex(found.index)
        found["mean_gap_days"] = (found["last_order"] - found["first_order"]).dt.days / gaps.where(gaps > 0)
        for name, first, last in (("recent", -2, 0), ("previous", -5, -3)):
            inside = known[known["month"].between(months.add(month, first), months.add(month, last))]
            sums = inside.groupby("customer_id")["cents"].sum() / 100
            found[name] = sums.reindex(found.index, fill_value=0.0)
        found["growth"] = found["recent"] / found["previous"].where(found["previous"] > 0) - 1
        profile = found.reset_index()
        profile.attrs = {"as_of": month, "window_months": _WINDOW, "currency": "USD", "minor_units": 2}
        return profile

    def order_histories(self, month: str, window: int) -> pd.DataFrame:
        """Everybody known by the month's end: order days, first and last order, the window's amounts."""
        known = self.orders[self.orders["month"] <= month]
        known = known.assign(
            date=pd.to_datetime(known["month"]) + pd.to_timedelta(known["day"] - 1, unit="D")
        )
        inside = known[known["month"] >= months.add(month, 1 - window)]
        amounts = (inside["cents"] / 100).groupby(inside["customer_id"])
        ever = known.groupby("customer_id")["date"]
        found = pd.DataFrame(
            {
                "days": ever.nunique(),
                "first_order": ever.min(),
                "last_order": ever.max(),
                "window_days": inside.groupby("customer_id")["date"].nunique(),
                "orders": amounts.size(),
                "amount": amounts.sum(),
                "amount_squared": ((inside["cents"] / 100) ** 2).groupby(inside["customer_id"]).sum(),
            }
        )
        return found.fillna(dict.fromkeys(found.columns[3:], 0.0)).reset_index()

    def later_value(self, first: str, last: str) -> pd.DataFrame:
        """The value of each customer in those months."""
        inside = self.orders[self.orders["month"].between(first, last)]
        return (inside.groupby("customer_id")["cents"].sum() / 100).rename("value").reset_index()


@cache
def _history() -> SmallHistory:
    return SmallHistory()


@cache
def _known_customers() -> pd.DataFrame:
    profile = _history().profile(_history().months[-1])
    twin = profile.iloc[[0, 0]].assign(customer_id=["twin", "twin too"])
    together = pd.concat([profile, twin], ignore_index=True)
    together.attrs = profile.attrs
    return together


def _customers() -> pd.DataFrame:
    """The same customers for every check, each with a copy of its own."""
    return _known_customers().copy(deep=True)


def _fitted(method: Any, profile: pd.DataFrame) -> Any:
    method = copy.deepcopy(method)
    found = (
        method.fit(profile, history=_history())
        if getattr(method, "needs_history", False)
        else method.fit(profile)
    )
    assert found is None or found is method, (
        f"fit returned {found!r}: it must return the method itself, or None"
    )
    return method


def _answers(method: Any, profile: pd.DataFrame) -> pd.DataFrame:
    """The customers with the method's score and, from a rule, its tier; in the rows' order."""
    fitted = _fitted(method, profile)
    if hasattr(fitted, "rule_"):
        return fitted.rule_.apply(profile)
    return profile.assign(score=np.asarray(fitted.score(profile), dtype=np.float64))


def _keeps_its_options(method: Any) -> None:
    if not hasattr(method, "get_params"):
        return
    options = method.get_params()
    signature = inspect.signature(type(method).__init__)
    missing = [name for name in signature.parameters if name != "self" and name not in options]
    assert not missing, f"get_params leaves out {', '.join(missing)}"
    again = type(method)(**options)
    changed = [name for name, value in options.items() if again.get_params()[name] is not value]
    assert not changed, f"the constructor changes {', '.join(changed)}: keep options as they are given"


def _fits_and_answers(method: Any) -> None:
    assert hasattr(method, "fit"), "there is no fit(profile)"
    fitted = _fitted(method, _customers())
    has_rule, has_score = hasattr(fitted, "rule_"), callable(getattr(fitted, "score", None))
    assert has_rule or has_score, "after fit there is neither a rule_ nor a score(profile)"
    if has_rule:
        assert isinstance(fitted.rule_, Rule), f"rule_ is a {type(fitted.rule_).__name__}, not a Rule"


def _answers_for_every_customer(method: Any) -> None:
    profile = _customers()
    found = _answers(method, profile)
    assert len(found) == len(profile), f"{len(found)} rows for {len(profile)} customers"
    scores = found["score"].to_numpy(dtype=np.float64)
    assert scores.shape == (len(profile),), f"scores of shape {scores.shape} for {len(profile)} customers"
    assert not np.isnan(scores).any(), f"{int(np.isnan(scores).sum())} scores are NaN"
    assert list(found["customer_id"]) == list(profile["customer_id"]), "the customers are in another order"
    if "tier" in found:
        tiers = set(found["tier"])
        known = set(_fitted(method, profile).rule_.tiers)
        assert tiers <= known, f"tiers {sorted(map(str, tiers - known))} are not among {sorted(known)}"


def _leaves_the_profile_alone(method: Any) -> None:
    profile = _customers()
    before = profile.copy(deep=True)
    _answers(method, profile)
    pd.testing.assert_frame_equal(profile, before, obj="the profile after fit")


def _order_of_rows_does_not_decide(method: Any) -> None:
    profile = _customers()
    shuffled = profile.sample(frac=1, random_state=1)
    expected = _by_customer(_answers(method, profile))
    _same(expected, _by_customer(_answers(method, shuffled)).loc[expected.index], "rows in another order")


def _ids_do_not_decide(method: Any) -> None:
    profile = _customers()
    if getattr(method, "needs_history", False):
        return  # the history knows the customers by their ids
    renamed = profile.assign(customer_id=[f"x{len(profile) - place}" for place in range(len(profile))])
    expected, found = _answers(method, profile), _answers(method, renamed)
    names = [name for name in ("score", "tier") if name in expected]
    _same(expected[names], found[names], "other customer ids")


def _equal_customers_are_equal(method: Any) -> None:
    found = _by_customer(_answers(method, _customers()))
    twins = found.loc[["twin", "twin too"]]
    assert len(twins.drop_duplicates()) == 1, f"equal customers differ: {twins.to_dict('list')}"


def _same_twice(method: Any) -> None:
    profile = _customers()
    _same(_by_customer(_answers(method, profile)), _by_customer(_answers(method, profile)), "a second fit")


def _by_customer(found: pd.DataFrame) -> pd.DataFrame:
    return found.set_index("customer_id")[[name for name in ("score", "tier") if name in found]]


def _same(expected: pd.DataFrame, found: pd.DataFrame, what: str) -> None:
    """The same tiers exactly, and the same scores up to rounding."""
    close = np.isclose(expected["score"].to_numpy(), found["score"].to_numpy(), rtol=1e-9, atol=1e-12)
    assert close.all(), f"{what}: {int((~close).sum())} scores change"
    if "tier" in expected:
        changed = expected["tier"].to_numpy() != found["tier"].to_numpy()
        assert not changed.any(), f"{what}: {int(changed.sum())} tiers change"
