"""Which groups of products lie together in baskets, and whether they do so more with key customers."""

import numpy as np
import pandas as pd
from scipy.stats import false_discovery_control, norm

from segmentation.comparison.baskets.matrix import Baskets

SUPPORT = 0.02  # pairs in fewer baskets are not looked at
LIFT_RATIO = 1.25  # from where a difference of lifts is worth telling
LEVEL = 0.05


def pairs(baskets: Baskets, top: np.ndarray) -> pd.DataFrame:
    """Pairs of groups in at least two percent of the baskets, by a sparse product of the matrix with itself.

    Returns:
        One row an ordered pair, the highest lift first: product_group (what lies in the basket), also (what lies
        there too), support (share of the baskets with both), confidence (share of the baskets with the first
        that hold the second), pair_lift (against baskets at large), lift_top and lift_others (within the baskets of
        the best tier's customers and of the others), differs (whether the one is at least 1.25 times the
        other, the pair is supported in both, and the odds differ with false discoveries held down).
    """
    columns = [
        "product_group",
        "also",
        "support",
        "confidence",
        "pair_lift",
        "lift_top",
        "lift_others",
        "differs",
    ]
    count = baskets.holds.shape[0]
    together = (baskets.holds.T @ baskets.holds).toarray()
    first, second = (
        np.nonzero(np.triu(together >= SUPPORT * count, k=1)) if count else (np.zeros(0, int),) * 2
    )
    if not len(first):
        return pd.DataFrame(columns=columns)
    alone = np.diag(together)
    both = together[first, second]
    lift = both * count / (alone[first] * alone[second])
    mine, theirs, differs = _by_side(baskets, top, first, second)
    parts = [
        pd.DataFrame(
            {
                "product_group": baskets.groups[one],
                "also": baskets.groups[other],
                "support": both / count,
                "confidence": both / alone[one],
                "pair_lift": lift,
                "lift_top": mine,
                "lift_others": theirs,
                "differs": differs,
            }
        )
        for one, other in ((first, second), (second, first))
    ]
    found = pd.concat(parts, ignore_index=True)
    order = ["pair_lift", "confidence", "product_group", "also"]
    return found.sort_values(order, ascending=[False, False, True, True], ignore_index=True)


def item_sets(baskets: Baskets) -> int:
    """How many groups and pairs of groups lie in at least two percent of the baskets."""
    together = (baskets.holds.T @ baskets.holds).toarray()
    return int(np.triu(together >= SUPPORT * baskets.holds.shape[0]).sum())


def _by_side(
    baskets: Baskets, top: np.ndarray, first: np.ndarray, second: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The lifts of pairs within the top customers' baskets and within the others', and whether they differ."""
    is_top = top[baskets.customer]
    lifts, odds, errors, supported = [], [], [], np.ones(len(first), dtype=bool)
    for side in (True, False):
        holds = baskets.holds[is_top == side]
        n = holds.shape[0]
        together = (holds.T @ holds).toarray()
        a, b, both = np.diag(together)[first], np.diag(together)[second], together[first, second]
        with np.errstate(divide="ignore", invalid="ignore"):
            lifts.append(both * n / (a * b))
        cells = np.array([both, a - both, b - both, n - a - b + both]) + 0.5  # Haldane's half
        odds.append(np.log(cells[0] * cells[3] / (cells[1] * cells[2])))
        errors.append((1 / cells).sum(axis=0))
        supported &= both >= SUPPORT * n
    chance = 2 * norm.sf(np.abs(odds[0] - odds[1]) / np.sqrt(errors[0] + errors[1]))
    clear = false_discovery_control(chance) < LEVEL
    with np.errstate(divide="ignore", invalid="ignore"):
        times = np.fmax(lifts[0] / lifts[1], lifts[1] / lifts[0])
    return lifts[0], lifts[1], clear & supported & (times >= LIFT_RATIO)
