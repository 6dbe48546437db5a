"""A profile column as plain numbers, or a clear refusal."""

import difflib

import numpy as np
import pandas as pd

from segmentation.errors import DataError


def numbers(frame: pd.DataFrame, column: str, empty: bool = False) -> np.ndarray:
    """The column as float64, one per row; `empty` allows missing values (NaN).

    Raises DataError that names the column, and the row of the first value that is not a finite number.

    >>> numbers(pd.DataFrame({"frequency": [1, 2]}), "frequency")
    array([1., 2.])
    >>> numbers(pd.DataFrame({"frequency": [1, 2]}), "frequancy")
    Traceback (most recent call last):
    segmentation.errors.DataError: customers: there is no column 'frequancy'; did you mean 'frequency'?
    """
    if column not in frame.columns:
        near = difflib.get_close_matches(column, [str(c) for c in frame.columns], n=1)
        hint = f"did you mean {near[0]!r}?" if near else f"columns: {', '.join(map(str, frame.columns))}"
        raise DataError(f"customers: there is no column {column!r}; {hint}")
    found = frame[column]
    if not isinstance(found, pd.Series):
        raise DataError(f"customers: there are two columns called {column!r}")
    if pd.api.types.is_bool_dtype(found.dtype) or not pd.api.types.is_numeric_dtype(found.dtype):
        raise DataError(f"customers: column {column!r} holds {found.dtype}, not numbers")
    values = found.to_numpy(dtype=np.float64, na_value=np.nan)
    wrong = np.isinf(values) if empty else ~np.isfinite(values)
    if wrong.any():
        row = int(np.argmax(wrong))
        what = "empty" if np.isnan(values[row]) else "infinite"
        who = f" (customer {frame['customer_id'].iloc[row]!r})" if "customer_id" in frame.columns else ""
        raise DataError(
            f"customers, row {row + 1:,}{who}: {column} is {what} ({int(wrong.sum()):,} such rows); "
            "fill it, leave these customers out, or choose another column"
        )
    return values
