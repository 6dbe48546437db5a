"""Empty cells that mean the cell above, as under merged cells and in grouped reports."""

from collections.abc import Mapping, Sequence

import duckdb

from segmentation import engine
from segmentation.errors import ParameterError
from segmentation.intake.sources.base import Opened


def fill_down(
    connection: duckdb.DuckDBPyConnection,
    opened: Opened,
    found: Mapping[str, str],
    roles: Sequence[str],
    key: str = "orders",
) -> None:
    """Put the value above into the empty cells of some columns of `source`, within each file.

    Args:
        connection: the engine that has `source`, its rows in their order.
        opened: the source.
        found: role to column.
        roles: whose columns are filled.
        key: the parameter that names the table.

    Raises ParameterError for a role that has no column.
    """
    filled = []
    for role in roles:
        if role not in found:
            raise ParameterError(
                f"{key}.fill_down: {opened.name or 'the source'} has no column for {role}; "
                f"name it under {key}.columns.{role}"
            )
        column = engine.identifier(found[role])
        is_text = opened.kinds[found[role]] == "VARCHAR"
        value = f"CASE WHEN trim({column}) <> '' THEN {column} END" if is_text else column
        within = "PARTITION BY _file ORDER BY _place" if opened.several_files else "ORDER BY _place"
        filled.append(f"last_value({value} IGNORE NULLS) OVER ({within}) AS {column}")
    if not filled:
        return
    numbered = "(SELECT *, row_number() OVER () AS _place FROM source)"
    select = f"SELECT * EXCLUDE (_place) REPLACE ({', '.join(filled)}) FROM {numbered} ORDER BY _place"
    connection.execute(f"CREATE OR REPLACE TEMP TABLE filled AS {engine.translate(select)[0]}")
    connection.execute("CREATE OR REPLACE TEMP VIEW source AS FROM filled")
