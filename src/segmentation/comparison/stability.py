"""Do the tiers hold still? Learned again from resampled customers, and from one month to the next."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from segmentation.comparison.learning import Learned, built_in, from_rule, learn, reason, settled
from segmentation.comparison.panel import CHANGES, Panel
from segmentation.errors import DataError
from segmentation.methods.clusters import Clusters
from segmentation.methods.selection import verdict
from segmentation.rules import Rule

LEARN_FROM_AT_MOST = 50_000


@dataclass(frozen=True)
class Stability:
    """What learning again from resampled customers changes.

    tiers: method, tier, customers, jaccard (mean over the refits of the overlap of the tier as it is with the
    tier of the refit), low (its 5 % quantile), verdict ("highly stable" … "dissolved": Hennig's words, for
    clusters only; empty for the others). It is the sampling error of the rule, no forecast: whether the same
    customers will be key says `comparison.retest`.
    steadiness: method, customer_id, one column a tier: the share of the refits that put the customer there.
    Rules that learn nothing (given cuts) stand in neither: they cannot change with the customers.
    failures: method, reason.
    """

    tiers: pd.DataFrame
    steadiness: pd.DataFrame
    failures: pd.DataFrame


def stability(
    methods: Mapping[str, Any],
    profile: pd.DataFrame,
    names: Sequence[str],
    *,
    resamples: int = 30,
    seed: int = 0,
    rules: Mapping[str, Any] | None = None,
) -> Stability:
    """Learn every method again from customers drawn with replacement, and tier all customers with each rule.

    A refit learns from at most 50,000 draws, so above that the tiers are a little steadier than shown. The
    draws do not follow customer ids or row order. `rules` are those already learned from this profile, by
    method: they are not learned again.
    """
    rank = _by_figures(profile)
    size = min(len(profile), LEARN_FROM_AT_MOST)
    random = np.random.default_rng(seed)
    drawn = [rank[np.sort(random.integers(0, len(profile), size))] for _ in range(resamples)]
    rows: list[pd.DataFrame] = []
    steady: list[pd.DataFrame] = []
    failures: list[tuple[str, str]] = []
    for name, method in methods.items():
        try:
            rule = (rules or {}).get(name)
            base, refits = _refits(method, name, rule, profile, names, drawn)
        except Exception as error:
            failures.append((name, reason(error)))
            continue
        if refits is None:
            continue
        rows.append(_overlaps(name, base, refits, names, clusters=isinstance(method, Clusters)))
        shares = np.column_stack([(refits == tier).mean(axis=0) for tier in range(len(names))])
        table = pd.DataFrame(shares, columns=list(names))
        table.insert(0, "customer_id", profile["customer_id"].to_numpy())
        table.insert(0, "method", name)
        steady.append(table)
    columns = ["method", "tier", "customers", "jaccard", "low", "verdict"]
    return Stability(
        pd.concat(rows, ignore_index=True) if rows else pd.DataFrame(columns=columns),
        pd.concat(steady, ignore_index=True)
        if steady
        else pd.DataFrame(columns=["method", "customer_id", *names]),
        pd.DataFrame(failures, columns=["method", "reason"]),
    )


def month_to_month(tiers_by_month: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """How many customers change tier from month to month, and how many are back the month after.

    `tiers_by_month`: tiers frames (customer_id, one column a method) of consecutive months. Columns: method,
    and those of `Panel.changes`.
    """
    frames = [tiers_by_month[month] for month in sorted(tiers_by_month)]
    methods = [str(name) for name in frames[0] if all(name in frame for frame in frames)] if frames else []
    methods = [name for name in methods if name != "customer_id"]
    found = []
    for method in methods:
        names = sorted({tier for frame in frames for tier in frame[method].unique()})
        changes = Panel.of(tiers_by_month, method, names).changes()
        changes.insert(0, "method", method)
        found.append(changes)
    columns = ["method", *CHANGES]
    return pd.concat(found, ignore_index=True) if found else pd.DataFrame(columns=columns)


def _refits(
    method: Any,
    name: str,
    rule: Any,
    profile: pd.DataFrame,
    names: Sequence[str],
    drawn: Sequence[NDArray[np.intp]],
) -> tuple[NDArray[np.intp], NDArray[np.int8] | None]:
    """The tiers' positions as they are (one a customer), and in every refit (refits × customers).

    No refits for a rule that learns nothing.
    """
    _refuse_history(method, name)
    learned = learn(method, name, profile, names) if rule is None else from_rule(rule, name, names)
    again = settled(method, learned)
    if _learns_nothing(again, name, learned, profile, names):
        return learned.places_of(profile), None
    refits = np.empty((len(drawn), len(profile)), dtype=np.int8)
    # built-in methods do not look at ids and dates: without these a refit is twice as fast
    seen = profile
    if built_in(method):
        seen = profile.drop(columns="customer_id").select_dtypes(exclude="datetime")
    for turn, rows in enumerate(drawn):
        resample = seen.iloc[rows].reset_index(drop=True)
        if "customer_id" in resample:
            # a customer drawn twice is two customers: methods rightly refuse one on two rows
            resample["customer_id"] = pd.Series(np.arange(len(rows)).astype(str), dtype="str")
        resample.attrs = profile.attrs
        refits[turn] = learn(again, name, resample, names).places_of(seen)
    return learned.places_of(profile), refits


def _refuse_history(method: Any, name: str) -> None:
    if getattr(method, "needs_history", False):
        raise DataError(f"{name}: it learns from earlier months, which cannot be resampled with this one")


def _learns_nothing(
    method: Any, name: str, learned: Learned, profile: pd.DataFrame, names: Sequence[str]
) -> bool:
    """Whether the rule is the same whoever the customers are: learned from the half that spends least too."""
    rule = getattr(learned.fitted, "rule_", None)
    if not isinstance(rule, Rule) or "monetary" not in profile:
        return False
    half = profile["monetary"] <= profile["monetary"].median()
    if half.all():
        return False
    lower = profile[half].reset_index(drop=True)
    lower.attrs = profile.attrs
    try:
        other = learn(method, name, lower, names).fitted.rule_
    except Exception:  # what cannot be learned from half of the customers does learn
        return False
    return _content(rule) == _content(other)


def _content(rule: Rule) -> dict[str, Any]:
    """What decides in a rule, without the customers it was learned from and what is said about them."""
    return rule.model_dump(
        exclude={"as_of", "window_months", "customers", "counts", "segment_counts", "remarks"}
    )


def _overlaps(
    name: str, base: NDArray[np.intp], refits: NDArray[np.int8], names: Sequence[str], clusters: bool
) -> pd.DataFrame:
    rows = []
    for place, tier in enumerate(names):
        inside = base == place
        same = refits == place
        both = (same & inside).sum(axis=1)
        either = same.sum(axis=1) + inside.sum() - both
        jaccard = np.divide(both, either, out=np.ones(len(both)), where=either > 0)
        mean = float(jaccard.mean()) if inside.any() else float("nan")
        low = float(np.quantile(jaccard, 0.05)) if inside.any() else float("nan")
        said = verdict(mean) if clusters and inside.any() else ""
        rows.append((name, tier, int(inside.sum()), mean, low, said))
    return pd.DataFrame(rows, columns=["method", "tier", "customers", "jaccard", "low", "verdict"])


def _by_figures(profile: pd.DataFrame) -> NDArray[np.intp]:
    """Row numbers in an order that follows from the figures alone."""
    figures = profile.select_dtypes("number")
    return np.lexsort([figures[column].to_numpy() for column in reversed(figures.columns)])
