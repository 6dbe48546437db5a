"""ABC: how concentrated is the value, and where are the tiers cut?"""

import pandas as pd

from segmentation.show import charts
from segmentation.show.charts.chart import Chart
from segmentation.study.study import Study


def concentration(study: Study, customers: pd.DataFrame) -> Chart:
    """Cumulative value against cumulative customers, the largest first, with the tiers that a rule gave.

    Parameters: customers, a profile, or one that a rule was applied to (with `tier`).
    """
    values = customers["monetary"].clip(lower=0).sort_values(ascending=False)
    few = max(1, round(len(values) * 0.2))
    title = study.say(
        "One customer in five brings {share:share} of the value",
        share=values.head(few).sum() / max(values.sum(), 1e-300),
    )
    return charts.pareto(customers["monetary"], title, study.reader, tiers=customers.get("tier"))
