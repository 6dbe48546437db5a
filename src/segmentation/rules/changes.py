"""The smallest change of one column that would lift or lower each customer's tier; every one was tried by the rule."""

import math
from collections.abc import Collection, Iterator
from functools import singledispatch

import numpy as np
import pandas as pd

from segmentation.rules.base import Rule
from segmentation.rules.centres import CentresRule
from segmentation.rules.points import PointsRule
from segmentation.words.columns import column_of

_GRID = 400
_AT_ONCE = 400_000  # rows that are tried in one go
# Values below these are no customer's: whoever is in a profile has ordered.
_LOWEST = {"recency_days": 0.0, "tenure_days": 0.0, "frequency": 1.0, "order_days": 1.0, "active_months": 1.0}


def nearest_changes(rule: Rule, profile: pd.DataFrame, rises: bool) -> dict[str, pd.DataFrame]:
    """For every column of the rule, the nearest value at which each customer's tier would rise, or fall.

    Parameters: profile, as `Rule.apply` takes it. Returns a frame a column, in the profile's order and with
    its index: value, changed (empty where no value of that column alone would do), tier (text).
    """
    rows = profile[columns_read(rule, list(profile.columns))].reset_index(drop=True)
    rank = rule._place(rows).tier
    found = {}
    for column in rule.columns:
        values = _numbers(rows[column])
        changed, tier = _nearest(rule, column, rows, values, rank, rises)
        names = pd.array([rule.tiers[place] if place >= 0 else None for place in tier], dtype="str")
        found[column] = pd.DataFrame({"value": values, "changed": changed, "tier": names})
        found[column].index = profile.index
    return found


def columns_read(rule: Rule, known: Collection[str]) -> list[str]:
    """The columns that a rule reads of a profile: its own, and the usual gap where its silence knows one."""
    silence = rule.silence if isinstance(rule, PointsRule) else None
    return [*rule.columns, *([silence.gap] if silence and silence.gap and silence.gap in known else [])]


def smallest_changes(rule: Rule, profile: pd.DataFrame, rises: bool = True) -> pd.DataFrame:
    """For each customer the column whose change is the smallest, as a share of the larger of both values.

    Columns: column (empty where no change of a single value would do), value, changed, tier.
    """
    best = pd.DataFrame(
        {"column": None, "value": np.nan, "changed": np.nan, "tier": None}, index=profile.index
    ).astype({"column": "str", "tier": "str"})
    size = pd.Series(np.inf, index=profile.index)
    for column, found in sorted(nearest_changes(rule, profile, rises).items()):
        larger = found[["changed", "value"]].abs().max(axis="columns").clip(lower=1e-300)
        mine = ((found["changed"] - found["value"]).abs() / larger).fillna(np.inf)
        nearer = mine < size
        best = best.mask(nearer, found.assign(column=column)[best.columns])
        size = size.mask(nearer, mine)
    return best


def _numbers(values: pd.Series) -> np.ndarray:
    """The column as numbers; empty where it holds anything else."""
    return pd.to_numeric(values, errors="coerce").to_numpy(dtype=np.float64, na_value=np.nan)


def _nearest(
    rule: Rule, column: str, rows: pd.DataFrame, values: np.ndarray, rank: np.ndarray, rises: bool
) -> tuple[np.ndarray, np.ndarray]:
    """The nearest candidate at which each row's rank is another, and that rank; empty and -1 where none is."""
    step = step_of(rule, column, values)
    changed, tier = np.full(len(rows), np.nan), np.full(len(rows), -1)
    distance = np.full(len(rows), np.inf)
    numeric = np.isfinite(values) & (rank >= 0)
    candidates = [np.broadcast_to(c, values.shape) for c in _candidates(rule, column, rows, step)]
    lowest = _LOWEST.get(column, -math.inf)
    a_time = max(1, _AT_ONCE // max(len(rows), 1))
    for start in range(0, len(candidates) if numeric.any() else 0, a_time):
        batch = candidates[start : start + a_time]
        many = rows.iloc[np.tile(np.arange(len(rows)), len(batch))].reset_index(drop=True)
        many[column] = np.where(np.tile(numeric, len(batch)), np.concatenate(batch), many[column])
        ranks = rule._place(many).tier.reshape(len(batch), -1)
        for candidate, found in zip(batch, ranks):
            does = numeric & (candidate >= lowest) & ((found < rank) if rises else (found > rank))
            away = np.abs(candidate - values)
            nearer = does & ((away < distance) | ((away == distance) & (candidate < changed)))
            changed, tier = np.where(nearer, candidate, changed), np.where(nearer, found, tier)
            distance = np.where(nearer, away, distance)
    if isinstance(rule, CentresRule):
        return _closer(rule, column, rows, values, changed, tier, rank, step, rises)
    return changed, tier


def _candidates(rule: Rule, column: str, rows: pd.DataFrame, step: np.ndarray) -> Iterator[np.ndarray]:
    """Values of the column at which the tier may change: the cuts, and the last value before each of them."""
    if rule.floor and rule.floor.column == column:
        yield from (np.array(rule.floor.at_or_below), rule.floor.at_or_below + step)
    if isinstance(rule, PointsRule) and rule.silence and rule.silence.column == column:
        gaps = _numbers(rows[rule.silence.gap]) if rule.silence.gap in rows else None
        limits = np.floor(rule.silence.limits(gaps, len(rows)))
        yield from (limits, limits + step)
    yield from _turns(rule, column, step)


@singledispatch
def _turns(rule: Rule, column: str, step: np.ndarray) -> Iterator[np.ndarray]:
    """The values at which customers turn from one place to another."""
    raise NotImplementedError(rule.kind)


@_turns.register
def _at_cuts(rule: PointsRule, column: str, step: np.ndarray) -> Iterator[np.ndarray]:
    for criterion in rule.criteria:
        if criterion.column != column:
            continue
        sign = 1.0 if criterion.better == "high" else -1.0
        cuts = [*(criterion.cuts or ()), *(cut for w in (criterion.within or {}).values() for cut in w)]
        if rule.valued:
            cuts = [None if cut is None else sign * cut for cut in rule.tier_cuts or ()]
        for cut in sorted({cut for cut in cuts if cut is not None}):
            yield from (np.array(cut), _rounded(cut - sign * step, step))


@_turns.register
def _on_a_grid(rule: CentresRule, column: str, step: np.ndarray) -> Iterator[np.ndarray]:
    for place, feature in enumerate(rule.features):
        if feature.column == column:
            places = [cluster.centre[place] for cluster in rule.clusters]
            spread = max(places) - min(places) + 1.0
            for scaled in np.linspace(min(places) - spread, max(places) + spread, _GRID):
                value = feature.value(float(scaled))
                if value >= 0 or feature.unit is None:
                    yield _rounded(value, step)


def _closer(
    rule: Rule,
    column: str,
    rows: pd.DataFrame,
    values: np.ndarray,
    outside: np.ndarray,
    tier: np.ndarray,
    rank: np.ndarray,
    step: np.ndarray,
    rises: bool,
) -> tuple[np.ndarray, np.ndarray]:
    """Halve the way between each customer and the change until it is the smallest in the column's steps."""
    inside = values.copy()
    open_ = np.isfinite(outside)
    while (open_ := open_ & (np.abs(outside - inside) > step * 1.5)).any():
        middle = _rounded((inside + outside) / 2, step)
        open_ = open_ & (middle != inside) & (middle != outside)
        places = np.flatnonzero(open_)
        tried = rows.iloc[places].assign(**{column: middle[places]})
        found = np.full(len(rows), -1)
        if len(places):
            found[places] = rule._place(tried).tier
        does = open_ & ((found < rank) if rises else (found > rank))
        outside, tier = np.where(does, middle, outside), np.where(does, found, tier)
        inside = np.where(open_ & ~does, middle, inside)
    return outside, tier


def step_of(rule: Rule, column: str, values: np.ndarray) -> np.ndarray:
    """The smallest difference that the column's values can have: a minor unit, a day, an order."""
    kind = column_of(column).format
    if kind in ("money", "exact"):
        return np.full(values.shape, 10.0**-rule.minor_units)
    if kind in ("days", "integer"):
        return np.ones(values.shape)
    return np.maximum(np.abs(np.nan_to_num(values)), 1.0) * 1e-6


def _rounded(values: np.ndarray | float, step: np.ndarray) -> np.ndarray:
    """The values on the grid of the column's steps, as the doubles nearest to it."""
    digits = np.where(step >= 1, 0, np.maximum(0, -np.floor(np.log10(step)))).astype(int)
    if not isinstance(values, np.ndarray):
        known = {count: round(values, count) for count in {int(digits.min()), int(digits.max())}}
        if len(known) == 1:
            return np.array(float(next(iter(known.values()))))
    values = np.broadcast_to(values, step.shape)
    return np.array([round(float(value), int(count)) for value, count in zip(values, digits)])
