"""The Pareto curve: how concentrated value is, the claims made about it, and the limits it suggests."""

import numpy as np

from segmentation.methods.exact import customers_in, share_of, whole
from segmentation.words.reader import Sentence, sentence


def curve(values: np.ndarray, decimals: int = 2) -> tuple[np.ndarray, np.ndarray]:
    """Cumulative shares of customers and of value, from the top; values at or below zero bring nothing.

    Returns two arrays of n + 1 shares that begin with 0; the second is 0 throughout if nothing is positive.

    >>> curve(np.array([50.0, 30.0, 20.0]))[1].round(2).tolist()
    [0.0, 0.5, 0.8, 1.0]
    """
    brought = np.sort(np.maximum(whole(values, decimals), 0))[::-1]
    cumulated = np.concatenate([[0], np.cumsum(brought)])
    customers = np.arange(len(values) + 1) / max(len(values), 1)
    return customers, cumulated / max(int(cumulated[-1]), 1)


def share_brought(values: np.ndarray, share: float, decimals: int = 2) -> float:
    """The share of all positive value that the top share of customers brings.

    >>> share_brought(np.array([50.0, 30.0, 10.0, 10.0]), 0.5)
    0.8
    """
    return float(curve(values, decimals)[1][customers_in(len(values), share)])


def share_needed(values: np.ndarray, share: float, decimals: int = 2) -> float:
    """The share of the customers that it takes, from the top, to bring the share of all positive value."""
    brought = np.sort(np.maximum(whole(values, decimals), 0))[::-1]
    line = share_of(int(brought.sum()), share)
    return float((np.searchsorted(np.cumsum(brought), line, side="left") + 1) / len(values))


def claims(values: np.ndarray, decimals: int = 2) -> list[Sentence]:
    """The usual claims against the fact: 20/80, the top 5 %, and 20/70/10."""
    if not (values > 0).any():
        return [sentence("No customer has a positive value.")]
    few, top, most = (share_brought(values, share, decimals) for share in (0.05, 0.20, 0.90))
    return [
        sentence(
            "Claim: 20% of customers bring 80% of value. Fact: they bring {top:share}; 80% takes "
            "{takes:share} of customers; the top 5% bring {few:share}; parted 20/70/10, customers bring "
            "{top:share} / {middle:share} / {last:share}.",
            top=top,
            takes=share_needed(values, 0.80, decimals),
            few=few,
            middle=most - top,
            last=1 - most,
        )
    ]


def data_driven_cuts(
    values: np.ndarray, eligible: np.ndarray, decimals: int
) -> tuple[float | None, float | None]:
    """Two values from the Pareto curve itself: A down to the point nearest to the ideal, B to slope 1.

    The ideal is the corner (0, 1): no customers bring everything. Slope 1 is where a customer brings the
    average of all; on the way there the curve is farthest above the diagonal. Where the point of slope 1
    comes before the nearest point, the two change places, so that B is never better than A.
    After Ultsch & Lötsch (2015), Computed ABC Analysis, PLoS ONE 10(6): e0129767; the limits are moved to
    occurring values.

    >>> data_driven_cuts(np.array([60.0, 20.0, 10.0, 6.0, 4.0]), np.ones(5, bool), 2)
    (60.0, 20.0)
    """
    counted = eligible & (values > 0)
    if not counted.any():
        return None, None
    ranked = np.sort(values[counted])[::-1]
    exact = whole(ranked, decimals)
    count, total = len(values), int(exact.sum())
    # squared distance to (0, 1), in whole numbers scaled by count and total, as floats of exact integers
    people = np.arange(1, len(ranked) + 1) / count
    missing = (total - np.cumsum(exact)) / total
    near_ideal = ranked[int(np.argmin(people**2 + missing**2))]
    average = ranked[int((exact >= -(-total // count)).sum()) - 1]
    return float(max(near_ideal, average)), float(min(near_ideal, average))
