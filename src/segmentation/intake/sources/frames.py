"""Orders in a frame of Python: pandas, Polars, Arrow, or anything that speaks Arrow's stream protocol."""

from collections.abc import Sequence
from typing import Any
from zoneinfo import available_timezones

import duckdb
import pandas as pd

from segmentation.errors import DataError, ParameterError
from segmentation.intake.sources.base import Opened, Source, kinds_of


class Frame(Source):
    """A frame; rows count from 1, whatever its index."""

    def __init__(self, frame: Any) -> None:
        self.name = "the frame"
        self.frame = frame

    def digest(self) -> str | None:
        """Give None: a frame is read to know whether it changed."""
        return None

    def size(self) -> int:
        """Give 0: the frame is in memory anyway."""
        return 0

    def open(self, connection: duckdb.DuckDBPyConnection) -> Opened:
        """Give the engine the rows of the frame."""
        if isinstance(self.frame, pd.DataFrame):
            rows = _plain(self.frame)
        elif hasattr(self.frame, "__arrow_c_stream__"):
            import pyarrow as pa

            try:
                rows = pa.table(self.frame)
            except pa.ArrowInvalid:
                raise ParameterError(
                    f"orders: {type(self.frame).__name__} is one column, not a frame; give the frame "
                    f"that has the customer, the date and the amount"
                ) from None
            _check_names(rows.column_names)
        else:
            raise ParameterError(
                f"orders: {type(self.frame).__name__} is not a path, nor a frame of pandas, Polars or Arrow"
            )
        try:
            connection.register("source", rows)
            return Opened(kinds_of(connection.table("source")), zones=_zones(rows))
        except duckdb.Error:
            name, kind = _unknown_to(connection, rows)
            raise DataError(
                f"the frame: column {name!r} is of the type {kind}, which is not read; "
                f"make it numbers, dates or text, or leave it out"
            ) from None


def _zones(rows: Any) -> dict[str, str]:
    """The named zones of a frame's columns of moments."""
    if isinstance(rows, pd.DataFrame):
        told = {name: getattr(kind, "tz", None) for name, kind in rows.dtypes.items()}
    else:
        told = {field.name: getattr(field.type, "tz", None) for field in rows.schema}
    return {str(name): str(zone) for name, zone in told.items() if str(zone) in available_timezones()}


def _check_names(names: Sequence[str]) -> None:
    """Refuse a frame without columns, or with names that the engine has no letters for."""
    if not names:
        raise DataError("the frame: it has no columns; it needs a customer, a date and an amount")
    for name in names:
        if "\0" in name:
            raise DataError(f"the frame: {name!r} cannot be the name of a column; rename it")


def _unknown_to(connection: duckdb.DuckDBPyConnection, rows: Any) -> tuple[str, Any]:
    """The first column whose type the engine does not know, and that type."""
    is_pandas = isinstance(rows, pd.DataFrame)
    for name in rows.columns if is_pandas else rows.column_names:
        try:
            connection.register("one_column", rows[[name]] if is_pandas else rows.select([name]))
            connection.table("one_column")
        except duckdb.Error:
            return name, rows[name].dtype if is_pandas else rows.schema.field(name).type
    raise DataError("the frame: it cannot be read; give it as a frame of pandas or Arrow")


def _plain(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame with text where a column mixes types, which an engine would refuse or guess at."""
    plain = frame.set_axis([str(name) for name in frame.columns], axis=1)
    _check_names(list(plain.columns))
    if not plain.columns.is_unique:
        twice = ", ".join(sorted(set(plain.columns[plain.columns.duplicated()])))
        raise DataError(f"the frame: it has more than one column called {twice}")
    for name in plain.columns[plain.dtypes == "object"]:
        plain[name] = plain[name].map(_text, na_action="ignore").astype("str")
    return plain


def _text(value: Any) -> str | None:
    return None if pd.api.types.is_scalar(value) and pd.isna(value) else str(value)
