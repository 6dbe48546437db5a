"""What `check` and `init` ask the owner of the orders: each kind in several instances, and no false alarm."""

from datetime import date, timedelta
from pathlib import Path

import pandas as pd
import pytest

from segmentation import read_orders
from segmentation.intake.asking import questions

START = date(2026, 1, 1)


def asked(source: object, **told: object) -> str:
    return "\n".join(str(question) for question in questions(read_orders(source, **told)))


def plain(days: int = 120, customers: int = 20) -> pd.DataFrame:
    """One line a day, customers in turn, the amounts all different; written as a spreadsheet would show it."""
    rows = [
        (f"K{n % customers:02d}", f"{1000 + n}", (START + timedelta(days=n)).isoformat(), f"{10 + n}.50")
        for n in range(days)
    ]
    return pd.DataFrame(rows, columns=["Customer ID", "Order ID", "Order Date", "Amount"])


def test_nothing_is_asked_of_plain_orders() -> None:
    assert asked(plain()) == ""


@pytest.mark.parametrize(
    ("heading", "values", "role"),
    [
        *(("Status", ["Shipped", "Cancelled"], "status"), ("order_state", ["done", "void"], "status")),
        *(("订单状态", ["交易成功", "交易关闭"], "status"), ("Is Cancelled", ["0", "1"], "cancelled")),
        *(("作废", ["否", "是"], "cancelled"), ("Refund Amount", ["0", "12.5"], "refunded")),
        *(
            ("退款金额", ["0", "8"], "refunded"),
            ("Paid", ["yes", "no"], "paid"),
            ("实付", ["5", "0"], "paid"),
        ),
    ],
)
def test_a_column_that_may_say_what_counts_is_told_with_lines_and_money(
    heading: str, values: list[str], role: str
) -> None:
    frame = plain(8).assign(**{heading: [values[0]] * 7 + [values[1]]})
    said = asked(frame)
    assert heading in said
    assert f"orders.columns.{role}" in said
    assert f"{values[1]} 1: 17.50" in said


def test_the_state_of_an_address_is_none_of_an_order() -> None:
    assert asked(plain(8).assign(State=["NY", "CA"] * 4, City="x")) == ""


@pytest.mark.parametrize(
    "name", ["Total", "Grand Total", "合计", "总计：", "Summe", "Total général", "K03 total"]
)
def test_a_row_that_sums_up_others(name: str) -> None:
    assert f"sums up others ('{name}' 1: 99.00)" in asked(with_row(name, "99.00"))


def test_a_line_as_large_as_all_others_of_its_month_whatever_it_is_called() -> None:
    january = sum(float(amount) for amount in plain(31)["Amount"])
    assert f"'ZZ' {january:,.2f}" in asked(with_row("ZZ", f"{january:.2f}"))
    assert asked(with_row("ZZ", f"{january - 1:.2f}")) == ""


@pytest.mark.parametrize(
    "name", ["散客", "零售客户", "Guest", "walk-in", "Cash Sale", "0", "Laufkunde", "999999"]
)
def test_an_account_of_many_people(name: str) -> None:
    assert f"an account of many people ('{name}' 1: 99.00)" in asked(with_row(name, "99.00"))


def test_whoever_orders_on_most_trading_days() -> None:
    counter = plain().assign(**{"Customer ID": "Till 7", "Order ID": [f"T{n}" for n in range(120)]})
    assert "orders on most trading days" in asked(pd.concat([plain(), counter]))


def with_row(name: str, amount: str) -> pd.DataFrame:
    row = {"Customer ID": name, "Order ID": "x", "Order Date": "2026-01-31", "Amount": amount}
    return pd.concat([plain(31), pd.DataFrame([row])])


@pytest.mark.parametrize("id_", ["1.23E+15", "6.90123E+12", "2,5e+11", "123456789012345000"])
def test_ids_that_a_spreadsheet_destroyed_are_told_with_file_and_row(id_: str, tmp_path: Path) -> None:
    for name, ids in (("a.csv", ["K1", "K2"]), ("b.csv", ["K3", id_])):
        lines = [f'"{customer}",2026-01-{n:02d},5' for n, customer in enumerate(ids, start=2)]
        (tmp_path / name).write_text("\n".join(["customer,date,amount", *lines]) + "\n", encoding="utf-8")
    assert "first in b.csv, row 3" in asked(str(tmp_path))


@pytest.mark.parametrize("pair", [("ACME", "acme"), ("Ａ-1", "A-1"), ("A.B.", "AB"), ("007", "7")])
def test_two_spellings_that_are_nearly_equal(pair: tuple[str, str]) -> None:
    said = asked(plain(20).assign(**{"Customer ID": [*pair, *(f"K{n}" for n in range(18))]}))
    assert all(repr(one) in said for one in pair)


@pytest.mark.parametrize("nobody", ["NA", "None", r"\N", "未知"])
def test_an_id_that_says_that_there_is_none_is_told(nobody: str) -> None:
    found = read_orders(with_row(nobody, "99.00"))
    assert found.set_aside["reason"].tolist() == ["no customer"]
    assert f"{nobody!r} 1: 99.00" in "\n".join(map(str, questions(found)))


def test_the_same_lines_in_two_exports(tmp_path: Path) -> None:
    plain(20).assign(export_date="2026-02-01").to_csv(tmp_path / "a.csv", index=False)
    plain(30).tail(15).assign(export_date="2026-03-01").to_csv(tmp_path / "b.csv", index=False)
    assert "5 lines stand in two files" in asked(str(tmp_path))
    found = read_orders(str(tmp_path), options={"duplicates": "set_aside"})
    assert (len(found.accepted), found.accepted["amount"].sum()) == (30, sum(10.5 + n for n in range(30)))


def test_an_orders_total_repeated_on_each_of_its_lines() -> None:
    lines = pd.concat([plain(12)] * 3).assign(Item=[f"p{n}" for n in range(36)])
    assert "in 12 of 12 orders of several lines" in asked(lines)
    once = read_orders(lines, options={"amount_of": "order"})
    assert once.accepted["amount"].sum() == sum(10.5 + n for n in range(12))
    one_price = lines.assign(Amount="9.90")
    assert "orders of several lines" not in asked(one_price)


def test_a_cost_of_one_piece_beside_a_quantity() -> None:
    pieces = [1 + n % 5 for n in range(60)]
    lines = plain(60).assign(Quantity=pieces, Amount=[f"{10 * p}" for p in pieces])
    assert "cost of one piece" in asked(lines.assign(Cost="6"))
    assert "cost of one piece" not in asked(lines.assign(Cost=[6 * p for p in pieces]))


@pytest.mark.parametrize("heading", ["Discount", "折扣", "Rabatt", "Desconto"])
def test_a_discount_beside_price_and_quantity(heading: str) -> None:
    lines = plain(8).drop(columns="Amount").assign(Price="10", Quantity="2", **{heading: "0.1"})
    assert f"the column {heading} is not used" in asked(lines)


@pytest.mark.parametrize("month", ["%Y-%m", "%m/%Y", "%Y年%m月", "%b %Y"])
def test_dates_that_are_months_alone(month: str) -> None:
    days = [(START + timedelta(days=31 * (n % 6))).strftime(month) for n in range(12)]
    assert "12 lines are dated by a month alone" in asked(plain(12).assign(**{"Order Date": days}))


def test_days_and_months_swapped_by_a_spreadsheet() -> None:
    days = [START + timedelta(days=n) for n in range(120)]
    # swapped where that makes a date, in the order of the rows
    iso = [f"{d.year}-{d.day:02d}-{d.month:02d}" if d.day <= 12 else d.isoformat() for d in days]
    assert "fit their neighbours only with day and month swapped" in asked(
        plain().assign(**{"Order Date": iso})
    )
    # the others left as text, in any order
    mixed = [f"{d.year}-{d.day:02d}-{d.month:02d}" if d.day <= 12 else d.strftime("%d/%m/%Y") for d in days]
    said = asked(plain().assign(**{"Order Date": mixed}).sample(frac=1, random_state=1))
    assert "written with the year first and never later than the 12th" in said
    # in any order, over a part of the year
    said = asked(plain().assign(**{"Order Date": iso}).sample(frac=1, random_state=1))
    assert "as if day and month were swapped" in said


def test_rows_in_any_order_are_no_swapped_dates() -> None:
    assert asked(plain().sample(frac=1, random_state=2)) == ""
    assert asked(plain().iloc[::-1]) == ""


def test_dates_years_away_are_told_and_kept_on_demand() -> None:
    lines = pd.concat([plain(), plain(1).assign(**{"Order Date": "2019-05-05"})])
    assert "1 line is dated years away from all others and set aside (10.50)" in asked(lines)
    assert len(read_orders(lines, options={"far_dates": "keep"}).accepted) == 121


def test_columns_that_are_called_as_ours_are_the_sources() -> None:
    names = {"Customer ID": "customer_id", "Amount": "amount_minor", "Order Date": "ordered_at"}
    lines = plain(8).rename(columns=names).assign(reason=["x", "y"] * 4, status=["ok", "void"] * 4)
    lines["customer_id"] = [float(n) for n in range(1, 8)] + [None]
    said = asked(lines, columns={"amount": "amount_minor", "date": "ordered_at"})
    assert "void 3: 40.50" in said
