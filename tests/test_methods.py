"""What each method learns, on literal customers; what it refuses, and how it says so."""

import itertools

import numpy as np
import pandas as pd
import pytest
from customers import make
from hypothesis import given, settings
from hypothesis import strategies as st

from segmentation.errors import DataError, ParameterError
from segmentation.methods import ABC, RFM, Clusters, Scorecard, Threshold
from segmentation.methods.ahp import weigh
from segmentation.methods.breaks import natural_breaks
from segmentation.methods.cuts import mean_cut, median_cut, quantile_cuts, share_of_value_cuts
from segmentation.methods.exact import whole
from segmentation.methods.kmeans import one_thread, optima
from segmentation.methods.ordering import tiers_by_share
from segmentation.methods.pareto import curve, data_driven_cuts
from segmentation.methods.predicted import PredictedValue
from segmentation.methods.scoring import percentile_criterion
from segmentation.methods.selection import silhouettes
from segmentation.rules import CentresRule, PointsRule, Rule
from segmentation.testing import SmallHistory

TEN = make([(10 * i, 11 - i, 100 * 2 ** (10 - i), None) for i in range(1, 11)])


def spending(*amounts: float) -> pd.DataFrame:
    return pd.DataFrame({"customer_id": [f"c{n}" for n in range(len(amounts))], "monetary": amounts})


def tiers(rule: Rule, customers: pd.DataFrame) -> str:
    return "".join(rule.apply(customers)["tier"])


# ABC


@pytest.mark.parametrize(
    ("amounts", "expected"),
    [
        ((80.0, 15.0, 5.0), "ABC"),  # exactly on the line: nobody has to cross it
        ((79.0, 16.0, 5.0), "AAC"),  # the second customer crosses 80 %; 95 % is reached with them
        ((50.0, 30.0, 10.0, 10.0), "AABB"),  # the third crosses 95 %, and the fourth has the same value
        ((10.0, 10.0, 10.0), "AAA"),
        ((100.0, 0.0, -50.0), "ACC"),
        ((0.0, -1.0), "CC"),
    ],
)
def test_who_crosses_the_line_belongs_to_the_better_tier(amounts: tuple[float, ...], expected: str) -> None:
    customers = spending(*amounts)
    assert tiers(ABC().fit(customers).rule_, customers) == expected


def test_a_share_of_customers_counts_all_of_them_and_splits_no_tie() -> None:
    customers = spending(9.0, 8.0, 8.0, 7.0, 6.0, 5.0, 4.0, 3.0, 2.0, -1.0)
    rule = ABC(share_of_customers=(0.2, 0.9)).fit(customers).rule_
    assert tiers(rule, customers) == "AAABBBBBBC"


def test_abc_by_profit() -> None:
    customers = spending(100.0, 100.0, 100.0).assign(profit=[90.0, 10.0, -5.0])
    assert tiers(ABC(by="profit").fit(customers).rule_, customers) == "ABC"


def test_limits_from_the_data() -> None:
    values = np.array([40.0, 30.0, 25.0, 3.0, 2.0])
    customers, value = curve(values)
    distance = customers**2 + (1 - value) ** 2
    nearest = int(np.argmin(distance[1:]))
    assert data_driven_cuts(values, values > 0, 2) == (values[nearest], 25.0) == (30.0, 25.0)
    assert tiers(ABC(limits="data").fit(spending(*values)).rule_, spending(*values)) == "AABCC"


@pytest.mark.parametrize(
    ("method", "message"),
    [
        (ABC(share_of_value=(0.8, 0.95), share_of_customers=(0.1, 0.2)), "are given; choose one"),
        (ABC(share_of_value=(0.95, 0.8)), "ascending"),
        (ABC(share_of_value=(0.8, 1.0)), "below 1"),
        (ABC(share_of_value=(0.8,)), r"3 tiers \(A, B, C\) need 2"),
        (ABC(share_of_value="80"), "expected numbers such as"),
        (ABC(limits="auto"), "'auto' is not known; use 'data'"),
        (ABC(limits="data", tiers=("A", "B")), "gives three tiers, not 2"),
        (ABC(by="monetry"), "no column 'monetry'; did you mean 'monetary'"),
        (ABC(tiers=("A", "A", "B")), "distinct names"),
        (ABC(tiers="ABC"), "distinct names"),
        (Threshold(), "cuts is needed"),
        (Threshold(cuts=(1, 2, 3)), "need 2 cuts, not 3"),
        (Threshold(cuts=(5, 5)), "distinct values in order"),
        (Threshold(cuts=("x", 5)), "expected numbers"),
        (Threshold(cuts=(1, 2), better="up"), "'up' is not known"),
        (RFM(scores=1), "whole number from 2 to 9, not 1"),
        (RFM(scores=10), "whole number from 2 to 9"),
        (RFM(cuts="median split"), "'median split' is not known; use quantile, mean, median, breaks"),
        (RFM(cuts={"X": "mean"}), "'X' is not one of R, F, M"),
        (RFM(cuts={"R": [90, 30, 60]}), "RFM: cuts: R: expected distinct values in order"),
        (RFM(combine="weighted"), "needs weights or pairwise"),
        (RFM(combine="sum", weights=(1, 2, 3)), "takes no weights; use combine: weighted"),
        (RFM(combine="weighted", weights=(1, 2)), "one each for R, F and M"),
        (RFM(combine="weighted", weights=(1, 2, -3)), "numbers from zero"),
        (RFM(combine="best"), "'best' is not known; use sum, weighted, r_first, percentile"),
        (RFM(combine="percentile", nested=True), "cuts of its own"),
        (RFM(segments="ten", scores=4), "ten needs 5 scores a dimension: R has 4"),
        (RFM(segments="eight", combine="r_first"), "so combine must be sum"),
        (RFM(segment_tiers={"Best": "A"}), "given without segments"),
        (RFM(segments="eight", tiers=("A", "B")), "segment_tiers is needed for 2 tiers"),
        (RFM(segments="three", band=1.5), "band: expected a share"),
        (Clusters(k=1), "k: expected whole numbers from 2 to 50, not \\[1\\]"),
        (Clusters(candidates=()), "candidates: expected whole numbers"),
        (Clusters(columns="monetary"), "expected a list of columns"),
        (Clusters(columns=("monetary", "monetary")), "named twice"),
        (Clusters(k=3, cluster_tiers=("A", "B")), "3 clusters need 3"),
        (Clusters(k=3, cluster_tiers=("A", "C", "B")), "best tier first"),
        (Clusters(k=3, cluster_tiers=("A", "B", "Z")), "'Z' is not one of"),
        (Scorecard(), "criteria is needed"),
        (Scorecard({"monetary": {"wieght": 1}}), "unknown option 'wieght'"),
        (Scorecard({"monetary": {"weight": 0}}), "a number above zero, not 0"),
        (Scorecard({"monetary": {"cuts": [1]}}), "give cuts with points"),
        (Scorecard({"monetary": {"cuts": [1], "points": [1]}}), "1 cuts need 2 points"),
        (Scorecard({"monetary": {}}, pairwise=[[1, 2], [0.5, 1]]), "1 criteria need 1 rows, not 2"),
        (Scorecard({"monetary": {}}, missing="zero"), "'zero' is not share, lowest or refuse"),
        (Scorecard({"monetary": {}}, score_cuts=(50,)), "3 tiers need 2 cuts"),
    ],
)
def test_wrong_options_are_named(method: ABC, message: str) -> None:
    with pytest.raises((ParameterError, DataError), match=message):
        method.fit(TEN)


CARD = Scorecard({"monetary": {}})


@pytest.mark.parametrize("method", [ABC(), Threshold(cuts=(1, 2)), RFM(), Clusters(k=2), CARD])
@pytest.mark.parametrize(
    ("customers", "message"),
    [
        (TEN.iloc[:0], "there are none to learn from"),
        (TEN.assign(customer_id="same"), "customer_id 'same' is on two rows"),
        (TEN.assign(monetary=[np.inf] * 10), "row 1 .customer 'c000'.: monetary is infinite .10 such rows"),
        (TEN.assign(monetary="9"), "holds str, not numbers"),
        (TEN.drop(columns="monetary"), "there is no column 'monetary'"),
        ([1, 2], "expected a frame, one row per customer, not list"),
    ],
)
def test_customers_that_cannot_be_learned_from(method: ABC, customers: pd.DataFrame, message: str) -> None:
    with pytest.raises(DataError, match=message):
        method.fit(customers)


def test_one_customer_is_enough_for_a_rule() -> None:
    for method in (ABC(), RFM(), Clusters(), RFM(segments="eleven"), Scorecard({"monetary": {}})):
        assert sum(method.fit(TEN.iloc[:1]).rule_.counts.values()) == 1


# cuts


def test_cuts_on_either_side() -> None:
    values = np.array([1.0, 1, 2, 3, 10])
    assert quantile_cuts(values, 5, "high") == (2.0, 2.0, 3.0, 10.0)
    assert quantile_cuts(values, 5, "low") == (3.0, 2.0, 1.0, None)
    assert mean_cut(values, "high") == (10.0,)
    assert median_cut(values, "low") == (1.0,)
    assert share_of_value_cuts(values, values > 0, (0.5,), 2) == (10.0,)


@settings(max_examples=60, deadline=None)
@given(
    values=st.lists(st.integers(-20, 60), min_size=1, max_size=9),
    levels=st.integers(2, 4),
    better=st.sampled_from(["high", "low"]),
)
def test_natural_breaks_have_the_least_spread(values: list[int], levels: int, better: str) -> None:
    found = natural_breaks(np.array(values, dtype=float), levels, better)
    distinct = sorted(set(values), reverse=better == "low")
    known = [cut for cut in found if cut is not None]
    assert len(known) == min(levels, len(distinct)) - 1

    def spread(starts: tuple[int, ...]) -> float:
        edges = [0, *starts, len(distinct)]
        classes = [distinct[a:b] for a, b in itertools.pairwise(edges)]
        return sum(float(np.var(m := [v for v in values if v in c]) * len(m)) for c in classes)

    best = min(spread(s) for s in itertools.combinations(range(1, len(distinct)), len(known)))
    assert spread(tuple(distinct.index(cut) for cut in known)) == pytest.approx(best, abs=1e-6)


@given(cents=st.lists(st.integers(-(10**13), 10**13), min_size=1, max_size=20))
def test_whole_numbers_of_money_are_its_minor_units(cents: list[int]) -> None:
    money = np.array(cents, dtype=np.int64) / 100
    assert whole(money).tolist() == cents


def test_percentile_points_are_mid_ranks() -> None:
    values = np.array([1.0, 1, 1, 2, 5, np.nan])
    criterion = percentile_criterion("F", "frequency", values, "high", 1.0)
    assert criterion.cuts == (2.0, 5.0)
    assert criterion.points == (30.0, 70.0, 90.0)


# RFM


def test_the_best_score_is_the_highest_on_every_dimension() -> None:
    rule = RFM().fit(TEN).rule_
    assert isinstance(rule, PointsRule)
    assert rule.codes(TEN).values.tolist() == [[5 - i // 2] * 3 for i in range(10)]
    assert tiers(rule, TEN) == "AABBBBCCCC"


def test_given_cuts_stand_as_given_in_either_order() -> None:
    cuts = {"R": [30, 75], "F": [7.5, 3], "M": [5, 50]}
    rule = RFM(cuts=cuts).fit(TEN).rule_
    assert isinstance(rule, PointsRule)
    assert [criterion.cuts for criterion in rule.criteria] == [(75, 30), (3, 7.5), (5, 50)]
    assert rule.codes(TEN)["R"].tolist() == [3, 3, 3, 2, 2, 2, 2, 1, 1, 1]


def test_r_first_puts_a_recent_one_before_a_frequent_one() -> None:
    customers = make([(1, 1, 100, None), (50, 9, 90000, None), (300, 2, 200, None)] * 2)
    ranked = RFM(scores=3, combine="r_first").fit(customers).rule_.apply(customers)
    assert ranked["score"].tolist()[:3] == [311.0, 233.0, 122.0]


def test_the_eight_classes_are_ranked_by_m_then_r_then_f() -> None:
    kinds = itertools.product((10, 90), (9, 1), (90000, 100))
    customers = make([(r, f, m, None) for r, f, m in kinds])
    rule = RFM(segments="eight").fit(customers).rule_
    ranked = rule.apply(customers).sort_values("score", ascending=False)
    assert ranked["segment"].tolist() == [segment.name for segment in rule.segments]  # type: ignore[attr-defined]
    assert "重要价值客户（A 级）：R 2、F 2、M 2。" in rule.statement("zh")
    assert "".join(ranked["tier"]) == "AAAABBBC"


def test_judgements_that_contradict_one_another_are_refused() -> None:
    with pytest.raises(ParameterError, match=r"consistency ratio \d\.\d+, refused at 0.1 and above"):
        weigh([[1, 9, 1 / 9], [1 / 9, 1, 9], [9, 1 / 9, 1]])
    with pytest.raises(ParameterError, match="row 1, column 2 is 5, but row 2, column 1 is 5"):
        weigh([[1, 5], [5, 1]])
    assert weigh([[1, 1], [1, 1]]).weights == (0.5, 0.5)


# clusters


def test_clusters_go_from_the_best_to_the_worst() -> None:
    groups = [(5, 20, 100000), (40, 6, 20000), (90, 3, 4000), (300, 1, 800)]
    customers = make([(r + i, f, c + 10 * i, None) for r, f, c in groups for i in range(25)])
    fitted = Clusters().fit(customers)
    rule = fitted.rule_
    assert isinstance(rule, CentresRule)
    assert len(rule.clusters) == 4
    assert list(rule.segment_counts.values()) == [25] * 4
    assert tiers(rule, customers) == "A" * 25 + "B" * 25 + "C" * 50
    chosen = fitted.selection_.table.set_index("k").loc[4]
    assert chosen["chosen"]
    assert chosen["stability"] > 0.95
    assert (fitted.selection_.jaccard > 0.95).all()
    assert len({cluster.name for cluster in rule.clusters}) == 4
    assert any("the same for 100.0% of customers" in note for note in rule.notes)


def test_cluster_tiers_may_be_given() -> None:
    customers = make([(r + i, 1, c, None) for r, c in [(5, 90000), (90, 4000), (300, 100)] for i in range(9)])
    rule = Clusters(k=3, cluster_tiers=("A", "A", "C")).fit(customers).rule_
    assert tiers(rule, customers) == "A" * 18 + "C" * 9


def test_more_clusters_than_different_customers_are_said() -> None:
    customers = make([(1, 1, 100, None), (9, 2, 900, None)] * 5)
    rule = Clusters(k=4).fit(customers).rule_
    assert len(rule.clusters) == 2  # type: ignore[attr-defined]
    assert "4 clusters were asked for, but there are only 2 different customers." in rule.notes


def test_tiers_follow_the_shares_as_near_as_clusters_allow() -> None:
    assert tiers_by_share(np.array([5, 40, 55]), (0.2, 0.5), ("A", "B", "C")) == ["A", "B", "C"]
    assert tiers_by_share(np.array([50, 50]), (0.2, 0.5), ("A", "B", "C")) == ["A", "B"]
    assert tiers_by_share(np.array([10, 10, 10, 70]), (0.2, 0.5), ("A", "B", "C")) == ["A", "A", "B", "C"]


def test_silhouettes_are_those_of_scikit_learn() -> None:
    from sklearn.metrics import silhouette_score

    rows = np.random.default_rng(3).normal(size=(700, 3))
    rows[:200] += 4
    with one_thread():
        ends = [optima(rows, k, seed=0, starts=2)[0] for k in (2, 5)]
    expected = [silhouette_score(rows, end.labels) for end in ends]
    assert silhouettes(rows, [end.centres for end in ends]) == pytest.approx(expected, abs=0.002)


def test_above_fifty_thousand_customers_a_sample_is_fitted_and_said() -> None:
    generator = np.random.default_rng(0)
    count = 50_001
    customers = pd.DataFrame(
        {
            "recency_days": generator.integers(0, 365, count),
            "frequency": generator.geometric(0.3, count),
            "monetary": np.round(generator.lognormal(4, 1, count), 2),
        }
    )
    rule = Clusters(k=3).fit(customers).rule_
    assert sum(rule.counts.values()) == count
    assert rule.notes[0].startswith("Fitted on 25,001 of 50,001 customers: one in 2,")


# scorecard and predicted value


def test_a_scorecard_shares_out_what_is_missing_and_says_so() -> None:
    customers = spending(100.0, 50.0, 10.0, 5.0).assign(growth=[np.nan, 0.5, 0.1, -0.2])
    fitted = Scorecard({"monetary": {"weight": 3}, "growth": {"weight": 1}}).fit(customers)
    assert fitted.missing_ == {"monetary": 0, "growth": 1}
    assert "1 of 4 customers has no value of growth." in fitted.rule_.notes
    scores = fitted.rule_.apply(customers)["score"]
    assert scores.iloc[0] == pytest.approx(87.5 * 4)
    refused = Scorecard({"monetary": {}, "growth": {}}, missing="refuse").fit(customers).rule_
    assert refused.apply(customers)["tier"].isna().tolist() == [True, False, False, False]
    assert sum(refused.counts.values()) == 3


def test_a_scorecard_weighted_by_judgement() -> None:
    rows = [[1, 3], [1 / 3, 1]]
    rule = Scorecard({"monetary": {}, "frequency": {}}, pairwise=rows).fit(TEN).rule_
    assert isinstance(rule, PointsRule)
    assert [criterion.weight for criterion in rule.criteria] == pytest.approx([0.75, 0.25])


def test_predicted_value_ranks_those_who_spend_later() -> None:
    history = SmallHistory()
    origin = "2017-09"
    profile = history.profile(origin)
    scores = PredictedValue(months_ahead=1).fit(profile, history=history).score(profile)
    assert scores.shape == (len(profile),)
    assert np.corrcoef(scores, profile["monetary"])[0, 1] > 0.5


def test_predicted_value_needs_earlier_months() -> None:
    history = SmallHistory()
    with pytest.raises(DataError, match="no month end with 6 months before and 4 after it"):
        PredictedValue(months_ahead=4).fit(history.profile("2017-09"), history=history)
    with pytest.raises(ParameterError, match="months_ahead: expected 1 or more, not 0"):
        PredictedValue(months_ahead=0).fit(history.profile("2017-09"), history=history)
