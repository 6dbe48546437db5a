"""Weights from pairwise judgements: the analytic hierarchy process, with its consistency ratio."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from segmentation.errors import ParameterError

# Saaty (1980): the mean consistency index of random matrices of size 1 to 10
_RANDOM_INDEX = (0.0, 0.0, 0.58, 0.90, 1.12, 1.24, 1.32, 1.41, 1.45, 1.49)
REFUSED_AT = 0.1


class Judgement(NamedTuple):
    """Weights that sum to 1, and the consistency ratio of the matrix they come from."""

    weights: tuple[float, ...]
    consistency_ratio: float


def weigh(pairwise: Sequence[Sequence[float]]) -> Judgement:
    """The weights of criteria from how much more important each is than each other (1 to 9).

    Entry (i, j) says how many times as important i is as j; (j, i) is its reciprocal. Weights are the
    principal eigenvector; the consistency ratio is (λ - n) / (n - 1) over Saaty's random index. Raises
    ParameterError for a matrix that is not reciprocal, and for a ratio of 0.1 and above.
    Source: Saaty, The Analytic Hierarchy Process, 1980.

    >>> found = weigh([[1, 5, 7], [1 / 5, 1, 3], [1 / 7, 1 / 3, 1]])
    >>> [round(weight, 3) for weight in found.weights], round(found.consistency_ratio, 3)
    ([0.731, 0.188, 0.081], 0.056)
    """
    try:
        matrix = np.array(pairwise, dtype=np.float64)
    except (TypeError, ValueError):
        raise ParameterError(f"pairwise: expected rows of numbers, not {pairwise!r}") from None
    count = len(matrix)
    if matrix.shape != (count, count) or not 2 <= count <= len(_RANDOM_INDEX):
        raise ParameterError(f"pairwise: expected a square matrix of 2 to 10 rows, not shape {matrix.shape}")
    if not (np.isfinite(matrix) & (matrix > 0)).all():
        raise ParameterError("pairwise: every entry must be a number above zero")
    wrong = np.argwhere(np.abs(matrix * matrix.T - 1) > 0.02)
    if len(wrong):
        i, j = wrong[0]
        raise ParameterError(
            f"pairwise: row {i + 1}, column {j + 1} is {matrix[i, j]:g}, but row {j + 1}, column {i + 1} is "
            f"{matrix[j, i]:g}; one must be 1 over the other (the diagonal is 1)"
        )
    values, vectors = np.linalg.eig(matrix)
    place = int(np.argmax(values.real))
    weights = np.abs(vectors[:, place].real)
    weights = weights / weights.sum()
    index = (values[place].real - count) / (count - 1)
    ratio = max(0.0, float(index / _RANDOM_INDEX[count - 1])) if count > 2 else 0.0
    if ratio >= REFUSED_AT:
        raise ParameterError(
            f"pairwise: the judgements contradict one another: consistency ratio {ratio:.3f}, refused at "
            f"{REFUSED_AT} and above; judge again"
        )
    return Judgement(tuple(float(weight) for weight in weights), ratio)
