"""Do the methods agree? Contingency, chance-corrected agreement, and who is in the best tier for whom."""

from collections.abc import Sequence
from itertools import combinations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from segmentation.errors import DataError

Counts = NDArray[np.int64]
_DESCRIBED = ("recency_days", "frequency", "monetary", "average_order", "tenure_days", "growth")


def contingency(a: pd.Series, b: pd.Series, names: Sequence[str]) -> pd.DataFrame:
    """Customers in each pair of tiers: rows are the tiers of `a`, columns of `b`, best first, empty ones too.

    Raises DataError where a tier is not among `names` or the lengths differ.

    >>> contingency(pd.Series(["A", "B"]), pd.Series(["A", "A"]), ["A", "B"]).values.tolist()
    [[1, 0], [1, 0]]
    """
    table = _count(_codes(a, names), _codes(b, names), len(names))
    return pd.DataFrame(table, index=pd.Index(names, name=a.name), columns=pd.Index(names, name=b.name))


def agreement(tiers: pd.DataFrame, names: Sequence[str]) -> pd.DataFrame:
    """How far each pair of methods agrees; `tiers` has `customer_id` and one column of tiers a method.

    Columns: method_a, method_b; ari, ami, kappa (1 = the same, 0 = as by chance); share_same (share of the
    customers in the same tier); top_both, top_only_a, top_only_b (customers in the best tier);
    share_top_common (of those in the best tier for either, the share that is for both; empty if none).
    """
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
                "ari": adjusted_rand(table),
                "ami": adjusted_mutual_information(table),
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


def adjusted_rand(table: Counts) -> float:
    """The adjusted Rand index of a contingency table (Hubert & Arabie 1985).

    >>> round(adjusted_rand(np.array([[2, 0], [1, 1]])), 3)
    0.0
    """
    pairs = _pairs(table.sum())
    cells, rows, columns = (_pairs(x).sum() for x in (table, table.sum(1), table.sum(0)))
    if pairs == 0:
        return 1.0
    expected, largest = rows * columns / pairs, (rows + columns) / 2
    return float((cells - expected) / (largest - expected)) if largest != expected else 1.0


def adjusted_mutual_information(table: Counts) -> float:
    """Mutual information corrected for chance, over the mean entropy (Vinh, Epps & Bailey 2010)."""
    total = int(table.sum())
    rows, columns = table.sum(1), table.sum(0)
    rows, columns = rows[rows > 0], columns[columns > 0]
    if len(rows) == len(columns) == (table > 0).sum():
        return 1.0
    seen = table[table > 0]
    outer = np.outer(table.sum(1), table.sum(0))[table > 0]
    information = float((seen / total * np.log(seen * (total / outer))).sum())
    expected = _expected_information(rows, columns, total)
    mean_entropy = (_entropy(rows, total) + _entropy(columns, total)) / 2
    spread = mean_entropy - expected
    tiny = np.finfo(float).eps
    return (information - expected) / (min(spread, -tiny) if spread < 0 else max(spread, tiny))


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


def _pairs(counts: Counts) -> NDArray[np.float64]:
    wide = np.asarray(counts, dtype=np.float64)
    return wide * (wide - 1) / 2


def _entropy(counts: Counts, total: int) -> float:
    share = counts / total
    return float(-(share * np.log(share)).sum())


def _expected_information(rows: Counts, columns: Counts, total: int) -> float:
    """The mean mutual information of two classifications of these sizes shuffled at random."""
    log_factorial = np.append(0.0, np.cumsum(np.log(np.arange(1, total + 1))))
    expected = 0.0
    for a in rows.tolist():
        for b in columns.tolist():
            n = np.arange(max(1, a + b - total), min(a, b) + 1)
            chance = (
                log_factorial[[a, b, total - a, total - b]].sum()
                - log_factorial[total]
                - log_factorial[n]
                - log_factorial[a - n]
                - log_factorial[b - n]
                - log_factorial[total - a - b + n]
            )
            expected += float((n / total * np.log(n * (total / (a * b))) * np.exp(chance)).sum())
    return expected
