"""Columns that are not used and may say what counts: statuses, refunds, payments, discounts, costs of a piece."""

import re
from collections.abc import Iterator

from segmentation import engine
from segmentation.intake.headings import NAMES, plain
from segmentation.intake.orders import Orders
from segmentation.intake.recognising import ADDRESS, CANCELLED, DISCOUNT, PAID, REFUNDED, STATE, STATUS
from segmentation.words.reader import Sentence, sentence

_SHOWN = 10
_MOST_VALUES = 40
_VALUES = """
SELECT COALESCE(cleaned(CAST({quoted} AS VARCHAR)), '') AS held, COUNT(*) AS lines, SUM(line_minor__) AS amount
FROM {beside} WHERE line_reason__ IS NULL GROUP BY 1 ORDER BY 2 DESC, 1
"""
# lines of several pieces whose cost is nearer to what one piece sold for costs than to what all of them do
_COSTS = """
SELECT COUNT(*) AS lines,
       COUNT(CASE WHEN abs(ln(cost / amount / usual)) > abs(ln(cost * pieces / amount / usual)) THEN 1 END) AS single
FROM (SELECT *, MEDIAN(CASE WHEN pieces = 1 THEN cost / amount END) OVER () AS usual
      FROM (SELECT CAST(line_minor__ AS DOUBLE) AS amount, CAST(line_minor__ - line_profit__ AS DOUBLE) AS cost,
                   TRY_CAST({quoted} AS DOUBLE) AS pieces
            FROM {beside} WHERE line_reason__ IS NULL AND line_minor__ > 0 AND line_minor__ > line_profit__)
      WHERE pieces >= 1)
WHERE pieces >= 2 AND usual IS NOT NULL
"""
_LEAST_LINES, _MOSTLY = 5, 0.8


def of_columns(orders: Orders) -> Iterator[Sentence]:
    """Unused columns by whose names orders may have been cancelled, refunded or never paid, or be discounted."""
    names = {column: plain(column) for column in orders.columns}
    is_address = any(re.fullmatch(ADDRESS, name) for name in names.values())
    status = STATUS if is_address else f"{STATUS}|{STATE}"
    roles = {"status": status, "cancelled": CANCELLED, "refunded": REFUNDED, "paid": PAID}
    for column, name in names.items():
        if column in orders.columns_found.values():
            continue
        role = next((role for role, words in roles.items() if re.fullmatch(words, name)), None)
        if role and role not in orders.columns_found:
            yield from _values(orders, column, role)
        elif re.fullmatch(DISCOUNT, name) and "amount" not in orders.columns_found:
            yield sentence(
                "the column {column} is not used, and amounts are price times quantity: where it lowers them, "
                "name a column of what was paid under orders.columns.amount",
                column=column,
            )


def _values(orders: Orders, column: str, role: str) -> Iterator[Sentence]:
    """The values of a column that may say what counts, with their lines and money."""
    asked = _VALUES.format(quoted=engine.identifier(column), beside=orders.BESIDE)
    found = engine.execute(orders.connection, asked).fetchall()
    if len(found) < 2 or (role == "status" and len(found) > _MOST_VALUES):
        return
    some = [f"{held or '–'} {n:,}: {orders.written(amount)}" for held, n, amount in found[:_SHOWN]]
    more = ["…"] if len(found) > _SHOWN else []
    if role == "status":
        yield sentence(
            "the column {column} is not used; its values with their lines and money: {some}. Where some do not "
            "count, name it under orders.columns.status and them under orders.set_aside_status",
            column=column,
            some="; ".join(some + more),
        )
    else:
        yield sentence(
            "the column {column} is not used; its values with their lines and money: {some}. Where it says what "
            "does not count, name it under orders.columns.{role}",
            column=column,
            some="; ".join(some + more),
            role=role,
        )


def of_costs(orders: Orders) -> Iterator[Sentence]:
    """A cost that grows with the price of a piece and not with the pieces."""
    cost = orders.columns_found.get("cost")
    names = {name for group in NAMES["quantity"] for name in group}
    pieces = orders.columns_found.get("quantity") or next(
        (c for c in orders.columns if plain(c) in names), None
    )
    if cost is None or pieces is None or "profit" in orders.columns_found:
        return
    lines, single = engine.row(
        orders.connection, _COSTS.format(quoted=engine.identifier(pieces), beside=orders.BESIDE)
    )
    if lines >= _LEAST_LINES and single >= _MOSTLY * lines:
        yield sentence(
            "the column {column} looks like the cost of one piece, and profit takes it off once a line: multiply "
            "it by {pieces} in the source",
            column=cost,
            pieces=pieces,
        )
