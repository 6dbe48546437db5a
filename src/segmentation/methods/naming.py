"""Names of clusters, from what distinguishes each of them."""

from collections.abc import Sequence

import numpy as np

from segmentation.rules import Feature

# low and high words by column; low and high are the values, not what is better
_WORDS = {
    "recency_days": ("recent", "long ago"),
    "frequency": ("rare", "frequent"),
    "order_days": ("rare", "frequent"),
    "monetary": ("low spend", "high spend"),
    "profit": ("low profit", "high profit"),
    "average_order": ("small orders", "large orders"),
    "tenure_days": ("new", "long-standing"),
    "growth": ("shrinking", "growing"),
}
_MIDDLE = 0.35
_VERY = 1.35
# more days than in the mean, and not yet long ago
_LESS_RECENT = "less recent"
_MOST_SILENT = 180


def usual_hiatus(window_months: int | None) -> int:
    """Days of silence from which names may say that a customer is gone: half of the window, at most 180.

    >>> usual_hiatus(6), usual_hiatus(None)
    (91, 180)
    """
    return min(round((window_months or 12) * 365.25 / 24), _MOST_SILENT)


def cluster_names(features: tuple[Feature, ...], centres: np.ndarray, hiatus_days: int) -> list[str]:
    """An English name for each centre (k × features, standardised), all distinct; `Reader.word` says it.

    A feature within 0.35 standard deviations of the mean is not mentioned; beyond 1.35 it is "very" so. A
    column that has no words of its own is named: "assets: high". What lies no more than `hiatus_days` back is
    not long ago.

    >>> features = (Feature(column="recency_days", mean=0, sd=1), Feature(column="assets", mean=0, sd=1))
    >>> cluster_names(features, np.array([[-0.8, 1.6], [0.9, -0.7], [0, 0]]), 0)
    ['recent, assets: very high', 'long ago, assets: low', 'average']
    """
    distinct: list[str] = []
    seen: dict[str, int] = {}
    for centre in centres:
        words = [_word(feature, value, hiatus_days) for feature, value in zip(features, centre)]
        name = ", ".join(word for word in words if word) or "average"
        seen[name] = seen.get(name, 0) + 1
        distinct.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return distinct


def carried_names(old: Sequence[str], distances: np.ndarray, own: Sequence[str]) -> list[str]:
    """The names of new clusters: those of the old ones that are nearest, each given once; else their own.

    `distances`: new clusters × old clusters; `own`: the new clusters' own names. The pairing has the least
    sum of distances.

    >>> carried_names(["big", "small"], np.array([[9.0, 1.0], [1.0, 9.0], [4.0, 5.0]]), ["a", "b", "big"])
    ['small', 'big', 'big (2)']
    """
    from scipy.optimize import linear_sum_assignment

    names = list(own)
    rows, columns = linear_sum_assignment(distances)
    for new, before in zip(rows, columns):
        names[new] = old[before]
    given = {old[before] for before in columns}
    for place in set(range(len(names))) - set(rows):
        number = 2
        while names[place] in given:
            names[place] = f"{own[place].rsplit(' (', 1)[0]} ({number})"
            number += 1
        given.add(names[place])
    return names


def _word(feature: Feature, value: float, hiatus_days: int) -> str:
    column = feature.column
    if abs(value) < _MIDDLE:
        return ""
    if column == "recency_days" and value > 0 and feature.value(float(value)) <= hiatus_days:
        return _LESS_RECENT
    low, high = _WORDS.get(column, ("low", "high"))
    word = high if value > 0 else low
    said = f"very {word}" if abs(value) >= _VERY else word
    return said if column in _WORDS else f"{column}: {said}"
