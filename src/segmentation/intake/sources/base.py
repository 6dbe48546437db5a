"""What every source offers: a name without secrets, what it knows of its columns, a digest, and its rows."""

import hashlib
import os
import re
import zipfile
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

import duckdb

from segmentation.errors import DataError
from segmentation.intake.sources.packing import open_bytes, packing_of
from segmentation.words.reader import Sentence

Read = TypeVar("Read")


@dataclass(frozen=True)
class Opened:
    """A source whose rows the engine has as `source`, in the order of the source.

    Attributes:
        kinds: the source's own columns with their types in the engine.
        first_row: the number that users see beside the first row (2 under a header in row 1).
        several_files: whether a further column `_file` says which file a row is of.
        name: the file's name, where there is one file.
        first_rows: where `first_row` is another one in some files, by their `_file`.
        zones: the time zone that a column's moments carry, where the source knows it.
        blank_rows: looks for rows that the engine passes over: each with its file and its number.
        doubts: column to what its cells make doubtful; said with its {role} if it has one.
    """

    kinds: Mapping[str, str]
    first_row: int = 1
    several_files: bool = False
    name: str = ""
    first_rows: Mapping[str, int] = field(default_factory=dict)
    zones: Mapping[str, str] = field(default_factory=dict)
    blank_rows: Callable[[], Sequence[tuple[str, int]]] = tuple
    doubts: Mapping[str, Sentence] = field(default_factory=dict)


class Source(ABC):
    """A source of order lines.

    Attributes:
        name: what messages and pages call it; never holds a password or a folder of the machine.
        columns: what its columns are, where the source itself knows (role to column).
    """

    name: str
    columns: Mapping[str, str] = {}

    @abstractmethod
    def digest(self) -> str | None:
        """Give a digest of the content, or None where only reading it can tell whether it changed."""

    @abstractmethod
    def size(self) -> int:
        """Give its size in bytes, 0 where that is not known."""

    @abstractmethod
    def open(self, connection: duckdb.DuckDBPyConnection) -> Opened:
        """Give the engine the rows as `source`, to be read once or more.

        Raises DataError when it cannot be read.
        """

    def settle(self, connection: duckdb.DuckDBPyConnection, failed: bool) -> bool:
        """After the rows were read, or could not be, put lines that are no rows into the table `unreadable`.

        Returns whether everything is to be read again, because only now the source is understood.
        """
        return False


def read_with(source: Source, connection: duckdb.DuckDBPyConnection, use: Callable[[Opened], Read]) -> Read:
    """Open a source and use its rows, again where the first use shows that it has to be read otherwise.

    Args:
        source: what to read.
        connection: the engine; its table `unreadable` will have the lines that are no rows.
        use: reads the rows of `source` as it was opened, all of them.

    Raises DataError when it cannot be read.
    """
    connection.execute("CREATE OR REPLACE TABLE unreadable (file VARCHAR, row_number BIGINT, text VARCHAR)")
    while True:
        error: duckdb.Error | None = None
        opened = source.open(connection)
        try:
            read = use(opened)
        except (duckdb.InvalidInputException, duckdb.IOException, duckdb.DataError) as caught:
            error = caught
        if source.settle(connection, failed=error is not None):
            continue
        connection.execute("CREATE OR REPLACE TABLE first_rows (file VARCHAR, first_row BIGINT)")
        if opened.first_rows:
            connection.executemany("INSERT INTO first_rows VALUES (?, ?)", list(opened.first_rows.items()))
        if error is not None:
            raise DataError(f"{source.name}: cannot be read ({first_line(error)})") from None
        return read


def check_files(files: Sequence[Path]) -> None:
    """Refuse files that are absent or empty.

    Raises DataError naming the file.
    """
    for file in files:
        if not file.exists():
            raise DataError(f"{file.name}: there is no such file (looked in {file.resolve().parent})")
        if file.stat().st_size == 0:
            raise DataError(f"{file.name}: the file is empty")


def digest_of(files: Sequence[Path]) -> str:
    """Give one sha256 for the names and contents of files."""
    total = hashlib.sha256()
    for file in sorted(files):
        with file.open("rb") as stream:
            content = hashlib.file_digest(stream, "sha256").hexdigest()
        total.update(f"{file.name}\0{content}\n".encode())
    return total.hexdigest()


def size_of(files: Sequence[Path]) -> int:
    """Give the size of files together, in bytes."""
    return sum(file.stat().st_size for file in files)


def unpacked_size(files: Sequence[Path], enough: int = 1 << 30) -> int:
    """Give the size of files together once they are unpacked, in bytes; from `enough` on, no longer exactly.

    Workbooks are taken at what their parts unpack to.
    """
    total = 0
    for file in files:
        if zipfile.is_zipfile(file):
            with zipfile.ZipFile(file) as book:
                total += sum(part.file_size for part in book.infolist())
        elif packing_of(file):
            with open_bytes(file) as stream:
                while total < enough and (chunk := stream.read(1 << 20)):
                    total += len(chunk)
        else:
            total += file.stat().st_size
    return total


def common_folder(files: Sequence[Path]) -> str:
    """Give the beginning that all paths share, so that what follows tells files apart."""
    return os.path.join(os.path.commonpath([file.parent for file in files]), "")


def literal(file: Path) -> str:
    """Give a file's path as the engine takes it for this file alone, though a pattern would look like it.

    >>> literal(Path("orders[1].csv"))
    'orders[[]1].csv'
    """
    return re.sub(r"[*?\[]", r"[\g<0>]", str(file))


def kinds_of(relation: duckdb.DuckDBPyRelation) -> dict[str, str]:
    """Give a relation's own columns with their types."""
    return {name: str(kind) for name, kind in zip(relation.columns, relation.types) if name != "_file"}


def first_line(error: Exception) -> str:
    """Give the first line of an engine's message, which has neither paths nor SQL after it."""
    return str(error).splitlines()[0].removeprefix("Invalid Input Error: ").removeprefix("IO Error: ")
