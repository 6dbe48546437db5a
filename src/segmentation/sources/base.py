"""What every source offers: a name without secrets, its own columns, a digest, and rows in the engine."""

import hashlib
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from pathlib import Path

import duckdb

from segmentation.errors import DataError


class Source(ABC):
    """A source of order lines.

    Attributes:
        name: what messages and pages call it; never holds a password or a folder of the machine.
        columns: what its columns are, where the source itself knows (role to column).
    """

    name: str
    columns: Mapping[str, str]

    @abstractmethod
    def digest(self) -> str | None:
        """Give a digest of the content, or None where only reading it can tell whether it changed."""

    @abstractmethod
    def open(self, connection: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyRelation:
        """Give the rows with the source's own columns, and `_file` and `_row` (as the user counts them)."""


def check_files(files: Sequence[Path]) -> None:
    """Refuse files that are absent or empty.

    Raises DataError naming the file.
    """
    for file in files:
        if not file.exists():
            raise DataError(f"{file.name}: there is no such file (looked in {file.resolve().parent})")
        if file.is_file() and file.stat().st_size == 0:
            raise DataError(f"{file.name}: the file is empty")


def digest_of(files: Sequence[Path]) -> str:
    """Give one sha256 for the names and contents of files."""
    total = hashlib.sha256()
    for file in sorted(files):
        with file.open("rb") as stream:
            content = hashlib.file_digest(stream, "sha256").hexdigest()
        total.update(f"{file.name}\0{content}\n".encode())
    return total.hexdigest()


def first_line(error: Exception) -> str:
    """Give the first line of an engine's message, which has neither paths nor SQL after it."""
    return str(error).splitlines()[0]
