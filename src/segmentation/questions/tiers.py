"""Which customers are in which tier: how large the tiers are under every method, and over the months."""

import pandas as pd

from segmentation.comparison.shares import tier_shares as shares_of
from segmentation.show import charts
from segmentation.show.charts.chart import Chart
from segmentation.study.facts import fact
from segmentation.study.study import Study


@fact
def tier_shares(study: Study) -> pd.DataFrame:
    """Customers and value of every tier under every method."""
    return shares_of(study.profile(), study.tiers(), study.tier_names)


@fact(publish=False, prepare="tracing the tiers over the months")
def trend(study: Study) -> pd.DataFrame:
    """Customers and value of the official method's tiers in each of the past months."""
    parts = [
        shares_of(study.profile(month), official_tiers(study, month), study.tier_names).assign(month=month)
        for month in study.past
    ]
    return pd.concat(parts, ignore_index=True)


def official_tiers(study: Study, month: str) -> pd.DataFrame:
    """The official method's tiers of a month, as a tiers frame: customer_id, and a column of its name."""
    official = study.settings.official
    return study.learned(official, month)["tiers"][["customer_id", "tier"]].rename(columns={"tier": official})


def best_tier(study: Study, method: str | None = None) -> pd.Series:
    """The best tier of a method (default: the official one): its customers, value and shares."""
    shares = tier_shares(study)
    name, top = method or study.settings.official, study.tier_names[0]
    return shares[(shares["method"] == name) & (shares["tier"] == top)].iloc[0]


def over_the_months(study: Study) -> Chart:
    """The tiers over the last months."""
    found = trend(study)
    best = found[found["tier"] == study.tier_names[0]]
    first, last = best.iloc[0], best.iloc[-1]
    title = study.say(
        "{top:tier} went from {first:integer} customers in {month:month} to {last:integer}"
        if len(best) > 1
        else "{top:tier} has {last:integer} {last:customer|customers}; {month:month} is the first month with a "
        "complete window",
        top=study.tier_names[0],
        first=int(first["customers"]),
        month=first["month"],
        last=int(last["customers"]),
    )
    return charts.months(found, title, study.reader)
