"""A chance corrected by what came of chances like it: logistic regressions, learned one window ago."""

from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from segmentation.comparison.capture import Floats

_FOLDS = 5
_LEAST = 30


@dataclass(frozen=True)
class LearnedChance:
    """A regression for each step up: any order at all, then each cut given the one below it.

    Each looks at the step's own logit and the customer's facts (a continuation-ratio model, so that a better
    tier is never easier to reach than a worse one). Facts beyond those it learned from (1 to 99 % of them)
    are taken as the nearest: a regression knows nothing of tenures that nobody had.
    """

    low: Floats
    high: Floats
    models: tuple[Any, ...]

    @classmethod
    def fit(cls, reached: Floats, facts: Floats, came: NDArray[np.intp]) -> Self:
        """Learn from chances to reach each cut and the position of the tier that came (last: no order).

        A step that fewer than 30 customers took, or fewer than 30 did not, is left as it is.
        """
        from sklearn.linear_model import LogisticRegression

        rank = np.lexsort([came, *facts.T, *reached.T])
        reached, facts, came = reached[rank], facts[rank], came[rank]
        low, high = np.quantile(facts, [0.01, 0.99], axis=0)
        steps, facts = _steps(reached), _within(facts, low, high)
        models: list[Any] = []
        for cut in range(reached.shape[1]):
            below = came <= cut + 1
            there = came[below] <= cut
            if min(there.sum(), (~there).sum()) < _LEAST:
                models.append(None)
                continue
            rows = np.column_stack([_logit(steps[:, cut]), facts])[below]
            models.append(LogisticRegression(C=1.0, max_iter=1000).fit(rows, there))
        return cls(low, high, tuple(models))

    def corrected(self, reached: Floats, facts: Floats) -> Floats:
        """The chances to reach each cut, corrected."""
        steps, facts = _steps(reached), _within(facts, self.low, self.high)
        for cut, model in enumerate(self.models):
            if model is not None:
                rows = np.column_stack([_logit(steps[:, cut]), facts])
                steps[:, cut] = model.predict_proba(rows)[:, 1]
        return np.asarray(np.cumprod(steps[:, ::-1], axis=1)[:, ::-1], dtype=np.float64)


def cross_learned(reached: Floats, facts: Floats, came: NDArray[np.intp]) -> Floats:
    """The corrected chances of each fifth of the customers, learned from the other four."""
    fold = np.empty(len(came), dtype=int)
    fold[np.lexsort([came, *facts.T, *reached.T])] = np.arange(len(came)) % _FOLDS
    made = reached.copy()
    for turn in range(_FOLDS):
        out, rest = fold == turn, fold != turn
        if out.any() and rest.any():
            learned = LearnedChance.fit(reached[rest], facts[rest], came[rest])
            made[out] = learned.corrected(reached[out], facts[out])
    return made


def log_loss(chances: Floats, came: NDArray[np.intp]) -> float:
    """The mean surprise, −ln of the chance given to what came.

    >>> round(log_loss(np.array([[.5, .5]]), np.array([1])), 3)
    0.693
    """
    given = chances[np.arange(len(came)), came]
    return float(-np.log(np.clip(given, 1e-6, 1.0)).mean())


def _steps(reached: Floats) -> Floats:
    """The chance of each step given the one below it; the last column is the first step."""
    below = np.column_stack([reached[:, 1:], np.ones(len(reached))])
    return np.divide(reached, below, out=np.zeros_like(reached), where=below > 0).clip(0.0, 1.0)


def _within(facts: Floats, low: Floats, high: Floats) -> Floats:
    """Facts from 0 to 1 within the limits."""
    width = np.where(high > low, high - low, 1.0)
    return np.clip((facts - low) / width, 0.0, 1.0)


def _logit(chance: Floats) -> Floats:
    inside = np.clip(chance, 1e-4, 1.0 - 1e-4)
    return np.log(inside / (1.0 - inside))
