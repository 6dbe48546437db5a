"""P(tier): the parts where the truth is known, the whole held against the next window of real customers."""

import numpy as np
import pandas as pd
import pytest
from order_history import OrderHistory, cdnow

from segmentation import Study
from segmentation.comparison.chance_learning import LearnedChance, log_loss
from segmentation.comparison.chances import calibration_error, tier_chances
from segmentation.comparison.confidence import amount_cuts, graded, of_own_tier
from segmentation.comparison.own_spend import OwnSpend
from segmentation.comparison.reaching import reaches
from segmentation.comparison.returning import Known, Returning
from segmentation.comparison.season import season_factor
from segmentation.errors import DataError
from segmentation.methods import ABC, RFM, Threshold
from segmentation.methods.bg_nbd import BgNbd
from segmentation.questions import confidence

# CDNOW's spend (DEFINITIONS, golden figures)
P, Q, V = 6.25, 3.74, 15.44
MODEL = BgNbd(0.8, 60.0, 0.7, 2.4, 0.0)


def known(customers: int = 400, seed: int = 0) -> Known:
    random = np.random.default_rng(seed)
    age = random.uniform(1, 300, customers).round()
    repeats = random.poisson(random.gamma(0.8, 1 / 40, customers) * age).astype(float)
    recency = np.where(repeats > 0, np.ceil(age * random.uniform(size=customers)), 0.0)
    return Known(repeats, recency, age)


def simulated_orders(seed: int, customers: int = 1_500) -> pd.DataFrame:
    """Two years of orders: customers join in the first, order at their own rate and leave at their own."""
    random = np.random.default_rng(seed)
    joined = random.uniform(0, 360, customers)
    stays = random.exponential(1 / random.gamma(2.0, 0.05 / 30 / 2, customers))
    length = np.minimum(stays, 730 - joined)
    who = np.repeat(
        np.arange(customers), 1 + random.poisson(random.gamma(0.6, 0.4 / 30 / 0.6, customers) * length)
    )
    first = np.r_[True, who[1:] != who[:-1]]
    at = joined[who] + np.where(first, 0.0, length[who] * random.uniform(size=len(who)))
    amount = random.gamma(P, 1 / random.gamma(Q, 1 / V, customers)[who]).round(2)
    day = pd.Timestamp("2016-01-01") + pd.to_timedelta(np.floor(at), unit="D")
    return pd.DataFrame({"customer_id": np.char.add("c", who.astype(str)), "day": day, "amount": amount})


def held(history: OrderHistory, month: str, later: tuple[str, str]):
    """The chances, and of each customer what was said of the own tier and whether it came."""
    profile = history.profile(month)
    rule = ABC(share_of_value=(0.80, 0.95)).fit(profile).rule_
    said = tier_chances(history, month, rule)
    value = history.later_value(*later).set_index("customer_id")["value"]
    after = profile.assign(monetary=profile["customer_id"].map(value).fillna(0.0))
    tier, now = rule.apply(profile)["tier"], rule.apply(after)["tier"]
    now = now.mask(~profile["customer_id"].isin(value.index), "dormant")
    return said, of_own_tier(tier, said.chances), (now == tier).to_numpy(), (tier == "A").to_numpy()


@pytest.fixture(scope="module")
def cdnow_held():
    return held(OrderHistory(cdnow(), 9), "1997-09", ("1997-10", "1998-06"))


def test_on_cdnow_what_is_said_comes(cdnow_held):
    """With constant rates the error was .136, and of 732 called sure at .958 .776 came."""
    _, own, came, best = cdnow_held
    assert calibration_error(own, came) <= 0.06
    sure = best & (own >= 0.90)
    assert sure.any()
    said = own[sure].mean()
    assert abs(said - came[sure].mean()) <= 0.03 + 2 * np.sqrt(said * (1 - said) / sure.sum())


def test_without_an_earlier_window_the_windows_own_halves_choose(cdnow_held):
    models = cdnow_held[0].models.set_index("model")
    assert models["chosen"].sum() == 1
    assert set(models.index) == {"drop_out", "drift"}
    assert (models["origin"] == "1997-05").all()
    assert models.loc[models["chosen"], "log_loss"].iloc[0] == models["log_loss"].min()


def test_customers_who_leave_are_foreseen_where_an_earlier_window_is_known():
    found = [
        held(OrderHistory(simulated_orders(s, 3_000), 6), "2017-04", ("2017-05", "2017-10")) for s in range(3)
    ]
    own, came = (np.concatenate([one[k] for one in found]) for k in (1, 2))
    assert calibration_error(own, came) <= 0.03
    assert all(set(one[0].models["model"]) == {"drop_out", "drift", "learned"} for one in found)
    assert all(one[0].models["chosen"].sum() == 1 for one in found)


def test_rows_are_probabilities_of_the_profiles_customers(cdnow_held):
    chances = cdnow_held[0].chances
    assert list(chances.columns) == ["customer_id", "A", "B", "C", "dormant"]
    figures = chances.drop(columns="customer_id").to_numpy()
    assert (figures >= 0).all()
    assert figures.sum(axis=1) == pytest.approx(1.0)


def test_ids_and_the_order_of_rows_change_no_chance():
    orders = simulated_orders(5, 400)
    names = dict(zip(orders["customer_id"].unique(), np.random.default_rng(1).permutation(400).astype(str)))
    other = orders.assign(customer_id=orders["customer_id"].map(names)).sample(frac=1, random_state=1)
    one, two = (
        held(OrderHistory(o, 6), "2017-04", ("2017-05", "2017-10"))[0].chances for o in (orders, other)
    )
    one = one.assign(customer_id=one["customer_id"].map(names)).sort_values("customer_id", ignore_index=True)
    pd.testing.assert_frame_equal(one, two.sort_values("customer_id", ignore_index=True), rtol=1e-7)


def test_silence_for_twice_the_usual_time_is_never_sure():
    """Ten orders ten days apart: the longer the silence, the less likely another order."""
    silent = np.array([5.0, 20.0, 60.0, 120.0])
    customers = Known(np.full(4, 9.0), np.full(4, 90.0), 90.0 + silent)
    some = Returning(MODEL, 12.0).law(customers, 180.0).at_least_one()
    assert (np.diff(some) < 0).all()
    assert some[-1] < 0.5 < some[0]


@pytest.mark.parametrize("shock", [np.inf, 5.0])
def test_the_law_of_orders_adds_up(shock):
    law = Returning(MODEL, shock).law(known(), 90.0)
    chance = law.exactly(400)
    assert chance.sum(axis=1) == pytest.approx(law.at_least_one())


def test_the_law_has_the_expected_number_of_orders():
    """Fader, Hardie & Lee (2005), equation 10, against the sum over the law; and both in the limit a → 0."""
    customers = known()
    for model in (MODEL, MODEL._replace(a=0.0, b=1.0)):
        chance = Returning(model).law(customers, 90.0).exactly(600)
        mean = chance @ np.arange(1, 601)
        assert mean == pytest.approx(model.expected_orders(90.0, *customers), rel=1e-6)


def test_where_hardly_anybody_leaves_the_limit_is_near():
    customers = known()
    customers = customers._replace(recency=np.where(customers.repeats > 0, customers.age, 0.0))
    near, limit = (MODEL._replace(a=a, b=1.0) for a in (1e-9, 0.0))
    assert near.expected_orders(90, *customers) == pytest.approx(
        limit.expected_orders(90, *customers), rel=1e-4
    )


def test_the_population_of_spend_is_recovered():
    random = np.random.default_rng(1)
    money, orders = random.gamma(Q, 1 / V, 30_000), 1 + random.poisson(2, 30_000)
    who = np.repeat(np.arange(30_000), orders)
    each = random.gamma(P, 1 / money[who])
    fit = OwnSpend.fit(orders.astype(float), np.bincount(who, each), np.bincount(who, each**2))
    assert (fit.p, fit.q, fit.gamma) == pytest.approx((P, Q, V), rel=0.08)


def test_the_grid_of_amounts_is_as_good_as_every_amount():
    spend, amount = OwnSpend(P, Q, V), np.exp(np.linspace(0, 8, 600))
    law = Returning(MODEL, 8.0).law(Known(np.full(600, 3.0), np.full(600, 50.0), np.full(600, 80.0)), 90.0)
    orders, cuts = np.full(600, 4.0), np.array([200.0, 20.0])
    on_grid = reaches([law], spend, orders, amount, cuts)[0]
    one_by_one = [
        reaches([law.take(np.array([i]))], spend, orders[:1], amount[[i]], cuts)[0] for i in range(600)
    ]
    assert np.abs(on_grid - np.vstack(one_by_one)).max() < 2e-3


def test_more_spend_is_never_less_likely_to_be_key():
    amount = np.linspace(1, 500, 400)
    law = Returning(MODEL).law(Known(np.full(400, 1.0), np.full(400, 50.0), np.full(400, 80.0)), 90.0)
    found = reaches([law], OwnSpend(P, Q, V), np.full(400, 2.0), amount, np.array([100.0, 30.0]))[0]
    assert (np.diff(found[:, :2], axis=0) >= -1e-12).all()
    assert (found[:, 0] <= found[:, 1]).all()
    assert (found[:, 1] <= found[:, 2]).all()


def test_a_correction_learns_what_came_and_keeps_the_order_of_tiers():
    random = np.random.default_rng(0)
    reached = np.sort(random.uniform(size=(5_000, 3)), axis=1)
    true = reached**2  # everything is said too high
    drawn = random.uniform(size=(5_000, 1))
    came = (drawn > true).sum(axis=1)
    facts = random.normal(size=(5_000, 2))
    better = LearnedChance.fit(reached, facts, came).corrected(reached, facts)
    assert (np.diff(better, axis=1) >= 0).all()
    said, learned = (
        np.diff(np.column_stack([np.zeros(5_000), r, np.ones(5_000)])) for r in (reached, better)
    )
    assert log_loss(learned, came) < log_loss(said, came)
    assert np.abs(better.mean(axis=0) - true.mean(axis=0)).max() < 0.02


def test_a_season_is_told_only_from_two_years():
    double = {
        f"{year}-{m:02}": 100.0 * year / 2016 * (1 + (m > 9)) for year in (2016, 2017) for m in range(1, 13)
    }
    assert season_factor(double, "2017-12", 12) is None
    assert season_factor(double, "2017-11", 3) is None
    assert season_factor(double, "2017-12", 3) == pytest.approx(0.5, rel=0.01)


def test_only_rules_on_spend_alone_have_probabilities():
    history = OrderHistory(simulated_orders(7, 300), 6)
    profile = history.profile("2017-04")
    assert amount_cuts(RFM().fit(profile).rule_) is None
    assert amount_cuts(Threshold(cuts=(5, 2), column="frequency").fit(profile).rule_) is None
    assert amount_cuts(Threshold(cuts=(5, 2)).fit(profile).rule_) == (5.0, 2.0)
    with pytest.raises(DataError, match="looks at more than spend"):
        tier_chances(history, "2017-04", RFM().fit(profile).rule_)


def test_customers_who_are_all_alike_have_chances_all_the_same():
    days = pd.to_datetime(["2017-01-05", "2017-02-05", "2017-03-05"])
    orders = pd.DataFrame([(f"c{i}", day, 10.0) for i in range(5) for day in days])
    orders.columns = ["customer_id", "day", "amount"]
    history = OrderHistory(orders, 3)
    rule = Threshold(cuts=(20, 10)).fit(history.profile("2017-03")).rule_
    chances = tier_chances(history, "2017-03", rule).chances.drop(columns="customer_id").to_numpy()
    assert np.isfinite(chances).all()
    assert (chances == chances[0]).all()
    assert chances.sum(axis=1) == pytest.approx(1.0)


def test_grades_by_hand():
    chances = pd.DataFrame(
        {"customer_id": list("abcde"), "A": [0.9, 0.6, 0.5, 0.1, 0.3], "B": [0.1, 0.4, 0.5, 0.9, 0.7]}
    )
    tiers = pd.Series(["A", "A", "A", "A", "B"])
    assert of_own_tier(tiers, chances).tolist() == [0.9, 0.6, 0.5, 0.1, 0.7]
    table = graded(tiers, chances, ["A", "B", "C"]).set_index("tier")
    assert table.loc["A"].tolist() == [4, 1, 1, 1, 1, pytest.approx(0.525)]
    assert table.loc["B"].tolist() == [1, 0, 1, 0, 0, 0.7]


def test_nobody_who_is_silent_for_twice_the_usual_time_is_called_sure(tmp_path):
    """Constant rates said 99.3 % of such a customer of the demo."""
    given = {"orders": "demo:complete-journey", "month": "2017-12", "window_months": 6}
    study = Study.open({**given, "methods": ["ABC"], "store": str(tmp_path)})
    tiered = study.scored().merge(confidence.chances(study), on="customer_id")
    silent = (tiered["recency_days"] > 2 * tiered["mean_gap_days"]) & (tiered["recency_days"] > 30)
    watched = tiered[silent & (tiered["tier"] == "A")]
    assert len(watched) >= 10
    assert watched["A"].max() < 0.9
    assert 0.4 < watched["A"].mean() < 0.8
