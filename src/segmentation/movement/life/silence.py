"""Is the loss of customers getting better, and who of the former key customers comes back by himself?"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from segmentation.movement.life.known import Known

SURE = 1.96
SILENT_DAYS = 120  # from here on a former key customer is one to be won back
_BANDS = (180, 270)
BANDS = ("silent_120", "silent_180", "silent_270")


def silent_share(known: Known, as_of: str, gap: int) -> dict[str, float]:
    """Of those who ordered in the `gap` months before the last `gap` months, who ordered nothing in these.

    active_before, fell_silent, share_silent and half_width (of its 95 % interval), had_brought (what those who
    fell silent had spent in the earlier months) and share_of_money (of what all of them had), new (never
    ordered before), returned (not in the earlier months, but before them), net_retention (what all of them
    spent in the last months against the earlier ones). Money in the currency.
    """
    found = known.silence(as_of, gap)
    active = found["active_before"]
    share = found["fell_silent"] / active if active else np.nan
    before = found["before_value"] if found["before_value"] > 0 else np.nan
    return {
        "active_before": int(active),
        "fell_silent": int(found["fell_silent"]),
        "share_silent": share,
        "half_width": _half_width(share, active),
        "had_brought": found["had_brought"],
        "share_of_money": found["had_brought"] / before,
        "new": int(found["new"]),
        "returned": int(found["returned"]),
        "net_retention": found["now_value"] / before,
    }


def _half_width(share: float, of: float) -> float:
    """1.96 standard errors of a share; 3 / n where it is 0 or 1 (the rule of three); empty of nobody."""
    if not of:
        return np.nan
    return 3.0 / of if share in (0.0, 1.0) else SURE * float(np.sqrt(share * (1.0 - share) / of))


def change(trend: pd.DataFrame, gap: int) -> tuple[str, float]:
    """Whether the share silent is better, worse or the same as `gap` months before, whose months do not overlap.

    `trend` has share_silent and half_width, a row a month. Gives also the difference; "unknown" where there is
    no earlier month to compare with.
    """
    if len(trend) <= gap:
        return "unknown", np.nan
    now, then = trend.iloc[-1], trend.iloc[-1 - gap]
    difference = float(now["share_silent"] - then["share_silent"])
    if abs(difference) <= np.hypot(now["half_width"], then["half_width"]):
        return "same", difference
    return ("better" if difference < 0 else "worse"), difference


def former(earlier: pd.DataFrame, customers: pd.DataFrame, tiers: Sequence[str]) -> pd.DataFrame:
    """Customers who were in one of `tiers` earlier and have been silent for more than 120 days now.

    `earlier`: customer_id, tier, monetary of the earlier month end; `customers` are those of `Known.at`, named.
    Columns: customer_id, former_tier, former_value (the earlier window's net), recency_days, band (of silence), and
    later_orders, later_value. The best tier first, then the most value.
    """
    chosen = earlier[earlier["tier"].isin(list(tiers))]
    chosen = chosen.rename(columns={"tier": "former_tier", "monetary": "former_value"})
    columns = ["customer_id", "recency_days", "later_orders", "later_value"]
    found = chosen[["customer_id", "former_tier", "former_value"]].merge(customers[columns], on="customer_id")
    found = found[found["recency_days"] > SILENT_DAYS]
    band = np.searchsorted(_BANDS, found["recency_days"], side="left")
    found = found.assign(band=np.array(BANDS, dtype=object)[band])
    rank = found["former_tier"].map({name: place for place, name in enumerate(tiers)})
    found = found.assign(rank=rank).sort_values(
        ["rank", "former_value", "customer_id"], ascending=[True, False, True], ignore_index=True
    )
    return found.drop(columns="rank")


def came_back(silent: pd.DataFrame, by: str) -> pd.DataFrame:
    """How many of `former` ordered again by themselves: group, customers, came_back (share), value_back.

    value_back: what one who came back brought, on average; empty where nobody did. `by`: former_tier or band.
    """
    back = silent["later_orders"] > 0
    found = silent.assign(back=back, brought=silent["later_value"].where(back))
    grouped = found.groupby(by, sort=True).agg(
        customers=("back", "size"), came_back=("back", "mean"), value_back=("brought", "mean")
    )
    return grouped.rename_axis("group").reset_index()
