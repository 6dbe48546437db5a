"""How sure is each customer's tier?"""

import pandas as pd

from segmentation.comparison.chances import Chances, tier_chances
from segmentation.comparison.confidence import amount_cuts, graded, of_own_tier
from segmentation.comparison.learning import Past
from segmentation.questions.stability import resampled
from segmentation.study.facts import fact
from segmentation.study.study import Study


def is_probability(study: Study, name: str) -> bool:
    """Whether the chances of a method's tiers are probabilities (an amount rule), not steadiness."""
    rule = study.rule(name)
    return rule is not None and amount_cuts(rule) is not None


@fact(keep=True, publish=False)
def probabilities(study: Study, name: str, month: str) -> Chances:
    """P(tier) of an amount rule's customers as of a month, and the record of the models that could say it.

    Nothing after that month is known to it.
    """
    return tier_chances(Past(study, month), month, study.rule(name, month))


@fact(publish=False, prepare="asking how sure each tier is")
def chances(study: Study, name: str = "") -> pd.DataFrame:
    """Each customer's chance of each tier: customer_id, a column a tier; of the official method by default.

    For amount rules the probability over the next window; for the others the steadiness, the share of
    refits on resampled customers.
    """
    name = name or study.settings.official
    if is_probability(study, name):
        return probabilities(study, name, study.month).chances
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
