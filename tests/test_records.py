"""How claims of one window ago turned out: by hand on a few customers."""

import numpy as np
import pandas as pd
import pytest
from order_history import write_orders

from segmentation import Study
from segmentation.comparison.records import (
    calibration_record,
    choice_record,
    risers_record,
    slipping_record,
    sure_record,
    wilson,
)
from segmentation.comparison.retest import retest
from segmentation.questions import confidence, record
from segmentation.questions import retest as retest_page
from segmentation.questions.retest import retest as retested

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
    found = choice_record(TIERS, "A", later, spend).set_index("method")
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


@pytest.fixture(scope="module")
def study_of(tmp_path_factory):
    folder = tmp_path_factory.mktemp("record")
    orders = write_orders(folder / "orders.csv", customers=120, months=8)

    def study(**given):
        values = {"orders": str(orders), "month": "2016-08", "window_months": 3, "methods": ["ABC", "RFM"]}
        return Study.open({**values, "store": str(folder / "store"), **given})

    return study


def test_the_record_of_a_study_by_hand(study_of):
    study, then = study_of(), study_of(month="2016-05")
    found = record.record(study).set_index(["claim", "tier"])
    was = then.learned("ABC")["tiers"].set_index("customer_id")["tier"]
    best = was.index[was == "A"]
    profile = study.profile()
    again = then.rule().apply(profile)["tier"].to_numpy() == "A"
    row = found.loc[("best_tier", "A")]
    assert row["called"] == len(best)
    assert row["came_true"] == profile.loc[again, "customer_id"].isin(best).sum()
    said = confidence.chances(then).set_index("customer_id")["A"]
    assert row["said"] == pytest.approx(said[best].mean())
    sure = found.loc[("called_sure", "")]
    assert sure["called"] == (confidence.chance_of_tier(then) >= 0.9).sum()


def test_the_record_is_the_same_where_ids_are_not_shown(study_of):
    shown, hidden = study_of(), study_of(show_customer_ids=False)
    pd.testing.assert_frame_equal(record.record(shown), record.record(hidden))
    pd.testing.assert_frame_equal(record.record_of_choice(shown), record.record_of_choice(hidden))


def test_what_did_worse_than_said_is_the_headline(study_of, monkeypatch):
    study = study_of()
    found = record.record(study).assign(worse=False)
    monkeypatch.setattr(record, "record", _fixed(found))
    assert not record.is_worse(study)
    assert study.say(record.headline(study)).startswith("What would have been said in May 2016")
    bad = found.assign(worse=found["claim"] == "best_tier")
    monkeypatch.setattr(record, "record", _fixed(bad))
    assert record.is_worse(study)
    said = study.say(record.headline(study))
    assert said.startswith("Not everything that would have been said in May 2016 came true by August 2016. ")
    assert f"of the {int(bad['called'].iloc[0])} A (Key) customers of then" in said


def _fixed(frame):
    class Fixed:
        missing = staticmethod(lambda study: None)
        __call__ = staticmethod(lambda study: frame)

    return Fixed()


def test_without_two_windows_a_claim_is_untried(study_of):
    study = study_of(month="2016-05")
    assert "it needs 6 months of orders" in study.say(record.headline(study))
    assert not record.is_worse(study)
    assert study.ask("record").empty


def test_retest_of_a_study(study_of):
    found = retested(study_of()).set_index("method")
    assert list(found.index) == ["ABC", "RFM"]
    assert (found["both"] == found["stayed_best"] * found["customers"]).all()


def test_where_nothing_could_be_learned_a_window_ago_it_is_said(tmp_path):
    """Orders of long ago, then nobody for a window, then this one: no page may fail on that."""
    rows = [("a", "2015-01-05", 10), ("b", "2015-01-06", 5), ("a", "2016-08-05", 10), ("c", "2016-07-05", 5)]
    path = tmp_path / "orders.csv"
    pd.DataFrame(rows, columns=["customer_id", "date", "amount"]).to_csv(path, index=False)
    given = {"orders": str(path), "month": "2016-08", "window_months": 3, "store": str(tmp_path / "store")}
    study = Study.open({**given, "methods": ["ABC"]})
    assert "ABC could not be learned then." in study.say(record.headline(study))
    assert not record.is_worse(study)
    assert study.ask("record").empty
    assert study.ask("record_of_choice").empty
    for said in (record.answer(study), record.claims(study), record.choices(study)):
        assert repr(said)
    assert "Nobody was in A (Key) a window ago." in repr(retest_page.answer(study))
    assert repr(retest_page.methods(study))
