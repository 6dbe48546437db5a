"""What the data itself suggests to decide: lines that may be no products, customers that may be tests."""

from segmentation import engine
from segmentation.orders import Orders
from segmentation.sources.values import Column, identity

_TESTS = """
SELECT DISTINCT customer_id FROM lines
WHERE reason IS NULL AND regexp_matches(customer_id, :pattern) ORDER BY 1
"""
_CODES = """
SELECT {code} AS code, COUNT(*) AS lines FROM source WHERE {code} IS NOT NULL GROUP BY 1 ORDER BY 2 DESC, 1
"""
_TEST = "(?i)(^|[^a-z])(test|demo|dummy)|测试|演示"
_SHOWN = 10


def suggestions(orders: Orders) -> list[str]:
    """Name what the rules could set aside and do not, each as one sentence with the key that would.

    >>> import pandas as pd
    >>> from segmentation import read_orders
    >>> frame = pd.DataFrame({"customer": ["a", "TEST-1"], "date": "2017-01-31", "amount": 1})
    >>> suggestions(read_orders(frame))
    ["1 customer looks like a test ('TEST-1'): set it aside with orders.test_customers"]
    """
    return [*_tests(orders), *_not_products(orders), *_duplicates(orders)]


def _tests(orders: Orders) -> list[str]:
    found = engine.execute(orders.connection, _TESTS, {"pattern": _TEST}).fetchall()
    if not found:
        return []
    some = ", ".join(repr(customer) for (customer,) in found[:_SHOWN])
    said = "1 customer looks like a test" if len(found) == 1 else f"{len(found):,} customers look like tests"
    return [f"{said} ({some}): set {'it' if len(found) == 1 else 'them'} aside with orders.test_customers"]


def _not_products(orders: Orders) -> list[str]:
    """Product codes without a digit among codes that nearly all have one: postage, fees, discounts."""
    column = orders.columns_found.get("product")
    if column is None or orders.intake.not_products:
        return []
    code = identity(Column(column, orders.kinds[column]))
    codes = engine.frame(orders.connection, _CODES.format(code=code))
    odd = codes[~codes["code"].str.contains(r"\d")]
    if not len(odd) or odd["lines"].sum() > 0.05 * codes["lines"].sum():
        return []
    named = ", ".join(odd["code"].head(_SHOWN))
    named += ", …" if len(odd) > _SHOWN else ""
    return [
        f"{odd['lines'].sum():,} lines have product codes without a digit ({named}): set those that are no "
        f"products aside with orders.not_products"
    ]


def _duplicates(orders: Orders) -> list[str]:
    lines = orders.reconciliation().set_index("rule")["rows"]
    copies = int(lines["exact duplicates"])
    if not copies or orders.intake.duplicates != "keep":
        return []
    return [
        f"{copies:,} lines are exact copies of others and kept, as a customer may buy the same thing twice: "
        f"set them aside with orders.duplicates: set_aside"
    ]
