"""What people write in the columns of dates and amounts, and what it is taken for."""

import re
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from segmentation import read_orders
from segmentation.errors import DataError, ParameterError


def read(
    dates: Any = "2017-01-01",
    amounts: Any = 1,
    timezone: str | None = None,
    currency: str = "USD",
    **options: Any,
) -> Any:
    frame = pd.DataFrame(
        {"customer_id": "a", "date": dates, "amount": amounts}, index=range(_length(dates, amounts))
    )
    return read_orders(frame, timezone=timezone, currency=currency, options=options)


def _length(*columns: Any) -> int:
    return max(len(column) if isinstance(column, list) else 1 for column in columns)


def minor(orders: Any) -> list[int | None]:
    return [value for (value,) in orders.connection.execute("SELECT amount_minor FROM lines").fetchall()]


def moments(orders: Any) -> list[str]:
    found = orders.connection.execute("SELECT CAST(ordered_at AS VARCHAR) FROM lines").fetchall()
    return [moment for (moment,) in found]


def exact(amount: float, digits: int) -> int:
    """DESIGN, "Exactness": shortest decimal text -> six decimals -> half-even to whole minor units."""
    six = Decimal(repr(amount)).quantize(Decimal("1e-6"), ROUND_HALF_UP)
    return int((six * 10**digits).quantize(Decimal(1), ROUND_HALF_EVEN))


CENTS = st.integers(-(8 * 10**14), 8 * 10**14).map(lambda cents: cents / 100)
FINE = st.integers(-(10**9), 10**9).map(lambda n: n / 10_000)


@settings(max_examples=15, deadline=None)
@given(st.lists(CENTS | FINE | st.floats(-1e10, 1e10, allow_subnormal=False), min_size=1, max_size=200))
@example([0.125, 0.135, 2.675, 1.005, -0.005, 0.1 + 0.2, 5.551115e-17, 8.999e12, -0.0])
def test_amounts_are_exact_from_doubles_and_from_text(amounts: list[float]) -> None:
    expected = [exact(amount, 2) for amount in amounts]
    assert minor(read(amounts=amounts)) == expected
    assert minor(read(amounts=[repr(amount) for amount in amounts], decimal=".")) == expected


@pytest.mark.parametrize("digits", [0, 1, 3])
def test_currencies_with_other_digits(digits: int) -> None:
    amounts = [0.5, 1.5, 2.5, 1234.5675, 99.9995, -7.25]
    frame = pd.DataFrame({"customer_id": "a", "date": "2017-01-01", "amount": amounts})
    assert minor(read_orders(frame, minor_units=digits)) == [exact(amount, digits) for amount in amounts]


def test_single_precision_means_its_shortest_text() -> None:
    frame = pd.DataFrame({"customer_id": "a", "date": "2017-01-01", "amount": [12.34, 0.1]})
    assert minor(read_orders(frame.astype({"amount": "float32"}))) == [1234, 10]


@pytest.mark.parametrize(
    ("written", "cents"),
    [
        ("1,234.50", 123450), ("1,23,456.78", 12345678), ("1 234.50", 123450), ("1'234.50", 123450),
        ("￥1,234.50", 123450), ("$12", 1200), ("-$5", -500), ("$-5", -500), ("($5.00)", -500),
        ("(12.50)", -1250), ("12.50-", -1250), ("- 12.5", -1250), ("－１２．５０", -1250),
        ("１２３．４５", 12345),
        ("12 USD", 1200), ("RMB 12.5", 1250), ("12元", 1200), ("12.", 1200), (".5", 50), ("1e3", 100000),
        (" 7 ", 700), ("+7", 700), ("\u00a07\u3000", 700),
        ("1,234,56", None), ("1.2.3", None), ("12,5", None), ("--1", None), ("1-2", None), ("1_000", None),
        ("0x10", None), ("twelve", None), ("12a", None), ("()", None), ("$", None), ("1e", None), ("∞", None),
        ("12元50", None),
    ],
)  # fmt: skip
def test_amounts_as_people_write_them(written: str, cents: int | None) -> None:
    currency = "CNY" if re.search("￥|元|RMB", written) else "USD"
    assert minor(read(amounts=["1.25", written], decimal=".", currency=currency)) == [125, cents]


@pytest.mark.parametrize(
    ("written", "cents"),
    [("1.234,50", 123450), ("12,5", 1250), ("1 234,5", 123450), ("-0,99", -99), ("1.234", 123400),
     ("€ 5,00", 500),
     ("1.234.567", 123456700), (",5", 50), ("1,234.50", None), ("12.5", None)],
)  # fmt: skip
def test_amounts_with_a_decimal_comma(written: str, cents: int | None) -> None:
    currency = "EUR" if "€" in written else "USD"
    assert minor(read(amounts=["7", written], decimal=",", currency=currency)) == [700, cents]


def test_the_decimal_sign_is_decided_from_all_rows() -> None:
    many = ["1.234"] * 6000
    assert minor(read(amounts=[*many, "12,50"]))[-2:] == [123400, 1250]
    assert minor(read(amounts=[*many, "12.50"]))[-2:] == [123, 1250]
    assert minor(read(amounts=["1,234", "980"])) == [123400, 98000]
    with pytest.raises(
        DataError, match=r"numbers such as '1.234' may be the decimal sign.*do not tell.*say decimal"
    ):
        read(amounts=["1.234", "980"])
    with pytest.raises(DataError, match="contradict each other"):
        read(amounts=["12,50", "12.50"])


@pytest.mark.parametrize(
    ("column", "written", "read_as"),
    [
        ("date", "2017年3月4日", ["2017-03-04 00:00:00", 100, 50]),
        ("date", " 2017-03-04", ["2017-03-04 00:00:00", 100, 50]),
        ("date", "?", [None, 100, 50]),
        ("amount", "￥1,234.50", ["2017-01-01 00:00:00", 123450, 50]),
        ("amount", "  ", ["2017-01-01 00:00:00", None, 50]),
        ("amount", "0.005", ["2017-01-01 00:00:00", 0, 50]),
        ("profit", "(2.50)", ["2017-01-01 00:00:00", 100, -250]),
        ("profit", "1_0", ["2017-01-01 00:00:00", 100, None]),
    ],
)
def test_one_odd_value_far_behind_many_plain_ones(column: str, written: str, read_as: list[object]) -> None:
    """The first rows are read the quick way; a later row that is not plain is read all the same."""
    frame = pd.DataFrame({"customer": "a", "date": "2017-01-01", "amount": "1", "profit": ["0.50"] * 6001})
    frame.loc[6000, column] = written
    lines = read_orders(frame, currency="CNY").connection.execute(
        "SELECT CAST(ordered_at AS VARCHAR), amount_minor, profit_minor FROM lines ORDER BY rowid"
    )
    first, *_, last = lines.fetchall()
    assert list(first) == ["2017-01-01 00:00:00", 100, 50]
    assert list(last) == read_as


def test_a_few_rows_against_all_others_are_set_aside() -> None:
    orders = read(amounts=["12.50"] * 300 + ["12,50"])
    assert orders.set_aside[["row", "reason", "raw_amount"]].values.tolist() == [
        [301, "unreadable amount", "12,50"]
    ]


def test_thousands_after_a_point_are_asked_about_not_taken_for_decimals() -> None:
    with pytest.raises(DataError, match=r"such as '1\.500' may be the decimal sign"):
        read(amounts=["1.500", "2.000", "12.500"])
    assert minor(read(amounts=["1.500", "2.000", "12,50"])) == [150000, 200000, 1250]
    assert minor(read(amounts=["1.500", "2.000", "12.50"])) == [150, 200, 1250]
    assert minor(read(amounts=["7"] * 6000 + ["1.500", "12,50"]))[-2:] == [150000, 1250]


@pytest.mark.parametrize(
    "amounts",
    [
        ["AUD 100", "CHF 100"],
        ["100元", "$100", "HK$100", "€1"],
        ["HK$100", "US$100"],
        ["¥5", "₩5"],
        ["100 EUR", "100 GBP", "100"],
    ],
)
def test_amounts_in_several_currencies_are_refused(amounts: list[str]) -> None:
    with pytest.raises(DataError, match="different currencies stand in one column"):
        read(amounts=amounts, decimal=".")


def test_a_sign_that_is_not_of_the_report_s_currency_is_refused() -> None:
    with pytest.raises(
        DataError, match=r"written with ¥, and the report is in USD; say currency: one of CNY, JPY"
    ):
        read(amounts=["¥100", "7"])
    with pytest.raises(DataError, match=r"written with EUR.*say currency: EUR"):
        read(amounts=["100 EUR", "100"])
    assert minor(read(amounts=["USD 100", "$100", "US$7", "1"])) == [10000, 10000, 700, 100]
    assert minor(read(amounts=["￥100", "100元", "RMB 7"], currency="CNY")) == [10000, 10000, 700]


def test_years_of_two_digits_are_told_from_days_or_asked_for() -> None:
    days = pd.date_range("2017-01-05", "2018-02-03").to_series()
    for written in ("%y-%m-%d", "%d-%m-%y", "%m/%d/%y", "%y.%m.%d"):
        found = moments(read(dates=days.dt.strftime(written).tolist()))
        assert found == days.dt.strftime("%Y-%m-%d 00:00:00").tolist(), written
    with pytest.raises(
        DataError, match=r"such as '17-01-05' may begin or end with the year.*date_order: year_first"
    ):
        read(dates=["17-01-05", "17-12-28", "18-02-03"])
    assert moments(read(dates=["17-01-05", "17-12-28"], date_order="year_first")) == [
        "2017-01-05 00:00:00",
        "2017-12-28 00:00:00",
    ]
    assert moments(read(dates=["99-01-05", "98-12-28"])) == ["1999-01-05 00:00:00", "1998-12-28 00:00:00"]
    assert moments(read(dates=["05-JAN-17", "28-DEC-2017"])) == ["2017-01-05 00:00:00", "2017-12-28 00:00:00"]


def test_two_currency_signs_in_one_column_are_refused() -> None:
    with pytest.raises(DataError, match=r"different currencies stand in one column \(\$, €\)"):
        read(amounts=["€5", "$5"])


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("2017-01-02", "2017-01-02 00:00:00"), ("2017-1-2", "2017-01-02 00:00:00"),
        ("2017/1/2 3:04", "2017-01-02 03:04:00"), ("2017.01.02", "2017-01-02 00:00:00"),
        ("2017-01-02T03:04:05", "2017-01-02 03:04:05"), ("2017-01-02 03:04:05.25", "2017-01-02 03:04:05.25"),
        ("2017年1月2日", "2017-01-02 00:00:00"), ("2017年1月2日 8:26", "2017-01-02 08:26:00"),
        ("2017年1月2日8时26分5秒", "2017-01-02 08:26:05"), ("2017年1月2日 下午3:05", "2017-01-02 15:05:00"),
        ("2017年1月2日 上午12:05", "2017-01-02 00:05:00"), ("２０１７－０１－０２", "2017-01-02 00:00:00"),
        ("20170102", "2017-01-02 00:00:00"), ("20170102030405", "2017-01-02 03:04:05"),
        ("42737", "2017-01-02 00:00:00"), ("42737.75", "2017-01-02 18:00:00"),
        ("2-Jan-2017", "2017-01-02 00:00:00"), ("Jan 2, 2017", "2017-01-02 00:00:00"),
        ("2017-01-02 8:26 PM", "2017-01-02 20:26:00"), ("2017-01-02 12:26 am", "2017-01-02 00:26:00"),
        ("2017-02-30", None), ("2017-01-02x", None), ("2017-01", "2017-01-31 00:00:00"), ("2017-01-02 25:00", None),
        ("2017-01-02 10:61", None), ("epoch", None), ("infinity", None), ("now", None), ("1e5", None),
        ("99999", None), ("0", None),
    ],
)  # fmt: skip
def test_dates_as_people_write_them(written: str, moment: str | None) -> None:
    assert moments(read(dates=["2016-12-31", written])) == ["2016-12-31 00:00:00", moment]


@pytest.mark.parametrize(
    ("written", "day_first", "month_first"),
    [
        ("3/4/2017", "2017-04-03 00:00:00", "2017-03-04 00:00:00"),
        ("03.04.17", "2017-04-03 00:00:00", "2017-03-04 00:00:00"),
        ("12/1/2010 8:26", "2010-01-12 08:26:00", "2010-12-01 08:26:00"),
        ("12/1/2010 8:26 PM", "2010-01-12 20:26:00", "2010-12-01 20:26:00"),
        ("31/12/2010", "2010-12-31 00:00:00", None),
        ("12-31-98", None, "1998-12-31 00:00:00"),
    ],
)
def test_dates_that_end_with_the_year(written: str, day_first: str | None, month_first: str | None) -> None:
    dates = ["2017-01-01", written]
    assert moments(read(dates=dates, date_order="day_first"))[1] == day_first
    assert moments(read(dates=dates, date_order="month_first"))[1] == month_first


def test_day_or_month_first_is_decided_from_all_rows() -> None:
    either = ["3/4/2017"] * 6000
    assert moments(read(dates=[*either, "13/4/2017"]))[0] == "2017-04-03 00:00:00"
    assert moments(read(dates=[*either, "4/13/2017"]))[0] == "2017-03-04 00:00:00"
    with pytest.raises(
        DataError, match=r"'3/4/2017' may begin with the day or the month.*do not tell.*say date_order"
    ):
        read(dates=either)
    with pytest.raises(DataError, match="contradict each other"):
        read(dates=["13/4/2017", "4/13/2017"])
    assert moments(read(dates=["4/4/2017"])) == ["2017-04-04 00:00:00"]


def test_a_moment_with_a_zone_is_a_day_where_the_company_is(tmp_path: Path) -> None:
    written = [
        "2017-01-31T20:00:00Z",
        "2017-01-31 20:00:00+00:00",
        "2017-01-31 15:00:00-0500",
        "2017-01-31 20:00+00",
    ]
    assert moments(read(dates=written, timezone="Asia/Shanghai")) == ["2017-02-01 04:00:00"] * 4
    assert moments(read(dates=written))[2] == "2017-01-31 15:00:00"
    aware = pd.to_datetime(["2017-01-31T20:00:00Z"] * 2)
    frame = pd.DataFrame({"customer_id": "a", "date": aware, "amount": 1})
    assert moments(read_orders(frame, timezone="Asia/Shanghai")) == ["2017-02-01 04:00:00"] * 2
    local = frame.assign(date=aware.tz_convert("Asia/Shanghai"))
    for known in (local, pa.Table.from_pandas(local)):
        assert moments(read_orders(known)) == ["2017-02-01 04:00:00"] * 2, "a frame knows its own zone"
        assert moments(read_orders(known, timezone="UTC")) == ["2017-01-31 20:00:00"] * 2
    with pytest.raises(ParameterError, match="timezone: 'Shanghai' is not known"):
        read(timezone="Shanghai")


def test_numbers_in_a_column_of_dates_are_serials_or_eight_digits() -> None:
    assert moments(read(dates=[42737, 20170102])) == ["2017-01-02 00:00:00"] * 2
    assert moments(read(dates=[42737.5, float("nan")])) == ["2017-01-02 12:00:00", None]
