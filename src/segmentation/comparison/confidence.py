"""How sure is each customer's tier? Amount rules' cuts, the chance of the own tier, and its grades."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from segmentation.comparison.capture import Floats

DORMANT = "dormant"
# the share of P(own tier) from which a tier is called so; below the last one it is "doubtful"
GRADES = (("sure", 0.90), ("likely", 0.60), ("coin_toss", 0.40), ("doubtful", 0.0))


def amount_cuts(rule: Any) -> tuple[float, ...] | None:
    """The amounts from which a rule gives its tiers, best first; None where it looks at more than spend."""
    criteria: Sequence[Any] = getattr(rule, "criteria", ())
    if getattr(rule, "tier_cuts", None) is None or len(criteria) != 1:
        return None
    only = criteria[0]
    if only.column != "monetary" or only.better != "high" or only.cuts is not None or only.categories:
        return None
    return tuple(np.inf if cut is None else float(cut) for cut in rule.tier_cuts)


def of_own_tier(tiers: pd.Series, chances: pd.DataFrame) -> Floats:
    """For each row of `chances` (one column a tier) the chance of the tier that the customer has.

    >>> of_own_tier(pd.Series(["B"]), pd.DataFrame({"A": [0.2], "B": [0.7], "C": [0.1]})).tolist()
    [0.7]
    """
    column = chances.columns.get_indexer(pd.Index(tiers))
    return chances.to_numpy(dtype=object)[np.arange(len(chances)), column].astype(np.float64)


def graded(tiers: pd.Series, chances: pd.DataFrame, names: Sequence[str]) -> pd.DataFrame:
    """How many customers of each tier are sure of it.

    Columns: tier, customers, sure, likely, coin_toss, doubtful, mean. Sure: the tier's own chance is at least
    .90; likely: .60; coin toss: .40; doubtful: less. `mean` is the expected share of them that would be in
    the same tier again.
    """
    own = of_own_tier(tiers, chances)
    grade = np.select([own >= least for _, least in GRADES], [name for name, _ in GRADES], default="")
    rows = []
    for tier in names:
        inside = tiers.to_numpy() == tier
        counts = {name: int((grade[inside] == name).sum()) for name, _ in GRADES}
        mean = float(own[inside].mean()) if inside.any() else float("nan")
        rows.append({"tier": tier, "customers": int(inside.sum()), **counts, "mean": mean})
    return pd.DataFrame(rows)
