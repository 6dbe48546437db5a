"""The table of payments: invoices and what was paid of them, each row accepted or set aside with its reason."""

from dataclasses import dataclass

import pandas as pd

from segmentation.errors import DataError
from segmentation.intake.options import PaymentsTable
from segmentation.intake.tables import LONGEST_ID, LikeOrders, Rows, accounted, read_rows

_INVOICE = ["customer_id", "invoice_id"]
_FACTS = ["issued_on", "due_on", "amount"]


@dataclass(frozen=True)
class Payments:
    """Invoices, and the payments of them.

    Attributes:
        invoices: one row an invoice, sorted by customer_id and invoice_id: customer_id, invoice_id, issued_on,
            due_on, amount (minor units; below zero: a credit note), disputed (whether), settled_on (the day on
            which all of it was paid, empty where that is not known).
        paid: one row a payment: invoice (its place in `invoices`), paid_on, paid (minor units).
        set_aside: the rows that do not count: file, row, reason, customer_id, invoice_id, raw_line.
        reconciliation: every row accounted for: rule, effect, rows, customers, amount (minor units).
    """

    invoices: pd.DataFrame
    paid: pd.DataFrame
    set_aside: pd.DataFrame
    reconciliation: pd.DataFrame


def read_payments(origin: PaymentsTable, like: LikeOrders) -> Payments:
    """Read and judge a table of payments.

    A row is an invoice, or one of several payments of it: rows of the same customer and invoice number that
    agree in day, due day and amount are one invoice. Without paid_amount a payment is one of all of it.

    Raises:
        ParameterError: an unknown key or role.
        DataError: a table that cannot be read, or has no row that can be used.
    """
    rows = read_rows(origin, like)
    frame = rows.frame
    for role in ("paid_on", "paid_amount", "disputed", "currency"):
        if role not in frame:
            frame[role] = None
    for day in ("issued_on", "due_on", "paid_on"):
        frame[day] = pd.to_datetime(frame[day])
    for amount in ("amount", "paid_amount"):
        frame[amount] = frame[amount].astype("Int64")
    reason = _judged(frame, like.currency)
    if not reason.isna().any():
        why = ", ".join(f"{rule}: {n:,}" for rule, n in reason.value_counts().items())
        raise DataError(
            f"{rows.name}: no row can be used ({why or 'the table has no rows'}); look whether the columns are the "
            f"right ones: {', '.join(f'{role}: {column}' for role, column in rows.found.items())}"
        )
    good = frame[reason.isna()]
    invoices, paid = _parted(good)
    aside = frame.assign(reason=reason)[reason.notna()][["file", "row", "reason", *_INVOICE]]
    aside = pd.concat([aside, rows.unreadable.assign(reason="unreadable row")], ignore_index=True)
    return Payments(invoices, paid, aside, _reconciled(rows, reason, good, invoices, paid))


def _judged(frame: pd.DataFrame, currency: str) -> pd.Series:
    """Why each row is set aside; None where it counts. The first reason counts."""
    reason = pd.Series(None, index=frame.index, dtype="object")
    code = frame["currency"].astype("str").str.strip().str.upper()
    rules = {
        "no customer": frame["customer_id"].isna(),
        "customer id too long": frame["customer_id"].str.len() > LONGEST_ID,
        "no invoice number": frame["invoice_id"].isna(),
        "unreadable date": frame["issued_on"].isna() | _unread(frame, "paid_on"),
        "no due day": frame["due_on"].isna(),
        "unreadable amount": frame["amount"].isna() | _unread(frame, "paid_amount"),
        "another currency": frame["currency"].notna() & (code != currency.upper()),
        "due before it was issued": frame["due_on"] < frame["issued_on"],
    }
    for why, where in rules.items():
        reason[where.astype("boolean").fillna(False).astype("bool") & reason.isna()] = why
    told = [*_INVOICE, *_FACTS, "paid_on", "paid_amount"]
    good = reason.isna()
    again = frame[good].duplicated(told)
    reason[again.reindex(frame.index, fill_value=False)] = "duplicate row"
    good = reason.isna()
    facts = frame[good].groupby(_INVOICE)[_FACTS]
    differ = (facts.transform("nunique") > 1).any(axis="columns")
    reason[differ.reindex(frame.index, fill_value=False)] = "invoice on rows that differ"
    return reason


def _unread(frame: pd.DataFrame, role: str) -> pd.Series:
    """Whether a cell says something of this role that could not be read."""
    if f"raw_{role}" not in frame:
        return pd.Series(False, index=frame.index)
    return frame[role].isna() & (frame[f"raw_{role}"].astype("str").str.strip().fillna("") != "")


def _parted(good: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Invoices and their payments."""
    told = good.assign(disputed=good["disputed"].astype("boolean").fillna(False).astype("bool"))
    grouped = told.groupby(_INVOICE, sort=True)
    invoices = grouped[_FACTS].first().assign(disputed=grouped["disputed"].any()).reset_index()
    invoices["amount"] = invoices["amount"].astype("int64")
    place = pd.Series(invoices.index, index=pd.MultiIndex.from_frame(invoices[_INVOICE]))
    paid = told[told["paid_on"].notna()]
    paid = pd.DataFrame(
        {
            "invoice": place.reindex(pd.MultiIndex.from_frame(paid[_INVOICE])).to_numpy(),
            "paid_on": paid["paid_on"].to_numpy(),
            "paid": paid["paid_amount"].fillna(paid["amount"]).astype("int64").to_numpy(),
        }
    ).sort_values(["invoice", "paid_on", "paid"], ignore_index=True)
    reached = paid.groupby("invoice")["paid"].cumsum() >= paid["invoice"].map(invoices["amount"])
    invoices["settled_on"] = paid[reached].groupby("invoice")["paid_on"].min().reindex(invoices.index)
    return invoices, paid


def _reconciled(
    rows: Rows, reason: pd.Series, good: pd.DataFrame, invoices: pd.DataFrame, paid: pd.DataFrame
) -> pd.DataFrame:
    """Every row accounted for, and what is odd about the invoices that count."""
    told = accounted(rows, reason, rows.frame["amount"].fillna(0).astype("int64"))
    so_far = paid.groupby("invoice")["paid"].sum().reindex(invoices.index, fill_value=0)
    first = paid.groupby("invoice")["paid_on"].min().reindex(invoices.index)
    odd = {
        "invoices": invoices["amount"] == invoices["amount"],
        "credit notes": invoices["amount"] < 0,
        "paid in several parts": paid.groupby("invoice").size().reindex(invoices.index, fill_value=0) > 1,
        "partly paid": (so_far > 0) & (so_far < invoices["amount"]),
        "paid too much": so_far > invoices["amount"].clip(lower=0),
        "paid before it was issued": first < invoices["issued_on"],
    }
    undated = good["paid_on"].isna() & (good["paid_amount"].fillna(0) != 0)
    lines = [_line(rule, invoices[where], "amount") for rule, where in odd.items()]
    lines.append(_line("payment without a day", good[undated], "paid_amount"))
    more = pd.DataFrame(lines, columns=["rule", "rows", "customers", "amount"]).assign(effect="counted")
    return pd.concat([told, more[more["rows"] > 0]], ignore_index=True)


def _line(rule: str, counted: pd.DataFrame, amount: str) -> tuple[str, int, int, int]:
    """A line of the reconciliation: rule, rows, customers, amount."""
    return rule, len(counted), int(counted["customer_id"].nunique()), int(counted[amount].sum())
