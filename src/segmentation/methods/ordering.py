"""Clusters from the best to the worst, and which tier each one is."""

from typing import NamedTuple

import numpy as np
import pandas as pd

from segmentation.methods.exact import whole
from segmentation.methods.kmeans import assigned
from segmentation.rules import Feature
from segmentation.rules.values import better_of, values_of

_BY = ("monetary", "frequency", "recency_days")


class Ordered(NamedTuple):
    """Centres from the best to the worst, and how many customers are nearest to each."""

    centres: np.ndarray
    sizes: np.ndarray


def best_first(profile: pd.DataFrame, features: tuple[Feature, ...], centres: np.ndarray) -> Ordered:
    """Order the centres by the mean spend of their customers; ties by frequency, then by recency.

    Where the profile lacks these columns, by the centres themselves, feature by feature. A centre to which
    no customer is nearest comes last.
    """
    scaled = np.column_stack([f.scaled(values_of(profile, f.column)) for f in features])
    labels = assigned(scaled, centres)
    sizes = np.bincount(labels, minlength=len(centres))
    keys: list[np.ndarray] = [sizes == 0]
    for column in _BY:
        if column in profile.columns:
            exact = whole(values_of(profile, column), int(profile.attrs.get("minor_units", 2)))
            sums = np.bincount(labels, weights=exact.astype(np.float64), minlength=len(centres))
            mean = sums / np.maximum(sizes, 1)
            keys.append(mean if better_of(column) == "low" else -mean)
    for place, feature in enumerate(features):
        low = better_of(feature.column) == "low"
        keys.append(centres[:, place] if low else -centres[:, place])
    order = np.lexsort(keys[::-1])
    return Ordered(centres[order], sizes[order])


def tiers_by_share(sizes: np.ndarray, shares: tuple[float, ...], tiers: tuple[str, ...]) -> list[str]:
    """A tier for each cluster, best first, so that the better tiers come nearest to the cumulative shares.

    Every tier gets a cluster if there are enough of them; with fewer, the best tiers get one each.

    >>> tiers_by_share(np.array([100, 150, 250, 300, 200]), (0.2, 0.5), ("A", "B", "C"))
    ['A', 'A', 'B', 'C', 'C']
    """
    count = len(sizes)
    if count <= len(tiers):
        return list(tiers[:count])
    reached = np.cumsum(sizes) / max(int(sizes.sum()), 1)
    found: list[str] = []
    for place, share in enumerate(shares):
        first = len(found) + 1
        last = count - (len(shares) - place)
        ends = np.arange(first, last + 1)
        end = int(ends[np.argmin(np.abs(reached[ends - 1] - share))])
        found += [tiers[place]] * (end - len(found))
    return found + [tiers[-1]] * (count - len(found))
