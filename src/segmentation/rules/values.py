"""Values of profile columns: as plain numbers or a clear refusal, and said exactly with their unit."""

import math
from decimal import Decimal
from typing import Any, Literal

import numpy as np
import pandas as pd

from segmentation.errors import DataError, did_you_mean
from segmentation.words.columns import column_of
from segmentation.words.reader import Sentence, sentence


def as_pandas(customers: Any) -> pd.DataFrame:
    """Customers as a pandas frame: a Polars or Arrow table is converted, a pandas frame is returned as it is.

    Raises DataError for what is no table.
    """
    if isinstance(customers, pd.DataFrame):
        return customers
    if hasattr(customers, "to_pandas"):
        return pd.DataFrame(customers.to_pandas())
    if hasattr(customers, "__dataframe__"):
        return pd.api.interchange.from_dataframe(customers)
    raise DataError(f"customers: expected a frame, one row per customer, not {type(customers).__name__}")


def values_of(frame: pd.DataFrame, column: str, empty: bool = False) -> np.ndarray:
    """The column as float64, one per row; `empty` allows missing values (NaN), Decimals are numbers too.

    Raises DataError that names the column, and the row of the first value that is not a finite number.

    >>> values_of(pd.DataFrame({"frequency": [1, 2]}), "frequency")
    array([1., 2.])
    >>> values_of(pd.DataFrame({"frequency": [1, 2]}), "frequancy")
    Traceback (most recent call last):
    segmentation.errors.DataError: customers: there is no column 'frequancy'; did you mean 'frequency'?
    """
    if column not in frame.columns:
        near = did_you_mean(column, [str(name) for name in frame.columns])
        raise DataError(f"customers: there is no column {column!r}{near}")
    found = frame[column]
    if not isinstance(found, pd.Series):
        raise DataError(f"customers: there are two columns called {column!r}")
    if found.dtype == object and all(isinstance(value, Decimal) for value in found.dropna()):
        found = found.astype("float64")
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


def plain(value: float) -> str:
    """A number in its shortest form, whole numbers whole: rules say cuts exactly, tables round.

    >>> plain(1234.0), plain(0.125), plain(-2.5), plain(float("-inf"))
    ('1,234', '0.125', '−2.5', '−∞')
    """
    if math.isinf(value):
        return "∞" if value > 0 else "−∞"
    if float(value).is_integer() and abs(value) < 1e15:
        return f"{value:,.0f}".replace("-", "−")
    return (f"{value:,.6g}" if abs(value) < 1e6 else f"{value:,}").replace("-", "−")


def measured(value: float, column: str, currency: str | None = None, minor_units: int = 2) -> Sentence:
    """A value of the column, exactly and with its unit.

    >>> str(measured(99, "recency_days")), str(measured(1234.5, "monetary", "USD")), str(measured(3, "k"))
    ('99 days', 'USD 1,234.50', '3')
    """
    kind = column_of(column).format
    if kind == "days":
        return sentence("{n} {n:day|days}", n=int(value) if value == int(value) else float(f"{value:.6g}"))
    if kind == "share":
        return Sentence("{value}", {"value": plain(round(100 * value, 10)) + "%"})
    text = plain(value)
    if kind in ("money", "exact"):
        if round(value, minor_units) == value:
            text = f"{value:,.{minor_units}f}".replace("-", "−")
        text = f"{currency or ''} {text}".strip()
    return Sentence("{value}", {"value": text})


def better_of(column: str) -> Literal["high", "low"]:
    """Which values of a column are better, "high" or "low"; high for a column that nobody knows.

    >>> better_of("recency_days"), better_of("monetary"), better_of("assets")
    ('low', 'high', 'high')
    """
    return column_of(column).better or "high"
