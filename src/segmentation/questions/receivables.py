"""What do customers owe, how long do they take to pay, and how much of it is their being late?"""

import pandas as pd

from segmentation import months
from segmentation.ledger.credit import receivables as owed
from segmentation.show.tables import Block
from segmentation.study.facts import fact, piece
from segmentation.study.study import Study
from segmentation.study.tables import payments_of
from segmentation.words.reader import sentence

_MONTHS = 12


@fact(needs=("payments",))
def receivables(study: Study) -> pd.DataFrame:
    """What is owed at the last month ends, the newest first: see `ledger.credit.receivables.receivables`."""
    paid, unit = payments_of(study), 10**study.settings.minor_units
    first = paid.invoices["issued_on"].min() + pd.Timedelta(days=owed.PERIOD)
    known = [months.add(study.month, -back) for back in range(_MONTHS)]
    known = [month for month in known if pd.Timestamp(months.last_day(month)) >= first] or [study.month]
    return pd.DataFrame([owed.receivables(paid, month, unit) for month in known])


@fact(needs=("payments",))
def payments_reconciliation(study: Study) -> pd.DataFrame:
    """The table of payments accounted for: rule, effect, rows, customers, amount; and whom the orders do not know."""
    paid, unit = payments_of(study), 10**study.settings.minor_units
    told = paid.reconciliation.assign(amount=paid.reconciliation["amount"] / unit)
    ever = set(study.profile()["customer_id"]) | set(study.dormant()["customer_id"])
    strangers = (
        paid.invoices[~paid.invoices["customer_id"].isin(ever)] if study.settings.show_customer_ids else None
    )
    window = study.profile()
    lines: list[tuple[str, int | None, int, float]] = []
    if strangers is not None:
        n, money = strangers["customer_id"].nunique(), float(strangers["amount"].sum()) / unit
        lines.append(("invoices of customers without an order", len(strangers), n, money))
    without = window[~window["customer_id"].isin(study.credit()["customer_id"])]
    lines.append(("ordered in the window, no invoice", None, len(without), float(without["monetary"].sum())))
    more = pd.DataFrame(lines, columns=["rule", "rows", "customers", "amount"]).assign(effect="counted")
    return pd.concat([told, more], ignore_index=True)[["rule", "effect", "rows", "customers", "amount"]]


@piece
def answer(study: Study) -> Block:
    """What is owed, and how many days of it are customers being late."""
    now = receivables(study).iloc[0]
    if pd.isna(now["dso"]):
        return study.note("Nothing was billed in the last {n:integer} days.", n=owed.PERIOD)
    return study.note(
        sentence(
            "{money:money} is owed at the end of {month:month}: {dso:number} days of sales, of which {best:number} are "
            "not yet due; being late costs {late:number} days.",
            money=float(now["receivables"]),
            month=str(now["month"]),
            dso=float(now["dso"]),
            best=float(now["best_dso"]),
            late=float(now["days_delinquent"]),
        )
    )


@piece
def over_the_months(study: Study) -> Block:
    """What was owed at each month's end."""
    return study.table(
        receivables,
        "What is owed, and how long it takes",
        note="Days of sales: what is owed, divided by the sales of 90 days, times 90. At best: the same of what is "
        "not yet due. Counted back: the same by whole months' sales, the newest first. Collected: of what could be "
        "collected in 90 days, the share that was.",
    )


@piece
def accounted(study: Study) -> Block:
    """Every row of the table of payments accounted for."""
    return study.table(payments_reconciliation, "The table of payments, row by row")
