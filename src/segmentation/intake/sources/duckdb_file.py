"""Orders in a DuckDB file: a table, or the answer to a query."""

from pathlib import Path

import duckdb

from segmentation import engine
from segmentation.errors import DataError, ParameterError, Undecided
from segmentation.intake.options import Intake
from segmentation.intake.sources.base import (
    Opened,
    Source,
    check_files,
    digest_of,
    first_line,
    kinds_of,
    size_of,
)

_TABLES = """
SELECT table_name FROM information_schema.tables
WHERE table_schema NOT IN ('information_schema', 'pg_catalog') ORDER BY 1
"""


class DuckDBFile(Source):
    """A table of a DuckDB file, opened read-only in an engine of its own."""

    def __init__(self, name: str, file: Path, intake: Intake) -> None:
        self.name = name
        self.file = file
        self.intake = intake
        check_files([file])

    def digest(self) -> str | None:
        """Give the digest of the file and of its log, if it has one."""
        log = self.file.with_name(self.file.name + ".wal")
        return digest_of([self.file, log] if log.exists() else [self.file])

    def size(self) -> int:
        """Give the size of the file."""
        return size_of([self.file])

    def open(self, connection: duckdb.DuckDBPyConnection) -> Opened:
        """Give the engine the rows, copied in one stream."""
        try:
            with duckdb.connect(str(self.file), read_only=True, config=engine.SAFE) as theirs:
                rows = theirs.sql(self._query(theirs))
                if rows is None:
                    raise ParameterError("orders.query: it has no SELECT, and so gives no rows")
                stream = rows.to_arrow_reader()
                connection.register("stream", stream)
                connection.execute("CREATE TABLE source AS FROM stream")
                connection.unregister("stream")
        except duckdb.Error as error:
            raise DataError(f"{self.name}: {first_line(error)}") from None
        return Opened(kinds_of(connection.table("source")), name=self.file.name)

    def _query(self, theirs: duckdb.DuckDBPyConnection) -> str:
        if self.intake.query:
            return self.intake.query
        tables = [name for (name,) in theirs.execute(_TABLES).fetchall()]
        table = self.intake.table or (tables[0] if len(tables) == 1 else None)
        if table is None:
            said = f"it has the tables {', '.join(tables)}" if tables else "it has no table"
            raise Undecided(f"{self.name}: name a table with orders.table ({said})", "table", tables)
        parts = table.split(".")
        if not all(parts) or "\0" in table:
            raise ParameterError(f"orders.table: {table!r} is not the name of a table; write schema.table")
        return engine.translate(f"FROM {'.'.join(map(engine.identifier, parts))}")[0]
