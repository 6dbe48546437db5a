"""Lists for the sales team: lost, newly big, newly stable, tomorrow's stars, and key customers who slip."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

STABLE = 2 / 3
CLOSE = 0.20
LIKELY = 0.50
FALLING = -0.30
SILENT_TIMES, SILENT_DAYS = 2.0, 30
# a list that names more of the best tier than this names nobody
MOST = 0.25
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
    pace: pd.DataFrame | None = None,
    chances: pd.DataFrame | None = None,
    cuts: Sequence[float] | None = None,
) -> pd.DataFrame:
    """Tomorrow's stars: customers below the best tier who are on their way into a better one.

    `tiers` and `pace` (monetary_ahead, tier_ahead, tier_ahead_less: see `questions.pace`) are in the
    profile's order. A star's window is above zero, and at the pace of the last months it reaches a better
    tier, even with a fifth less. Where there is no pace, those who bring more than in the three months before
    and have a chance of a better tier of at least one half (`chances`, a column a tier). `cuts`: the amounts
    of an amount rule, best tier first.

    Columns: customer_id, tier, tier_ahead, monetary, growth, short_by (money to the next tier; empty without
    cuts), chance_better (empty without chances), to_win (what they bring more a month at this pace than over
    the window), reasons (codes of `words/states.py`). Whoever is heading
    for the best tier comes first, then the most to win.
    """
    place = pd.Index(names).get_indexer(pd.Index(tiers))
    named = np.array([names[0], *names], dtype=object)
    table = profile[["customer_id", "monetary"]].assign(
        tier=tiers.to_numpy(), growth=_column(profile, "growth"), short_by=np.nan, chance_better=np.nan
    )
    if cuts is not None:
        next_cut = np.array([np.inf, *cuts])[np.maximum(place, 0)]
        table["short_by"] = np.where(place > 0, np.maximum(next_cut - table["monetary"], 0.0), np.nan)
    if chances is not None:
        better = profile[["customer_id"]].merge(chances, on="customer_id", how="left")[list(names)].to_numpy()
        table["chance_better"] = np.where(
            place > 0, np.cumsum(better, axis=1)[np.arange(len(place)), place - 1], np.nan
        )
    more = _column(profile, "recent") > _column(profile, "previous")
    likely = table["chance_better"] >= LIKELY
    if pace is not None:
        window = int(profile.attrs["window_months"])
        heading = pd.Index(names).get_indexer(pd.Index(pace["tier_ahead_less"]))
        rising = (heading >= 0) & (heading < place)
        table["tier_ahead"] = pace["tier_ahead"].to_numpy()
        table["to_win"] = (pace["monetary_ahead"].to_numpy() - table["monetary"]) / window
    else:
        rising = (more & likely).to_numpy()
        table["tier_ahead"] = np.where(place > 0, named[np.maximum(place, 0)], "")
        table["to_win"] = (_column(profile, "recent") - _column(profile, "previous")) / 3
    close = table["short_by"] <= CLOSE * (table["monetary"] + table["short_by"])
    table["reasons"] = _joined({"close": close, "may_rise": likely, "rising": more & ~close & ~likely})
    table["place"] = pd.Index(names).get_indexer(pd.Index(table["tier_ahead"]))
    found = table[(place > 0) & rising & (table["monetary"] > 0) & ~(table["to_win"] <= 0)]
    found = found.sort_values(
        ["place", "to_win", "monetary", "customer_id"],
        ascending=[True, False, False, True],
        ignore_index=True,
    )
    columns = ["customer_id", "tier", "tier_ahead", "monetary", "growth", "short_by", "chance_better"]
    return found[[*columns, "to_win", "reasons"]]


def slipping(
    profile: pd.DataFrame,
    tiers: pd.Series,
    names: Sequence[str],
    pace: pd.DataFrame | None = None,
    chances: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Key customers to watch: those of the best tier who are on their way out of it.

    `tiers` and `pace` (monetary_ahead, tier_ahead, tier_less: see `questions.pace`) are in the profile's
    order. Slipping: at the pace of the last months the window falls below the tier; but whom a fifth less
    money would put out of it today is near the cut, in the tier and out of it by luck, and not slipping.
    Where there is no pace: silent, with no order for more than twice their usual gap (and 30 days), and
    falling, the last three months at least 30 % below the three before.

    A list of everybody is none: at most a quarter of the tier, those with the most money at risk; who is
    equal to the last of them and has no room is left out with it.

    Columns: customer_id, tier_ahead, monetary, recency_days, mean_gap_days, growth, money_at_risk (what a
    month brings less at this pace than over the window), chance_stay (empty without chances), reasons (codes
    of `words/states.py`); the most money at risk first.
    """
    recent, previous = _column(profile, "recent"), _column(profile, "previous")
    silent = (profile["recency_days"] > SILENT_TIMES * _column(profile, "mean_gap_days")) & (
        profile["recency_days"] > SILENT_DAYS
    )
    falling = _column(profile, "growth") <= FALLING
    table = profile[["customer_id"]].assign(
        tier_ahead=None,
        monetary=profile["monetary"],
        recency_days=profile["recency_days"],
        mean_gap_days=_column(profile, "mean_gap_days"),
        growth=_column(profile, "growth"),
        money_at_risk=(previous.fillna(0.0) - recent.fillna(0.0)) / 3,
        chance_stay=np.nan,
    )
    if chances is not None:
        found = profile[["customer_id"]].merge(chances, on="customer_id", how="left")
        table["chance_stay"] = found[names[0]].to_numpy()
    slips = (silent & falling).to_numpy()
    if pace is not None:
        window = int(profile.attrs["window_months"])
        table["tier_ahead"] = pace["tier_ahead"].to_numpy()
        table["money_at_risk"] = (table["monetary"] - pace["monetary_ahead"].to_numpy()) / window
        slips = ((pace["tier_ahead"] != names[0]) & (pace["tier_less"] == names[0])).to_numpy()
    table["reasons"] = _joined({"silent": silent, "falling": falling, "below": ~silent & ~falling})
    best = tiers.to_numpy() == names[0]
    watched = table[best & slips & (table["money_at_risk"] > 0).to_numpy()]
    room = watched["money_at_risk"].rank(method="max", ascending=False) <= MOST * best.sum()
    return watched[room].sort_values(
        ["money_at_risk", "customer_id"], ascending=[False, True], ignore_index=True
    )


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
