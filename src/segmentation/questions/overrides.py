"""Overrides: tiers that a person set by hand, with who, why and until when, beside what the rule says."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from segmentation.errors import DataError
from segmentation.intake.customer_files import read_table

COLUMNS = ("customer_id", "tier", "who", "why", "until")
_CALLED = {
    "customer_id": ("customer_id", "customer", "客户编号", "客户号", "客户id"),
    "tier": ("tier", "等级", "级别"),
    "who": ("who", "by", "设定人", "批准人", "负责人"),
    "why": ("why", "reason", "原因", "理由"),
    "until": ("until", "valid_until", "有效期至", "截止日期"),
}


class Overridden(NamedTuple):
    """The customers with overrides applied, and what became of every override.

    `tiered`: the frame given, `tier` replaced where an override is in force, and `tier_by_rule`.
    `table`: the overrides (customer_id, tier, who, why, until) with `tier_by_rule` and `status`: "applied",
    "agrees" (the rule says the same), "expired", or "not here" (no such customer in this month).
    """

    tiered: pd.DataFrame
    table: pd.DataFrame


def read_overrides(path: Path, tiers: Sequence[str]) -> pd.DataFrame:
    """Read a file of overrides: CSV, Parquet or Excel with the columns customer_id, tier, who, why, until.

    `until` is the last day in force, YYYY-MM-DD; every cell is needed, so that no exception lives forever or
    without a reason. Returns the five columns as text, `until` as datetime64, in the file's order. Raises
    DataError with file, row, value and remedy.
    """
    frame, first_row = read_table(path)
    named = {str(column).strip().lower(): column for column in frame.columns}
    found = {}
    for column, names in _CALLED.items():
        own = next((named[name] for name in names if name in named), None)
        if own is None:
            raise DataError(
                f"{path.name}: there is no column {column!r}; an override needs {', '.join(COLUMNS)}"
            )
        found[column] = frame[own]
    table = pd.DataFrame({column: _text(values, column) for column, values in found.items()})
    for place, row in enumerate(table.to_dict("records")):
        _check(row, f"{path.name}, row {place + first_row:,}", tiers)
    table["until"] = pd.to_datetime(table["until"], format="%Y-%m-%d")
    return table


def apply_overrides(tiered: pd.DataFrame, overrides: pd.DataFrame, as_of: date) -> Overridden:
    """Put the overrides that are in force on the as-of day in place of the rule's tiers.

    Parameters: tiered, with customer_id and tier; overrides, as `read_overrides` gives them; as_of, the last
    day of the month: `until` on that day is still in force. Raises DataError if two overrides of one customer
    are in force.

    >>> tiered = pd.DataFrame({"customer_id": ["a", "b"], "tier": ["C", "C"]})
    >>> table = pd.DataFrame({"customer_id": ["a", "b"], "tier": ["A", "A"], "who": ["Li", "Li"],
    ...     "why": ["40 referrals", "trial"], "until": pd.to_datetime(["2018-06-30", "2017-06-30"])})
    >>> done = apply_overrides(tiered, table, date(2017, 12, 31))
    >>> done.tiered.values.tolist(), done.table["status"].tolist()
    ([['a', 'A', 'C'], ['b', 'C', 'C']], ['applied', 'expired'])
    """
    in_force = overrides["until"] >= pd.Timestamp(as_of)
    twice = overrides.loc[in_force, "customer_id"].duplicated()
    if twice.any():
        customer = overrides.loc[in_force, "customer_id"][twice].iloc[0]
        raise DataError(
            f"overrides: customer {customer!r} has two in force on {as_of:%Y-%m-%d}; keep one of them"
        )
    by_rule = tiered.set_index("customer_id")["tier"]
    table = overrides.assign(tier_by_rule=overrides["customer_id"].map(by_rule))
    status = pd.Series("applied", index=table.index, dtype="str")
    status = status.mask(table["tier"] == table["tier_by_rule"], "agrees")
    status = status.mask(table["tier_by_rule"].isna(), "not here").mask(~in_force, "expired")
    by_hand = overrides[in_force].set_index("customer_id")["tier"]
    replaced = tiered["customer_id"].map(by_hand)
    result = tiered.assign(tier=replaced.where(replaced.notna(), tiered["tier"]), tier_by_rule=tiered["tier"])
    return Overridden(result, table.assign(status=status))


def _text(values: pd.Series, column: str) -> pd.Series:
    if column == "until" and pd.api.types.is_datetime64_any_dtype(values.dtype):
        values = values.dt.strftime("%Y-%m-%d")
    if column == "customer_id":
        return values.astype("str").fillna("")
    return values.astype("str").str.strip().fillna("")


def _check(row: dict[Any, Any], where: str, tiers: Sequence[str]) -> None:
    empty = [column for column in COLUMNS if not row[column]]
    if empty:
        raise DataError(f"{where}: {empty[0]} is empty; say it, or remove the row")
    if row["tier"] not in tiers:
        raise DataError(f"{where}: tier {row['tier']!r} is not one of {', '.join(tiers)}")
    try:
        date.fromisoformat(row["until"][:10])
    except ValueError:
        raise DataError(f"{where}: until {row['until']!r} is not a day such as 2018-06-30") from None
