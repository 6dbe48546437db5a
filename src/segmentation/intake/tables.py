"""Tables beside the orders: every row as ids, moments, minor units and texts, with its number in its file."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pandas as pd

from segmentation import engine
from segmentation.intake import columns as roles
from segmentation.intake.identities import folds_ids, placeholders, spell
from segmentation.intake.options import Intake, Origin
from segmentation.intake.sources import Opened, read_with, source_of, values
from segmentation.intake.sources.conventions import Conventions, conventions_of
from segmentation.intake.sources.filling import fill_down
from segmentation.intake.sources.header import unique
from segmentation.intake.sources.values import Column, Layer

DATES = ("valid_from", "registered_on", "issued_on", "due_on", "paid_on")
AMOUNTS = ("amount", "paid_amount")
FLAGS = ("disputed",)
LONGEST_ID = 200
# what the reconciliations of these tables speak of, beside what those of the orders do
RULES = (
    *("rows in the table", "duplicate row", "customer on several rows", "no invoice number", "no due day"),
    *("another currency", "due before it was issued", "invoice on rows that differ"),
    *("invoices", "credit notes", "paid in several parts", "partly paid", "paid too much"),
    *("paid before it was issued", "payment without a day", "invoices of customers without an order"),
    *("known, ordered in the window", "not in the table, ordered in the window", "known but dormant"),
    *("in the table, never ordered", "ordered in the window, no invoice"),
)


@dataclass(frozen=True)
class LikeOrders:
    """How the orders write who a customer is, and money and moments: the tables beside them follow.

    Attributes:
        intake: what the parameters say about the orders.
        columns: all columns of the orders.
        found: which of them was taken for what.
        currency, minor_units: of the report.
        timezone: where days begin, or None.
        root: the folder that relative paths start from.
    """

    intake: Intake
    columns: Sequence[str] = ()
    found: Mapping[str, str] | None = None
    currency: str = "USD"
    minor_units: int = 2
    timezone: str | None = None
    root: Path = Path()


@dataclass(frozen=True)
class Rows:
    """The rows of a table beside the orders.

    Attributes:
        name: the source's name.
        found: role to column.
        others: the names of the columns that are no role.
        frame: file, row (its number in it), customer_id, every role that has a column (dates without a clock;
            amounts in minor units; whether for `disputed`), raw_<role> of dates and amounts, and the other
            columns as texts.
        unreadable: lines that are no rows: file, row, raw_line.
    """

    name: str
    found: Mapping[str, str]
    others: Sequence[str]
    frame: pd.DataFrame
    unreadable: pd.DataFrame


def read_rows(origin: Origin, like: LikeOrders) -> Rows:
    """Read a table as the parameters name it, its ids by the rules of the orders.

    Raises:
        ParameterError: an unknown role or key.
        DataError: a file or column that is absent, a table that cannot be read, or only in several ways.
    """
    source = source_of(origin, like.root)
    connection = engine.connect()

    def make(opened: Opened) -> tuple[Opened, dict[str, str], list[str]]:
        given = {**source.columns, **origin.columns}
        found = roles.find(list(opened.kinds), given, source.name, origin.roles)
        fill_down(connection, opened, found, origin.fill_down, origin.key)
        free = [column for column in opened.kinds if column not in found.values()]
        at = {role: Column(column, opened.kinds[column]) for role, column in found.items()}
        conventions = _conventions(connection, origin, at, source.name, like.currency)
        zone = like.timezone or next(iter(opened.zones.values()), "")
        told = {
            "first": conventions.first,
            "decimal": conventions.decimal,
            "zone": zone,
            "date_format": origin.date_format,
            "nothing": placeholders(),
        }
        others = [Column(column, opened.kinds[column]) for column in free]
        engine.create(connection, "rows", _select(opened, origin, at, others, 10**like.minor_units), told)
        return opened, found, free

    opened, found, free = read_with(source, connection, make)
    every = "SELECT DISTINCT customer_id AS id FROM rows WHERE customer_id IS NOT NULL"
    folds = folds_ids(like.intake, like.found, like.columns) if like.found else bool(like.intake.ignore_case)
    spell(connection, every, like.intake, folds, like.root)
    frame = engine.frame(connection, "SELECT * FROM rows ORDER BY rowid")
    mapped = dict(engine.execute(connection, "SELECT before_id, id FROM mapped").fetchall())
    named = list(unique([*found, *free])[len(found) :])
    frame = frame.rename(columns={f"other{place}": name for place, name in enumerate(named)})
    frame["customer_id"] = (
        frame["customer_id"].replace(mapped).astype("str").where(frame["customer_id"].notna())
    )
    return Rows(source.name, found, named, *_numbered(connection, opened, frame, source.name))


def _conventions(
    connection: duckdb.DuckDBPyConnection,
    origin: Origin,
    at: Mapping[str, Column],
    name: str,
    currency: str,
) -> Conventions:
    """How the table writes dates and numbers."""
    dates = [at[role] for role in DATES if role in at and at[role].is_text]
    numbers = [at[role] for role in AMOUNTS if role in at and at[role].is_text]
    return conventions_of(connection, dates, numbers, origin, name, None if "currency" in at else currency)


def _select(
    opened: Opened, origin: Origin, at: Mapping[str, Column], others: Sequence[Column], unit: int
) -> str:
    """The SELECT of what is taken from each row of the source."""
    names: Layer = {"file": "_file" if opened.several_files else "CAST(NULL AS VARCHAR)"}
    kept = ["file"]
    stacks = []
    for role, column in at.items():
        if role in DATES:
            stacks.append(values.moment(column, role, form=origin.date_format is not None))
            kept += [f"CAST({role} AS DATE) AS {role}", f"raw_{role}"]
            names[f"raw_{role}"] = column.raw
        elif role in AMOUNTS:
            stacks.append(values.number(column, role, unit, whole=True))
            kept += [
                f"COALESCE({role}_whole, minor_of_decimal({role}_exact, {unit})) AS {role}",
                f"raw_{role}",
            ]
            names[f"raw_{role}"] = column.raw
        else:
            names[engine.identifier(role)] = f"says_yes({column.raw})" if role in FLAGS else _said(column)
            kept.append(engine.identifier(role))
    for place, column in enumerate(others):
        names[f"other{place}"] = _said(column)
        kept.append(f"other{place}")
    layers = values.select(values.stacked([names], *stacks), "source")
    return f"SELECT {', '.join(kept)} FROM ({layers}) AS taken"


def _said(column: Column) -> str:
    """The expression of a text that says something: neither empty nor a word for nothing."""
    text = values.identity(column)
    return f"CASE WHEN NOT list_contains(:nothing, {text}) THEN {text} END"


def _numbered(
    connection: duckdb.DuckDBPyConnection, opened: Opened, frame: pd.DataFrame, name: str
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The rows with their numbers, and the lines that are no rows; both count, and so do blank ones."""
    wrong = connection.execute("SELECT file, row_number AS row, text AS raw_line FROM unreadable").df()
    wrong = wrong.sort_values(["file", "row"], ignore_index=True)
    gaps = [*wrong[["file", "row"]].itertuples(index=False, name=None), *opened.blank_rows()]
    only = opened.name or name
    files = frame["file"].fillna(only).astype("str") if len(frame) else frame["file"]
    numbers = np.zeros(len(frame), dtype=np.int64)
    for file, places in frame.groupby(files, sort=False).indices.items():
        first = opened.first_rows.get(str(file), opened.first_row)
        between = np.sort([int(row) for where, row in gaps if not opened.several_files or where == file])
        place = first + np.arange(len(places))
        moved = np.searchsorted(between - np.arange(len(between)), place, side="right")
        numbers[places] = place + moved
    if not opened.several_files:
        wrong["file"] = only
    frame = frame.assign(file=files)
    frame.insert(1, "row", numbers)
    return frame, wrong


def first_rows(rows: pd.DataFrame, most: int = 3) -> str:
    """The first rows of a frame for a message: a.csv, row 5; a.csv, row 9.

    >>> first_rows(pd.DataFrame({"file": ["a.csv", "a.csv"], "row": [5, 1200]}))
    'a.csv, row 5; a.csv, row 1,200'
    """
    return "; ".join(f"{file}, row {row:,}" for file, row in rows[["file", "row"]].head(most).values.tolist())


def accounted(rows: Rows, reason: pd.Series, amount: Any = None) -> pd.DataFrame:
    """Account for every row: rule, effect (in, set aside, accepted), rows, customers, and amount if given.

    reason: why each row of `rows.frame` is set aside, None where it is accepted. What came in is what is set
    aside and what is accepted.
    """
    table = rows.frame.assign(reason=reason.fillna("accepted"), counted=0 if amount is None else amount)
    grouped = table.groupby("reason", sort=False)
    found = pd.DataFrame(
        {
            "rows": grouped.size(),
            "customers": grouped["customer_id"].nunique(),
            "amount": grouped["counted"].sum(),
        }
    )
    if len(rows.unreadable):
        found.loc["unreadable row"] = [len(rows.unreadable), 0, 0]
    order = [name for name in found.index if name != "accepted"]
    found = found.reindex([*order, "accepted"], fill_value=0)
    whole = pd.DataFrame(
        {
            "rows": [found["rows"].sum()],
            "customers": table["customer_id"].nunique(),
            "amount": found["amount"].sum(),
        },
        index=["rows in the table"],
    )
    told = pd.concat([whole, found]).rename_axis("rule").reset_index()
    effect = ["in", *["set aside"] * len(order), "accepted"]
    told.insert(1, "effect", effect)
    return told if amount is not None else told.drop(columns="amount")
