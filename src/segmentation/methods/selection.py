"""How many clusters: stability and balance first, silhouette second, and all the evidence kept."""

from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from segmentation.methods.kmeans import Partition, assigned, optima, refit

BOOTSTRAPS = 30
QUICK_BOOTSTRAPS = 10
MOST_REFITTED = 25_000
QUICK_REFITTED = 5_000
MOST_BEGINNINGS = 4
MOST_SILHOUETTES = 5_000
SMALLEST_SHARE = 0.02
NEAR_THE_BEST = 0.05
_VERDICTS = (
    (0.85, "highly stable"),
    (0.75, "valid"),
    (0.60, "doubtful"),
    (0.50, "weak"),
    (-1.0, "dissolved"),
)


class Selection(NamedTuple):
    """The evidence for the number of clusters, and for each cluster.

    `table`: one row a candidate: k, stability (mean Jaccard over clusters and bootstrap refits), its 5 and
    95 % quantiles over the refits stability_low and stability_high, least_stable (the lowest cluster's),
    smallest_share, silhouette, inertia (a row), chosen.
    `jaccard`: the stability of each cluster of the rule, in the rule's order.
    """

    table: pd.DataFrame
    jaccard: np.ndarray


def verdict(jaccard: float) -> str:
    """The name of a stability: .85 highly stable, .75 valid, .6 doubtful, above .5 weak, else dissolved.

    Hennig (2007), Cluster-wise assessment of cluster stability, Computational Statistics & Data Analysis 52.

    >>> verdict(0.9), verdict(0.75), verdict(0.5)
    ('highly stable', 'valid', 'dissolved')
    """
    return next(name for least, name in _VERDICTS if jaccard >= least and (least, jaccard) != (0.50, 0.50))


def choose(rows: np.ndarray, candidates: list[int], seed: int, before: int | None = None) -> pd.DataFrame:
    """The evidence for each number of clusters, from every n-th of the sorted rows; one is `chosen`.

    Balanced candidates (every cluster at least 2 %) come first; of these, those whose stability is within .05
    of the best; of these, the highest silhouette (to three decimals), then the fewest clusters. The number of
    the month before stays, if it is balanced, unless the stability of the other one is clearly better: its
    interval lies above.
    """
    few = rows[:: -(-len(rows) // QUICK_REFITTED)]
    ends = [optima(few, k, seed) for k in candidates]
    widths = silhouettes(few, [found[0].centres for found in ends])
    table = pd.DataFrame(
        _row(few, found[0], bootstrap_overlaps(few, found, seed, QUICK_BOOTSTRAPS), width)
        for found, width in zip(ends, widths)
    )
    balanced = table[table["smallest_share"] >= SMALLEST_SHARE]
    left = table if balanced.empty else balanced
    left = left[left["stability"] >= left["stability"].max() - NEAR_THE_BEST]
    ranked = left.assign(rounded=left["silhouette"].round(3)).sort_values(
        ["rounded", "k"], ascending=[False, True]
    )
    best = int(ranked["k"].iloc[0])
    if before is not None and before in set(balanced["k"]):
        low, high = (
            dict(zip(table["k"], table[end].astype(float))) for end in ("stability_low", "stability_high")
        )
        if not low[best] > high[before]:
            best = before
    return table.assign(chosen=table["k"] == best)


def with_evidence(
    table: pd.DataFrame | None, rows: np.ndarray, ends: list[Partition], seed: int
) -> Selection:
    """The evidence for the clusters fitted in the end (`ends[0]`): their row, and each one's Jaccard."""
    overlaps = bootstrap_overlaps(rows[:: -(-len(rows) // MOST_REFITTED)], ends, seed, BOOTSTRAPS)
    row = _row(rows, ends[0], overlaps, silhouettes(rows, [ends[0].centres])[0]) | {"chosen": True}
    others = [] if table is None else [r for r in table.to_dict("records") if not r["chosen"]]
    found = pd.DataFrame([*others, row]).sort_values("k", ignore_index=True)
    return Selection(found, overlaps.mean(axis=0))


def _row(rows: np.ndarray, partition: Partition, overlaps: np.ndarray, silhouette: float) -> dict[str, Any]:
    jaccard, refits = overlaps.mean(axis=0), overlaps.mean(axis=1)
    return {
        "k": len(partition.centres),
        "stability": float(jaccard.mean()),
        "stability_low": float(np.quantile(refits, 0.05)),
        "stability_high": float(np.quantile(refits, 0.95)),
        "least_stable": float(jaccard.min()),
        "smallest_share": float(partition.sizes.min() / len(rows)),
        "silhouette": silhouette,
        "inertia": partition.inertia / len(rows),
    }


def bootstrap_jaccard(rows: np.ndarray, ends: list[Partition], seed: int, bootstraps: int) -> np.ndarray:
    """For each cluster the mean over bootstrap refits of its Jaccard similarity to the most similar one."""
    return bootstrap_overlaps(rows, ends, seed, bootstraps).mean(axis=0)


def bootstrap_overlaps(rows: np.ndarray, ends: list[Partition], seed: int, bootstraps: int) -> np.ndarray:
    """Each cluster's Jaccard similarity to the most similar one of each bootstrap refit: refit × cluster.

    A refit begins where up to four runs on all rows ended (`ends`, the clusters first) and takes the best
    end: as stable or unstable as ten random starts show it, for a tenth of the time.
    """
    ends = ends[:MOST_BEGINNINGS]
    k, count = len(ends[0].centres), len(rows)
    rows, ids = np.unique(rows, axis=0, return_inverse=True)
    before = assigned(rows, ends[0].centres)
    found = np.empty((bootstraps, k))
    generator = np.random.default_rng(seed)
    for turn in range(bootstraps):
        drawn = np.bincount(generator.integers(0, count, count), minlength=count)
        weights = np.bincount(ids, weights=drawn, minlength=len(rows))
        present = np.bincount(ids[drawn > 0], minlength=len(rows))
        there = weights > 0
        if there.sum() < k:
            found[turn] = 0.0
            continue
        again = refit(rows[there], weights[there], ends)
        both = np.zeros((k, k))
        np.add.at(both, (before[there], again.labels), present[there])
        either = both.sum(axis=1, keepdims=True) + both.sum(axis=0, keepdims=True) - both
        found[turn] = np.divide(both, either, out=np.zeros_like(both), where=either > 0).max(axis=1)
    return found


def silhouettes(rows: np.ndarray, partitions: list[np.ndarray]) -> list[float]:
    """The mean silhouette of every n-th row (at most 5,000) for each set of centres.

    0 where it is not defined: a single cluster, or every row its own. Rousseeuw (1987).
    """
    rows = rows[:: -(-len(rows) // MOST_SILHOUETTES)]
    labels = [assigned(rows, centres) for centres in partitions]
    memberships = [np.eye(len(centres))[label] for centres, label in zip(partitions, labels)]
    sums: list[list[np.ndarray]] = [[] for _ in partitions]
    squares = (rows**2).sum(axis=1)
    for start in range(0, len(rows), 500):
        block = rows[start : start + 500]
        gaps = squares[start : start + 500, None] + squares - 2.0 * block @ rows.T
        distances = np.sqrt(np.maximum(gaps, 0.0))
        for place, membership in enumerate(memberships):
            sums[place].append(distances @ membership)
    return [
        _silhouette(np.vstack(found), label, membership.sum(axis=0))
        for found, label, membership in zip(sums, labels, memberships)
    ]


def _silhouette(sums: np.ndarray, labels: np.ndarray, sizes: np.ndarray) -> float:
    """From each row's summed distance to every cluster."""
    if not 2 <= int((sizes > 0).sum()) < len(labels):
        return 0.0
    each = np.arange(len(labels))
    own = sizes[labels]
    within = sums[each, labels] / np.maximum(own - 1, 1)
    others = np.where(sizes > 0, sums / np.maximum(sizes, 1), np.inf)
    others[each, labels] = np.inf
    beyond = others.min(axis=1)
    largest = np.maximum(within, beyond)
    widths = np.divide(beyond - within, largest, out=np.zeros(len(labels)), where=largest > 0)
    return float(np.where(own > 1, widths, 0.0).mean())
