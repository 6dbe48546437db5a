"""The reconciliation: every line of a source accounted for, in rows, orders, customers and money."""

from collections.abc import Collection
from typing import Any

import duckdb
import pandas as pd

from segmentation import engine
from segmentation.intake.options import Intake

# what the rules speak of, counted over all lines of the source, used or not
COUNTED = (
    *("exact duplicates", "cancellations", "returns", "lines of no amount", "amounts rounded"),
    "orders over two months",
    *("same line in two files", "refunds taken off", "spellings joined", "moved by rounding"),
    "exact sum before rounding",
)
# why lines are set aside, in the order in which the rules are asked
SET_ASIDE = (
    *("unreadable row", "no customer", "customer id too long", "no date", "unreadable date"),
    *("date out of range", "date after the data was drawn", "date far from the others", "no amount"),
    *("amount too large", "unreadable amount", "test customer", "not a customer"),
    *("cancelled", "status set aside", "refunded in full", "never paid", "not a product", "zero amount"),
    *("return or cancellation", "too many decimals", "duplicate line", "order taken back at once"),
)


def _asked_for(intake: Intake, roles: Collection[str]) -> dict[str, bool]:
    """The rules that are asked only with certain parameters or columns, and whether they are."""
    return {
        "cancellations": "order_id" in roles and intake.cancellation_prefix != "",
        "orders over two months": "order_id" in roles,
        "refunds taken off": "refunded" in roles,
        "same line in two files": False,
        "spellings joined": False,
        "moved by rounding": False,
        "exact sum before rounding": False,
        "not a customer": bool(intake.not_customers),
        "cancelled": "cancelled" in roles,
        "status set aside": "status" in roles,
        "refunded in full": "refunded" in roles,
        "never paid": "paid" in roles,
        "date far from the others": intake.far_dates == "set_aside",
        "date after the data was drawn": intake.drawn_on is not None,
        "test customer": bool(intake.test_customers),
        "not a product": bool(intake.not_products),
        "zero amount": intake.zero_lines == "set_aside",
        "return or cancellation": intake.returns == "set_aside",
        "too many decimals": intake.fine_amounts == "set_aside",
        "duplicate line": intake.duplicates == "set_aside",
        "order taken back at once": intake.cancelled_within_minutes > 0 and "order_id" in roles,
    }


def reconcile(connection: duckdb.DuckDBPyConnection, intake: Intake, roles: Collection[str]) -> pd.DataFrame:
    """Account for every line in the tables `lines`, `orders` and `unreadable`.

    Returns:
        A frame of `rule`, `effect` (in, counted, set aside, accepted), `rows`, `orders`, `customers` and
        `amount` (whole minor units). What came in = what is set aside + what is accepted, in rows and amount.
        Lines counted are among what came in, used or not.
    """
    found = {row.pop("reason"): row for row in _rows(connection, "reconciliation")}
    orders = {row["reason"]: row["orders"] for row in _rows(connection, "reconciliation_orders")}
    counted = {row.pop("rule"): row for row in _rows(connection, "counted")}
    (unreadable,) = engine.row(connection, "SELECT COUNT(*) FROM unreadable")
    (rest,) = engine.row(connection, "SELECT SUM(rest) FROM lines WHERE is_finer")
    if rest:
        moved = counted["amounts rounded"] | {"amount": -float(rest)}
        counted["moved by rounding"] = moved
        total = sum(line["amount"] for line in found.values())
        counted["exact sum before rounding"] = moved | {"amount": total - moved["amount"]}
    nothing = dict.fromkeys(("rows", "orders", "customers", "amount"), 0)
    accepted = found.pop(None, nothing) | {"orders": orders["accepted"]}
    asked = _asked_for(intake, roles)
    aside = {
        rule: found.get(rule, nothing) | {"orders": orders.get(rule, 0)}
        for rule in SET_ASIDE
        if rule in found or asked.get(rule, True)
    }
    aside["unreadable row"] = nothing | {"rows": unreadable}
    (customers,) = engine.row(connection, "SELECT COUNT(DISTINCT customer_id) FROM lines")
    whole = {
        "rows": accepted["rows"] + sum(line["rows"] for line in aside.values()),
        "orders": orders["accepted"] + orders["in the source only"],
        "customers": customers,
        "amount": accepted["amount"] + sum(line["amount"] for line in aside.values()),
    }
    lines = [
        {"rule": "lines in the source", "effect": "in"} | whole,
        *(
            {"rule": rule, "effect": "counted"} | counted.get(rule, nothing)
            for rule in COUNTED
            if rule in counted or asked.get(rule, True)
        ),
        *({"rule": rule, "effect": "set aside"} | line for rule, line in aside.items()),
        {"rule": "accepted", "effect": "accepted"} | accepted,
    ]
    return pd.DataFrame(lines)


def first_of_each(lines: pd.DataFrame, most: int) -> pd.DataFrame:
    """Give the first lines set aside for each reason, in the order of the rules, so many in all at most.

    Columns that are empty throughout are left out.

    >>> reasons = ["no date", "no customer", "no date"]
    >>> lines = pd.DataFrame({"reason": reasons, "row": [2, 3, 4], "file": None})
    >>> first_of_each(lines, 2)
            reason  row
    0  no customer    3
    1      no date    2
    """
    place = lines["reason"].map({reason: place for place, reason in enumerate(SET_ASIDE)})
    each = max(most // max(lines["reason"].nunique(), 1), 1)
    chosen = lines[lines.groupby("reason").cumcount() < each].assign(place=place)
    chosen = chosen.sort_values("place", kind="stable", ignore_index=True).drop(columns="place")
    return chosen.head(most).dropna(axis="columns", how="all")


def _rows(connection: duckdb.DuckDBPyConnection, step: str) -> list[dict[str, Any]]:
    done = engine.execute(connection, engine.text(step))
    names = [column[0] for column in done.description or ()]
    return [dict(zip(names, row)) for row in done.fetchall()]


def in_currency(lines: pd.DataFrame, minor_units: int) -> pd.DataFrame:
    """Give a reconciliation with its amounts in the currency.

    >>> in_currency(pd.DataFrame({"amount": [1234]}), 2)["amount"].tolist()
    [12.34]
    """
    return lines.assign(amount=lines["amount"] / 10**minor_units)
