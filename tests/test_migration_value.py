"""The Markov migration value: Pfeifer & Carraway's example, and tiers by hand."""

import numpy as np
import pandas as pd
import pytest

from segmentation.comparison.migration import at_stake, migration_value, tier_values
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
    table = tier_values([MOVED, MOVED], [4, 4], ["A", "B"], 0.1, months=None).set_index("state")
    assert table["customers"].tolist() == [4, 6, 8]
    assert table["monthly"].tolist() == [20.0, 8.0, 1.25]
    assert table["stays"].tolist() == pytest.approx([0.5, 1 / 3, 0.75])
    assert table.loc["dormant", ["to_A", "to_B", "to_dormant"]].tolist() == [0.0, 0.25, 0.75]
    # value = what comes in a month + the discounted value of where the customer goes
    step = 1.1 ** (1 / 12)
    assert table.loc["A", "value"] == pytest.approx(
        20 + (0.5 * table.loc["A", "value"] + 0.5 * table.loc["B", "value"]) / step
    )


def test_money_at_stake_is_the_difference_of_values():
    values = pd.DataFrame({"state": ["A", "B", "dormant"], "value": [100.0, 40.0, 10.0]})
    stake = at_stake(MOVED, values).set_index("kind")
    assert stake["value"].to_dict() == {
        "up": 60.0,
        "returned": 30.0,
        "down": -60.0,
        "dormant": -30.0,
        "net": 0.0,
    }
    assert stake.loc["net", "customers"] == 4


def test_a_tier_that_nobody_was_in_has_no_value():
    table = tier_values([MOVED], [1], ["A", "B", "C"], 0.1).set_index("state")
    assert np.isnan(table.loc["C", "value"])
    assert table.loc["A", "value"] > table.loc["B", "value"] > table.loc["dormant", "value"]


def test_without_two_months_there_is_no_value():
    with pytest.raises(DataError, match="at least two consecutive months"):
        tier_values([], [], ["A", "B"], 0.1)
