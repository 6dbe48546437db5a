"""What the data itself suggests to decide: lines that may be no products, customers that may be tests."""

from segmentation import engine
from segmentation.intake.asking import questions
from segmentation.intake.orders import Orders
from segmentation.intake.sources.values import Column, identity
from segmentation.words.reader import Sentence, sentence

_TESTS = """
SELECT DISTINCT customer_id FROM lines
WHERE reason IS NULL AND regexp_matches(customer_id, :pattern) ORDER BY 1
"""
_CODES = """
SELECT {code} AS code, COUNT(*) AS lines FROM source WHERE {code} IS NOT NULL GROUP BY 1 ORDER BY 2 DESC, 1
"""
_TEST = "(?i)(^|[^a-z])(test|demo|dummy)|测试|演示"
_SHOWN = 10


def suggestions(orders: Orders) -> list[Sentence]:
    """Name what the rules could set aside and do not, each as one sentence with the key.

    >>> import pandas as pd
    >>> from segmentation import read_orders
    >>> frame = pd.DataFrame({"customer": ["a", "TEST-1"], "date": "2017-01-31", "amount": 1})
    >>> print(*suggestions(read_orders(frame)))
    1 customer looks like a test ('TEST-1'): set it aside with orders.test_customers
    """
    return [
        *_tests(orders),
        *_not_products(orders),
        *_duplicates(orders),
        *_doubts(orders),
        *questions(orders),
    ]


def _tests(orders: Orders) -> list[Sentence]:
    found = engine.execute(orders.connection, _TESTS, {"pattern": _TEST}).fetchall()
    if not found:
        return []
    said = (
        "{n:integer} {n:customer looks like a test|customers look like tests} ({some:list}): set {n:it|them} aside "
        "with orders.test_customers"
    )
    return [sentence(said, n=len(found), some=[repr(customer) for (customer,) in found[:_SHOWN]])]


def _not_products(orders: Orders) -> list[Sentence]:
    """Product codes without a digit among codes that nearly all have one: postage, fees, discounts."""
    column = orders.columns_found.get("product")
    if column is None or orders.intake.not_products:
        return []
    code = identity(Column(column, orders.kinds[column]))
    codes = engine.frame(orders.connection, _CODES.format(code=code))
    odd = codes[~codes["code"].str.contains(r"\d")]
    if not len(odd) or odd["lines"].sum() > 0.05 * codes["lines"].sum():
        return []
    named = [*odd["code"].head(_SHOWN), *(["…"] if len(odd) > _SHOWN else [])]
    said = (
        "{n:integer} {n:line has|lines have} product codes without a digit ({named:list}): set those that are no "
        "products aside with orders.not_products"
    )
    return [sentence(said, n=int(odd["lines"].sum()), named=named)]


def _duplicates(orders: Orders) -> list[Sentence]:
    copies = int(orders.reconciliation().set_index("rule")["rows"]["exact duplicates"])
    if not copies or orders.intake.duplicates != "keep":
        return []
    said = (
        "{n:integer} {n:line is an exact copy of another|lines are exact copies of others} and kept, as a customer "
        "may buy the same thing twice: set {n:it|them} aside with orders.duplicates: set_aside"
    )
    return [sentence(said, n=copies)]


def _doubts(orders: Orders) -> list[Sentence]:
    """What the cells of the source's columns make doubtful."""
    return [
        Sentence(orders.doubts[column].text, {**orders.doubts[column].values, "role": role})
        for role, column in orders.columns_found.items()
        if column in orders.doubts and role not in orders.intake.fill_down
    ]
