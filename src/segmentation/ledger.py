"""The ledger: one row per customer and month in whole minor units, one Parquet file a month.

A month's file is named by its content and never changed; the index is written last, in one rename, so a
process killed at any instant leaves the old ledger or the new one. A month whose rows changed gets a new file
beside the earlier one, and a note of what was restated.
"""

import hashlib
import json
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Self

import duckdb
import pandas as pd
from filelock import FileLock

from segmentation import engine, months
from segmentation.errors import DataError
from segmentation.orders import Orders, order_settings, read_orders
from segmentation.sources import source_of

_FORMAT = 1
_INDEX = "ledger.json"


class Ledger:
    """Customer × month totals in a folder. Made by `Ledger.update`, `Ledger.open` or `Ledger.of`.

    Attributes:
        folder: where the files lie.
        months: every calendar month from the first to the last order, also those without one.
        currency: the currency's code.
        minor_units: its decimal digits.
        has_profit: whether the orders gave profit.
        columns_found: which column of the source was taken for what.
        restated: what the last change altered in months that stood before: month, customers, amounts.
    """

    def __init__(self, folder: Path, index: Mapping[str, Any]) -> None:
        self.folder = folder
        self.months: list[str] = list(index["months"])
        self.currency: str = index["currency"]
        self.minor_units: int = index["minor_units"]
        self.has_profit: bool = index["has_profit"]
        self.columns_found: dict[str, str] = index["columns_found"]
        self.restated: list[dict[str, Any]] = index["restated"]
        self._index = index

    @classmethod
    def open(cls, folder: Path | str) -> Self:
        """Open the ledger that stands in a folder, without looking at its source.

        Raises DataError when there is none, or one of another version.
        """
        folder = Path(folder)
        index = _read_index(folder)
        if index is None:
            raise DataError(
                f"{folder.name}: no ledger stands in this folder; it is made from the orders first"
            )
        return cls(folder, index)

    @classmethod
    def update(
        cls,
        orders: Mapping[str, Any],
        folder: Path | str,
        *,
        currency: str = "USD",
        minor_units: int = 2,
        timezone: str | None = None,
        root: Path | None = None,
    ) -> Self:
        """Bring a folder's ledger up to date with its source, reading it only where it may have changed.

        Args:
            orders: the `orders` of the parameters.
            folder: the ledger's own folder, made when absent.
            currency: the currency's code.
            minor_units: the currency's decimal digits.
            timezone: where days begin, for moments with a time zone.
            root: the folder that a relative path starts from.

        Raises:
            ParameterError, DataError: as `read_orders`.
        """
        folder = Path(folder)
        settings = order_settings(orders)
        source = source_of(settings, root)
        told = {k: v for k, v in settings.items() if k != "frame"}
        told |= {"currency": currency, "minor_units": minor_units, "timezone": timezone}
        told_digest = hashlib.sha256(json.dumps(told, sort_keys=True, default=str).encode()).hexdigest()
        folder.mkdir(parents=True, exist_ok=True)
        with FileLock(folder / ".lock"):
            digest = source.digest()
            index = _read_index(folder)
            if index and digest and (index["source_digest"], index["settings"]) == (digest, told_digest):
                return cls(folder, index)
            read = read_orders(
                settings, currency=currency, minor_units=minor_units, timezone=timezone, root=root
            )
            return cls(folder, _write(read, folder, index, digest, told_digest))

    @classmethod
    def of(cls, orders: Orders, folder: Path | str | None = None) -> Self:
        """Make a ledger of orders at hand; without a folder, in a temporary one that goes with the ledger."""
        if folder is not None:
            place = Path(folder)
            place.mkdir(parents=True, exist_ok=True)
            return cls(place, _write(orders, place, _read_index(place), None, ""))
        temporary = tempfile.TemporaryDirectory(prefix="ledger-")
        place = Path(temporary.name)
        ledger = cls(place, _write(orders, place, None, None, ""))
        ledger._temporary = temporary
        return ledger

    _temporary: tempfile.TemporaryDirectory[str] | None = None

    @property
    def first(self) -> str:
        """The first month."""
        return self.months[0]

    @property
    def last(self) -> str:
        """The last month."""
        return self.months[-1]

    def checksum(self, month: str) -> str:
        """Give the checksum of a month's rows, which does not depend on their order."""
        return str(self._index["months"][self._known(month)]["checksum"])

    def figures(self) -> pd.DataFrame:
        """One row per month: month, customers, orders, returns, lines, amount (in the currency)."""
        rows = [{"month": month} | figures for month, figures in self._index["months"].items()]
        frame = pd.DataFrame(rows)
        frame["amount"] = frame["amount_minor"] / 10**self.minor_units
        return frame[["month", "customers", "orders", "returns", "lines", "amount"]]

    def paths(self, first: str, last: str) -> list[str]:
        """List the files of the months from `first` to `last`; months outside the ledger have none."""
        known = self._index["months"]
        return [
            str(self.folder / known[month]["file"]) for month in months.span(first, last) if month in known
        ]

    def reconciliation(self) -> pd.DataFrame:
        """Account for every line that came in, as `Orders.reconciliation`."""
        return pd.DataFrame(self._index["reconciliation"])

    def set_aside(self) -> pd.DataFrame:
        """Give the lines set aside, as `Orders.set_aside`."""
        return pd.read_parquet(self.folder / self._index["set_aside"])

    def _known(self, month: str) -> str:
        if month not in self._index["months"]:
            raise DataError(f"month {month}: the orders cover {self.first} to {self.last}")
        return month


def _read_index(folder: Path) -> dict[str, Any] | None:
    """The index of a folder's ledger, or None without one that this version can read."""
    try:
        index = json.loads((folder / _INDEX).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    return index if index.get("format") == _FORMAT else None


def _write(
    orders: Orders, folder: Path, before: Mapping[str, Any] | None, digest: str | None, settings: str
) -> dict[str, Any]:
    """Write the months that changed, then the index; give the index."""
    for left_over in folder.glob("*.part"):
        left_over.unlink()
    connection = orders.connection
    engine.create(connection, "ledger", engine.text("ledger"))
    figures = _figures(connection)
    known = before["months"] if before else {}
    for month, values in figures.items():
        path = folder / values["file"]
        if not path.exists():
            _write_month(connection, month, path)
    restated = [
        _restated(connection, month, folder / known[month]["file"], figures.get(month), folder)
        for month in known
        if month not in figures or figures[month]["checksum"] != known[month]["checksum"]
    ]
    index = {
        "format": _FORMAT,
        "source": orders.source,
        "source_digest": digest,
        "settings": settings,
        "currency": orders.currency,
        "minor_units": orders.minor_units,
        "has_profit": "profit" in orders.columns_found,
        "columns_found": orders.columns_found,
        "months": figures,
        "reconciliation": _with_ledger(orders, figures),
        "set_aside": _write_set_aside(orders, folder),
        "restated": restated,
        "restatements": [*(before["restatements"] if before else []), *restated],
    }
    part = folder / f"{_INDEX}.part"
    part.write_text(json.dumps(index, ensure_ascii=False, indent=1), encoding="utf-8")
    _settle(part, folder / _INDEX)
    return index


def _figures(connection: duckdb.DuckDBPyConnection) -> dict[str, dict[str, Any]]:
    """Month to its figures and file name, for every calendar month from the first to the last."""
    frame = engine.frame(connection, engine.text("ledger_months"))
    found = {months.of_number(row.pop("month_number")): row for row in frame.to_dict("records")}
    nothing = dict.fromkeys(("customers", "orders", "returns", "lines", "amount_minor"), 0) | {
        "checksum": "0" * 32
    }
    everything = {}
    for month in months.span(min(found), max(found)):
        values = found.get(month, dict(nothing))
        everything[month] = values | {"file": f"{month}-{values['checksum'][:16]}.parquet"}
    return everything


def _write_month(connection: duckdb.DuckDBPyConnection, month: str, path: Path) -> None:
    """Write one month's rows, sorted by customer; an empty month gets an empty file."""
    rows = connection.sql(
        "FROM ledger WHERE month_number = $number ORDER BY customer_id",
        params={"number": months.number(month)},
    )
    part = path.with_name(path.name + ".part")
    rows.write_parquet(str(part), compression="zstd")
    _settle(part, path)


def _restated(
    connection: duckdb.DuckDBPyConnection, month: str, was: Path, now: Mapping[str, Any] | None, folder: Path
) -> dict[str, Any]:
    """Say what changed in a month that stood before."""
    connection.read_parquet(str(was)).create_view("month_before", replace=True)
    if now is None:
        connection.sql("FROM month_before LIMIT 0").create_view("month_after", replace=True)
    else:
        connection.read_parquet(str(folder / now["file"])).create_view("month_after", replace=True)
    customers, amount_before, amount_after = engine.row(connection, engine.text("restated"))
    return {
        "month": month,
        "customers": customers,
        "amount_minor_before": amount_before,
        "amount_minor_after": amount_after,
        "earlier_file": was.name,
    }


def _with_ledger(orders: Orders, figures: Mapping[str, Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The reconciliation with its last line, the ledger itself; refused where a cent is missing."""
    lines = orders.reconciliation()
    amount = sum(values["amount_minor"] for values in figures.values())
    rows = sum(values["lines"] for values in figures.values())
    accepted = lines.iloc[-1]
    if rows != accepted["rows"] or amount / 10**orders.minor_units != accepted["amount"]:
        raise DataError(
            f"{orders.source}: the ledger has {rows:,} lines and {amount} minor units, the accepted lines are "
            f"{accepted['rows']:,} with {accepted['amount']}: this is a fault of the package, please report it"
        )
    last = dict(accepted) | {"rule": "ledger"}
    return [*lines.to_dict("records"), {k: v.item() if hasattr(v, "item") else v for k, v in last.items()}]


def _write_set_aside(orders: Orders, folder: Path) -> str:
    """Keep the rows set aside in a file named by its content; give the name."""
    part = folder / "set-aside.parquet.part"
    orders.set_aside.to_parquet(part, index=False)
    name = f"set-aside-{hashlib.sha256(part.read_bytes()).hexdigest()[:16]}.parquet"
    _settle(part, folder / name)
    return name


def _settle(part: Path, path: Path) -> None:
    """Put a finished file in its place: on disk first, then one rename."""
    with part.open("rb") as stream:
        os.fsync(stream.fileno())
    part.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
