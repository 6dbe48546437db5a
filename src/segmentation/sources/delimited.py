"""Orders in delimited text files: every value is read as text, and judged later."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import duckdb
import pandas as pd

from segmentation.errors import DataError
from segmentation.sources.base import Source, check_files, digest_of, first_line

_READ = """
CREATE TEMP TABLE source_text AS
FROM read_csv($paths, header = TRUE, all_varchar = TRUE, filename = '_path', union_by_name = TRUE)
"""
# a table keeps the order of the file, so that a row's number is its place in it; the header is row 1
_NUMBERED = """
SELECT * EXCLUDE (_path, first_id), parse_filename(_path) AS _file, source_text.rowid - first_id + 2 AS _row
FROM source_text JOIN (SELECT _path, min(rowid) AS first_id FROM source_text GROUP BY _path) USING (_path)
"""


class Delimited(Source):
    """CSV or TSV files with a header; the header is row 1, as a spreadsheet counts."""

    def __init__(self, name: str, files: Sequence[Path]) -> None:
        self.name = name
        self.files = list(files)
        self.columns = {}
        check_files(self.files)

    def digest(self) -> str | None:
        """Give the digest of the files."""
        return digest_of(self.files)

    def open(self, connection: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyRelation:
        """Give the rows, every value as text, each with its number."""
        paths = [str(file) for file in self.files]
        try:
            connection.execute(_READ, {"paths": paths})
        except duckdb.Error as error:
            raise DataError(f"{self.name}: cannot be read as CSV ({first_line(error)})") from None
        return connection.sql(_NUMBERED)


class BlankSeparated(Source):
    """One text file whose columns are separated by blanks, with a header in row 1."""

    def __init__(self, name: str, file: Path, columns: Mapping[str, str]) -> None:
        self.name = name
        self.file = file
        self.columns = columns
        check_files([file])

    def digest(self) -> str | None:
        """Give the digest of the file."""
        return digest_of([self.file])

    def open(self, connection: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyRelation:
        """Give the rows, every value as text."""
        frame = pd.read_csv(self.file, sep=r"\s+", dtype=str, keep_default_na=False)
        connection.register("source_frame", frame.assign(_file=self.file.name))
        return connection.table("source_frame").select("*, row_number() OVER () + 1 AS _row")
