"""The defensible choices of each method: cuts 10 % up and down, one score more or fewer, and so on."""

from collections.abc import Sequence
from typing import Any

import pandas as pd

from segmentation.comparison.learning import learn, settled
from segmentation.errors import DataError

AS_SET = "as set"
# amounts that grow with the window: fixed cuts on them are scaled with it
_ADDS_UP = ("monetary", "profit", "frequency", "order_days", "returns", "active_months")


def choices(method: Any, name: str, profile: pd.DataFrame, names: Sequence[str]) -> dict[str, Any]:
    """The method as set, and with one choice of its options changed, by the name of the choice.

    A user's own method has no choices that we know of. A method that chooses for itself (the number of
    clusters) does so once, from `profile`.

    >>> from segmentation.methods import ABC
    >>> list(choices(ABC(), "ABC", pd.DataFrame(), "ABC"))
    ['as set', 'cut -10 %', 'cut +10 %']
    """
    if getattr(method, "needs_history", False):
        raise DataError(f"{name}: it learns from earlier months, which have no other windows here")
    if not hasattr(method, "get_params"):
        return {AS_SET: method}
    if hasattr(method, "holding"):
        method = settled(method, learn(method, name, profile, names))
    options = method.get_params()
    changed = {**_cuts(options), **_scores(options), **_clusters(options)}
    return {AS_SET: method} | {label: type(method)(**{**options, **new}) for label, new in changed.items()}


def on_window(method: Any, factor: float) -> Any:
    """The method for a window `factor` times as long: fixed cuts on amounts that add up grow with it."""
    options = method.get_params() if hasattr(method, "get_params") else {}
    cuts = options.get("cuts")
    if factor == 1 or not isinstance(cuts, Sequence) or options.get("column") not in _ADDS_UP:
        return method
    return type(method)(**{**options, "cuts": [cut * factor for cut in cuts]})


def _cuts(options: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The line of the best tier, or fixed cuts, 10 % lower and higher."""
    from segmentation.methods.abc import DEFAULT_SHARE_OF_VALUE

    ways = ("share_of_value", "share_of_customers")
    given = {way: options[way] for way in ways if options.get(way) is not None}
    if "limits" in options and options["limits"] is None and not given:
        given = {"share_of_value": DEFAULT_SHARE_OF_VALUE}
    if options.get("segments") is not None or "log" in options:
        given = {}  # segments and whole clusters make the tiers: a share moves no line
    changed: dict[str, dict[str, Any]] = {}
    for sign, factor in (("-", 0.9), ("+", 1.1)):
        for way, shares in given.items():
            first = min(shares[0] * factor, (shares[0] + [*shares, 1.0][1]) / 2)
            changed[f"cut {sign}10 %"] = {way: (first, *shares[1:])}
        cuts = options.get("cuts")
        if isinstance(cuts, Sequence) and not isinstance(cuts, str):
            changed[f"cut {sign}10 %"] = {"cuts": [cut * factor for cut in cuts]}
    return changed


def _scores(options: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """One score more or fewer, and mean or median instead of quantiles."""
    if "scores" not in options:
        return {}
    ways = [cut for cut in ("mean", "median") if options.get("cuts") != cut]
    changed: dict[str, dict[str, Any]] = {}
    if options.get("segments") is None:
        k = options["scores"]
        changed = {f"k {step:+d}": {"scores": k + step} for step in (-1, 1) if 2 <= k + step <= 9}
    if options.get("segments") in (None, "eight"):
        changed |= {cut: {"cuts": cut} for cut in ways}
    return changed


def _clusters(options: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """One cluster more or fewer, and with or without the logarithm."""
    if "log" not in options:
        return {}
    changed: dict[str, dict[str, Any]] = {"no log" if options["log"] else "log": {"log": not options["log"]}}
    k = options.get("k")
    if k is not None and options.get("cluster_tiers") is None:
        changed |= {f"k {step:+d}": {"k": k + step} for step in (-1, 1) if k + step >= 2}
    return changed
