"""How many clusters: stability and balance first, silhouette second, and all the evidence kept."""

from typing import NamedTuple, Self

import numpy as np
import pandas as pd

from segmentation.methods.kmeans import Partition, fit_kmeans, nearest

BOOTSTRAPS = 20
MOST_BOOTSTRAPPED = 10_000
MOST_SILHOUETTES = 5_000
SMALLEST_SHARE = 0.02
NEAR_THE_BEST = 0.05


class Selection(NamedTuple):
    """The evidence for the number of clusters.

    `table`: one row a candidate: k, stability (mean Jaccard over clusters and bootstrap refits),
    least_stable (the lowest cluster's), smallest_share, silhouette, inertia, chosen. `partition` is the
    chosen one, `jaccard` its stability cluster by cluster (in the order of its centres).
    """

    table: pd.DataFrame
    partition: Partition
    jaccard: np.ndarray

    @classmethod
    def given(cls, rows: np.ndarray, partition: Partition, seed: int) -> Self:
        """The same evidence where the number of clusters was given."""
        evidence, jaccard = _evidence(rows, partition, seed)
        return cls(pd.DataFrame([{**evidence, "chosen": True}]), partition, jaccard)


def select(rows: np.ndarray, candidates: list[int], seed: int) -> Selection:
    """Choose among numbers of clusters.

    Balanced candidates (every cluster at least 2 %) come first; of these, those whose stability is within .05
    of the best; of these, the highest silhouette (to three decimals), then the fewest clusters.
    """
    partitions = {k: fit_kmeans(rows, k, seed) for k in candidates}
    found = {k: _evidence(rows, partition, seed) for k, partition in partitions.items()}
    table = pd.DataFrame([evidence for evidence, _ in found.values()])
    left = table[table["smallest_share"] >= SMALLEST_SHARE]
    left = table if left.empty else left
    left = left[left["stability"] >= left["stability"].max() - NEAR_THE_BEST]
    left = left.assign(rounded=left["silhouette"].round(3))
    best = int(left.sort_values(["rounded", "k"], ascending=[False, True])["k"].iloc[0])
    table["chosen"] = table["k"] == best
    return Selection(table, partitions[best], found[best][1])


def _evidence(rows: np.ndarray, partition: Partition, seed: int) -> tuple[dict[str, float], np.ndarray]:
    jaccard = bootstrap_jaccard(rows, partition, seed)
    return {
        "k": len(partition.centres),
        "stability": float(jaccard.mean()),
        "least_stable": float(jaccard.min()),
        "smallest_share": float(partition.sizes.min() / len(rows)),
        "silhouette": silhouette(rows, partition),
        "inertia": partition.inertia,
    }, jaccard


def bootstrap_jaccard(
    rows: np.ndarray, partition: Partition, seed: int, bootstraps: int = BOOTSTRAPS
) -> np.ndarray:
    """For each cluster the mean over bootstrap refits of its Jaccard similarity to the most similar one.

    Hennig (2007), Cluster-wise assessment of cluster stability: .85 and more is highly stable, .75 valid, .6
    to .75 doubtful, .5 and below dissolved. Refits use every n-th row, at most 10,000.
    """
    rows = rows[:: -(-len(rows) // MOST_BOOTSTRAPPED)]
    k = len(partition.centres)
    before = nearest(rows, partition.centres)
    found = np.empty((bootstraps, k))
    generator = np.random.default_rng(seed)
    for turn in range(bootstraps):
        drawn = np.bincount(generator.integers(0, len(rows), len(rows)), minlength=len(rows))
        there = drawn > 0
        refit_seed = int(generator.integers(2**31))
        refit = fit_kmeans(rows[there], min(k, int(there.sum())), refit_seed, 3, drawn[there].astype(float))
        both = np.zeros((k, len(refit.centres)))
        np.add.at(both, (before[there], refit.labels), 1)
        either = both.sum(axis=1, keepdims=True) + both.sum(axis=0, keepdims=True) - both
        found[turn] = np.divide(both, either, out=np.zeros_like(both), where=either > 0).max(axis=1)
    return found.mean(axis=0)


def silhouette(rows: np.ndarray, partition: Partition) -> float:
    """The mean silhouette of every n-th row, at most 5,000; 0 where it is not defined (one cluster)."""
    from sklearn.metrics import silhouette_score
    from threadpoolctl import threadpool_limits

    step = -(-len(rows) // MOST_SILHOUETTES)
    rows, labels = rows[::step], partition.labels[::step]
    if not 2 <= len(np.unique(labels)) < len(rows):
        return 0.0
    with threadpool_limits(1):
        return float(silhouette_score(rows, labels))
