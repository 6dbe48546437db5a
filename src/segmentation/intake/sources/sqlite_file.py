"""Orders in an SQLite file: a table, or the answer to a query, read with the standard library."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import duckdb

from segmentation.errors import DataError, ParameterError
from segmentation.intake.sources.base import Opened, kinds_of
from segmentation.intake.sources.database_file import DatabaseFile
from segmentation.intake.sources.header import unique

if TYPE_CHECKING:
    import pyarrow as pa

_ROWS = 50_000
_TABLES = (
    "SELECT name FROM sqlite_master WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite_%' ORDER BY 1"
)
# what a query may do: read
_READING = {
    sqlite3.SQLITE_SELECT,
    sqlite3.SQLITE_READ,
    sqlite3.SQLITE_FUNCTION,
    sqlite3.SQLITE_RECURSIVE,
}


class SQLiteFile(DatabaseFile):
    """A table of an SQLite file, opened read-only."""

    kind, log = "an SQLite database", "-wal"

    def open(self, connection: duckdb.DuckDBPyConnection) -> Opened:
        """Give the engine the rows, copied in parts; a column is numbers where all its values are."""
        try:
            with closing(sqlite3.connect(f"file:{quote(str(self.file))}?mode=ro", uri=True)) as theirs:
                query = self._query(theirs)
                theirs.set_authorizer(
                    lambda action, *_: sqlite3.SQLITE_OK if action in _READING else sqlite3.SQLITE_DENY
                )
                theirs.text_factory = lambda text: text.decode("utf-8", "replace")
                for n, part in enumerate(_parts(theirs, query, self.intake.key)):
                    connection.register("part", part)
                    connection.execute(
                        "INSERT INTO source FROM part" if n else "CREATE OR REPLACE TABLE source AS FROM part"
                    )
                    connection.unregister("part")
        except sqlite3.Error as error:
            raise DataError(f"{self.name}: cannot be read as SQLite ({error})") from None
        return Opened(kinds_of(connection.table("source")), name=self.file.name)

    def _query(self, theirs: sqlite3.Connection) -> str:
        if self.intake.query:
            return self.intake.query.rstrip().rstrip(";")
        tables: list[str] = [name for (name,) in theirs.execute(_TABLES)]
        table = self._table(tables, partial(_columns, theirs))
        if table not in tables:
            raise ParameterError(
                f"{self.intake.key}.table: {self.name} has no table {table!r}; it has {', '.join(tables)}"
            )
        return f"SELECT * FROM {_quoted(table)}"


def _columns(theirs: sqlite3.Connection, table: str) -> list[str]:
    return [column[0] for column in theirs.execute(f"SELECT * FROM {_quoted(table)} LIMIT 0").description]


def _parts(theirs: sqlite3.Connection, query: str, key: str) -> Iterator["pa.Table"]:
    """The rows of a query, at least one part, its columns of one type throughout."""
    import pyarrow as pa

    rows = theirs.execute(query)
    if rows.description is None:
        raise ParameterError(f"{key}.query: it has no SELECT, and so gives no rows")
    names = unique([column[0] for column in rows.description])
    kinds = _kinds(theirs, query, len(names))
    while True:
        some = rows.fetchmany(_ROWS)
        columns = list(zip(*some)) if some else [()] * len(names)
        yield pa.table({name: _array(values, kind) for name, values, kind in zip(names, columns, kinds)})
        if len(some) < _ROWS:
            return


def _kinds(theirs: sqlite3.Connection, query: str, width: int) -> list[str]:
    """The type of each column: integer or real where all values are numbers, else text."""
    names = [f"c{n}" for n in range(width)]
    tests = ", ".join(f"MAX(typeof({n}) IN ('text', 'blob')), MAX(typeof({n}) = 'real')" for n in names)
    told = theirs.execute(f"WITH q({', '.join(names)}) AS ({query}) SELECT {tests} FROM q").fetchone()
    return [
        "text" if is_text else "real" if is_real else "integer"
        for is_text, is_real in zip(told[::2], told[1::2])
    ]


def _array(values: Sequence[Any], kind: str) -> "pa.Array":
    import pyarrow as pa

    if kind == "integer":
        return pa.array(values, pa.int64())
    if kind == "real":
        return pa.array([None if value is None else float(value) for value in values], pa.float64())
    return pa.array([_text(value) for value in values], pa.string())


def _text(value: Any) -> str | None:
    """A value as text, a whole number without decimals."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return (
        str(int(value))
        if isinstance(value, float) and value.is_integer() and abs(value) < 2**53
        else repr(value)
    )


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
