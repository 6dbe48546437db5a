"""Who looks after each customer, account manager and branch, where the orders say so; for the lists."""

import pandas as pd

from segmentation.ledger.profiles import attributes
from segmentation.questions import results
from segmentation.study.study import Study

COLUMNS = ("account_manager", "branch")


def responsible(study: Study) -> pd.DataFrame:
    """Give each customer's account manager and branch, as last known at the month's end.

    Columns customer_id and those of the two that the orders have. Where ids are not shown there is neither:
    a name beside a pseudonym would tell who is meant.
    """
    found = attributes(study.ledger, study.month)
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


def by_responsible(study: Study) -> pd.DataFrame:
    """Count what every account manager (or, without those, branch) has to look after this month.

    One row each, most value of the best tier first: customers, top (in the best tier), top_value (what these
    bring, in the currency), came and left (the best tier since last month; absent without a month before),
    slipping and rising (on those lists). Customers of whom nobody is known are one row, named empty. An empty
    frame where the orders name nobody.
    """
    known = [name for name in COLUMNS if name in responsible(study)]
    if not known:
        return pd.DataFrame()
    who, best = known[0], study.tier_names[0]
    customers = with_responsible(study, study.scored())
    is_top = customers["tier"] == best
    moved = results.moves(study) if study.has_month_before else None
    lists = {"slipping": results.slipping(study), "rising": results.risers(study)}
    if moved is not None:
        lists["came"] = moved[(moved["after"] == best) & (moved["before"] != best)]
        lists["left"] = moved[(moved["before"] == best) & (moved["after"] != best)]
    counted = {
        name: with_responsible(study, frame[["customer_id"]])[who].fillna("").value_counts()
        for name, frame in lists.items()
    }
    found = (
        customers.assign(top=is_top, top_value=customers["monetary"].where(is_top, 0.0))
        .groupby(customers[who].fillna(""))
        .agg(customers=("customer_id", "size"), top=("top", "sum"), top_value=("top_value", "sum"))
    )
    # whoever left may have left the window too, and with it the account manager's last customer
    everyone = found.index.union(counted["left"].index) if "left" in counted else found.index
    found = found.reindex(everyone, fill_value=0)
    for name in ("came", "left", "slipping", "rising"):
        if name in counted:
            found[name] = counted[name].reindex(everyone, fill_value=0)
    found = found.rename_axis(who).reset_index()
    return found.sort_values(
        ["top_value", "customers", who], ascending=[False, False, True], ignore_index=True
    )
