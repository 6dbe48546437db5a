"""What the parameters may say of a table: every key under `orders`, `customers`, `payments`, with its default."""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from segmentation.errors import ParameterError, did_you_mean
from segmentation.intake.columns import CUSTOMERS, ORDERS, PAYMENTS, Roles, recognises

Choice = Literal["keep", "set_aside"]
RowNumber = Annotated[int, Field(ge=1, le=1000)]


class Origin(BaseModel):
    """Where the rows of a table come from, and which columns are what.

    Where they come from:
        path: a file, a folder, a pattern such as `sales/*.csv`, a list of them, `demo:cdnow`,
            `demo:complete-journey`, or `postgresql://user@host/database` (no password in it: it comes from
            PGPASSWORD or ~/.pgpass). Several files with the same columns are one source.
        frame: a frame of pandas, Polars or Arrow (in Python only).
        table, query: what to read of a database. `sheet`: the sheet of a workbook by name, a list of
            sheets, or `*` for all, which are one source if they have the same columns.
        encoding, delimiter, decimal: given where they are not found rightly; `header: false` where the
            first row is data already (the columns are then column1, column2 …); `header_row`: the row that
            the header stands in, or the rows, from 1, where it is not found.
        date_format: how dates are written, as in `%d.%m.%y %H:%M`, where they are not read otherwise.
        date_order: what 3/4/2017 or 17-01-05 begins with, where the rows themselves do not tell.

    Which columns are what:
        columns: role to column; the roles are the keys of `roles.names`.
        fill_down: roles whose empty cells mean the cell above, as under merged cells.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, arbitrary_types_allowed=True)
    roles: ClassVar[Roles] = ORDERS

    path: str | list[str] | None = None
    frame: Any = None
    table: str | None = None
    query: str | None = None
    sheet: str | list[str] | None = None
    encoding: str | None = None
    delimiter: Annotated[str, Field(min_length=1, max_length=1)] | None = None
    header: bool = True
    header_row: RowNumber | Annotated[list[RowNumber], Field(min_length=1, max_length=5)] | None = None
    decimal: Literal[".", ","] | None = None
    date_format: str | None = None
    date_order: Literal["day_first", "month_first", "year_first"] | None = None
    columns: dict[str, str] = {}
    fill_down: list[str] = []

    @field_validator("columns")
    @classmethod
    def _known_roles(cls, columns: dict[str, str]) -> dict[str, str]:
        for role in columns:
            if role not in cls.roles.names and cls.roles is not CUSTOMERS:
                raise ValueError(f"unknown key {role!r}{did_you_mean(role, list(cls.roles.names))}")
        return columns

    @field_validator("fill_down")
    @classmethod
    def _roles(cls, fill_down: list[str]) -> list[str]:
        for role in fill_down:
            if role not in cls.roles.names and cls.roles is not CUSTOMERS:
                raise ValueError(f"unknown role {role!r}{did_you_mean(role, list(cls.roles.names))}")
        return fill_down

    @field_validator("delimiter")
    @classmethod
    def _parts_cells(cls, delimiter: str | None) -> str | None:
        if delimiter is not None and delimiter in '"\r\n\0':
            raise ValueError("cannot part cells; leave it out to have it found, or name one such as ;")
        return delimiter

    @model_validator(mode="after")
    def _one_header(self) -> Self:
        if self.header_row is not None and not self.header:
            raise ValueError("header_row: is given, and header: false says that there is none; leave one out")
        return self

    @classmethod
    def of(
        cls,
        source: Any,
        columns: Mapping[str, str] | None = None,
        options: Mapping[str, Any] | None = None,
    ) -> Self:
        """Spell out a source (a path, a frame, or a mapping of keys) with columns and further keys.

        Raises ParameterError naming the key, its value and the nearest known one.
        """
        if isinstance(source, cls):
            given: dict[str, Any] = source.model_dump(exclude_unset=True) | {"frame": source.frame}
        elif isinstance(source, Mapping):
            given = dict(source)
        elif isinstance(source, str | Path):
            given = {"path": str(source)}
        else:
            given = {"frame": source}
        given |= options or {}
        if columns is not None:
            given["columns"] = dict(columns)
        for key in given:
            if key not in cls.model_fields:
                raise ParameterError(
                    f"{cls.roles.key}: unknown key {key!r}{did_you_mean(str(key), list(cls.model_fields))}"
                )
        rates = given.get("rates")
        if isinstance(rates, Mapping):
            given["rates"] = {code: float(v) if isinstance(v, int) else v for code, v in rates.items()}
        try:
            return cls.model_validate(given)
        except ValidationError as error:
            first = error.errors()[0]
            key = ".".join(str(part) for part in first["loc"][:2] if part not in ("str", "list[str]"))
            message = str(first["msg"]).removeprefix("Value error, ")
            raise ParameterError(f"{cls.roles.key}.{key}: {message} (got {first['input']!r})") from None

    @property
    def key(self) -> str:
        """The parameter that names the table."""
        return self.roles.key

    def recognises(self, columns: Sequence[str]) -> bool:
        """Say whether names are those of the table's header, see `columns.recognises`."""
        return recognises(columns, self.columns, self.roles)

    @property
    def header_rows(self) -> list[int]:
        """The rows of the header where they are named, in order."""
        named = self.header_row
        return [] if named is None else [named] if isinstance(named, int) else sorted(named)

    def told(self) -> dict[str, Any]:
        """Give what was said, as JSON values without the frame, for the digest of what was asked."""
        return self.model_dump(mode="json", exclude={"frame"})


class Intake(Origin):
    """Where the orders come from, which columns are what, and what counts.

    Who is one customer, also in the other tables:
        identities: a CSV file of two columns, an id and the id of the same customer that it counts for.
        ignore_case: ids that differ in case or width only are one customer; for e-mails of known exports they
            are unless it says false.
        tier_by: `parent_account` puts the accounts of one parent together.

    What counts (each a line of the reconciliation):
        on_bad_date, on_bad_amount: unreadable or empty values are set aside, or the source is refused.
        returns: negative lines lower the customer's amount, or are set aside.
        cancellation_prefix: an order id with this prefix before digits marks a cancellation.
        cancelled_within_minutes: an order taken back in full so soon is set aside with its cancellation
            (0: never).
        taken_back: an order whose lines of a month sum to zero or below after returns is no order; `count`
            keeps it one.
        duplicates: further copies of a line equal in every column of the source.
        zero_lines: lines of no amount.
        amount_of: a `line`, or an `order`: the order's amount stands on one of its lines, and the others,
            which have none, count with nothing. Found for exports of Shopify.
        fine_amounts: amounts with more decimals than the currency are rounded half to even, or set aside.
        not_products: product codes (`POST`, `GIFT*`) whose lines are set aside.
        test_customers: customer ids (`test*`) whose lines are set aside.
        not_customers: customer ids (`Total`, `guest*`) that are no customers.
        set_aside_status: values of the column `status` (`cancel*`) whose lines are set aside.
        far_dates: lines dated years away from all others.
        rates: currency code to its price in the report's currency; without one, two currencies are refused.
        drawn_on: the day the data was drawn, YYYY-MM-DD; later dates are set aside.

    >>> Intake.of("sales.csv", options={"duplicates": "set_aside"}).duplicates
    'set_aside'
    """

    identities: str | None = None
    ignore_case: bool | None = None
    tier_by: Literal["customer", "parent_account"] = "customer"
    on_bad_date: Literal["set_aside", "refuse"] = "set_aside"
    on_bad_amount: Literal["set_aside", "refuse"] = "set_aside"
    returns: Literal["subtract", "set_aside"] = "subtract"
    cancellation_prefix: str = "C"
    cancelled_within_minutes: Annotated[int, Field(ge=0, le=1440)] = 60
    taken_back: Literal["leave_out", "count"] = "leave_out"
    duplicates: Choice = "keep"
    zero_lines: Choice = "keep"
    amount_of: Literal["line", "order"] | None = None
    fine_amounts: Literal["round", "set_aside"] = "round"
    not_products: list[str] = []
    test_customers: list[str] = []
    not_customers: list[str] = []
    set_aside_status: list[str] | None = None
    far_dates: Choice = "set_aside"
    rates: dict[str, Annotated[float, Field(gt=0, lt=1e9)]] = {}
    drawn_on: str | None = None

    @field_validator("drawn_on")
    @classmethod
    def _a_day(cls, day: str | None) -> str | None:
        if day is not None:
            date.fromisoformat(day)
        return day


class CustomersTable(Origin):
    """The table of customers: names and attributes.

    several_rows: of a customer on several rows that differ, without a day from which each holds, the rows are
    set aside, or the table is refused.
    """

    roles: ClassVar[Roles] = CUSTOMERS

    several_rows: Literal["refuse", "set_aside"] = "refuse"


class PaymentsTable(Origin):
    """The table of invoices and what was paid of them, and when."""

    roles: ClassVar[Roles] = PAYMENTS
