"""Threshold: fixed amounts that somebody decided."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal, Self

import pandas as pd

from segmentation.errors import ParameterError
from segmentation.methods.checks import checked_customers, checked_tiers
from segmentation.methods.contract import DEFAULT_TIERS, Method, with_counts
from segmentation.rules import Criterion, PointsRule
from segmentation.rules.values import better_of, values_of
from segmentation.words.reader import sentence


@dataclass(eq=False, repr=False)
class Threshold(Method):
    """Part the customers at fixed values of one column; a value on a cut belongs to the better side.

    Parameters:
        cuts: the values, in either order; one fewer than the tiers.
        column: any numeric profile column.
        better: "high" or "low"; None takes what the column is known for (recency_days: low).
        missing: "error" refuses a customer whose value is empty, "lowest" puts them into the lowest tier.
        tiers: names, best first.

    >>> customers = pd.DataFrame({"customer_id": list("pqr"), "monetary": [50_000.0, 49_999.99, 10.0]})
    >>> Threshold(cuts=(10_000, 50_000)).fit(customers).rule_.apply(customers)["tier"].tolist()
    ['A', 'B', 'C']
    """

    cuts: Sequence[float] | None = None
    column: str = "monetary"
    better: Literal["high", "low"] | None = None
    missing: Literal["error", "lowest"] = "error"
    tiers: Sequence[str] = DEFAULT_TIERS

    def fit(self, profile: pd.DataFrame) -> Self:
        """Check the cuts and count whom they put where; nothing is learned from the values."""
        profile = checked_customers(profile)
        tiers = checked_tiers(self.tiers)
        better = self.better or better_of(self.column)
        if better not in ("high", "low"):
            raise ParameterError(f"Threshold: better: {better!r} is not known; use 'high' or 'low'")
        if self.missing not in ("error", "lowest"):
            raise ParameterError(
                f"Threshold: missing: {self.missing!r} is not known; use 'error' or 'lowest'"
            )
        values = values_of(profile, self.column, empty=self.missing == "lowest")
        cuts = self._best_first(better, tiers)
        remarks = []
        empty = int(pd.isna(values).sum())
        if empty:
            remarks.append(
                sentence(
                    "{n} {n:customer has|customers have} no value of {column:column} and {n:is|are} in the "
                    "lowest tier.",
                    n=empty,
                    column=self.column,
                )
            )
        rule = PointsRule(
            **self._provenance(profile, tiers, remarks),
            criteria=(Criterion(code="V", column=self.column, better=better),),
            tier_cuts=tuple(cut if better == "high" else -cut for cut in cuts),
            missing=self.missing,
        )
        self.rule_ = with_counts(rule, profile)
        return self

    def _best_first(self, better: str, tiers: tuple[str, ...]) -> list[float]:
        """The cuts from the best tier down, whichever way they were given."""
        if self.cuts is None:
            raise ParameterError("Threshold: cuts is needed, e.g. cuts: [10000, 50000]")
        try:
            cuts = [float(cut) for cut in self.cuts]
        except (TypeError, ValueError):
            raise ParameterError(f"Threshold: cuts: expected numbers, not {self.cuts!r}") from None
        if len(cuts) != len(tiers) - 1:
            raise ParameterError(
                f"Threshold: cuts: {len(tiers)} tiers ({', '.join(tiers)}) need {len(tiers) - 1} cuts, "
                f"not {len(cuts)}"
            )
        down = sorted(cuts, reverse=better == "high")
        if cuts not in (down, down[::-1]) or any(a == b for a, b in pairwise(down)):
            raise ParameterError(f"Threshold: cuts: expected distinct values in order, not {cuts}")
        return down
