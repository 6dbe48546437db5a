"""True inputs: what was cancelled, who is one customer, what was taken back, how amounts and dates are written."""

import pandas as pd
import pytest

from segmentation import profile, read_orders


def read(date: str = "2026-01-02", amount: str = "5", customer: str = "A", **told: str) -> pd.DataFrame:
    frame = pd.DataFrame({"customer": [customer], "date": [date], "amount": [amount]})
    return read_orders(frame, **told).accepted


@pytest.mark.parametrize(
    "written",
    [
        *("Friday, 3 January 2025", "Freitag, 3. Januar 2025", "vendredi 3 janvier 2025"),
        *("viernes, 3 de enero de 2025", "sexta-feira, 3 de janeiro de 2025", "2025年1月3日 星期五"),
        *("1735862400", "1735862400000", "Jan 3, 2025 12:00:00 AM PST"),
    ],
)
def test_dates_with_names_and_unix_times(written: str) -> None:
    assert read(date=written)["ordered_at"].tolist() == [pd.Timestamp("2025-01-03")]


@pytest.mark.parametrize(
    "written", ["Mar 5, 2024", "5 mar 2024", "mar 5 mars 2024", "mar. 05/03/2024", "5 Mar 24"]
)
def test_mar_is_a_month_and_a_tuesday(written: str) -> None:
    frame = pd.DataFrame({"customer": "A", "date": [written, "31/03/2024"], "amount": "1"})
    assert read_orders(frame).accepted["ordered_at"].min() == pd.Timestamp("2024-03-05")


@pytest.mark.parametrize("written", ["2026-01", "2026年1月", "202601", "01/2026", "Jan 2026"])
def test_a_month_alone_is_its_last_day(written: str) -> None:
    assert read(date=written)["ordered_at"].tolist() == [pd.Timestamp("2026-01-31")]


@pytest.mark.parametrize(
    ("written", "currency", "amount"),
    [
        *(("R$ 1.234,56", "BRL", 1234.56), ("12,50 zł", "PLN", 12.5), ("Rs. 500", "INR", 500.0)),
        *(
            ("CA$5", "CAD", 5.0),
            ("5000원", "KRW", 5000.0),
            ("1.2万", "CNY", 12000.0),
            ("3000元", "CNY", 3000.0),
        ),
    ],
)
def test_signs_and_units_beside_amounts(written: str, currency: str, amount: float) -> None:
    assert read(amount=written, currency=currency)["amount"].tolist() == [amount]


@pytest.mark.parametrize("placeholder", ["N/A", "-", "NULL", "#N/A", "nan", "None", "无", "未知", "(blank)"])
def test_placeholders_are_no_customer(placeholder: str) -> None:
    frame = pd.DataFrame({"customer": ["A", placeholder], "date": "2026-01-02", "amount": "5"})
    assert read_orders(frame).set_aside["reason"].tolist() == ["no customer"]


def test_spellings_of_a_customer_are_joined() -> None:
    ids = ["17", "17.0", "1\u200b8", "18"]
    frame = pd.DataFrame({"customer": ids, "date": "2026-01-02", "amount": "5"})
    assert read_orders(frame).accepted["customer_id"].tolist() == ["17", "17", "18", "18"]


@pytest.mark.parametrize("word", ["Cancelled", "已取消", "Storniert"])
def test_a_status_leaves_lines_out(word: str) -> None:
    frame = pd.DataFrame({"customer": ["A", "B"], "date": "2026-01-02", "amount": "5", "how": ["ok", word]})
    found = read_orders(frame, columns={"status": "how"}, options={"set_aside_status": [word.lower()]})
    assert found.set_aside["reason"].tolist() == ["status set aside"]


def test_an_order_taken_back_counts_the_same_within_and_across_months() -> None:
    rows = [
        *(("K1", "O1", "2026-10-02", 100), ("K1", "O1", "2026-10-05", -100), ("K1", "O0", "2026-08-01", 9)),
        *(("K2", "O2", "2026-09-30", 100), ("K2", "O2", "2026-10-05", -100), ("K2", "O0", "2026-08-01", 9)),
    ]
    frame = pd.DataFrame(rows, columns=["customer_id", "order_id", "date", "amount"])
    found = profile(read_orders(frame), as_of="2026-10")
    assert found[["frequency", "returns", "monetary"]].values.tolist() == [[1, 1, 9], [1, 1, 9]]
