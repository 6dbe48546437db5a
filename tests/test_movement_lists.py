"""The lists for the sales team, by hand."""

import numpy as np
import pandas as pd

from segmentation.movement.lists import lost, newly_big, newly_stable, risers, slipping
from segmentation.movement.states import changes
from segmentation.words.reader import Reader

NAMES = ["A", "B", "C"]
PROFILE = pd.DataFrame(
    {
        "customer_id": list("abcdef"),
        "monetary": [500.0, 400.0, 95.0, 85.0, 40.0, 9.0],
        "frequency": [9, 4, 5, 2, 2, 1],
        "recency_days": [3, 95, 10, 5, 40, 60],
        "mean_gap_days": [10.0, 20.0, 30.0, np.nan, 90.0, np.nan],
        "active_months": [6, 3, 4, 2, 2, 1],
        "recent": [300.0, 50.0, 60.0, 50.0, 30.0, 9.0],
        "previous": [200.0, 350.0, 35.0, 35.0, 10.0, np.nan],
        "growth": [0.5, -0.857, 0.714, 0.43, 2.0, np.nan],
    }
)
PROFILE.attrs = {"window_months": 6}
TIERS = pd.Series(list("AABBCC"))
CHANCES = pd.DataFrame(
    {
        "customer_id": list("fedcba"),
        "A": [0.0, 0.05, 0.1, 0.4, 0.55, 0.95],
        "B": [0.1, 0.3, 0.8, 0.6, 0.45, 0.05],
        "C": [0.9, 0.65, 0.1, 0.0, 0.0, 0.0],
    }
)


def tiers(letters: str) -> pd.DataFrame:
    return pd.DataFrame({"customer_id": list("abcdef"), "ABC": list(letters)})


def test_newly_big_was_never_big_before():
    found = newly_big(PROFILE, tiers("AABBCC"), [tiers("BABBCC"), tiers("CBCCCC")], "ABC", "A")
    assert found["customer_id"].tolist() == ["a"]
    assert newly_big(PROFILE, tiers("AABBCC"), [], "ABC", "A")["customer_id"].tolist() == ["a", "b"]


def test_newly_stable_buys_in_two_thirds_of_the_months_for_the_first_time():
    before = PROFILE.assign(active_months=[6, 3, 3, 2, 2, 1])
    before.attrs = PROFILE.attrs
    found = newly_stable(PROFILE, [before])
    assert found[["customer_id", "active_months"]].to_numpy().tolist() == [["c", 4]]


def test_the_lost_stand_in_the_order_of_what_they_spent():
    old, new = tiers("AAABCC"), tiers("ABCBCC").iloc[[0, 1, 3, 4, 5]]
    found = lost(changes(old, new, "ABC", NAMES), PROFILE, "A")
    assert found[["customer_id", "after", "last_window"]].to_numpy().tolist() == [
        ["b", "B", 400.0],
        ["c", "dormant", 95.0],
    ]


def test_risers_are_rising_and_close_or_likely_and_those_next_to_the_best_tier_come_first():
    worth = {("B", "A"): 50.0, ("C", "B"): 400.0}
    found = risers(PROFILE, TIERS, NAMES, CHANCES, cuts=(100.0, 50.0), worth=worth)
    assert found["customer_id"].tolist() == ["c", "d", "e"]
    assert found["next_tier"].tolist() == ["A", "A", "B"]
    assert found["short_by"].tolist() == [5.0, 15.0, 10.0]
    assert found["chance_better"].round(2).tolist() == [0.4, 0.1, 0.35]
    assert found["to_win"].round(2).tolist() == [20.0, 5.0, 140.0]
    assert found["reasons"].tolist() == ["rising, close"] * 3


def test_likely_is_from_one_half_on():
    assert risers(PROFILE, TIERS, NAMES, CHANCES).empty
    half = CHANCES.assign(A=CHANCES["A"].replace(0.4, 0.5))
    assert risers(PROFILE, TIERS, NAMES, half).loc[0, ["customer_id", "reasons"]].tolist() == [
        *("c", "rising, may_rise"),
    ]
    assert risers(PROFILE, TIERS, NAMES).empty


def test_a_star_has_something_to_win_and_a_positive_net():
    worth = {("B", "A"): 50.0, ("C", "B"): -1.0}
    found = risers(PROFILE, TIERS, NAMES, CHANCES, (100.0, 50.0), worth)
    assert found["customer_id"].tolist() == ["c", "d"]
    returned = PROFILE.assign(monetary=[500.0, 400.0, -95.0, 85.0, 40.0, 9.0])
    assert "c" not in risers(returned, TIERS, NAMES, CHANCES, (100.0, 50.0))["customer_id"].tolist()


def test_slipping_key_customers_come_with_the_reason():
    # b brought 50 in three months, 100 a window; the line of A is at 300, and b is well above it
    found = slipping(PROFILE, TIERS, NAMES, CHANCES, cuts=(300.0, 50.0))
    assert found["customer_id"].tolist() == ["b"]
    assert found.loc[0, ["money_at_risk", "chance_stay", "reasons"]].tolist() == [
        *(300.0, 0.4 + 0.15, "below, silent, falling"),
    ]


def test_whoever_is_near_a_cut_is_not_slipping():
    assert slipping(PROFILE, TIERS, NAMES, CHANCES, cuts=(321.0, 50.0)).empty


def test_without_an_amount_rule_slipping_is_silent_and_falling():
    assert slipping(PROFILE, TIERS, NAMES).loc[0, "reasons"] == "silent, falling"
    loud = PROFILE.assign(recency_days=[3, 30, 10, 5, 40, 60])
    assert slipping(loud, TIERS, NAMES).empty
    assert slipping(PROFILE.drop(columns=["growth", "mean_gap_days"]), TIERS, NAMES).empty


def test_the_most_money_at_risk_comes_first():
    both = PROFILE.assign(
        recent=[300.0, 50.0, *PROFILE["recent"][2:]],
        previous=[900.0, 350.0, *PROFILE["previous"][2:]],
        growth=[-0.67, -0.857, *PROFILE["growth"][2:]],
        recency_days=[70, 95, 10, 5, 40, 60],
    )
    assert slipping(both, TIERS, NAMES)[["customer_id", "money_at_risk"]].to_numpy().tolist() == [
        ["a", 600.0],
        ["b", 300.0],
    ]


def test_every_reason_has_words_in_both_languages():
    codes = "rising, close, may_rise, silent, falling, below"
    said = [Reader(language).cells(pd.Series([codes]), "reasons")[0] for language in ("en", "zh")]
    assert said[0].count(", ") == said[1].count("、") == 5
    assert "_" not in said[0]
    assert not any("a" <= letter <= "z" for letter in said[1])
