"""From which state to which: every customer of two consecutive months, as a list and as a matrix."""

from collections.abc import Collection, Sequence

import numpy as np
import pandas as pd

from segmentation.errors import DataError

NEW, DORMANT = "new", "dormant"
KINDS = ("up", "down", "new", "returned", "dormant", "stayed")


def changes(
    old: pd.DataFrame,
    new: pd.DataFrame,
    method: str,
    names: Sequence[str],
    dormant_before: Collection[str] = (),
) -> pd.DataFrame:
    """One row for every customer of either month, sorted by customer_id, under one method.

    `old` and `new` have `customer_id` and a column of tiers named `method`; `names` are the tiers, best
    first; `dormant_before` are the customers who had ordered before the old month's window and not in it.
    Columns: customer_id; before (a tier, "dormant", or "new": never ordered before); after (a tier or
    "dormant"); kind: up, down, stayed, new, returned (from dormant), dormant (gone dormant). Who was dormant
    and still is has no row; `and_dormant` adds them.

    Raises DataError for a customer given twice or a tier that is not among `names`.

    >>> old = pd.DataFrame({"customer_id": ["a", "b"], "ABC": ["B", "A"]})
    >>> new = pd.DataFrame({"customer_id": ["a", "c"], "ABC": ["A", "B"]})
    >>> changes(old, new, "ABC", ["A", "B"])[["before", "after", "kind"]].values.tolist()
    [['B', 'A', 'up'], ['A', 'dormant', 'dormant'], ['new', 'B', 'new']]
    """
    both = _one_each(old, method, "before", names).join(_one_each(new, method, "after", names), how="outer")
    both = both.sort_index()
    came_back = both.index.isin(list(dormant_before))
    absent = np.where(came_back, DORMANT, NEW)
    before = both["before"].where(both["before"].notna(), absent)
    after = both["after"].fillna(DORMANT)
    rank = {name: place for place, name in enumerate(names)}
    step = before.map(rank).astype(float) - after.map(rank).astype(float)
    kind = np.select(
        [before == NEW, before == DORMANT, after == DORMANT, step > 0, step < 0],
        ["new", "returned", "dormant", "up", "down"],
        default="stayed",
    )
    moved = pd.DataFrame({"before": before.astype(str), "after": after.astype(str), "kind": kind})
    return moved.reset_index(names="customer_id")


def and_dormant(moved: pd.DataFrame, dormant_before: Collection[str]) -> pd.DataFrame:
    """The moves, and below them those who were dormant and still are, as stayed."""
    still = sorted(set(dormant_before) - set(moved["customer_id"]))
    rows = pd.DataFrame({"customer_id": still, "before": DORMANT, "after": DORMANT, "kind": "stayed"})
    return pd.concat([moved, rows.astype({c: moved[c].dtype for c in rows})], ignore_index=True)


def matrix(moved: pd.DataFrame, names: Sequence[str], value: str | None = None) -> pd.DataFrame:
    """Customers (or the sum of the column `value`) from each state (rows) to each state (columns).

    Rows: the tiers best first, dormant (returned from there), new. Columns: the tiers, dormant.

    >>> moved = pd.DataFrame({"before": ["A", "A", "new"], "after": ["A", "B", "B"]})
    >>> matrix(moved, ["A", "B"]).values.tolist()
    [[1, 1, 0], [0, 0, 0], [0, 0, 0], [0, 1, 0]]
    """
    groups = moved.groupby(["before", "after"])
    counts = groups.size() if value is None else groups[value].sum()
    rows, columns = [*names, DORMANT, NEW], [*names, DORMANT]
    table = counts.unstack(fill_value=0).reindex(index=rows, columns=columns, fill_value=0)
    return table.rename_axis(index="before", columns="after")


def counts(moved: pd.DataFrame) -> pd.DataFrame:
    """How many customers made each kind of change, and their share of all: kind, customers, share."""
    sizes = moved["kind"].value_counts().reindex(list(KINDS), fill_value=0)
    return pd.DataFrame(
        {"kind": list(KINDS), "customers": sizes.to_numpy(), "share": sizes.to_numpy() / max(len(moved), 1)}
    )


def _one_each(tiers: pd.DataFrame, method: str, name: str, names: Sequence[str]) -> pd.DataFrame:
    found = tiers.set_index("customer_id")[[method]].rename(columns={method: name})
    if not found.index.is_unique:
        twice = found.index[found.index.duplicated()][0]
        raise DataError(f"tiers of {method}: customer {twice!r} is given more than once")
    strange = ~found[name].isin(list(names))
    if strange.any():
        customer, tier = next(found.loc[strange, name].items())
        raise DataError(
            f"tiers of {method}: customer {customer!r} is in {tier!r}, which is not one of the tiers "
            f"{', '.join(names)}"
        )
    return found
