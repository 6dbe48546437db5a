"""Lines: a source's rows as ids, moments and minor units, each accepted or set aside with its reason."""

import re
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import duckdb

from segmentation import engine, months
from segmentation.intake.options import Intake
from segmentation.intake.sources import Opened
from segmentation.intake.sources.conventions import Conventions, conventions_of
from segmentation.intake.sources.values import Column
from segmentation.intake.taking import NUMBERS, Reading, taken

_SAMPLE = 5000
# so many months without a line part a few dates far from the others from the body of the lines
_FAR_MONTHS = 24
_FAR_SHARE = 0.01
_PLACED = "CREATE OR REPLACE TEMP VIEW placed AS SELECT rowid AS place, * FROM lines"
_REPLACE = "DROP VIEW placed; DROP TABLE lines; ALTER TABLE judged RENAME TO lines"


def make_lines(connection: duckdb.DuckDBPyConnection, opened: Opened, reading: Reading) -> Conventions:
    """Make the table `lines` from `source`: what each row says, and why it is set aside.

    How numbers and dates are written is first taken from the first rows; where any row does not fit, all rows
    decide, and the lines are made again if they decide otherwise. Where the first rows are all plain, the
    lines are first made as if all were, which is quicker, and stand if it proves true.

    Raises DataError when the rows contradict each other about it, or leave it open.
    """
    dates, numbers = reading.texts("date"), reading.texts(*NUMBERS)
    about = (connection, dates, numbers, reading.intake, reading.name, reading.currency)
    guess = conventions_of(*about, rows=_SAMPLE)
    in_doubt = numbers and reading.digits > 2
    if not in_doubt and _begins_plainly(connection, dates, numbers, guess):
        _make(connection, opened, reading, guess, plain=True)
        if _odd(connection) == (0, 0):
            return guess
    _make(connection, opened, reading, guess)
    odd_dates, odd_amounts = _odd(connection)
    if not (dates and odd_dates) and not (numbers and odd_amounts) and not in_doubt:
        return guess
    decided = conventions_of(*about)
    if decided != guess:
        _make(connection, opened, reading, decided)
    return decided


def _begins_plainly(
    connection: duckdb.DuckDBPyConnection,
    dates: Sequence[Column],
    numbers: Sequence[Column],
    guess: Conventions,
) -> bool:
    """Whether the texts of the first rows are written plainly, or empty."""
    tests = [f"{column.sql} IS NULL OR plain_moment({column.sql}) IS NOT NULL" for column in dates]
    tests += [
        f"{column.sql} IS NULL OR simple_double({column.sql}, :decimal) IS NOT NULL" for column in numbers
    ]
    all_of = " AND ".join(f"({test})" for test in tests) or "FALSE"
    (plain,) = engine.row(
        connection,
        f"SELECT COALESCE(bool_and({all_of}), FALSE) FROM (SELECT * FROM source LIMIT {_SAMPLE})",
        {"decimal": guess.decimal},
    )
    return bool(plain)


def _odd(connection: duckdb.DuckDBPyConnection) -> tuple[int, int]:
    """How many lines have a date, and how many an amount, that asks for a closer look."""
    dates, amounts = engine.row(
        connection,
        "SELECT COUNT(raw_date), COUNT(CASE WHEN is_odd OR is_finer OR raw_amount IS NOT NULL THEN 1 END) "
        "FROM lines",
    )
    return dates, amounts


def judge_together(connection: duckdb.DuckDBPyConnection, intake: Intake, amount_of: str) -> None:
    """Judge what only all lines together tell: orders' amounts, far dates, copies, orders taken back at once.

    `amount_of` is "line", or "order" where an amount is that of the whole order.
    """
    if amount_of == "order":
        connection.execute(_PLACED)
        engine.create(connection, "judged", engine.text("further_lines"))
        connection.execute(_REPLACE)
    from_day, before_day = _body(engine.execute(connection, engine.text("lines_by_month")).fetchall())
    if intake.far_dates == "set_aside" and (from_day or before_day):
        told = {"from_day": from_day or date(1, 1, 1), "before_day": before_day or date.max}
        _judge(connection, "later_far", told)
    if intake.duplicates == "set_aside":
        _judge(connection, "later_copies", {})
    if intake.cancelled_within_minutes:
        _match(connection, intake.cancelled_within_minutes)
        _judge(connection, "later_cancelled", {})


def _match(connection: duckdb.DuckDBPyConnection, minutes: int) -> None:
    """Make the table `cancelled` of orders taken back at once and their cancellations, pair by pair."""
    connection.execute(_PLACED)
    engine.create(connection, "takings", engine.text("takings"))
    connection.execute("CREATE OR REPLACE TABLE cancelled (customer_id VARCHAR, order_id VARCHAR)")
    while True:
        engine.create(connection, "found", engine.text("taken_back"), {"minutes": minutes})
        if not engine.row(connection, "SELECT COUNT(*) FROM found")[0]:
            return
        connection.execute("INSERT INTO cancelled SELECT * FROM found")
        connection.execute(
            "DELETE FROM takings USING found "
            "WHERE takings.customer_id = found.customer_id AND takings.order_id = found.order_id"
        )


def _judge(connection: duckdb.DuckDBPyConnection, step: str, told: Mapping[str, Any]) -> None:
    """Add a step's reasons to the lines that have none yet."""
    connection.execute(_PLACED)
    engine.create(connection, "later", engine.text(step), told)
    if engine.row(connection, "SELECT COUNT(*) FROM later")[0]:
        engine.create(connection, "judged", engine.text("judged"))
        connection.execute(_REPLACE)


def _body(by_month: Sequence[tuple[int, int]]) -> tuple[date | None, date | None]:
    """The first day of the body of the lines and the day after its last, None where nothing lies outside.

    Years without a line part the dates into bodies; the largest stays alone if the rest is a few lines only.
    """
    bodies: list[list[tuple[int, int]]] = []
    for month, lines in by_month:
        if not bodies or month - bodies[-1][-1][0] > _FAR_MONTHS:
            bodies.append([])
        bodies[-1].append((int(month), lines))
    if len(bodies) < 2:
        return None, None
    sizes = [sum(lines for _, lines in body) for body in bodies]
    main = sizes.index(max(sizes))
    if sum(sizes) - sizes[main] > _FAR_SHARE * sum(sizes):
        return None, None
    first, last = bodies[main][0][0], bodies[main][-1][0]
    return (
        months.first_day(months.of_number(first)) if main > 0 else None,
        months.first_day(months.of_number(last + 1)) if main < len(bodies) - 1 else None,
    )


def _make(
    connection: duckdb.DuckDBPyConnection,
    opened: Opened,
    reading: Reading,
    conventions: Conventions,
    *,
    plain: bool = False,
) -> None:
    """Make `lines` from `source`, its values read as the conventions say (`plain`: only plain ones)."""
    intake = reading.intake
    drawn = date.fromisoformat(intake.drawn_on) if intake.drawn_on else None
    told: dict[str, Any] = {
        "first": conventions.first,
        "decimal": conventions.decimal,
        "zone": reading.timezone,
        "prefix": intake.cancellation_prefix,
        "drawn_before": drawn + timedelta(days=1) if drawn and drawn < date.max else date.max,
        "zero_lines": intake.zero_lines,
        "returns": intake.returns,
        "fine_amounts": intake.fine_amounts,
        "test_customers": _pattern(intake.test_customers),
        "not_products": _pattern(intake.not_products),
        "not_customers": _pattern(intake.not_customers),
        "not_counted": _pattern(reading.not_counted),
        "date_format": intake.date_format,
    }
    for n, (written, rate) in enumerate(reading.rates.items()):
        told |= {f"currency{n}": written, f"rate{n}": rate}
    select = f"WITH taken AS ({taken(opened, reading, plain)})\n{engine.text('lines')}"
    engine.create(connection, "lines", select, told)


def _pattern(words: Sequence[str]) -> str:
    """One regular expression for words in which * stands for anything, whatever their case."""
    if not words:
        return ""
    return "(?is)" + "|".join(".*".join(map(re.escape, word.split("*"))) for word in words)
