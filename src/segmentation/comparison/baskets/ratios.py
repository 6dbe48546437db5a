"""What key customers buy that others do not: shares of baskets, basket for basket of the same size."""

import numpy as np
import pandas as pd
from scipy import sparse
from scipy.stats import false_discovery_control, norm

from segmentation.comparison.baskets.matrix import Baskets

BANDS = (2, 5, 10, 20)  # groups in a basket: up to 2, 3–5, 6–10, 11–20, more
SUPPORT = 0.005  # groups in fewer baskets are not looked at
LEVEL = 0.05
_Z = float(norm.ppf(0.975))


def ratios(baskets: Baskets, top: np.ndarray) -> pd.DataFrame:
    """The share of top customers' baskets that hold a group, against the same share of the others' baskets.

    Bigger baskets hold more of everything; so baskets of the same size are compared (Mantel & Haenszel 1959).
    Baskets of one customer are alike; so the test is between customers: the variance of the adjusted ratio is
    that of its linearisation, summed customer by customer.

    Args:
        baskets: the baskets.
        top: whether each of `baskets.customers` is in the best tier.

    Returns:
        One row a group in at least half a percent of the baskets, the highest adjusted ratio first:
        product_group, baskets (that hold it), support, ratio (as it stands), ratio_adjusted with ratio_from …
        ratio_to (95 %), by_lot, q (false discoveries held down, Benjamini & Hochberg 1995), tells.
    """
    is_top = top[baskets.customer]
    columns = ["product_group", "baskets", "support", "ratio", "ratio_adjusted", "ratio_from", "ratio_to"]
    columns += ["by_lot", "q", "tells"]
    count = baskets.holds.shape[0]
    if not 0 < is_top.sum() < count:
        return pd.DataFrame(columns=columns)
    held = np.asarray(baskets.holds.sum(axis=0)).ravel()
    kept = np.flatnonzero(held >= SUPPORT * count)
    holds = baskets.holds[:, kept].astype(np.float64)
    band = np.searchsorted(BANDS, baskets.sizes, side="left")
    sides = [_side(baskets, holds, band, is_top, side) for side in (True, False)]
    (mine, my_variance), (theirs, their_variance) = sides
    with np.errstate(divide="ignore", invalid="ignore"):
        raw = [np.asarray(holds[is_top == side].mean(axis=0)).ravel() for side in (True, False)]
        log = np.log(mine / theirs)
        error = np.sqrt(my_variance / mine**2 + their_variance / theirs**2)
        chance = 2 * norm.sf(np.abs(log) / error)
        found = pd.DataFrame(
            {
                "product_group": baskets.groups[kept],
                "baskets": held[kept].astype(np.int64),
                "support": held[kept] / count,
                "ratio": raw[0] / raw[1],
                "ratio_adjusted": mine / theirs,
                "ratio_from": np.exp(log - _Z * error),
                "ratio_to": np.exp(log + _Z * error),
                "by_lot": chance,
            }
        )
    found = found[np.isfinite(log) & np.isfinite(chance)]
    if found.empty:
        return pd.DataFrame(columns=columns)
    found["q"] = false_discovery_control(found["by_lot"])
    found["tells"] = found["q"] < LEVEL
    return found.sort_values(["ratio_adjusted", "product_group"], ascending=[False, True], ignore_index=True)[
        columns
    ]


def _side(
    baskets: Baskets, holds: sparse.csr_matrix, band: np.ndarray, is_top: np.ndarray, side: bool
) -> tuple[np.ndarray, np.ndarray]:
    """One side of the Mantel–Haenszel ratio for each group, and its variance between customers."""
    mine = is_top == side
    bands = len(BANDS) + 1
    own = np.bincount(band[mine], minlength=bands)
    other = np.bincount(band[~mine], minlength=bands)
    weight = other / np.maximum(own + other, 1)
    rows = np.flatnonzero(mine)
    in_band = sparse.csr_matrix(
        (np.ones(len(rows)), (band[rows], np.arange(len(rows)))), shape=(bands, len(rows))
    )
    held = np.asarray((in_band @ holds[rows]).todense())
    share = held / np.maximum(own, 1)[:, None]
    total = weight @ held
    who, customers = np.unique(baskets.customer[rows], return_inverse=True)
    shape = (len(who), len(rows))
    by_customer = sparse.csr_matrix((weight[band[rows]], (customers, np.arange(len(rows)))), shape=shape)
    expected = sparse.csr_matrix((weight[band[rows]], (customers, band[rows])), shape=(len(who), bands))
    rest = np.asarray((by_customer @ holds[rows]).todense()) - np.asarray(expected @ share)
    enough = len(who) / (len(who) - 1) if len(who) > 1 else np.nan
    return total, enough * (rest**2).sum(axis=0)
