"""Which method found the customers who mattered afterwards: the trial and its verdict."""

import pandas as pd

from segmentation.comparison import trial as trying
from segmentation.comparison import verdict as judging
from segmentation.study.facts import fact
from segmentation.study.study import Study


@fact(
    keep=True,
    publish=False,
    prepare="putting the methods on trial",
    reads=("origins", "holdout_months", "capacity", "hiatus_days", "cost_of_missing", "cost_of_waste"),
)
def on_trial(study: Study) -> trying.Trial:
    """The methods on trial at past month ends, with what happened up to this month."""
    settings = study.settings
    return trying.trial(
        study,
        study.methods(),
        official=settings.official,
        origins=settings.origins,
        holdout_months=settings.holdout_months,
        capacity=settings.capacities,
        month=study.month,
        hiatus_days=settings.hiatus_days,
        cost_of_missing=settings.cost_of_missing,
        cost_of_waste=settings.cost_of_waste,
        seed=settings.seed,
    )


@fact
def trial(study: Study) -> pd.DataFrame:
    """What each contestant captured, missed and wasted at each past month end."""
    return on_trial(study).results


@fact
def trial_differences(study: Study) -> pd.DataFrame:
    """The difference of every contestant to the official method, with its interval."""
    return on_trial(study).differences


def verdict(study: Study) -> judging.Verdict:
    """What the trial says of the official method at the first capacity."""
    return judging.verdict(on_trial(study))
