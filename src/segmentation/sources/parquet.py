"""Orders in Parquet files."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import duckdb

from segmentation.errors import DataError
from segmentation.sources.base import Source, check_files, digest_of, first_line

_ROWS = """
SELECT * EXCLUDE (_path, file_row_number), parse_filename(_path) AS _file, file_row_number + 1 AS _row
FROM read_parquet($paths, filename = '_path', file_row_number = TRUE, union_by_name = TRUE)
"""


class Parquet(Source):
    """One or more Parquet files with the same columns; rows count from 1 in each file."""

    def __init__(self, name: str, files: Sequence[Path], columns: Mapping[str, str]) -> None:
        self.name = name
        self.files = list(files)
        self.columns = columns
        check_files(self.files)

    def digest(self) -> str | None:
        """Give the digest of the files."""
        return digest_of(self.files)

    def open(self, connection: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyRelation:
        """Give the rows, read when they are used."""
        paths = [str(file) for file in self.files]
        try:
            return connection.sql(_ROWS, params={"paths": paths})
        except duckdb.Error as error:
            raise DataError(f"{self.name}: not a readable Parquet file ({first_line(error)})") from None
