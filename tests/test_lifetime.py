"""Lifetime value learns from all customers known, and a failure is told."""

import numpy as np
import pandas as pd
import pytest
from order_history import OrderHistory, cdnow

from segmentation.comparison.learning import Past, learn
from segmentation.errors import DataError
from segmentation.methods.bg_nbd import BgNbd
from segmentation.methods.lifetime import LifetimeValue


def customers(history: OrderHistory, month: str) -> pd.DataFrame:
    """A profile with the columns of the real one that lifetime value reads."""
    profile = history.profile(month)
    days = profile["customer_id"].map(history.order_histories(month, 99).set_index("customer_id")["days"])
    end = profile["last_order"] + pd.to_timedelta(profile["recency_days"], unit="D")
    return profile.assign(
        average_order=profile["monetary"] / profile["frequency"],
        tenure_days=(end - profile["first_order"]).dt.days,
        mean_gap_days=(profile["last_order"] - profile["first_order"]).dt.days / (days - 1).where(days > 1),
    )


def test_orders_of_cdnow_are_forecast_within_five_per_cent():
    """Fitted to the window's customers only, 14,277 orders were forecast; 9,310 came (six months ahead)."""
    history = OrderHistory(cdnow(), 6)
    profile = customers(history, "1997-12")
    fitted = LifetimeValue(months_ahead=6).fit(profile, Past(history, "1997-12"))
    known = history.order_histories("1997-12", 6).set_index("customer_id").loc[profile["customer_id"]]
    recency = (known["last_order"] - known["first_order"]).dt.days.to_numpy(dtype=float)
    age = (pd.Timestamp("1997-12-31") - known["first_order"]).dt.days.to_numpy(dtype=float)
    ahead = 6 * 365.25 / 12
    orders = fitted.purchases_.expected_orders(ahead, known["days"].to_numpy(dtype=float) - 1, recency, age)
    assert orders.sum() == pytest.approx(9310, rel=0.05)
    score = fitted.score(profile)
    assert (score >= 0).all()
    assert np.isfinite(score).all()


def test_it_learns_from_all_customers_known_not_from_those_of_the_window():
    history = OrderHistory(cdnow(), 3)
    profile = customers(history, "1997-12")
    fitted = LifetimeValue().fit(profile, Past(history, "1997-12")).purchases_
    other = OrderHistory(cdnow(), 6)
    assert fitted == LifetimeValue().fit(customers(other, "1997-12"), Past(other, "1997-12")).purchases_
    assert fitted.a / (fitted.a + fitted.b) > 0.1
    assert LifetimeValue().fit(profile).purchases_.a != fitted.a


def test_where_nobody_leaves_the_model_is_the_nbd():
    random = np.random.default_rng(0)
    age = random.uniform(100, 400, 5_000)
    repeats = random.poisson(random.gamma(3.0, 0.01, 5_000) * age).astype(float)
    recency = np.where(repeats > 0, age * random.uniform(size=5_000) ** (1 / np.maximum(repeats, 1)), 0.0)
    fitted = BgNbd.fit(repeats, recency, age)
    assert fitted.a / (fitted.a + fitted.b) < 0.01
    assert fitted.r / fitted.alpha == pytest.approx(0.03, rel=0.05)
    assert (fitted.expected_orders(90.0, repeats, recency, age) > 0).all()


def test_the_unit_of_time_changes_nothing():
    random = np.random.default_rng(2)
    age = random.uniform(10, 300, 800).round()
    repeats = random.poisson(0.02 * age).astype(float)
    recency = np.where(repeats > 0, (age * random.uniform(size=800)).round(), 0.0)
    days, weeks = BgNbd.fit(repeats, recency, age), BgNbd.fit(repeats, recency / 7, age / 7)
    assert days.alpha / 7 == pytest.approx(weeks.alpha, rel=1e-3)
    assert days.log_likelihood + repeats.sum() * np.log(7) == pytest.approx(weeks.log_likelihood, rel=1e-6)


def test_values_that_are_no_values_are_a_failure_that_is_told():
    history = OrderHistory(cdnow(), 6)
    profile = customers(history, "1997-12")
    fitted = LifetimeValue().fit(profile, Past(history, "1997-12"))
    fitted.spend_ = fitted.spend_._replace(p=0.01, q=0.5)  # no mean spend exists
    with pytest.raises(DataError, match="negative or not finite"):
        fitted.score(profile)


def test_nobody_who_came_back_is_an_error():
    profile = customers(OrderHistory(cdnow(), 1), "1997-02")
    once = profile.assign(last_order=profile["first_order"], mean_gap_days=np.nan)
    with pytest.raises(DataError, match="LifetimeValue: no customer has ordered on two days"):
        LifetimeValue().fit(once)


def test_a_trial_hands_it_the_past():
    history = OrderHistory(cdnow(), 6)
    profile = customers(history, "1997-12")
    learned = learn(LifetimeValue(), "Lifetime value", profile, past=Past(history, "1997-12"))
    assert learned.scores(profile).shape == (len(profile),)
