"""What does each account manager, or branch, have to look after this month?"""

import pandas as pd

from segmentation.questions.moves import changes
from segmentation.questions.responsible import with_responsible
from segmentation.questions.watch import rising, slipping
from segmentation.show.tables import Block
from segmentation.study.facts import fact
from segmentation.study.study import Study


@fact(needs=("account_managers",))
def by_account_manager(study: Study) -> pd.DataFrame:
    """What every account manager (or, without those, branch) has to look after this month.

    One row each, most value of the best tier first: customers, top (in the best tier), top_value (what these
    bring, in the currency), came and left (the best tier since last month; absent without a month before),
    slipping and rising (on those lists). Customers of whom nobody is known are one row, named empty.
    """
    who = study.responsible().columns[1]
    best = study.tier_names[0]
    customers = with_responsible(study, study.scored())
    is_top = customers["tier"] == best
    lists = {"slipping": slipping(study), "rising": rising(study)}
    if study.has_month_before:
        moved = changes(study)
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


def by_manager(study: Study) -> Block:
    """The account managers, or branches, with how many customers each has to look after."""
    if missing := by_account_manager.missing(study):
        return study.note(missing)
    found = by_account_manager(study)
    who = found.columns[0]
    named = found.assign(**{who: found[who].where(found[who] != "", study.say("not known"))})
    return study.table(named, "Whom it concerns, and how many customers each", name="by_account_manager")
