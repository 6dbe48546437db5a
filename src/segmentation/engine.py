"""The engine: a DuckDB connection with its prelude, and the portable SQL text of each step.

A step's text is written once, in the subset that DuckDB and Spark run alike: parameters are `:name`,
identifiers stand in backticks, and what the engines spell differently is a macro of the prelude. Only those
two markers are rewritten here. Values travel as parameters, never as text.
"""

import re
import tempfile
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd

# nothing is ever loaded from a network
SAFE: dict[str, str | bool | int | float | list[str]] = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
}

BOUNDED_MEMORY = "600MB"

_TOKEN = re.compile(
    r"""(?P<keep>'(?:[^']|'')*' | --[^\n]* | "(?:[^"]|"")*")
      | `(?P<name>(?:[^`]|``)*)`
      | (?<![:\w]):(?P<parameter>[a-z_][a-z0-9_]*)""",
    re.VERBOSE,
)


def connect(scratch: Path | None = None, *, bounded: bool = False) -> duckdb.DuckDBPyConnection:
    """Open an engine with the prelude's macros; it never loads anything from a network.

    Args:
        scratch: a folder for tables that would not fit in memory; without one, tables live in memory.
        bounded: whether the engine keeps to `BOUNDED_MEMORY`, and puts aside on disk what goes beyond it.
    """
    config = {**SAFE, "temp_directory": str(scratch or Path(tempfile.gettempdir()) / "segmentation-spill")}
    if bounded:
        config["memory_limit"] = BOUNDED_MEMORY
    connection = duckdb.connect(
        ":memory:" if scratch is None else str(scratch / "lines.duckdb"), config=config
    )
    # in a notebook without ipywidgets it is off already, and setting it is an error
    if row(connection, "SELECT current_setting('enable_progress_bar')")[0]:
        connection.execute("SET enable_progress_bar = false")
    connection.execute(text("prelude"))
    return connection


@cache
def text(step: str) -> str:
    """Give the SQL text of a step, `sql/<step>.sql`."""
    return files("segmentation").joinpath("sql", f"{step}.sql").read_text(encoding="utf-8")


def identifier(name: str) -> str:
    """Quote a name for a portable SQL text.

    >>> identifier("the `id`")
    '`the ``id```'
    """
    if "\0" in name or not name:
        raise ValueError(f"{name!r} cannot be the name of a column")
    return "`" + name.replace("`", "``") + "`"


def translate(sql: str) -> tuple[str, set[str]]:
    """Rewrite a portable text for DuckDB; give it and the names of its parameters.

    >>> translate("SELECT `a b` FROM t WHERE d < :day -- not :this")
    ('SELECT "a b" FROM t WHERE d < $day -- not :this', {'day'})
    """
    names: set[str] = set()

    def rewrite(found: re.Match[str]) -> str:
        if found["keep"] is not None:
            return found["keep"]
        if found["parameter"] is not None:
            names.add(found["parameter"])
            return "$" + found["parameter"]
        return '"' + found["name"].replace("``", "`").replace('"', '""') + '"'

    return _TOKEN.sub(rewrite, sql), names


def execute(
    connection: duckdb.DuckDBPyConnection, sql: str, parameters: Mapping[str, Any] | None = None
) -> duckdb.DuckDBPyConnection:
    """Run a portable text with the parameters it names (others given are left out)."""
    statement, names = translate(sql)
    given = parameters or {}
    return connection.execute(statement, {name: given[name] for name in sorted(names)})


def create(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    select: str,
    parameters: Mapping[str, Any] | None = None,
) -> None:
    """Keep the result of a portable SELECT as a table of the engine."""
    execute(connection, f"CREATE OR REPLACE TABLE {identifier(table)} AS {select}", parameters)


def create_in_parts(
    connection: duckdb.DuckDBPyConnection, table: str, select: str, parts: Sequence[Mapping[str, Any]]
) -> None:
    """Keep the results of a portable SELECT for each of several parameters as one table.

    Only one part at a time has to fit into memory.
    """
    first, *others = parts
    create(connection, table, select, first)
    for part in others:
        execute(connection, f"INSERT INTO {identifier(table)} {select}", part)


def frame(
    connection: duckdb.DuckDBPyConnection, sql: str, parameters: Mapping[str, Any] | None = None
) -> pd.DataFrame:
    """Run a portable SELECT and give its rows as a pandas frame."""
    return execute(connection, sql, parameters).df()


def row(
    connection: duckdb.DuckDBPyConnection, sql: str, parameters: Mapping[str, Any] | None = None
) -> tuple[Any, ...]:
    """Run a portable SELECT of one row and give it."""
    (only,) = execute(connection, sql, parameters).fetchall()
    return tuple(only)
