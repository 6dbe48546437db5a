"""Why a customer changed tier: the customer, the boundary, both together, the season, or time that passed."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from segmentation import months
from segmentation.words.reader import Sentence, sentence

CUSTOMER, BOUNDARY, JOINT, SEASON, TIME = "customer", "boundary", "joint", "season", "time"
UNKNOWN = "unknown"
CAUSES = (CUSTOMER, BOUNDARY, JOINT, SEASON, TIME, UNKNOWN)
STILL = 0.25
# what an order that enters or leaves the window changes; recency alone changes with the calendar
_TRACES = ("frequency", "order_days", "monetary", "profit", "returns", "last_order")
# what grows with the season
_MONEY = ("monetary", "profit", "recent", "previous", "monthly_mean")
_SETTINGS = ("method", "kind", "tiers", "window_months", "columns", "currency", "minor_units")


def attribute(
    old_profile: pd.DataFrame,
    new_profile: pd.DataFrame,
    old_rule: Any,
    new_rule: Any,
    names: Sequence[str],
    chances: pd.DataFrame | None = None,
    season: float | None = None,
) -> pd.DataFrame:
    """Attribute every change of tier between two months; one row a customer who changed and is in both.

    Beside the change itself, two things that never happened are looked at: the old rule on the new figures,
    and the new rule on the old figures. The cause is the **customer** where the old rule alone moves them
    that far, else the **boundary** where the new rule moves them that far on their old figures, else
    **joint**: a customer who falls from A to C where each change alone explains a fall to B needed both. It
    is **time** where it would be the customer, but no order entered or left the window, and **season** where
    it would be the customer, the cuts stand as they did, and the change goes when the new money is divided by
    `season`: the factor by which the same step of the window changed all money a year ago (`season_factor`;
    None where no year is known).

    The rules are anything with `apply(profile)` (a Rule) or `tiers_of(profile)`. `chances` (customer_id, a
    column a tier: P(tier) or steadiness in the new month) adds the flag within_noise: the old tier still has
    a chance of at least one in four.

    Columns: customer_id, before, after, old_rule_new_data, new_rule_old_data, cause, chance_before,
    within_noise (the last two empty without `chances`).
    """
    both = (
        old_profile[["customer_id"]]
        .reset_index(names="old")
        .merge(new_profile[["customer_id"]].reset_index(names="new"), on="customer_id")
    )
    old = old_profile.loc[both["old"]].reset_index(drop=True)
    new = new_profile.loc[both["new"]].reset_index(drop=True)
    old.attrs, new.attrs = old_profile.attrs, new_profile.attrs
    before, after = _places(old_rule, old, names), _places(new_rule, new, names)
    moved = (before != after) & (before >= 0) & (after >= 0)
    before, after, old, new = before[moved], after[moved], old[moved], new[moved]
    crossed, shifted = _places(old_rule, new, names), _places(new_rule, old, names)
    way = np.sign(after - before)
    by_customer = (crossed >= 0) & (way * (crossed - after) >= 0)
    by_boundary = (shifted >= 0) & (way * (shifted - after) >= 0)
    by_season = np.zeros(len(way), dtype=bool)
    if season is not None and np.array_equal(crossed, after) and np.array_equal(shifted, before):
        by_season = way * (_places(old_rule, _out_of_season(new, season), names) - before) <= 0
    nothing_happened = _untouched(old, new)
    cause = np.select(
        [by_customer & nothing_happened, by_customer & by_season, by_customer, by_boundary],
        [TIME, SEASON, CUSTOMER, BOUNDARY],
        default=JOINT,
    )
    named = np.array([*names, ""], dtype=object)
    table = pd.DataFrame(
        {
            "customer_id": new["customer_id"].to_numpy(),
            "before": pd.Series(named[before], dtype="str"),
            "after": pd.Series(named[after], dtype="str"),
            "old_rule_new_data": pd.Series(named[crossed], dtype="str"),
            "new_rule_old_data": pd.Series(named[shifted], dtype="str"),
            "cause": pd.Series(cause, dtype="str"),
        }
    )
    return _with_noise(table, chances)


def not_attributed(moved: pd.DataFrame) -> pd.DataFrame:
    """The changes of tier under a method that gives only scores: why is not known, and not that nobody moved.

    `moved` is a frame of `states.changes`; the columns are those of `attribute`.
    """
    changed = moved[moved["kind"].isin(["up", "down"])].reset_index(drop=True)
    table = changed[["customer_id", "before", "after"]].assign(
        old_rule_new_data="", new_rule_old_data="", cause=UNKNOWN
    )
    return _with_noise(table, None)


def season_factor(value: pd.Series, month: str, window_months: int) -> float | None:
    """By how much the step of the window to this month changed the money of all customers a year ago.

    `value`: the value of all customers, by month. None where the months of a year ago are not all there.

    >>> value = pd.Series(100.0, index=months.span("2016-01", "2017-12"))
    >>> value["2016-12"] = 160.0
    >>> season_factor(value, "2017-12", 6), season_factor(value, "2017-06", 6)
    (1.1, None)
    """
    new = months.span(months.add(month, -11 - window_months), months.add(month, -12))
    old = months.span(months.add(new[0], -1), months.add(new[-1], -1))
    before = value.reindex(old).sum(skipna=False)
    after = value.reindex(new).sum(skipna=False)
    return float(after / before) if before > 0 and after > 0 else None


def lead(found: pd.DataFrame) -> Sentence:
    """How much of the movement is within noise, before anything is said of its causes; from `causes`."""
    changes, noise = int(found["customers"].sum()), int(found["within_noise"].sum())
    if not changes:
        return Sentence("Nobody changed tier.")
    if int(found.set_index("cause")["customers"].get(UNKNOWN, 0)) == changes:
        text = (
            "{n:integer} {n:customer|customers} changed tier; why is not known: the method only gives scores."
        )
        return sentence(text, n=changes)
    known = found[found["customers"] > 0].sort_values("customers", ascending=False, kind="stable")
    parts = [
        sentence("{n:integer} {cause:word}", n=n, cause=cause)
        for n, cause in zip(known["customers"], known["cause"])
    ]
    text = (
        "{noise:integer} of {n:integer} changes of tier ({share:share}) are within noise: the old tier still "
        "has a chance of one in four. By cause: {parts:list}."
    )
    return sentence(text, noise=noise, n=changes, share=noise / changes, parts=parts)


def causes(attributed: pd.DataFrame, names: Sequence[str]) -> pd.DataFrame:
    """How many changes have each cause: cause, up, down, customers, share, within_noise (of them).

    "unknown" only where there are such changes.
    """
    rank = {name: place for place, name in enumerate(names)}
    up = attributed["after"].map(rank).astype(float) < attributed["before"].map(rank).astype(float)
    rows = []
    for cause in CAUSES:
        inside = (attributed["cause"] == cause).to_numpy()
        if cause == UNKNOWN and not inside.any():
            continue
        noise = attributed.loc[inside, "within_noise"].fillna(False).astype(bool)
        rows.append(
            {
                "cause": cause,
                "up": int((inside & up).sum()),
                "down": int((inside & ~up).sum()),
                "customers": int(inside.sum()),
                "share": inside.sum() / len(attributed) if len(attributed) else float("nan"),
                "within_noise": int(noise.sum()),
            }
        )
    return pd.DataFrame(rows)


def what_changed(old_rule: Any, new_rule: Any) -> pd.DataFrame:
    """The settings in which two months' rules are not comparable: key, before, after. Empty if they are.

    Cuts and centres may differ: they are learned. The method, its kind, tiers, window, columns and currency
    must not.
    """
    rows = []
    for key in _SETTINGS:
        was, now = getattr(old_rule, key, None), getattr(new_rule, key, None)
        if was != now:
            rows.append((key, _said(was), _said(now)))
    return pd.DataFrame(rows, columns=["key", "before", "after"])


def _places(rule: Any, profile: pd.DataFrame, names: Sequence[str]) -> NDArray[np.intp]:
    """The position of each customer's tier, best = 0; -1 for none."""
    tiers = rule.apply(profile)["tier"] if hasattr(rule, "apply") else rule.tiers_of(profile)
    return np.asarray(pd.Index(names).get_indexer(pd.Index(tiers)))


def _out_of_season(profile: pd.DataFrame, season: float) -> pd.DataFrame:
    """The profile with its money as it would be without the season."""
    money = [column for column in _MONEY if column in profile]
    plain = profile.assign(**{column: profile[column] / season for column in money})
    plain.attrs = profile.attrs
    return plain


def _untouched(old: pd.DataFrame, new: pd.DataFrame) -> NDArray[np.bool_]:
    """Whose window no order entered or left."""
    same = np.ones(len(new), dtype=bool)
    for column in _TRACES:
        if column in old and column in new:
            same &= old[column].to_numpy() == new[column].to_numpy()
    return same


def _with_noise(table: pd.DataFrame, chances: pd.DataFrame | None) -> pd.DataFrame:
    if chances is None:
        return table.assign(
            chance_before=np.nan, within_noise=pd.Series(pd.NA, index=table.index, dtype="boolean")
        )
    from segmentation.comparison.confidence import of_own_tier

    found = table[["customer_id"]].merge(chances, on="customer_id", how="left")
    table["chance_before"] = of_own_tier(table["before"], found)
    table["within_noise"] = (table["chance_before"] >= STILL).astype("boolean")
    return table


def _said(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)
