"""k-means, seeded and on one thread, so that the same rows always give the same centres."""

from typing import NamedTuple

import numpy as np

STARTS = 10


class Partition(NamedTuple):
    """Centres (k × features), the cluster of each row, and the sum of squared distances."""

    centres: np.ndarray
    labels: np.ndarray
    inertia: float

    @property
    def sizes(self) -> np.ndarray:
        """The number of rows in each cluster."""
        return np.bincount(self.labels, minlength=len(self.centres))


def fit_kmeans(
    rows: np.ndarray, k: int, seed: int, starts: int = STARTS, weights: np.ndarray | None = None
) -> Partition:
    """The best of `starts` seeded k-means runs; `weights` counts rows several times (a bootstrap)."""
    from sklearn.cluster import KMeans
    from threadpoolctl import threadpool_limits

    with threadpool_limits(1):
        fitted = KMeans(k, n_init=starts, random_state=seed).fit(rows, sample_weight=weights)
    return Partition(fitted.cluster_centers_, fitted.labels_.astype(np.intp), float(fitted.inertia_))


def nearest(rows: np.ndarray, centres: np.ndarray) -> np.ndarray:
    """The centre nearest to each row; the first of equals."""
    products = rows @ centres.T - 0.5 * (centres**2).sum(axis=1)
    return np.argmax(products, axis=1)
