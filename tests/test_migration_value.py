"""The Markov migration value: Pfeifer & Carraway's example, and tiers by hand."""

import numpy as np
import pandas as pd
import pytest

from segmentation.comparison.migration import known_after, migration_value, move_values, tier_values
from segmentation.errors import DataError, ParameterError

# Pfeifer & Carraway 2000: a purchase brings 40, marketing costs 4 as long as the last one is at most four
# periods ago, the chance of buying again falls from .3 to .05, money costs 20 %
BUYS = (0.3, 0.2, 0.15, 0.05)
EXAMPLE = np.array(
    [
        [0.30, 0.70, 0, 0, 0],
        [0.20, 0, 0.80, 0, 0],
        [0.15, 0, 0, 0.85, 0],
        [0.05, 0, 0, 0, 0.95],
        [0, 0, 0, 0, 1.0],
    ]
)


def test_the_published_example_to_three_decimals():
    found = migration_value(EXAMPLE, np.array([40.0 - 4, -4, -4, -4, 0]), 0.2)
    assert found.round(3).tolist() == [52.320, 5.554, 1.251, -1.820, 0.0]


def test_it_is_the_sum_of_all_discounted_periods():
    reward = np.array([36.0, -4, -4, -4, 0])
    total, now = np.zeros(5), reward
    for period in range(400):
        total = total + now / 1.2**period
        now = EXAMPLE @ now
    assert migration_value(EXAMPLE, reward, 0.2) == pytest.approx(total)


def test_a_horizon_counts_so_many_periods():
    reward = np.array([36.0, -4, -4, -4, 0])
    assert migration_value(EXAMPLE, reward, 0.2, periods=1) == pytest.approx(reward)
    two = reward + EXAMPLE @ reward / 1.2
    assert migration_value(EXAMPLE, reward, 0.2, periods=2) == pytest.approx(two)
    assert migration_value(EXAMPLE, reward, 0.2, periods=999) == pytest.approx(
        migration_value(EXAMPLE, reward, 0.2)
    )


def test_bad_chances_and_discounts_are_refused():
    with pytest.raises(ParameterError, match="rows that sum to 1"):
        migration_value(np.array([[0.5]]), np.array([1.0]), 0.1)
    with pytest.raises(ParameterError, match="discount: 0 is not above 0"):
        migration_value(np.eye(1), np.array([1.0]), 0)


MOVED = pd.DataFrame(
    {
        "customer_id": list("abcdefg"),
        "before": ["A", "A", "B", "B", "dormant", "new", "B"],
        "after": ["A", "B", "A", "B", "B", "A", "dormant"],
        "kind": ["stayed", "down", "up", "stayed", "returned", "new", "dormant"],
        "value": [30.0, 10, 20, 4, 5, 99, 0],
    }
)


def test_tiers_by_hand():
    table = tier_values([MOVED, MOVED], [4, 4], ["A", "B"], 0.1, ahead=9999).set_index("state")
    assert table["customers"].tolist() == [4, 6, 8]
    assert table["monthly"].tolist() == [20.0, 8.0, 1.25]
    assert table["stays"].tolist() == pytest.approx([0.5, 1 / 3, 0.75])
    assert table.loc["dormant", ["to_A", "to_B", "to_dormant"]].tolist() == [0.0, 0.25, 0.75]
    # value = what comes in a month + the discounted value of where the customer goes
    step = 1.1 ** (1 / 12)
    assert table.loc["A", "value"] == pytest.approx(
        20 + (0.5 * table.loc["A", "value"] + 0.5 * table.loc["B", "value"]) / step
    )


def test_the_dormant_keep_their_own_value():
    table = tier_values([MOVED], [400], ["A", "B"], 1e-9, ahead=10).set_index("state")
    assert table.loc["dormant", "value"] == pytest.approx(10 * table.loc["dormant", "monthly"], rel=1e-6)


def history(seed: int = 4) -> pd.DataFrame:
    """Who stays in B brings 10 on average, who goes from B to A 16; who stays in A brings 30."""
    random = np.random.default_rng(seed)
    kinds = [("B", "B", "stayed", 10.0, 400), ("B", "A", "up", 16.0, 100), ("A", "A", "stayed", 30.0, 200)]
    frames = [
        pd.DataFrame({"before": b, "after": a, "kind": k, "value": mean * random.gamma(4, 0.25, n)})
        for b, a, k, mean, n in kinds
    ]
    moves = pd.concat(frames, ignore_index=True)
    return moves.assign(customer_id=[f"c{row}" for row in range(len(moves))])


def test_a_move_is_worth_what_movers_brought_not_the_step_between_the_tiers():
    now = pd.DataFrame({"before": ["B"] * 3, "after": ["A"] * 3, "kind": ["up"] * 3})
    table = move_values(history(), now)
    up, net = table.iloc[0], table.iloc[1]
    assert (up["before"], up["after"], up["customers"], up["seen"]) == ("B", "A", 3, 100)
    assert up["low"] < 6.0 < up["high"]
    assert up["high"] < 20.0
    assert up["worth"] == pytest.approx(up["brought"] - up["stayed"])
    assert up["total"] == pytest.approx(3 * up["worth"])
    # three customers vary more than the mean of a hundred
    assert up["total_high"] - up["total_low"] > 3 * (up["high"] - up["low"])
    assert net[["before", "customers"]].tolist() == ["net", 3]
    assert net[["total", "total_low", "total_high"]].tolist() == pytest.approx(
        up[["total", "total_low", "total_high"]].tolist()
    )


def test_an_interval_for_the_mean_covers_it():
    now = pd.DataFrame({"before": ["B"], "after": ["A"], "kind": ["up"]})
    found = [move_values(history(seed), now).iloc[0] for seed in range(200)]
    assert 0.91 <= np.mean([one["low"] <= 6.0 <= one["high"] for one in found]) <= 0.99


def test_a_move_that_was_hardly_seen_has_no_price_and_is_not_zero():
    now = pd.DataFrame({"before": ["A", "B"], "after": ["B", "A"], "kind": ["down", "up"]})
    table = move_values(history(), now).set_index("before")
    assert np.isnan(table.loc["A", "worth"])
    assert table.loc["net", "customers"] == 1
    nothing = move_values(history().iloc[:0], now).set_index("before")
    assert np.isnan(nothing.loc["net", "total"])


def test_only_what_is_over_by_then_is_counted():
    moved = pd.DataFrame({"customer_id": ["a"], "before": ["B"], "after": ["A"], "kind": ["up"]})
    value = {f"2020-0{month}": pd.Series({"a": 10.0 * month}) for month in range(1, 8)}
    known = known_after({"2020-02": moved, "2020-05": moved, "2020-06": moved}, value, "2020-06")
    # March to May after February; June alone after May; nothing after June
    assert known["value"].tolist() == [40.0, 60.0]


def test_a_tier_that_nobody_was_in_has_no_value():
    table = tier_values([MOVED], [1], ["A", "B", "C"], 0.1).set_index("state")
    assert np.isnan(table.loc["C", "value"])
    assert table.loc["A", "value"] > table.loc["B", "value"] > table.loc["dormant", "value"]


def test_without_two_months_there_is_no_value():
    with pytest.raises(DataError, match="at least two consecutive months"):
        tier_values([], [], ["A", "B"], 0.1)
