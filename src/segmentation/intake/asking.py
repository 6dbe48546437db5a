"""What only the owner of the data can decide about the orders as they were read: everything, in one order."""

from collections.abc import Iterator

from segmentation import engine
from segmentation.intake.asking_columns import of_columns, of_costs
from segmentation.intake.asking_dates import of_dates
from segmentation.intake.asking_people import of_people
from segmentation.intake.orders import Orders
from segmentation.words.reader import Sentence, sentence

# an order's total on each of its lines: in nearly all orders of several lines, at least so many, and not one price
_MOSTLY, _ORDERS, _AMOUNTS = 0.95, 3, 3


def questions(orders: Orders) -> Iterator[Sentence]:
    """Ask about everything that may count and should not, or the other way round, with its money."""
    yield from of_columns(orders)
    yield from of_costs(orders)
    yield from of_people(orders)
    yield from of_dates(orders)
    yield from _in_two_files(orders)
    yield from _repeated_totals(orders)


def _in_two_files(orders: Orders) -> Iterator[Sentence]:
    """Lines that two files have, though they differ in a column of the export itself."""
    lines = orders.reconciliation().set_index("rule")
    if "same line in two files" in lines.index and orders.intake.duplicates == "keep":
        yield sentence(
            "{n:integer} {n:line stands|lines stand} in two files, equal by customer, order, date, amount and "
            "product ({amount}): leave the copies out with orders.duplicates: set_aside",
            n=int(lines["rows"]["same line in two files"]),
            amount=orders.written(orders.minor(lines["amount"]["same line in two files"])),
        )


def _repeated_totals(orders: Orders) -> Iterator[Sentence]:
    """Orders whose every line has the same amount, as if it were the order's."""
    if orders.intake.amount_of is not None or "order_id" not in orders.columns_found:
        return
    several, repeated, amounts, twice = engine.row(orders.connection, engine.text("repeated_totals"))
    if repeated >= max(_ORDERS, _MOSTLY * several) and amounts >= min(_AMOUNTS, repeated):
        yield sentence(
            "in {n:integer} of {all:integer} orders of several lines, every line has the same amount, as if it "
            "were the order's ({amount} too much then): count it once with orders.amount_of: order, or say "
            "orders.amount_of: line",
            n=repeated,
            all=several,
            amount=orders.written(twice),
        )
