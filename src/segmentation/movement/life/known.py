"""Everybody who ever ordered, as of any month end up to a last one, and what came in the months after it."""

from collections.abc import Mapping
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from segmentation import engine, months
from segmentation.errors import DataError
from segmentation.ledger.ledger import Ledger

MONTH_DAYS = 30
_EPOCH = pd.Timestamp("1970-01-01")


class Known:
    """A ledger up to a last month, with customers as numbers: asked often, it is read once.

    Attributes:
        ledger: the ledger.
        last: the last month that may be known; whoever asks for a later one is refused.
    """

    def __init__(self, ledger: Ledger, last: str) -> None:
        self.ledger, self.last = ledger, last
        ledger.checksum(last)

    @cached_property
    def ids(self) -> pd.Series:
        """The customers' ids by their numbers."""
        found = engine.frame(self.ledger.cursor(), engine.text("coded_ids"), self._paths)
        return found["customer_id"].astype("str")

    def at(self, as_of: str, window_months: int, until: str | None = None) -> pd.DataFrame:
        """Give one row per customer with an order up to the end of `as_of`, by number.

        Columns: customer (the number); recency_days, span_days and age_days (from the last order to the as-of
        day, from the first to the last order, from the first order to the as-of day); days_ever (days with an
        order, ever); frequency and monetary (orders and net of the window); recent, previous, recent_months,
        previous_months (net and months with an order, of the last three months and of the three before);
        later_orders and later_value (orders and net of the months after `as_of` up to `until`; the only columns
        that look beyond). Money in the currency. `attrs` say the month and the window.

        Raises DataError for months that the orders do not cover or that may not be known, or where nobody
        ordered yet.
        """
        until = until or as_of
        self._allow(as_of, until)
        values = {
            "as_of": months.number(as_of),
            "until": months.number(until),
            "window_months": window_months,
        }
        found = self._ask("known", values)
        if found.empty:
            raise DataError(f"month {as_of}: nobody ordered up to its end")
        day, unit = (pd.Timestamp(months.last_day(as_of)) - _EPOCH).days, 10**self.ledger.minor_units
        first, last = found.pop("first_day"), found.pop("last_day")
        money = ("monetary", "recent", "previous", "later_value")
        found = found.assign(
            recency_days=day - last,
            span_days=last - first,
            age_days=day - first,
            days_ever=np.maximum(found["days_ever"], 1),
            **{name: found[name] / unit for name in money},
        )
        found.attrs = {"as_of": as_of, "window_months": window_months}
        return found

    def first_waits(self, as_of: str) -> pd.DataFrame:
        """Give how many `customers` waited how many days (`wait`) from their first to their second order day."""
        self._allow(as_of)
        return self._ask("waits", {"as_of": months.number(as_of)})

    def silence(self, as_of: str, gap: int) -> dict[str, float]:
        """Give who fell silent and what they had brought, see `sql/silence.sql`; money in the currency."""
        self._allow(as_of)
        found = self._ask("silence", {"as_of": months.number(as_of), "gap": gap}).iloc[0]
        unit, money = 10**self.ledger.minor_units, ("had_brought", "before_value", "now_value")
        return {str(name): float(found[name]) / (unit if name in money else 1) for name in found.index}

    def turnover(self, as_of: str, ahead: int, until: str) -> pd.DataFrame:
        """Give what customers brought in the `ahead` months up to `as_of` and in those after it up to `until`.

        Columns: customer (the number; only those with a row in these months), is_known (had ordered by then),
        is_recent (for the first time in the last months), last, next (money in the currency).
        """
        self._allow(as_of, until)
        values = {"as_of": months.number(as_of), "ahead": ahead, "until": months.number(until)}
        found, unit = self._ask("turnover", values), 10**self.ledger.minor_units
        return found.assign(last=found["last"] / unit, next=found["next"] / unit)

    def named(self, customers: pd.DataFrame) -> pd.DataFrame:
        """Give rows by number with the customers' ids: customer_id in place of customer."""
        ids = self.ids.to_numpy()[customers["customer"].to_numpy()]
        named = customers.drop(columns="customer")
        named.insert(0, "customer_id", pd.array(ids, dtype="str"))
        named.attrs = customers.attrs
        return named

    @property
    def _paths(self) -> dict[str, Any]:
        return {"paths": self.ledger.paths(self.ledger.first, self.last)}

    @cached_property
    def _coded(self) -> Any:
        """A cursor with the tables that the questions ask."""
        cursor = self.ledger.cursor()
        for table in ("coded", "firsts", "second_order"):
            engine.execute(cursor, f"CREATE TEMP TABLE {table} AS {engine.text(table)}", self._paths)
        return cursor

    def _ask(self, step: str, values: Mapping[str, Any]) -> pd.DataFrame:
        return engine.frame(self._coded, engine.text(step), values)

    def _allow(self, *asked: str) -> None:
        for month in asked:
            self.ledger.checksum(month)
            if month > self.last:
                raise DataError(
                    f"{month} was asked for while only {self.last} and before may be known: a leak"
                )


def active(customers: pd.DataFrame) -> pd.DataFrame:
    """Those of them with an order in the window: the customers who have a tier."""
    chosen = customers[customers["frequency"] > 0].reset_index(drop=True)
    chosen.attrs = customers.attrs
    return chosen
