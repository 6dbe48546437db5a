"""Draws of the trial's measures: a paired bootstrap, or the normal law of their influence functions."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from segmentation.comparison.capture import Floats, Ranking
from segmentation.comparison.contest import Capacity, Contest
from segmentation.comparison.lines import Line

CAPTURED, MISSED = "captured", "missed"
MEASURES = (CAPTURED, MISSED)
BOOTSTRAP_AT_MOST = 50_000
_CELLS = 4_000_000


class Draws(NamedTuple):
    """Draws of both measures: `values[origin, draw, method, measure]`, NaN where a method failed.

    A draw is one resample of the customers, the same for all methods and origins, so differences are paired.
    `effects[origin, method, measure, customer]` is by how much each customer moves each figure: the figure
    less what it would be without the customer; a method beyond its rows (random choice) is moved by none.
    """

    origins: list[str]
    methods: list[str]
    values: Floats
    effects: Floats


def bootstrap(contests: Sequence[Contest], capacity: Capacity, draws: int, seed: int) -> Draws:
    """Resample customers with replacement, each with all of its origins, and measure again.

    The draws do not depend on customer ids or row order: customers are first put into an order that follows
    from the figures alone.
    """
    rows, total = _canonical_rows(contests)
    methods = _methods(contests)
    values = np.full((len(contests), draws, len(methods), len(MEASURES)), np.nan)
    random = np.random.default_rng(seed)
    step = max(1, _CELLS // total)
    for begin in range(0, draws, step):
        size = min(step, draws - begin)
        drawn = random.integers(0, total, (size, total)) * size + np.arange(size)[:, None]
        counts = np.bincount(drawn.ravel(), minlength=size * total).reshape(total, size).astype(np.float64)
        for o, contest in enumerate(contests):
            values[o, begin : begin + size] = _measure_draws(contest, counts[rows[o]], capacity, methods)
    return Draws(
        [contest.origin for contest in contests],
        methods,
        values,
        _effects(contests, capacity, methods, rows, total)[1],
    )


def influence(contests: Sequence[Contest], capacity: Capacity, draws: int, seed: int) -> Draws:
    """Draws from the normal law that the customers' effects on the measures imply, for large populations.

    With w the share of a customer that is chosen, t the share that is in the true top, v the later value and
    m the mean value of those at the line: captured C = E[vw]/E[v] has the influence
    (v·w - m·(w - p) - C·v)/E[v], and missed 1 - E[wt]/p has -(wt - E[wt] - a·(w - p) - b·(t - p))/p, where a
    is the share of the true top among those at the line of the chosen, and b the share chosen among those at
    the line of the true top. Leaving out a customer with the share s of all value moves C by its influence
    divided by 1 - s (the jackknife): that matters where one customer brings much of it.
    """
    rows, total = _rows(contests)
    methods = _methods(contests)
    centre, effects = _effects(contests, capacity, methods, rows, total)
    flat = effects.reshape(-1, total)
    random = np.random.default_rng(seed)
    spread = random.multivariate_normal(np.zeros(len(flat)), flat @ flat.T, size=draws, method="eigh")
    values = np.moveaxis(centre[None] + spread.reshape(draws, *centre.shape), 0, 1)
    return Draws([contest.origin for contest in contests], methods, values, effects)


def _effects(
    contests: Sequence[Contest],
    capacity: Capacity,
    methods: list[str],
    rows: Sequence[NDArray[np.intp]],
    total: int,
) -> tuple[Floats, Floats]:
    """The measures, and each customer's effect on them: `[origin, method, measure]`, `[…, customer]`."""
    shape = (len(contests), len(methods), len(MEASURES))
    centre = np.full(shape, np.nan)
    effects = np.zeros((*shape, total))
    for o, contest in enumerate(contests):
        top = contest.truth.chosen(contest.places(capacity))
        for k, method in enumerate(methods):
            if method not in contest.rankings:
                continue
            alike = _alike(contest, methods, k)
            if alike is None:
                centre[o, k], effect = _influence(contest, contest.rankings[method], top, capacity)
                for m in range(len(MEASURES)):
                    effects[o, k, m, rows[o]] = effect[m] / effect.shape[1]
            else:
                centre[o, k], effects[o, k] = centre[o, alike], effects[o, alike]
    return centre, effects


def _methods(contests: Sequence[Contest]) -> list[str]:
    return list(dict.fromkeys(name for contest in contests for name in contest.rankings))


def rows_of(contests: Sequence[Contest]) -> tuple[list[NDArray[np.intp]], pd.Index]:
    """Where each origin's customers stand among all customers, and these."""
    everyone = contests[0].customers
    for contest in contests[1:]:
        if not contest.customers.equals(everyone):
            everyone = everyone.append(contest.customers.difference(everyone, sort=False))
    return [everyone.get_indexer(contest.customers) for contest in contests], everyone


def _rows(contests: Sequence[Contest]) -> tuple[list[NDArray[np.intp]], int]:
    """The same, and how many all customers are."""
    rows, everyone = rows_of(contests)
    return rows, len(everyone)


def _canonical_rows(contests: Sequence[Contest]) -> tuple[list[NDArray[np.intp]], int]:
    """The same, in an order of all customers that follows from their figures alone."""
    places, total = _rows(contests)
    keys = []
    for contest, place in zip(contests, places):
        for figures in (*(r.groups for r in contest.rankings.values()), contest.later_value):
            key = np.full(total, -1.0)
            key[place] = figures
            keys.append(key)
    rank = np.empty(total, dtype=np.intp)
    rank[np.lexsort(keys)] = np.arange(total)
    return [rank[place] for place in places], total


def _measure_draws(contest: Contest, counts: Floats, capacity: Capacity, methods: list[str]) -> Floats:
    """Both measures of one origin in every draw: `[draw, method, measure]`; `counts[row, draw]`."""
    value, n = contest.later_value, len(contest.later_value)
    share = contest.places(capacity) / n
    places = share * counts.sum(axis=0)
    truth = Line.of(contest.truth, counts, share)
    worth = value @ counts
    values = np.full((counts.shape[1], len(methods), len(MEASURES)), np.nan)
    for column, method in enumerate(methods):
        if method not in contest.rankings:
            continue
        alike = _alike(contest, methods, column)
        if alike is not None:
            values[:, column] = values[:, alike]
            continue
        line = Line.of(contest.rankings[method], counts, share)
        with np.errstate(invalid="ignore"):
            values[:, column, 0] = line.total(counts, value) / worth
        values[:, column, 1] = 1.0 - line.total_with(truth, counts) / places
    return values


def _alike(contest: Contest, methods: Sequence[str], column: int) -> int | None:
    """The first method before this one that ranks alike, if any: nothing need be computed again."""
    ranking = contest.rankings[methods[column]]
    return next((k for k, name in enumerate(methods[:column]) if contest.rankings.get(name) == ranking), None)


def _influence(contest: Contest, ranking: Ranking, t: Floats, capacity: Capacity) -> tuple[Floats, Floats]:
    """The two measures, and each customer's influence on them: `[measure, row]`; t is the true top."""
    value, places = contest.later_value, contest.places(capacity)
    p = places / len(value)
    w = ranking.chosen(places)
    mean, both = value.mean(), (w * t).mean()
    captured = (w @ value) / value.sum()
    at_line, at_top = _near(ranking, places), _near(contest.truth, places)
    on_value = (value * w - value[at_line].mean() * (w - p) - captured * value) / mean
    on_value /= np.maximum(1.0 - value / value.sum(), 1.0 / len(value))
    on_missed = -(w * t - both - t[at_line].mean() * (w - p) - w[at_top].mean() * (t - p)) / p
    return np.array([captured, 1.0 - both / p]), np.stack([on_value, on_missed])


def _near(ranking: Ranking, places: float) -> NDArray[np.intp]:
    """The rows at the line: its group of ties, or, where that is small, the customers around it."""
    n = len(ranking.order)
    group = int(np.searchsorted(ranking.starts, places, side="left")) - 1
    begin, end = ranking.starts[max(group, 0)], np.append(ranking.starts, n)[max(group, 0) + 1]
    reach = max(25, n // 200)
    if end - begin < 2 * reach:
        begin, end = max(0, int(places) - reach), min(n, int(places) + reach)
    return ranking.order[begin:end]
