"""Did the grades come true? What the graded customers' invoices of the next months turned out to be."""

import pandas as pd
from sklearn.metrics import roc_auc_score

from segmentation import months
from segmentation.intake.payments import Payments
from segmentation.ledger.credit.grades import GRADES, grades, known_at


def came_true(
    payments: Payments, origin: str, window_months: int, ahead: int, until: str, unit: int
) -> pd.DataFrame:
    """Hold the grades of a month end against the invoices issued in the months after it.

    Args:
        payments: the invoices and payments.
        origin: the month at whose end the customers are graded, knowing nothing that was paid later.
        window_months: the months whose invoices grade.
        ahead: the months after it that are looked at.
        until: the month at whose end it is looked at; an invoice not decided by then is left out.
        unit: minor units of the currency.

    Returns:
        One row a grade: graded_at, credit_grade, customers, invoices, late_share (of these), money_late (the share of
        their money), auc (how well late_chance ranks invoices, the same in each row; .5 is by lot).
    """
    graded = grades(known_at(payments, origin), window_months, unit)
    seen = known_at(payments, until)
    start, end = known_at(payments, origin).day, pd.Timestamp(months.last_day(months.add(origin, ahead)))
    later = seen.invoices
    later = later[(later["issued_on"] > start) & (later["issued_on"] <= end) & later["decided"]]
    told = later.assign(late=later["days_late"] > 0).merge(graded, on="customer_id")
    told = told[told["credit_grade"].notna()].copy()
    told["late_amount"] = told["amount"].where(told["late"], 0)
    grouped = told.groupby("credit_grade")
    found = pd.DataFrame(
        {
            "customers": grouped["customer_id"].nunique(),
            "invoices": grouped.size(),
            "late_share": grouped["late"].mean(),
            "money_late": told["amount"].where(told["late"], 0).groupby(told["credit_grade"]).sum()
            / grouped["amount"].sum(),
        }
    ).reindex([grade for grade in GRADES if grade in set(told["credit_grade"])])
    both = told["late"].nunique() == 2
    auc = float(roc_auc_score(told["late"], told["late_chance"])) if both else float("nan")
    return (
        found.rename_axis("credit_grade")
        .reset_index()
        .assign(graded_at=origin, auc=auc)[
            ["graded_at", "credit_grade", "customers", "invoices", "late_share", "money_late", "auc"]
        ]
    )
