"""One origin of the trial: learn from what was known, rank, and look at what the customers did next."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from segmentation import months
from segmentation.comparison.capture import Floats, Ranking
from segmentation.comparison.learning import History, Learned, Past, built_in, learn, reason, settled
from segmentation.errors import DataError
from segmentation.rules import Rule
from segmentation.words.reader import Sentence, sentence

SPEND, HIATUS, RANDOM, ORACLE = "spend", "hiatus", "random", "oracle"
REFERENCES = (SPEND, HIATUS, RANDOM, ORACLE)
OFFICIAL = "official"
Capacity = float | str
_MOST_SILENT = 180


class NothingToJudge(DataError):
    """An origin that no method can be judged by, and why."""

    def __init__(self, reason: Sentence) -> None:
        super().__init__(str(reason))
        self.reason = reason


def capacity_name(capacity: Capacity) -> str:
    """A capacity as the parameters write it, which is its name in frames.

    >>> capacity_name("official"), capacity_name(0.2), capacity_name(500.0)
    ('official', '0.2', '500')
    """
    if isinstance(capacity, str):
        return capacity
    return str(int(capacity)) if capacity >= 1 and capacity == int(capacity) else str(float(capacity))


def default_hiatus(window_months: int) -> int:
    """Days of silence from which a customer may be gone, unless told: half of the window, at most 180.

    >>> default_hiatus(6), default_hiatus(12)
    (91, 180)
    """
    return min(round(window_months * 365.25 / 24), _MOST_SILENT)


def hiatus_is_void(hiatus_days: int, origin: str, window_months: int) -> bool:
    """Whether nobody can be silent for longer: the window is not longer than that.

    >>> hiatus_is_void(180, "2017-06", 6), hiatus_is_void(90, "2017-06", 6)
    (True, False)
    """
    first = months.first_day(months.add(origin, 1 - window_months))
    return (months.last_day(origin) - first).days <= hiatus_days


@dataclass(frozen=True)
class Contest:
    """The rankings of one origin's customers and what the customers were worth in the hold-out.

    All arrays are in the order of `customers`; `later_value` is not negative and not all zero; `truth` ranks
    by it. `best` is how many customers the official method's best tier holds; 0 where the method failed.
    """

    origin: str
    customers: pd.Index
    later_value: Floats
    rankings: Mapping[str, Ranking]
    truth: Ranking
    best: int

    def places(self, capacity: Capacity) -> float:
        """The customers that a capacity stands for: a share below 1, a number of customers from 1 on.

        "official" is as many as the official method's best tier holds: 0 where there is none.
        """
        n = len(self.later_value)
        if isinstance(capacity, str):
            return float(self.best)
        return capacity * n if capacity < 1 else min(float(capacity), float(n))

    def chosen(self, name: str, capacity: Capacity) -> Floats:
        """How much of each customer a contestant chooses; see `Ranking.chosen`."""
        return self.rankings[name].chosen(self.places(capacity))

    def without(self, customer: Any) -> "Contest":
        """The same contest as if a customer had never been there."""
        row = self.customers.get_indexer(pd.Index([customer]))[0]
        if row < 0:
            return self
        return Contest(
            self.origin,
            self.customers.delete(row),
            np.delete(self.later_value, row),
            {name: ranking.without(row) for name, ranking in self.rankings.items()},
            self.truth.without(row),
            min(self.best, len(self.customers) - 1),
        )


def hold(
    history: History,
    methods: Mapping[str, Any],
    origin: str,
    holdout_months: int,
    hiatus_days: int,
    official: str,
) -> tuple[Contest, dict[str, Any], list[tuple[str, str]]]:
    """Let every method learn at the origin and rank; the hiatus rule only where somebody can be silent.

    Returns the contest, the methods for later origins (with the choices that they made here held, so that
    these are made once and from the oldest past), and (method, reason) of the failures.

    Raises DataError where the origin itself is of no use: no customers, or no sales to them afterwards.
    """
    past = Past(history, origin)
    profile = past.profile(origin)
    if profile.empty:
        raise NothingToJudge(Sentence("no customer has ordered within its window"))
    later = _later_value(history, profile, origin, holdout_months)
    if not later.any():
        raise NothingToJudge(
            sentence("none of its {n:integer} customers bought anything in the hold-out", n=len(profile))
        )
    spend = profile["monetary"].to_numpy(dtype=np.float64)
    by_spend = Ranking.of(spend)
    rankings: dict[str, Ranking] = {}
    held = dict(methods)
    failures: list[tuple[str, str]] = []
    best = 0
    for name, method in methods.items():
        try:
            learned = learn(method, name, profile, past=past)
            rankings[name] = _ranking(method, learned, profile, by_spend, past)
            held[name] = settled(method, learned)
            if name == official:
                best = _best(learned, profile)
        except Exception as error:
            failures.append((name, reason(error)))
    rankings[SPEND] = by_spend
    if not hiatus_is_void(hiatus_days, origin, history.window_months):
        heard_of = (profile["recency_days"].to_numpy() <= hiatus_days).astype(np.float64)
        rankings[HIATUS] = by_spend.under(heard_of)
    contest = Contest(origin, pd.Index(profile["customer_id"]), later, rankings, Ranking.of(later), best)
    return contest, held, failures


def _best(learned: Learned, profile: pd.DataFrame) -> int:
    """How many customers the method's own best tier holds."""
    rule = getattr(learned.fitted, "rule_", None)
    if isinstance(rule, Rule):
        return int((rule.placed(profile).tier == 0).sum())
    names = getattr(rule, "tiers", learned.tiers)
    return int((learned.tiers_of(profile) == names[0]).sum())


def _ranking(method: Any, learned: Learned, profile: pd.DataFrame, by_spend: Ranking, past: Past) -> Ranking:
    scores = learned.scores(profile)
    if not built_in(method) and not getattr(method, "needs_history", False):
        _refuse_outside_knowledge(method, learned.name, profile, scores, past)
    return by_spend.under(scores)


def _refuse_outside_knowledge(
    method: Any, name: str, profile: pd.DataFrame, scores: Floats, past: Past
) -> None:
    """Refuse a user's method whose ranking follows the customer ids rather than the profile's columns.

    Whatever it looks up by id (a table of its own, the orders file) may come from after the origin, and
    nobody could tell.
    """
    hidden = profile.assign(customer_id=[f"x{row}" for row in range(len(profile))])
    try:
        blind = learn(method, name, hidden, past=past).scores(hidden)
        same = np.array_equal(np.argsort(blind, kind="stable"), np.argsort(scores, kind="stable"))
    except Exception:
        same = False
    if not same:
        raise DataError(
            f"{name}: its ranking changes when the customer ids are replaced, so it knows something that is "
            "not in the profile and may come from after the origin (a leak), or is drawn at random; use only "
            "the profile's columns, and a fixed seed"
        )


def _later_value(history: History, profile: pd.DataFrame, origin: str, holdout_months: int) -> Floats:
    """What each customer was worth in the hold-out; a negative net counts as nothing."""
    later = history.later_value(months.add(origin, 1), months.add(origin, holdout_months))
    at = pd.Index(later["customer_id"]).get_indexer(pd.Index(profile["customer_id"]))
    value = np.append(later["value"].to_numpy(dtype=np.float64), 0.0)[at]
    return np.clip(value, 0.0, None)
