"""How numbers and dates are written in a source, decided from all its rows or asked for, never row by row."""

from collections.abc import Sequence
from dataclasses import dataclass

import duckdb

from segmentation import engine
from segmentation.errors import DataError, Undecided
from segmentation.intake.options import Origin
from segmentation.intake.sources.currencies import codes_of_sign
from segmentation.intake.sources.values import Column

# a few rows that contradict the others are faults of theirs; more of them are a question to the user
_FEW = 0.01
# in dates of two digits each, years take at least so many times fewer values than days
_YEARS_TO_DAYS = 4


@dataclass(frozen=True)
class Conventions:
    """How a source writes its values.

    Attributes:
        decimal: the decimal sign, "." or ",", or "" where the rows looked at do not tell.
        first: what 3/4/2017 or 17-01-05 begins with: "day", "month", "year", or "" where no row is like that.
        currencies: the codes that the signs beside amounts may mean, where there are any.
    """

    decimal: str = "."
    first: str = ""
    currencies: tuple[str, ...] = ()


def conventions_of(
    connection: duckdb.DuckDBPyConnection,
    dates: Sequence[Column],
    numbers: Sequence[Column],
    intake: Origin,
    name: str,
    currency: str | None,
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
        currency: the code that signs of currencies have to agree with, "" where it is not known; None: a
            column names the currency.
        rows: look at so many rows only, and leave open what they do not tell; None: at all of them.

    Raises DataError when all rows leave it open, or contradict each other, or have another currency's sign.
    """
    some = "" if rows is None else f" LIMIT {int(rows)}"
    first = {"day_first": "day", "month_first": "month", "year_first": "year", None: ""}[intake.date_order]
    if not first and dates:
        first = _first(connection, dates, name, some)
    decimal: str = intake.decimal or ""
    signs: list[str] = []
    if numbers and not (decimal and some):
        found, signs = _decimal(connection, numbers, name, some, decimal)
        decimal = decimal or found
    meant = () if some or currency is None else _meant(name, signs, currency)
    return Conventions(decimal if some or decimal else ".", first, meant)


def _first(connection: duckdb.DuckDBPyConnection, dates: Sequence[Column], name: str, some: str) -> str:
    """What dates such as 3/4/2017 or 17-01-05 begin with."""
    query = _over(dates, some) + engine.text("date_order")
    day, month, either, same, example, short, *years = engine.row(connection, query, {})
    year_is_first = _year_is_first(*years) if short else False
    if year_is_first:
        return "year"
    if year_is_first is None:
        if some:
            return ""
        raise Undecided(
            f"{name}: dates such as {example!r} may begin or end with the year, and the rows do not tell; "
            f"say date_order: year_first, day_first or month_first",
            "date_order",
            ("year_first", "day_first", "month_first"),
        )
    decided = _majority({"day": day, "month": month})
    if decided is None and not some and (day or month or either):
        raise Undecided(
            f"{name}: dates such as {example!r} may begin with the day or the month, and the rows "
            f"{'contradict each other' if day and month else 'do not tell'}; "
            f"say date_order: day_first or month_first",
            "date_order",
            ("month_first", "day_first") if month > day else ("day_first", "month_first"),
        )
    return decided or ("day" if same and not either else "")


def _year_is_first(begins: int, ends: int, first_values: int, last_values: int) -> bool | None:
    """Whether the year comes first in dates of two digits each; None where the rows do not tell.

    Where no value can only be a year, years are what takes far fewer values than days do.
    """
    if begins or ends:
        decided = _majority({"begins": begins, "ends": ends})
        return None if decided is None else decided == "begins"
    if min(first_values, last_values) * _YEARS_TO_DAYS > max(first_values, last_values):
        return None
    return first_values < last_values


def _decimal(
    connection: duckdb.DuckDBPyConnection, numbers: Sequence[Column], name: str, some: str, given: str
) -> tuple[str, list[str]]:
    """The decimal sign of numbers such as 1.234,50, unless it is given; and the signs of currencies."""
    query = _over(numbers, some) + engine.text("decimal_sign")
    point, comma, either, signs, example = engine.row(connection, query)
    decided = given or _majority({".": point, ",": comma})
    if decided is None and not some and (point or comma or either):
        raise Undecided(
            f"{name}: the point or the comma in numbers such as {example!r} may be the decimal sign, and the "
            f"rows {'contradict each other' if point and comma else 'do not tell'}; say decimal: '.' or ','",
            "decimal",
            (",", ".") if comma > point else (".", ","),
        )
    return decided or "", sorted(signs or [])


def _meant(name: str, signs: Sequence[str], currency: str) -> tuple[str, ...]:
    """The currencies that signs may mean; refused where they cannot be all of one, or of the report's."""
    if not signs:
        return ()
    meant = sorted(set.intersection(*(codes_of_sign(sign) for sign in signs)))
    if not meant:
        raise DataError(
            f"{name}: amounts in different currencies stand in one column ({', '.join(signs)}); "
            f"give the currency a column of its own, and its price under orders.rates"
        )
    if currency and currency.upper() not in meant:
        which = "" if len(meant) == 1 else "one of "
        raise DataError(
            f"{name}: the amounts are written with {', '.join(signs)}, and the report is in {currency}; "
            f"say currency: {which}{', '.join(meant)}"
        )
    return tuple(meant)


def _majority(evidence: dict[str, int]) -> str | None:
    """What nearly all the evidence says, or None."""
    best = max(evidence, key=lambda key: evidence[key])
    total = sum(evidence.values())
    return best if total and total - evidence[best] <= total * _FEW else None


def _over(columns: Sequence[Column], some: str) -> str:
    """The beginning of a query over the values of columns, as `t`."""
    parts = (f"(SELECT half_width(cleaned({column.sql})) AS t FROM source{some})" for column in columns)
    return f"WITH texts AS ({' UNION ALL '.join(parts)})\n"
