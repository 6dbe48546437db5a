"""Heavy tails, large customers and copies: what an interval and a capacity may not pretend."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from order_history import Column, OrderHistory
from test_trial import METHODS, generated, ran
from test_trial_intervals import contest

from segmentation.comparison.capture import Ranking
from segmentation.comparison.differences import compared
from segmentation.comparison.tail import tail_index
from segmentation.comparison.trial import trial
from segmentation.errors import ParameterError
from segmentation.methods import ABC


@pytest.mark.parametrize("index", [1.25, 2.0, 5.0])
def test_the_tail_index_of_a_pareto_law(index):
    amounts = np.random.default_rng(1).pareto(index, 50_000) + 1
    assert tail_index(amounts) == pytest.approx(index, rel=0.1)
    assert tail_index(amounts * 100) == pytest.approx(tail_index(amounts))


def test_few_amounts_have_no_tail_index_and_equal_ones_no_tail():
    assert np.isnan(tail_index(np.append(np.zeros(50), np.arange(1.0, 20.0))))
    assert tail_index(np.ones(100)) == np.inf


@given(st.lists(st.integers(0, 4), min_size=2, max_size=12), st.data())
@settings(max_examples=60, deadline=None)
def test_a_ranking_without_a_customer_is_the_ranking_of_the_others(scores, data):
    row = data.draw(st.integers(0, len(scores) - 1))
    left = np.delete(np.array(scores, dtype=float), row)
    found, fresh = Ranking.of(np.array(scores, dtype=float)).without(row), Ranking.of(left)
    assert found.groups.tolist() == fresh.groups.tolist()


def heavy(seed: int, n: int = 200) -> dict[str, np.ndarray]:
    """Two methods of equal merit; spend with the tail index 1.2."""
    random = np.random.default_rng(seed)
    worth = random.pareto(1.2, n) + 1
    return {
        "later": worth * random.lognormal(0, 0.3, n),
        "official": worth * random.lognormal(0, 1.5, n),
        "other": worth * random.lognormal(0, 1.5, n),
    }


def differences(one, capacity=0.05, **options) -> pd.DataFrame:
    settings = {"seed": 0, "draws": 200, "bootstrap_at_most": 50_000}
    found, _, _ = compared([one], [capacity], ["official", "other"], "official", **{**settings, **options})
    return found[found["origin"] == "all"].set_index(["measure", "method"])


def test_equal_methods_are_hardly_ever_called_different_under_heavy_tails():
    tables = [differences(contest(**heavy(seed))) for seed in range(100)]
    called = [table.loc[("captured", "other"), "clear"] for table in tables]
    assert np.mean(called) <= 0.06


def test_no_interval_goes_beyond_what_is_possible():
    for seed in range(20):
        table = differences(contest(**heavy(seed, 40)))
        rivals = table.drop(index="random", level="method")
        assert rivals[["low", "high", "low_all", "high_all"]].abs().to_numpy().max() <= 1
        assert (table["low_all"] <= table["difference"]).all()
        assert (table["high_all"] >= table["difference"]).all()


def test_a_lead_that_one_customer_makes_does_not_hold_without_it():
    later, rest = np.ones(100), np.arange(100.0)
    later[0] = 1_000.0
    official = np.where(np.arange(100) == 0, 200.0, rest)
    table = differences(contest(later, official=official, other=rest), 0.2)
    assert table.loc[("captured", "other"), "difference"] < -0.8
    assert abs(table.loc[("captured", "other"), "without_largest"]) < 0.02
    assert not table.loc[("captured", "other"), ["clear", "holds"]].any()


def test_the_official_capacity_is_the_best_tiers_size_at_each_origin():
    methods = {"ABC": ABC(), "F": Column("frequency")}
    found = ran(generated(), methods, capacity=["official", 0.2])
    sizes = found.results[found.results["capacity"] == "official"].drop_duplicates("origin")
    history_sizes = []
    history = OrderHistory(generated(), 3)
    for origin in sizes["origin"]:
        profile = history.profile(origin)
        history_sizes.append((ABC().fit(profile).rule_.apply(profile)["tier"] == "A").sum())
    assert sizes["chosen"].tolist() == history_sizes
    assert len(set(history_sizes)) > 1


def test_copies_are_marked_where_they_choose_the_same_customers():
    copy = {**METHODS, "copy": Column("monetary")}
    found = ran(generated(), copy, capacity=[0.2])
    same = found.differences[found.differences["same"].astype(bool)]
    assert set(same["method"]) == {"copy", "spend"}
    assert (same["difference"] == 0).all()


def test_a_hiatus_that_cannot_occur_is_left_out():
    assert "hiatus" in set(ran(generated()).pooled["method"])
    assert "hiatus" not in set(ran(generated(), hiatus_days=120).pooled["method"])


def test_another_word_for_a_capacity_is_refused():
    with pytest.raises(ParameterError, match="capacity: 'all' is neither 'official'"):
        trial(None, METHODS, official="ABC", capacity="all")  # type: ignore[arg-type]
