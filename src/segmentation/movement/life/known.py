"""Everybody who ever ordered, as of a month end, and what came in the months after it."""

import numpy as np
import pandas as pd

from segmentation import engine, months
from segmentation.errors import DataError
from segmentation.ledger.ledger import Ledger

MONTH_DAYS = 30


def known(ledger: Ledger, as_of: str, window_months: int, until: str | None = None) -> pd.DataFrame:
    """Give one row per customer with an order up to the end of `as_of`, sorted by customer_id.

    Columns: customer_id; recency_days, span_days and age_days (from the last order to the as-of day, from the
    first to the last order, from the first order to the as-of day); days_ever (days with an order, ever);
    frequency and monetary (orders and net of the window); recent, previous, recent_months, previous_months
    (net and months with an order, of the last three months and of the three before); later_orders and
    later_value (orders and net of the months after `as_of` up to `until`; the only columns that look beyond).
    Money in the currency. `attrs` say the month, the window and how many days lie between the two month ends.

    Raises DataError for months that the orders do not cover, or where nobody ordered yet.
    """
    ledger.checksum(as_of)
    ledger.checksum(until or as_of)
    values = {
        "paths": ledger.paths(ledger.first, until or as_of),
        "as_of": months.number(as_of),
        "window_months": window_months,
    }
    found = engine.frame(ledger.cursor(), engine.text("known"), values)
    if found.empty:
        raise DataError(f"month {as_of}: nobody ordered up to its end")
    day, unit = pd.Timestamp(months.last_day(as_of)), 10**ledger.minor_units
    first, last = found.pop("first_order"), found.pop("last_order")
    found = found.astype({"customer_id": "str"}).assign(
        recency_days=(day - last).dt.days,
        span_days=(last - first).dt.days,
        age_days=(day - first).dt.days,
        days_ever=np.maximum(found.pop("days_ever"), 1),
        **{name: found[name] / unit for name in ("monetary", "recent", "previous", "later_value")},
    )
    found.attrs = {
        "as_of": as_of,
        "window_months": window_months,
        "days_ahead": (pd.Timestamp(months.last_day(until or as_of)) - day).days,
    }
    return found


def first_waits(ledger: Ledger, as_of: str) -> pd.DataFrame:
    """Give how many `customers` waited how many days (`wait`) from their first to their second order day."""
    paths = ledger.paths(ledger.first, as_of)
    return engine.frame(ledger.cursor(), engine.text("second_order"), {"paths": paths})


def active(customers: pd.DataFrame) -> pd.DataFrame:
    """Those of them with an order in the window: the customers who have a tier."""
    chosen = customers[customers["frequency"] > 0].reset_index(drop=True)
    chosen.attrs = customers.attrs
    return chosen
