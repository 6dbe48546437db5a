"""How sure is each customer's tier?"""

import pandas as pd

from segmentation.comparison.chances import Chances, tier_chances
from segmentation.comparison.confidence import amount_cuts, graded, of_own_tier
from segmentation.comparison.learning import Past
from segmentation.questions.stability import resampled
from segmentation.show.tables import Block
from segmentation.study.facts import fact
from segmentation.study.study import Study
from segmentation.words.reader import sentence


def is_probability(study: Study, name: str) -> bool:
    """Whether the chances of a method's tiers are probabilities (an amount rule), not steadiness."""
    rule = study.rule(name)
    return rule is not None and amount_cuts(rule) is not None


@fact(keep=True, publish=False)
def probabilities(study: Study, name: str) -> Chances:
    """P(tier) of an amount rule's customers, and the record of the models that could say it."""
    return tier_chances(Past(study, study.month), study.month, study.rule(name))


@fact(publish=False, prepare="asking how sure each tier is")
def chances(study: Study, name: str = "") -> pd.DataFrame:
    """Each customer's chance of each tier: customer_id, a column a tier; of the official method by default.

    For amount rules the probability over the next window; for the others the steadiness, the share of
    refits on resampled customers.
    """
    name = name or study.settings.official
    if is_probability(study, name):
        return probabilities(study, name).chances
    steady = resampled(study).steadiness
    return steady[steady["method"] == name].drop(columns="method").reset_index(drop=True)


@fact(publish=False)
def models(study: Study) -> pd.DataFrame:
    """The models of P(tier) and what came of what each would have said, at the last month end that tells."""
    if not is_probability(study, study.settings.official):
        return pd.DataFrame()
    found = probabilities(study, study.settings.official).models
    names = {"chosen": "taken", "log_loss": "surprise", "ece": "calibration_error"}
    return found.rename(columns={**names, "said": "sure_said", "came": "sure_came"})


def how_known(study: Study) -> Block:
    """Which model says how sure a tier is, and on what evidence it was chosen."""
    found = models(study)
    official = study.settings.official
    if found.empty:
        return study.note(
            "{official:word} looks at more than spend: how steady its tiers are is the share of refits on customers "
            "drawn anew that keep them, no probability.",
            official=official,
        )
    if found["ahead"].iloc[0] == 0:
        return study.note(
            "How sure a tier is comes from when and how much each customer ordered (BG/NBD and gamma-gamma); the "
            "orders are too few months to try it."
        )
    columns = [
        "model",
        "taken",
        "customers",
        "surprise",
        "calibration_error",
        "sure",
        "sure_said",
        "sure_came",
    ]
    caption = sentence(
        "Which model says how sure a tier is: tried at the end of {origin:month} on the {n:integer} "
        "{n:month|months} after it",
        origin=str(found["origin"].iloc[0]),
        n=int(found["ahead"].iloc[0]),
    )
    return study.table(found[columns], caption)


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
