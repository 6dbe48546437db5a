"""Do attributes tell the best tier from the others? Shares with intervals, false discoveries held down."""

import numpy as np
import pandas as pd
from scipy.stats import false_discovery_control, hypergeom
from scipy.stats.contingency import chi2_contingency

from segmentation.comparison.records import wilson

LEVEL = 0.05  # false discoveries among what is called a difference, at most


def shares(values: pd.DataFrame, top: pd.Series) -> pd.DataFrame:
    """How many customers of each value are in the best tier, against all customers whose attributes are known.

    Args:
        values: one row a customer, a column an attribute.
        top: whether each is in the best tier.

    Returns:
        attribute, trait, customers, top, share_best with its 95 % interval true_from … true_to (Wilson 1927),
        lift (share against that of all), by_lot (two-sided hypergeometric p: as many or as few by lot), q (the
        same with false discoveries held down over all values looked at, Benjamini & Hochberg 1995), tells
        (whether q is below LEVEL); by q, then by attribute and trait.
    """
    everybody, all_top = len(top), int(top.sum())
    parts = [
        top.groupby(values[name].rename("trait"), sort=True)
        .agg(customers="size", top="sum")
        .reset_index()
        .assign(attribute=str(name))
        for name in values
    ]
    columns = ["attribute", "trait", "customers", "top"]
    found = pd.concat(parts, ignore_index=True)[columns] if parts else pd.DataFrame(columns=columns)
    if found.empty:
        return found.assign(
            share_best=0.0, true_from=0.0, true_to=0.0, by_lot=0.0, lift=0.0, q=0.0, tells=False
        )
    n, k = found["customers"].to_numpy(), found["top"].to_numpy()
    found["share_best"] = k / n
    found[["true_from", "true_to"]] = [wilson(int(hits), int(of)) for hits, of in zip(k, n)]
    few = hypergeom.cdf(k, everybody, all_top, n)
    many = hypergeom.sf(k - 1, everybody, all_top, n)
    found["by_lot"] = np.minimum(1.0, 2 * np.minimum(few, many))
    base = all_top / everybody
    found["lift"] = found["share_best"] / base if base else np.nan
    found["q"] = false_discovery_control(found["by_lot"])
    found["tells"] = found["q"] < LEVEL
    return found.sort_values(["q", "by_lot", "attribute", "trait"], ignore_index=True)


def strength(values: pd.Series, tiers: pd.Series) -> float:
    """Cramér's V of an attribute and the tiers, without its upward bias (Bergsma 2013): 0 nothing, 1 all.

    >>> sex, tier = pd.Series(["f", "f", "m", "m"] * 25), pd.Series(["A", "A", "C", "C"] * 25)
    >>> float(round(strength(sex, tier), 3))
    1.0
    """
    table = pd.crosstab(values, tiers).to_numpy()
    rows, columns = table.shape
    n = int(table.sum())
    if min(rows, columns) < 2 or n < 2:
        return 0.0
    phi = chi2_contingency(table, correction=False).statistic / n
    phi = max(0.0, phi - (rows - 1) * (columns - 1) / (n - 1))
    fewer = min(rows - (rows - 1) ** 2 / (n - 1), columns - (columns - 1) ** 2 / (n - 1))
    return float(np.sqrt(phi / (fewer - 1))) if fewer > 1 else 0.0
