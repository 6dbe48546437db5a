"""Who is next to rise or fall under an amount rule, and what a tier's benefits cost."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from segmentation.movement.life.stages import Floats

DISCOUNTS = (0.10, 0.20, 0.30)


def next_tier(customers: pd.DataFrame, names: Sequence[str], cuts: Sequence[float]) -> pd.DataFrame:
    """Customers whom one more order of their own average size would bring into the next tier.

    `customers`: a profile with `tier`; `names` the tiers, best first, `cuts` the amounts from which on each but
    the lowest is given. Columns: customer_id, tier, next_tier, monetary, short_by, average_order; the best tier
    to reach first, then those who lack least.
    """
    place = pd.Index(list(names)).get_indexer(pd.Index(customers["tier"]))
    need = np.array([np.inf, *cuts])[np.maximum(place, 0)] - customers["monetary"].to_numpy(dtype=np.float64)
    found = customers[["customer_id", "tier", "monetary", "average_order"]].assign(
        next_tier=np.array([names[0], *names], dtype=object)[np.maximum(place, 0)], short_by=need, place=place
    )
    near = (place > 0) & (need > 0) & (need <= customers["average_order"].to_numpy(dtype=np.float64))
    found = found[near].sort_values(["place", "short_by", "customer_id"], ignore_index=True)
    return found[["customer_id", "tier", "next_tier", "monetary", "short_by", "average_order"]]


def falling(
    customers: pd.DataFrame, names: Sequence[str], cuts: Sequence[float], leaves: Floats
) -> pd.DataFrame:
    """Customers who fall below their tier when the oldest month leaves the window, if nothing is ordered.

    `leaves`: what each of them spent in that month. Columns: customer_id, tier, would_be, monetary, leaves,
    below_by (what would then be missing to the present tier); the best tier first, then the most spend.
    """
    place = pd.Index(list(names)).get_indexer(pd.Index(customers["tier"]))
    left = customers["monetary"].to_numpy(dtype=np.float64) - leaves
    own_cut = np.array([*cuts, -np.inf])[place]
    would_be = np.array([*names], dtype=object)[(left[:, None] < np.array(cuts)).sum(axis=1)]
    found = customers[["customer_id", "tier", "monetary"]].assign(
        would_be=would_be, leaves=leaves, below_by=own_cut - left, place=place
    )
    found = found[(place >= 0) & (place < len(names) - 1) & (left < own_cut)]
    found = found.sort_values(
        ["place", "monetary", "customer_id"], ascending=[True, False, True], ignore_index=True
    )
    return found[["customer_id", "tier", "would_be", "monetary", "leaves", "below_by"]]


def benefit_costs(customers: pd.DataFrame, names: Sequence[str]) -> pd.DataFrame:
    """What a discount to a tier costs: tier, discount, costs, of_turnover (share), and of_profit where given.

    `customers`: a profile with `tier`. As if they bought the same as before; what a discount sells besides is
    not in it.
    """
    positive = customers["monetary"].clip(lower=0.0)
    turnover = float(positive.sum())
    profit = float(customers["profit"].sum()) if "profit" in customers else np.nan
    rows = []
    for tier in names[:-1]:
        value = float(positive[customers["tier"] == tier].sum())
        for discount in DISCOUNTS:
            cost = value * discount
            rows.append(
                {
                    "tier": tier,
                    "discount": discount,
                    "costs": cost,
                    "of_turnover": cost / turnover if turnover else np.nan,
                    "of_profit": cost / profit if profit > 0 else np.nan,
                }
            )
    return pd.DataFrame(rows)
