"""The ledger's files: a month's file is named by its content and never changed, the index comes last.

So a process killed at any instant leaves the old ledger or the new one. A month whose rows changed gets a new
file beside the earlier one, which stays: who knows its checksum can read how the month stood.
"""

import hashlib
import json
import logging
import os
import shutil
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
from filelock import FileLock

from segmentation import engine, months
from segmentation.errors import DataError
from segmentation.intake.orders import Orders
from segmentation.ledger.completeness import ends

_FORMAT = 7
_MONTH_FORMAT = 4
_INDEX = "ledger.json"
NO_ROWS = "0" * 32  # the checksum of a month without a row
_LOG = logging.getLogger("segmentation")


def read_index(folder: Path) -> dict[str, Any] | None:
    """Give the index of a folder's ledger, or None without one that this version can read.

    A ledger is made from the orders and can be made again: one that is damaged, its index or a file of it,
    is said in the log and taken for none.
    """
    try:
        index = json.loads((folder / _INDEX).read_text(encoding="utf-8"))
        if not isinstance(index, dict) or index.get("format") != _FORMAT:
            return None
        if index.pop("digest") != _digest_of(index):
            raise ValueError(f"{_INDEX} is not as it was written")
        known = {figures["file"]: figures["digest"] for figures in index["months"].values()}
        known |= {of["file"]: of["digest"] for of in index["baskets"].values()}
        for name, digest in {**known, index["set_aside"]: index["set_aside_digest"]}.items():
            if file_digest(folder / name) != digest:
                raise ValueError(f"{name} is not as it was written")
    except FileNotFoundError as error:
        if Path(error.filename).name == _INDEX:
            return None
        damage: object = f"{Path(error.filename).name} is missing"
    except (ValueError, KeyError, IsADirectoryError, NotADirectoryError) as error:
        damage = error
    else:
        return index
    _LOG.warning("the store: the ledger is damaged (%s): it is made anew", damage)
    return None


def make_folder(folder: Path) -> Path:
    """Make a folder of the store; whatever else stands in its place, or in that of the one above, goes."""
    for path in (folder.parent, folder):
        if path.is_symlink() or (path.exists() and not path.is_dir()):
            path.unlink()
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def lock_file(path: Path) -> FileLock:
    """The lock of that name; no folder stands in its way."""
    if path.is_symlink():
        path.unlink()
    elif path.is_dir():
        shutil.rmtree(path)
    return FileLock(path)


def file_digest(path: Path) -> str:
    """The sha256 of a file."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _digest_of(index: Mapping[str, Any]) -> str:
    """The sha256 of an index."""
    return hashlib.sha256(json.dumps(index, ensure_ascii=False).encode()).hexdigest()


def month_file(month: str, checksum: str) -> str:
    """The name of a month's file."""
    return f"{month}-v{_MONTH_FORMAT}-{checksum[:16]}.parquet"


def write(
    orders: Orders, folder: Path, before: Mapping[str, Any] | None, digest: str | None, settings: str
) -> dict[str, Any]:
    """Write the months that changed, then the index; give the index."""
    for left_over in folder.glob("*.part"):
        left_over.unlink()
    connection = orders.connection
    orders.group()
    told = [part | {"taken_back": orders.intake.taken_back} for part in orders.parts]
    engine.create_in_parts(connection, "ledger", engine.text("ledger"), told)
    figures = _figures(connection)
    sound = {of["file"]: of["digest"] for of in before["months"].values()} if before else {}
    for month, values in figures.items():
        path = folder / values["file"]
        kept = path.exists() and sound.get(path.name)  # the ledger before may lie in another folder
        values["digest"] = kept or _write_month(connection, month, path)
    days = _trading_days(connection)
    set_aside, set_aside_digest = _write_set_aside(orders, folder)
    index = {
        "format": _FORMAT,
        "source": orders.source,
        "source_digest": digest,
        "settings": settings,
        "currency": orders.currency,
        "minor_units": orders.minor_units,
        "last_days": _last_days(days),
        "ends": ends(days),
        "columns": orders.columns,
        "columns_before": before["columns"] if before else orders.columns,
        "columns_found": orders.columns_found,
        "months": figures,
        "baskets": _write_baskets(orders, folder),
        "reconciliation": _with_ledger(orders, figures),
        "set_aside": set_aside,
        "set_aside_digest": set_aside_digest,
        "aside_by_month": _aside_by_month(connection),
    }
    _write_json(index, folder / _INDEX)
    return index


def _write_json(index: Mapping[str, Any], path: Path) -> None:
    part = path.with_name(f"{path.name}.part")
    written = json.loads(json.dumps(index, ensure_ascii=False))  # as it will be read
    told = {**written, "digest": _digest_of(written)}
    part.write_text(json.dumps(told, ensure_ascii=False, indent=1), encoding="utf-8")
    settle(part, path)


def _trading_days(connection: duckdb.DuckDBPyConnection) -> dict[date, int]:
    """The days with an accepted line, and how many lines they have."""
    return dict(engine.execute(connection, engine.text("trading_days")).fetchall())


def _last_days(days: Mapping[date, int]) -> dict[str, str]:
    """Month to the last day with an accepted line in it; months without one are left out."""
    return {months.of(day): day.isoformat() for day in days}


def _figures(connection: duckdb.DuckDBPyConnection) -> dict[str, dict[str, Any]]:
    """Month to its figures and file name, for every calendar month from the first to the last."""
    frame = engine.frame(connection, engine.text("ledger_months"))
    rows: list[dict[str, Any]] = frame.to_dict("records")  # type: ignore[assignment]
    found = {months.of_number(row.pop("month_number")): row for row in rows}
    empty: dict[str, Any] = dict.fromkeys(("customers", "orders", "returns", "lines", "amount_minor"), 0)
    empty["checksum"] = NO_ROWS
    everything = {}
    for month in months.span(min(found), max(found)):
        values = found.get(month, empty)
        everything[month] = values | {"file": month_file(month, values["checksum"])}
    return everything


def _aside_by_month(connection: duckdb.DuckDBPyConnection) -> dict[str, list[dict[str, Any]]]:
    """Month to what is set aside in it, also in months without orders: one entry a reason, rows and money."""
    found: dict[str, list[dict[str, Any]]] = {}
    for number, reason, rows, amount in engine.execute(connection, engine.text("aside_by_month")).fetchall():
        entry = {"rule": reason, "rows": rows, "amount_minor": amount}
        found.setdefault(months.of_number(int(number)), []).append(entry)
    return found


def _write_month(connection: duckdb.DuckDBPyConnection, month: str, path: Path) -> str:
    """Write one month's rows, sorted by customer; an empty month gets an empty file. Give its digest."""
    rows = connection.sql(
        "FROM ledger WHERE month_number = $number ORDER BY customer_id",
        params={"number": months.number(month)},
    )
    part = path.with_name(path.name + ".part")
    rows.write_parquet(str(part), compression="zstd")
    digest = file_digest(part)
    settle(part, path)
    return digest


def _with_ledger(orders: Orders, figures: Mapping[str, Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The reconciliation with its last line, the ledger itself; refused where a cent is missing."""
    lines = orders.reconciliation()
    amount = sum(values["amount_minor"] for values in figures.values())
    rows = sum(values["lines"] for values in figures.values())
    accepted = lines.iloc[-1]
    if rows != accepted["rows"] or amount / 10**orders.minor_units != accepted["amount"]:
        raise DataError(
            f"{orders.source}: the ledger has {rows:,} lines and {amount} minor units, the accepted lines "
            f"are {accepted['rows']:,} with {accepted['amount']}: a fault of the package, please report it"
        )
    last = dict(accepted) | {"rule": "ledger", "effect": "ledger"}
    return [*lines.to_dict("records"), {k: v.item() if hasattr(v, "item") else v for k, v in last.items()}]


def _write_set_aside(orders: Orders, folder: Path) -> tuple[str, str]:
    """Keep the rows set aside in a file named by its content; give the name and the digest."""
    part = folder / "set-aside.parquet.part"
    orders.write_set_aside(part)
    digest = file_digest(part)
    name = f"set-aside-{digest[:16]}.parquet"
    settle(part, folder / name)
    return name, digest


def _write_baskets(orders: Orders, folder: Path) -> dict[str, dict[str, str]]:
    """Keep what lies in the baskets of each month, where the orders name groups of products: file and digest."""
    if "product_group" not in orders.columns_found:
        return {}
    connection = orders.connection
    engine.create_in_parts(connection, "baskets", engine.text("baskets"), orders.parts)
    numbers = engine.execute(connection, "SELECT DISTINCT month_number FROM baskets ORDER BY 1").fetchall()
    found = {}
    for (number,) in numbers:
        rows = connection.sql(
            "SELECT * EXCLUDE (month_number) FROM baskets WHERE month_number = $number "
            "ORDER BY customer_id, order_id, product_group",
            params={"number": number},
        )
        month = months.of_number(number)
        part = folder / f"{month}-baskets.parquet.part"
        rows.write_parquet(str(part), compression="zstd")
        digest = file_digest(part)
        name = f"{month}-baskets-{digest[:16]}.parquet"
        settle(part, folder / name)
        found[month] = {"file": name, "digest": digest}
    return found


def settle(part: Path, path: Path) -> None:
    """Put a finished file in its place: on disk first, then one rename."""
    with part.open("rb+") as stream:
        os.fsync(stream.fileno())
    if path.is_dir():
        shutil.rmtree(path)  # no file of ours
    part.replace(path)
    try:
        folder = os.open(path.parent, os.O_RDONLY)
    except PermissionError:
        return  # Windows cannot open a folder
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
