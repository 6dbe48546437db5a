"""How heavy is the tail of an amount? Where it is too heavy, a share of the total has no interval."""

import numpy as np

from segmentation.comparison.capture import Floats

# with a tail index below this, so few customers decide the sum that no interval of a share of it is believed
TRUSTED = 1.5
_TOP = 0.02
_LEAST = 10


def tail_index(amounts: Floats) -> float:
    """Hill's estimate of the tail index of the amounts above zero, from the largest 2 % (at least 10).

    The share of customers with more than x falls as x to the power of minus this index: below 2 the variance
    is not finite, below 1 the mean is not (Hill 1975, Annals of Statistics 3(5)). NaN with fewer than 20
    amounts above zero, infinite where the largest are all equal.

    >>> round(tail_index(np.arange(1, 201) ** (-1 / 1.25)), 1)
    1.4
    """
    ranked = np.sort(amounts[amounts > 0])[::-1]
    top = max(int(_TOP * len(ranked)), _LEAST)
    if len(ranked) < 2 * _LEAST:
        return float("nan")
    mean = float(np.log(ranked[:top] / ranked[top]).mean())
    return 1.0 / mean if mean > 0 else float("inf")
