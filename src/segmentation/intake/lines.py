"""Lines: a source's rows as ids, moments and minor units, each accepted or set aside with its reason."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import duckdb

from segmentation import engine, months
from segmentation.intake.options import Intake
from segmentation.intake.recognising import PLACEHOLDERS
from segmentation.intake.sources import Opened, values
from segmentation.intake.sources.conventions import Conventions, conventions_of
from segmentation.intake.sources.values import Column, Layer

_SAMPLE = 5000
# so many months without a line part a few dates far from the others from the body of the lines
_FAR_MONTHS = 24
_FAR_SHARE = 0.01
_PLACED = "CREATE OR REPLACE TEMP VIEW placed AS SELECT rowid AS place, * FROM lines"
_REPLACE = "DROP VIEW placed; DROP TABLE lines; ALTER TABLE judged RENAME TO lines"
_NUMBERS = ("amount", "quantity", "price", "profit", "cost", "refunded")


@dataclass(frozen=True)
class Reading:
    """How a source is to be read.

    Attributes:
        name: the source's name, for messages.
        at: its columns by role.
        intake: what the parameters say about the orders.
        currency: the report's currency, or None where a column names each amount's.
        digits: the currency's decimal digits.
        timezone: where days begin for moments that carry a time zone, or "" where nobody said.
        rates: the price of each other currency as it is written in the column of currencies.
        not_counted: patterns of statuses whose lines are set aside.
        flags: roles whose column says yes or no, or when, rather than how much.
    """

    name: str
    at: Mapping[str, Column]
    intake: Intake
    currency: str | None
    digits: int
    timezone: str
    rates: Mapping[str, Decimal]
    not_counted: Sequence[str] = ()
    flags: frozenset[str] = frozenset()

    def texts(self, *roles: str) -> list[Column]:
        """Give the columns of these roles that are text."""
        return [self.at[role] for role in roles if role in self.at and self.at[role].is_text]


def make_lines(connection: duckdb.DuckDBPyConnection, opened: Opened, reading: Reading) -> Conventions:
    """Make the table `lines` from `source`: what each row says, and why it is set aside.

    How numbers and dates are written is first taken from the first rows; where any row does not fit, all rows
    decide, and the lines are made again if they decide otherwise. Where the first rows are all plain, the
    lines are first made as if all were, which is quicker, and stand if it proves true.

    Raises DataError when the rows contradict each other about it, or leave it open.
    """
    dates, numbers = reading.texts("date"), reading.texts(*_NUMBERS)
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
        "placeholders": list(PLACEHOLDERS),
        "date_format": intake.date_format,
    }
    for n, (written, rate) in enumerate(reading.rates.items()):
        told |= {f"currency{n}": written, f"rate{n}": rate}
    select = f"WITH taken AS ({_taken(opened, reading, plain)})\n{engine.text('lines')}"
    engine.create(connection, "lines", select, told)


def _taken(opened: Opened, reading: Reading, plain: bool) -> str:
    """The SELECT of what is taken from each row of the source, under the names that `lines.sql` uses."""
    at, unit = reading.at, 10**reading.digits
    single = "amount" in at and not reading.rates
    stacks = [
        values.moment(at["date"], "ordered_at", plain=plain, form=reading.intake.date_format is not None)
    ]
    for role in _NUMBERS:
        if role in at and role not in reading.flags:
            whole = role in ("profit", "cost") or single
            stacks.append(values.number(at[role], role, unit, whole=whole, plain=plain))
    names = {
        "file": "_file" if opened.several_files else "CAST(NULL AS VARCHAR)",
        "customer_id": known(values.identity(at["customer_id"])),
        "order_id": known(_text(at, "order_id")),
        "parent_id": known(_text(at, "parent_account")),
        "status": _text(at, "status"),
        "is_cancelled": _says_yes(at, "cancelled"),
        "is_flagged_refunded": _says_yes(at, "refunded") if "refunded" in reading.flags else "FALSE",
        "is_unmarked": f"NOT {_says_yes(at, 'paid')}" if "paid" in reading.flags else "FALSE",
        "account_manager": _text(at, "account_manager"),
        "branch": _text(at, "branch"),
        "product_id": _text(at, "product"),
        "digest": f"hash({', '.join(engine.identifier(name) for name in opened.kinds)})",
        "raw_moment": at["date"].raw,
        "raw_number": _joined([at[role].raw for role in _parts(at)]),
        "currency": _text(at, "currency"),
    }
    return values.select([*values.stacked([names], *stacks), *_amounts(opened, reading, single)], "source")


def _parts(at: Mapping[str, Column]) -> list[str]:
    """The roles that an amount is made of."""
    return ["amount"] if "amount" in at else ["quantity", "price"]


def _amounts(opened: Opened, reading: Reading, single: bool) -> list[Layer]:
    """The layers from numbers read to `amount_minor`, `profit_minor` and what the rules ask of amounts."""
    at, digits = reading.at, reading.digits
    unit = 10**digits
    parts = _parts(at)
    whole = f"COALESCE({parts[0]}_whole, minor_of_decimal({parts[0]}_exact, {unit}))"
    finer = f"COALESCE({parts[0]}_exact * {unit} <> round_even({parts[0]}_exact * {unit}, 0), FALSE)"
    exact: Layer = {}
    rest = f"{parts[0]}_exact * {unit}"
    if not single:
        product = "product_of(quantity_exact, price_exact)" if len(parts) == 2 else "amount_exact"
        rated = " ".join(
            f"WHEN :currency{n} THEN rated({product}, :rate{n})" for n in range(len(reading.rates))
        )
        exact["exact"] = f"CASE currency {rated} ELSE {product} END" if rated else product
        whole = f"minor_of_product(exact, {digits})"
        rest = f"exact * {unit}"
        # what a rate adds in decimals is nobody's oversight
        finer = f"COALESCE({product} <> round_even({product}, {digits}), FALSE)"
    refund = "CAST(NULL AS BIGINT)"
    if "refunded" in at and "refunded" not in reading.flags:
        refund = f"abs(COALESCE(refunded_whole, minor_of_decimal(refunded_exact, {unit})))"
        if not single:
            rated = " ".join(
                f"WHEN :currency{n} THEN rated(refunded_exact, :rate{n})" for n in range(len(reading.rates))
            )
            paid_back = f"CASE currency {rated} ELSE refunded_exact END" if rated else "refunded_exact"
            refund = f"abs(minor_of_product({paid_back}, {digits}))"
    listed, off = whole, f"COALESCE({refund}, 0)"
    if "refunded" in at and "refunded" not in reading.flags:
        whole = f"{listed} - {off}"
    profit = "CAST(NULL AS BIGINT)"
    for role, sign in (("cost", "amount_minor - "), ("profit", "")):
        if role in at:
            profit = f"{sign}COALESCE({role}_whole, minor_of_decimal({role}_exact, {unit}))"
    return [
        *([exact] if exact else []),
        {
            "amount_minor": whole,
            "is_finer": finer,
            "rest": f"CASE WHEN {finer} THEN CAST({rest} AS DECIMAL(28, 6)) - {listed} END",
            "refund_minor": refund,
            "is_odd": " OR ".join(
                f"{role}_odd" for role in _NUMBERS if role in at and role not in reading.flags
            ),
            "amount_is_empty": " OR ".join(f"{part}_empty" for part in parts),
            "amount_is_finite": " AND ".join(f"{part}_finite" for part in parts),
        },
        {
            "profit_minor": profit,
            "is_cancellation": "COALESCE(has_prefix(order_id, :prefix) AND amount_minor <= 0, FALSE)",
            "is_test_customer": "fits(customer_id, :test_customers)",
            "is_not_customer": "fits(customer_id, :not_customers)",
            "is_status_out": "COALESCE(fits(status, :not_counted), FALSE)",
            "is_refunded": "is_flagged_refunded OR COALESCE(refund_minor > 0 AND amount_minor <= 0, FALSE)",
            "is_unpaid": "is_unmarked" if "paid" in reading.flags else _unpaid(at),
            "same": _same() if opened.several_files else "CAST(NULL AS UBIGINT)",
            "is_not_product": "COALESCE(fits(product_id, :not_products), FALSE)",
            "raw_date": "CASE WHEN ordered_at IS NULL THEN raw_moment END",
            "raw_amount": "CASE WHEN amount_minor IS NULL THEN raw_number END",
        },
    ]


def known(sql: str) -> str:
    """The expression of an id without what only says that there is none."""
    return f"known({sql}, :placeholders)"


def _says_yes(at: Mapping[str, Column], role: str) -> str:
    """The expression of whether a cell says yes, or when; without a column nothing does."""
    return f"says_yes({at[role].raw})" if role in at else "FALSE"


def _unpaid(at: Mapping[str, Column]) -> str:
    """The expression of whether nothing was paid, where the amount is what was paid."""
    return "COALESCE(amount_minor = 0, FALSE)" if "paid" in at else "FALSE"


def _same() -> str:
    """The expression of one number for lines of the same customer, order, moment, amount and product."""
    return "hash(customer_id, order_id, ordered_at, amount_minor, product_id)"


def _text(at: Mapping[str, Column], role: str) -> str:
    return values.identity(at[role]) if role in at else "CAST(NULL AS VARCHAR)"


def _joined(raws: Sequence[str]) -> str:
    """The raw texts of an amount, quantity and price with a sign between them."""
    return raws[0] if len(raws) == 1 else f"concat({raws[0]}, ' × ', {raws[1]})"


def _pattern(words: Sequence[str]) -> str:
    """One regular expression for words in which * stands for anything, whatever their case."""
    if not words:
        return ""
    return "(?is)" + "|".join(".*".join(map(re.escape, word.split("*"))) for word in words)
