"""Columns that say how much was paid or refunded, or only whether or when: which of the two they are."""

from collections.abc import Mapping

import duckdb

from segmentation import engine
from segmentation.intake.sources.values import Column

# values that are no dates, have a digit and no words around it, and are not all 0 or 1
_AMOUNTS = """
SELECT COUNT(t) > 0 AND COUNT(CASE WHEN t NOT IN ('0', '1') THEN 1 END) > 0
   AND COUNT(t) = COUNT(CASE WHEN regexp_full_match(t, :amount) AND plain_moment(t) IS NULL
                              AND year_last(t).y = '' AND year_first(t).y = '' THEN 1 END)
FROM (SELECT half_width(cleaned({column})) AS t FROM source) AS texts
"""
_AMOUNT = r"[^0-9A-Za-z]*[A-Za-z]{0,3}[$.]?[^0-9A-Za-z]*[0-9][0-9.,' ]*[^0-9]{0,5}"


def as_marked(
    connection: duckdb.DuckDBPyConnection, at: Mapping[str, Column]
) -> tuple[dict[str, Column], set[str]]:
    """Put what was paid in the place of what was listed; say which roles are yes, no or when.

    Args:
        connection: the engine that has `source`.
        at: the columns by role.

    Returns:
        the columns by role, `paid` as the amount where it holds amounts; and the roles that are flags.
    """
    flags = set()
    columns = dict(at)
    for role in ("paid", "refunded"):
        if role not in at:
            continue
        if at[role].is_moment:
            flags.add(role)
            continue
        (amounts,) = engine.row(connection, _AMOUNTS.format(column=at[role].raw), {"amount": _AMOUNT})
        if not amounts:
            flags.add(role)
        elif role == "paid":
            columns = {
                other: column for other, column in columns.items() if other not in ("quantity", "price")
            }
            columns["amount"] = at[role]
    return columns, flags
