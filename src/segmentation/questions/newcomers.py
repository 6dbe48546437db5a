"""Who has been a customer for less than three months, and which tier would their pace be?"""

import pandas as pd

from segmentation.questions.tiers import official_tiers
from segmentation.questions.watch import official_cuts
from segmentation.show.tables import Block
from segmentation.study.facts import fact, piece
from segmentation.study.study import Study
from segmentation.words.reader import sentence

_MONTHS = 3
_DAYS = 91
_SHOWN = 25


@fact(needs=("months_before",))
def newcomers(study: Study) -> pd.DataFrame:
    """Customers of less than three months: their tier, and the tier that a whole window at their pace would be.

    Judged per month of exposure: pace is the spend of a window at the monthly average since the first order.
    Columns: customer_id, tier, tier_at_pace (empty where the rule looks at more than spend), monetary,
    monthly_mean, pace, first_order; the highest pace first.
    """
    official = study.settings.official
    profile = study.profile()
    columns = ["customer_id", "monetary", "monthly_mean", "first_order"]
    young = profile.loc[profile["tenure_days"] < _DAYS, columns]
    found = young.merge(official_tiers(study, study.month), on="customer_id", how="left")
    found = found.rename(columns={official: "tier"})
    found["pace"] = found["monthly_mean"] * study.window_months
    cuts = official_cuts(study)
    if cuts is None:
        found["tier_at_pace"] = None
    else:
        reached = (found["pace"].to_numpy()[:, None] < list(cuts)).sum(axis=1)
        found["tier_at_pace"] = [study.tier_names[place] for place in reached]
    order = ["customer_id", "tier", "tier_at_pace", "monetary", "monthly_mean", "pace", "first_order"]
    return found.sort_values(["pace", "customer_id"], ascending=[False, True], ignore_index=True)[order]


@piece
def answer(study: Study) -> Block:
    """How many are new, and how many of them would be in a better tier at their pace."""
    found = newcomers(study)
    window = study.window_months
    if found.empty:
        return study.note("Nobody has been a customer for less than three months.")
    if window <= _MONTHS or found["tier_at_pace"].isna().all():
        return study.note(
            "{n:integer} of {all:integer} customers have been so for less than three months; their tiers are told "
            "like all others.",
            n=len(found),
            all=len(study.profile()),
        )
    rank = {tier: place for place, tier in enumerate(study.tier_names)}
    better = found["tier_at_pace"].map(rank) < found["tier"].map(rank)
    return study.note(
        sentence(
            "{n:integer} of {all:integer} customers have been so for less than three months, and the window of "
            "{window:integer} months sees only part of what a window of theirs would hold: at their pace, "
            "{better:integer} would be in a better tier, {top:integer} of them in {best:tier}.",
            n=len(found),
            all=len(study.profile()),
            window=window,
            better=int(better.sum()),
            top=int((better & (found["tier_at_pace"] == study.tier_names[0])).sum()),
            best=study.tier_names[0],
        )
    )


@piece
def new_customers(study: Study, limit: int = _SHOWN) -> Block:
    """The new customers beside the tier of their pace."""
    caption = "New customers (less than three months), judged by the month since their first order"
    return study.table(newcomers, caption, limit=limit)
