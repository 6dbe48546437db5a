"""What each customer is called and who looks after them, account manager or branch, beside a list's ids."""

from collections.abc import Hashable

import pandas as pd

from segmentation.study.study import Study


def with_responsible(study: Study, customers: pd.DataFrame) -> pd.DataFrame:
    """Give a list of customers with the name and who looks after each, behind the customer's id."""
    return _beside(customers, study.called(), study.responsible())


def with_manager(study: Study, customers: pd.DataFrame) -> pd.DataFrame:
    """Give a list for a page, with the name and one of the two: the account manager, else the branch."""
    return _beside(customers, study.called(), study.responsible().iloc[:, :2])


def _beside(customers: pd.DataFrame, *tables: pd.DataFrame) -> pd.DataFrame:
    joined = customers
    first: list[Hashable] = ["customer_id"]
    for who in tables:
        more = [name for name in who if name not in joined]
        joined = joined.merge(who[["customer_id", *more]], on="customer_id", how="left", validate="m:1")
        first += [name for name in who if name not in first]
    rest = [name for name in customers if name not in first]
    joined = joined[[*first, *rest]]
    joined.attrs = customers.attrs
    return joined
