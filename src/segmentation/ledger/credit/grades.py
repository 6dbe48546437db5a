"""The credit grade of customers as of a month end: how often and how long they paid late."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from segmentation import months
from segmentation.intake.payments import Payments

# grade: at most this share late, and nothing later than so many days; anything beyond is the last grade
LIMITS = (("AA", 0.10, 15), ("A", 0.35, 30), ("B", 0.65, 60))
WORST = "C"
GRADES = (*(name for name, *_ in LIMITS), WORST)
FEWEST = 3  # decided invoices, or there is no grade
_WEIGHT = 2.0  # invoices that the late share of all counts for in a customer's own


@dataclass(frozen=True)
class Known:
    """The invoices as known at a month end.

    The columns of `Payments.invoices`, and paid (so far), is_open, left (of the amount, minor units), days_late
    (so far, where it is open), decided (paid, or due before the month's end).
    """

    invoices: pd.DataFrame
    day: pd.Timestamp


def known_at(payments: Payments, month: str) -> Known:
    """What was known at the end of a month: invoices issued and payments made up to then."""
    day = pd.Timestamp(months.last_day(month))
    return Known(_known(payments, day), day)


def _known(payments: Payments, day: pd.Timestamp) -> pd.DataFrame:
    paid = payments.paid[payments.paid["paid_on"] <= day].groupby("invoice")["paid"].sum()
    found = payments.invoices.assign(paid=paid.reindex(payments.invoices.index, fill_value=0).astype("int64"))
    found = found[found["issued_on"] <= day].copy()
    settled = found["settled_on"].where(found["settled_on"] <= day)
    found["is_open"] = settled.isna() & (found["amount"] != found["paid"])
    found["left"] = (found["amount"] - found["paid"]).where(found["is_open"], 0)
    found.loc[found["amount"] > 0, "left"] = found["left"].clip(lower=0)
    until = settled.fillna(day)
    found["days_late"] = (until - found["due_on"]).dt.days.clip(lower=0)
    found["decided"] = (~found["is_open"] | (found["due_on"] < day)) & (found["amount"] > 0)
    return found


def left_at(payments: Payments, day: pd.Timestamp) -> pd.DataFrame:
    """What was open at a day's end: the rows of `Known.invoices`."""
    return _known(payments, day)


def grades(known: Known, window_months: int, unit: int) -> pd.DataFrame:
    """Grade customers by the decided invoices of the window.

    Returns:
        One row a customer with an invoice in the window: customer_id, credit_grade (AA, A, B, C; empty with
        fewer than three decided invoices), invoices (decided ones), billed (their amounts, in the currency),
        late_share, late_chance (the share shrunk towards that of all by two invoices), worst_days (the longest
        delay so far), overdue (open after its day, in the currency), disputed_share.
    """
    start = known.day.to_period("M") - (window_months - 1)
    there = known.invoices
    inside = there[(there["issued_on"] >= start.start_time) & (there["amount"] > 0)]
    decided = inside[inside["decided"]]
    late = decided["days_late"] > 0
    grouped = decided.assign(late=late).groupby("customer_id", sort=True)
    found = pd.DataFrame(
        {
            "invoices": grouped.size(),
            "billed": grouped["amount"].sum() / unit,
            "late": grouped["late"].sum(),
            "late_share": grouped["late"].mean(),
            "worst_days": grouped["days_late"].max(),
            "disputed_share": grouped["disputed"].mean(),
        }
    ).reindex(np.sort(inside["customer_id"].unique()))
    found["invoices"] = found["invoices"].fillna(0).astype("int64")
    base = float(late.mean()) if len(decided) else np.nan
    found["late_chance"] = (found["late"].fillna(0) + _WEIGHT * base) / (found["invoices"] + _WEIGHT)
    overdue = there[there["is_open"] & (there["due_on"] < known.day)].groupby("customer_id")["left"].sum()
    found["overdue"] = overdue.reindex(found.index, fill_value=0) / unit
    found["credit_grade"] = _grade(found)
    columns = [
        "credit_grade",
        "invoices",
        "billed",
        "late_share",
        "late_chance",
        "worst_days",
        "overdue",
        "disputed_share",
    ]
    return found[columns].rename_axis("customer_id").reset_index()


def _grade(found: pd.DataFrame) -> pd.Series:
    """AA, A, B or C by the limits; empty with too few invoices."""
    graded = pd.Series(WORST, index=found.index, dtype="str")
    for name, share, days in reversed(LIMITS):
        graded[(found["late_share"] <= share) & (found["worst_days"] <= days)] = name
    return graded.where(found["invoices"] >= FEWEST)
