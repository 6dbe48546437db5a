"""The ledger: one row per customer and month in whole minor units, one Parquet file a month."""

import hashlib
import json
import tempfile
from collections.abc import Mapping
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any, Self

import duckdb
import pandas as pd

from segmentation import engine, months
from segmentation.errors import DataError
from segmentation.intake.options import Intake
from segmentation.intake.orders import Orders, read_orders
from segmentation.intake.sources import source_of
from segmentation.ledger.completeness import COMPLETE, SILENT
from segmentation.ledger.files import NO_ROWS, lock_file, make_folder, month_file, read_index, write


class Ledger:
    """Customer × month totals in a folder. Made by `Ledger.update`, `Ledger.open` or `Ledger.of`.

    Attributes:
        folder: where the files lie.
        months: every calendar month from the first to the last order, also those without one.
        source: what the orders were read from, without credentials.
        currency: the currency's code.
        minor_units: its decimal digits.
        last_day: the day of the last accepted line.
        columns: all columns of the source.
        new_columns: those that the source did not have when the ledger was made the time before.
        columns_found: which column of the source was taken for what.
    """

    def __init__(self, folder: Path, index: Mapping[str, Any]) -> None:
        self.folder = folder
        self.months: list[str] = list(index["months"])
        self.source: str = index["source"]
        self.currency: str = index["currency"]
        self.minor_units: int = index["minor_units"]
        self.last_day = date.fromisoformat(max(index["last_days"].values()))
        self.columns: list[str] = index["columns"]
        self.new_columns = [name for name in self.columns if name not in index["columns_before"]]
        self.columns_found: dict[str, str] = index["columns_found"]
        self._index = index

    @classmethod
    def open(cls, folder: Path | str) -> Self:
        """Open the ledger that stands in a folder, without looking at its source.

        Raises DataError when there is none, or one of another version.
        """
        folder = Path(folder)
        index = read_index(folder)
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
        minor_units: int | None = None,
        timezone: str | None = None,
        root: Path | None = None,
    ) -> Self:
        """Bring a folder's ledger up to date with its source, reading it only where it may have changed.

        Args:
            orders: the `orders` of the parameters.
            folder: the ledger's own folder, made when absent.
            currency: the currency's code.
            minor_units: the currency's decimal digits (default: those in use, 2 for most, 0 for yen).
            timezone: where days begin, for moments with a time zone.
            root: the folder that a relative path starts from.

        Raises:
            ParameterError, DataError: as `read_orders`.
        """
        folder = Path(folder)
        intake = Intake.of(orders)
        source = source_of(intake, root)
        told = intake.told() | {"currency": currency, "minor_units": minor_units, "timezone": timezone}
        told_digest = hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()
        make_folder(folder)
        with lock_file(folder / ".lock"):
            digest = source.digest()
            index = read_index(folder)
            if index and digest and (index["source_digest"], index["settings"]) == (digest, told_digest):
                return cls(folder, index)
            read = read_orders(
                intake, currency=currency, minor_units=minor_units, timezone=timezone, root=root
            )
            return cls(folder, write(read, folder, index, digest, told_digest))

    @classmethod
    def of(cls, orders: Orders, folder: Path | str | None = None, before: Self | None = None) -> Self:
        """Make a ledger of orders at hand; without a folder, in a temporary one that goes with the ledger.

        `before` is the ledger that a temporary one is to be held against, for its new columns.
        """
        if folder is not None:
            place = Path(folder)
            place.mkdir(parents=True, exist_ok=True)
            return cls(place, write(orders, place, read_index(place), None, ""))
        temporary = tempfile.TemporaryDirectory(prefix="ledger-")
        place = Path(temporary.name)
        ledger = cls(place, write(orders, place, before._index if before else None, None, ""))
        if before and before.columns == ledger.columns:
            ledger.new_columns = before.new_columns
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

    @property
    def has_profit(self) -> bool:
        """Whether the orders gave profit, or cost."""
        return bool({"profit", "cost"} & set(self.columns_found))

    @property
    def complete_until(self) -> str:
        """The last month that the orders cover to its end; the month before the first where there is none."""
        complete = (month for month in reversed(self.months) if self.ends(month) == COMPLETE)
        return next(complete, months.add(self.first, -1))

    def ends(self, month: str) -> str:
        """Say whether the orders cover a month to its end, as `completeness.ends`."""
        return str(self._index["ends"].get(self._known(month), SILENT))

    def last_day_until(self, month: str) -> str:
        """Give the day of the last accepted line up to the end of a month, YYYY-MM-DD."""
        return str(max(day for name, day in self._index["last_days"].items() if name <= month))

    def at(self, checksums: Mapping[str, str], minor_units: int) -> Self:
        """Give the ledger as it stood when its months had these checksums, from files here or beside it.

        A month whose file is gone is in `months`, but cannot be read; `paths` says where it was.
        """
        files = {month: month_file(month, checksum) for month, checksum in checksums.items()}
        stood = {
            month: {
                "checksum": checksums[month],
                "file": str(next(self.folder.parent.glob(f"*/{files[month]}"), files[month])),
            }
            for month in sorted(checksums)
        }
        return type(self)(self.folder, {**self._index, "months": stood, "minor_units": minor_units})

    def until(self, month: str) -> list[str]:
        """List the months up to one, oldest first; one directly after the last is a month without orders."""
        return [known for known in [*self.months, months.add(self.last, 1)] if known <= month]

    def lines_in(self, month: str) -> int:
        """Give the accepted lines dated in a month."""
        return int(self._index["months"].get(month, {"lines": 0})["lines"])

    def checksum(self, month: str) -> str:
        """Give the checksum of a month's rows, which does not depend on their order."""
        return str(self._index["months"].get(self._known(month), {"checksum": NO_ROWS})["checksum"])

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

    @property
    def has_baskets(self) -> bool:
        """Whether the orders name groups of products."""
        return bool(self._index["baskets"])

    def baskets(self, first: str, last: str) -> pd.DataFrame:
        """What lies in the baskets of the months from first to last, where the orders name groups of products.

        One row a customer, order and group: customer_id, order_id, product_group, amount_minor.
        """
        known = self._index["baskets"]
        paths = [
            str(self.folder / known[month]["file"]) for month in months.span(first, last) if month in known
        ]
        if not paths:
            return pd.DataFrame(columns=["customer_id", "order_id", "product_group", "amount_minor"])
        return engine.frame(self.cursor(), "SELECT * FROM read_parquet(:paths)", {"paths": paths})

    def baskets_digests(self, until: str) -> dict[str, str]:
        """The digest of the baskets of every month up to one."""
        return {month: of["digest"] for month, of in self._index["baskets"].items() if month <= until}

    def reconciliation(self) -> pd.DataFrame:
        """Account for every line that came in, as `Orders.reconciliation`."""
        return pd.DataFrame(self._index["reconciliation"])

    def set_aside_in(self, month: str) -> pd.DataFrame:
        """Count the lines set aside that are dated in a month: rule, rows, amount (in the currency)."""
        found = pd.DataFrame(
            self._index["aside_by_month"].get(month, []),
            columns=["rule", "rows", "amount_minor"],
        )
        amount = found["amount_minor"].astype("int64") / 10**self.minor_units
        return found.drop(columns="amount_minor").assign(amount=amount)

    def set_aside(self) -> pd.DataFrame:
        """Give the lines set aside, as `Orders.set_aside`."""
        return pd.read_parquet(self.folder / self._index["set_aside"])

    def cursor(self) -> duckdb.DuckDBPyConnection:
        """Give an engine for questions to the ledger's files; it is opened once and kept."""
        return self._connection.cursor()

    @cached_property
    def _connection(self) -> duckdb.DuckDBPyConnection:
        return engine.connect()

    def _known(self, month: str) -> str:
        """The month, if the orders cover it, or it follows directly on those that they cover."""
        if month not in self._index["months"] and month != months.add(self.last, 1):
            raise DataError(f"month {month}: the orders cover {self.first} to {self.last}")
        return month
