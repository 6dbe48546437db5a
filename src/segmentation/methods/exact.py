"""Amounts as whole numbers, so that sums and shares are exact and no rounding decides a tier."""

import math
from fractions import Fraction

import numpy as np

_MOST = 2**62


def whole(values: np.ndarray, decimals: int = 2) -> np.ndarray:
    """The values as int64 in proportion to them: minor units where they are, else the nearest of 2**60 steps.

    Sums of the result do not overflow and do not depend on the order. Values that are whole minor units up
    to rounding (2.3 * 100 = 229.99999999999997) become exactly those.

    >>> whole(np.array([0.1, 0.2, 0.3]))
    array([10, 20, 30])
    """
    scaled = values * float(10**decimals)
    nearest = np.rint(scaled)
    total = float(np.abs(scaled).sum())
    if total < _MOST and np.all(np.abs(scaled - nearest) <= 1e-6 + 1e-12 * np.abs(nearest)):
        return nearest.astype(np.int64)
    largest = float(np.abs(values).sum()) or 1.0
    step = math.ldexp(1.0, 60 - math.frexp(largest)[1])
    return np.rint(values * step).astype(np.int64)


def share_of(total: int, share: float) -> int:
    """The smallest whole number that is at least the share of the total, the share as it is written.

    >>> share_of(10, 0.7), share_of(1000, 0.001)
    (7, 1)
    """
    return math.ceil(Fraction(str(share)) * total)


def customers_in(count: int, share: float) -> int:
    """How many customers a share of `count` is: at least one."""
    return max(1, share_of(count, share))
