"""Do the methods agree? Agreement corrected for chance, and who is in the best tier for whom."""

from collections.abc import Sequence
from itertools import combinations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from segmentation.errors import DataError

Counts = NDArray[np.int64]
_DESCRIBED = ("recency_days", "frequency", "monetary", "average_order", "tenure_days", "growth")


def agreement(tiers: pd.DataFrame, names: Sequence[str]) -> pd.DataFrame:
    """How far each pair of methods agrees; `tiers` has `customer_id` and one column of tiers a method.

    Columns: method_a, method_b; ari, ami, kappa (1 = the same, 0 = as by chance); share_same (share of the
    customers in the same tier); top_both, top_only_a, top_only_b (customers in the best tier);
    share_top_common (of those in the best tier for either, the share that is for both; empty if none).
    """
    from sklearn.metrics import adjusted_mutual_info_score, adjusted_rand_score  # a second: not at the start

    columns = list(tiers.columns.drop("customer_id"))
    codes = {method: _codes(tiers[method], names) for method in columns}
    rows = []
    for a, b in combinations(columns, 2):
        table = _count(codes[a], codes[b], len(names))
        both, only_a, only_b = int(table[0, 0]), int(table[0, 1:].sum()), int(table[1:, 0].sum())
        either = both + only_a + only_b
        rows.append(
            {
                "method_a": a,
                "method_b": b,
                "ari": float(adjusted_rand_score(codes[a], codes[b])),
                "ami": float(adjusted_mutual_info_score(codes[a], codes[b])),
                "kappa": linear_kappa(table),
                "share_same": float(np.trace(table) / max(table.sum(), 1)),
                "top_both": both,
                "top_only_a": only_a,
                "top_only_b": only_b,
                "share_top_common": both / either if either else float("nan"),
            }
        )
    return pd.DataFrame(rows, columns=list(_AGREEMENT))


_AGREEMENT = [
    "method_a",
    "method_b",
    "ari",
    "ami",
    "kappa",
    "share_same",
    "top_both",
    "top_only_a",
    "top_only_b",
    "share_top_common",
]


def linear_kappa(table: Counts) -> float:
    """Cohen's kappa of two ordered classifications, a disagreement weighing its distance in tiers.

    >>> linear_kappa(np.array([[5, 0], [0, 5]]))
    1.0
    """
    place = np.arange(len(table))
    distance = np.abs(place[:, None] - place[None, :])
    by_chance = (distance * np.outer(table.sum(1), table.sum(0))).sum() / max(table.sum(), 1)
    return float(1.0 - (distance * table).sum() / by_chance) if by_chance else 1.0


def consensus(tiers: pd.DataFrame, top: str) -> pd.DataFrame:
    """Who is in the best tier for how many methods: one row a customer, in the same order.

    Columns: customer_id; votes (methods that put the customer in `top`); whose: "all", "some", "none", or the
    name of the only method.

    >>> tiers = pd.DataFrame({"customer_id": ["a", "b"], "ABC": ["A", "A"], "RFM": ["A", "B"]})
    >>> consensus(tiers, "A")["whose"].tolist()
    ['all', 'ABC']
    """
    columns = tiers.columns.drop("customer_id")
    in_top = (tiers[columns] == top).to_numpy()
    votes = in_top.sum(axis=1)
    whose = np.where(votes == 0, "none", "some").astype(object)
    if len(columns) > 1:
        alone = votes == 1
        whose[alone] = columns.to_numpy(dtype=object)[in_top[alone].argmax(axis=1)]
    whose[(votes == len(columns)) & (votes > 0)] = "all"
    return pd.DataFrame({"customer_id": tiers["customer_id"], "votes": votes, "whose": whose.astype(str)})


def set_apart(profile: pd.DataFrame, agreed: pd.DataFrame) -> pd.DataFrame:
    """What sets the groups of `consensus` apart: size, value, and the median of each profile column.

    Columns: whose, customers, share_of_value, then the median recency_days, frequency, monetary,
    average_order, tenure_days and growth of those the profile has. Groups: all, some, each
    method's own, none.
    """
    columns = [column for column in _DESCRIBED if column in profile]
    joined = agreed[["customer_id", "whose"]].merge(profile, on="customer_id", how="left")
    groups = joined.groupby("whose", sort=True)
    table = groups[columns].median()
    table.insert(0, "share_of_value", groups["monetary"].sum() / joined["monetary"].sum())
    table.insert(0, "customers", groups.size())
    first = [name for name in ("all", "some") if name in table.index]
    last = [name for name in ("none",) if name in table.index]
    return table.loc[first + [n for n in table.index if n not in {*first, *last}] + last].reset_index()


def _codes(tiers: pd.Series, names: Sequence[str]) -> NDArray[np.intp]:
    codes = pd.Index(names).get_indexer(pd.Index(tiers))
    if (codes < 0).any():
        stranger = tiers.iloc[int((codes < 0).argmax())]
        raise DataError(f"{tiers.name}: {stranger!r} is not one of the tiers {', '.join(names)}")
    return codes


def _count(a: NDArray[np.intp], b: NDArray[np.intp], size: int) -> Counts:
    if len(a) != len(b):
        raise DataError(f"cannot compare the tiers of {len(a):,} and of {len(b):,} customers")
    return np.bincount(a * size + b, minlength=size * size).reshape(size, size).astype(np.int64)
