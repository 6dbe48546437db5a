"""The trial: at several past month ends, whom would each method have chosen, and who mattered afterwards?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from segmentation.comparison import draws as drawing
from segmentation.comparison.capture import Measures, cost_of, measure, measure_random
from segmentation.comparison.contest import (
    OFFICIAL,
    ORACLE,
    RANDOM,
    REFERENCES,
    Capacity,
    Contest,
    NothingToJudge,
    capacity_name,
    default_hiatus,
    hold,
)
from segmentation.comparison.differences import compared
from segmentation.comparison.learning import History
from segmentation.comparison.origins import origins_for, skipped
from segmentation.comparison.tail import tail_index
from segmentation.errors import DataError, ParameterError
from segmentation.show.tables import Block, table
from segmentation.words.reader import Reader, Sentence

ALONG = np.round(np.linspace(0.0, 1.0, 101), 2)


@dataclass(frozen=True, repr=False)
class Trial:
    """What the trial found, as tidy frames; shares are of 1, a capacity has the name that parameters give it.

    results: origin, method, capacity, share (of customers chosen), customers, chosen, later_value (of all of
    them), captured, captured_of_oracle, missed, wasted, cost (a customer).
    pooled: method, capacity, share, chosen, origins, captured, captured_of_oracle, missed, wasted, cost
    (means of origins).
    differences: capacity, origin ("all" = pooled), measure ("captured", "missed"), method (random choice
    among them), difference (to the official method), low, high, low_all, high_all, clear, same (it chooses
    the same customers), without_largest (the difference without the customer who brought most), holds
    (whether it is clear without that customer too).
    winners: capacity, measure, best, winner ("" = no clear winner), rival, difference, low_all, high_all.
    curve: method, share, captured (mean of origins). skipped: origin, reason, figures (see `why_skipped`).
    failures: method, origin, reason. setting: one row: official, month, window_months, holdout_months,
    hiatus_days, price (of a customer who is missed, with the waste that it makes; empty without costs),
    origins, customers, draws, by ("bootstrap", "influence", or "" without a trial), tail_index (of later
    value, see `tail_index`).
    """

    results: pd.DataFrame
    pooled: pd.DataFrame
    differences: pd.DataFrame
    winners: pd.DataFrame
    curve: pd.DataFrame
    skipped: pd.DataFrame
    failures: pd.DataFrame
    setting: pd.DataFrame

    def __repr__(self) -> str:
        return repr(self._itself())

    def _repr_html_(self) -> str:
        return self._itself()._repr_html_()

    def _itself(self) -> Block:
        """What each contestant captured and missed, the means of the origins."""
        shown = self.pooled[["method", "capacity", "origins", "captured", "missed", "wasted"]]
        return table(
            shown, "What each contestant captured, missed and wasted: means of the origins", Reader()
        )


def trial(
    history: History,
    methods: Mapping[str, Any],
    *,
    official: str,
    origins: int | Sequence[str] = 4,
    holdout_months: int = 3,
    capacity: Capacity | Sequence[Capacity] = (OFFICIAL, 0.20, 0.05),
    month: str | None = None,
    hiatus_days: int | None = None,
    cost_of_missing: float | None = None,
    cost_of_waste: float | None = None,
    seed: int = 0,
    draws: int = 500,
    bootstrap_at_most: int = drawing.BOOTSTRAP_AT_MOST,
) -> Trial:
    """Put the methods on trial, beside spend, the hiatus rule, random choice and an oracle.

    A capacity is "official" (as many customers as the official method's best tier holds at each origin), a
    share of the customers, or a number. `month` is the last month that may be known (default: the history's
    last); `hiatus_days` is half of the window, at most 180, unless given, and a hiatus that nobody in the
    window can have leaves the rule out. An origin without a complete window or hold-out, or without sales in
    it, is skipped and named; a method that fails at an origin is named in `failures` and the others go on;
    one that chooses for itself (a number of clusters) does so at the oldest origin and keeps to it. Above
    `bootstrap_at_most` customers the draws come from influence functions.

    Raises ParameterError where `official` is not among the methods, a name is one of the references', or a
    capacity is neither "official" nor above 0.
    """
    capacities = [capacity] if isinstance(capacity, (int, float, str)) else list(capacity)
    _check(methods, official, capacities)
    month = month or (history.months[-1] if history.months else "")
    hiatus_days = default_hiatus(history.window_months) if hiatus_days is None else hiatus_days
    usable, refused = origins_for(history.months, month, origins, history.window_months, holdout_months)
    contests: list[Contest] = []
    failures: list[tuple[str, str, str]] = []
    held: Mapping[str, Any] = methods
    for origin in usable:
        try:
            contest, held, failed = hold(history, held, origin, holdout_months, hiatus_days, official)
        except NothingToJudge as nothing:
            refused[origin] = nothing.reason
        except DataError as error:
            refused[origin] = Sentence("{why}", {"why": str(error)})
        else:
            contests.append(contest)
            failures.extend((name, origin, why) for name, why in failed)
    names = [*methods, *REFERENCES]
    results = _results(contests, names, capacities, cost_of_missing, cost_of_waste)
    differences, winners, by = compared(
        contests, capacities, list(methods), official, seed, draws, bootstrap_at_most
    )
    everyone = pd.Index([]).append([contest.customers for contest in contests]).nunique() if contests else 0
    priced = cost_of_missing is not None and cost_of_waste is not None
    setting = {
        "official": official,
        "month": month,
        "window_months": history.window_months,
        "holdout_months": holdout_months,
        "hiatus_days": hiatus_days,
        "price": (cost_of_missing or 0.0) + (cost_of_waste or 0.0) if priced else float("nan"),
        "origins": len(contests),
        "customers": everyone,
        "draws": draws if by else 0,
        "by": by,
        "tail_index": float(np.median([tail_index(contest.later_value) for contest in contests] or [np.nan])),
    }
    return Trial(
        results=results,
        pooled=_pooled(results, names, capacities),
        differences=differences,
        winners=winners,
        curve=_curve(contests, names),
        skipped=skipped(refused),
        failures=pd.DataFrame(failures, columns=["method", "origin", "reason"]),
        setting=pd.DataFrame([setting]),
    )


def _check(methods: Mapping[str, Any], official: str, capacities: Sequence[Capacity]) -> None:
    if official not in methods:
        raise ParameterError(f"official: {official!r} is not among the methods {', '.join(methods)}")
    taken = [name for name in methods if name in REFERENCES]
    if taken:
        raise ParameterError(f"methods: {taken[0]!r} is the name of a reference contestant; choose another")
    for one in capacities:
        if one != OFFICIAL if isinstance(one, str) else not one > 0:
            raise ParameterError(
                f"capacity: {one!r} is neither {OFFICIAL!r}, a share above 0, nor a number of customers"
            )


def _results(
    contests: Sequence[Contest],
    names: Sequence[str],
    capacities: Sequence[Capacity],
    missing: float | None,
    waste: float | None,
) -> pd.DataFrame:
    rows = []
    for contest in contests:
        n, total = len(contest.later_value), float(contest.later_value.sum())
        for capacity in capacities:
            places = contest.places(capacity)
            if not places:
                continue
            for name in names:
                found = _measured(contest, name, places)
                if found is not None:
                    cost = cost_of(found, places / n, missing, waste)
                    at = (contest.origin, name, capacity_name(capacity), places / n)
                    rows.append((*at, n, places, total, *found, cost))
    columns = [
        "origin",
        "method",
        "capacity",
        "share",
        "customers",
        "chosen",
        "later_value",
        *Measures._fields,
        "cost",
    ]
    return pd.DataFrame(rows, columns=columns)


def _measured(contest: Contest, name: str, places: float) -> Measures | None:
    """The measures of one contestant; None where its method failed."""
    if name == RANDOM:
        return measure_random(contest.truth, contest.later_value, places)
    ranking = contest.truth if name == ORACLE else contest.rankings.get(name)
    return None if ranking is None else measure(ranking, contest.truth, contest.later_value, places)


def _pooled(results: pd.DataFrame, names: Sequence[str], capacities: Sequence[Capacity]) -> pd.DataFrame:
    measured = ["share", "chosen", *Measures._fields, "cost"]
    groups = results.groupby(["capacity", "method"], sort=False)
    pooled = groups[measured].mean()
    pooled.insert(0, "origins", groups.size())
    order = [(capacity_name(c), name) for c in capacities for name in names]
    order = [one for one in order if one in pooled.index]
    if order:
        pooled = pooled.reindex(pd.MultiIndex.from_tuples(order, names=["capacity", "method"]))
    columns = ["method", "capacity", "share", "chosen", "origins", *Measures._fields, "cost"]
    return pooled.reset_index()[columns]


def _curve(contests: Sequence[Contest], names: Sequence[str]) -> pd.DataFrame:
    frames = []
    for name in names:
        lines = []
        for contest in contests:
            ranking = contest.truth if name == ORACLE else contest.rankings.get(name)
            if name == RANDOM:
                lines.append(ALONG)
            elif ranking is not None:
                lines.append(ranking.captured_along(contest.later_value, ALONG))
        if lines:
            captured = np.mean(lines, axis=0)
            frames.append(pd.DataFrame({"method": name, "share": ALONG, "captured": captured}))
    return (
        pd.concat(frames, ignore_index=True)
        if frames
        else pd.DataFrame(columns=["method", "share", "captured"])
    )
