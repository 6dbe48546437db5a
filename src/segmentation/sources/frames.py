"""Orders in a frame of Python: pandas, Polars or Arrow."""

from typing import Any

import duckdb

from segmentation.errors import ParameterError
from segmentation.sources.base import Source


class Frame(Source):
    """A frame; rows count from 1, whatever its index."""

    def __init__(self, frame: Any, name: str = "the frame", columns: dict[str, str] | None = None) -> None:
        self.name = name
        self.frame = frame
        self.columns = columns or {}

    def digest(self) -> str | None:
        """Give None: a frame is read to know whether it changed."""
        return None

    def open(self, connection: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyRelation:
        """Give the rows of the frame."""
        try:
            connection.register("source_frame", self.frame)
        except duckdb.Error as error:
            raise ParameterError(
                f"orders: {type(self.frame).__name__} is not a frame of pandas, Polars or Arrow"
            ) from error
        rows = connection.table("source_frame")
        return rows.select("*, '' AS _file, row_number() OVER () AS _row")
