"""The probability that a customer's next window reaches an amount: the law of orders times that of spend."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from segmentation.comparison.capture import Floats
from segmentation.comparison.own_spend import OwnSpend
from segmentation.comparison.returning import Law

_GRID = 129
_AT_ONCE = 2_000_000
_LEFT_OUT = 1e-6


def reaches(
    laws: Sequence[Law],
    spend: OwnSpend,
    orders: Floats,
    amount: Floats,
    cuts: Floats,
    orders_a_day: float = 1.0,
) -> list[Floats]:
    """The probability that the next window brings each customer to each cut, under each of several laws.

    Σ_k P(N = k) · P(k days with orders bring the cut | this window's `orders` and their `amount`). `cuts` are
    amounts above zero; `orders_a_day` the orders on a day that has any. For each law, one row a customer,
    one column a cut, and the probability of any order at all as the last column. Where many customers have
    the same number of orders, the spend is computed on a grid of amounts and read off in between.
    """
    found = [np.empty((len(orders), len(cuts) + 1)) for _ in laws]
    top = np.max([law.top(_LEFT_OUT) for law in laws], axis=0)
    rank = np.lexsort((top, orders))
    edges = np.flatnonzero(np.diff(orders[rank], prepend=np.nan, append=np.nan))
    for begin, end in pairwise(edges):
        rows = rank[begin:end]
        points = np.unique(amount[rows])
        if len(points) > _GRID:
            points = np.expm1(np.linspace(np.log1p(points[0]), np.log1p(points[-1]), _GRID))
        many = int(top[rows[-1]])
        later = orders_a_day * np.arange(1.0, many + 1)
        tables = [spend.reaches(float(orders[rows[0]]), points, later, cut) for cut in cuts]
        for part in _parts(rows, top):
            for law, columns in zip(laws, found):
                columns[part] = _read(law.take(part), int(top[part[-1]]), points, tables, amount[part])
    return found


def _parts(rows: NDArray[np.intp], top: Floats) -> list[NDArray[np.intp]]:
    """The rows in pieces that fit into memory; they come with the fewest orders ahead first."""
    parts, left = [], rows
    while len(left):
        size = max(1, int(_AT_ONCE // top[left[min(len(left), 20_000) - 1]]))
        parts.append(left[: min(size, 20_000)])
        left = left[min(size, 20_000) :]
    return parts


def _read(law: Law, top: int, points: Floats, tables: list[Floats], amount: Floats) -> Floats:
    chance = law.exactly(top)
    above = np.clip(np.searchsorted(points, amount), 1, max(len(points) - 1, 1))
    if len(points) == 1:
        columns = [chance @ table[0, :top] for table in tables]
    else:
        width = points[above] - points[above - 1]
        share = np.clip((amount - points[above - 1]) / width, 0.0, 1.0)[:, None]
        columns = [
            np.einsum("ij,ij->i", chance, table[above - 1, :top] * (1 - share) + table[above, :top] * share)
            for table in tables
        ]
    return np.column_stack([*columns, chance.sum(axis=1)])
