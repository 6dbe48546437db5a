from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal

import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from segmentation import engine

ENGINE = engine.connect()


def minor_units(amount: float, digits: int) -> int:
    """DESIGN, "Exactness": shortest decimal text -> six decimals -> half-even to whole minor units."""
    six = Decimal(repr(amount)).quantize(Decimal("1e-6"), ROUND_HALF_UP)
    return int((six * 10**digits).quantize(Decimal(1), ROUND_HALF_EVEN))


CENTS = st.integers(-(8 * 10**14), 8 * 10**14).map(lambda cents: cents / 100)
FINE = st.integers(-(10**9), 10**9).map(lambda n: n / 10_000)


@settings(max_examples=25)
@given(st.lists(CENTS | FINE | st.floats(-1e10, 1e10, allow_subnormal=False), min_size=1, max_size=300))
@example([0.125, 0.135, 2.675, 1.005, -0.005, 0.1 + 0.2, 5.551115e-17, 8.999e12, -0.0])
def test_doubles_become_minor_units_as_their_shortest_text_does(amounts: list[float]) -> None:
    ENGINE.register("amounts", pd.DataFrame({"x": amounts}))
    for digits in (0, 2, 3):
        found = engine.execute(ENGINE, f"SELECT minor_of_double(x, {10**digits}) FROM amounts").fetchall()
        assert [minor for (minor,) in found] == [minor_units(x, digits) for x in amounts]


@settings(max_examples=25)
@given(st.lists(st.decimals(-(10**9), 10**9, places=6), min_size=1, max_size=100))
@example([Decimal("0.125000"), Decimal("0.135000"), Decimal("-0.005000"), Decimal("0.004999")])
def test_decimals_are_rounded_half_even(amounts: list[Decimal]) -> None:
    ENGINE.register("texts", pd.DataFrame({"t": [str(amount) for amount in amounts]}))
    found = engine.execute(ENGINE, "SELECT minor_of_decimal(decimal_of_text(t), 100) FROM texts").fetchall()
    assert [minor for (minor,) in found] == [
        int((amount * 100).quantize(Decimal(1), ROUND_HALF_EVEN)) for amount in amounts
    ]


@pytest.mark.parametrize("amount", ["9e13", "1e22", "1e300", "nan", "inf", "-inf"])
def test_what_cannot_be_held_is_null(amount: str) -> None:
    assert engine.row(ENGINE, f"SELECT minor_of_double(CAST('{amount}' AS DOUBLE), 100)") == (None,)


def test_the_largest_amount_below_the_limit_is_held() -> None:
    text = "'89999999999999.99'"
    assert engine.row(ENGINE, f"SELECT minor_of_decimal(decimal_of_text({text}), 100)") == (
        8_999_999_999_999_999,
    )


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
