"""How numbers and dates are written in a source, decided from all its rows or asked for, never row by row."""

from collections.abc import Sequence
from dataclasses import dataclass

import duckdb

from segmentation import engine
from segmentation.errors import DataError
from segmentation.intake import Intake
from segmentation.sources.values import Column

# a few rows that contradict the others are faults of theirs; more of them are a question to the user
_FEW = 0.01


@dataclass(frozen=True)
class Conventions:
    """How a source writes its values.

    Attributes:
        decimal: the decimal sign, "." or ",".
        first: what 3/4/2017 begins with: "day", "month", or "" where no row has such a date.
    """

    decimal: str = "."
    first: str = ""


def conventions_of(
    connection: duckdb.DuckDBPyConnection,
    dates: Sequence[Column],
    numbers: Sequence[Column],
    intake: Intake,
    name: str,
    *,
    rows: int | None = None,
) -> Conventions:
    """Decide how the values of `source` are written.

    Args:
        connection: the engine that has `source`.
        dates: the columns of dates that are text.
        numbers: the columns of numbers that are text.
        intake: what the parameters say; what they say is not looked for.
        name: the source's name, for messages.
        rows: look at so many rows only, and take what they leave open for granted; None: at all of them.

    Raises DataError when all rows leave it open, or contradict each other.
    """
    some = "" if rows is None else f" LIMIT {int(rows)}"
    first = {"day_first": "day", "month_first": "month", None: ""}[intake.date_order]
    if not first and dates:
        first = _first(connection, dates, name, some)
    decimal: str = intake.decimal or ""
    if not decimal and numbers:
        decimal = _decimal(connection, numbers, name, some)
    return Conventions(decimal or ".", first)


def _first(connection: duckdb.DuckDBPyConnection, dates: Sequence[Column], name: str, some: str) -> str:
    """What dates such as 3/4/2017 begin with."""
    day, month, either, same, example = engine.row(
        connection, _over(dates, some) + engine.text("date_order"), {}
    )
    decided = _majority({"day": day, "month": month})
    if decided is None and not some and (day or month or either):
        raise DataError(
            f"{name}: dates such as {example!r} may begin with the day or the month, and the rows "
            f"{'contradict each other' if day and month else 'do not tell'}; "
            f"say date_order: day_first or month_first"
        )
    return decided or ("day" if same and not either else "")


def _decimal(connection: duckdb.DuckDBPyConnection, numbers: Sequence[Column], name: str, some: str) -> str:
    """The decimal sign of numbers such as 1.234,50."""
    query = _over(numbers, some) + engine.text("decimal_sign")
    point, comma, either, signs, example = engine.row(connection, query)
    if signs and len(signs) > 1 and not some:
        raise DataError(
            f"{name}: amounts in different currencies stand in one column ({', '.join(sorted(signs))}); "
            f"give the currency a column of its own, and its price under orders.rates"
        )
    decided = _majority({".": point, ",": comma})
    if decided is None and not some and (point or comma or either):
        raise DataError(
            f"{name}: the point or the comma in numbers such as {example!r} may be the decimal sign, and the "
            f"rows {'contradict each other' if point and comma else 'do not tell'}; say decimal: '.' or ','"
        )
    return decided or ""


def _majority(evidence: dict[str, int]) -> str | None:
    """What nearly all the evidence says, or None."""
    best = max(evidence, key=lambda key: evidence[key])
    total = sum(evidence.values())
    return best if total and total - evidence[best] <= total * _FEW else None


def _over(columns: Sequence[Column], some: str) -> str:
    """The beginning of a query over the values of columns, as `t`."""
    parts = (f"(SELECT half_width(cleaned({column.sql})) AS t FROM source{some})" for column in columns)
    return f"WITH texts AS ({' UNION ALL '.join(parts)})\n"
