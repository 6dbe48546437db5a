"""What does each account manager, or branch, have to look after this month?"""

import pandas as pd

from segmentation.questions.by_group import counted
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
    named = study.responsible()
    who = named.columns[1]
    found = counted(study, named.set_index("customer_id")[who]).rename_axis(who).reset_index()
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
