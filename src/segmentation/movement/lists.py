"""Lists for the sales team: newly big, newly stable, tomorrow's stars, and key customers who slip."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

STABLE = 2 / 3
CLOSE = 0.20
LIKELY = 0.30
FALLING = -0.30
SILENT_TIMES, SILENT_DAYS = 2.0, 30
DOUBTFUL = 0.60
_SHOWN = ("monetary", "frequency", "recency_days", "growth")


def newly_big(
    profile: pd.DataFrame, tiers: pd.DataFrame, earlier: Sequence[pd.DataFrame], method: str, top: str
) -> pd.DataFrame:
    """Customers in the best tier by amount this month and in none of the earlier months, biggest first.

    `tiers` and `earlier` are tiers frames with a column `method`. Columns: customer_id, monetary, frequency,
    recency_days, growth (those the profile has).
    """
    now = tiers.loc[tiers[method] == top, "customer_id"]
    before = {c for frame in earlier for c in frame.loc[frame[method] == top, "customer_id"]}
    return _shown(profile, now[~now.isin(before)])


def newly_stable(profile: pd.DataFrame, earlier: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Customers who buy regularly in this month's window and did not in any earlier month's, biggest first.

    Regularly: in at least two thirds of the window's months (`active_months`). `earlier` are profiles with
    the same window. Columns: customer_id, active_months, monetary, frequency, recency_days, growth.
    """
    now = profile.loc[_regular(profile), "customer_id"]
    before = {c for frame in earlier for c in frame.loc[_regular(frame), "customer_id"]}
    return _shown(profile, now[~now.isin(before)], ("active_months", *_SHOWN))


def risers(
    profile: pd.DataFrame,
    tiers: pd.Series,
    names: Sequence[str],
    chances: pd.DataFrame | None = None,
    cuts: Sequence[float] | None = None,
) -> pd.DataFrame:
    """Tomorrow's stars: customers below the best tier who are rising, and close or likely to cross.

    `tiers` is in the profile's order; `chances` gives each tier's probability or steadiness; `cuts` are the
    amounts of an amount rule, best tier first. Rising: the last three months brought more than the three
    before. Close: at most 20 % short of the next cut. Likely: a chance of a better tier of at least .30.
    Columns: customer_id, tier, next_tier, monetary, growth, short_by (money; empty without cuts),
    chance_better (empty without chances), reasons (codes of `words/states.py`), most likely first.
    """
    place = pd.Index(names).get_indexer(pd.Index(tiers))
    table = profile[["customer_id", "monetary"]].assign(
        tier=tiers.to_numpy(), growth=_column(profile, "growth"), short_by=np.nan, chance_better=np.nan
    )
    table["next_tier"] = np.where(place > 0, np.array([names[0], *names], dtype=object)[place], "")
    if cuts is not None:
        next_cut = np.array([np.inf, *cuts])[np.maximum(place, 0)]
        table["short_by"] = np.where(place > 0, np.maximum(next_cut - table["monetary"], 0.0), np.nan)
    if chances is not None:
        better = profile[["customer_id"]].merge(chances, on="customer_id", how="left")[list(names)].to_numpy()
        table["chance_better"] = np.where(
            place > 0, np.cumsum(better, axis=1)[np.arange(len(place)), place - 1], np.nan
        )
    rising = _column(profile, "recent") > _column(profile, "previous")
    close = table["short_by"] <= CLOSE * (table["monetary"] + table["short_by"])
    likely = table["chance_better"] >= LIKELY
    table["reasons"] = _joined({"rising": rising, "close": close, "may_rise": likely})
    found = table[(place > 0) & rising & (close | likely)]
    columns = [
        "customer_id",
        "tier",
        "next_tier",
        "monetary",
        "growth",
        "short_by",
        "chance_better",
        "reasons",
    ]
    return found.sort_values(
        ["chance_better", "monetary", "customer_id"], ascending=[False, False, True], ignore_index=True
    )[columns]


def slipping(
    profile: pd.DataFrame, tiers: pd.Series, names: Sequence[str], chances: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Key customers to watch, with the reason: those of the best tier with at least one sign of slipping.

    Silent: no order for more than twice their usual gap (and 30 days). Falling: the last three months brought
    at least 30 % less than the three before. Doubtful: the chance of this tier is below .60. Columns:
    customer_id, monetary, recency_days, mean_gap_days, growth, chance_stay, reasons (codes of `words/states.py`),
    most reasons first, then most spend.
    """
    table = profile[["customer_id", "monetary", "recency_days"]].assign(
        mean_gap_days=_column(profile, "mean_gap_days"), growth=_column(profile, "growth"), chance_stay=np.nan
    )
    if chances is not None:
        found = profile[["customer_id"]].merge(chances, on="customer_id", how="left")
        table["chance_stay"] = found[names[0]].to_numpy()
    signs = {
        "silent": (table["recency_days"] > SILENT_TIMES * table["mean_gap_days"])
        & (table["recency_days"] > SILENT_DAYS),
        "falling": table["growth"] <= FALLING,
        "may_fall": table["chance_stay"] < DOUBTFUL,
    }
    table["reasons"] = _joined(signs)
    table["signs"] = sum(sign.astype(int) for sign in signs.values())
    watched = table[(tiers.to_numpy() == names[0]) & (table["signs"] > 0)]
    return watched.sort_values(
        ["signs", "monetary", "customer_id"], ascending=[False, False, True], ignore_index=True
    ).drop(columns="signs")


def _regular(profile: pd.DataFrame) -> pd.Series:
    window = int(profile.attrs["window_months"])
    return profile["active_months"] >= np.ceil(STABLE * window)


def _column(profile: pd.DataFrame, name: str) -> pd.Series:
    """A column of figures; empty where the profile has too little history for it."""
    return profile[name] if name in profile else pd.Series(np.nan, index=profile.index)


def _joined(signs: dict[str, pd.Series]) -> list[str]:
    """The names of the signs that are true, a row each, with commas between."""
    table = np.column_stack([sign.to_numpy(dtype=bool) for sign in signs.values()])
    return [", ".join(name for name, there in zip(signs, row) if there) for row in table]


def _shown(profile: pd.DataFrame, customers: pd.Series, columns: Sequence[str] = _SHOWN) -> pd.DataFrame:
    found = profile[profile["customer_id"].isin(customers)]
    columns = ["customer_id", *(c for c in columns if c in profile)]
    return found.sort_values(["monetary", "customer_id"], ascending=[False, True], ignore_index=True)[columns]
