"""Who looks after each customer, account manager or branch, beside the customers of a list."""

import pandas as pd

from segmentation.study.study import Study


def with_responsible(study: Study, customers: pd.DataFrame) -> pd.DataFrame:
    """Give a list of customers with who looks after each, behind the customer's id."""
    who = study.responsible()
    joined = customers.merge(who, on="customer_id", how="left", validate="m:1")
    rest = [name for name in customers if name != "customer_id"]
    joined = joined[[*who.columns, *rest]]
    joined.attrs = customers.attrs
    return joined
