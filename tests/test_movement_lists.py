"""The lists for the sales team, by hand."""

import numpy as np
import pandas as pd

from segmentation.movement.lists import newly_big, newly_stable, risers, slipping
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


def test_risers_are_rising_and_close_or_likely():
    found = risers(PROFILE, TIERS, NAMES, CHANCES, cuts=(100.0, 50.0))
    assert found["customer_id"].tolist() == ["c", "e", "d"]
    assert found["next_tier"].tolist() == ["A", "B", "A"]
    assert found["short_by"].tolist() == [5.0, 10.0, 15.0]
    assert found["chance_better"].round(2).tolist() == [0.4, 0.35, 0.1]
    assert found["reasons"].tolist() == [
        "rising, close, may_rise",
        "rising, close, may_rise",
        "rising, close",
    ]


def test_risers_without_a_rule_on_spend_need_a_chance():
    assert risers(PROFILE, TIERS, NAMES, CHANCES)["customer_id"].tolist() == ["c", "e"]
    assert risers(PROFILE, TIERS, NAMES).empty


def test_slipping_key_customers_come_with_the_reason():
    found = slipping(PROFILE, TIERS, NAMES, CHANCES)
    assert found["customer_id"].tolist() == ["b"]
    assert found["reasons"].tolist() == ["silent, falling, may_fall"]
    assert slipping(PROFILE, TIERS, NAMES).loc[0, "reasons"] == "silent, falling"
    assert slipping(PROFILE.drop(columns=["growth", "mean_gap_days"]), TIERS, NAMES).empty


def test_every_reason_has_words_in_both_languages():
    codes = "rising, close, may_rise, silent, falling, may_fall"
    said = [Reader(language).cells(pd.Series([codes]), "reasons")[0] for language in ("en", "zh")]
    assert said[0].count(", ") == said[1].count("、") == 5
    assert "_" not in said[0]
    assert not any("a" <= letter <= "z" for letter in said[1])
