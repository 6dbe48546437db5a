"""Do the methods agree on who is in which tier?"""

import pandas as pd

from segmentation.comparison import agreement as agreeing
from segmentation.comparison.agreement import consensus, set_apart
from segmentation.questions.tiers import tier_shares
from segmentation.show import charts
from segmentation.show.charts.chart import Chart
from segmentation.show.tables import Block
from segmentation.study.facts import fact
from segmentation.study.study import Study
from segmentation.words.reader import sentence

_WHOSE = {
    "all": sentence("In the best tier for all methods"),
    "some": sentence("For several methods"),
    "none": sentence("For none"),
}


@fact
def agreement(study: Study) -> pd.DataFrame:
    """How far each pair of methods agrees on this month's tiers."""
    return agreeing.agreement(study.tiers(), study.tier_names)


def sizes(study: Study) -> Chart:
    """Tier sizes against value shares, all methods side by side."""
    shares = tier_shares(study)
    best = shares[shares["tier"] == study.tier_names[0]]["share_of_customers"]
    title = study.say(
        "The best tier takes {low:share} to {high:share} of the customers, depending on the method",
        low=best.min(),
        high=best.max(),
    )
    return charts.sizes(shares, title, study.reader)


def pairs(study: Study) -> Block:
    """How far each pair of methods agrees."""
    columns = ["method_a", "method_b", "share_same", "share_top_common", "ari", "ami", "kappa"]
    return study.table(
        agreement(study)[columns], "Do the methods agree? (1 = always, 0 = as by chance)", name="agreement"
    )


def who_agrees(study: Study) -> Block:
    """The customers whom all methods, one method or some put on top, and what sets them apart."""
    found = set_apart(study.profile(), consensus(study.tiers(), study.tier_names[0]))
    whose: list[object] = [
        _WHOSE.get(who) or sentence("For {method:word} only", method=who) for who in found["whose"]
    ]
    return study.table(
        found.assign(whose=pd.Series(whose, dtype="object")), "Who is in the best tier for whom (medians)"
    )
