"""One way to ask any method, built in or a user's own: learn from a profile, then score or tier customers."""

import copy
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from segmentation import months
from segmentation.comparison.capture import Floats
from segmentation.errors import DataError, SegmentationError, without_passwords
from segmentation.rules import Rule

SHARES = (0.20, 0.50)


class History(Protocol):
    """What a trial needs to know of the past; `profile(month)` knows nothing later than that month's end."""

    @property
    def months(self) -> list[str]:
        """Every month of data, oldest first."""
        ...

    @property
    def window_months(self) -> int:
        """The months a profile looks back on."""
        ...

    def profile(self, month: str) -> pd.DataFrame:
        """One row a customer, as of the end of the month."""
        ...

    def later_value(self, first: str, last: str) -> pd.DataFrame:
        """The net value of each customer in those months: customer_id, value."""
        ...


@dataclass(frozen=True)
class Past:
    """A history that ends with a month: whoever asks for anything later is refused."""

    history: History
    month: str

    @property
    def months(self) -> list[str]:
        """The months up to and including the last one that may be known."""
        return [month for month in self.history.months if month <= self.month]

    @property
    def window_months(self) -> int:
        """The months a profile looks back on."""
        return self.history.window_months

    def profile(self, month: str) -> pd.DataFrame:
        """The profile as of a month, which must not hold anything from after that month."""
        self._allow(month)
        profile = self.history.profile(month)
        last = profile["last_order"].max() if "last_order" in profile and len(profile) else None
        if last is not None and last >= pd.Timestamp(months.last_day(month)) + pd.Timedelta(days=1):
            raise DataError(
                f"the profile as of {month} knows an order of {last:%Y-%m-%d}: it leaks the future; "
                "make the profile from orders up to the month's end only"
            )
        return profile

    def later_value(self, first: str, last: str) -> pd.DataFrame:
        """The value of months that are over by then."""
        self._allow(last)
        return self.history.later_value(first, last)

    def order_histories(self, month: str, window: int) -> pd.DataFrame:
        """Everybody known by the month's end, with what they ordered in the window."""
        self._allow(month)
        ask = getattr(self.history, "order_histories", None)
        if ask is None:
            raise DataError(
                "the history does not know all customers: it has no order_histories(month, window)"
            )
        found: pd.DataFrame = ask(month, window)
        return found

    def _allow(self, month: str) -> None:
        if month > self.month:
            raise DataError(f"{month} was asked for while only {self.month} and before may be known: a leak")


@dataclass(frozen=True)
class Learned:
    """A fitted method with one face: a score and a tier for every customer of a profile."""

    fitted: Any
    name: str
    tiers: Sequence[str]
    cuts: Floats

    def scores(self, profile: pd.DataFrame) -> Floats:
        """One finite score a customer, in the profile's order; higher is better."""
        rule = getattr(self.fitted, "rule_", None)
        if isinstance(rule, Rule):
            return _scores(self.name, rule.placed(profile).score, profile)
        if rule is not None:
            return _scores(self.name, self._applied(profile)["score"], profile)
        with _staying(self.name):
            given = self.fitted.score(profile)
        return _scores(self.name, given, profile)

    def tiers_of(self, profile: pd.DataFrame) -> np.ndarray:
        """One tier a customer, in the profile's order."""
        if hasattr(self.fitted, "rule_"):
            return self._applied(profile)["tier"].to_numpy(dtype=object)
        return np.asarray(self.tiers, dtype=object)[self._cut(profile)]

    def places_of(self, profile: pd.DataFrame) -> NDArray[np.intp]:
        """The position of each customer's tier among `tiers`, best = 0; -1 for none."""
        if not hasattr(self.fitted, "rule_"):
            return self._cut(profile)
        rule = self.fitted.rule_
        if isinstance(rule, Rule) and rule.tiers == tuple(self.tiers):
            return np.asarray(rule.placed(profile).tier, dtype=np.intp)
        given = self._applied(profile)["tier"]
        places = np.full(len(profile), -1, dtype=np.intp)
        for place, tier in enumerate(self.tiers):
            places[(given == tier).to_numpy(dtype=bool, na_value=False)] = place
        return places

    def _cut(self, profile: pd.DataFrame) -> NDArray[np.intp]:
        return (self.scores(profile)[:, None] < self.cuts[None, :]).sum(axis=1)

    def _applied(self, profile: pd.DataFrame) -> pd.DataFrame:
        applied = self.fitted.rule_.apply(profile)
        _check_rows(self.name, applied, profile)
        return applied


def learn(
    method: Any,
    name: str,
    profile: pd.DataFrame,
    tiers: Sequence[str] = ("A", "B", "C"),
    past: Past | None = None,
) -> Learned:
    """Fit a copy of the method, so that no trial leaves a trace in it.

    A method either learns a `rule_`, or has `score(profile)`; the scores are then cut so that the best tier
    takes 20 % of the customers and the first two 50 %, equal scores together on the better side. A method
    with `needs_history = True` gets `fit(profile, history=past)`, and cannot ask `past` for anything later.

    Raises DataError where the method gives too few rows, repeated customers or NaN; whatever the method
    itself raises goes through.
    """
    method = copy.deepcopy(method)
    history = {"history": past} if getattr(method, "needs_history", False) else {}
    with _staying(name):
        fitted = method.fit(profile, **history)
    fitted = method if fitted is None else fitted
    learned = Learned(fitted, name, tiers, np.empty(0))
    if hasattr(fitted, "rule_"):
        return learned
    if not hasattr(fitted, "score"):
        raise DataError(f"{name}: after fit there is neither a `rule_` nor a method `score(profile)`")
    ranked = np.sort(learned.scores(profile))[::-1]
    places = [int(np.ceil(share * len(ranked))) - 1 for share in _shares(len(tiers))]
    return Learned(fitted, name, tiers, ranked[places])


@dataclass(frozen=True)
class _Holder:
    """A fitted method of which only the rule is left."""

    rule_: Any


def from_rule(rule: Any, name: str, tiers: Sequence[str]) -> Learned:
    """A rule that was learned before, with the same face."""
    return Learned(_Holder(rule), name, tiers, np.empty(0))


def settled(method: Any, learned: Learned) -> Any:
    """The method with the choices it made for itself (such as a number of clusters) held, for quick refits.

    A method that makes such choices offers `holding(rule)`; any other is returned as it is.
    """
    holding = getattr(method, "holding", None)
    rule = getattr(learned.fitted, "rule_", None)
    return method if holding is None or rule is None else holding(rule)


def built_in(method: Any) -> bool:
    """Whether a method is one of ours, which look at the profile's figures and nothing else."""
    return type(method).__module__.startswith("segmentation.")


def reason(error: Exception) -> str:
    """Why a method failed, in one line for the page."""
    text = without_passwords(" ".join(str(error).split()))
    return text if isinstance(error, SegmentationError) else f"{type(error).__name__}: {text}"


@contextmanager
def _staying(name: str) -> Iterator[None]:
    """A method that would end the process has failed, and no more."""
    try:
        yield
    except SystemExit as error:
        raise DataError(f"{name}: it raised SystemExit({error.code!r}); a method must return") from None


def _shares(tiers: int) -> tuple[float, ...]:
    """The cumulated shares of customers in all tiers but the last."""
    return SHARES if tiers == 3 else tuple(np.linspace(0, 1, tiers + 1)[1:-1])


def _check_rows(name: str, given: pd.DataFrame, profile: pd.DataFrame) -> None:
    """Refuse a result whose rows are not the profile's rows, in its order."""
    if "customer_id" not in given or "customer_id" not in profile:
        same = len(given) == len(profile)
    else:
        ids = given["customer_id"].reset_index(drop=True).astype("str")
        same = ids.equals(profile["customer_id"].reset_index(drop=True).astype("str"))
        twice = ids[ids.duplicated()] if not same else ids[:0]
        if len(twice):
            raise DataError(f"{name}: customer {twice.iloc[0]!r} is given more than once")
    if len(given) != len(profile):
        raise DataError(f"{name}: {len(given):,} rows for {len(profile):,} customers; give one for each")
    if not same:
        raise DataError(f"{name}: the customers are not those of the profile, in its order")


def _scores(name: str, given: Any, profile: pd.DataFrame) -> Floats:
    if isinstance(given, pd.DataFrame):
        _check_rows(name, given, profile)
        given = given["score"]
    scores = np.asarray(given, dtype=np.float64)
    if scores.shape != (len(profile),):
        raise DataError(f"{name}: {scores.size:,} scores for {len(profile):,} customers; give one for each")
    if np.isnan(scores).any():
        raise DataError(
            f"{name}: {int(np.isnan(scores).sum()):,} scores are NaN; give every customer a number"
        )
    return scores
