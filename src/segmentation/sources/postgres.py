"""Orders in PostgreSQL: a table or a query, streamed through ADBC (the extra `postgres`).

The password comes from PGPASSWORD or ~/.pgpass, which the server's own client library reads; it is never
part of a parameter, a message or a file of ours.
"""

from typing import Any
from urllib.parse import parse_qsl, urlsplit

import duckdb

from segmentation import engine
from segmentation.errors import DataError, ParameterError
from segmentation.intake import Intake
from segmentation.sources.base import Opened, Source, kinds_of

SCHEMES = ("postgresql://", "postgres://")


class Postgres(Source):
    """A table or query of a PostgreSQL database, read in one read-only transaction."""

    def __init__(self, url: str, intake: Intake) -> None:
        parts = urlsplit(url)
        told = {key.casefold() for key, _ in parse_qsl(parts.query)}
        if parts.password is not None or told & {"password", "sslpassword", "passfile"}:
            raise ParameterError(
                "orders.path: take the password out of the address; it is read from the environment "
                "(PGPASSWORD) or from ~/.pgpass"
            )
        if bool(intake.table) == bool(intake.query):
            raise ParameterError("orders: a database needs either `table` or `query`")
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
                cursor.execute(self._query())
                stream = cursor.fetch_record_batch()
                connection.register("stream", stream)
                connection.execute(
                    f"CREATE TABLE source AS SELECT {_with_decimals(stream.schema)} FROM stream"
                )
                connection.unregister("stream")
        except (dbapi.Error, duckdb.Error) as error:
            raise DataError(f"{self.name}: {_without_address(error, self.url)}") from None
        return Opened(kinds_of(connection.table("source")))

    def _query(self) -> str:
        if self.intake.query:
            return self.intake.query
        parts = str(self.intake.table).split(".")
        return f"SELECT * FROM {'.'.join(_quoted(part) for part in parts)}"


def _with_decimals(schema: Any) -> str:
    """The columns of a stream, decimals as such: the driver hands them over as text."""
    import pyarrow as pa

    decimals = [
        engine.identifier(field.name)
        for field in schema
        if isinstance(field.type, pa.OpaqueType) and field.type.type_name == "numeric"
    ]
    if not decimals:
        return "*"
    casts = ", ".join(f"TRY_CAST({name} AS DECIMAL(38, 6)) AS {name}" for name in decimals)
    return engine.translate(f"* REPLACE ({casts})")[0]


def _quoted(name: str) -> str:
    if not name or "\0" in name:
        raise ParameterError(f"orders.table: {name!r} cannot be part of a table's name")
    return '"' + name.replace('"', '""') + '"'


def _without_address(error: Any, url: str) -> str:
    """The first line of a driver's message, without the address it was given."""
    return str(error).splitlines()[0].replace(url, "the server")
