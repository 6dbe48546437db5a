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

SPEND, HIATUS, RANDOM, ORACLE = "spend", "hiatus", "random", "oracle"
REFERENCES = (SPEND, HIATUS, RANDOM, ORACLE)


class NothingToJudge(DataError):
    """An origin that no method can be judged by; the reason in English and Chinese."""

    def __init__(self, reason: str, reason_zh: str) -> None:
        super().__init__(reason)
        self.reason_zh = reason_zh


@dataclass(frozen=True)
class Contest:
    """The rankings of one origin's customers and what the customers were worth in the hold-out.

    All arrays are in the order of `customers`; `later_value` is not negative and not all zero; `truth` ranks
    by it.
    """

    origin: str
    customers: pd.Index
    later_value: Floats
    rankings: Mapping[str, Ranking]
    truth: Ranking

    def places(self, capacity: float) -> float:
        """The customers that a capacity stands for: a share below 1, a number of customers from 1 on."""
        n = len(self.later_value)
        return capacity * n if capacity < 1 else min(float(capacity), float(n))


def hold(
    history: History, methods: Mapping[str, Any], origin: str, holdout_months: int, hiatus_days: int
) -> tuple[Contest, dict[str, Any], list[tuple[str, str]]]:
    """Let every method learn at the origin and rank.

    Returns the contest, the methods for later origins (with the choices that they made here held, so that
    these are made once and from the oldest past), and (method, reason) of the failures.

    Raises DataError where the origin itself is of no use: no customers, or no sales to them afterwards.
    """
    past = Past(history, origin)
    profile = past.profile(origin)
    if profile.empty:
        raise NothingToJudge("no customer has ordered within its window", "其窗口内没有任何客户下单")
    later = _later_value(history, profile, origin, holdout_months)
    if not later.any():
        raise NothingToJudge(
            f"none of its {len(profile):,} customers bought anything in the hold-out",
            f"其 {len(profile):,} 位客户在检验期内均无购买",
        )
    spend = profile["monetary"].to_numpy(dtype=np.float64)
    by_spend = Ranking.of(spend)
    heard_of = (profile["recency_days"].to_numpy() <= hiatus_days).astype(np.float64)
    rankings: dict[str, Ranking] = {}
    held = dict(methods)
    failures: list[tuple[str, str]] = []
    for name, method in methods.items():
        try:
            learned = learn(method, name, profile, past=past)
            rankings[name] = _ranking(method, learned, profile, spend, past)
            held[name] = settled(method, learned)
        except Exception as error:
            failures.append((name, reason(error)))
    rankings[SPEND], rankings[HIATUS] = by_spend, Ranking.of(heard_of, spend)
    contest = Contest(origin, pd.Index(profile["customer_id"]), later, rankings, Ranking.of(later))
    return contest, held, failures


def _ranking(method: Any, learned: Learned, profile: pd.DataFrame, spend: Floats, past: Past) -> Ranking:
    scores = learned.scores(profile)
    if not built_in(method) and not getattr(method, "needs_history", False):
        _refuse_outside_knowledge(method, learned.name, profile, scores, past)
    return Ranking.of(scores, spend)


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
