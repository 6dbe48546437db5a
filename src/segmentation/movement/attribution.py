"""Why a customer changed tier: the customer, the boundary, both together, or only that time passed."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

CUSTOMER, BOUNDARY, JOINT, TIME = "customer", "boundary", "joint", "time"
CAUSES = (CUSTOMER, BOUNDARY, JOINT, TIME)
STILL = 0.25
# what an order that enters or leaves the window changes; recency alone changes with the calendar
_TRACES = ("frequency", "order_days", "monetary", "profit", "returns", "last_order")
_SETTINGS = ("method", "kind", "tiers", "window_months", "columns", "currency", "minor_units")


def attribute(
    old_profile: pd.DataFrame,
    new_profile: pd.DataFrame,
    old_rule: Any,
    new_rule: Any,
    names: Sequence[str],
    chances: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Attribute every change of tier between two months; one row a customer who changed and is in both.

    Beside the change itself, two things that never happened are looked at: the old rule on the new figures,
    and the new rule on the old figures. The cause is the **customer** where the old rule alone moves them
    that way, else the **boundary** where the new rule moves them that way on their old figures, else
    **joint**; and **time** where it would be the customer, but no order entered or left the window.

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
    by_customer = np.sign(crossed - before) == way
    by_boundary = np.sign(shifted - before) == way
    nothing_happened = _untouched(old, new)
    cause = np.select(
        [by_customer & nothing_happened, by_customer, by_boundary], [TIME, CUSTOMER, BOUNDARY], default=JOINT
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


def causes(attributed: pd.DataFrame, names: Sequence[str]) -> pd.DataFrame:
    """How many changes have each cause: cause, up, down, customers, share, within_noise (of them)."""
    rank = {name: place for place, name in enumerate(names)}
    up = attributed["after"].map(rank).astype(float) < attributed["before"].map(rank).astype(float)
    rows = []
    for cause in CAUSES:
        inside = (attributed["cause"] == cause).to_numpy()
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
