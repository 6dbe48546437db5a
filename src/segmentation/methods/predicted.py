"""Predicted value: what past customers like these spent next, learned from earlier months of the ledger."""

from dataclasses import dataclass
from typing import Any, Protocol, Self

import numpy as np
import pandas as pd

from segmentation import months
from segmentation.errors import DataError, ParameterError
from segmentation.methods.contract import Options
from segmentation.methods.kmeans import one_thread
from segmentation.rules.values import as_pandas, values_of

FEATURES = (
    "recency_days",
    "frequency",
    "monetary",
    "average_order",
    "tenure_days",
    "active_months",
    "mean_gap_days",
    "recent",
    "previous",
)
MOST_ORIGINS = 3


class KnownPast(Protocol):
    """What is known at a month end: earlier profiles, and the value that followed them up to that month."""

    @property
    def months(self) -> list[str]:
        """Every month up to that one, oldest first."""
        ...

    @property
    def window_months(self) -> int:
        """The months a profile looks back on."""
        ...

    def profile(self, month: str) -> pd.DataFrame:
        """One row a customer, as of the end of the month."""
        ...

    def later_value(self, first: str, last: str) -> pd.DataFrame:
        """The net value of each customer in those months: customer_id, value."""
        ...


@dataclass(eq=False, repr=False)
class PredictedValue(Options):
    """A score for every customer: the value expected in the coming months, by gradient-boosted trees.

    Learned from up to three earlier month ends: the profile as it was then, and the value of the months that
    followed, all of them over by the as-of date (negative values count as 0). It gives scores, not a rule.

    Parameters: months_ahead, the months to predict; seed.
    """

    needs_history = True

    months_ahead: int = 3
    seed: int = 0

    def fit(self, profile: pd.DataFrame, history: KnownPast | None = None) -> Self:
        """Learn from what followed earlier profiles; `history` ends with the month of `profile`.

        Raises DataError if no earlier month end has a complete window and `months_ahead` months after it.
        """
        if type(self.months_ahead) is not int or self.months_ahead < 1:
            raise ParameterError(
                f"PredictedValue: months_ahead: expected 1 or more, not {self.months_ahead!r}"
            )
        if history is None:
            raise ParameterError("PredictedValue: it learns from earlier months: call fit(profile, history)")
        profile = as_pandas(profile)
        examples = [_example(history, origin, self.months_ahead) for origin in self._origins(history)]
        values = np.concatenate([later for _, later in examples])
        if not (values > 0).any():
            raise DataError("PredictedValue: nobody bought in the months after the earlier month ends")
        self.columns_ = [c for c in FEATURES if all(c in found for found, _ in examples) and c in profile]
        rows = np.vstack([_rows(found, self.columns_) for found, _ in examples])
        order = np.lexsort([values, *rows.T[::-1]])  # the same whatever the order of the customers
        self.model_ = _boosted(rows[order], values[order] / values.mean(), self.seed)
        return self

    def score(self, profile: pd.DataFrame) -> np.ndarray:
        """The expected value of each customer, in units of the average customer's."""
        with one_thread():
            return np.asarray(self.model_.predict(_rows(as_pandas(profile), self.columns_)), dtype=np.float64)

    def _origins(self, history: KnownPast) -> list[str]:
        """The latest month ends with a complete window before them and `months_ahead` known months after."""
        known = history.months
        earliest = months.add(known[0], history.window_months - 1)
        latest = months.add(known[-1], -self.months_ahead)
        found = [months.add(latest, -back) for back in range(MOST_ORIGINS)]
        found = [month for month in found if month >= earliest]
        if not found:
            raise DataError(
                f"PredictedValue: {known[0]} to {known[-1]} holds no month end with {history.window_months} "
                f"months before and {self.months_ahead} after it; it needs more history or a shorter window"
            )
        return found


def _example(history: KnownPast, origin: str, ahead: int) -> tuple[pd.DataFrame, np.ndarray]:
    """The profile at an earlier month end and the value that followed, one for each of its customers."""
    profile = history.profile(origin)
    later = history.later_value(months.add(origin, 1), months.add(origin, ahead))
    value = profile["customer_id"].map(later.set_index("customer_id")["value"])
    return profile, np.maximum(value.to_numpy(dtype=np.float64, na_value=0.0), 0.0)


def _rows(profile: pd.DataFrame, columns: list[str]) -> np.ndarray:
    """Features as they are: trees need no scale, and take empty values as such."""
    return np.column_stack([values_of(profile, column, empty=True) for column in columns])


def _boosted(rows: np.ndarray, values: np.ndarray, seed: int) -> Any:
    """A Poisson regression by boosted trees: its predictions are means, however skewed the values."""
    from sklearn.ensemble import HistGradientBoostingRegressor

    model = HistGradientBoostingRegressor(
        loss="poisson",
        max_iter=60,
        learning_rate=0.08,
        max_leaf_nodes=8,
        min_samples_leaf=40,
        l2_regularization=1.0,
        early_stopping=False,
        random_state=seed,
    )
    with one_thread():
        return model.fit(rows, values)
