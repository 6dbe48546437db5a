from decimal import ROUND_HALF_EVEN, Decimal

import pandas as pd
from hypothesis import example, given, settings
from hypothesis import strategies as st

from segmentation import engine

ENGINE = engine.connect()


@settings(max_examples=25)
@given(st.lists(st.decimals(-(10**9), 10**9, places=6), min_size=1, max_size=100))
@example([Decimal("0.125000"), Decimal("0.135000"), Decimal("-0.005000"), Decimal("0.004999")])
def test_decimals_are_rounded_half_even(amounts: list[Decimal]) -> None:
    ENGINE.register("amounts", pd.DataFrame({"t": [str(amount) for amount in amounts]}))
    query = "SELECT minor_of_decimal(CAST(t AS DECIMAL(28, 6)), 100) FROM amounts"
    found = engine.execute(ENGINE, query).fetchall()
    assert [minor for (minor,) in found] == [
        int((amount * 100).quantize(Decimal(1), ROUND_HALF_EVEN)) for amount in amounts
    ]


def test_the_largest_amount_below_the_limit_is_held() -> None:
    query = "SELECT minor_of_decimal(CAST(:amount AS DECIMAL(28, 6)), 100)"
    assert engine.row(ENGINE, query, {"amount": "89999999999999.99"}) == (8_999_999_999_999_999,)
    assert engine.row(ENGINE, query, {"amount": "89999999999999.995"}) == (None,)


def test_only_markers_are_rewritten() -> None:
    text = """SELECT ':no' AS `a"b`, `c``d` FROM t -- `no` :no
    WHERE x < :yes AND "q:no" = 'it''s :no'"""
    found, names = engine.translate(text)
    assert names == {"yes"}
    assert found.splitlines()[0] == """SELECT ':no' AS "a""b", "c`d" FROM t -- `no` :no"""
    assert found.splitlines()[1].strip() == """WHERE x < $yes AND "q:no" = 'it''s :no'"""


@given(st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), min_size=1, max_size=20))
def test_any_name_is_an_identifier(name: str) -> None:
    relation = ENGINE.sql(engine.translate(f"SELECT 1 AS {engine.identifier(name)}")[0])
    assert relation.columns == [name]


def test_the_checksum_does_not_depend_on_the_order() -> None:
    query = "SELECT checksum_of(CAST(i AS VARCHAR)) FROM (SELECT * FROM range({}) AS r(i) ORDER BY i {})"
    up, down = (engine.row(ENGINE, query.format(99, way)) for way in ("", "DESC"))
    assert up == down != engine.row(ENGINE, query.format(98, ""))
