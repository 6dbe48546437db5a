"""The tier that counts: the official rule's, held back by damping, replaced where a person decided."""

import pandas as pd

from segmentation import months
from segmentation.movement.refit import damped
from segmentation.questions.overrides import Overridden, apply_overrides, read_overrides
from segmentation.study.study import Study


def decided(study: Study) -> Overridden:
    """The month's tiers as they count, and what became of every override.

    `tiered` is the profile's customers with `tier` and, beside it, `tier_by_rule`. With `damping_months` of
    2 and more, a rule's new tier counts only after so many months in a row. Raises DataError for a file of
    overrides that is not complete.
    """
    tiered = study.profile()[["customer_id"]].assign(tier=_by_rule(study))
    if study.settings.overrides is None:
        return Overridden(tiered.assign(tier_by_rule=tiered["tier"]), pd.DataFrame())
    by_hand = study.shown(read_overrides(study.settings.place("overrides"), study.tier_names))
    return apply_overrides(tiered, by_hand, months.last_day(study.month))


def _by_rule(study: Study) -> pd.Series:
    official = study.settings.official
    if study.settings.damping_months == 1:
        return study.learned(official)["tiers"]["tier"]
    past = {month: study.learned(official, month)["tiers"][["customer_id", "tier"]] for month in study.past}
    held = damped(past, "tier", study.tier_names, study.settings.damping_months)[study.month]
    return study.profile()[["customer_id"]].merge(held, on="customer_id", how="left")["tier"]
