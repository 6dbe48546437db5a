"""Agreement: against scikit-learn on random tiers, and by eye on small ones."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import adjusted_mutual_info_score, adjusted_rand_score, cohen_kappa_score

from segmentation.comparison.agreement import agreement, consensus, set_apart
from segmentation.errors import DataError

NAMES = ["A", "B", "C"]
TIERS = pd.DataFrame(
    {
        "customer_id": list("abcdef"),
        "ABC": list("AABBCC"),
        "RFM": list("ABABCC"),
        "Clusters": list("AAACBC"),
    }
)


def test_top_in_common_is_counted_by_hand():
    pair = agreement(TIERS, NAMES).iloc[0]
    assert (pair["method_a"], pair["method_b"]) == ("ABC", "RFM")
    assert (pair["top_both"], pair["top_only_a"], pair["top_only_b"]) == (1, 1, 1)
    assert pair["share_top_common"] == pytest.approx(1 / 3)
    assert pair["share_same"] == pytest.approx(4 / 6)


tiers = st.sampled_from(NAMES)


@given(st.lists(st.tuples(tiers, tiers), min_size=2, max_size=60))
@settings(max_examples=100, deadline=None)
def test_the_indices_are_those_of_scikit_learn(pairs):
    a, b = map(list, zip(*pairs))
    frame = pd.DataFrame({"customer_id": range(len(a)), "one": a, "two": b})
    found = agreement(frame, NAMES).iloc[0]
    assert found["ari"] == pytest.approx(adjusted_rand_score(a, b), abs=1e-9)
    assert found["ami"] == pytest.approx(adjusted_mutual_info_score(a, b), abs=1e-6)
    if len({*a, *b}) > 1:
        assert found["kappa"] == pytest.approx(
            cohen_kappa_score(a, b, labels=NAMES, weights="linear"), abs=1e-9
        )
    else:
        assert found["kappa"] == 1.0


def test_indices_do_not_overflow_on_a_million_customers():
    random = np.random.default_rng(0)
    a = pd.Series(random.choice(NAMES, 1_000_000))
    same = agreement(pd.DataFrame({"customer_id": range(len(a)), "one": a, "two": a}), NAMES).iloc[0]
    assert (same["ari"], same["kappa"]) == (1.0, 1.0)
    assert same["ami"] == pytest.approx(1.0)
    shuffled = a.sample(frac=1, random_state=1).reset_index(drop=True)
    other = agreement(pd.DataFrame({"customer_id": range(len(a)), "one": a, "two": shuffled}), NAMES).iloc[0]
    assert abs(other["ari"]) < 1e-4
    assert abs(other["ami"]) < 1e-4


def test_who_is_top_for_all_and_for_one_only():
    found = consensus(TIERS, "A")
    assert found["votes"].tolist() == [3, 2, 2, 0, 0, 0]
    assert found["whose"].tolist() == ["all", "some", "some", "none", "none", "none"]
    assert consensus(TIERS.assign(RFM="B", Clusters="C"), "A")["whose"].tolist() == ["ABC"] * 2 + ["none"] * 4


def test_what_sets_the_groups_apart():
    profile = pd.DataFrame(
        {
            "customer_id": list("fedcba"),
            "monetary": [1.0, 2, 3, 4, 40, 50],
            "recency_days": [90, 80, 70, 3, 2, 1],
            "frequency": [1, 1, 2, 9, 8, 7],
        }
    )
    apart = set_apart(profile, consensus(TIERS, "A")).set_index("whose")
    assert list(apart.index) == ["all", "some", "none"]
    assert apart.loc["some", ["customers", "share_of_value", "recency_days"]].tolist() == [2, 0.44, 2.5]
    assert "growth" not in apart


def test_a_tier_that_is_not_named_is_refused():
    with pytest.raises(DataError, match="ABC: 'C' is not one of the tiers A, B"):
        agreement(TIERS, ["A", "B"])
