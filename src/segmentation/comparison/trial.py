"""The trial: at several past month ends, whom would each method have chosen, and who mattered afterwards?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any, Self

import numpy as np
import pandas as pd

from segmentation.comparison import draws as drawing
from segmentation.comparison.capture import Floats, Measures, cost_of, measure, measure_random
from segmentation.comparison.contest import HIATUS, ORACLE, RANDOM, REFERENCES, SPEND, Contest, hold
from segmentation.comparison.intervals import compare, winner
from segmentation.comparison.learning import History
from segmentation.comparison.origins import SKIPPED, origins_for
from segmentation.errors import DataError, ParameterError

ALONG = np.round(np.linspace(0.0, 1.0, 101), 2)
_COMPARED = ["origin", "measure", "method", "difference", "low", "high", "low_all", "high_all", "clear"]
_WON = ["measure", "best", "winner", "rival", "difference", "low_all", "high_all"]


@dataclass(frozen=True)
class Trial:
    """What the trial found, as tidy frames; shares are of 1, `capacity` is a share below 1 or a number.

    results: origin, method, capacity, customers, chosen, later_value (of all of them), captured,
    captured_of_oracle, missed, wasted, cost.
    pooled: method, capacity, origins, captured, captured_of_oracle, missed, wasted, cost (means of origins).
    differences: capacity, origin ("all" = pooled), measure ("captured", "missed"), method, difference (to the
    official method), low, high, low_all, high_all, clear.
    winners: capacity, measure, best, winner ("" = no clear winner), rival, difference, low_all, high_all.
    curve: method, share, captured (mean of origins). skipped: origin, reason, reason_zh.
    failures: method, origin, reason. setting: one row: official, month, window_months, holdout_months,
    hiatus_days, origins, customers, draws, by ("bootstrap", "influence", or "" without a trial).
    """

    results: pd.DataFrame
    pooled: pd.DataFrame
    differences: pd.DataFrame
    winners: pd.DataFrame
    curve: pd.DataFrame
    skipped: pd.DataFrame
    failures: pd.DataFrame
    setting: pd.DataFrame

    def tables(self) -> dict[str, pd.DataFrame]:
        """All frames by name, for a store."""
        return {field.name: getattr(self, field.name) for field in fields(self)}

    @classmethod
    def from_tables(cls, tables: Mapping[str, pd.DataFrame]) -> Self:
        """The trial whose `tables()` these are."""
        return cls(**{field.name: tables[field.name] for field in fields(cls)})


def trial(
    history: History,
    methods: Mapping[str, Any],
    *,
    official: str,
    origins: int | Sequence[str] = 4,
    holdout_months: int = 3,
    capacity: float | Sequence[float] = 0.20,
    month: str | None = None,
    hiatus_days: int = 180,
    cost_of_missing: float | None = None,
    cost_of_waste: float | None = None,
    seed: int = 0,
    draws: int = 1000,
    bootstrap_at_most: int = drawing.BOOTSTRAP_AT_MOST,
) -> Trial:
    """Put the methods on trial, beside spend, the hiatus rule, random choice and an oracle.

    `month` is the last month that may be known (default: the history's last). An origin without a complete
    window or hold-out, or without sales in it, is skipped and named; a method that fails at an origin is
    named in `failures` and the others go on; one that chooses for itself (a number of clusters) does so at
    the oldest origin and keeps to it. Above `bootstrap_at_most` customers the draws come from
    influence functions.

    Raises ParameterError where `official` is not among the methods, a name is one of the references', or a
    capacity is not above 0.
    """
    _check(methods, official, capacity)
    month = month or (history.months[-1] if history.months else "")
    usable, skipped = origins_for(history.months, month, origins, history.window_months, holdout_months)
    contests: list[Contest] = []
    refused: list[tuple[str, str, str]] = []
    failures: list[tuple[str, str, str]] = []
    held: Mapping[str, Any] = methods
    for origin in usable:
        try:
            contest, held, failed = hold(history, held, origin, holdout_months, hiatus_days)
        except DataError as error:
            refused.append((origin, str(error), getattr(error, "reason_zh", str(error))))
        else:
            contests.append(contest)
            failures.extend((name, origin, why) for name, why in failed)
    capacities = [float(c) for c in ([capacity] if isinstance(capacity, (int, float)) else capacity)]
    names = [*methods, *REFERENCES]
    results = _results(contests, names, capacities, cost_of_missing, cost_of_waste)
    differences, winners, by = _compared(
        results, contests, capacities, list(methods), official, seed, draws, bootstrap_at_most
    )
    everyone = pd.Index([]).append([contest.customers for contest in contests]).nunique() if contests else 0
    setting = {
        "official": official,
        "month": month,
        "window_months": history.window_months,
        "holdout_months": holdout_months,
        "hiatus_days": hiatus_days,
        "origins": len(contests),
        "customers": everyone,
        "draws": draws if by else 0,
        "by": by,
    }
    return Trial(
        results=results,
        pooled=_pooled(results, names, capacities),
        differences=differences,
        winners=winners,
        curve=_curve(contests, names),
        skipped=pd.concat([skipped, pd.DataFrame(refused, columns=SKIPPED)], ignore_index=True),
        failures=pd.DataFrame(failures, columns=["method", "origin", "reason"]),
        setting=pd.DataFrame([setting]),
    )


def _check(methods: Mapping[str, Any], official: str, capacity: float | Sequence[float]) -> None:
    if official not in methods:
        raise ParameterError(f"official: {official!r} is not among the methods {', '.join(methods)}")
    taken = [name for name in methods if name in REFERENCES]
    if taken:
        raise ParameterError(f"methods: {taken[0]!r} is the name of a reference contestant; choose another")
    for one in [capacity] if isinstance(capacity, (int, float)) else capacity:
        if not one > 0:
            raise ParameterError(f"capacity: {one!r} is neither a share above 0 nor a number of customers")


def _results(
    contests: Sequence[Contest],
    names: Sequence[str],
    capacities: Sequence[float],
    missing: float | None,
    waste: float | None,
) -> pd.DataFrame:
    rows = []
    for contest in contests:
        n, total = len(contest.later_value), float(contest.later_value.sum())
        for capacity in capacities:
            places = contest.places(capacity)
            for name in names:
                found = _measured(contest, name, places)
                if found is not None:
                    cost = cost_of(found, places / n, missing, waste)
                    rows.append((contest.origin, name, capacity, n, places, total, *found, cost))
    columns = [
        "origin",
        "method",
        "capacity",
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


def _pooled(results: pd.DataFrame, names: Sequence[str], capacities: Sequence[float]) -> pd.DataFrame:
    measured = [*Measures._fields, "cost"]
    groups = results.groupby(["capacity", "method"], sort=False)
    pooled = groups[measured].mean()
    pooled.insert(0, "origins", groups.size())
    order = [(c, name) for c in capacities for name in names if (c, name) in pooled.index]
    pooled = (
        pooled.reindex(pd.MultiIndex.from_tuples(order, names=["capacity", "method"])) if order else pooled
    )
    return pooled.reset_index()[["method", "capacity", "origins", *measured]]


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


def _compared(
    results: pd.DataFrame,
    contests: Sequence[Contest],
    capacities: Sequence[float],
    methods: Sequence[str],
    official: str,
    seed: int,
    draws: int,
    bootstrap_at_most: int,
) -> tuple[pd.DataFrame, pd.DataFrame, str]:
    """Differences to the official method, winners, and where the draws came from."""
    differences = [pd.DataFrame(columns=["capacity", *_COMPARED])]
    winners = [pd.DataFrame(columns=["capacity", *_WON])]
    held = [contest for contest in contests if official in contest.rankings]
    by = ""
    if held:
        largest = max(len(contest.later_value) for contest in held)
        by = "bootstrap" if largest <= bootstrap_at_most else "influence"
        differences, winners = [], []
    draw = drawing.influence if by == "influence" else drawing.bootstrap
    for capacity, drawn in zip(capacities, draw(held, capacities, draws, seed) if held else ()):
        point = _point(results, held, drawn.methods, capacity)
        compared = compare(point, drawn, official)
        compared.insert(0, "capacity", capacity)
        differences.append(compared)
        preferred = [official, *(name for name in methods if name != official), SPEND, HIATUS]
        won = winner(point, drawn, preferred)
        won.insert(0, "capacity", capacity)
        winners.append(won)
    return pd.concat(differences, ignore_index=True), pd.concat(winners, ignore_index=True), by


def _point(
    results: pd.DataFrame, contests: Sequence[Contest], methods: Sequence[str], capacity: float
) -> Floats:
    """The measures themselves: `[origin, method, measure]`, NaN where a method failed."""
    at = results[results["capacity"] == capacity].set_index(["origin", "method"])[list(drawing.MEASURES)]
    every = pd.MultiIndex.from_product([[contest.origin for contest in contests], methods])
    return at.reindex(every).to_numpy().reshape(len(contests), len(methods), len(drawing.MEASURES))
