"""How much of A survives each defensible choice, and who is A whatever was chosen?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from segmentation.comparison.choices import AS_SET, choices, on_window
from segmentation.comparison.learning import learn, reason

CORE = 0.90
_COLUMNS = ["method", "choice", "window_months", "customers", "top", "kept", "common", "base"]


@dataclass(frozen=True)
class Sensitivity:
    """What the best tier is under some twenty to fifty specifications.

    specifications: method, choice ("as set", "cut -10 %", "k +1" …), window_months, customers, top (in the
    best tier), kept (share of the best tier as set that is still in it), common (of those in it either way,
    the share that is both ways), base (whether this is the specification as set).
    customers: customer_id, share_top (share of all specifications with the customer in the best tier), core
    (whether that is at least 90 %); whoever is in it under none is left out.
    failures: method, choice, window_months, reason.
    """

    specifications: pd.DataFrame
    customers: pd.DataFrame
    failures: pd.DataFrame


def sensitivity(
    methods: Mapping[str, Any],
    profiles: Mapping[int, pd.DataFrame],
    names: Sequence[str],
    *,
    window_months: int,
) -> Sensitivity:
    """Learn every method under each defensible choice (see `choices`), on each window.

    `profiles`: the month's profile for each window in months, `window_months` (as it is set) among them; 3, 6
    and 12 are the usual others. A method that fails as it is set has no specifications.
    """
    windows = sorted(profiles, key=lambda window: (window != window_months, window))
    rows: list[tuple[Any, ...]] = []
    tops: list[pd.Index] = []
    failures: list[tuple[str, str, int, str]] = []
    for name, method in methods.items():
        base: pd.Index | None = None
        try:
            variants = choices(method, name, profiles[window_months], names)
        except Exception as error:
            failures.append((name, AS_SET, window_months, reason(error)))
            continue
        for window, (choice, variant) in ((w, item) for w in windows for item in variants.items()):
            profile = profiles[window]
            try:
                top = _top(on_window(variant, window / window_months), name, profile, names)
            except Exception as error:
                failures.append((name, choice, window, reason(error)))
                continue
            is_base = (window, choice) == (window_months, AS_SET)
            base = top if is_base else base
            if base is None:
                break
            both = len(base.intersection(top))
            either = len(base) + len(top) - both
            kept = both / len(base) if len(base) else float("nan")
            common = both / either if either else float("nan")
            rows.append((name, choice, window, len(profile), len(top), kept, common, is_base))
            tops.append(top)
    return Sensitivity(
        pd.DataFrame(rows, columns=_COLUMNS),
        _votes(tops),
        pd.DataFrame(failures, columns=["method", "choice", "window_months", "reason"]),
    )


def _top(method: Any, name: str, profile: pd.DataFrame, names: Sequence[str]) -> pd.Index:
    """Who is in the best tier."""
    places = learn(method, name, profile, names).places_of(profile)
    return pd.Index(profile["customer_id"].to_numpy(dtype=object)[places == 0])


def _votes(tops: Sequence[pd.Index]) -> pd.DataFrame:
    if not tops:
        return pd.DataFrame(columns=["customer_id", "share_top", "core"])
    ids, counts = np.unique(np.concatenate([top.to_numpy(dtype=object) for top in tops]), return_counts=True)
    share = counts / len(tops)
    return pd.DataFrame(
        {"customer_id": pd.Series(ids, dtype="str"), "share_top": share, "core": share >= CORE - 1e-12}
    )
