"""k-means, seeded and on one thread, so that the same rows always give the same centres."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

import numpy as np

STARTS = 10
FEW_STARTS = 4
_SAME_END = 5e-4


class Partition(NamedTuple):
    """Centres (k × features), the cluster of each row, and the sum of squared distances."""

    centres: np.ndarray
    labels: np.ndarray
    inertia: float

    @property
    def sizes(self) -> np.ndarray:
        """The number of rows in each cluster."""
        return np.bincount(self.labels, minlength=len(self.centres))


@contextmanager
def one_thread() -> Iterator[None]:
    """Numerical libraries use one thread inside: a sum over threads depends on how many there are."""
    import sklearn.cluster  # noqa: F401 - a limit holds only for libraries that are loaded already
    from threadpoolctl import threadpool_limits

    with threadpool_limits(1):
        yield


def optima(rows: np.ndarray, k: int, seed: int, starts: int = STARTS) -> list[Partition]:
    """What seeded k-means runs end in, best first; inside `one_thread`.

    Ends whose inertia is within .05 % of a better one are left out. The first is the fit; the others show
    how nearly something else would have been it.
    """
    generator = np.random.default_rng(seed)
    ends = [_run(rows, k, seed=int(generator.integers(2**31))) for _ in range(starts)]
    ends.sort(key=lambda partition: partition.inertia)
    found = ends[:1]
    for partition in ends[1:]:
        if partition.inertia > found[-1].inertia * (1 + _SAME_END):
            found.append(partition)
    return found


def refit(rows: np.ndarray, weights: np.ndarray, ends: list[Partition]) -> Partition:
    """The best of k-means runs on weighted rows that begin where earlier runs ended; inside `one_thread`."""
    runs = (_run(rows, len(end.centres), weights=weights, begin=end.centres) for end in ends)
    return min(runs, key=lambda partition: partition.inertia)


def _run(
    rows: np.ndarray,
    k: int,
    seed: int = 0,
    weights: np.ndarray | None = None,
    begin: np.ndarray | None = None,
) -> Partition:
    from sklearn.cluster import KMeans

    begin_at: Any = "k-means++" if begin is None else begin
    fitted = KMeans(k, init=begin_at, n_init=1, random_state=seed).fit(rows, sample_weight=weights)
    return Partition(fitted.cluster_centers_, fitted.labels_.astype(np.intp), float(fitted.inertia_))


def assigned(rows: np.ndarray, centres: np.ndarray) -> np.ndarray:
    """The centre nearest to each row; the first of equals."""
    products = rows @ centres.T - 0.5 * (centres**2).sum(axis=1)
    return np.argmax(products, axis=1)
