"""Where customers are heading: the profile as it will be if everybody goes on as in the last months."""

import numpy as np
import pandas as pd

# a tier that a fifth less money would lose is held, and one that it would miss is reached, by luck
LESS = 0.80
_LONGEST = 3
_ADDED = ("frequency", "order_days", "monetary", "profit", "returns", "active_months")
_MONEY = ("monetary", "profit", "average_order", "monthly_mean", "recent", "previous")


def horizon(window_months: int) -> int:
    """How many months a look ahead reaches: three, in a short window half of it; 0 where it cannot.

    >>> horizon(12), horizon(6), horizon(3), horizon(1)
    (3, 3, 1, 0)
    """
    return min(_LONGEST, window_months // 2)


def ahead(profile: pd.DataFrame, stays: pd.DataFrame, latest: pd.DataFrame, days: int) -> pd.DataFrame:
    """The profile some months from now, if every customer does in them what they did in as many last months.

    `profile` is the month's; `stays` and `latest` are profiles of the same month with shorter windows: what
    will still be in the window then, and the months whose pace goes on; together their windows are as long
    as the profile's. `days` is how much later it will be. What is summed over the window becomes the sum of
    the two; whoever ordered in the latest months will have ordered as recently as now, anybody else is silent
    for so many days more. Columns that look back on more than the window, such as the gap, stay.

    >>> def of(**columns):
    ...     return pd.DataFrame({"customer_id": ["a", "b"], "recency_days": [5, 70], **columns})
    >>> latest = of(monetary=[40.0, 0.0], frequency=[4, 0]).head(1)
    >>> stays = of(monetary=[50.0, 10.0], frequency=[5, 1])
    >>> found = ahead(of(monetary=[60.0, 30.0], frequency=[6, 3]), stays, latest, 31)
    >>> found[["monetary", "frequency", "recency_days"]].values.tolist()
    [[90.0, 9.0, 5.0], [10.0, 1.0, 101.0]]
    """
    customers = profile["customer_id"]
    parts = [part.set_index("customer_id").reindex(customers) for part in (stays, latest)]
    later = profile.copy()
    for column in _ADDED:
        if column in profile:
            total = sum(part[column].fillna(0).to_numpy() for part in parts)
            later[column] = pd.Series(total, index=profile.index).astype(profile[column].dtype)
    silent = ~customers.isin(latest["customer_id"]).to_numpy()
    later["recency_days"] = profile["recency_days"] + days * silent
    if "tenure_days" in profile:
        later["tenure_days"] = profile["tenure_days"] + days
    if "average_order" in profile:
        later["average_order"] = later["monetary"] / later["frequency"].where(later["frequency"] > 0)
        later["average_order"] = later["average_order"].fillna(0.0)
    if "monthly_mean" in profile:
        share = (later["monetary"] / profile["monetary"]).replace([np.inf, -np.inf], np.nan)
        later["monthly_mean"] = profile["monthly_mean"] * share.fillna(0.0)
    later.attrs = profile.attrs
    return later


def with_less(profile: pd.DataFrame) -> pd.DataFrame:
    """The profile with a fifth less money: a tier that does not change by it is no matter of luck."""
    money = [column for column in _MONEY if column in profile]
    less = profile.assign(**{column: profile[column] * LESS for column in money})
    less.attrs = profile.attrs
    return less
