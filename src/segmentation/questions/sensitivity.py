"""Would the same customers be key under another choice that could be defended as well?"""

import pandas as pd

from segmentation.comparison import sensitivity as sensing
from segmentation.study.facts import fact
from segmentation.study.study import Study

_WINDOWS = (3, 6, 12)


@fact(keep=True, publish=False, prepare="trying other defensible choices")
def under_other_choices(study: Study) -> sensing.Sensitivity:
    """The best tier under each defensible choice: windows, cuts, numbers of clusters."""
    windows = {w for w in _WINDOWS if w <= len(study.months)} | {study.window_months}
    profiles = {window: study.profile(window=window) for window in sorted(windows)}
    return sensing.sensitivity(
        study.methods(), profiles, study.tier_names, window_months=study.window_months
    )


@fact
def sensitivity(study: Study) -> pd.DataFrame:
    """What share of the best tier survives each defensible choice."""
    return under_other_choices(study).specifications
