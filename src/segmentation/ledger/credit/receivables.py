"""What customers owe at a month end, and how long they take: receivables, DSO and its relatives."""

from typing import Any

import numpy as np
import pandas as pd

from segmentation.intake.payments import Payments
from segmentation.ledger.credit.grades import known_at, left_at

PERIOD = 90  # days of credit sales that DSO looks back on


def receivables(payments: Payments, month: str, unit: int) -> dict[str, Any]:
    """The state of what is owed at a month's end.

    Returns:
        month; open (invoices); receivables, overdue (in the currency); dso = receivables / credit sales of 90
        days · 90; best_dso, the same of what is not yet due; days_delinquent, their difference; countback, days
        of whole months' sales that the receivables are worth, newest first; collection (the collection
        effectiveness index of 90 days: what was collected of what could be, 0 to 1). Empty without sales.
    """
    known = known_at(payments, month)
    there, day = known.invoices, known.day
    owed = there[there["is_open"]]
    due = int(owed.loc[owed["due_on"] >= day, "left"].sum())
    total = int(owed["left"].sum())
    begin = day - pd.Timedelta(days=PERIOD)
    sales = int(there.loc[there["issued_on"] > begin, "amount"].sum())
    before = int(left_at(payments, begin)["left"].sum())
    nothing = sales <= 0
    dso = np.nan if nothing else total / sales * PERIOD
    best = np.nan if nothing else due / sales * PERIOD
    could = before + sales - due
    return {
        "month": month,
        "open": len(owed),
        "receivables": total / unit,
        "overdue": (total - due) / unit,
        "dso": dso,
        "best_dso": best,
        "days_delinquent": dso - best,
        "countback": _countback(there, day, total),
        "collection": (before + sales - total) / could if could > 0 else np.nan,
    }


def _countback(there: pd.DataFrame, day: pd.Timestamp, owed: int) -> float:
    """The days of sales that are owed, whole months subtracted backwards until nothing is left."""
    by_month = there.groupby(there["issued_on"].dt.to_period("M"))["amount"].sum()
    month, left, days = day.to_period("M"), owed, 0.0
    while left > 0:
        sales = int(by_month.get(month, 0))
        if sales <= 0:
            break
        days += month.days_in_month * min(1.0, left / sales)
        left -= min(left, sales)
        month -= 1
    return days
