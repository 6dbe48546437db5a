"""Orders: every line of a source, accepted or set aside with its reason, reconciled to the cent."""

from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd

from segmentation import columns as roles
from segmentation import engine
from segmentation.engine import identifier
from segmentation.errors import DataError, ParameterError
from segmentation.sources import source_of, values
from segmentation.sources.base import Source

_KEYS = ("path", "frame", "columns", "on_bad_date", "on_bad_amount")


class Orders:
    """The lines of a source, judged. Made by `read_orders`.

    Attributes:
        source: the source's name.
        columns_found: which of its columns was taken for what.
        currency: the currency's code.
        minor_units: decimal digits of the currency (2: cents).
        connection: the engine that holds the tables `lines` and `orders`.
    """

    def __init__(
        self,
        source: str,
        columns_found: Mapping[str, str],
        currency: str,
        minor_units: int,
        connection: duckdb.DuckDBPyConnection,
    ) -> None:
        self.source = source
        self.columns_found = dict(columns_found)
        self.currency = currency
        self.minor_units = minor_units
        self.connection = connection

    @cached_property
    def accepted(self) -> pd.DataFrame:
        """One row per accepted line: customer_id, order_id, ordered_at, amount (in the currency)."""
        return self._in_currency(
            "SELECT customer_id, order_id, ordered_at, amount_minor AS amount FROM lines "
            "WHERE reason IS NULL ORDER BY file, row_number"
        )

    @cached_property
    def set_aside(self) -> pd.DataFrame:
        """One row per line set aside: file, row, reason, the values read, and the raw text of bad ones."""
        return self._in_currency(engine.text("set_aside"))

    def reconciliation(self) -> pd.DataFrame:
        """Account for every line: what came in, each reason for setting aside, what is accepted.

        Returns:
            rule, rows, orders, customers, amount (in the currency); the first row is everything that came in,
            the last equals the ledger.
        """
        return self._reconciliation.copy()

    @cached_property
    def _reconciliation(self) -> pd.DataFrame:
        return self._in_currency(engine.text("reconciliation")).drop(columns="place")

    def _in_currency(self, sql: str) -> pd.DataFrame:
        found = engine.frame(self.connection, sql)
        return found.assign(amount=found["amount"] / 10**self.minor_units)


def read_orders(
    source: Any,
    *,
    columns: Mapping[str, str] | None = None,
    currency: str = "USD",
    minor_units: int = 2,
    timezone: str | None = None,
    options: Mapping[str, Any] | None = None,
    root: Path | None = None,
) -> Orders:
    """Read order lines and say of each whether it is accepted, or why it is set aside.

    Args:
        source: a path, `demo:cdnow`, `demo:complete-journey`, a frame (pandas, Polars, Arrow), or a mapping
            with the keys that params files have under `orders`.
        columns: role to column where names cannot be recognised: `customer_id`, `order_id`, `date`, `amount`
            (or `quantity` and `price`), `profit`.
        currency: the currency's code.
        minor_units: the currency's decimal digits (2 for cents).
        timezone: where days begin, such as "Asia/Shanghai", for moments that carry a time zone.
        options: the other keys of `orders`: `on_bad_date` and `on_bad_amount`, `set_aside` or `refuse`.
        root: the folder that a relative path starts from (default: the current one).

    Raises:
        ParameterError: an unknown key or value.
        DataError: a file or column that is absent, nothing readable, or bad values that are refused.

    >>> dates = ["2017-01-31", "?"]
    >>> frame = pd.DataFrame({"customer": ["007", "007"], "date": dates, "amount": ["1.5", "2"]})
    >>> read_orders(frame).reconciliation()[["rule", "rows", "amount"]].values.tolist()
    [['lines in the source', 2, 3.5], ['unreadable date', 1, 2.0], ['accepted', 1, 1.5]]
    """
    settings = order_settings(source, columns, options)
    opened = source_of(settings, root)
    connection = engine.connect()
    found = _take(connection, opened, settings.get("columns") or {}, minor_units)
    engine.create(connection, "lines", engine.text("lines"))
    _refuse_bad(connection, opened.name, found, settings)
    engine.create(connection, "orders", engine.text("orders"))
    if not engine.row(connection, "SELECT COUNT(*) FROM orders")[0]:
        reasons = engine.execute(connection, "SELECT DISTINCT reason FROM lines ORDER BY 1").fetchall()
        why = ", ".join(reason for (reason,) in reasons) or "the source has no rows"
        raise DataError(f"{opened.name}: no line can be used ({why})")
    return Orders(opened.name, found, currency, minor_units, connection)


def order_settings(
    source: Any, columns: Mapping[str, str] | None = None, options: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """Spell a source and its options out as the mapping that params files have under `orders`.

    Raises ParameterError for an unknown key or value.
    """
    if isinstance(source, Mapping):
        settings = dict(source)
    elif isinstance(source, str | Path):
        settings = {"path": str(source)}
    else:
        settings = {"frame": source}
    settings |= options or {}
    if columns is not None:
        settings["columns"] = columns
    for key in settings:
        if key not in _KEYS:
            raise ParameterError(f"orders: unknown key {key!r}{roles.nearest(key, _KEYS)}")
    for key in ("on_bad_date", "on_bad_amount"):
        if settings.setdefault(key, "set_aside") not in ("set_aside", "refuse"):
            raise ParameterError(f"orders.{key}: {settings[key]!r} is neither set_aside nor refuse")
    return settings


def _take(
    connection: duckdb.DuckDBPyConnection, source: Source, given: Mapping[str, str], digits: int
) -> dict[str, str]:
    """Make the view `taken`: the source's columns as ids, moments and minor units. Give role to column."""
    rows = source.open(connection)
    rows.create_view("source")
    own = [name for name in rows.columns if name not in ("_file", "_row")]
    kinds = {name: str(kind) for name, kind in zip(rows.columns, rows.types)}
    found = roles.find(own, {**source.columns, **given}, source.name)
    at = {role: (column, kinds[column]) for role, column in found.items()}
    if "amount" in at:
        amount = values.minor(*at["amount"], digits)
        number = values.is_number(*at["amount"])
        raw_amount = values.raw(found["amount"])
    else:
        amount = values.product_minor(*at["quantity"], *at["price"], digits)
        number = f"{values.is_number(*at['quantity'])} AND {values.is_number(*at['price'])}"
        raw_amount = f"concat({values.raw(found['quantity'])}, ' × ', {values.raw(found['price'])})"
    moment = values.moment(*at["date"])
    taken = {
        "file": "_file",
        "row_number": "_row",
        "customer_id": values.id_text(*at["customer_id"]),
        "order_id": values.id_text(*at["order_id"]) if "order_id" in at else "CAST(NULL AS VARCHAR)",
        "ordered_at": moment,
        "amount_minor": amount,
        "profit_minor": values.minor(*at["profit"], digits) if "profit" in at else "CAST(NULL AS BIGINT)",
        "amount_is_number": number,
        "raw_date": f"CASE WHEN {moment} IS NULL THEN {values.raw(found['date'])} END",
        "raw_amount": f"CASE WHEN {amount} IS NULL THEN {raw_amount} END",
    }
    listed = ", ".join(f"{expression} AS {identifier(name)}" for name, expression in taken.items())
    engine.execute(connection, f"CREATE TEMP VIEW taken AS SELECT {listed} FROM source")
    return found


def _refuse_bad(
    connection: duckdb.DuckDBPyConnection, name: str, found: Mapping[str, str], settings: Mapping[str, Any]
) -> None:
    """Refuse unreadable dates or amounts where the parameters say so, naming the first rows."""
    amount = found.get("amount") or f"{found['quantity']} × {found['price']}"
    for what, key, column in (("date", "on_bad_date", found["date"]), ("amount", "on_bad_amount", amount)):
        if settings[key] != "refuse":
            continue
        bad = engine.execute(
            connection,
            f"SELECT file, row_number, raw_{what}, COUNT(*) OVER () FROM lines WHERE reason = :reason "
            "ORDER BY file, row_number LIMIT 3",
            {"reason": f"unreadable {what}"},
        ).fetchall()
        if bad:
            rows = "; ".join(f"{file or name}, row {row:,}: {value!r}" for file, row, value, _ in bad)
            raise DataError(
                f"{rows}: not a readable {what} in column {column!r} ({bad[0][3]:,} such rows). "
                f"Set them aside with {key}: set_aside"
            )
