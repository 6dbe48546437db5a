"""How large is each tier, and how much of the value does it bring, under each method?"""

from collections.abc import Sequence

import pandas as pd


def tier_shares(
    profile: pd.DataFrame, tiers: pd.DataFrame, names: Sequence[str], by: str = "monetary"
) -> pd.DataFrame:
    """Customers and value of every tier under every method, empty tiers included.

    `tiers` has `customer_id` and one column of tiers a method; `names` are the tiers, best first; value is
    the column `by` of the profile, in currency. The shares are of all customers and of all value (empty
    where there is none). Columns: method, tier, customers, share_of_customers, value, share_of_value.

    >>> profile = pd.DataFrame({"customer_id": ["a", "b", "c"], "monetary": [90.0, 6.0, 4.0]})
    >>> tiers = pd.DataFrame({"customer_id": ["a", "b", "c"], "ABC": ["A", "B", "B"]})
    >>> tier_shares(profile, tiers, ("A", "B", "C"))[["tier", "customers", "share_of_value"]].values.tolist()
    [['A', 1, 0.9], ['B', 2, 0.1], ['C', 0, 0.0]]
    """
    value = profile.set_index("customer_id")[by].reindex(tiers["customer_id"]).to_numpy()
    total = value.sum()
    rows = []
    for method in tiers.columns.drop("customer_id"):
        for tier in names:
            inside = (tiers[method] == tier).to_numpy()
            rows.append((method, tier, int(inside.sum()), float(value[inside].sum())))
    shares = pd.DataFrame(rows, columns=["method", "tier", "customers", "value"])
    shares.insert(3, "share_of_customers", shares["customers"] / max(len(tiers), 1))
    shares["share_of_value"] = shares["value"] / total if total > 0 else float("nan")
    return shares
