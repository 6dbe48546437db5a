"""Orders in PostgreSQL: a table or a query, streamed through ADBC (the extra `postgres`).

The password comes from PGPASSWORD or ~/.pgpass, which the server's own client library reads; it is never
part of a parameter, a message or a file of ours.
"""

from decimal import Decimal
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import duckdb

from segmentation import engine
from segmentation.errors import DataError, ParameterError
from segmentation.intake.options import Origin
from segmentation.intake.sources.base import Opened, Source, kinds_of

SCHEMES = ("postgresql://", "postgres://")
_FORM = "write it as postgresql://user@host/database"
_MOST_DECIMALS = 6
_NEEDED = f"""
SELECT COUNT({{name}}) = COUNT(TRY_CAST({{name}} AS DECIMAL(38, {_MOST_DECIMALS}))),
       least(COALESCE(MAX(length(rtrim(split_part({{name}}, '.', 2), '0'))), 0), {_MOST_DECIMALS})
FROM source
"""


class Postgres(Source):
    """A table or query of a PostgreSQL database, read in one read-only transaction."""

    def __init__(self, url: str, intake: Origin) -> None:
        key = intake.key
        try:
            parts = urlsplit(url)
        except ValueError as error:
            raise ParameterError(f"{key}.path: not an address ({error}): {_FORM}") from None
        told = {key.casefold() for key, _ in parse_qsl(parts.query)}
        if parts.password is not None or told & {"password", "sslpassword", "passfile"}:
            raise ParameterError(
                f"{key}.path: take the password out of the address; it is read from the environment "
                "(PGPASSWORD) or from ~/.pgpass"
            )
        if "#" in url or "@" in parts.path:
            raise ParameterError(f"{key}.path: not an address (write # as %23, @ as %40): {_FORM}")
        if bool(intake.table) == bool(intake.query):
            raise ParameterError(f"{key}: a database needs either `table` or `query`")
        self.url = url
        self.intake = intake
        self.name = f"PostgreSQL {intake.table or 'query'}"

    def digest(self) -> str | None:
        """Give None: a database is read to know whether it changed."""
        return None

    def size(self) -> int:
        """Give 0: it is not known."""
        return 0

    def open(self, connection: duckdb.DuckDBPyConnection) -> Opened:
        """Give the engine the rows, copied in one stream in bounded memory."""
        try:
            from adbc_driver_postgresql import dbapi
        except ImportError:
            raise DataError(
                f"{self.name}: PostgreSQL needs its driver: pip install 'segmentation[postgres]'"
            ) from None
        try:
            # the cursor is closed before its connection: the other way round the driver complains
            with dbapi.connect(self.url) as server, server.cursor() as cursor:
                cursor.execute("SET TRANSACTION READ ONLY")
                unit = _unit_of_money(cursor, self._query())
                cursor.execute(self._query())
                stream = cursor.fetch_record_batch()
                connection.register("stream", stream)
                connection.execute(f"CREATE TABLE source AS SELECT {_taken(stream.schema, unit)} FROM stream")
                connection.unregister("stream")
                _make_decimals(connection, stream.schema)
        except (dbapi.Error, duckdb.Error) as error:
            raise DataError(f"{self.name}: {_without_address(error, self.url)}") from None
        return Opened(kinds_of(connection.table("source")))

    def _query(self) -> str:
        if self.intake.query:
            return self.intake.query
        parts = str(self.intake.table).split(".")
        return f"SELECT * FROM {'.'.join(_quoted(part, self.intake.key) for part in parts)}"


def _unit_of_money(cursor: Any, query: str) -> int:
    """How many of the smallest units that the server counts `money` in make one; 1 without such a column."""
    if not any(_type_of(field) == "money" for field in cursor.adbc_execute_schema(query)):
        return 1
    cursor.execute("SELECT CAST(1 AS money)")
    ((unit,),) = cursor.fetchall()
    return int(unit)


def _taken(schema: Any, unit_of_money: int) -> str:
    """The columns of a stream, money as decimals, and days beyond the calendar as its first or last."""
    import pyarrow as pa

    digits = len(str(unit_of_money)) - 1
    smallest = f"CAST({Decimal(1).scaleb(-digits)} AS DECIMAL({digits + 1}, {digits}))"
    changed = []
    for field in schema:
        name = engine.identifier(field.name)
        if _type_of(field) == "money":
            changed.append(f"CAST({name} AS DECIMAL(19, 0)) * {smallest} AS {name}")
        elif pa.types.is_date(field.type):
            clamped = f"least(greatest({name}, DATE '0001-01-01'), DATE '9999-12-31')"
            changed.append(f"CASE WHEN {name} IS NOT NULL THEN {clamped} END AS {name}")
    return engine.translate(f"* REPLACE ({', '.join(changed)})")[0] if changed else "*"


def _make_decimals(connection: duckdb.DuckDBPyConnection, schema: Any) -> None:
    """Make decimals of the columns that are `numeric` there and text in the stream, as fine as they need be.

    One with a value that is no such number (NaN, or too large) stays text.
    """
    for field in schema:
        if _type_of(field) != "numeric":
            continue
        fits, digits = engine.row(connection, _NEEDED.format(name=engine.identifier(field.name)))
        if fits:
            kind = f"DECIMAL(38, {digits})"
            engine.execute(
                connection, f"ALTER TABLE source ALTER {engine.identifier(field.name)} TYPE {kind}"
            )


def _type_of(field: Any) -> str:
    """The name of a column's type on the server."""
    return str((field.metadata or {}).get(b"POSTGRESQL:type", b"").decode())


def _quoted(name: str, key: str) -> str:
    if not name or "\0" in name:
        raise ParameterError(f"{key}.table: {name!r} cannot be part of a table's name")
    return '"' + name.replace('"', '""') + '"'


def _without_address(error: Any, url: str) -> str:
    """The first line of a driver's message, without the address it was given."""
    return str(error).splitlines()[0].replace(url, "the server")
