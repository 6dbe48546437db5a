"""Who looks after each customer, account manager or branch, where the orders say so?"""

import pandas as pd

from segmentation.ledger.profiles import attributes
from segmentation.study.study import Study

COLUMNS = ("account_manager", "branch")


def responsible(study: Study) -> pd.DataFrame:
    """Give each customer's account manager and branch, as last known at the month's end.

    Columns customer_id and those of the two that the orders have. Where ids are not shown there is neither:
    a name beside a pseudonym would tell who is meant.
    """
    found = study.remembered("attributes", lambda: attributes(study.ledger, study.month))
    known = [name for name in COLUMNS if study.settings.show_customer_ids and bool(found[name].notna().any())]
    return found[["customer_id", *known]]


def with_responsible(study: Study, customers: pd.DataFrame) -> pd.DataFrame:
    """Give a list of customers with who looks after each, behind the customer's id."""
    joined = customers.merge(responsible(study), on="customer_id", how="left", validate="m:1")
    known = [name for name in COLUMNS if name in joined]
    rest = [name for name in customers if name != "customer_id"]
    joined = joined[["customer_id", *known, *rest]]
    joined.attrs = customers.attrs
    return joined
