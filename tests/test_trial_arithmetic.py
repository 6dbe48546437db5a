"""Captured, missed and wasted by hand, and the pro-rata rule for ties against brute force."""

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from segmentation.comparison.capture import Ranking, cost_of, measure, measure_random

# six customers: what they spent, and what they bought afterwards
SPEND = np.array([60.0, 50.0, 40.0, 30.0, 20.0, 10.0])
LATER = np.array([0.0, 10.0, 50.0, 0.0, 30.0, 10.0])


def test_choosing_two_of_six_by_spend_by_hand():
    found = measure(Ranking.of(SPEND), Ranking.of(LATER), LATER, 2)
    assert found.captured == 0.10
    assert found.captured_of_oracle == 0.10 / 0.80
    assert found.missed == 1.0
    assert found.wasted == 0.5


def test_a_tie_across_the_line_counts_in_part():
    scores = np.array([2.0, 1, 1, 1, 0, 0])  # one sure place and a third of each of the next three
    found = measure(Ranking.of(scores), Ranking.of(LATER), LATER, 2)
    assert found.captured == pytest.approx((0 + (10 + 50 + 0) / 3) / 100)
    assert found.missed == pytest.approx(1 - (1 / 3) / 2)


def test_equal_scores_are_ordered_by_spend_before_they_are_shared():
    scores = np.array([2.0, 1, 1, 1, 0, 0])
    assert Ranking.of(scores, SPEND).chosen(2).tolist() == [1, 1, 0, 0, 0, 0]


def test_the_true_top_is_shared_among_equals():
    later = np.array([5.0, 5.0, 5.0, 0.0])
    assert measure(Ranking.of(np.array([3.0, 2, 1, 0])), Ranking.of(later), later, 1).missed == pytest.approx(
        2 / 3
    )


def test_random_is_the_mean_of_every_order():
    truth = Ranking.of(LATER)
    orders = [
        measure(Ranking.of(np.array(order, dtype=float)), truth, LATER, 2) for order in permutations(range(6))
    ]
    assert measure_random(truth, LATER, 2) == pytest.approx(tuple(np.mean(orders, axis=0)))


def test_everyone_chosen_misses_nobody_and_wastes_nothing():
    assert measure(Ranking.of(SPEND), Ranking.of(LATER), LATER, 6) == (1.0, 1.0, 0.0, 0.0)
    assert measure_random(Ranking.of(LATER), LATER, 6) == (1.0, 1.0, 0.0, 0.0)


def test_cost_needs_both_prices():
    found = measure(Ranking.of(SPEND), Ranking.of(LATER), LATER, 2)
    assert cost_of(found, 1 / 3, 30, 3) == pytest.approx(1 / 3 * 30 + 2 / 3 * 0.5 * 3)
    assert np.isnan(cost_of(found, 1 / 3, 30, None))


small = st.integers(0, 3)


@given(st.lists(st.tuples(small, small), min_size=2, max_size=6), st.data())
@settings(max_examples=60, deadline=None)
def test_pro_rata_is_the_expectation_over_all_ways_to_break_ties(pairs, data):
    score, later = (np.array(column, dtype=float) for column in zip(*pairs))
    places = data.draw(st.integers(1, len(score) - 1))
    if not later.any():
        later[0] = 1.0
    n = len(score)
    ways = [np.array(p, dtype=float) for p in permutations(range(n))]
    found = measure(Ranking.of(score), Ranking.of(later), later, places)
    chosen = np.mean([Ranking.of(score, way).chosen(places) for way in ways], axis=0)
    top = np.mean([Ranking.of(later, way).chosen(places) for way in ways], axis=0)
    assert found.captured == pytest.approx(chosen @ later / later.sum())
    assert found.missed == pytest.approx(1 - chosen @ top / places)
    assert found.wasted == pytest.approx(found.missed * (places / n) / (1 - places / n))


@given(st.lists(st.tuples(small, small), min_size=1, max_size=12), st.floats(0.01, 1.0))
@settings(max_examples=100, deadline=None)
def test_the_curve_and_the_table_agree(pairs, share):
    score, later = (np.array(column, dtype=float) for column in zip(*pairs))
    later[0] += 1
    ranking, truth = Ranking.of(score), Ranking.of(later)
    places = share * len(score)
    found = measure(ranking, truth, later, places)
    assert ranking.captured_along(later, np.array([share]))[0] == pytest.approx(found.captured)
    assert ranking.chosen(places).sum() == pytest.approx(places)
    assert found.captured <= measure(truth, truth, later, places).captured + 1e-12


def test_a_ranking_under_another_is_that_of_both_keys():
    random = np.random.default_rng(0)
    spend = random.integers(0, 6, 200).astype(float)
    for first in (random.integers(0, 4, 200).astype(float), spend, -spend, random.normal(size=200)):
        assert Ranking.of(spend).under(first) == Ranking.of(first, spend)
