"""Restatement: which months changed when orders came late or corrected, and which tiers with them."""

from typing import Protocol

import pandas as pd

from segmentation.ledger import Ledger
from segmentation.profiles import profile


class Tiering(Protocol):
    """Anything that gives tiers to a profile: a rule."""

    def apply(self, profile: pd.DataFrame) -> pd.DataFrame:
        """Give the same rows with a column `tier`."""


def restatement(ledger: Ledger) -> pd.DataFrame:
    """Say what the last change altered in months that stood before.

    Returns:
        One row per month: month, customers (whose rows differ), amount_before, amount_after and difference
        (in the currency), because ("source": other orders; "settings": the same read otherwise).
    """
    unit = 10**ledger.minor_units
    return pd.DataFrame(
        [
            {
                "month": month["month"],
                "customers": month["customers"],
                "amount_before": month["amount_minor_before"] / unit,
                "amount_after": month["amount_minor_after"] / unit,
                "difference": (month["amount_minor_after"] - month["amount_minor_before"]) / unit,
                "because": ledger.restated_because,
            }
            for month in ledger.restated
        ],
        columns=["month", "customers", "amount_before", "amount_after", "difference", "because"],
    )


def changed_tiers(rule: Tiering, ledger: Ledger, month: str, window_months: int) -> pd.DataFrame:
    """Name the customers whose tier under a published rule would now be different.

    Args:
        rule: the rule that stood when the month was published.
        ledger: the ledger as it is now; it knows how it stood before its last change.
        month: the published month.
        window_months: the window of the profile.

    Returns:
        customer_id, tier_before, tier_after, sorted by customer; a tier is empty where the customer was not
        or is no longer among the month's customers. Nobody where nothing was restated.
    """
    before = ledger.before()
    if before is None or month not in before.months or month not in ledger.months:
        return pd.DataFrame(columns=["customer_id", "tier_before", "tier_after"], dtype="str")
    was, now = (
        rule.apply(profile(book, as_of=month, window_months=window_months))[["customer_id", "tier"]]
        for book in (before, ledger)
    )
    both = was.merge(now, on="customer_id", how="outer", suffixes=("_before", "_after"))
    changed = both["tier_before"].fillna("") != both["tier_after"].fillna("")
    return both[changed].sort_values("customer_id", ignore_index=True)
