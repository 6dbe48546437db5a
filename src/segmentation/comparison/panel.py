"""The tiers of several months as one table of whole numbers: a row a customer, a column a month."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Places = NDArray[np.int8]
ABSENT = -1
CHANGES = ("month", "customers", "changed", "share_changed", "reversed", "share_reversed")


class Panel(NamedTuple):
    """Where every customer stood in every month; millions of rows are compared as numbers, not as texts.

    months: in their order. rows: for each month the rows of its customers, in the order of its frame.
    places: customers × months, the position of the tier among `names` (best = 0), −1 for no tier.
    """

    months: tuple[str, ...]
    rows: tuple[NDArray[np.intp], ...]
    places: Places

    @classmethod
    def of(cls, tiers_by_month: Mapping[str, pd.DataFrame], method: str, names: Sequence[str]) -> "Panel":
        """From tiers frames (customer_id, a column `method`) by month.

        >>> old = pd.DataFrame({"customer_id": ["a", "b"], "ABC": ["B", "A"]})
        >>> new = pd.DataFrame({"customer_id": ["c", "b"], "ABC": ["A", "B"]})
        >>> Panel.of({"2017-11": old, "2017-12": new}, "ABC", ["A", "B"]).places.tolist()
        [[1, -1], [0, 1], [-1, 0]]
        """
        months = tuple(sorted(tiers_by_month))
        frames = [tiers_by_month[month] for month in months]
        codes, customers = pd.factorize(
            pd.concat([frame["customer_id"] for frame in frames], ignore_index=True)
        )
        ends = np.cumsum([len(frame) for frame in frames])
        rows = tuple(np.split(codes, ends[:-1]))
        places = np.full((len(customers), len(months)), ABSENT, dtype=np.int8, order="F")
        for column, frame in enumerate(frames):
            places[rows[column], column] = pd.Index(names).get_indexer(pd.Index(frame[method]))
        return cls(months, rows, places)

    def changes(self) -> pd.DataFrame:
        """How many change tier from month to month, and how many are back the month after.

        To come in or to go dormant is a change too. Columns: month (the later one); customers (in a tier in
        either month); changed and share_changed (of them); reversed and share_reversed (of those who changed:
        the month after they are where they had been; empty for the last month).
        """
        found = []
        for at in range(1, len(self.months)):
            was, now = self.places[:, at - 1], self.places[:, at]
            moved = was != now
            there, changed = int(((was != ABSENT) | (now != ABSENT)).sum()), int(moved.sum())
            back = float("nan")
            if at + 1 < len(self.months):
                back = float((moved & (self.places[:, at + 1] == was)).sum())
            found.append(
                {
                    "month": self.months[at],
                    "customers": there,
                    "changed": changed,
                    "share_changed": changed / there if there else float("nan"),
                    "reversed": back,
                    "share_reversed": back / changed if changed else float("nan"),
                }
            )
        return pd.DataFrame(found, columns=list(CHANGES))

    def different(self, other: Places) -> float:
        """The share of a month's customers who stand elsewhere in `other` (same shape), mean of the months."""
        return float(
            np.mean(
                [
                    (self.places[rows, at] != other[rows, at]).mean() if len(rows) else 0.0
                    for at, rows in enumerate(self.rows)
                ]
            )
        )
