"""How claims of one window ago turned out: by hand on a few customers."""

import numpy as np
import pandas as pd
import pytest

from segmentation.comparison.records import (
    calibration_record,
    choice_record,
    risers_record,
    slipping_record,
    sure_record,
    wilson,
)
from segmentation.comparison.retest import retest

NAMES = ["A", "B", "C"]
IDS = list("abcdefgh")
THEN = pd.Series(list("AAAABBBC"))
CHANCES = pd.DataFrame({"customer_id": IDS, "A": [0.92] * 3 + [0.5] + [0.1] * 4}).assign(
    B=[0.08] * 3 + [0.5] + [0.9] * 3 + [0.3], C=[0.0] * 7 + [0.6], dormant=0.0
)
NOW = pd.Series(dict(zip("abceg", "ABAAB")))  # d, f and h are dormant
TIERS = pd.DataFrame({"customer_id": IDS, "tier": THEN})


def test_the_sure_by_hand():
    found = sure_record(THEN, CHANCES, NOW, NAMES).set_index("tier")
    assert found.loc["A", ["customers", "said", "came", "share", "base"]].tolist() == pytest.approx(
        [3, 0.92, 2, 2 / 3, 0.5]
    )
    assert found.loc["B", ["customers", "came"]].tolist() == [3, 1]
    assert found.loc["C", "customers"] == 0
    assert np.isnan(found.loc["C", "share"])
    assert found.loc["", ["customers", "came"]].tolist() == [6, 3]
    assert found.loc["", "worse"]  # .91 said, half came
    assert not found.loc["A", "worse"]  # two of three may still be .92


def test_calibration_in_bins():
    found = calibration_record(THEN, CHANCES, NOW)
    assert found["customers"].tolist() == [1, 1, 6]
    assert found["came"].tolist() == [0.0, 0.0, 0.5]
    assert found.attrs["calibration_error"] == pytest.approx((0.5 + 0.6 + 6 * 0.41) / 8)


def test_risers_against_those_who_were_not_called():
    called = pd.DataFrame({"customer_id": ["e", "h"], "chance_better": [0.6, 0.4]})
    found = risers_record(called, TIERS, NOW, NAMES).set_index("tier")
    assert found.loc["B", ["customers", "said", "came", "base"]].tolist() == [1, 0.6, 1, 0.0]
    assert found.loc["C", ["customers", "came"]].tolist() == [1, 0]
    assert found.loc["", ["customers", "came", "share"]].tolist() == [2, 1, 0.5]


def test_slipping_counts_the_dormant_as_fallen():
    called = pd.DataFrame({"customer_id": ["b", "d"], "chance_stay": [0.4, 0.2]})
    found = slipping_record(called, TIERS, NOW, NAMES).set_index("tier")
    assert found.loc["A", ["customers", "said", "came", "base"]].tolist() == pytest.approx([2, 0.7, 2, 0.0])
    assert not found.loc["A", "worse"]


def test_those_called_who_do_no_better_than_the_others_are_worse():
    called = pd.DataFrame({"customer_id": ["f"], "chance_better": [0.01]})
    assert risers_record(called, TIERS, NOW, NAMES)["worse"].all()


def test_nobody_called_is_an_empty_record_not_zero():
    called = pd.DataFrame(
        {"customer_id": pd.Series(dtype="str"), "chance_better": pd.Series(dtype="float64")}
    )
    found = risers_record(called, TIERS, NOW, NAMES)
    assert found["customers"].tolist() == [0]
    assert found[["said", "share", "base"]].isna().all(axis=None)
    assert not found["worse"].any()


def test_what_the_best_tier_brought():
    later = pd.DataFrame({"customer_id": ["a", "b", "e", "f"], "value": [50.0, 20.0, 30.0, -40.0]})
    spend = pd.Series(dict(zip(IDS, [9, 8, 7, 1, 5, 5, 5, 1.0])))
    found = choice_record(TIERS, "A", later, spend).set_index("choice")
    assert found["captured"].tolist() == pytest.approx([0.7, 0.7 + 0.3 / 3, 0.5, 1.0])
    assert (found["customers"] == 4).all()


def test_intervals_of_shares_stay_within_zero_and_one():
    assert wilson(0, 5)[0] == 0.0
    assert wilson(5, 5)[1] == 1.0
    assert np.isnan(wilson(0, 0)).all()


def test_retest_by_hand():
    then = pd.DataFrame({"customer_id": list("abcd"), "ABC": list("AABB"), "gone": list("AAAA")})
    now = pd.DataFrame({"customer_id": list("abce"), "ABC": list("ABBA")})
    found = retest(then, now, "A")
    assert found["method"].tolist() == ["ABC"]
    row = found.iloc[0]
    assert (row["both"], row["jaccard"], row["kept"]) == (1, pytest.approx(1 / 3), 0.5)
    assert row["by_chance"] == pytest.approx(0.8 / 3.2)  # 2 · 2 / 5 of 5 customers
    assert np.isnan(retest(then, now, "Z")["jaccard"].iloc[0])
