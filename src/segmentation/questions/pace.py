"""Where is every customer heading: the tier in some months, at the pace of the last ones?"""

import pandas as pd

from segmentation import months
from segmentation.errors import DataError
from segmentation.movement.pace import ahead, horizon, with_less
from segmentation.study.facts import fact
from segmentation.study.study import Study


@fact(publish=False)
def pace(study: Study, month: str = "") -> pd.DataFrame:
    """Every customer's money and tier some months after a month (default: this one), at their present pace.

    One row a customer in the profile's order: customer_id, monetary_ahead, tier_ahead, tier_ahead_less (with
    a fifth less money then), tier_less (with a fifth less money now). Judged by the official rule of the
    month, as it stands. Empty where the method only gives scores, or the window is a single month.
    """
    month = month or study.month
    rule, steps = study.rule(month=month), horizon(study.window_months)
    if rule is None or not steps:
        return pd.DataFrame()
    profile = study.profile(month)
    stays, latest = (_of_window(study, month, window) for window in (study.window_months - steps, steps))
    days = (months.last_day(months.add(month, steps)) - months.last_day(month)).days
    later = ahead(profile, stays, latest, days)
    return profile[["customer_id"]].assign(
        monetary_ahead=later["monetary"],
        tier_ahead=rule.apply(later)["tier"],
        tier_ahead_less=rule.apply(with_less(later))["tier"],
        tier_less=rule.apply(with_less(profile))["tier"],
    )


def _of_window(study: Study, month: str, window: int) -> pd.DataFrame:
    """The profile of a shorter window; without rows where nobody ordered in it."""
    try:
        return study.profile(month, window)
    except DataError:
        return study.profile(month).head(0)
