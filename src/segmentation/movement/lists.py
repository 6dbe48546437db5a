"""Lists for the sales team: lost, newly big, newly stable, tomorrow's stars, and key customers who slip."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

STABLE = 2 / 3
CLOSE = 0.20
LIKELY = 0.50
FALLING = -0.30
SILENT_TIMES, SILENT_DAYS = 2.0, 30
# so far above the cut, a customer is not in the tier by luck
NEAR = 0.25
_PACE_MONTHS = 3
_SHOWN = ("monetary", "frequency", "recency_days", "growth")


def lost(moved: pd.DataFrame, old_profile: pd.DataFrame, top: str) -> pd.DataFrame:
    """Key customers who are key no more: in the best tier last month, in a lower one or dormant now.

    `moved` is a frame of `states.changes`, `old_profile` last month's. Columns: customer_id, before, after,
    last_window (spend in the window that ended last month), last_order (if the profile has it); the most
    spend first.
    """
    gone = moved[(moved["before"] == top) & (moved["after"] != top)][["customer_id", "before", "after"]]
    facts = ["customer_id", "monetary", *(c for c in ("last_order",) if c in old_profile)]
    found = gone.merge(old_profile[facts], on="customer_id", how="left")
    found = found.rename(columns={"monetary": "last_window"})
    return found.sort_values(["last_window", "customer_id"], ascending=[False, True], ignore_index=True)


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
    worth: Mapping[tuple[str, str], float] | None = None,
) -> pd.DataFrame:
    """Tomorrow's stars: customers below the best tier who are rising, and close or likely to cross.

    `tiers` is in the profile's order; `chances` gives each tier's probability or steadiness; `cuts` are the
    amounts of an amount rule, best tier first; `worth` what a move from one tier to the next is worth a
    customer (`migration.move_values`). Rising: the last three months brought more than the three before, and
    the window's net is above zero. Close: at most 20 % short of the next cut. Likely: a chance of a better
    tier of at least one half. Columns: customer_id, tier, next_tier, monetary, growth, short_by (money; empty
    without cuts), chance_better (empty without chances), to_win (the chance times the worth of the move;
    empty without both), reasons (codes of `words/states.py`). Those next to the best tier first, then the most to win;
    a move that is worth nothing is no star's.
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
    steps = [(worth or {}).get(step, np.nan) for step in zip(table["tier"], table["next_tier"])]
    table["to_win"] = table["chance_better"] * np.array(steps, dtype=np.float64)
    rising = (_column(profile, "recent") > _column(profile, "previous")) & (table["monetary"] > 0)
    close = table["short_by"] <= CLOSE * (table["monetary"] + table["short_by"])
    likely = table["chance_better"] >= LIKELY
    table["reasons"] = _joined({"rising": rising, "close": close, "may_rise": likely})
    table["place"] = place
    found = table[(place > 0) & rising & (close | likely) & ~(table["to_win"] <= 0)]
    found = found.sort_values(
        ["place", "to_win", "chance_better", "monetary", "customer_id"],
        ascending=[True, False, False, False, True],
        ignore_index=True,
    )
    columns = ["customer_id", "tier", "next_tier", "monetary", "growth", "short_by", "chance_better"]
    return found[[*columns, "to_win", "reasons"]]


def slipping(
    profile: pd.DataFrame,
    tiers: pd.Series,
    names: Sequence[str],
    chances: pd.DataFrame | None = None,
    cuts: Sequence[float] | None = None,
) -> pd.DataFrame:
    """Key customers to watch, with the reasons: those of the best tier who are on their way out of it.

    Falling: the last three months brought at least 30 % less than the three before. Below: a window at the
    pace of the last three months would not reach the tier's cut. Silent: no order for more than twice their
    usual gap (and 30 days). Under an amount rule (`cuts`, best tier first) whose window is longer than three
    months, slipping is falling and below, but not near: whoever is less than 25 % above the cut is in the
    tier and out of it by luck. Otherwise it is silent and falling.

    Columns: customer_id, monetary, recency_days, mean_gap_days, growth, money_at_risk (what the last three
    months brought less than the three before), chance_stay (empty without chances), reasons (codes of
    `words/states.py`); the most money at risk first.
    """
    recent, previous = _column(profile, "recent"), _column(profile, "previous")
    table = profile[["customer_id", "monetary", "recency_days"]].assign(
        mean_gap_days=_column(profile, "mean_gap_days"),
        growth=_column(profile, "growth"),
        money_at_risk=previous.fillna(0.0) - recent.fillna(0.0),
        chance_stay=np.nan,
    )
    if chances is not None:
        found = profile[["customer_id"]].merge(chances, on="customer_id", how="left")
        table["chance_stay"] = found[names[0]].to_numpy()
    silent = (table["recency_days"] > SILENT_TIMES * table["mean_gap_days"]) & (
        table["recency_days"] > SILENT_DAYS
    )
    falling = table["growth"] <= FALLING
    window = int(profile.attrs.get("window_months", 0))
    if cuts is not None and window > _PACE_MONTHS:
        below = recent * window / _PACE_MONTHS < cuts[0]
        slips = falling & below & (table["monetary"] >= (1.0 + NEAR) * cuts[0])
    else:
        below = pd.Series(False, index=profile.index)
        slips = silent & falling
    table["reasons"] = _joined({"below": below, "silent": silent, "falling": falling})
    watched = table[(tiers.to_numpy() == names[0]) & slips.to_numpy(dtype=bool)]
    return watched.sort_values(["money_at_risk", "customer_id"], ascending=[False, True], ignore_index=True)


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
