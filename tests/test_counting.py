"""What counts: every rule of the intake, on a few lines that can be checked by eye."""

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from segmentation import profile, read_orders
from segmentation.errors import DataError, ParameterError
from segmentation.ledger.ledger import Ledger
from segmentation.ledger.profiles import attributes

COLUMNS = ["customer_id", "order_id", "date", "amount", "product"]


def orders(*rows: tuple[Any, ...], columns: list[str] | None = None, **options: Any) -> Any:
    return read_orders(pd.DataFrame(rows, columns=columns or COLUMNS), options=options)


def aside(found: Any) -> dict[str, int]:
    return found.set_aside["reason"].value_counts().to_dict()


def rows(found: Any, rule: str) -> int:
    return int(found.reconciliation().set_index("rule").loc[rule, "rows"])


PLAIN = ("a", "1", "2017-01-01 10:00", 10.0, "X1")


def test_what_came_in_is_what_is_used_and_what_is_set_aside() -> None:
    found = orders(
        PLAIN,
        (None, "2", "2017-01-01", 5.0, "X1"),
        ("b", "3", "?", 7.0, "X1"),
        ("b", "4", "2017-01-05", 0.1, "X1"),
    ).reconciliation()
    whole, parts = found[found["effect"] == "in"], found[found["effect"].isin(["set aside", "accepted"])]
    assert parts["rows"].sum() == whole["rows"].item() == 4
    assert parts["amount"].sum() == pytest.approx(whole["amount"].item(), abs=1e-9)
    assert whole["amount"].item() == 22.1


def test_returns_lower_the_amount_or_are_set_aside() -> None:
    back = ("a", "2", "2017-01-05 10:00", -4.0, "X1")
    kept = orders(PLAIN, back)
    assert profile(kept, as_of="2017-01")[["frequency", "monetary", "returns"]].values.tolist() == [[1, 6, 1]]
    assert rows(kept, "returns") == 1
    assert aside(orders(PLAIN, back, returns="set_aside")) == {"return or cancellation": 1}


def test_a_cancellation_of_no_amount_is_no_order() -> None:
    found = profile(orders(PLAIN, ("a", "C2", "2017-01-05", 0.0, "X1")), as_of="2017-01")
    assert found[["frequency", "returns"]].values.tolist() == [[1, 1]]
    found = profile(orders(PLAIN, ("a", "CX", "2017-01-05", 0.0, "X1")), as_of="2017-01")
    assert found["frequency"].item() == 2, "a C without digits is only a name"


def test_exact_duplicates_are_kept_and_counted_unless_told() -> None:
    assert rows(orders(PLAIN, PLAIN, PLAIN), "exact duplicates") == 2
    assert len(orders(PLAIN, PLAIN, PLAIN).accepted) == 3
    told = orders(PLAIN, PLAIN, ("a", "1", "2017-01-01 10:00", 10.0, "X2"), duplicates="set_aside")
    assert told.set_aside[["row", "reason"]].values.tolist() == [[2, "duplicate line"]]


def test_lines_that_are_no_products_and_test_customers() -> None:
    lines = (PLAIN, ("a", "1", "2017-01-01", 3.0, "POST"), ("TEST-7", "9", "2017-01-01", 3.0, "X1"))
    assert aside(orders(*lines)) == {}
    told = orders(*lines, not_products=["post", "GIFT*"], test_customers=["test*"])
    assert aside(told) == {"not a product": 1, "test customer": 1}


def test_a_pattern_is_text_but_for_its_stars() -> None:
    assert (
        aside(orders(PLAIN, ("a.b", "1", "2017-01-01", 3.0, "X1"), test_customers=["a.", "(", "axb"])) == {}
    )


def test_lines_of_no_amount() -> None:
    free = ("b", "2", "2017-01-01", 0.0, "X1")
    assert rows(orders(PLAIN, free), "lines of no amount") == 1
    assert aside(orders(PLAIN, free, zero_lines="set_aside")) == {"zero amount": 1}


def test_amounts_finer_than_the_currency() -> None:
    fine = ("b", "2", "2017-01-01", 1.005, "X1")
    found = orders(PLAIN, fine)
    assert rows(found, "amounts rounded") == 1
    assert found.accepted["amount"].tolist() == [10.0, 1.0]
    assert aside(orders(PLAIN, fine, fine_amounts="set_aside")) == {"too many decimals": 1}


TAKEN_BACK = (
    ("a", "7", "2017-01-01 10:00", 100.0, "X1"),
    ("a", "7", "2017-01-01 10:00", 50.0, "X2"),
    ("a", "C8", "2017-01-01 10:16", -150.0, "X1"),
)


def test_an_order_taken_back_at_once_is_set_aside_with_its_cancellation() -> None:
    whole = (
        *TAKEN_BACK[:2],
        ("a", "C8", "2017-01-01 10:16", -100.0, "X1"),
        ("a", "C8", "2017-01-01 10:16", -50.0, "X2"),
    )
    found = orders(PLAIN, *whole)
    assert aside(found) == {"order taken back at once": 4}
    assert found.accepted["amount"].tolist() == [10.0]
    assert aside(orders(PLAIN, *whole, cancelled_within_minutes=10)) == {}
    assert aside(orders(PLAIN, *whole, cancelled_within_minutes=0)) == {}


@pytest.mark.parametrize(
    "back",
    [
        pytest.param([("a", "C8", "2017-01-01 10:16", -150.0, "X1")], id="another number of lines"),
        pytest.param([("b", "C8", "2017-01-01 10:16", -100.0, "X1")], id="another customer"),
        pytest.param([("a", "C8", "2017-01-01 09:00", -100.0, "X1")], id="before the order"),
        pytest.param([("a", "C8", "2017-01-01 11:01", -100.0, "X1")], id="too late"),
    ],
)
def test_what_is_no_taking_back(back: list[tuple[Any, ...]]) -> None:
    lines = TAKEN_BACK[:2] if len(back) == 1 and back[0][3] == -150.0 else TAKEN_BACK[:1]
    assert aside(orders(PLAIN, *lines, *back)) == {}


def test_an_order_is_taken_back_once_and_only_where_times_are_known() -> None:
    twice = [("a", order, "2017-01-01 10:00", 5.0, "X1") for order in ("1", "2")]
    back = ("a", "C3", "2017-01-01 10:05", -5.0, "X1")
    assert aside(orders(*twice, back)) == {"order taken back at once": 2}
    by_day = [("a", "1", "2017-01-01", 5.0, "X1"), ("a", "C3", "2017-01-01", -5.0, "X1")]
    assert aside(orders(PLAIN, *by_day)) == {}


def test_several_orders_taken_back_are_matched_each_with_its_own() -> None:
    """The nearest pair first, then what is left; whichever order was placed first."""
    bought = [("a", order, f"2017-01-01 10:0{minute}", 5.0, "X1") for order, minute in (("5", 0), ("6", 2))]
    back = [("a", order, f"2017-01-01 10:{minute}", -5.0, "X1") for order, minute in (("C3", 10), ("C4", 12))]
    assert aside(orders(PLAIN, *bought, *back)) == {"order taken back at once": 4}
    assert aside(orders(PLAIN, *bought, back[0])) == {"order taken back at once": 2}


def test_an_order_whose_cancellation_is_set_aside_does_not_stay() -> None:
    lines = (PLAIN, ("a", "7", "2017-01-01 10:00", 77.0, "X1"), ("a", "C8", "2017-01-01 10:16", -77.0, "X1"))
    found = orders(*lines, returns="set_aside")
    assert aside(found) == {"order taken back at once": 1, "return or cancellation": 1}
    assert found.accepted["amount"].tolist() == [10.0]


SHOPIFY = """Name,Email,Created at,Currency,Total,Lineitem quantity,Lineitem name,Lineitem price
#1001,a@x.com,2017-01-05 10:00:00 -0500,USD,31.50,1,Tea,10.00
#1001,a@x.com,2017-01-05 10:00:00 -0500,,,2,Cup,10.00
#1002,b@x.com,2017-02-05 10:00:00 -0500,USD,7.00,1,Tea,7.00
#1003,b@x.com,2017-03-05 10:00:00 -0500,USD,,1,Tea,7.00
"""


def test_an_order_s_amount_on_its_first_line_only(tmp_path: Path) -> None:
    """Shopify writes it so; an order that has no amount on any line is set aside all the same."""
    (tmp_path / "orders.csv").write_text(SHOPIFY, encoding="utf-8")
    found = read_orders(tmp_path / "orders.csv")
    assert found.accepted[["order_id", "amount"]].values.tolist() == [
        ["#1001", 31.5], ["#1001", 0.0], ["#1002", 7.0]
    ]  # fmt: skip
    assert found.set_aside[["row", "reason"]].values.tolist() == [[5, "no amount"]]
    by_line = read_orders(tmp_path / "orders.csv", options={"amount_of": "line"})
    assert aside(by_line) == {"no amount": 2}
    total = pd.DataFrame(
        [("a", "1", "2017-01-01", 5.0), ("a", "1", "2017-01-01", None)],
        columns=["customer_id", "order_id", "date", "amount"],
    )
    assert aside(read_orders(total)) == {"no amount": 1}
    assert aside(read_orders(total, options={"amount_of": "order"})) == {}


def test_dates_far_from_all_others_are_set_aside() -> None:
    body = [("a", str(n), f"2017-0{1 + n % 6}-01", 1.0, "X1") for n in range(300)]
    found = orders(*body, ("b", "x", "1970-01-01", 1.0, "X1"), ("b", "y", "2099-12-31", 1.0, "X1"))
    assert aside(found) == {"date far from the others": 2}
    assert Ledger.of(found).months[0] == "2017-01"
    few = orders(PLAIN, ("b", "y", "2030-12-31", 1.0, "X1"))
    assert aside(few) == {}, "one of two lines is no exception"


def test_dates_outside_reason_or_after_the_data_was_drawn() -> None:
    found = orders(
        PLAIN, ("b", "2", "1066-10-14", 1.0, "X1"), ("b", "3", "2017-02-01", 1.0, "X1"), drawn_on="2017-01-31"
    )
    assert aside(found) == {"date out of range": 1, "date after the data was drawn": 1}
    assert aside(orders(PLAIN, ("b", "3", "2017-01-31 23:59", 1.0, "X1"), drawn_on="2017-01-31")) == {}
    with pytest.raises(ParameterError, match=r"orders\.drawn_on"):
        orders(PLAIN, drawn_on="yesterday")


def test_ids_of_blanks_and_ids_too_long() -> None:
    ids = ["   ", "x" * 500, "　\u00a0", " a "]
    found = orders(PLAIN, *((name, str(n), "2017-01-01", 1.0, "X1") for n, name in enumerate(ids)))
    assert aside(found) == {"no customer": 2, "customer id too long": 1}
    assert found.accepted["customer_id"].tolist() == ["a", "a"]


MONEY = ["customer_id", "date", "amount", "currency"]


def test_two_currencies_are_refused_unless_rates_are_given() -> None:
    lines = [
        ("a", "2017-01-01", 100.0, "USD"),
        ("a", "2017-01-02", 100.0, "eur"),
        ("a", "2017-01-03", 7.0, None),
    ]
    with pytest.raises(
        DataError, match=r"more than one currency \(USD 1 line, EUR 1 line\).*orders.rates: {EUR"
    ):
        orders(*lines, columns=MONEY)
    found = orders(*lines, columns=MONEY, rates={"EUR": 1.12345})
    # 112.345 is half way between two cents, and goes to the even one
    assert found.accepted["amount"].tolist() == [100.0, 112.34, 7.0]
    with pytest.raises(DataError, match=r"the amounts are in GBP, the report in USD; say currency: GBP"):
        orders(("a", "2017-01-01", 1.0, "GBP"), columns=MONEY)
    for wrong in (-1, 1e-13, 2e7):
        with pytest.raises(ParameterError, match=r"orders\.rates"):
            orders(*lines, columns=MONEY, rates={"EUR": wrong})
    with pytest.raises(ParameterError, match=r"orders\.rates: .* has no column for it"):
        orders(PLAIN, rates={"EUR": 1.1})


def test_a_rate_counts_to_its_last_digit_and_adds_no_decimals_to_judge() -> None:
    lines = [("a", "2017-01-01", 1_000_000_000.0, "VND"), ("a", "2017-01-02", 1.0, "USD")]
    found = orders(*lines, columns=MONEY, rates={"VND": 0.0000412}, fine_amounts="set_aside")
    assert found.accepted["amount"].tolist() == [41_200.0, 1.0]
    found = orders(*lines, columns=MONEY, rates={"VND": 0.000000000004}, fine_amounts="set_aside")
    assert found.accepted["amount"].tolist() == [0.0, 1.0]
    fine = [("a", "2017-01-01", 1.005, "EUR"), *lines]
    assert aside(orders(*fine, columns=MONEY, rates={"VND": 1, "EUR": 1}, fine_amounts="set_aside")) == {
        "too many decimals": 1
    }


@pytest.mark.parametrize("name", ["CNY", "RMB", "人民币", "元"])
def test_names_of_one_currency_are_one(name: str) -> None:
    frame = pd.DataFrame([("a", "2017-01-01", 1.0, name), ("a", "2017-01-01", 2.0, "cny")], columns=MONEY)
    assert len(read_orders(frame, currency="CNY").accepted) == 2


def test_tiers_by_parent_account() -> None:
    lines = [("a", "2017-01-01", 1.0, "P"), ("b", "2017-01-02", 2.0, "P"), ("c", "2017-01-03", 4.0, None)]
    columns = ["customer_id", "date", "amount", "parent_account"]
    found = orders(*lines, columns=columns, tier_by="parent_account")
    assert found.accepted["customer_id"].tolist() == ["P", "P", "c"]
    with pytest.raises(DataError, match=r"tier_by: parent_account needs its column"):
        orders(PLAIN, tier_by="parent_account")


def test_profit_follows_from_cost() -> None:
    columns = ["customer_id", "date", "amount", "成本"]
    found = profile(orders(("a", "2017-01-01", 10.0, 7.5), columns=columns), as_of="2017-01")
    assert found["profit"].tolist() == [2.5]


def test_account_managers_are_those_last_known_at_the_month_s_end() -> None:
    columns = ["customer_id", "date", "amount", "account_manager", "branch"]
    ledger = Ledger.of(
        orders(
            ("a", "2017-01-01", 1.0, "王芳", "North"),
            ("a", "2017-01-20", 1.0, "Li", None),
            ("a", "2017-02-01", 1.0, None, "South"),
            ("a", "2017-03-01", 1.0, "Zhao", "East"),
            columns=columns,
        )
    )
    assert attributes(ledger, "2017-01").values.tolist() == [["a", "Li", "North"]]
    assert attributes(ledger, "2017-02").values.tolist() == [["a", "Li", "South"]]


def test_orders_over_two_months_count_in_both_and_are_named() -> None:
    found = orders(("a", "1", "2017-01-31", 1.0, "X1"), ("a", "1", "2017-02-01", 2.0, "X1"), PLAIN)
    assert found.spanning()[["customer_id", "order_id", "months", "amount"]].values.tolist() == [
        ["a", "1", 2, 13.0]
    ]
    assert Ledger.of(found).figures()["orders"].tolist() == [1, 1]
    assert rows(found, "orders over two months") == 3


def test_lines_of_one_order_under_two_spellings_of_nothing() -> None:
    assert (
        orders(("a", " ", "2017-01-01", 1.0, "X1"), ("a", None, "2017-01-01", 1.0, "X1"))
        .reconciliation()["orders"]
        .iloc[-1]
        == 1
    )
