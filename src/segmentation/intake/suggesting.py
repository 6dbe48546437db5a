"""What the data itself suggests to decide: lines that may be no products, customers that may be tests."""

from segmentation import engine
from segmentation.intake.asking import questions
from segmentation.intake.orders import Orders
from segmentation.intake.sources.values import Column, identity
from segmentation.words.formats import several
from segmentation.words.reader import Reader

_TESTS = """
SELECT DISTINCT customer_id FROM lines
WHERE reason IS NULL AND regexp_matches(customer_id, :pattern) ORDER BY 1
"""
_CODES = """
SELECT {code} AS code, COUNT(*) AS lines FROM source WHERE {code} IS NOT NULL GROUP BY 1 ORDER BY 2 DESC, 1
"""
_TEST = "(?i)(^|[^a-z])(test|demo|dummy)|测试|演示"
_SHOWN = 10


def suggestions(orders: Orders, language: str = "en") -> list[str]:
    """Name what the rules could set aside and do not, each as one sentence, in "en" or "zh", with the key.

    >>> import pandas as pd
    >>> from segmentation import read_orders
    >>> frame = pd.DataFrame({"customer": ["a", "TEST-1"], "date": "2017-01-31", "amount": 1})
    >>> suggestions(read_orders(frame))
    ["1 customer looks like a test ('TEST-1'): set it aside with orders.test_customers"]
    """
    zh = language == "zh"
    return [
        *_tests(orders, zh),
        *_not_products(orders, zh),
        *_duplicates(orders, zh),
        *_doubts(orders, language),
        *map(Reader(language).say, questions(orders)),
    ]


def _tests(orders: Orders, zh: bool) -> list[str]:
    found = engine.execute(orders.connection, _TESTS, {"pattern": _TEST}).fetchall()
    if not found:
        return []
    some = ", ".join(repr(customer) for (customer,) in found[:_SHOWN])
    if zh:
        return [f"{len(found):,} 位客户看起来是测试客户（{some}）：可用 orders.test_customers 搁置"]
    said = "1 customer looks like a test" if len(found) == 1 else f"{len(found):,} customers look like tests"
    return [f"{said} ({some}): set {'it' if len(found) == 1 else 'them'} aside with orders.test_customers"]


def _not_products(orders: Orders, zh: bool) -> list[str]:
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
    lines = int(odd["lines"].sum())
    if zh:
        return [f"{lines:,} 行的产品编码不含数字（{named}）：非商品的可用 orders.not_products 搁置"]
    have = f"{several(lines, 'line')} {'has' if lines == 1 else 'have'}"
    return [
        f"{have} product codes without a digit ({named}): set those that are no products aside with "
        f"orders.not_products"
    ]


def _duplicates(orders: Orders, zh: bool) -> list[str]:
    lines = orders.reconciliation().set_index("rule")["rows"]
    copies = int(lines["exact duplicates"])
    if not copies or orders.intake.duplicates != "keep":
        return []
    if zh:
        return [
            f"{copies:,} 行与其他行完全重复，予以保留（可能是重复购买）："
            "可用 orders.duplicates: set_aside 搁置"
        ]
    said, them = (
        ("line is an exact copy of another", "it")
        if copies == 1
        else ("lines are exact copies of others", "them")
    )
    return [
        f"{copies:,} {said} and kept, as a customer may buy the same thing twice: set {them} aside with "
        f"orders.duplicates: set_aside"
    ]


def _doubts(orders: Orders, language: str) -> list[str]:
    """What the cells of the source's columns make doubtful."""
    reader = Reader(language)
    return [
        reader.say(orders.doubts[column], role=role)
        for role, column in orders.columns_found.items()
        if column in orders.doubts
    ]
