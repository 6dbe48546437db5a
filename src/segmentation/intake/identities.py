"""Who is one customer: spellings of one id that are joined, a map of ids, and the accounts of one parent."""

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path

import duckdb
import pandas as pd

from segmentation import engine
from segmentation.errors import DataError
from segmentation.intake.exports import export_of, plain
from segmentation.intake.options import Intake
from segmentation.intake.recognising import PLACEHOLDERS

# numbers with .0 are the same numbers where every id with a point ends so
_POINTED = """
SELECT COUNT(CASE WHEN regexp_full_match(id, '[0-9]+[.]0+') THEN 1 END) > 0
   AND COUNT(CASE WHEN contains(id, '.') THEN 1 END) = COUNT(CASE WHEN regexp_full_match(id, '[0-9]+[.]0+') THEN 1 END)
   AND COUNT(CASE WHEN regexp_full_match(id, '[0-9]+([.]0+)?') THEN 1 END) * 2 > COUNT(*)
FROM ids
"""
_SPELLED = """
SELECT id AS before_id, CASE WHEN :folds THEN folded(number) ELSE number END AS id
FROM (SELECT id, CASE WHEN :pointed AND regexp_full_match(id, '[0-9]+[.]0+') THEN split_part(id, '.', 1) ELSE id END
             AS number FROM ids) AS numbers
"""
_MAPPED = """
SELECT before_id, COALESCE(CASE WHEN :folds THEN folded(identities.to_id) ELSE identities.to_id END, spelled.id) AS id
FROM spelled LEFT JOIN identities
  ON CASE WHEN :folds THEN folded(identities.from_id) ELSE identities.from_id END = spelled.id
"""


def join_identities(
    connection: duckdb.DuckDBPyConnection,
    intake: Intake,
    found: Mapping[str, str],
    columns: Sequence[str],
    root: Path,
) -> None:
    """Say who is one customer in `lines`: ids that say nothing go, spellings are joined, parents where asked.

    The table `joined` keeps what was joined: before_id, id, lines, amount_minor.

    Raises DataError for a file of identities that cannot be read, or that sends an id two ways.
    """
    ids = {"customer_id": "customer_id", "order_id": "order_id", "parent_id": "parent_account"}
    _leave_out_placeholders(connection, *(role for role, column in ids.items() if column in found))
    parents = " UNION SELECT DISTINCT parent_id FROM lines WHERE parent_id IS NOT NULL"
    customers = "SELECT DISTINCT customer_id AS id FROM lines WHERE customer_id IS NOT NULL"
    every = customers + (parents if "parent_account" in found else "")
    spell(connection, every, intake, folds_ids(intake, found, columns), root)
    engine.create(
        connection,
        "joined",
        "SELECT before_id, id, COUNT(*) AS lines, CAST(COALESCE(SUM(amount_minor), 0) AS BIGINT) AS amount_minor "
        "FROM mapped JOIN lines ON customer_id = before_id GROUP BY 1, 2",
    )
    if engine.row(connection, "SELECT COUNT(*) FROM mapped")[0]:
        for role in ("customer_id", "parent_id"):
            connection.execute(
                f"UPDATE lines SET {role} = mapped.id FROM mapped WHERE lines.{role} = mapped.before_id"
            )
    if intake.tier_by == "parent_account":
        engine.create(
            connection,
            "parents",
            "SELECT customer_id, latest(parent_id, COALESCE(ordered_at, CAST('1900-01-01' AS TIMESTAMP))) AS id "
            "FROM lines WHERE customer_id IS NOT NULL AND parent_id IS NOT NULL GROUP BY 1",
        )
        connection.execute(
            "UPDATE lines SET customer_id = parents.id FROM parents WHERE lines.customer_id = parents.customer_id"
        )


def folds_ids(intake: Intake, found: Mapping[str, str], columns: Sequence[str]) -> bool:
    """Whether ids of orders with these columns, taken for these roles, are one whatever their case and width."""
    if intake.ignore_case is not None:
        return intake.ignore_case
    return export_of(columns) is not None and "email" in plain(found["customer_id"])


def spell(connection: duckdb.DuckDBPyConnection, every: str, intake: Intake, folds: bool, root: Path) -> None:
    """Make the table `mapped` of ids that count for another one: before_id, id.

    Args:
        connection: the engine.
        every: a SELECT of all ids, each once, as `id`.
        intake: what the parameters say about the orders, whose map of ids counts.
        folds: whether ids are one whatever their case and width.
        root: the folder that relative paths start from.

    Raises DataError for a file of identities that cannot be read, or that sends an id two ways.
    """
    engine.create(connection, "ids", every)
    told = {"folds": folds, "pointed": engine.row(connection, _POINTED)[0]}
    engine.create(connection, "spelled", _SPELLED, told)
    connection.register("identities_frame", _identities(intake.identities, root))
    connection.execute("CREATE OR REPLACE TABLE identities AS FROM identities_frame")
    connection.unregister("identities_frame")
    engine.create(connection, "mapped", f"SELECT * FROM ({_MAPPED}) AS mapped WHERE before_id <> id", told)


def placeholders() -> list[str]:
    """What cells hold that say only that there is nothing, in the spellings in which it occurs."""
    return sorted({form for word in PLACEHOLDERS for form in (word, word.upper(), word.capitalize())})


def _leave_out_placeholders(connection: duckdb.DuckDBPyConnection, *roles: str) -> None:
    """Take ids that say only that there is none out of `lines`."""
    engine.create(connection, "nothing", "SELECT UNNEST(:words) AS word", {"words": placeholders()})
    for role in roles:
        says_nothing = f"{role} IN (SELECT word FROM nothing)"
        if engine.row(connection, f"SELECT COUNT(*) FROM lines WHERE {says_nothing}")[0]:
            reason = ", reason = 'no customer'" if role == "customer_id" else ""
            connection.execute(f"UPDATE lines SET {role} = NULL{reason} WHERE {says_nothing}")


def _identities(file: str | None, root: Path) -> pd.DataFrame:
    """The map of ids, from_id and to_id; chains are followed to their end."""
    ways: dict[str, str] = {}
    if file is not None:
        path = root / file
        try:
            rows = list(csv.reader(path.read_text(encoding="utf-8-sig").splitlines()))
        except (OSError, UnicodeDecodeError):
            raise DataError(f"orders.identities: {path.name} cannot be read as UTF-8 text") from None
        for number, row in enumerate(rows[1:], start=2):
            if not any(row):
                continue
            if len(row) < 2 or not row[0].strip() or not row[1].strip():
                raise DataError(f"{path.name}, row {number:,}: an id and the id it counts for are needed")
            one, other = row[0].strip(), row[1].strip()
            if ways.setdefault(one, other) != other:
                raise DataError(f"{path.name}, row {number:,}: {one!r} already counts for {ways[one]!r}")
        for one in ways:
            seen = {one}
            while ways[one] in ways and ways[one] != one:
                if ways[one] in seen:
                    raise DataError(f"{path.name}: {one!r} counts for itself in a circle; break it")
                seen.add(ways[one])
                ways[one] = ways[ways[one]]
    return pd.DataFrame({"from_id": list(ways), "to_id": list(ways.values())}, dtype="str")
