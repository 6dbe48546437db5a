import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from segmentation import profile, read_orders
from segmentation.errors import DataError, ParameterError
from segmentation.ledger.ledger import Ledger
from segmentation.ledger.profiles import dormant, later_value, order_histories

# one small book, checkable by eye, as of 2017-06 with a window of three months (April to June)
BOOK = pd.DataFrame(
    [
        ("a", "1", "2017-01-31", 100.00),
        ("a", "2", "2017-04-01", 10.00),
        ("a", "2", "2017-04-01", 5.50),
        ("a", "3", "2017-06-20", 30.00),
        ("a", "4", "2017-06-25", -5.00),
        ("b", "1", "2017-06-30", 8.00),
        ("c", "1", "2017-02-01", 50.00),
        ("d", "1", "2017-05-05", 20.00),
        ("d", "2", "2017-05-06", -20.00),
        ("a", "5", "2017-07-01", 1000.00),
    ],
    columns=["customer_id", "order_id", "date", "amount"],
)


@pytest.fixture(scope="module")
def ledger() -> Ledger:
    return Ledger.of(read_orders(BOOK))


def test_a_profile_by_hand(ledger: Ledger) -> None:
    found = profile(ledger, as_of="2017-06", window_months=3)
    assert found["customer_id"].tolist() == ["a", "b", "d"]
    assert found.index.equals(pd.RangeIndex(3))
    a = found.iloc[0]
    assert a["recency_days"] == 10
    assert a["frequency"] == 2
    assert a["order_days"] == 2
    assert a["monetary"] == 40.5
    assert a["returns"] == 1
    assert a["average_order"] == 20.25
    assert a["monthly_mean"] == 13.5
    assert a["first_order"] == pd.Timestamp("2017-01-31")
    assert a["last_order"] == pd.Timestamp("2017-06-20")
    assert a["tenure_days"] == 150
    assert a["active_months"] == 2
    assert a["mean_gap_days"] == 140 / 2
    assert (a["recent"], a["previous"]) == (40.5, 100.0)
    assert a["growth"] == 40.5 / 100.0 - 1
    b = found.iloc[1]
    assert (b["recency_days"], b["monthly_mean"]) == (0, 8.0)
    assert np.isnan(b["mean_gap_days"])
    assert np.isnan(b["growth"])
    assert found["monetary"].iloc[2] == 0
    assert found.attrs == {"as_of": "2017-06", "window_months": 3, "currency": "USD", "minor_units": 2}


def test_too_little_history_is_empty_not_zero(ledger: Ledger) -> None:
    assert profile(ledger, as_of="2017-05", window_months=3)["previous"].isna().all()
    assert profile(ledger, as_of="2017-06", window_months=3)["previous"].notna().all()


def test_orders_after_the_as_of_day_change_nothing(ledger: Ledger) -> None:
    earlier = profile(read_orders(BOOK[BOOK["date"] <= "2017-06-30"]), as_of="2017-06", window_months=3)
    pd.testing.assert_frame_equal(profile(ledger, as_of="2017-06", window_months=3), earlier)


def test_later_value_histories_and_dormant(ledger: Ledger) -> None:
    assert later_value(ledger, "2017-05", "2017-07").values.tolist() == [
        ["a", 1025.0],
        ["b", 8.0],
        ["d", 0.0],
    ]
    known = order_histories(ledger, "2017-06", 3)
    assert known[["customer_id", "days", "window_days", "orders", "amount"]].values.tolist() == [
        ["a", 3, 2, 2, 45.5],
        ["b", 1, 1, 1, 8.0],
        ["c", 1, 0, 0, 0.0],
        ["d", 1, 1, 1, 20.0],
    ]
    assert known["amount_squared"].tolist() == [15.5**2 + 30**2, 64.0, 0.0, 400.0]
    assert known.loc[0, "first_order"] == pd.Timestamp("2017-01-31")
    assert known.loc[0, "last_order"] == pd.Timestamp("2017-06-20")
    assert dormant(ledger, "2017-06", 3)["customer_id"].tolist() == ["c"]


def test_equal_cents_are_equal_doubles() -> None:
    """30 lines of 0.1 and one of 3: the same 300 cents, and exactly the cut 3.0 (DESIGN, "Exactness")."""
    frame = pd.DataFrame(
        {"customer_id": ["a"] * 30 + ["b"], "date": "2017-01-01", "amount": [0.1] * 30 + [3.0]}
    )
    assert profile(read_orders(frame), as_of="2017-01")["monetary"].tolist() == [3.0, 3.0]


@settings(max_examples=10, deadline=None)
@given(st.randoms(use_true_random=False), st.sampled_from([1, 100]))
def test_rows_in_another_order_and_ids_renamed_give_the_same_profile(random: object, scale: int) -> None:
    shuffled = BOOK.sample(frac=1, random_state=random.getrandbits(32)).assign(  # type: ignore[attr-defined]
        customer_id=lambda book: book["customer_id"].map({"a": "z", "b": "y", "c": "x", "d": "w"}),
        amount=lambda book: book["amount"] * scale,
    )
    found = profile(read_orders(shuffled), as_of="2017-06", window_months=3)
    straight = profile(read_orders(BOOK), as_of="2017-06", window_months=3)
    back = found.assign(customer_id=found["customer_id"].map({"z": "a", "y": "b", "x": "c", "w": "d"}))
    back = back.sort_values("customer_id", ignore_index=True)
    for column in ("recency_days", "frequency", "order_days", "returns", "tenure_days", "active_months"):
        assert back[column].tolist() == straight[column].tolist()
    assert back["monetary"].tolist() == (straight["monetary"] * scale).tolist()


def test_profit_is_there_when_given() -> None:
    found = profile(read_orders(BOOK.assign(profit=1.25)), as_of="2017-06", window_months=3)
    assert found["profit"].tolist() == [5.0, 1.25, 2.5]


def test_cdnow_counts_of_orders() -> None:
    """DEFINITIONS, RFM: to 1997-09, 14,119 / 4,442 / 2,064 / 2,945 customers had 1 / 2 / 3 / more orders."""
    frequency = profile(read_orders("demo:cdnow"), as_of="1997-09", window_months=9)["frequency"]
    counts = frequency.clip(upper=4).value_counts().sort_index()
    assert counts.tolist() == [14_119, 4_442, 2_064, 2_945]


def test_what_cannot_be_answered_is_refused(ledger: Ledger) -> None:
    with pytest.raises(DataError, match="month 2018-01: the orders cover 2017-01 to 2017-07"):
        profile(ledger, as_of="2018-01")
    with pytest.raises(DataError, match="nobody ordered in the 1 months"):
        profile(ledger, as_of="2017-03", window_months=1)
    with pytest.raises(ParameterError, match="window_months: 0"):
        profile(ledger, as_of="2017-06", window_months=0)
    with pytest.raises(ParameterError, match="YYYY-MM"):
        profile(ledger, as_of="June")
    with pytest.raises(ParameterError, match="not of DataFrame"):
        profile(BOOK, as_of="2017-06")  # type: ignore[arg-type]
