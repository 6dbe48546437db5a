"""Orders: every line of a source, accepted or set aside with its reason, reconciled to the cent."""

import tempfile
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
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
from segmentation.intake.lines import judge_together, make_lines
from segmentation.intake.marks import as_marked
from segmentation.intake.options import Intake
from segmentation.intake.reconciliation import in_currency, reconcile
from segmentation.intake.refusing import refuse_bad, refuse_nothing
from segmentation.intake.sources import Opened, Source, read_with, source_of
from segmentation.intake.sources.conventions import Conventions
from segmentation.intake.sources.currencies import digits_of, rates_of
from segmentation.intake.sources.filling import fill_down
from segmentation.intake.sources.values import Column
from segmentation.intake.taking import Reading

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
        connection.execute("CREATE OR REPLACE TABLE blank (file VARCHAR, row_number BIGINT)")
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

    def row_of(self, place: int) -> tuple[str, int]:
        """The file and the number of the row that a place (from 0) in the table `lines` is read from."""
        return tuple(self._numbered(place).project("file", "row").fetchall()[0])

    # the lines, each beside its row of the source, whose columns may be called as those of the lines are
    BESIDE = (
        "(SELECT reason AS line_reason__, amount_minor AS line_minor__, profit_minor AS line_profit__ FROM lines) "
        "AS judged_lines POSITIONAL JOIN source"
    )

    def minor(self, amount: float) -> int:
        """An amount of the currency in minor units."""
        return round(amount * 10**self.minor_units)

    def written(self, minor: int | Decimal) -> str:
        """An amount in minor units as it is read, exactly: 4,000.00."""
        return f"{Decimal(minor).scaleb(-self.minor_units):,.{self.minor_units}f}"

    def _set_aside(self) -> duckdb.DuckDBPyRelation:
        return self._numbered(None)

    def _numbered(self, place: int | None) -> duckdb.DuckDBPyRelation:
        """The lines set aside, or the one at a place, with their rows in their files."""
        self._find_blanks(place is not None)
        told = {
            "name": self._opened.name,
            "first_row": self._opened.first_row,
            "unit": 10**self.minor_units,
            "place": place,
        }
        return self.connection.sql(engine.translate(engine.text("numbered"))[0], params=told)

    def _find_blanks(self, needed: bool) -> None:
        """Make the table `blank` of rows that the engine passes over, once, if any row has to be numbered."""
        any_aside = "SELECT COUNT(*) FROM lines WHERE reason IS NOT NULL"
        needed = needed or engine.row(self.connection, any_aside)[0] > 0
        if self._has_blanks or not needed:
            return
        rows = self._opened.blank_rows()
        blanks = pd.DataFrame(list(rows), columns=["file", "row_number"])
        self.connection.register("blanks", blanks.astype({"file": "str", "row_number": "int64"}))
        self.connection.execute("INSERT INTO blank SELECT * FROM blanks")
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
    for what, key in (("date", intake.on_bad_date), ("amount", intake.on_bad_amount)):
        if key == "refuse":
            refuse_bad(orders.source, orders.set_aside, what, found)
    if not engine.row(connection, "SELECT COUNT(*) FROM lines WHERE reason IS NULL")[0]:
        refuse_nothing(orders.source, orders.set_aside, found)
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
