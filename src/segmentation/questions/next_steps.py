"""Who is next to rise or fall, from which amount on is a tier given, and what would its benefits cost?"""

from typing import cast

import numpy as np
import pandas as pd

from segmentation import months
from segmentation.methods.threshold import Threshold
from segmentation.movement.outlook import steps
from segmentation.questions.responsible import with_manager
from segmentation.questions.watch import official_cuts
from segmentation.show.tables import Block
from segmentation.study.facts import NEEDS, Need, fact, piece
from segmentation.study.study import Study
from segmentation.words.reader import sentence

NEEDS["amount_rule"] = Need(
    lambda study: official_cuts(cast(Study, study)) is not None,
    lambda study: sentence(
        "{method:word} looks at more than spend, so there is no amount from which on a tier is given.",
        method=study.settings.official,
    ),
)


@fact(needs=("amount_rule",))
def next_tier(study: Study) -> pd.DataFrame:
    """Customers whom one more order of their own average size would bring into the next tier."""
    return steps.next_tier(study.scored(), study.tier_names, official_cuts(study) or ())


NEEDS["oldest_month"] = Need(
    lambda study: study.settings.window_months > 1,
    lambda study: sentence("In a window of one month everybody who orders nothing loses the tier."),
)


@fact(needs=("amount_rule", "oldest_month"))
def falling(study: Study) -> pd.DataFrame:
    """Customers who fall below their tier when the oldest month leaves the window, if they order nothing."""
    customers = study.scored()
    oldest = months.add(study.month, 1 - study.window_months)
    if oldest < study.ledger.first:
        leaves = pd.Series(0.0, index=customers.index)
    else:
        spent = study.later_value(oldest, oldest).set_index("customer_id")["value"]
        leaves = customers["customer_id"].map(spent).fillna(0.0).astype("float64")
    return steps.falling(
        customers, study.tier_names, official_cuts(study) or (), np.asarray(leaves, dtype=np.float64)
    )


@fact(needs=("amount_rule",))
def criteria(study: Study) -> pd.DataFrame:
    """From which amount in the window on each tier is given: tier, from_amount, customers, value."""
    customers = study.scored()
    amounts = [*(official_cuts(study) or ()), None]
    counted = customers.groupby("tier").agg(customers=("monetary", "size"), value=("monetary", "sum"))
    found = pd.DataFrame({"tier": list(study.tier_names), "from_amount": pd.array(amounts, dtype="Float64")})
    found = found.merge(counted.reset_index(), on="tier", how="left")
    return found.fillna({"customers": 0, "value": 0.0}).astype(
        {"customers": "int64", "from_amount": "float64"}
    )


@fact
def benefit_costs(study: Study) -> pd.DataFrame:
    """What a discount to each tier but the lowest would cost, of turnover and, where given, of profit."""
    return steps.benefit_costs(study.scored(), study.tier_names)


@piece
def answer(study: Study) -> Block:
    """How many are one order below the next tier, and how many fall when the oldest month leaves."""
    up, down = next_tier(study), falling(study)
    return study.answer(
        sentence(
            "{up:integer} {up:customer|customers} {up:is|are} one order of their own average size below the next tier; "
            "{down:integer} {down:falls|fall} below theirs when {oldest:month} leaves the window, if "
            "they order nothing."
        ),
        up=len(up),
        down=len(down),
        oldest=months.add(study.month, 1 - study.window_months),
    )


@piece
def near(study: Study, limit: int = 25) -> Block:
    """Whom one more order would bring into the next tier."""
    return study.table(
        with_manager(study, next_tier(study)), "One order of their own size below the next tier", limit=limit
    )


@piece
def about_to_fall(study: Study, limit: int = 25) -> Block:
    """Who falls when the oldest month leaves the window."""
    caption = sentence(
        "Below their tier when {oldest:month} leaves the window, if they order nothing",
        oldest=months.add(study.month, 1 - study.window_months),
    )
    return study.table(with_manager(study, falling(study)), caption, limit=limit)


@piece
def as_told(study: Study) -> Block:
    """The criteria as they may be told to customers, and whether they can be promised."""
    settings = study.settings
    stands = settings.refit == "yearly" or isinstance(study.method(settings.official), Threshold)
    note = (
        sentence("The amounts stand for a while: they can be told to customers.")
        if stands
        else sentence(
            "The amounts are learned anew every month or quarter, so they move and cannot be promised to customers; "
            "for that set `refit: yearly` or decide by Threshold.",
        )
    )
    return study.table(criteria, "From which spend in the window on a tier is given", note=note)


@piece
def what_benefits_cost(study: Study) -> Block:
    """What discounts would cost."""
    return study.table(
        benefit_costs,
        "What a discount would cost if customers bought the same as before",
        note="What a discount sells besides is not in it; only a comparison with customers who were left without one "
        "tells that.",
    )
