"""ABC: the few customers who bring most of the value are A."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
import pandas as pd

from segmentation.errors import ParameterError
from segmentation.methods.checks import checked_customers, checked_shares, checked_tiers, positive_spend
from segmentation.methods.contract import DEFAULT_TIERS, Method, minor_units, with_counts
from segmentation.methods.cuts import share_of_customers_cuts, share_of_value_cuts
from segmentation.methods.pareto import claims, data_driven_cuts
from segmentation.rules import Criterion, PointsRule
from segmentation.rules.values import better_of, values_of

DEFAULT_SHARE_OF_VALUE = (0.80, 0.95)


@dataclass(eq=False, repr=False)
class ABC(Method):
    """Rank customers by an amount and cut the ranking.

    Parameters (one of the first three; without any, `share_of_value=(0.80, 0.95)`):
        share_of_value: cumulative shares of the total, from the top; the customer who crosses the line
            belongs to the better tier.
        share_of_customers: cumulative shares of customers: (0.05, 0.20), or (0.20, 0.90) for 20/70/10.
        limits: "data" takes them from the Pareto curve itself: its point nearest to the ideal (nobody brings
            everything), and the point where its slope is 1 (a customer worth the average).
        by: the column, "monetary" or "profit".
        tiers: names, best first; one more than the shares.

    >>> customers = pd.DataFrame({"customer_id": list("pqrs"), "monetary": [50.0, 30.0, 10.0, 10.0]})
    >>> ABC().fit(customers).rule_.apply(customers)["tier"].tolist()
    ['A', 'A', 'B', 'B']
    """

    share_of_value: Sequence[float] | None = None
    share_of_customers: Sequence[float] | None = None
    limits: str | None = None
    by: str = "monetary"
    tiers: Sequence[str] = DEFAULT_TIERS

    def fit(self, profile: pd.DataFrame) -> Self:
        """Learn the amounts that part the tiers."""
        profile = checked_customers(profile)
        tiers = checked_tiers(self.tiers)
        values = values_of(profile, self.by)
        rule = PointsRule(
            **self._provenance(profile, tiers, claims(values, minor_units(profile))),
            criteria=(Criterion(code="V", column=self.by, better=better_of(self.by)),),
            tier_cuts=self._cuts(profile, values, tiers),
        )
        self.rule_ = with_counts(rule, profile)
        return self

    def _cuts(
        self, profile: pd.DataFrame, values: np.ndarray, tiers: tuple[str, ...]
    ) -> tuple[float | None, ...]:
        ways = ("share_of_value", "share_of_customers", "limits")
        given = [name for name in ways if getattr(self, name) is not None]
        if len(given) > 1:
            raise ParameterError(f"ABC: {' and '.join(given)} are given; choose one")
        eligible = positive_spend(profile)
        if self.share_of_customers is not None:
            shares = checked_shares(self.share_of_customers, tiers, "ABC: share_of_customers")
            return share_of_customers_cuts(values, eligible, shares)
        if self.limits is not None:
            if self.limits != "data":
                raise ParameterError(f"ABC: limits: {self.limits!r} is not known; use 'data' or leave it out")
            if len(tiers) != 3:
                raise ParameterError(f"ABC: limits: data gives three tiers, not {len(tiers)}")
            return data_driven_cuts(values, eligible, minor_units(profile))
        given_shares = DEFAULT_SHARE_OF_VALUE if self.share_of_value is None else self.share_of_value
        shares = checked_shares(given_shares, tiers, "ABC: share_of_value")
        return share_of_value_cuts(values, eligible, shares, minor_units(profile))
