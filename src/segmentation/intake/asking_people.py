"""Ids that may be no customers, or several, or several of one: totals, walk-ins, placeholders, spellings."""

import re
from collections.abc import Iterator, Sequence
from typing import Any

from segmentation import engine
from segmentation.intake.orders import Orders
from segmentation.intake.recognising import PLACEHOLDERS, TOTALS, WALK_INS
from segmentation.intake.sources.values import Column, identity
from segmentation.words.reader import Sentence, sentence

_SHOWN = 10
# what is left of a long number in a spreadsheet, or in a binary fraction
_DESTROYED = r"[0-9]([.,][0-9]+)?[eE][+]?[0-9]{2,}|[0-9]{15}0{2,}"
_PEOPLE = """
SELECT customer_id AS id, COUNT(*) AS lines, CAST(SUM(amount_minor) AS BIGINT) AS amount, MIN(rowid) AS place
FROM lines WHERE reason IS NULL AND regexp_full_match(folded(customer_id), :pattern)
GROUP BY 1 ORDER BY 3 DESC, 1
"""
_NOBODY = """
SELECT id, COUNT(*) AS lines, CAST(COALESCE(SUM(minor), 0) AS BIGINT) AS amount
FROM (SELECT {identity} AS id, line_minor__ AS minor FROM {beside} WHERE line_reason__ = 'no customer')
WHERE list_contains(:placeholders, lower(id)) GROUP BY 1 ORDER BY 2 DESC, 1
"""
_NEAR = """
WITH people AS (SELECT customer_id AS id, SUM(amount_minor) AS amount FROM lines WHERE reason IS NULL GROUP BY 1),
keyed AS (SELECT nearly(id) AS near_id, id, amount FROM people)
SELECT near_id, id, amount FROM keyed
WHERE near_id IN (SELECT near_id FROM keyed WHERE near_id <> '' GROUP BY 1 HAVING COUNT(*) > 1)
ORDER BY near_id, id
"""
# a line that is as large as all others of its month together, or of the source
_SUMS = """
SELECT customer_id AS id, amount_minor AS amount
FROM (SELECT customer_id, amount_minor, SUM(amount_minor) OVER (PARTITION BY date_trunc('month', ordered_at)) AS total,
             COUNT(*) OVER (PARTITION BY date_trunc('month', ordered_at)) AS among,
             SUM(amount_minor) OVER () AS whole, COUNT(*) OVER () AS all_lines
      FROM lines WHERE reason IS NULL)
WHERE amount_minor > 0
  AND (among > 3 AND amount_minor * 2 = total OR all_lines > 3 AND amount_minor * 2 = whole)
ORDER BY 2 DESC, 1
"""


def of_people(orders: Orders) -> Iterator[Sentence]:
    """Ask about ids that may not be what they seem, each with its lines and money."""
    totals = _fitting(orders, TOTALS)
    if totals:
        yield sentence(
            "a customer looks like a row that sums up others ({some}): set it aside with orders.not_customers",
            some=_written(orders, totals),
        )
    walk_ins = _fitting(orders, WALK_INS)
    if walk_ins:
        yield sentence(
            "a customer looks like an account of many people ({some}): set it aside with orders.not_customers",
            some=_written(orders, walk_ins),
        )
    known = {row[0] for row in (*totals, *walk_ins)}
    daily = engine.execute(orders.connection, engine.text("everyday")).fetchall()
    if daily := [row for row in daily if row[0] not in known]:
        yield sentence(
            "a customer orders on most trading days, as an account of many people does ({some}): set it aside "
            "with orders.not_customers if it is one",
            some=_written(orders, daily),
        )
    if destroyed := _fitting(orders, _DESTROYED):
        file, row = orders.row_of(min(place for *_, place in destroyed))
        yield sentence(
            "customer ids were destroyed by a spreadsheet, and several customers may be one ({some}; first in "
            "{file}, row {row:integer}): export them again as text",
            some=_written(orders, destroyed),
            file=file or orders.source,
            row=row,
        )
    yield from _sums(orders)
    yield from _nobody(orders)
    yield from _near(orders)


def _sums(orders: Orders) -> Iterator[Sentence]:
    """Lines that are as large as all the others, under an id that does not say so."""
    sums = engine.execute(orders.connection, _SUMS).fetchall()
    named = [(id_, amount) for id_, amount in sums if not re.fullmatch(TOTALS, id_.lower())]
    if named:
        yield sentence(
            "{n:integer} {n:line equals|lines equal} the sum of all others of the month or the source ({some}): "
            "set the id aside with orders.not_customers if it sums them up",
            n=len(named),
            some="; ".join(f"{id_!r} {orders.written(amount)}" for id_, amount in named[:_SHOWN]),
        )


def _nobody(orders: Orders) -> Iterator[Sentence]:
    """Ids that were taken for none, so that a customer who is called so is not lost silently."""
    column = orders.columns_found["customer_id"]
    asked = _NOBODY.format(identity=identity(Column(column, orders.kinds[column])), beside=orders.BESIDE)
    told = {"placeholders": list(PLACEHOLDERS)}
    if found := engine.execute(orders.connection, asked, told).fetchall():
        yield sentence(
            "ids that only say that there is none are no customers ({some}): write them otherwise in the source "
            "where they are",
            some=_written(orders, found),
        )


def _near(orders: Orders) -> Iterator[Sentence]:
    """Ids that differ in case, width, punctuation or leading zeros only."""
    if found := engine.execute(orders.connection, _NEAR).fetchall():
        some = [f"{id_!r} {orders.written(amount)}" for _, id_, amount in found[:_SHOWN]]
        yield sentence(
            "{n:integer} {n:customer is|customers are} nearly equal in their ids ({some}): join them with "
            "orders.ignore_case: true, or a map of ids under orders.identities",
            n=len(found),
            some="; ".join(some + (["…"] if len(found) > _SHOWN else [])),
        )


def _fitting(orders: Orders, pattern: str) -> list[tuple[Any, ...]]:
    """The customers whose whole id fits: id, lines, amount, first place."""
    return engine.execute(orders.connection, _PEOPLE, {"pattern": pattern}).fetchall()


def _written(orders: Orders, people: Sequence[tuple[Any, ...]]) -> str:
    """Ids with their lines and money."""
    some = [f"{id_!r} {n:,}: {orders.written(amount)}" for id_, n, amount, *_ in people[:_SHOWN]]
    return "; ".join(some + (["…"] if len(people) > _SHOWN else []))
