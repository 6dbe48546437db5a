"""Orders in a frame of Python: pandas, Polars, Arrow, or anything that speaks Arrow's stream protocol."""

from typing import Any

import duckdb
import pandas as pd

from segmentation.errors import DataError, ParameterError
from segmentation.sources.base import Opened, Source, kinds_of


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

            rows = pa.table(self.frame)
        else:
            raise ParameterError(
                f"orders: {type(self.frame).__name__} is not a path, nor a frame of pandas, Polars or Arrow"
            )
        connection.register("source", rows)
        return Opened(kinds_of(connection.table("source")))


def _plain(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame with text where a column mixes types, which an engine would refuse or guess at."""
    plain = frame.set_axis([str(name) for name in frame.columns], axis=1)
    if not plain.columns.is_unique:
        twice = ", ".join(sorted(set(plain.columns[plain.columns.duplicated()])))
        raise DataError(f"the frame: it has more than one column called {twice}")
    for name in plain.columns[plain.dtypes == "object"]:
        plain[name] = plain[name].map(_text, na_action="ignore").astype("str")
    return plain


def _text(value: Any) -> str | None:
    return None if pd.api.types.is_scalar(value) and pd.isna(value) else str(value)
