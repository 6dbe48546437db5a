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
# b brought 350 and then 50: at this pace 100 a window; c and d are on their way up, d only without a margin
PACE = pd.DataFrame(
    {
        "monetary_ahead": [600.0, 100.0, 155.0, 100.0, 60.0, 18.0],
        "tier_ahead": list("ABAABC"),
        "tier_ahead_less": list("ACABCC"),
        "tier_less": list("AABCCC"),
    }
)
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


def test_risers_reach_a_better_tier_at_their_pace_even_with_a_fifth_less():
    found = risers(PROFILE, TIERS, NAMES, PACE, CHANCES, cuts=(100.0, 50.0))
    assert found["customer_id"].tolist() == ["c"], "d only reaches A if nothing goes wrong"
    assert found.loc[0, ["tier", "tier_ahead", "short_by", "to_win", "reasons"]].tolist() == [
        *("B", "A", 5.0, 10.0, "close"),
    ]
    assert found["chance_better"].round(2).tolist() == [0.4]


def test_those_heading_for_the_best_tier_come_first_then_the_most_to_win():
    ahead = PACE.assign(
        monetary_ahead=[600.0, 100.0, 155.0, 205.0, 400.0, 18.0],
        tier_ahead=list("ABAABC"),
        tier_ahead_less=list("ACAABC"),
    )
    found = risers(PROFILE, TIERS, NAMES, ahead)
    assert found["customer_id"].tolist() == ["d", "c", "e"]
    assert found["to_win"].tolist() == [20.0, 10.0, 60.0]


def test_without_a_pace_a_star_rises_and_is_likely_from_one_half_on():
    assert risers(PROFILE, TIERS, NAMES, None, CHANCES).empty
    half = CHANCES.assign(A=CHANCES["A"].replace(0.4, 0.5))
    found = risers(PROFILE, TIERS, NAMES, None, half)
    assert found.loc[0, ["customer_id", "tier_ahead", "reasons"]].tolist() == ["c", "A", "may_rise"]
    assert risers(PROFILE, TIERS, NAMES).empty


def test_a_star_has_something_to_win_and_a_positive_net():
    returned = PROFILE.assign(monetary=[500.0, 400.0, -95.0, 85.0, 40.0, 9.0])
    returned.attrs = PROFILE.attrs
    assert risers(returned, TIERS, NAMES, PACE).empty
    assert risers(PROFILE, TIERS, NAMES, PACE.assign(monetary_ahead=PROFILE["monetary"])).empty


def test_slipping_key_customers_come_with_the_reason():
    four = TIERS.replace({"B": "A"})  # a quarter of four is one
    found = slipping(PROFILE, four, NAMES, PACE, CHANCES)
    assert found["customer_id"].tolist() == ["b"]
    assert found.loc[0, ["tier_ahead", "money_at_risk", "chance_stay", "reasons"]].tolist() == [
        *("B", 50.0, 0.4 + 0.15, "silent, falling"),
    ]


def test_whoever_is_near_a_cut_is_not_slipping():
    four = TIERS.replace({"B": "A"})
    assert slipping(PROFILE, four, NAMES, PACE.assign(tier_less=list("ABBCCC"))).empty


def test_without_a_pace_slipping_is_silent_and_falling():
    four = TIERS.replace({"B": "A"})
    assert slipping(PROFILE, four, NAMES).loc[0, "reasons"] == "silent, falling"
    loud = PROFILE.assign(recency_days=[3, 30, 10, 5, 40, 60])
    assert slipping(loud, four, NAMES).empty
    assert slipping(PROFILE.drop(columns=["growth", "mean_gap_days"]), four, NAMES).empty


def test_at_most_a_quarter_slips_and_equal_customers_stay_together():
    """Of 16 in the tier 4 have room: 7 slip, the 4th and 5th equal each other, so that only 3 are named."""
    at_risk = [70.0, 60.0, 50.0, 40.0, 40.0, 30.0, 20.0]
    profile = pd.DataFrame(
        {
            "customer_id": [f"c{n:02d}" for n in range(16)],
            "monetary": 900.0,
            "recency_days": 5,
            "recent": 1.0,
            "previous": 2.0,
        }
    )
    profile.attrs = {"window_months": 6}
    pace = pd.DataFrame(
        {
            "monetary_ahead": [900.0 - 6 * r for r in at_risk] + [900.0] * 9,
            "tier_ahead": ["B"] * 7 + ["A"] * 9,
            "tier_less": "A",
        }
    )
    found = slipping(profile, pd.Series(["A"] * 16), NAMES, pace)
    assert found["money_at_risk"].round(6).tolist() == [70.0, 60.0, 50.0]


def test_every_reason_has_words_in_both_languages():
    codes = "rising, close, may_rise, silent, falling, below"
    said = [Reader(language).cells(pd.Series([codes]), "reasons")[0] for language in ("en", "zh")]
    assert said[0].count(", ") == said[1].count("、") == 5
    assert "_" not in said[0]
    assert not any("a" <= letter <= "z" for letter in said[1])
