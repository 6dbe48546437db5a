"""Profiles: one row per customer as of a month end, rolled up from the ledger."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from segmentation import engine, months
from segmentation.errors import DataError, ParameterError
from segmentation.intake.orders import Orders
from segmentation.ledger.ledger import Ledger

_MONEY = ("monetary", "profit", "recent", "previous")


def profile(source: Orders | Ledger, as_of: str, window_months: int = 12) -> pd.DataFrame:
    """Give one row per customer with an order in the window, everything known as of the month's last day.

    Args:
        source: orders as read, or their ledger (much faster when asked more than once).
        as_of: the month, "YYYY-MM". Orders after it change nothing.
        window_months: the number of whole months, ending with `as_of`, that are looked at.

    Returns:
        A frame sorted by customer_id (RangeIndex), money in the currency. Over the window: `frequency`
        (orders), `order_days`, `monetary` (net), `profit` (where given), `returns`, `average_order`
        (monetary / frequency), `monthly_mean` (monetary / months since the first order, at most the window),
        `active_months`. Over all that is known: `first_order`, `last_order`, `recency_days` and `tenure_days`
        (from the last and first order to the as-of day), `mean_gap_days` ((last - first) / (orders - 1), all
        orders known; empty for one order). `recent` and `previous` are the net of the last three months and
        the three before;
        `growth` = recent / previous - 1, empty without a positive `previous`; `previous` is empty where the
        ledger does not reach back so far. `attrs` say the month, window and currency.

    Raises:
        ParameterError: a month or window that is none.
        DataError: the orders do not cover the month, or nobody ordered in the window.

    >>> from segmentation import read_orders
    >>> orders = read_orders(pd.DataFrame({"customer": ["b", "a", "b"], "amount": [10, 5.5, 20],
    ...                                    "date": ["2017-01-31", "2017-02-01", "2017-02-14"]}))
    >>> profile(orders, as_of="2017-02")[["customer_id", "recency_days", "frequency", "monetary"]]
      customer_id  recency_days  frequency  monetary
    0           a            27          1       5.5
    1           b            14          2      30.0
    """
    ledger = _ledger_of(source)
    _check(ledger, as_of, window_months)
    found = _ask(
        ledger,
        "profile",
        (ledger.first, as_of),
        {"as_of": months.number(as_of), "window_months": window_months},
    )
    if found.empty:
        raise DataError(f"month {as_of}: nobody ordered in the {window_months} months that end with it")
    return _finish(found, ledger, as_of, window_months)


def later_value(ledger: Ledger, first_month: str, last_month: str) -> pd.DataFrame:
    """Give each customer's net value (`value`, in the currency) in the months from first to last.

    Only customers with a row in those months are listed, sorted by customer_id.
    """
    found = _ask(ledger, "later_value", (first_month, last_month), {})
    return found.assign(value=found["value"] / 10**ledger.minor_units)


def order_histories(ledger: Ledger, as_of: str, window_months: int = 12) -> pd.DataFrame:
    """Give every customer who ever ordered up to the month: what a model of coming back learns from.

    Over all that is known: `days` (days with an order: several orders on a day are one), `first_order`,
    `last_order`. Over the window: `window_days` (the same), and the orders above zero: `orders`, `amount`,
    `amount_squared` (the sum of the squares of the orders' totals, currency²); zero for who did not order in
    it. Sorted by customer_id.
    """
    _check(ledger, as_of, window_months)
    parameters = {"as_of": months.number(as_of), "window_months": window_months}
    found = _ask(ledger, "order_histories", (ledger.first, as_of), parameters)
    unit = 10**ledger.minor_units
    return found.assign(amount=found["amount"] / unit, amount_squared=found["amount_squared"] / unit**2)


def dormant(ledger: Ledger, as_of: str, window_months: int = 12) -> pd.DataFrame:
    """Give the customers who ordered before the window and not in it: customer_id, last_order."""
    _check(ledger, as_of, window_months)
    start = months.first_day(months.add(as_of, 1 - window_months))
    return _ask(ledger, "dormant", (ledger.first, as_of), {"window_start": start})


def attributes(ledger: Ledger, as_of: str) -> pd.DataFrame:
    """Give each customer's account manager and branch as last known at a month's end.

    Columns customer_id, account_manager, branch (empty where the orders do not say), sorted by customer_id,
    for every customer with an order or a return up to then.
    """
    ledger.checksum(months.parse(as_of))
    return _ask(ledger, "attributes", (ledger.first, as_of), {})


def _ledger_of(source: Orders | Ledger) -> Ledger:
    if isinstance(source, Ledger):
        return source
    if isinstance(source, Orders):
        return Ledger.of(source)
    raise ParameterError(f"a profile is made of orders or a ledger, not of {type(source).__name__}")


def _check(ledger: Ledger, as_of: str, window_months: int) -> None:
    ledger.checksum(months.parse(as_of))
    if not isinstance(window_months, int) or window_months < 1:
        raise ParameterError(f"window_months: {window_months!r} is not a number of months, 1 or more")


def _ask(ledger: Ledger, step: str, span: tuple[str, str], parameters: Mapping[str, Any]) -> pd.DataFrame:
    """Run a step over the ledger's months from first to last."""
    paths = ledger.paths(*span)
    if not paths:
        raise DataError(f"months {span[0]} to {span[1]}: the orders cover {ledger.first} to {ledger.last}")
    found = engine.frame(ledger.cursor(), engine.text(step), {**parameters, "paths": paths})
    return found.astype({"customer_id": "str"})


def _finish(found: pd.DataFrame, ledger: Ledger, as_of: str, window_months: int) -> pd.DataFrame:
    """Turn the rolled-up minor units and dates into the profile's columns."""
    day = pd.Timestamp(months.last_day(as_of))
    money = {name: found[name] / 10**ledger.minor_units for name in _MONEY}
    last, first = found["last_order"], found["first_order"]
    since_first = months.number(as_of) - (first.dt.year * 12 + first.dt.month - 1) + 1
    gaps = (found["known_orders"] - 1).where(found["known_orders"] > 1)
    reaches_back = ledger.first <= months.add(as_of, -5)
    previous = money["previous"] if reaches_back else money["previous"] * np.nan
    columns: dict[str, Any] = {
        "customer_id": found["customer_id"],
        "recency_days": (day - last).dt.days,
        "frequency": found["frequency"],
        "order_days": found["order_days"],
        "monetary": money["monetary"],
        **({"profit": money["profit"]} if ledger.has_profit else {}),
        "returns": found["returns"],
        "average_order": money["monetary"] / found["frequency"],
        "monthly_mean": money["monetary"] / since_first.clip(upper=window_months),
        "first_order": first,
        "last_order": last,
        "tenure_days": (day - first).dt.days,
        "active_months": found["active_months"],
        "mean_gap_days": (last - first).dt.days / gaps,
        "recent": money["recent"],
        "previous": previous,
        "growth": money["recent"] / previous.where(previous > 0) - 1,
    }
    result = pd.DataFrame(columns)
    result.attrs = {
        "as_of": as_of,
        "window_months": window_months,
        "currency": ledger.currency,
        "minor_units": ledger.minor_units,
    }
    return result
