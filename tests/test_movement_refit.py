"""Learning less often and waiting before a move: what is held, what it saves, what it costs."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from segmentation import months
from segmentation.comparison.stability import month_to_month
from segmentation.errors import ParameterError
from segmentation.movement.refit import damped, learned_month, price_of_damping, price_of_refit

NAMES = ["A", "B", "C"]


def history(**tiers: str) -> dict[str, pd.DataFrame]:
    """One string a customer, one letter a month; a dot is a month without the customer."""
    span = months.span("2017-01", "2017-12")[: len(next(iter(tiers.values())))]
    return {
        month: pd.DataFrame(
            [(name, letters[i]) for name, letters in tiers.items() if letters[i] != "."],
            columns=["customer_id", "ABC"],
        )
        for i, month in enumerate(span)
    }


def line(frames: dict[str, pd.DataFrame], customer: str) -> str:
    return "".join(
        next(iter(frame.loc[frame["customer_id"] == customer, "ABC"]), ".") for frame in frames.values()
    )


@pytest.mark.parametrize(
    ("raw", "qualifying", "held"),
    [
        ("BABBB", 1, "BABBB"),
        ("BABBB", 2, "BBBBB"),
        ("BAABB", 2, "BBAAB"),
        ("CBAAA", 2, "CCBAA"),
        ("CABBC", 2, "CCBBB"),
        ("ACBCC", 3, "AAABB"),
        ("B.AA", 2, "B.AA"),
        ("BA.AB", 2, "BB.AA"),
    ],
)
def test_a_tier_is_held_until_enough_months_lie_beyond_it(raw, qualifying, held):
    assert line(damped(history(a=raw), "ABC", NAMES, qualifying), "a") == held


@given(st.lists(st.text("ABC.", min_size=6, max_size=6), min_size=1, max_size=4), st.integers(1, 4))
@settings(max_examples=20, deadline=None)
def test_damping_never_moves_more_and_keeps_the_population(lines, qualifying):
    raw = history(**{f"c{i}": text for i, text in enumerate(lines)})
    held = damped(raw, "ABC", NAMES, qualifying)
    for month, frame in raw.items():
        assert held[month]["customer_id"].tolist() == frame["customer_id"].tolist()
    for customer in range(len(lines)):
        was, now = line(raw, f"c{customer}"), line(held, f"c{customer}")
        assert [a == "." for a in was] == [b == "." for b in now]
        if qualifying == 1:
            assert was == now
    assert month_to_month(held)["changed"].sum() <= month_to_month(raw)["changed"].sum()


def test_the_price_of_damping_by_hand():
    raw = history(flips="BABABA", rises="CCAAAA", stays="BBBBBB")
    table = price_of_damping(raw, "ABC", NAMES, [1, 2]).set_index("qualifying")
    assert table.loc[1, ["delay", "withheld", "different"]].tolist() == [0.0, 0.0, 0.0]
    assert table.loc[1, "changed"] == pytest.approx(6 / 15)
    assert table.loc[2, "changed"] == pytest.approx(1 / 15)
    # of six changes the rise comes a month late; the flips to B are held already, those to A never come
    assert table.loc[2, "withheld"] == pytest.approx(3 / 6)
    assert table.loc[2, "delay"] == pytest.approx((1 + 0 + 0) / 3)


def test_damping_needs_a_month():
    with pytest.raises(ParameterError, match="0 qualifying months"):
        damped(history(a="AB"), "ABC", NAMES, 0)


def test_when_a_rule_was_learned():
    assert [learned_month(f"2017-{m:02d}", "quarterly", "2017-02") for m in (2, 3, 5, 6, 12)] == [
        "2017-02",
        "2017-03",
        "2017-03",
        "2017-06",
        "2017-12",
    ]
    assert learned_month("2018-01", "yearly", "2017-02") == "2017-12"
    assert learned_month("2017-11", "yearly", "2017-02") == "2017-02"
    assert learned_month("2017-11", "monthly", "2017-02") == "2017-11"
    with pytest.raises(ParameterError, match="refit: 'weekly' is not one of monthly, quarterly, yearly"):
        learned_month("2017-11", "weekly", "2017-02")


def test_the_price_of_refit_by_hand():
    span = months.span("2017-01", "2017-12")

    def tiers_with(month: str, learned: str) -> pd.DataFrame:
        """The line rises by one a month; a customer with 6 is A until it passes."""
        cut = int(learned[5:])
        tiers = ["A" if cut <= 6 else "B", "A" if cut <= 9 else "B"]
        return pd.DataFrame({"customer_id": ["six", "nine"], "ABC": tiers})

    table = price_of_refit(span, tiers_with, "ABC", NAMES).set_index("refit")
    assert table["learned"].to_dict() == {"monthly": 12, "quarterly": 5, "yearly": 2}
    assert table.loc["monthly", "different"] == 0
    assert table.loc["monthly", "changed"] == pytest.approx(2 / 2 / 11)
    assert table.loc["yearly", "different"] == pytest.approx((5 + 2) / 24)
