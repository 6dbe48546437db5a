"""Who looks after each customer, account manager or branch, beside the customers of a list."""

import pandas as pd

from segmentation.study.study import Study


def with_responsible(study: Study, customers: pd.DataFrame) -> pd.DataFrame:
    """Give a list of customers with who looks after each, behind the customer's id."""
    return _beside(customers, study.responsible())


def with_manager(study: Study, customers: pd.DataFrame) -> pd.DataFrame:
    """Give a list for a page, which has room for one of the two: the account manager, else the branch."""
    return _beside(customers, study.responsible().iloc[:, :2])


def _beside(customers: pd.DataFrame, who: pd.DataFrame) -> pd.DataFrame:
    joined = customers.merge(who, on="customer_id", how="left", validate="m:1")
    rest = [name for name in customers if name != "customer_id"]
    joined = joined[[*who.columns, *rest]]
    joined.attrs = customers.attrs
    return joined
