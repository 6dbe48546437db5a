"""`segmentation apply`: a stored rule gives tiers to a file of customers, or of orders."""

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from segmentation.errors import DataError, ParameterError
from segmentation.intake.customer_files import check_output, columns_of, read_table, to_numbers, write_table
from segmentation.rules import PointsRule, Rule

_ADDED = ("score", "tier", "segment")


class Applied(NamedTuple):
    """What was done: customers written, how many in each tier, and what the reader must know."""

    output: Path
    customers: int
    counts: dict[str, int]
    notes: tuple[str, ...]

    def __str__(self) -> str:
        tiers = ", ".join(f"{tier} {count:,}" for tier, count in self.counts.items())
        return "\n".join([f"{self.output}: {self.customers:,} customers: {tiers}", *self.notes])


def apply_file(
    rule: Path,
    source: Path,
    output: Path,
    as_of: str | None = None,
    columns: Mapping[str, str] | None = None,
    encoding: str | None = None,
) -> Applied:
    """Give tiers to every customer of a file with a stored rule.

    A source that has the rule's columns is a file of customers: its rows and columns are written in their
    order, with `score`, `tier` and, if the rule has segments, `segment`. Otherwise it is read as orders, and
    one row a customer is written, as of the end of `as_of` (default: the last month that the orders cover to
    its end) over the rule's window.

    Parameters: rule, a JSON file; source and output, CSV, Parquet or Excel (CSV files are written as UTF-8
    with a byte-order mark); columns, for customers profile column → column of the file, for orders role →
    column; encoding, where it is not found.

    Raises ParameterError for the rule or the output, DataError for the source. Nothing is written then.
    """
    check_output(output)
    if source.resolve() == output.resolve():
        raise ParameterError(f"{output.name}: is the input itself; name another output")
    learned = read_rule_file(rule)
    notes: list[str] = []
    known = columns_of(source, encoding)
    renamed = _named(known, learned, columns or {}, source.name)
    if renamed is not None:
        tiered = _customers(learned, source, encoding, renamed, notes)
    else:
        tiered = _orders(learned, source, known, as_of, columns, encoding, notes)
    neutralised = write_table(tiered, output)
    if neutralised:
        notes.append(
            f"{neutralised:,} cells that a spreadsheet would run as a formula were written with an "
            "apostrophe before them"
        )
    found = tiered["tier"].value_counts()
    counts = {tier: int(found.get(tier, 0)) for tier in learned.tiers}
    ungraded = int(tiered["tier"].isna().sum())
    if ungraded:
        notes.append(f"{ungraded:,} customers have an empty value and got no tier")
    return Applied(output, len(tiered), counts, tuple(notes))


def read_rule_file(path: Path) -> Rule:
    """The rule in a JSON file; ParameterError names the file."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise ParameterError(f"{path.name}: there is no such rule file ({path})") from None
    except (OSError, UnicodeDecodeError) as error:
        raise ParameterError(f"{path.name}: cannot be read as UTF-8 text: {error}") from None
    try:
        return Rule.from_json(text)
    except ParameterError as error:
        raise ParameterError(f"{path.name}: {error}") from None


def _named(known: list[str], rule: Rule, columns: Mapping[str, str], name: str) -> dict[str, str] | None:
    """Profile column → the file's column, for each that the rule reads; None if these are no customers."""
    for wanted in columns.values():
        if wanted not in known:
            raise DataError(f"{name}: there is no column {wanted!r}; columns: {', '.join(known)}")
    found = {column: columns.get(column, column) for column in rule.columns}
    present = [column for column in found.values() if column in known]
    if len(present) == len(found):
        return found
    if present:
        missing = ", ".join(column for column in found.values() if column not in known)
        raise DataError(
            f"{name}: the rule reads {', '.join(rule.columns)}, and {missing} is missing; add it, or name "
            "the file's own column for it"
        )
    return None


def _customers(
    rule: Rule,
    source: Path,
    encoding: str | None,
    renamed: Mapping[str, str],
    notes: list[str],
) -> pd.DataFrame:
    frame, first_row = read_table(source, encoding)
    if frame.empty:
        raise DataError(f"{source.name}: there are no customers in it")
    texts = {c.column for c in rule.criteria if c.categories} if isinstance(rule, PointsRule) else set()
    values = {
        column: frame[own] if column in texts else to_numbers(frame[own], own, first_row, source.name)
        for column, own in renamed.items()
    }
    placed = rule.apply(pd.DataFrame(values))
    added = [column for column in _ADDED if column in placed]
    replaced = [column for column in added if column in frame]
    if replaced:
        notes.append(f"the columns {', '.join(replaced)} of the input were replaced")
    kept = frame.drop(columns=replaced)
    return kept.assign(**{column: placed[column].to_numpy() for column in added})


def _orders(
    rule: Rule,
    source: Path,
    known: list[str],
    as_of: str | None,
    columns: Mapping[str, str] | None,
    encoding: str | None,
    notes: list[str],
) -> pd.DataFrame:
    """Profiles of the orders' customers, with tiers."""
    from segmentation import months
    from segmentation.intake.columns import recognises
    from segmentation.intake.orders import read_orders
    from segmentation.ledger.ledger import Ledger
    from segmentation.ledger.profiles import profile

    if not recognises(known, columns or {}):
        raise DataError(
            f"{source.name}: neither customers (with {', '.join(rule.columns)}) nor orders (with a customer, "
            f"a date and an amount) are recognised; columns: {', '.join(known)}"
        )
    window = rule.window_months
    if window is None:
        raise ParameterError("rule: window_months is not known, so orders cannot be summed; give customers")
    options = {"encoding": encoding} if encoding else None
    orders = read_orders(
        str(source),
        columns=columns,
        currency=rule.currency or "USD",
        minor_units=rule.minor_units,
        options=options,
    )
    ledger = Ledger.of(orders)
    if as_of is None:
        as_of = ledger.complete_until  # the month that a check and a run take
        if as_of < ledger.first:
            raise DataError(
                f"{source.name}: the orders end on {ledger.last_day}, before their first month is over; "
                f"take them as they are with --as-of {ledger.last}"
            )
    customers = profile(ledger, as_of=months.parse(as_of), window_months=window)
    notes.append(f"orders summed as of {as_of} over {window} months")
    aside = len(orders.set_aside)
    if aside:
        notes.append(f"{aside:,} rows were set aside; `segmentation check` shows the reasons")
    return rule.apply(customers)
