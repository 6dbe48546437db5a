"""Do tiers hold still: under resampling, from month to month, and under other defensible choices?"""

from dataclasses import fields

import numpy as np
import pandas as pd
import pytest
from order_history import Column, OrderHistory

from segmentation import months
from segmentation.comparison.choices import choices, on_window
from segmentation.comparison.sensitivity import Sensitivity, sensitivity
from segmentation.comparison.stability import Stability, month_to_month, stability
from segmentation.methods import ABC, RFM, Clusters, Scorecard, Threshold
from segmentation.study.store import Store

NAMES = ["A", "B", "C"]


def generated(customers: int, seed: int = 0) -> pd.DataFrame:
    random = np.random.default_rng(seed)
    frequency = 1 + random.poisson(random.gamma(0.8, 2.0, customers))
    profile = pd.DataFrame(
        {
            "customer_id": [f"c{i:04d}" for i in range(customers)],
            "recency_days": random.integers(0, 180, customers) // frequency,
            "frequency": frequency,
            "monetary": (frequency * random.lognormal(3, 0.7, customers)).round(2),
        }
    )
    profile.attrs = {"as_of": "2017-12", "window_months": 6}
    return profile


PROFILE = generated(600)


def test_rules_that_learn_nothing_have_no_steadiness_and_learned_ones_move_little():
    found = stability({"Threshold": Threshold(cuts=(200, 50)), "ABC": ABC()}, PROFILE, NAMES, resamples=20)
    assert set(found.tiers["method"]) == set(found.steadiness["method"]) == {"ABC"}
    assert found.failures.empty
    table = found.tiers.set_index(["method", "tier"])
    assert (table["verdict"] == "").all()  # Hennig's words are for clusters
    assert (table.loc["ABC", "jaccard"] > 0.85).all()
    assert (table.loc["ABC", "jaccard"] < 1.0).all()
    assert (table["low"] <= table["jaccard"]).all()
    assert table.loc["ABC", "customers"].sum() == len(PROFILE)


def test_steadiness_is_one_far_from_the_line_and_less_near_it():
    found = stability({"ABC": ABC()}, PROFILE, NAMES, resamples=40)
    steady = found.steadiness.set_index("customer_id")
    assert steady[NAMES].sum(axis=1).to_numpy() == pytest.approx(1.0)
    ranked = PROFILE.sort_values("monetary", ascending=False)["customer_id"]
    assert steady.loc[ranked.iloc[0], "A"] == 1.0
    assert steady.loc[ranked.iloc[-1], "C"] == 1.0
    rule = ABC().fit(PROFILE).rule_
    last_of_a = PROFILE.loc[PROFILE["monetary"] == rule.tier_cuts[0], "customer_id"].iloc[0]
    assert 0.2 < steady.loc[last_of_a, "A"] < 0.9


def test_ids_and_row_order_do_not_matter():
    other = PROFILE.assign(customer_id="k" + PROFILE["customer_id"].str[::-1])
    other = other.sort_values("customer_id", ignore_index=True)
    methods = {"ABC": ABC(), "RFM": RFM()}
    one, two = (stability(methods, p, NAMES, resamples=10) for p in (PROFILE, other))
    pd.testing.assert_frame_equal(one.tiers, two.tiers)


def test_clusters_keep_the_number_they_chose():
    found = stability({"Clusters": Clusters(candidates=(3, 4))}, PROFILE, NAMES, resamples=10)
    assert found.failures.empty
    assert (found.tiers["jaccard"] > 0.5).all()


def test_a_rule_that_is_given_is_not_learned_again():
    rule = Clusters(k=3).fit(PROFILE).rule_
    given = stability({"Clusters": Clusters()}, PROFILE, NAMES, resamples=5, rules={"Clusters": rule})
    learned = stability({"Clusters": Clusters(k=3)}, PROFILE, NAMES, resamples=5)
    pd.testing.assert_frame_equal(given.tiers, learned.tiers)


class Unsteady:
    """A method whose scores are noise from the customers it saw."""

    def fit(self, profile):
        self.turn_ = int(profile["monetary"].sum() * 100) % 97
        return self

    def score(self, profile):
        return np.random.default_rng(self.turn_).uniform(size=len(profile))


def test_a_scorecard_with_texts_is_learned_again_too():
    criteria = {"monetary": {}, "type": {"categories": {"shop": 80, "club": 20}}}
    customers = PROFILE.assign(type=np.where(PROFILE["frequency"] > 2, "shop", "club"))
    customers["first_order"] = pd.Timestamp("2017-01-01")
    found = stability({"card": Scorecard(criteria)}, customers, NAMES, resamples=5)
    assert found.failures.empty
    assert (found.tiers["jaccard"] > 0.8).all()


def test_a_method_that_follows_noise_is_dissolved():
    found = stability({"noise": Unsteady()}, PROFILE, NAMES, resamples=20)
    assert (found.tiers["jaccard"] <= 0.5).all()
    # two random fifths overlap in a fifth: 0.2² / (0.4 - 0.2²) = 1/9
    assert found.tiers.set_index("tier").loc["A", "jaccard"] == pytest.approx(1 / 9, abs=0.03)


class Breaks:
    def fit(self, profile):
        raise ValueError("too few")


def test_a_method_that_fails_is_named_and_the_others_go_on():
    found = stability({"bad": Breaks(), "ABC": ABC()}, PROFILE, NAMES, resamples=3)
    assert found.failures.to_numpy().tolist() == [["bad", "ValueError: too few"]]
    assert set(found.tiers["method"]) == {"ABC"}
    assert stability({"bad": Breaks()}, PROFILE, NAMES, resamples=3).tiers.empty


@pytest.mark.parametrize(
    "profile",
    [PROFILE.iloc[:1], PROFILE.iloc[:3], PROFILE.assign(monetary=5.0, frequency=1, recency_days=3)],
    ids=["one customer", "three", "all equal"],
)
def test_small_and_equal_populations(profile):
    profile = profile.reset_index(drop=True)
    found = stability({"ABC": ABC(), "RFM": RFM()}, profile, NAMES, resamples=5)
    assert found.failures.empty
    assert found.tiers["jaccard"].dropna().between(0, 1).all()


def history(**tiers: str) -> dict[str, pd.DataFrame]:
    span = months.span("2017-01", "2017-12")[: len(next(iter(tiers.values())))]
    return {
        month: pd.DataFrame(
            [(name, letters[i]) for name, letters in tiers.items() if letters[i] != "."],
            columns=["customer_id", "ABC"],
        )
        for i, month in enumerate(span)
    }


def test_changes_and_reversals_by_hand():
    table = month_to_month(history(a="ABA", b="BBC", c="AB.", d="CBB", e=".AA")).set_index("month")
    # January to February: a, c and d move and e comes in; of these only a is back in March
    assert table.loc["2017-02", ["customers", "changed", "reversed"]].tolist() == [5, 4, 1]
    assert table.loc["2017-02", "share_reversed"] == 0.25
    # a and b move, c goes dormant
    assert table.loc["2017-03", ["customers", "changed", "share_changed"]].tolist() == [5, 3, 0.6]
    assert np.isnan(table.loc["2017-03", "reversed"])
    assert month_to_month({}).empty
    assert month_to_month(history(a="A")).empty


def test_a_longer_window_changes_less_from_month_to_month():
    random = np.random.default_rng(4)
    rate = random.gamma(1.0, 1.5, 400)
    rows = [
        (f"c{who:03d}", pd.Timestamp(f"{month}-15"), float(random.lognormal(3, 0.5)))
        for month in months.span("2016-01", "2017-12")
        for who in np.repeat(np.arange(400), random.poisson(rate))
    ]
    orders = pd.DataFrame(rows, columns=["customer_id", "day", "amount"])
    share = {}
    for window in (1, 3, 6):
        past = OrderHistory(orders, window)
        tiers = {}
        for month in months.span("2017-07", "2017-12"):
            profile = past.profile(month)
            tiers[month] = ABC().fit(profile).rule_.apply(profile)[["customer_id", "tier"]]
        share[window] = month_to_month(tiers)["share_changed"].mean()
    assert share[1] > 1.5 * share[3] > 2 * share[6]


# -- other defensible choices


def test_choices_follow_from_the_options():
    def labels(method) -> list[str]:
        return list(choices(method, "M", PROFILE, NAMES))

    assert labels(ABC()) == ["as set", "cut -10 %", "cut +10 %"]
    assert labels(ABC(limits="data")) == ["as set"]
    assert labels(Threshold(cuts=(200, 50))) == ["as set", "cut -10 %", "cut +10 %"]
    assert labels(RFM()) == ["as set", "cut -10 %", "cut +10 %", "k -1", "k +1", "mean", "median"]
    assert labels(RFM(scores=9, cuts="quantile"))[3:] == ["k -1", "mean", "median"]
    assert labels(RFM(segments="eight", cuts="mean")) == ["as set", "median"]
    assert labels(Clusters(k=4)) == ["as set", "no log", "k -1", "k +1"]
    assert labels(Scorecard(criteria={"monetary": {"weight": 1}}))[:1] == ["as set"]
    assert labels(Column("monetary")) == ["as set"]


def test_the_line_of_the_best_tier_moves_by_ten_percent():
    found = choices(ABC(share_of_value=(0.8, 0.95)), "ABC", PROFILE, NAMES)
    assert found["cut -10 %"].share_of_value == pytest.approx((0.72, 0.95))
    assert found["cut +10 %"].share_of_value == pytest.approx((0.875, 0.95))  # not beyond the next line
    assert found["as set"].share_of_value == (0.8, 0.95)


def test_fixed_cuts_grow_with_the_window_where_amounts_add_up():
    method = Threshold(cuts=(200, 50))
    assert on_window(method, 0.5).cuts == [100.0, 25.0]
    assert on_window(Threshold(cuts=(10, 30), column="recency_days"), 0.5).cuts == (10, 30)
    assert on_window(method, 1) is method


@pytest.fixture(scope="module")
def varied() -> Sensitivity:
    methods = {"ABC": ABC(), "RFM": RFM(), "Clusters": Clusters(k=4), "Threshold": Threshold(cuts=(200, 50))}
    half = PROFILE.iloc[::2].reset_index(drop=True).assign(monetary=lambda p: p["monetary"] / 2)
    return sensitivity(methods, {6: PROFILE, 3: half}, NAMES, window_months=6)


def test_every_choice_is_compared_with_the_method_as_set(varied):
    table = varied.specifications
    assert varied.failures.empty
    assert 20 <= len(table) <= 50
    base = table[table["base"]]
    assert base["method"].tolist() == ["ABC", "RFM", "Clusters", "Threshold"]
    assert (base["kept"] == 1).all()
    assert (base["window_months"] == 6).all()
    wider = table.query("method == 'ABC' and choice == 'cut +10 %' and window_months == 6").iloc[0]
    assert wider["kept"] == 1.0
    assert wider["common"] < 1.0
    fixed = table.query("method == 'Threshold' and choice == 'as set' and window_months == 3").iloc[0]
    assert fixed["customers"] == 300
    assert 0.3 < fixed["kept"] < 0.7  # half of the customers, half the money, half the cuts


def test_the_core_is_in_the_best_tier_almost_always(varied):
    core = varied.customers[varied.customers["core"]]
    assert (core["share_top"] >= 0.9).all()
    assert (varied.customers["share_top"] > 0).all()
    # only who is in the three-month window too can be in it in 90 % of the specifications
    assert set(core["customer_id"]) <= set(PROFILE["customer_id"].iloc[::2])
    assert len(core) >= 5


def test_a_method_that_fails_has_no_specifications():
    found = sensitivity({"bad": Breaks(), "ABC": ABC()}, {6: PROFILE}, NAMES, window_months=6)
    assert set(found.specifications["method"]) == {"ABC"}
    assert found.failures[["method", "choice"]].to_numpy().tolist() == [["bad", "as set"]]
    assert sensitivity({"bad": Breaks()}, {6: PROFILE}, NAMES, window_months=6).customers.empty


@pytest.mark.parametrize("kind", [Sensitivity, Stability])
def test_frames_survive_a_store(varied, tmp_path, kind):
    steady = stability({"ABC": ABC()}, PROFILE, NAMES, resamples=3)
    made = {
        field.name: getattr(varied if kind is Sensitivity else steady, field.name) for field in fields(kind)
    }
    Store(tmp_path).frames("made", 1, lambda: made)
    back = kind(**Store(tmp_path).frames("made", 1, lambda: pytest.fail("it was kept")))
    for name, table in made.items():
        pd.testing.assert_frame_equal(getattr(back, name), table, check_dtype=False)
