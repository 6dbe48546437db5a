"""Would the same customers be key under another choice that could be defended as well?"""

import pandas as pd

from segmentation.comparison import sensitivity as sensing
from segmentation.questions.responsible import with_responsible
from segmentation.show import charts
from segmentation.show.charts.chart import Chart
from segmentation.show.tables import Block
from segmentation.study.facts import fact
from segmentation.study.study import Study

_WINDOWS = (3, 6, 12)
_SHOWN = 25


@fact(keep=True, publish=False, prepare="trying other defensible choices")
def under_other_choices(study: Study) -> sensing.Sensitivity:
    """The best tier under each defensible choice: windows, cuts, numbers of clusters."""
    windows = {w for w in _WINDOWS if w <= len(study.months)} | {study.window_months}
    profiles = {window: study.profile(window=window) for window in sorted(windows)}
    return sensing.sensitivity(study.methods(), profiles, study.tier_names, window_months=study.window_months)


@fact
def sensitivity(study: Study) -> pd.DataFrame:
    """What share of the best tier survives each defensible choice."""
    return under_other_choices(study).specifications


def specifications(study: Study) -> Chart:
    """What share of the best tier survives each defensible choice."""
    found = under_other_choices(study)
    title = (
        study.say(
            "{core:integer} {core:customer is|customers are} in the best tier in at least 90% of {n:integer} "
            "defensible choices",
            core=int(found.customers["core"].sum()),
            n=len(found.specifications),
        )
        if len(found.specifications) > 1
        else study.say("There was no other choice to try")
    )
    return charts.sensitivity(found.specifications, title, study.reader)


def core(study: Study) -> Block:
    """The customers who are in the best tier whatever one chooses."""
    found = under_other_choices(study).customers
    figures = study.profile()[["customer_id", "recency_days", "frequency", "monetary", "last_order"]]
    shown = (
        found[found["core"].astype(bool)].drop(columns="core").merge(figures, on="customer_id", how="left")
    )
    order = ["share_top", "monetary", "customer_id"]
    shown = shown.sort_values(order, ascending=[False, False, True], ignore_index=True)
    return study.table(with_responsible(study, shown), "In the best tier whatever one chooses", limit=_SHOWN)
