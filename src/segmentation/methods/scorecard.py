"""Scorecard: weighted points from any columns, for customers and for prospects."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Self

import numpy as np
import pandas as pd

from segmentation.errors import DataError, ParameterError, did_you_mean
from segmentation.methods.ahp import weigh
from segmentation.methods.checks import checked_customers, checked_shares, checked_tiers, positive_spend
from segmentation.methods.contract import DEFAULT_SHARES, DEFAULT_TIERS, Method, with_counts
from segmentation.methods.cuts import share_of_customers_cuts
from segmentation.methods.scoring import Better, given_cuts, percentile_criterion
from segmentation.rules import Criterion, PointsRule
from segmentation.rules.values import better_of, values_of
from segmentation.words.reader import Sentence, sentence

_KEYS = ("weight", "better", "cuts", "points", "categories")


@dataclass(eq=False, repr=False)
class Scorecard(Method):
    """A weighted sum of points, each criterion by percentile, by a table of points, or by categories.

    Parameters:
        criteria: column → options, e.g. {"monetary": {"weight": 0.5}, "growth": {"weight": 0.3},
            "firm_type": {"weight": 0.2, "categories": {"listed": 100, "private": 40}}}. Options: weight
            (default 1), better ("high" or "low"; default what the column is known for), and instead of the
            percentile (0 to 100) either cuts with points (one more, worst to best) or categories.
        pairwise: judgements in the criteria's order, from which AHP takes the weights.
        missing: an empty value is left out and its weight shared out ("share"), counts as the worst
            ("lowest"), or leaves the customer without a grade ("refuse").
        score_cuts: scores from which the better tiers begin, best first; without them share_of_customers.
        share_of_customers: cumulative shares of the graded customers.
        tiers: names, best first.

    After `fit`: `rule_`; `missing_`, the number of empty values by column.

    >>> prospects = pd.DataFrame({"assets": [9e6, 1e5], "type": ["listed", "club"]})
    >>> card = Scorecard({"assets": {"weight": 2}, "type": {"categories": {"listed": 80, "club": 20}}})
    >>> card.fit(prospects).rule_.apply(prospects)[["score", "tier"]].values.tolist()
    [[230.0, 'A'], [70.0, 'C']]
    """

    criteria: Mapping[str, Mapping[str, Any]] | None = None
    pairwise: Sequence[Sequence[float]] | None = None
    missing: Literal["share", "lowest", "refuse"] = "share"
    score_cuts: Sequence[float] | None = None
    share_of_customers: Sequence[float] = DEFAULT_SHARES
    tiers: Sequence[str] = DEFAULT_TIERS

    def fit(self, profile: pd.DataFrame) -> Self:
        """Learn the percentiles, and the scores that part the tiers."""
        profile = checked_customers(profile)
        tiers = checked_tiers(self.tiers)
        self._check_options()
        weights, remarks = self._weights()
        criteria = tuple(
            self._criterion(place, column, profile, weights[column])
            for place, column in enumerate(self.criteria or {})
        )
        self.missing_: dict[str, int] = self._count_missing(profile)
        rule = PointsRule(
            **self._provenance(profile, tiers, remarks + self._missing_remarks(len(profile))),
            criteria=criteria,
            tier_cuts=(None,) * (len(tiers) - 1),
            missing=self.missing,
        )
        score = rule.apply(profile)["score"].to_numpy()
        rule = rule.model_copy(update={"tier_cuts": self._cuts(profile, score, tiers)})
        self.rule_ = with_counts(rule, profile)
        return self

    def _check_options(self) -> None:
        if not isinstance(self.criteria, Mapping) or not self.criteria:
            raise ParameterError("Scorecard: criteria is needed, e.g. criteria: {monetary: {weight: 0.5}}")
        if self.missing not in ("share", "lowest", "refuse"):
            raise ParameterError(f"Scorecard: missing: {self.missing!r} is not share, lowest or refuse")
        for column, options in self.criteria.items():
            where = f"Scorecard: criteria: {column}"
            if not isinstance(options, Mapping):
                raise ParameterError(f"{where}: expected options such as {{weight: 0.5}}, not {options!r}")
            unknown = [key for key in options if key not in _KEYS]
            if unknown:
                near = did_you_mean(str(unknown[0]), _KEYS)
                raise ParameterError(f"{where}: unknown option {unknown[0]!r}{near}")
            if options.get("better", "high") not in ("high", "low"):
                raise ParameterError(f"{where}: better: {options['better']!r} is not high or low")
            if ("cuts" in options) != ("points" in options) or {"cuts", "categories"} <= set(options):
                raise ParameterError(f"{where}: give cuts with points, or categories, or neither")

    def _weights(self) -> tuple[dict[str, float], list[Sentence]]:
        criteria = self.criteria or {}
        if self.pairwise is None:
            weights = {column: options.get("weight", 1.0) for column, options in criteria.items()}
            for column, weight in weights.items():
                if not isinstance(weight, int | float) or not 0 < weight < np.inf:
                    raise ParameterError(
                        f"Scorecard: criteria: {column}: weight: expected a number above zero, not {weight!r}"
                    )
            return {column: float(weight) for column, weight in weights.items()}, []
        if any("weight" in options for options in criteria.values()):
            raise ParameterError("Scorecard: weights and pairwise are given; choose one")
        judged = weigh(self.pairwise)
        if len(judged.weights) != len(criteria):
            raise ParameterError(
                f"Scorecard: pairwise: {len(criteria)} criteria need {len(criteria)} rows, "
                f"not {len(judged.weights)}"
            )
        remark = sentence("Weights by AHP, consistency ratio {ratio:.3f}.", ratio=judged.consistency_ratio)
        return dict(zip(criteria, judged.weights)), [remark]

    def _criterion(self, place: int, column: str, profile: pd.DataFrame, weight: float) -> Criterion:
        options = (self.criteria or {})[column]
        where = f"Scorecard: criteria: {column}"
        code = column if column.replace("_", "").isalnum() else f"C{place + 1}"
        better: Better = options.get("better", better_of(column))
        if "categories" in options:
            try:
                points = {str(name): float(value) for name, value in options["categories"].items()}
            except (AttributeError, TypeError, ValueError):
                raise ParameterError(f"{where}: categories: expected name: points, one each") from None
            return Criterion(code=code, column=column, better=better, categories=points, weight=weight)
        values = values_of(profile, column, empty=True)
        if np.isnan(values).all():
            raise DataError(f"{where}: every customer's value is empty; leave the criterion out")
        if "cuts" not in options:
            return percentile_criterion(code, column, values, better, weight)
        cuts = given_cuts(options["cuts"], better, f"{where}: cuts")
        try:
            points_of_steps = tuple(float(value) for value in options["points"])
        except (TypeError, ValueError):
            raise ParameterError(f"{where}: points: expected numbers, not {options['points']!r}") from None
        if len(points_of_steps) != len(cuts) + 1:
            raise ParameterError(
                f"{where}: {len(cuts)} cuts need {len(cuts) + 1} points, from the worst to the best, "
                f"not {len(points_of_steps)}"
            )
        return Criterion(
            code=code, column=column, better=better, cuts=cuts, points=points_of_steps, weight=weight
        )

    def _count_missing(self, profile: pd.DataFrame) -> dict[str, int]:
        """How many values are empty, or in no category, by column."""
        counts = {}
        for column, options in (self.criteria or {}).items():
            found = profile[column]
            if "categories" in options:
                found = found.map({str(name): 1.0 for name in options["categories"]})
            counts[column] = int(found.isna().sum())
        return counts

    def _missing_remarks(self, customers: int) -> list[Sentence]:
        return [
            sentence(
                "{n} of {all} {all:customer|customers} {n:has|have} no value of {column:column}.",
                n=count,
                all=customers,
                column=column,
            )
            for column, count in self.missing_.items()
            if count
        ]

    def _cuts(
        self, profile: pd.DataFrame, score: np.ndarray, tiers: tuple[str, ...]
    ) -> tuple[float | None, ...]:
        if self.score_cuts is not None:
            cuts = given_cuts(self.score_cuts, "high", "Scorecard: score_cuts")
            if len(cuts) != len(tiers) - 1:
                raise ParameterError(f"Scorecard: score_cuts: {len(tiers)} tiers need {len(tiers) - 1} cuts")
            return cuts[::-1]
        shares = checked_shares(self.share_of_customers, tiers, "Scorecard: share_of_customers")
        graded = ~np.isnan(score)
        return share_of_customers_cuts(score[graded], positive_spend(profile)[graded], shares)
