"""Who leads whom? The trial's differences turned so that more is better, and when a lead is clear."""

from collections.abc import Sequence

import pandas as pd

from segmentation import months
from segmentation.comparison.draws import CAPTURED

_ENDS = {"by": "difference", "low": "low", "high": "high", "low_all": "low_all", "high_all": "high_all"}
_TURNED = {"by": "difference", "low": "high", "high": "low", "low_all": "high_all", "high_all": "low_all"}


def leads(at: pd.DataFrame, measure: str) -> pd.DataFrame:
    """The pooled differences by a measure, with more being better: by, low, high, low_all, high_all."""
    found = at[(at["origin"] == "all") & (at["measure"] == measure)].set_index("method")
    sign, ends = (1.0, _ENDS) if measure == CAPTURED else (-1.0, _TURNED)
    turned = pd.DataFrame({name: sign * found[column].astype(float) for name, column in ends.items()})
    return turned.join(found[["clear", "same", "holds"]].astype(bool))


def leads_at(at: pd.DataFrame, origins: Sequence[str], measure: str, name: str) -> list[float]:
    """The lead of a contestant in each of some hold-outs."""
    found = at[at["origin"].isin(list(origins)) & (at["measure"] == measure) & (at["method"] == name)]
    return list((found["difference"] if measure == CAPTURED else -found["difference"]).astype(float))


def apart(origins: Sequence[str], holdout_months: int) -> list[str]:
    """The latest origins whose hold-outs do not overlap."""
    apart: list[str] = []
    for origin in sorted((one for one in origins if one != "all"), reverse=True):
        if not apart or months.add(origin, holdout_months) <= apart[-1]:
            apart.append(origin)
    return apart


def why_not(main: pd.Series, second: pd.Series, believed: bool, holdouts: Sequence[float]) -> str:
    """Why a lead (or lag) whose interval excludes zero is not clear all the same; empty if it is."""
    way = 1.0 if main["by"] > 0 else -1.0
    nearest = min(way * second["low"], way * second["high"]) if believed else way * second["by"]
    if not nearest > 0:
        return "measures"
    if not main["holds"]:
        return "largest"
    return "" if all(way * lead > 0 for lead in holdouts) else "holdouts"
