"""Which column is what: given in the parameters, or found by its name; never guessed when two fit."""

import difflib
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from segmentation.errors import DataError, ParameterError, did_you_mean
from segmentation.intake.exports import export_of
from segmentation.intake.headings import CUSTOMER_NAMES, NAMES, PAYMENT_NAMES, SCALE, plain

_UNNAMED = re.compile(r"column\d+")  # what a column without a heading is called


@dataclass(frozen=True)
class Roles:
    """What the columns of a kind of table may be.

    Attributes:
        key: the parameter that names the table.
        names: role to groups of headings, better groups first.
        needed: the roles without which it is no such table.
        loose: roles that stay open where several columns fit, instead of a question.
    """

    key: str
    names: Mapping[str, Sequence[Sequence[str]]]
    needed: tuple[str, ...]
    loose: frozenset[str] = frozenset()


ORDERS = Roles("orders", NAMES, ("customer_id", "date", "amount"), frozenset({"product_group"}))
CUSTOMERS = Roles(
    "customers",
    CUSTOMER_NAMES,
    ("customer_id",),
    frozenset(CUSTOMER_NAMES) - {"customer_id", "customer_name", "valid_from"},
)
PAYMENTS = Roles("payments", PAYMENT_NAMES, ("customer_id", "invoice_id", "issued_on", "due_on", "amount"))


@dataclass
class Match:
    """What a source's columns are.

    Attributes:
        found: role to column.
        doubtful: roles that several columns fit equally well, with those columns.
        missing: needed roles that no column is known for.
        free: the columns that are nothing yet.
    """

    found: dict[str, str]
    doubtful: dict[str, list[str]] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)
    free: list[str] = field(default_factory=list)


def find(
    columns: Sequence[str], given: Mapping[str, str], name: str, roles: Roles = ORDERS
) -> dict[str, str]:
    """Say which column is taken for what.

    Args:
        columns: the source's column names.
        given: what the parameters say, role to column name.
        name: the source's name, for messages.
        roles: the kind of table.

    Returns:
        role to column, given ones first. Of orders, an amount comes from `amount`, or from `quantity` times `price`.

    Raises:
        ParameterError: an unknown role.
        DataError: columns that are absent, and roles that none or several columns fit, all at once.

    >>> find(["CustomerID", "Order Date", "Qty", "UnitPrice"], {}, "sales.csv")
    {'customer_id': 'CustomerID', 'date': 'Order Date', 'quantity': 'Qty', 'price': 'UnitPrice'}
    """
    wrong = []
    for role, column in given.items():
        if role not in roles.names and roles is not CUSTOMERS:
            raise ParameterError(
                f"{roles.key}.columns: unknown key {role!r}{did_you_mean(role, list(roles.names))}"
            )
        if column not in columns:
            wrong.append(f"there is no column {column!r} for {role}{did_you_mean(column, columns)}")
    if wrong:
        raise DataError(f"{name}: {'; '.join(wrong)}")
    known = match(columns, given, roles)
    wrong = [
        f"{' and '.join(map(repr, fitting))} both fit {role}; say which under {roles.key}.columns.{role}"
        for role, fitting in known.doubtful.items()
    ]
    wrong += _what_is_missing(known, roles)
    if wrong:
        raise DataError(f"{name}: {'; '.join(wrong)}")
    return known.found


def match(columns: Sequence[str], given: Mapping[str, str], roles: Roles = ORDERS) -> Match:
    """Say what is known of a source's columns, what is in doubt and what is missing.

    >>> known = match(["Order Date", "Customer", "Net"], {})
    >>> known.found, known.missing, known.free
    ({'customer_id': 'Customer', 'date': 'Order Date'}, ['amount'], ['Net'])
    """
    found = {role: column for role, column in given.items() if column in columns}
    known = Match(found)
    for role, column in _by_export(columns).items() if roles is ORDERS else ():
        if not _is_settled(role, found, given) and column not in found.values():
            found[role] = column
    for role, groups in roles.names.items():
        if _is_settled(role, found, given):
            continue
        fitting = _fitting(groups, [column for column in columns if column not in found.values()])
        if len(fitting) > 1 and role in roles.loose:
            continue
        if len(fitting) > 1:
            known.doubtful[role] = fitting
        elif fitting:
            found[role] = fitting[0]
    if "amount" in known.doubtful and {"quantity", "price"} <= set(given):
        del known.doubtful["amount"]
    has = {*found, *known.doubtful}
    known.missing = [role for role in roles.needed if role not in has]
    if {"quantity", "price"} <= has and "amount" in known.missing:
        known.missing.remove("amount")
    known.free = [column for column in columns if column not in found.values()]
    return known


def holds_order_totals(columns: Sequence[str], amount: str | None) -> bool:
    """Say whether a source is an export whose amount is an order's, written on the first of its lines only.

    >>> shopify = ["Name", "Email", "Created at", "Subtotal", "Total", "Lineitem name", "Lineitem price"]
    >>> holds_order_totals(shopify, "Total"), holds_order_totals(["Email", "Total"], "Total")
    (True, False)
    """
    export = export_of(columns)
    return export is not None and export.order_totals and _by_export(columns).get("amount") == amount


def recognises(columns: Sequence[str], given: Mapping[str, str], roles: Roles = ORDERS) -> bool:
    """Say whether names are those of a header: they have all that is needed, what is given included.

    A role that is given counts only where its column is among the names. A single name is no header.

    >>> recognises(["Sales report 2017", ""], {}), recognises(["Kunde", "Datum", "Betrag"], {})
    (False, True)
    >>> whole = {"customer_id": "Cust", "date": "Day", "amount": "Val"}
    >>> recognises(["Sales report", "", ""], whole), recognises(["Cust", "Day", "Val"], whole)
    (False, True)
    """
    named = [column for column in columns if column and not _UNNAMED.fullmatch(column)]
    several = len(named) > 1 or len(roles.needed) > 1
    return several and set(given.values()) <= set(columns) and not match(columns, given, roles).missing


def _is_settled(role: str, found: Mapping[str, str], given: Mapping[str, str]) -> bool:
    """Whether a role needs no column any more: it has one, or the amount comes from elsewhere."""
    of_amount = role in ("amount", "quantity", "price")
    return role in found or (of_amount and ("amount" in found or {"quantity", "price"} <= set(given)))


def _by_export(columns: Sequence[str]) -> dict[str, str]:
    """What the columns are in the export that they give away."""
    export = export_of(columns)
    if export is None:
        return {}
    by_name: dict[str, str] = {}
    for column in columns:
        by_name.setdefault(plain(column), column)
    return {
        role: by_name[heading]
        for role, headings in export.roles.items()
        for heading in [next((h for h in headings if h in by_name), None)]
        if heading is not None
    }


def _fitting(groups: Sequence[Sequence[str]], columns: Sequence[str]) -> list[str]:
    """The columns whose name is in the best group that has any."""
    written = {column: plain(_as_written(column, columns)) for column in columns}
    for names in groups:
        fitting = [column for column in columns if written[column] in names]
        if fitting:
            return fitting
    return []


def _as_written(column: str, columns: Sequence[str]) -> str:
    """The name in the source of a column that the engine calls Amount_1 where another is called amount."""
    base, _, number = column.rpartition("_")
    again = number.isdigit() and base.casefold() in {other.casefold() for other in columns}
    return base if again else column


def _scaled(groups: Sequence[Sequence[str]], columns: Sequence[str]) -> tuple[str, str] | None:
    """The first column that fits but for a unit such as thousands beside its name, and that unit."""
    for column in columns:
        name = unicodedata.normalize("NFKC", column).casefold()
        unit = SCALE.search(name)
        if unit and _fitting(groups, [SCALE.sub("", name)]):
            return column, unit[1]
    return None


def _what_is_missing(known: Match, roles: Roles) -> list[str]:
    """A sentence for each needed role that has no column, and what there is instead."""
    said = []
    for role in known.missing:
        scaled = _scaled(roles.names[role], known.free)
        if scaled:
            column, unit = scaled
            said.append(
                f"{column!r} is in units of {unit}, and no column in plain ones fits {role}; "
                f"multiply it in the source, or take it as it stands with {roles.key}.columns.{role}: {column}"
            )
            continue
        names = [name for group in roles.names[role] for name in group]
        scored = [
            (difflib.SequenceMatcher(None, plain(column), name).ratio(), column)
            for column in known.free
            for name in names
        ]
        ratio, column = max(scored, default=(0.0, ""))
        near = f"; the nearest is {column!r}" if ratio >= 0.5 else ""
        said.append(
            f"no column was recognised as {role}{near}; "
            f"name it under {roles.key}.columns.{role} (found: {', '.join(known.free) or 'no other columns'})"
        )
    return said
