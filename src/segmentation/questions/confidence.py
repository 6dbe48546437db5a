"""How sure is each customer's tier?"""

import pandas as pd

from segmentation.comparison.confidence import amount_cuts, graded, of_own_tier, tier_probabilities
from segmentation.questions.stability import resampled
from segmentation.study.facts import fact
from segmentation.study.study import Study


def is_probability(study: Study, name: str) -> bool:
    """Whether the chances of a method's tiers are probabilities (an amount rule), not steadiness."""
    rule = study.rule(name)
    return rule is not None and amount_cuts(rule) is not None


@fact(keep=True, publish=False, prepare="asking how sure each tier is")
def chances(study: Study, name: str = "") -> pd.DataFrame:
    """Each customer's chance of each tier: customer_id, a column a tier; of the official method by default.

    For amount rules the probability over an independent window; for the others the steadiness, the share of
    refits on resampled customers.
    """
    name = name or study.settings.official
    rule = study.rule(name)
    if rule is not None and is_probability(study, name):
        return tier_probabilities(study.profile(), study.order_moments(), rule)
    steady = resampled(study).steadiness
    return steady[steady["method"] == name].drop(columns="method").reset_index(drop=True)


@fact
def confidence(study: Study) -> pd.DataFrame:
    """How many customers of each tier are sure of it, likely, a coin toss or doubtful."""
    tiers = study.learned(study.settings.official)["tiers"]["tier"]
    return graded(tiers, _in_order(study), study.tier_names)


def chance_of_tier(study: Study) -> pd.Series:
    """For each customer of the profile, in its order, the chance of the tier that the official method gives."""
    own = of_own_tier(study.learned(study.settings.official)["tiers"]["tier"], _in_order(study))
    return pd.Series(own, name="chance")


def _in_order(study: Study) -> pd.DataFrame:
    """The chances in the order of the profile."""
    return study.profile()[["customer_id"]].merge(
        chances(study), on="customer_id", how="left", validate="1:1"
    )
