"""Orders in a DuckDB file: a table, or the answer to a query."""

from functools import partial

import duckdb

from segmentation import engine
from segmentation.errors import DataError, ParameterError
from segmentation.intake.sources.base import Opened, first_line, kinds_of
from segmentation.intake.sources.database_file import DatabaseFile

_TABLES = """
SELECT table_name FROM information_schema.tables
WHERE table_schema NOT IN ('information_schema', 'pg_catalog') ORDER BY 1
"""
_COLUMNS = "SELECT column_name FROM information_schema.columns WHERE table_name = ? ORDER BY ordinal_position"


class DuckDBFile(DatabaseFile):
    """A table of a DuckDB file, opened read-only in an engine of its own."""

    kind, log = "a DuckDB database", ".wal"

    def open(self, connection: duckdb.DuckDBPyConnection) -> Opened:
        """Give the engine the rows, copied in one stream."""
        try:
            with duckdb.connect(str(self.file), read_only=True, config=engine.SAFE) as theirs:
                rows = theirs.sql(self._query(theirs))
                if rows is None:
                    raise ParameterError(f"{self.intake.key}.query: it has no SELECT, and so gives no rows")
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
        table = self._table(tables, partial(_columns, theirs))
        parts = table.split(".")
        if not all(parts) or "\0" in table:
            raise ParameterError(
                f"{self.intake.key}.table: {table!r} is not the name of a table; write schema.table"
            )
        return engine.translate(f"FROM {'.'.join(map(engine.identifier, parts))}")[0]


def _columns(theirs: duckdb.DuckDBPyConnection, table: str) -> list[str]:
    return [name for (name,) in theirs.execute(_COLUMNS, [table]).fetchall()]
