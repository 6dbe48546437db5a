"""Scaled features for clustering, and the sample that is fitted: the same whatever the order of the rows."""

from typing import NamedTuple

import numpy as np
import pandas as pd

from segmentation.methods.exact import whole
from segmentation.rules import Feature
from segmentation.rules.values import values_of

LARGEST_SAMPLE = 50_000


class Sample(NamedTuple):
    """Rows of scaled features in the order of their values, and how they were made.

    `rows`: n × features; every `step`-th customer in that order; `distinct`: how many different rows.
    """

    rows: np.ndarray
    features: tuple[Feature, ...]
    step: int
    distinct: int


def take_sample(profile: pd.DataFrame, columns: tuple[str, ...], log: bool = True) -> Sample:
    """Scale the columns over all customers, sort the customers by their features, take every n-th.

    A feature is log1p(x / median of the positive x), standardised; negatives count as zero. Amounts are
    taken as whole minor units, so that the features are the same doubles in any currency unit.
    """
    decimals = int(profile.attrs.get("minor_units", 2))
    logged, units = [], []
    for column in columns:
        values = values_of(profile, column)
        exact = whole(values, decimals).astype(np.float64)
        positive = values > 0
        half = int(positive.sum()) // 2
        unit = float(np.partition(values[positive], half)[half]) if log and positive.any() else None
        units.append(unit)
        if unit is None:
            logged.append(values)
        else:
            middle = np.partition(exact[positive], half)[half]
            logged.append(np.log(1.0 + np.maximum(exact, 0.0) / middle))
    table = np.column_stack(logged)
    table = table[np.lexsort(table.T[::-1])]
    mean, sd = table.mean(axis=0), table.std(axis=0)
    flat = np.ptp(table, axis=0) == 0
    mean, sd = np.where(flat, table[0], mean), np.where(flat | (sd == 0), 1.0, sd)
    step = -(-len(table) // LARGEST_SAMPLE)
    rows = (table[::step] - mean) / sd
    features = tuple(
        Feature(column=column, unit=unit, mean=float(m), sd=float(s))
        for column, unit, m, s in zip(columns, units, mean, sd)
    )
    return Sample(rows, features, step, len(np.unique(rows, axis=0)))
