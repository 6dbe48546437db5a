from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from segmentation import read_orders
from segmentation.errors import DataError, ParameterError

HEADER = "customer_id,order_id,date,amount\n"


def lines(**columns: list[object]) -> pd.DataFrame:
    """Four order lines, with columns replaced as given."""
    whole: dict[str, list[object]] = {
        "customer_id": ["a", "a", "b", "b"],
        "order_id": ["1", "1", "1", "2"],
        "date": ["2017-01-01", "2017-01-01", "2017-01-02", "2017-02-03"],
        "amount": [1.10, 2.20, 3.30, 4.40],
    }
    return pd.DataFrame(whole | columns)


def rules(frame: pd.DataFrame) -> dict[str, int]:
    found = read_orders(frame).reconciliation()
    return dict(zip(found["rule"], found["rows"]))


def test_every_line_is_accounted_for() -> None:
    orders = read_orders(
        lines(customer_id=["a", " ", "b", None], date=["2017-01-01", "2017-01-01", "yesterday", "?"])
    )
    found = orders.reconciliation().query("rows > 0").drop(columns="effect")
    assert found.values.tolist() == [
        ["lines in the source", 4, 4, 2, 11.0],
        ["no customer", 2, 2, 0, 6.6],
        ["unreadable date", 1, 1, 1, 3.3],
        ["accepted", 1, 1, 1, 1.1],
    ]
    assert orders.set_aside[["row", "reason", "raw_date"]].fillna("").values.tolist() == [
        [2, "no customer", ""],
        [3, "unreadable date", "yesterday"],
        [4, "no customer", "?"],
    ]


def test_an_order_is_customer_and_order_id() -> None:
    """Order ids repeat across customers in real exports (DEFINITIONS, `frequency`)."""
    assert read_orders(lines()).reconciliation()["orders"].iloc[-1] == 3


def test_without_an_order_id_a_day_is_an_order() -> None:
    assert read_orders(lines().drop(columns="order_id")).reconciliation()["orders"].iloc[-1] == 3


STRANGE_IDS = [
    "007",
    "a,b",
    'say "x"',
    "two\nlines",
    "<script>alert(1)</script>",
    "客户",
    "0",
    "1e5",
]


@pytest.mark.parametrize("kind", ["frame", "csv", "parquet"])
def test_any_id_is_kept_as_text(kind: str, tmp_path: Path) -> None:
    frame = pd.DataFrame({"customer_id": STRANGE_IDS, "date": "2017-01-01", "amount": "1"})
    source: object = frame
    if kind != "frame":
        source = tmp_path / f"orders.{kind}"
        frame.to_csv(source, index=False) if kind == "csv" else frame.to_parquet(source)
    assert sorted(read_orders(source).accepted["customer_id"]) == sorted(STRANGE_IDS)


def test_ids_in_a_float_column_are_whole_numbers_and_nan_is_none() -> None:
    orders = read_orders(lines(customer_id=[17850.0, 17850.0, np.nan, 12346.0]))
    assert orders.accepted["customer_id"].tolist() == ["17850", "17850", "12346"]


@pytest.mark.parametrize("bad", ["1,2e", "nan", "inf", "-Infinity", "1e400", "abc", "0x10", "1_000", "--1"])
def test_text_that_is_no_amount_is_set_aside(bad: str) -> None:
    found = rules(lines(amount=["1", "2", "3", bad]))
    assert found["accepted"] == 3
    assert found["unreadable amount"] + found["amount too large"] == 1


@pytest.mark.parametrize("empty", ["", " ", None])
def test_empty_values_are_said_to_be_missing(empty: str | None) -> None:
    assert rules(lines(amount=["1", "2", "3", empty]))["no amount"] == 1
    assert rules(lines(date=["2017-01-01", "2017-01-01", "2017-01-02", empty]))["no date"] == 1


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (np.nan, "no amount"),
        (None, "no amount"),
        (np.inf, "unreadable amount"),
        (-np.inf, "unreadable amount"),
    ],
)
def test_numbers_that_are_not_finite_are_set_aside(bad: float, reason: str) -> None:
    assert rules(lines(amount=[1.0, 2.0, 3.0, bad]))[reason] == 1


def test_amounts_too_large_to_sum_are_set_aside() -> None:
    assert rules(lines(amount=[1.0, 2.0, 89_999_999_999_999.0, 9e13]))["amount too large"] == 1


@pytest.mark.parametrize("bad", ["2017-02-30", "infinity", "epoch", "now", "tomorrow", "17-1", "2017-13-01"])
def test_text_that_is_no_date_is_set_aside(bad: str) -> None:
    assert rules(lines(date=["2017-01-01", "2017-01-01", "2017-01-02", bad]))["unreadable date"] == 1


@pytest.mark.parametrize(
    "date", ["2017-02-03", "2017/2/3", "20170203", "2017-02-03 23:59:59", "2017-02-03T23:59:59"]
)
def test_iso_dates_are_read(date: str) -> None:
    orders = read_orders(lines(date=["2017-01-01", "2017-01-01", "2017-01-02", date]))
    assert str(orders.accepted["ordered_at"].iloc[-1]).startswith("2017-02-03")


def test_bad_values_can_be_refused_and_the_first_rows_are_named(tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    path.write_text(HEADER + "a,1,2017-01-01,1\nb,2,2017-01-02,1.2x\nb,3,2017-01-32,5\n")
    with pytest.raises(
        DataError, match=r"orders.csv, row 3: '1.2x': not a readable amount in column 'amount' \(1 such"
    ):
        read_orders(path, options={"on_bad_amount": "refuse"})
    with pytest.raises(DataError, match=r"row 4: '2017-01-32'.*on_bad_date: set_aside"):
        read_orders(path, options={"on_bad_date": "refuse"})
    assert len(read_orders(path).accepted) == 1


def test_absent_and_empty_files_are_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"sales.csv: there is no such file"):
        read_orders(tmp_path / "sales.csv")
    (tmp_path / "sales.csv").write_text("")
    with pytest.raises(DataError, match=r"sales.csv: the file is empty"):
        read_orders(tmp_path / "sales.csv")
    (tmp_path / "sales.csv").write_text(HEADER)
    with pytest.raises(DataError, match=r"sales.csv: no line can be used \(the source has no rows\)"):
        read_orders(tmp_path / "sales.csv")


def test_nothing_readable_is_refused() -> None:
    with pytest.raises(
        DataError,
        match=r"no line can be used \(no customer, first in row 1; unreadable date, first in row 3: 'x'\)",
    ):
        read_orders(lines(customer_id=[None] * 2 + ["a"] * 2, date=["x"] * 4))


def test_unknown_keys_and_values_are_refused() -> None:
    with pytest.raises(ParameterError, match="unknown key 'colums'; did you mean 'columns'"):
        read_orders({"frame": lines(), "colums": {}})
    with pytest.raises(ParameterError, match=r"orders.on_bad_date: .* or 'refuse' \(got 'ignore'\)"):
        read_orders(lines(), options={"on_bad_date": "ignore"})
    with pytest.raises(ParameterError, match="name a source"):
        read_orders({})


def test_quantity_times_price_is_rounded_once_half_even() -> None:
    frame = lines(quantity=[3, 1, -2, 10], price=[0.335, 0.125, 0.335, 0.0005]).drop(columns="amount")
    assert read_orders(frame).accepted["amount"].tolist() == [1.0, 0.12, -0.67, 0.0]
