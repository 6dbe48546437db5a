"""Orders: every line of a source, accepted or set aside with its reason, reconciled to the cent."""

import tempfile
from collections.abc import Mapping
from datetime import date
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import duckdb
import pandas as pd

from segmentation import engine, months
from segmentation.errors import DataError, ParameterError
from segmentation.intake import columns as roles
from segmentation.intake.exports import export_of
from segmentation.intake.identities import join_identities
from segmentation.intake.lines import Reading, judge_together, make_lines
from segmentation.intake.marks import as_marked
from segmentation.intake.options import Intake
from segmentation.intake.reconciliation import in_currency, reconcile
from segmentation.intake.sources import Opened, Source, read_with, source_of
from segmentation.intake.sources.conventions import Conventions
from segmentation.intake.sources.currencies import digits_of, rates_of
from segmentation.intake.sources.filling import fill_down
from segmentation.intake.sources.values import Column

# from this size on, lines are kept on disk and memory is bounded
_LARGE = 300_000_000
# such lines are grouped a few months at a time
_LINES_A_PART = 5_000_000


class Orders:
    """The lines of a source, judged. Made by `read_orders`.

    Attributes:
        source: the source's name.
        kinds: all its columns, with their types in the engine.
        columns_found: which of its columns was taken for what.
        conventions: how its numbers and dates are written.
        intake: what was said about the orders.
        timezone: where days begin for moments that carry a time zone, "" where nobody said.
        currency: the currency's code.
        minor_units: decimal digits of the currency (2: cents).
        connection: the engine that holds the table `lines`.
        doubts: column to what its cells make doubtful, to be said with its {role}.
    """

    def __init__(
        self,
        source: str,
        opened: Opened,
        columns_found: Mapping[str, str],
        conventions: Conventions,
        intake: Intake,
        timezone: str,
        currency: str,
        minor_units: int,
        connection: duckdb.DuckDBPyConnection,
        scratch: tempfile.TemporaryDirectory[str] | None = None,
    ) -> None:
        self.source = source
        self.kinds = dict(opened.kinds)
        self.columns_found = dict(columns_found)
        self.conventions = conventions
        self.intake = intake
        self.timezone = timezone
        self.currency = currency
        self.minor_units = minor_units
        self.connection = connection
        self.doubts = opened.doubts
        self.first_row = opened.first_row
        self._opened = opened
        self._scratch = scratch
        self._has_orders = False
        self._has_blanks = False

    @property
    def columns(self) -> list[str]:
        """The names of all columns of the source."""
        return list(self.kinds)

    @property
    def accepted(self) -> pd.DataFrame:
        """One row per accepted line: customer_id, order_id, ordered_at, amount (in the currency)."""
        found = engine.frame(
            self.connection,
            "SELECT customer_id, order_id, ordered_at, amount_minor AS amount FROM lines "
            "WHERE reason IS NULL ORDER BY rowid",
        )
        return in_currency(found, self.minor_units)

    @property
    def set_aside(self) -> pd.DataFrame:
        """One row per line set aside: file, row, reason, the values read, and the raw text of bad ones."""
        return self._set_aside().df()

    def write_set_aside(self, path: Path) -> None:
        """Write `set_aside` as a Parquet file, however many lines it has."""
        self._set_aside().write_parquet(str(path), compression="zstd")

    def _set_aside(self) -> duckdb.DuckDBPyRelation:
        self._find_blanks()
        told = {
            "name": self._opened.name,
            "first_row": self._opened.first_row,
            "unit": 10**self.minor_units,
        }
        return self.connection.sql(engine.translate(engine.text("numbered"))[0], params=told)

    def _find_blanks(self) -> None:
        """Make the table `blank` of rows that the engine passes over, once, if any row has to be numbered."""
        if self._has_blanks:
            return
        any_aside = "SELECT COUNT(*) FROM lines WHERE reason IS NOT NULL"
        rows = list(self._opened.blank_rows()) if engine.row(self.connection, any_aside)[0] else []
        blanks = pd.DataFrame(rows, columns=["file", "row_number"])
        self.connection.register("blanks", blanks.astype({"file": "str", "row_number": "int64"}))
        self.connection.execute("CREATE TABLE blank AS SELECT * FROM blanks")
        self.connection.unregister("blanks")
        self._has_blanks = True

    def reconciliation(self) -> pd.DataFrame:
        """Account for every line: what came in, each rule with its lines, what is accepted.

        Returns:
            rule, effect (in, counted, set aside, accepted), rows, orders, customers, amount (in the
            currency). What came in = what is set aside + what is accepted. Lines counted are among what came
            in, used or not. The last row equals the ledger.
        """
        return in_currency(self._reconciliation, self.minor_units)

    @cached_property
    def _reconciliation(self) -> pd.DataFrame:
        self.group()
        return reconcile(self.connection, self.intake, self.columns_found)

    def spanning(self) -> pd.DataFrame:
        """Orders whose lines lie in more than one month, and so count in each of them.

        One row per order: customer_id, order_id, months, first_day, last_day, lines, amount.
        """
        self.group()
        found = engine.frame(self.connection, "SELECT * FROM spanning ORDER BY customer_id, order_id")
        return in_currency(found, self.minor_units)

    def group(self) -> None:
        """Make the tables `orders`, `spanning` and `taken_back_later` from the accepted lines, once."""
        if not self._has_orders:
            engine.create_in_parts(self.connection, "orders", engine.text("orders"), self.parts)
            engine.create(self.connection, "spanning", engine.text("spanning"))
            engine.create(self.connection, "taken_back_later", engine.text("taken_back_later"))
            self._has_orders = True

    @cached_property
    def parts(self) -> list[dict[str, date]]:
        """Stretches of whole months, `from_day` and `before_day`, that are worked on one at a time.

        Lines in memory are one part; of lines on disk, a part has as many months as fit into memory.
        """
        if self._scratch is None:
            return [{"from_day": date.min, "before_day": date.max}]
        by_month = engine.execute(self.connection, engine.text("lines_by_month")).fetchall()
        starts: list[date] = []
        together = 0
        for month, lines in by_month:
            if not starts or together + lines > _LINES_A_PART:
                starts.append(months.first_day(months.of_number(int(month))))
                together = 0
            together += lines
        return [{"from_day": start, "before_day": end} for start, end in pairwise([*starts, date.max])]


def read_orders(
    source: Any,
    *,
    columns: Mapping[str, str] | None = None,
    currency: str = "USD",
    minor_units: int | None = None,
    timezone: str | None = None,
    options: Mapping[str, Any] | None = None,
    root: Path | None = None,
) -> Orders:
    """Read order lines and say of each whether it is accepted, or why it is set aside.

    Args:
        source: a path, `demo:cdnow`, `demo:complete-journey`, a PostgreSQL address, a frame (pandas, Polars,
            Arrow), or a mapping with the keys that params files have under `orders`.
        columns: role to column where names cannot be recognised: `customer_id`, `order_id`, `date`, `amount`
            (or `quantity` and `price`), and the other keys of `segmentation.intake.headings.NAMES`.
        currency: the currency's code.
        minor_units: the currency's decimal digits (default: those in use, 2 for most, 0 for yen).
        timezone: where days begin, such as "Asia/Shanghai", for moments that carry a time zone.
        options: the other keys of `orders`, see `segmentation.intake.options.Intake`.
        root: the folder that a relative path starts from (default: the current one).

    Raises:
        ParameterError: an unknown key or value.
        DataError: a file or column that is absent, nothing readable, or bad values that are refused.

    >>> dates = ["2017-01-31", "?"]
    >>> frame = pd.DataFrame({"customer": ["007", "007"], "date": dates, "amount": ["1.5", "2"]})
    >>> found = read_orders(frame).reconciliation()
    >>> found.loc[found["rows"] > 0, ["rule", "rows", "amount"]].values.tolist()
    [['lines in the source', 2, 3.5], ['unreadable date', 1, 2.0], ['accepted', 1, 1.5]]
    """
    intake = Intake.of(source, columns, options)
    minor_units = digits_of(currency) if minor_units is None else minor_units
    opened_source = source_of(intake, root)
    _check_timezone(timezone)
    scratch = tempfile.TemporaryDirectory(prefix="segmentation-") if opened_source.size() > _LARGE else None
    connection = engine.connect(Path(scratch.name) if scratch else None, bounded=True)

    def make(opened: Opened) -> tuple[Opened, Mapping[str, str], str, Conventions]:
        found = roles.find(
            list(opened.kinds), {**opened_source.columns, **intake.columns}, opened_source.name
        )
        fill_down(connection, opened, found, intake.fill_down)
        reading = _reading(connection, opened_source, opened, found, intake, currency, minor_units, timezone)
        return opened, found, reading.timezone, make_lines(connection, opened, reading)

    opened, found, zone, conventions = read_with(opened_source, connection, make)
    join_identities(connection, intake, found, list(opened.kinds), root or Path())
    of_orders = roles.holds_order_totals(list(opened.kinds), found.get("amount"))
    judge_together(connection, intake, intake.amount_of or ("order" if of_orders else "line"))
    told = (found, conventions, intake, zone, currency, minor_units, connection, scratch)
    orders = Orders(opened_source.name, opened, *told)
    _refuse_bad(orders)
    _refuse_nothing(orders)
    return orders


def _reading(
    connection: duckdb.DuckDBPyConnection,
    source: Source,
    opened: Opened,
    found: Mapping[str, str],
    intake: Intake,
    currency: str,
    minor_units: int,
    timezone: str | None,
) -> Reading:
    """How the source is to be read, its currencies checked."""
    at = {role: Column(column, opened.kinds[column]) for role, column in found.items()}
    if intake.tier_by == "parent_account" and "parent_account" not in at:
        raise DataError(
            f"{source.name}: tier_by: parent_account needs its column; name it under "
            f"orders.columns.parent_account (found: {', '.join(opened.kinds)})"
        )
    rates = (
        rates_of(connection, at["currency"], currency, intake.rates, source.name) if "currency" in at else {}
    )
    for key, role in (("rates", "currency"), ("not_products", "product"), ("set_aside_status", "status")):
        if getattr(intake, key) and role not in at:
            raise ParameterError(
                f"orders.{key}: {source.name} has no column for it; name one under orders.columns.{role}, "
                f"or leave {key} out"
            )
    at, flags = as_marked(connection, at)
    written_in = None if "currency" in at else currency
    zone = timezone or opened.zones.get(found["date"], "")
    export = export_of(list(opened.kinds)) if "status" in at else None
    not_counted = intake.set_aside_status
    if not_counted is None:
        not_counted = list(export.not_counted) if export else []
    return Reading(
        source.name, at, intake, written_in, minor_units, zone, rates, not_counted, frozenset(flags)
    )


def _check_timezone(timezone: str | None) -> None:
    try:
        if timezone is not None:
            ZoneInfo(timezone)
    except (KeyError, ValueError, OSError):
        raise ParameterError(f"timezone: {timezone!r} is not known; write it as in 'Asia/Shanghai'") from None


def _refuse_bad(orders: Orders) -> None:
    """Refuse unreadable or empty dates or amounts where the parameters say so, naming the first rows."""
    found = orders.columns_found
    amount = found.get("amount") or f"{found.get('quantity')} × {found.get('price')}"
    for what, key, column in (("date", "on_bad_date", found["date"]), ("amount", "on_bad_amount", amount)):
        if getattr(orders.intake, key) != "refuse":
            continue
        bad = orders.set_aside.query("reason in @reasons", local_dict={"reasons": _reasons_of(what)})
        if len(bad):
            rows = "; ".join(
                f"{file or orders.source}, row {row:,}: {repr(value) if isinstance(value, str) else 'empty'}"
                for file, row, value in bad[["file", "row", f"raw_{what}"]].head(3).itertuples(index=False)
            )
            raise DataError(
                f"{rows}: not a readable {what} in column {column!r} ({len(bad):,} such rows). "
                f"Set them aside with {key}: set_aside"
            )


def _reasons_of(what: str) -> list[str]:
    return [f"unreadable {what}", f"no {what}"]


def _refuse_nothing(orders: Orders) -> None:
    """Refuse a source without a single accepted line, naming the first line of each reason."""
    if engine.row(orders.connection, "SELECT COUNT(*) FROM lines WHERE reason IS NULL")[0]:
        return
    first = orders.set_aside.drop_duplicates("reason").to_dict("records")
    told = (f"{line['reason']}, first in row {line['row']:,}{_as_written(line)}" for line in first)
    why = "; ".join(told)
    raise DataError(
        f"{orders.source}: no line can be used ({why or 'the source has no rows'}); look whether the columns are "
        f"the right ones: {', '.join(f'{role}: {column}' for role, column in orders.columns_found.items())}"
    )


def _as_written(line: Mapping[Any, Any]) -> str:
    """What a line that is set aside holds in place of a date or an amount, or as a whole."""
    for key in ("raw_line", "raw_date", "raw_amount"):
        if isinstance(line[key], str) and line["reason"].startswith("unreadable"):
            return f": {line[key][:60]!r}"
    return ""
