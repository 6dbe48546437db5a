"""What is taken from each row of a source: ids, moments, minor units and marks, as one SELECT."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from segmentation import engine
from segmentation.intake.options import Intake
from segmentation.intake.sources import Opened, values
from segmentation.intake.sources.values import Column, Layer

NUMBERS = ("amount", "quantity", "price", "profit", "cost", "refunded")


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


def taken(opened: Opened, reading: Reading, plain: bool) -> str:
    """The SELECT of what is taken from each row of the source, under the names that `lines.sql` uses."""
    at, unit = reading.at, 10**reading.digits
    single = "amount" in at and not reading.rates
    stacks = [
        values.moment(at["date"], "ordered_at", plain=plain, form=reading.intake.date_format is not None)
    ]
    for role in NUMBERS:
        if role in at and role not in reading.flags:
            whole = role in ("profit", "cost") or single
            stacks.append(values.number(at[role], role, unit, whole=whole, plain=plain))
    names = {
        "file": "_file" if opened.several_files else "CAST(NULL AS VARCHAR)",
        "customer_id": values.identity(at["customer_id"]),
        "order_id": _text(at, "order_id"),
        "parent_id": _text(at, "parent_account"),
        "status": _text(at, "status"),
        "is_cancelled": _says_yes(at, "cancelled"),
        "is_flagged_refunded": _says_yes(at, "refunded") if "refunded" in reading.flags else "FALSE",
        "is_unmarked": f"NOT {_says_yes(at, 'paid')}" if "paid" in reading.flags else "FALSE",
        "account_manager": _text(at, "account_manager"),
        "branch": _text(at, "branch"),
        "product_id": _text(at, "product"),
        "product_group": _text(at, "product_group"),
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
                f"{role}_odd" for role in NUMBERS if role in at and role not in reading.flags
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
