"""What only the owner of the data can decide: unused columns, odd ids, total rows, copies, far dates."""

import re
from collections.abc import Iterator

from segmentation import engine
from segmentation.intake.headings import plain
from segmentation.intake.orders import Orders
from segmentation.intake.recognising import CANCELLED, DISCOUNT, PAID, REFUNDED, STATUS, TOTALS, WALK_INS
from segmentation.words.reader import Sentence, sentence

_SHOWN = 10
_MOST_VALUES = 40
_VALUES = """
SELECT COALESCE(cleaned({column}), '') AS held, COUNT(*) AS lines, SUM(amount_minor) AS amount
FROM (SELECT amount_minor, reason, {raw} AS {column} FROM lines POSITIONAL JOIN source)
WHERE reason IS NULL GROUP BY 1 ORDER BY 2 DESC, 1
"""
_PEOPLE = """
SELECT customer_id AS id, COUNT(*) AS lines, CAST(SUM(amount_minor) AS BIGINT) AS amount, MIN(rowid) AS place
FROM lines WHERE reason IS NULL AND {which} GROUP BY 1 ORDER BY 3 DESC, 1
"""
_NEAR = """
WITH people AS (SELECT customer_id AS id, SUM(amount_minor) AS amount FROM lines WHERE reason IS NULL GROUP BY 1),
near AS (SELECT nearly(id) AS near_id FROM people WHERE nearly(id) <> '' GROUP BY 1 HAVING COUNT(*) > 1)
SELECT near_id, id, amount FROM (SELECT nearly(id) AS near_id, id, amount FROM people) AS keyed
WHERE near_id IN (SELECT near_id FROM near) ORDER BY near_id, id
"""
# a line that is as large as all others of its month together
_SUMS = """
SELECT customer_id AS id, amount_minor AS amount FROM lines
JOIN (SELECT date_trunc('month', ordered_at) AS month, SUM(amount_minor) AS total, COUNT(*) AS lines
      FROM lines WHERE reason IS NULL GROUP BY 1 HAVING COUNT(*) > 3) AS months
  ON date_trunc('month', ordered_at) = month
WHERE reason IS NULL AND amount_minor > 0 AND amount_minor * 2 = total ORDER BY 2 DESC, 1
"""


def questions(orders: Orders) -> Iterator[Sentence]:
    """Ask about everything that may count and should not, or the other way round, with its money."""
    yield from _columns(orders)
    yield from _people(orders)
    yield from _near(orders)
    lines = orders.reconciliation().set_index("rule")
    if "same line in two files" in lines.index and orders.intake.duplicates == "keep":
        yield sentence(
            "{n:integer} {n:line stands|lines stand} in two files, equal by customer, order, date, amount and "
            "product ({amount}): leave the copies out with orders.duplicates: set_aside",
            n=int(lines["rows"]["same line in two files"]),
            amount=_money(orders, lines.loc["same line in two files", "amount"] * 10**orders.minor_units),
        )
    if "date far from the others" in lines.index and lines.loc["date far from the others", "rows"]:
        yield sentence(
            "{n:integer} {n:line is|lines are} dated years away from all others and set aside ({amount}): keep "
            "them with orders.far_dates: keep",
            n=int(lines["rows"]["date far from the others"]),
            amount=_money(orders, lines.loc["date far from the others", "amount"] * 10**orders.minor_units),
        )


def _columns(orders: Orders) -> Iterator[Sentence]:
    """Unused columns by whose names orders may have been cancelled, refunded or never paid, or be discounted."""
    for column in orders.columns:
        if column in orders.columns_found.values():
            continue
        name = plain(column)
        roles = {"status": STATUS, "cancelled": CANCELLED, "refunded": REFUNDED, "paid": PAID}
        role = next((role for role, words in roles.items() if re.fullmatch(words, name)), None)
        if role:
            quoted = engine.identifier(column)
            asked = _VALUES.format(column="held_value", raw=f"CAST({quoted} AS VARCHAR)")
            found = engine.execute(orders.connection, asked).fetchall()
            if len(found) < 2 or (role == "status" and len(found) > _MOST_VALUES):
                continue
            some = "; ".join(
                f"{held or '–'} {n:,}: {_money(orders, amount)}" for held, n, amount in found[:_SHOWN]
            )
            yield sentence(
                "the column {column} is not used; its values with their lines and money: {some}. Name it under "
                "orders.columns.{role}, and for a status the values that do not count under "
                "orders.set_aside_status",
                column=column,
                some=some,
                role=role,
            )
        elif re.fullmatch(DISCOUNT, name) and "amount" not in orders.columns_found:
            yield sentence(
                "the column {column} is not used, and amounts are price times quantity: where it lowers them, "
                "name a column of what was paid under orders.columns.amount",
                column=column,
            )


def _people(orders: Orders) -> Iterator[Sentence]:
    """Ids that are no customers, and ids that a spreadsheet destroyed."""
    kinds = {
        "looks like a total of other rows": (f"regexp_full_match(lower(customer_id), '{TOTALS}')", False),
        "looks like an account of many people": (
            f"regexp_full_match(folded(customer_id), '{WALK_INS}')",
            False,
        ),
        "was destroyed by a spreadsheet or a number too long": (
            "regexp_full_match(customer_id, '[0-9]([.][0-9]+)?[eE][+][0-9]+|[0-9]{{15}}0{{2,}}')".replace(
                "{{", "{"
            ).replace("}}", "}"),
            True,
        ),
    }
    for what, (which, destroyed) in kinds.items():
        found = engine.execute(orders.connection, _PEOPLE.replace("{which}", which)).fetchall()
        if not found:
            continue
        some = "; ".join(f"{id_!r} {n:,}: {_money(orders, amount)}" for id_, n, amount, _ in found[:_SHOWN])
        if destroyed:
            first = min(place for *_, place in found) + orders.first_row
            yield sentence(
                "customer ids were destroyed by a spreadsheet, and several customers may be one "
                "({some}; first in row {row:integer}): export them again as text",
                some=some,
                row=first,
            )
        elif "total" in what:
            yield sentence(
                "a customer looks like a row that sums up others ({some}): set it aside with "
                "orders.not_customers",
                some=some,
            )
        else:
            yield sentence(
                "a customer looks like an account of many people ({some}): set it aside with "
                "orders.not_customers",
                some=some,
            )
    sums = engine.execute(orders.connection, _SUMS).fetchall()
    named = [id_ for id_, _ in sums if not re.fullmatch(TOTALS, id_.lower())]
    if named:
        yield sentence(
            "{n:integer} {n:line equals|lines equal} the sum of all others of the month ({some}): set the id "
            "aside with orders.not_customers if it sums them up",
            n=len(named),
            some="; ".join(f"{id_!r} {_money(orders, amount)}" for id_, amount in sums[:_SHOWN]),
        )


def _near(orders: Orders) -> Iterator[Sentence]:
    """Ids that differ in case, width, punctuation or leading zeros only."""
    found = engine.execute(orders.connection, _NEAR).fetchall()
    if found:
        some = "; ".join(f"{id_!r} {_money(orders, amount)}" for _, id_, amount in found[:_SHOWN])
        yield sentence(
            "{n:integer} {n:customer is|customers are} nearly equal in their ids ({some}): join them with "
            "orders.ignore_case: true, or a map of ids under orders.identities",
            n=len(found),
            some=some,
        )


def _money(orders: Orders, minor: float) -> str:
    """An amount in minor units, exactly, as it is read."""
    return f"{int(minor) / 10**orders.minor_units:,.{orders.minor_units}f}"
