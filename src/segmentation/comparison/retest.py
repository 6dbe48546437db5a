"""Would the same customers be key again? The best tier of two windows that do not overlap."""

import numpy as np
import pandas as pd

COLUMNS = ["method", "customers", "customers_now", "both", "jaccard", "kept", "by_chance"]


def retest(then: pd.DataFrame, now: pd.DataFrame, best: str) -> pd.DataFrame:
    """Test and retest: how far each method's best tier is that of the next window, learned anew there.

    `then` and `now`: tiers frames (customer_id, one column a method) of two month ends a whole window apart.
    A row a method that is in both: customers (in the best tier then), customers_now, both, jaccard (both over
    either), kept (share of those then who are in it now), by_chance (the Jaccard expected of two draws of
    these sizes from the customers of either window). Empty where nobody is in the tier.

    >>> then = pd.DataFrame({"customer_id": list("abcd"), "ABC": list("AABB")})
    >>> now = pd.DataFrame({"customer_id": list("abce"), "ABC": list("ABBA")})
    >>> retest(then, now, "A")[["both", "jaccard", "kept"]].values.tolist()
    [[1.0, 0.3333333333333333, 0.5]]
    """
    everybody = len(pd.Index(then["customer_id"]).union(now["customer_id"]))
    rows = []
    for method in (m for m in then.columns if m != "customer_id" and m in now):
        was, is_now = (set(frame.loc[frame[method] == best, "customer_id"]) for frame in (then, now))
        both, either = len(was & is_now), len(was | is_now)
        shared = len(was) * len(is_now) / everybody if everybody else np.nan
        apart = len(was) + len(is_now) - shared
        rows.append(
            {
                "method": method,
                "customers": len(was),
                "customers_now": len(is_now),
                "both": both,
                "jaccard": both / either if either else np.nan,
                "kept": both / len(was) if was else np.nan,
                "by_chance": shared / apart if apart else np.nan,
            }
        )
    return pd.DataFrame(rows, columns=COLUMNS)
