"""P(tier) is a probability: calibrated where the truth is known, and sensible by hand."""

import numpy as np
import pandas as pd
import pytest
from scipy.special import gammaincc
from scipy.stats import poisson

from segmentation.comparison.confidence import amount_cuts, graded, of_own_tier, tier_probabilities
from segmentation.comparison.own_rate import OwnRate
from segmentation.errors import DataError
from segmentation.methods import ABC, RFM, Threshold

# an order every four months on average, very unequal; CDNOW's spend (DEFINITIONS, golden figures)
RATE_SHAPE, RATE = 0.6, 2.25
P, Q, V = 6.25, 3.74, 15.44


def window(random, rate, money):
    count = random.poisson(rate)
    who = np.repeat(np.arange(len(rate)), count)
    each = np.round(random.gamma(P, 1 / money[who]), 2)
    sums = [np.bincount(who, weights, minlength=len(rate)) for weights in (None, each, each**2)]
    return pd.DataFrame(dict(zip(("orders", "amount", "amount_squared"), sums)))


def population(customers, seed):
    random = np.random.default_rng(seed)
    rate = random.gamma(RATE_SHAPE, RATE / RATE_SHAPE, customers)
    money = random.gamma(Q, 1 / V, customers)
    seen = window(random, rate, money)
    known = (seen["orders"] > 0).to_numpy()
    moments = seen[known].reset_index(drop=True)
    moments.insert(0, "customer_id", [f"c{i}" for i in range(len(moments))])
    profile = moments[["customer_id"]].assign(
        monetary=moments["amount"].round(2), frequency=moments["orders"], recency_days=1
    )
    return rate[known], money[known], profile, moments


def true_chances(rate, money, cuts):
    count = np.arange(1, 200)
    chance = poisson.pmf(count, rate[:, None])
    reach = [(chance * gammaincc(P * count, money[:, None] * cut)).sum(axis=1) for cut in cuts]
    return np.diff(np.column_stack([np.zeros(len(rate)), *reach, chance.sum(axis=1)]), axis=1)


@pytest.fixture(scope="module")
def simulated():
    found = []
    for seed in range(3):
        rate, money, profile, moments = population(20_000, seed)
        rule = ABC().fit(profile).rule_
        chances = tier_probabilities(profile, moments, rule)
        found.append((chances, true_chances(rate, money, amount_cuts(rule))))
    return found


@pytest.mark.parametrize("tier", [0, 1, 2])
def test_probabilities_are_calibrated_where_the_rates_are_known(simulated, tier):
    said = np.concatenate([chances.iloc[:, 1 + tier] for chances, _ in simulated])
    true = np.concatenate([truth[:, tier] for _, truth in simulated])
    bins = np.minimum((said * 10).astype(int), 9)
    full = [b for b in range(10) if (bins == b).sum() >= 200]
    assert len(full) >= 5
    for b in full:
        assert abs(said[bins == b].mean() - true[bins == b].mean()) <= 0.03, b


def test_rows_are_probabilities(simulated):
    for chances, _ in simulated:
        table = chances.drop(columns="customer_id").to_numpy()
        assert list(chances.columns) == ["customer_id", "A", "B", "C", "dormant"]
        assert (table >= 0).all()
        assert table.sum(axis=1) == pytest.approx(1.0)


def test_the_population_is_recovered():
    _, _, _, moments = population(60_000, 1)
    fit = OwnRate.fit(*(moments[name].to_numpy() for name in ("orders", "amount", "amount_squared")))
    assert fit.r == pytest.approx(RATE_SHAPE, rel=0.1)
    assert fit.r / fit.alpha == pytest.approx(RATE, rel=0.05)
    assert (fit.p, fit.q, fit.gamma) == pytest.approx((P, Q, V), rel=0.08)


def test_the_grid_of_amounts_is_as_good_as_every_amount():
    fit = OwnRate(0.6, 0.27, P, Q, V)
    amount = np.exp(np.linspace(0, 8, 1000))
    on_grid = fit.reaches(np.ones(1000), amount, np.array([200.0, 20.0]))
    one_by_one = np.vstack(
        [fit.reaches(np.ones(1), amount[i : i + 1], np.array([200.0, 20.0])) for i in range(1000)]
    )
    assert np.abs(on_grid - one_by_one).max() < 2e-3


def test_more_spend_is_never_less_likely_to_be_key():
    _, _, profile, moments = population(5_000, 3)
    chances = tier_probabilities(profile, moments, Threshold(cuts=(100, 30)).fit(profile).rule_)
    once = moments["orders"] == 1
    ranked = chances[once].assign(amount=moments["amount"]).sort_values("amount")
    assert (np.diff(ranked["A"]) >= -1e-12).all()


def test_another_currency_unit_gives_the_same_probabilities():
    _, _, profile, moments = population(3_000, 4)
    cents = moments.assign(amount=moments["amount"] * 100, amount_squared=moments["amount_squared"] * 1e4)
    rule, rule_100 = (
        Threshold(cuts=(100 * f, 30 * f)).fit(profile.assign(monetary=profile["monetary"] * f)).rule_
        for f in (1, 100)
    )
    one = tier_probabilities(profile, moments, rule)
    other = tier_probabilities(profile.assign(monetary=profile["monetary"] * 100), cents, rule_100)
    assert one["A"].to_numpy() == pytest.approx(other["A"].to_numpy(), abs=1e-4)


def test_returns_come_off():
    _, _, profile, moments = population(3_000, 5)
    rule = Threshold(cuts=(100, 30)).fit(profile).rule_
    net = profile.assign(monetary=profile["monetary"] * 0.8)
    assert (
        tier_probabilities(net, moments, rule)["A"].mean()
        < tier_probabilities(profile, moments, rule)["A"].mean()
    )


@pytest.mark.parametrize(
    ("orders", "amount"),
    [([1, 1, 1, 1], [10.0, 10, 10, 10]), ([5, 5, 5, 5], [50.0, 50, 50, 50]), ([1], [5.0])],
)
def test_customers_who_are_all_alike_give_probabilities_all_the_same(orders, amount):
    moments = pd.DataFrame(
        {"customer_id": [f"c{i}" for i in range(len(orders))], "orders": orders, "amount": amount}
    )
    moments["amount_squared"] = moments["amount"] ** 2 / moments["orders"]
    profile = moments[["customer_id"]].assign(monetary=moments["amount"])
    table = tier_probabilities(profile, moments, Threshold(cuts=(20, 10)).fit(profile).rule_)
    chances = table.drop(columns="customer_id").to_numpy()
    assert np.isfinite(chances).all()
    assert (chances == chances[0]).all()
    assert chances.sum(axis=1) == pytest.approx(1.0)


def test_a_customer_without_a_positive_order_is_expected_to_do_as_the_population_does():
    _, _, profile, moments = population(1_000, 6)
    stranger = pd.DataFrame({"customer_id": ["z"], "monetary": [-5.0]})
    more = pd.concat([profile, stranger], ignore_index=True)
    chances = tier_probabilities(more, moments, ABC().fit(profile).rule_)
    assert chances.iloc[-1]["dormant"] > chances["dormant"].mean()


def test_only_rules_on_spend_alone_have_probabilities():
    _, _, profile, moments = population(1_000, 7)
    assert amount_cuts(RFM().fit(profile).rule_) is None
    assert amount_cuts(Threshold(cuts=(5, 2), column="frequency").fit(profile).rule_) is None
    assert amount_cuts(Threshold(cuts=(5, 2)).fit(profile).rule_) == (5.0, 2.0)
    with pytest.raises(DataError, match="looks at more than spend"):
        tier_probabilities(profile, moments, RFM().fit(profile).rule_)
    with pytest.raises(DataError, match="no customer has an order above zero"):
        tier_probabilities(profile, moments.iloc[:0], ABC().fit(profile).rule_)


def test_grades_by_hand():
    chances = pd.DataFrame(
        {"customer_id": list("abcde"), "A": [0.9, 0.6, 0.5, 0.1, 0.3], "B": [0.1, 0.4, 0.5, 0.9, 0.7]}
    )
    tiers = pd.Series(["A", "A", "A", "A", "B"])
    assert of_own_tier(tiers, chances).tolist() == [0.9, 0.6, 0.5, 0.1, 0.7]
    table = graded(tiers, chances, ["A", "B", "C"]).set_index("tier")
    assert table.loc["A"].tolist() == [4, 1, 1, 1, 1, pytest.approx(0.525)]
    assert table.loc["B"].tolist() == [1, 0, 1, 0, 0, 0.7]
    assert table.loc["C", "customers"] == 0
