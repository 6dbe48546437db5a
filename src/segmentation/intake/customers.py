"""The table of customers: one row a customer at a day, names and attributes, each accepted or set aside."""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from segmentation.errors import DataError
from segmentation.intake.options import CustomersTable
from segmentation.intake.tables import LONGEST_ID, LikeOrders, Rows, accounted, first_rows, read_rows

# what a table of customers tells of them that is no attribute to compare them by
NO_ATTRIBUTE = ("customer_id", "customer_name", "valid_from", "registered_on", "referred_by", "opted_out")


@dataclass(frozen=True)
class Customers:
    """What a table tells of customers.

    Attributes:
        table: the rows that count: customer_id, valid_from (where it has such a column), and the columns by
            their role, else by their own names, as texts; sorted by customer_id and valid_from.
        set_aside: the rows that do not: file, row, reason, customer_id, raw_line.
        reconciliation: every row accounted for: rule, effect, rows, customers.
    """

    table: pd.DataFrame
    set_aside: pd.DataFrame
    reconciliation: pd.DataFrame

    def as_of(self, day: pd.Timestamp) -> pd.DataFrame:
        """One row a customer, as the table knew them at a day's end; without valid_from, as it stands.

        >>> from segmentation.intake.options import Intake
        >>> first = ["", "2017-06-01"]
        >>> rows = pd.DataFrame({"customer": ["a", "a"], "industry": ["steel", "retail"], "valid_from": first})
        >>> known = read_customers(CustomersTable.of(rows), LikeOrders(Intake.of("orders.csv")))
        >>> known.as_of(pd.Timestamp("2017-05-31"))
          customer_id industry
        0           a    steel
        """
        if "valid_from" not in self.table:
            return self.table
        known = self.table[~(self.table["valid_from"] > day)]
        return (
            known.groupby("customer_id", sort=True).tail(1).drop(columns="valid_from").reset_index(drop=True)
        )


def read_customers(origin: CustomersTable, like: LikeOrders) -> Customers:
    """Read and judge a table of customers.

    Rows without a customer, with a day that cannot be read, and further copies of the same row are set aside.

    Raises:
        ParameterError: an unknown key or role.
        DataError: a table that cannot be read; customers on several rows that differ and do not say from
            which day each holds, unless `several_rows` sets them aside.
    """
    rows = read_rows(origin, like)
    frame = rows.frame
    told = [name for name in frame if name not in ("file", "row") and not str(name).startswith("raw_")]
    reason = pd.Series(None, index=frame.index, dtype="object")
    _put(reason, frame["customer_id"].isna(), "no customer")
    _put(reason, frame["customer_id"].str.len() > LONGEST_ID, "customer id too long")
    for day in ("valid_from", "registered_on"):
        if day in frame:
            frame[day] = pd.to_datetime(frame[day])
    if "valid_from" in frame:
        _put(
            reason,
            frame["valid_from"].isna() & frame["raw_valid_from"].str.strip().fillna("").ne(""),
            "unreadable date",
        )
    good = reason.isna()
    _put(reason, good & frame[good].duplicated(told).reindex(frame.index, fill_value=False), "duplicate row")
    key = ["customer_id", *(["valid_from"] if "valid_from" in frame else ())]
    good = reason.isna()
    several = good & frame[good].duplicated(key, keep=False).reindex(frame.index, fill_value=False)
    if several.any() and origin.several_rows == "refuse":
        raise DataError(_on_several_rows(rows, frame[several], key))
    _put(reason, several, "customer on several rows")
    if not reason.isna().any():
        raise DataError(
            f"{rows.name}: no row can be used ({_reasons(reason) or 'the table has no rows'}); look whether the "
            f"columns are the right ones: {', '.join(f'{role}: {column}' for role, column in rows.found.items())}"
        )
    table = frame.loc[reason.isna(), told].sort_values(key, ignore_index=True, na_position="first")
    aside = frame.assign(reason=reason)[reason.notna()][["file", "row", "reason", "customer_id"]]
    lines = rows.unreadable.assign(reason="unreadable row")
    return Customers(table, pd.concat([aside, lines], ignore_index=True), accounted(rows, reason))


def _put(reason: pd.Series, where: pd.Series, why: str) -> None:
    """Give rows that have no reason yet this one."""
    reason[where.astype("bool").fillna(False) & reason.isna()] = why


def _reasons(reason: pd.Series) -> str:
    return ", ".join(f"{why}: {n:,}" for why, n in reason.value_counts().items())


def _on_several_rows(rows: Rows, several: pd.DataFrame, key: Sequence[str]) -> str:
    """Which customers are on several rows, where, and what can be done."""
    first = several["customer_id"].iloc[0]
    where = first_rows(several[several["customer_id"] == first])
    same = " of the same valid_from" if "valid_from" in key else ""
    day = (
        "correct them"
        if "valid_from" in key
        else "give a column valid_from, the day from which each holds, or leave one row a customer"
    )
    n = several["customer_id"].nunique()
    return (
        f"{rows.name}: {n:,} customer{'s are' if n > 1 else ' is'} on several rows{same} that differ, such as "
        f"{first!r} ({where}); {day}, or set them aside with customers.several_rows: set_aside"
    )
