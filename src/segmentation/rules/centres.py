"""Centres rules: a customer belongs to the cluster whose centre is nearest in scaled features."""

from typing import Literal, Self

import numpy as np
import pandas as pd
from pydantic import Field, model_validator

from segmentation.rules.base import Part, Placed, Rule
from segmentation.rules.values import values_of

# Squared distances closer than this are equal, and the better cluster wins: rounding decides no tier.
SAME = 1e-9
_BLOCK = 8192


class Feature(Part):
    """One scaled column: (f(x) - mean) / sd.

    f(x) = ln(1 + max(x, 0) / unit), or x itself without `unit`; `unit` is
    the median of the column's positive values when the rule was learned.
    """

    column: str = Field(min_length=1)
    unit: float | None = Field(default=None, gt=0)
    mean: float
    sd: float = Field(gt=0)

    def scaled(self, values: np.ndarray) -> np.ndarray:
        """The feature of each value."""
        if self.unit is not None:
            values = np.log(1.0 + np.maximum(values, 0.0) / self.unit)
        return (values - self.mean) / self.sd

    def value(self, scaled: float) -> float:
        """The value of the column that has this feature: the way back.

        >>> Feature(column="monetary", unit=100.0, mean=0.7, sd=0.5).value(0.0)
        101.37...
        """
        found = scaled * self.sd + self.mean
        return found if self.unit is None else float(np.expm1(found) * self.unit)


class Cluster(Part):
    """A centre (one number a feature, in scaled units), its name and its tier."""

    name: str = Field(min_length=1)
    tier: str
    centre: tuple[float, ...]


class CentresRule(Rule):
    """Scaled features and centres. `clusters` go from the best to the worst; the score is k down to 1."""

    kind: Literal["centres"] = "centres"
    features: tuple[Feature, ...] = Field(min_length=1)
    clusters: tuple[Cluster, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _complete(self) -> Self:
        names = [cluster.name for cluster in self.clusters]
        if len(set(names)) != len(names):
            raise ValueError(f"clusters: the names must be distinct (got {names})")
        if len({feature.column for feature in self.features}) != len(self.features):
            raise ValueError("features: a column may be used once")
        for cluster in self.clusters:
            if len(cluster.centre) != len(self.features):
                raise ValueError(f"clusters: {cluster.name}: the centre needs {len(self.features)} numbers")
            if cluster.tier not in self.tiers:
                raise ValueError(
                    f"clusters: {cluster.name}: tier {cluster.tier!r} is not in {list(self.tiers)}"
                )
        ranks = [self.tiers.index(cluster.tier) for cluster in self.clusters]
        if ranks != sorted(ranks):
            raise ValueError("clusters: they go from the best tier to the lowest")
        return self

    @property
    def _compared(self) -> list[str]:
        return [feature.column for feature in self.features]

    @property
    def segment_names(self) -> tuple[str, ...]:
        """The names of the clusters, best first."""
        return tuple(cluster.name for cluster in self.clusters)

    def scaled(self, profile: pd.DataFrame) -> np.ndarray:
        """The customers in scaled features: an array of customers × features."""
        columns = [feature.scaled(values_of(profile, feature.column)) for feature in self.features]
        return np.column_stack(columns)

    def _place(self, profile: pd.DataFrame) -> Placed:
        columns = [values_of(profile, feature.column) for feature in self.features]
        centres = np.array([cluster.centre for cluster in self.clusters])
        chosen = np.empty(len(profile), dtype=np.intp)
        for start in range(0, len(profile), _BLOCK):  # a block stays in the processor's cache
            block = slice(start, start + _BLOCK)
            scaled = np.stack([f.scaled(column[block]) for f, column in zip(self.features, columns)])
            chosen[block] = _best_of_the_near(scaled, centres)
        tiers = np.array([self.tiers.index(cluster.tier) for cluster in self.clusters], dtype=np.intp)
        tier = tiers[chosen]
        if self.floor:
            tier[values_of(profile, self.floor.column) <= self.floor.at_or_below] = len(self.tiers) - 1
        return Placed((len(self.clusters) - chosen).astype(np.float64), tier, chosen)


def _best_of_the_near(scaled: np.ndarray, centres: np.ndarray) -> np.ndarray:
    """The first centre that is nearest, or within `SAME` of it; scaled is features × customers.

    Half the squared distance is half the customer's own square, which all centres share, minus this.
    """
    nearness = centres @ scaled - 0.5 * (centres**2).sum(axis=1)[:, None]
    return np.argmax(nearness >= nearness.max(axis=0) - 0.5 * SAME, axis=0)
