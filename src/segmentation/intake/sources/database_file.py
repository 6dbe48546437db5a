"""What databases that are files have in common: their digest, and which of their tables holds the orders."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import ClassVar

from segmentation.errors import Undecided
from segmentation.intake.options import Origin
from segmentation.intake.sources.base import Source, check_files, digest_of, size_of


class DatabaseFile(Source):
    """A database in a file, perhaps with its log beside it.

    Attributes:
        kind: what messages call it.
        log: what the name of its log ends with.
    """

    kind: ClassVar[str]
    log: ClassVar[str]

    def __init__(self, name: str, file: Path, intake: Origin) -> None:
        self.name = name
        self.file = file
        self.intake = intake
        check_files([file])

    def digest(self) -> str | None:
        """Give the digest of the file and of its log, if it has one."""
        log = self.file.with_name(self.file.name + self.log)
        return digest_of([self.file, log] if log.exists() else [self.file])

    def size(self) -> int:
        """Give the size of the file."""
        return size_of([self.file])

    def _table(self, tables: Sequence[str], columns_of: Callable[[str], Sequence[str]]) -> str:
        """The table that the parameters name, or the only one.

        Raises Undecided, with the tables that look like orders, where there are several or none.
        """
        if self.intake.table:
            return self.intake.table
        if len(tables) == 1:
            return tables[0]
        said = f"it has the tables {', '.join(tables)}" if tables else "it has no table"
        fitting = [table for table in tables if self.intake.recognises(columns_of(table))]
        raise Undecided(
            f"{self.name}: {self.kind}: name a table with {self.intake.key}.table ({said})",
            "table",
            fitting or tables,
        )
