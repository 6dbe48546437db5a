"""Intervals: every draw is a trial of its own, both kinds agree, and many contestants make no winner."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from segmentation.comparison.capture import Ranking, measure
from segmentation.comparison.contest import Contest
from segmentation.comparison.draws import bootstrap, influence
from segmentation.comparison.intervals import compare, winner
from segmentation.comparison.lines import Line


def contest(later: np.ndarray, origin: str = "2020-06", ids=None, **scores: np.ndarray) -> Contest:
    customers = pd.Index([f"c{i}" for i in range(len(later))] if ids is None else ids)
    rankings = {name: Ranking.of(score) for name, score in scores.items()}
    return Contest(origin, customers, later, rankings, Ranking.of(later), len(later) // 5)


def point(contests: list[Contest], capacity: float) -> np.ndarray:
    found = []
    for one in contests:
        measures = [
            measure(r, one.truth, one.later_value, one.places(capacity)) for r in one.rankings.values()
        ]
        found.append([(m.captured, m.missed) for m in measures])
    return np.array(found)


def anything(contests: list[Contest]) -> np.ndarray:
    """No end to what is possible."""
    return np.broadcast_to(np.array([-np.inf, np.inf]), (len(contests), 2, 2))


small = st.integers(0, 3)


@given(
    st.lists(st.tuples(small, small, small), min_size=3, max_size=12),
    st.floats(0.05, 0.95),
    st.integers(0, 2**31),
)
@settings(max_examples=80, deadline=None)
def test_a_draw_is_the_trial_of_the_resampled_customers(rows, share, seed):
    score, other, later = (np.array(column, dtype=float) for column in zip(*rows))
    drawn = np.random.default_rng(seed).integers(0, len(rows), (4, len(rows)))
    counts = np.stack([np.bincount(draw, minlength=len(rows)) for draw in drawn], axis=1).astype(float)
    ranking, truth = Ranking.of(score, other), Ranking.of(later)
    line, top = Line.of(ranking, counts, share), Line.of(truth, counts, share)
    for column, draw in enumerate(drawn):
        if not later[draw].any():
            continue
        there = Ranking.of(score[draw], other[draw]), Ranking.of(later[draw])
        found = measure(*there, later[draw], share * len(rows))
        assert line.total(counts, later)[column] == pytest.approx(found.captured * later[draw].sum())
        missed = 1 - line.total_with(top, counts)[column] / (share * len(rows))
        assert missed == pytest.approx(found.missed, abs=1e-9)


def population(n: int, seed: int, noise: float = 0.8) -> dict[str, np.ndarray]:
    random = np.random.default_rng(seed)
    worth = random.lognormal(0, 1, n)
    later = np.where(random.uniform(size=n) < 0.5, worth * random.lognormal(0, 0.5, n), 0.0)
    return {
        "later": later,
        "official": worth * random.lognormal(0, noise, n),
        "other": worth * random.lognormal(0, noise, n),
        "few": np.round(np.log(worth * random.lognormal(0, noise, n))),
    }


@pytest.mark.parametrize("capacity", [0.05, 0.2, 300])
def test_influence_functions_agree_with_the_bootstrap(capacity):
    one = contest(**population(4_000, 1))
    # half of the same customers again, three months later
    two = contest(**population(2_000, 2), origin="2020-09", ids=[f"c{2 * i}" for i in range(2_000)])
    widths = {}
    for by, draws in ((bootstrap, 1500), (influence, 20_000)):
        drawn = by([one, two], capacity, draws, 0)
        table = compare(point([one, two], capacity), drawn, "official", anything([one, two]))
        widths[by] = (table["high"] - table["low"]).to_numpy()
    assert len(widths[bootstrap]) == 3 * 2 * 2
    assert widths[influence] == pytest.approx(widths[bootstrap], rel=0.12)


def test_all_together_is_wider_than_each_alone():
    one = contest(**population(1_000, 3))
    table = compare(point([one], 0.2), bootstrap([one], 0.2, 400, 0), "official", anything([one]))
    assert (table["low_all"] < table["low"]).all()
    assert (table["high_all"] > table["high"]).all()
    assert (table["low"] < table["difference"]).all()


def test_more_customers_give_narrower_intervals():
    widths = []
    for n in (500, 8_000):
        one = contest(**population(n, 4))
        table = compare(point([one], 0.2), bootstrap([one], 0.2, 300, 0), "official", anything([one]))
        widths.append((table["high"] - table["low"]).to_numpy())
    assert widths[0] / widths[1] == pytest.approx(4, rel=0.35)


def test_methods_that_rank_alike_differ_by_nothing():
    figures = population(500, 5)
    one = contest(figures["later"], official=figures["official"], same=figures["official"] * 3)
    for by in (bootstrap, influence):
        table = compare(point([one], 0.2), by([one], 0.2, 100, 0), "official", anything([one]))
        assert table[["difference", "low", "high", "low_all", "high_all"]].abs().to_numpy().max() < 1e-6
        assert not table["clear"].any()
        won = winner(point([one], 0.2), by([one], 0.2, 100, 0), ["official", "same"])
        assert (won["best"] == "official").all()
        assert (won["winner"] == "").all()


def test_the_same_seed_gives_the_same_draws():
    one = contest(**population(300, 6))
    first, again, other = (bootstrap([one], 0.2, 50, seed).values for seed in (1, 1, 2))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


def test_of_eight_equal_methods_hardly_ever_one_wins():
    wins = 0
    for seed in range(60):
        random = np.random.default_rng(seed)
        worth = random.lognormal(0, 1, 300)
        scores = {f"m{k}": worth * random.lognormal(0, 1, 300) for k in range(8)}
        one = contest(worth * random.lognormal(0, 0.5, 300), **scores)
        drawn = bootstrap([one], 0.2, 200, seed)
        wins += (winner(point([one], 0.2), drawn, list(scores))["winner"] != "").any()
    assert wins <= 3


def test_a_better_method_wins_whatever_the_number_of_others():
    figures = population(2_000, 7)
    random = np.random.default_rng(7)
    scores = {f"m{k}": figures["official"] * random.lognormal(0, 1, 2_000) for k in range(6)}
    one = contest(figures["later"], knows=figures["later"] + figures["official"] / 10, **scores)
    won = winner(
        point([one], 0.2), bootstrap([one], 0.2, 300, 0), ["m0", "knows", "m1", "m2", "m3", "m4", "m5"]
    )
    assert won["winner"].tolist() == ["knows", "knows"]
    assert won.loc[0, "low_all"] > 0 > won.loc[1, "high_all"]
