"""Whose change is it? By hand on four customers, and planted in simulated months."""

import numpy as np
import pandas as pd
import pytest

from segmentation.comparison.chances import tier_chances
from segmentation.methods import ABC, RFM, Clusters, Threshold
from segmentation.movement.attribution import attribute, causes, lead, not_attributed, what_changed
from segmentation.movement.states import changes
from segmentation.words.reader import Reader

NAMES = ["A", "B", "C"]


def frame(*rows: tuple[str, float, int, int]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["customer_id", "monetary", "frequency", "recency_days"])


def cut(a: float, b: float, profile: pd.DataFrame):
    return Threshold(cuts=(a, b)).fit(profile).rule_


def test_each_cause_by_hand():
    old = frame(
        ("grew", 50.0, 1, 5),
        ("still", 90.0, 1, 5),
        ("both", 80.0, 1, 5),
        ("stays", 10.0, 1, 5),
        ("gone", 99.0, 1, 5),
    )
    new = frame(
        ("both", 95.0, 2, 5),
        ("grew", 150.0, 2, 5),
        ("still", 90.0, 1, 35),
        ("stays", 12.0, 2, 5),
        ("came", 500.0, 1, 1),
    )
    found = attribute(old, new, cut(100, 20, old), cut(90, 20, new), NAMES).set_index("customer_id")
    assert found["cause"].to_dict() == {"grew": "customer", "still": "boundary", "both": "joint"}
    assert found.loc["both", ["before", "after", "old_rule_new_data", "new_rule_old_data"]].tolist() == list(
        "BABB"
    )
    assert found["within_noise"].isna().all()


def test_a_customer_whose_own_change_is_enough_counts_as_the_customer():
    old, new = frame(("a", 95.0, 1, 5)), frame(("a", 120.0, 2, 5))
    assert attribute(old, new, cut(100, 20, old), cut(90, 20, new), NAMES)["cause"].tolist() == ["customer"]


def test_a_customer_who_goes_the_other_way_than_the_boundary_is_not_the_cause():
    old, new = frame(("a", 95.0, 2, 5)), frame(("a", 92.0, 1, 5))
    rules = Threshold(cuts=(100, 94)), Threshold(cuts=(90, 20))
    found = attribute(old, new, rules[0].fit(old).rule_, rules[1].fit(new).rule_, NAMES).iloc[0]
    assert (found["before"], found["old_rule_new_data"], found["after"], found["cause"]) == (
        "B",
        "C",
        "A",
        "boundary",
    )


def test_where_no_order_came_or_went_it_is_the_time_that_passed():
    old, new = frame(("a", 50.0, 3, 20)), frame(("a", 50.0, 3, 51))
    rule = Threshold(cuts=(10, 30), column="recency_days").fit(old).rule_
    assert attribute(old, new, rule, rule, NAMES)["cause"].tolist() == ["time"]
    assert attribute(old, new.assign(monetary=51.0), rule, rule, NAMES)["cause"].tolist() == ["customer"]


def test_within_noise_needs_a_chance_of_one_in_four():
    old, new = frame(("a", 50.0, 1, 5), ("b", 50.0, 1, 5)), frame(("a", 150.0, 2, 5), ("b", 150.0, 2, 5))
    chances = pd.DataFrame({"customer_id": ["b", "a"], "A": [0.7, 0.9], "B": [0.25, 0.1], "C": [0.05, 0.0]})
    found = attribute(old, new, cut(100, 20, old), cut(100, 20, new), NAMES, chances)
    assert found.set_index("customer_id")["within_noise"].to_dict() == {"a": False, "b": True}
    table = causes(found, NAMES).set_index("cause")
    assert table.loc["customer"].tolist() == [2, 0, 2, 1.0, 1]
    assert table.loc["boundary", "customers"] == 0


def test_a_fall_that_neither_change_alone_explains_is_joint():
    old, new = frame(("a", 120.0, 2, 5)), frame(("a", 60.0, 1, 5))
    # the customer alone falls to B under the old cuts, the boundary alone makes B of the old figures
    rules = Threshold(cuts=(100, 50)).fit(old).rule_, Threshold(cuts=(150, 70)).fit(new).rule_
    found = attribute(old, new, *rules, NAMES).iloc[0]
    assert found[["before", "old_rule_new_data", "new_rule_old_data", "after"]].tolist() == list("ABBC")
    assert found["cause"] == "joint"


def test_a_season_has_its_own_cause_where_a_year_is_known():
    old = frame(("season", 90.0, 2, 5), ("own", 90.0, 2, 5))
    new = frame(("season", 110.0, 3, 5), ("own", 180.0, 4, 5))
    rule = cut(100, 20, old)
    found = attribute(old, new, rule, cut(100, 20, new), NAMES, season=1.25).set_index("customer_id")
    assert found["cause"].to_dict() == {"season": "season", "own": "customer"}
    assert set(attribute(old, new, rule, cut(100, 20, new), NAMES)["cause"]) == {"customer"}
    # cuts that are learned move with the season
    moved = attribute(old, new, rule, cut(105, 20, new), NAMES, season=1.25)
    assert "customer" in set(moved["cause"])


def test_without_a_rule_the_cause_is_not_known_and_not_nobody():
    old = pd.DataFrame({"customer_id": ["a", "b", "c"], "M": ["B", "A", "C"]})
    new = pd.DataFrame({"customer_id": ["a", "b", "d"], "M": ["A", "B", "C"]})
    found = causes(not_attributed(changes(old, new, "M", NAMES)), NAMES)
    assert found.set_index("cause")["customers"].to_dict() == {
        **dict.fromkeys(["customer", "boundary", "joint", "season", "time"], 0),
        "unknown": 2,
    }
    assert str(lead(found)) == "2 customers changed tier; why is not known: the method only gives scores."


def test_the_lead_says_first_how_much_is_within_noise():
    old, new = frame(("a", 50.0, 1, 5), ("b", 50.0, 1, 5)), frame(("a", 150.0, 2, 5), ("b", 150.0, 2, 5))
    chances = pd.DataFrame({"customer_id": ["b", "a"], "A": [0.7, 0.9], "B": [0.25, 0.1], "C": [0.05, 0.0]})
    found = causes(attribute(old, new, cut(100, 20, old), cut(100, 20, new), NAMES, chances), NAMES)
    assert str(lead(found)).startswith("1 of 2 changes of tier (50.0%) are within noise")
    assert Reader("zh").say(lead(found)).startswith("2 次等级变动中有 1 次（50.0%）属正常波动")


def test_nobody_changed():
    old = frame(("a", 50.0, 1, 5))
    found = attribute(old, old, cut(100, 20, old), cut(100, 20, old), NAMES)
    assert found.empty
    assert causes(found, NAMES)["customers"].sum() == 0


def test_months_under_other_settings_are_not_comparable():
    old = frame(("a", 50.0, 1, 5), ("b", 20.0, 2, 6))
    rule = cut(100, 20, old)
    assert what_changed(rule, cut(90, 30, old)).empty
    changed = what_changed(rule, RFM().fit(old).rule_).set_index("key")
    assert changed.loc["method"].tolist() == ["Threshold", "RFM"]
    assert changed.loc["columns"].tolist() == ["monetary", "recency_days, frequency, monetary"]


# -- planted movement: seven months of orders with known rates


def simulated(customers: int, seed: int, tripled: float = 0.0):
    """Two profiles of six months, a month apart; some customers triple their rate in the last month."""
    random = np.random.default_rng(seed)
    rate = random.gamma(0.8, 1.25, customers)
    money = random.gamma(3.74, 1 / 15.44, customers)
    chosen = random.uniform(size=customers) < tripled
    months = np.arange(7)
    count = random.poisson(rate[:, None] * np.where(chosen[:, None] & (months == 6), 3.0, 1.0))
    who, when = np.nonzero(count)
    who, when = np.repeat(who, count[who, when]), np.repeat(when, count[who, when])
    day = when * 30 + random.integers(0, 30, len(when))
    orders = pd.DataFrame(
        {"who": who, "month": when, "day": day, "amount": random.gamma(6.25, 1 / money[who]).round(2)}
    )
    frames = []
    for first in (0, 1):
        inside = orders[orders["month"].between(first, first + 5)]
        groups = inside.groupby("who")
        frames.append(
            pd.DataFrame(
                {
                    "customer_id": [f"c{i:05d}" for i in groups.groups],
                    "recency_days": ((first + 6) * 30 - 1 - groups["day"].max()).to_numpy(),
                    "frequency": groups.size().to_numpy(),
                    "monetary": groups["amount"].sum().round(2).to_numpy(),
                    "last_order": groups["day"].max().to_numpy(),
                }
            )
        )
    return *frames, {f"c{i:05d}" for i in np.flatnonzero(chosen)}


def joined_by_bigger(old: pd.DataFrame) -> pd.DataFrame:
    """The same customers unchanged, and half as many new ones who spend three times as much."""
    joined = old.sample(frac=0.5, random_state=1)
    joined = joined.assign(
        customer_id="n" + joined["customer_id"],
        monetary=joined["monetary"] * 3,
        frequency=joined["frequency"] * 2,
    )
    return pd.concat([old, joined], ignore_index=True)


METHODS = [ABC(), RFM(), Clusters(k=4)]


@pytest.mark.parametrize("method", METHODS, ids=["ABC", "RFM", "Clusters"])
def test_where_only_the_boundary_moves_the_changes_are_the_boundarys(method):
    old, _, _ = simulated(3_000, 1)
    new = joined_by_bigger(old)
    found = attribute(old, new, method.fit(old).rule_, method.fit(new).rule_, NAMES)
    assert len(found) > 50
    assert (found["cause"] == "boundary").mean() >= 0.99


@pytest.mark.parametrize("method", METHODS, ids=["ABC", "RFM", "Clusters"])
def test_customers_who_triple_their_rate_move_themselves(method):
    old, new, chosen = simulated(10_000, 2, tripled=0.05)
    found = attribute(old, new, method.fit(old).rule_, method.fit(new).rule_, NAMES)
    theirs = found[found["customer_id"].isin(chosen)]
    assert len(theirs) > 30
    assert (theirs["cause"] == "customer").mean() >= 0.90


class OneWindow:
    """A profile as a history of one window, in which everybody has been known for the whole of it."""

    months, window_months = ["2017-12"], 1

    def __init__(self, profile: pd.DataFrame) -> None:
        self.profile = profile

    def order_histories(self, month: str, window: int) -> pd.DataFrame:
        new = self.profile
        return new[["customer_id"]].assign(
            days=new["frequency"] + 1,
            first_order=pd.Timestamp("2017-11-30"),
            last_order=pd.Timestamp("2017-12-31") - pd.to_timedelta(31 // (new["frequency"] + 1), unit="D"),
            window_days=new["frequency"],
            orders=new["frequency"],
            amount=new["monetary"],
            amount_squared=new["monetary"] ** 2 / new["frequency"] * 1.16,
        )

    def later_value(self, first: str, last: str) -> pd.DataFrame:
        return self.profile[["customer_id", "monetary"]].rename(columns={"monetary": "value"})


def test_most_changes_of_unchanged_customers_are_within_noise():
    old, new, _ = simulated(6_000, 3)
    rules = ABC().fit(old).rule_, ABC().fit(new).rule_
    said = tier_chances(OneWindow(new), "2017-12", rules[1]).chances
    found = attribute(old, new, *rules, NAMES, said)
    assert found["within_noise"].mean() > 0.75
