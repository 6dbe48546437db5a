"""Orders in Parquet files."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import duckdb

from segmentation import engine
from segmentation.errors import DataError
from segmentation.intake.sources.base import (
    Opened,
    Source,
    check_files,
    common_folder,
    digest_of,
    first_line,
    kinds_of,
    literal,
    size_of,
)

_BYTES_A_CELL = 12
_ONE = "FROM read_parquet($paths)"
_SEVERAL = """
SELECT * EXCLUDE (_path), replace(_path, $folder, '') AS _file
FROM read_parquet($paths, filename = '_path', union_by_name = TRUE)
"""

# the larger side of a left join keeps its order; each key stands once in the smaller one
_LOOKED_UP = """
SELECT rows.*, more.{wanted}
FROM read_parquet(:file) AS rows LEFT JOIN read_parquet(:other) AS more ON rows.{key} = more.{key}
"""


class Parquet(Source):
    """One or more Parquet files with the same columns; rows count from 1 in each file."""

    def __init__(self, name: str, files: Sequence[Path], columns: Mapping[str, str] | None = None) -> None:
        self.name = name
        self.files = list(files)
        self.columns = columns or {}
        check_files(self.files)

    def digest(self) -> str | None:
        """Give the digest of the files."""
        return digest_of(self.files)

    def size(self) -> int:
        """Give the size of the files, or what their rows come to once they are unpacked."""
        return max(size_of(self.files), sum(map(_unpacked, self.files)))

    def open(self, connection: duckdb.DuckDBPyConnection) -> Opened:
        """Give the engine the rows; they are read when they are used."""
        several = len(self.files) > 1
        paths = [literal(file) for file in self.files]
        try:
            for file in self.files[1:]:
                _same_columns(connection, self.files[0], file)
            told = {"paths": paths, "folder": common_folder(self.files)} if several else {"paths": paths}
            rows = connection.sql(_SEVERAL if several else _ONE, params=told)
        except duckdb.Error as error:
            raise DataError(f"{self.name}: not a readable Parquet file ({first_line(error)})") from None
        rows.create_view("source")
        return Opened(kinds_of(rows), several_files=several, name=self.files[0].name)


class LookedUp(Parquet):
    """A Parquet file whose rows get one more column, looked up in another file by a key that both have."""

    def __init__(
        self, name: str, file: Path, columns: Mapping[str, str], other: Path, key: str, wanted: str
    ) -> None:
        super().__init__(name, [file], columns)
        self.other, self.key, self.wanted = other, key, wanted
        check_files([other])

    def digest(self) -> str | None:
        """Give the digest of both files."""
        return digest_of([*self.files, self.other])

    def open(self, connection: duckdb.DuckDBPyConnection) -> Opened:
        """Give the engine the rows, in their order; what the other file does not know is empty."""
        told = {"file": literal(self.files[0]), "other": literal(self.other)}
        names = {"key": engine.identifier(self.key), "wanted": engine.identifier(self.wanted)}
        rows = connection.sql(engine.translate(_LOOKED_UP.format(**names))[0], params=told)
        rows.create_view("source")
        return Opened(kinds_of(rows), name=self.files[0].name)


def _unpacked(file: Path) -> int:
    """About what a file's rows come to in memory; 0 where it cannot be read, which opening it says."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        told = pq.read_metadata(file)
    except (OSError, pa.ArrowException):
        return 0
    return int(told.num_rows * told.num_columns * _BYTES_A_CELL)


def _same_columns(connection: duckdb.DuckDBPyConnection, first: Path, other: Path) -> None:
    """Refuse files that are not of one source."""
    here, there = (
        set(connection.sql(_ONE, params={"paths": literal(file)}).columns) for file in (first, other)
    )
    if here != there:
        odd = ", ".join(sorted(map(repr, here ^ there)))
        raise DataError(
            f"{other.name}: its columns are not those of {first.name} ({odd}); "
            f"several files are one source only with the same columns"
        )
