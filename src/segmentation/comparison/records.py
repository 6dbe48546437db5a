"""How claims made one window ago turned out: each beside its base rate, so that it can stand by the claim."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from segmentation.comparison.chances import calibration_error
from segmentation.comparison.confidence import DORMANT, GRADES, of_own_tier

KEPT, SURE, STARS, SLIPS = "best_tier", "called_sure", "called_stars", "called_slipping"
# what comes true within so much of what was said has come true
NEAR = 0.03
CHOICES = ("official", "random", "spend", "oracle")
COLUMNS = ["claim", "tier", "customers", "said", "came", "share", "low", "high", "base", "worse"]
_Z = 1.959964


def sure_record(
    tiers: pd.Series, chances: pd.DataFrame, tiers_now: pd.Series, names: Sequence[str]
) -> pd.DataFrame:
    """Of those called sure of their tier one window ago, how many are in it now: a row a tier, and all.

    `tiers`: the tier of each customer of `chances` then, in its order; `chances`: customer_id, a column a
    tier, as said then; `tiers_now`: the tier now by customer_id, without those who are dormant. Columns of
    `COLUMNS`: claim, tier ("" for all), customers (called so), said (the mean chance said of them),
    came (how many are in that tier now) and share of them with its 95 % interval low … high (Wilson), base
    (the share of all customers of that tier who are in it now), worse (said lies above the interval and by more
    than .03 above the share).
    """
    now = _now(chances["customer_id"], tiers_now)
    was = tiers.to_numpy(dtype=object)
    own, kept = of_own_tier(tiers, chances), now == was
    called = own >= GRADES[0][1]
    rows = []
    for tier in (*names, ""):
        inside = np.ones(len(was), dtype=bool) if tier == "" else was == tier
        rows.append(_row(SURE, tier, kept, called & inside, inside, own))
    return pd.DataFrame(rows, columns=COLUMNS)


def kept_record(
    tiers: pd.DataFrame, best: str, tiers_now: pd.Series, chances: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Of the best tier of one window ago, how many are in it now: one row.

    `tiers`: customer_id, tier of all customers then; `chances` as said then, if they were probabilities.
    Columns as of `sure_record`; said is the mean chance of staying (empty without chances), base the share of
    the other customers of then who are in the best tier now.
    """
    inside = (tiers["tier"] == best).to_numpy(dtype=bool)
    came = _now(tiers["customer_id"], tiers_now) == best
    said = np.full(len(tiers), np.nan)
    if chances is not None:
        said = tiers["customer_id"].map(chances.set_index("customer_id")[best]).to_numpy(dtype=np.float64)
    return pd.DataFrame([_row(KEPT, best, came, inside, ~inside, said)], columns=COLUMNS)


def calibration_record(tiers: pd.Series, chances: pd.DataFrame, tiers_now: pd.Series) -> pd.DataFrame:
    """What was said of all customers' own tiers one window ago against what came, in ten bins.

    Arguments as of `sure_record`. Columns: from, to (of the chance said), customers, said (mean), came
    (share); `attrs["calibration_error"]` is the mean distance over customers.
    """
    own = of_own_tier(tiers, chances)
    kept = _now(chances["customer_id"], tiers_now) == tiers.to_numpy(dtype=object)
    place = np.minimum((own * 10).astype(int), 9)
    bins = {"from": place / 10, "to": (place + 1) / 10}
    table = pd.DataFrame({**bins, "said": own, "came": kept.astype(float)})
    grouped = table.groupby(["from", "to"])
    found = grouped.mean().reset_index()
    found.insert(2, "customers", grouped.size().to_numpy())
    found.attrs["calibration_error"] = calibration_error(own, kept)
    return found


def risers_record(
    risers: pd.DataFrame, tiers: pd.DataFrame, tiers_now: pd.Series, names: Sequence[str]
) -> pd.DataFrame:
    """Of tomorrow's stars of one window ago, how many are in a better tier now: a row a tier and one for all.

    `risers`: customer_id and chance_better of those called then; `tiers`: customer_id, tier of all customers
    then. Columns as of `sure_record`; base is the share of the same tiers' customers who were not called and
    rose all the same (for all: with the tiers' numbers of those called), and worse says that the called rose
    no more often than these, or less than said.
    """
    return _called(STARS, risers, "chance_better", tiers, tiers_now, names, rose=True)


def slipping_record(
    slipping: pd.DataFrame, tiers: pd.DataFrame, tiers_now: pd.Series, names: Sequence[str]
) -> pd.DataFrame:
    """Of those said to slip one window ago, how many are in a worse tier now or dormant.

    `slipping`: customer_id and chance_stay of those called then; `tiers` as of `risers_record`. base is the
    share of the same tier's other customers who fell.
    """
    called = slipping.assign(chance_fall=1.0 - slipping["chance_stay"].astype("float64"))
    return _called(SLIPS, called, "chance_fall", tiers, tiers_now, names, rose=False)


def choice_record(tiers: pd.DataFrame, best: str, later: pd.DataFrame, spend: pd.Series) -> pd.DataFrame:
    """What the best tier of one window ago has brought since: one row a way to choose as many customers.

    `tiers`: customer_id, tier then; `later`: customer_id, value of the window since (a negative value counts
    as 0); `spend`: the last window's spend then, by customer_id. Columns: method (one of `CHOICES`: the best
    tier, as many drawn by lots (expected), by spend, in hindsight), customers, value, captured (share of all
    value that the customers of then brought). Equal spends at the line count in part.
    """
    value = tiers["customer_id"].map(later.set_index("customer_id")["value"]).fillna(0.0).clip(lower=0.0)
    worth = value.to_numpy(dtype=np.float64)
    chosen = (tiers["tier"] == best).to_numpy()
    size, total = int(chosen.sum()), float(worth.sum())
    by_spend = tiers["customer_id"].map(spend).to_numpy(dtype=np.float64, na_value=-np.inf)
    brought = {
        "official": float(worth[chosen].sum()),
        "spend": float(worth @ _top(by_spend, size)),
        "random": total * size / len(tiers) if len(tiers) else 0.0,
        "oracle": float(worth @ _top(worth, size)),
    }
    table = pd.DataFrame({"method": list(brought), "customers": size, "value": list(brought.values())})
    return table.assign(captured=table["value"] / total if total > 0 else np.nan)


def _called(
    claim: str,
    called: pd.DataFrame,
    chance: str,
    tiers: pd.DataFrame,
    tiers_now: pd.Series,
    names: Sequence[str],
    rose: bool,
) -> pd.DataFrame:
    order = pd.Index([*names, DORMANT])
    was = order.get_indexer(pd.Index(tiers["tier"]))
    now = order.get_indexer(pd.Index(_now(tiers["customer_id"], tiers_now)))
    came = now < was if rose else now > was
    said = tiers["customer_id"].map(called.set_index("customer_id")[chance]).to_numpy(dtype=np.float64)
    inside = tiers["customer_id"].isin(called["customer_id"]).to_numpy()
    rows: list[dict[str, Any]] = []
    for place, tier in enumerate(names):
        mine = inside & (was == place)
        if not mine.any():
            continue
        rows.append(_row(claim, tier, came, mine, ~inside & (was == place), said))
    total = _row(claim, "", came, inside, np.zeros(len(was), dtype=bool), said)
    sizes = np.array([row["customers"] for row in rows], dtype=np.float64)
    bases = np.array([row["base"] for row in rows], dtype=np.float64)
    total["base"] = float(bases @ sizes / sizes.sum()) if rows else float("nan")
    table = pd.DataFrame([*rows, total], columns=COLUMNS)
    table["worse"] |= table["share"] <= table["base"]
    return table


def _row(
    claim: str,
    tier: str,
    came: np.ndarray,
    called: np.ndarray,
    others: np.ndarray,
    said: np.ndarray,
) -> dict[str, Any]:
    n, hits = int(called.sum()), int(came[called].sum())
    low, high = wilson(hits, n)
    mean = float(np.nanmean(said[called])) if n and np.isfinite(said[called]).any() else float("nan")
    return {
        "claim": claim,
        "tier": tier,
        "customers": n,
        "said": mean,
        "came": hits,
        "share": hits / n if n else float("nan"),
        "low": low,
        "high": high,
        "base": float(came[others].mean()) if others.any() else float("nan"),
        "worse": bool(mean > high and mean - hits / max(n, 1) > NEAR),
    }


def wilson(hits: int, n: int) -> tuple[float, float]:
    """The 95 % interval of a share (Wilson 1927), within 0 and 1; empty without anybody.

    >>> [round(end, 3) for end in wilson(9, 10)]
    [0.596, 0.982]
    """
    if n == 0:
        return float("nan"), float("nan")
    share, z = hits / n, _Z**2 / n
    middle = (share + z / 2) / (1 + z)
    half = _Z * np.sqrt(share * (1 - share) / n + z / (4 * n)) / (1 + z)
    return max(0.0, float(middle - half)), min(1.0, float(middle + half))


def _now(customers: pd.Series, tiers_now: pd.Series) -> np.ndarray:
    """The tier now; dormant for who is in none."""
    return customers.map(tiers_now).fillna(DORMANT).to_numpy(dtype=object)


def _top(figures: np.ndarray, size: int) -> np.ndarray:
    """The weight of each in the `size` highest; equals at the line share what is left."""
    if size == 0:
        return np.zeros(len(figures))
    line = np.sort(figures)[::-1][size - 1]
    above, at = figures > line, figures == line
    return np.where(above, 1.0, np.where(at, (size - above.sum()) / at.sum(), 0.0))
