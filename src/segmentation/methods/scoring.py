"""From the values of a column to a criterion of a points rule: by cuts, nested cuts, or percentiles."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any, Literal

import numpy as np

from segmentation.errors import ParameterError
from segmentation.methods.breaks import natural_breaks
from segmentation.methods.cuts import mean_cut, median_cut, quantile_cuts
from segmentation.rules import Criterion
from segmentation.rules.criteria import Cuts, steps
from segmentation.rules.values import measured
from segmentation.words.reader import Sentence, sentence

WAYS = ("quantile", "mean", "median", "breaks")
PERCENTILE_GROUPS = 100
Better = Literal["high", "low"]


def learned_cuts(values: np.ndarray, way: str, levels: int, better: Better, decimals: int) -> Cuts:
    """The cuts of one column, learned in one of `WAYS`; mean and median give one cut."""
    if way == "quantile":
        return quantile_cuts(values, levels, better)
    if way == "breaks":
        return natural_breaks(values, levels, better, decimals)
    return mean_cut(values, better, decimals) if way == "mean" else median_cut(values, better)


def given_cuts(cuts: Sequence[Any], better: Better, where: str) -> Cuts:
    """Cuts as the user gave them, from the worst to the best; either order is understood."""
    try:
        found = [float(cut) for cut in cuts]
    except (TypeError, ValueError):
        raise ParameterError(f"{where}: expected numbers, not {cuts!r}") from None
    ordered = sorted(found, reverse=better == "low")
    if not found or found not in (ordered, ordered[::-1]) or any(a == b for a, b in pairwise(ordered)):
        raise ParameterError(f"{where}: expected distinct values in order, not {list(cuts)}")
    return tuple(ordered)


def percentile_criterion(
    code: str, column: str, values: np.ndarray, better: Better, weight: float
) -> Criterion:
    """Points from 0 to 100 by the mid-rank of the value among the customers, in at most 100 groups.

    The mid-rank of a group is the share of customers who are worse, plus half the group's own share. Empty
    values are left out.

    >>> percentile_criterion("F", "frequency", np.array([1.0, 1, 2, 3]), "high", 1.0).points
    (25.0, 62.5, 87.5)
    """
    values = values[~np.isnan(values)]
    cuts = [cut for cut in quantile_cuts(values, PERCENTILE_GROUPS, better) if cut is not None]
    distinct = tuple(dict.fromkeys(cuts)) or (None,)
    groups = np.bincount(steps(values, distinct, better), minlength=len(distinct) + 1)
    worse = np.cumsum(groups) - groups
    points = 100.0 * (worse + groups / 2) / len(values)
    return Criterion(
        code=code,
        column=column,
        better=better,
        cuts=distinct,
        points=tuple(float(point) for point in points),
        weight=weight,
    )


def nested_cuts(
    values: np.ndarray, before: list[np.ndarray], way: str, levels: int, better: Better, decimals: int
) -> dict[str, Cuts]:
    """The cuts within every combination of earlier codes that occurs, by its key such as "5-1"."""
    found: dict[str, Cuts] = {}
    for cell in np.unique(np.column_stack(before), axis=0):
        mask = np.all([codes == code for codes, code in zip(before, cell)], axis=0)
        key = "-".join(str(code) for code in cell)
        found[key] = learned_cuts(values[mask], way, levels, better, decimals)
    return found


def coincidences(criterion: Criterion, values: np.ndarray, decimals: int) -> list[Sentence]:
    """Which scores nobody gets, and why: cuts that coincide or that nobody reaches."""
    cuts = criterion.cuts or ()
    codes = range(1, len(cuts) + 2)
    counts = np.bincount(1 + steps(values, cuts, criterion.better), minlength=len(cuts) + 2)
    unused = [code for code in codes if counts[code] == 0]
    if not unused:
        return []
    distinct, often = np.unique(values, return_counts=True)
    common = distinct[int(np.argmax(often))]
    share = float(often.max() / len(values))
    return [
        sentence(
            "{name}: nobody gets score {scores:list}: cuts coincide or are out of reach, because "
            "{share:share} of customers have the same value ({column:column} {value}).",
            name=criterion.called,
            scores=[str(code) for code in unused],
            share=share,
            column=criterion.column,
            value=measured(float(common), criterion.column, minor_units=decimals),
        )
    ]
