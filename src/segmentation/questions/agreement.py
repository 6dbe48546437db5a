"""Do the methods agree on who is in which tier?"""

import pandas as pd

from segmentation.comparison import agreement as agreeing
from segmentation.study.facts import fact
from segmentation.study.study import Study


@fact
def agreement(study: Study) -> pd.DataFrame:
    """How far each pair of methods agrees on this month's tiers."""
    return agreeing.agreement(study.tiers(), study.tier_names)
