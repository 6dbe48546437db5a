"""Restatement: which months changed when orders came late or corrected, and which tiers with them."""

from collections.abc import Hashable, Mapping
from pathlib import Path
from typing import Any, Protocol

import duckdb
import pandas as pd

from segmentation import engine
from segmentation.ledger.ledger import Ledger
from segmentation.ledger.profiles import profile
from segmentation.words.reader import Sentence, sentence


class Tiering(Protocol):
    """Anything that gives tiers to a profile: a rule."""

    def apply(self, profile: pd.DataFrame) -> pd.DataFrame:
        """Give the same rows with a column `tier`."""


def restatement(before: Ledger, after: Ledger) -> pd.DataFrame:
    """Say what is different in months that stood before.

    Args:
        before: the ledger as it stood.
        after: the ledger as it is now.

    Returns:
        One row per month that changed: month, customers (whose rows differ), amount_before, amount_after and
        difference (in the currency). Where the files of the earlier month are gone, only amount_after is
        known and the others are empty.
    """
    now = after.figures().set_index("month")["amount"]
    found: list[tuple[Any, ...]] = []
    for month in before.months:
        if month in after.months and after.checksum(month) == before.checksum(month):
            continue
        (was,) = before.paths(month, month)
        amount = float(now.get(month, 0.0))
        if difference := _difference(was, after.paths(month, month)):
            customers, stood = difference
            amount_before = stood / 10**before.minor_units
            found.append((month, customers, amount_before, amount, amount - amount_before))
        else:
            found.append((month, None, None, amount, None))
    return pd.DataFrame(found, columns=["month", "customers", "amount_before", "amount_after", "difference"])


def sentences(before: Ledger, after: Ledger) -> list[Sentence]:
    """Say each month that was restated, with its customers and money."""
    return [_sentence(month) for month in restatement(before, after).to_dict("records")]


def changed_tiers(
    rule: Tiering, before: Ledger, after: Ledger, month: str, window_months: int
) -> pd.DataFrame:
    """Name the customers whose tier under a published rule would now be different.

    Args:
        rule: the rule that stood when the month was published.
        before: the ledger as it stood then.
        after: the ledger as it is now.
        month: the published month.
        window_months: the window of the profile.

    Returns:
        customer_id, tier_before, tier_after, sorted by customer; a tier is empty where the customer was not
        or is no longer among the month's customers. Nobody where nothing changed, or the files of the earlier
        months are gone.
    """
    known = month in before.months and month in after.months
    if not known or not all(Path(path).exists() for path in before.paths(before.first, month)):
        return pd.DataFrame(columns=["customer_id", "tier_before", "tier_after"], dtype="str")
    try:
        was, now = (
            rule.apply(profile(book, as_of=month, window_months=window_months))[["customer_id", "tier"]]
            for book in (before, after)
        )
    except duckdb.Error:  # an earlier month's file is damaged, and as good as gone
        return pd.DataFrame(columns=["customer_id", "tier_before", "tier_after"], dtype="str")
    both = was.merge(now, on="customer_id", how="outer", suffixes=("_before", "_after"))
    changed = both["tier_before"].fillna("") != both["tier_after"].fillna("")
    return both[changed].sort_values("customer_id", ignore_index=True)


def _difference(was: str, now: list[str]) -> tuple[int, int] | None:
    """How many customers' rows differ, and the amount before in minor units, from a month's files.

    None where the earlier file is gone, or damaged.
    """
    if not Path(was).is_file():
        return None
    with engine.connect() as connection:
        try:
            connection.read_parquet(was).create_view("month_before")
            after = connection.read_parquet(now[0]) if now else connection.sql("FROM month_before LIMIT 0")
            after.create_view("month_after")
            customers, amount = engine.row(connection, engine.text("restated"))
        except duckdb.Error:
            return None
    return customers, amount


def _sentence(month: Mapping[Hashable, Any]) -> Sentence:
    said = (
        "restated {month}: {amount_after:exact} now, how it stood before is no longer in the store"
        if pd.isna(month["customers"])
        else "restated {month}: {customers:integer} {customers:customer|customers}, {amount_before:exact} "
        "before, {amount_after:exact} now"
    )
    return sentence(said, **{str(name): value for name, value in month.items()})
