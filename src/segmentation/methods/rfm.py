"""RFM: how recently, how often and for how much a customer bought."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Self

import numpy as np
import pandas as pd

from segmentation.errors import ParameterError, did_you_mean
from segmentation.methods.ahp import weigh
from segmentation.methods.checks import checked_customers, checked_shares, checked_tiers, positive_spend
from segmentation.methods.contract import DEFAULT_SHARES, DEFAULT_TIERS, Method, minor_units, with_counts
from segmentation.methods.cuts import mean_cut, share_of_customers_cuts
from segmentation.methods.scoring import (
    WAYS,
    Better,
    coincidences,
    given_cuts,
    learned_cuts,
    nested_cuts,
    percentile_criterion,
)
from segmentation.methods.segments import (
    EIGHT_WEIGHTS,
    SCORES,
    TABLES,
    only_names,
    silence_of,
    users_table,
    with_tiers,
)
from segmentation.rules import Criterion, PointsRule, Remark, Segment
from segmentation.rules.criteria import Silence
from segmentation.rules.values import values_of
from segmentation.words.reader import Sentence, sentence

_COMBINE = ("sum", "weighted", "r_first", "percentile")
_BETTER: dict[str, Better] = {"R": "low", "F": "high", "M": "high"}


@dataclass(eq=False, repr=False)
class RFM(Method):
    """Score recency, frequency and money, and combine the scores into tiers or named segments.

    Parameters:
        scores: how many scores a dimension has, 2 to 9; the best is the highest.
        cuts: "quantile", "mean", "median" or "breaks" for all dimensions, or one of these or a list of values
            for each: {"R": [30, 90], "F": "mean", "M": "quantile"}. Default: "mean" with the eight and the
            three classes, else "quantile". Mean and median make two scores; given values one more than cuts.
        nested: cut F within each R, and M within each R and F.
        money: the column of M, "monetary" (total spend) or "average_order".
        combine: "sum", "weighted" (by `weights` or `pairwise`), "r_first" (R, then F, then M), or
            "percentile" (weighted mid-rank percentiles instead of scores).
        weights: three numbers, or {"R": …, "F": …, "M": …}.
        pairwise: a matrix of judgements in the order R, F, M, from which AHP takes the weights.
        segments: they give the tier instead of the sum: "eight", "ten", "eleven", "three", or a table
            {name: {"R": "4-5", "F": 5}, …, name: "else"}.
        segment_tiers: the tier of each segment.
        names: without `segments`, what the cells of scores are called while the sum of scores gives the tier:
            "eleven" or "ten" (with five scores a dimension, else nothing), "eight" (scores above the middle
            are high), or None.
        hiatus_days: from how many days of silence on (or twice the usual days between orders, whichever is
            longer) the names that speak of time are given, such as Lost and At Risk; who is not silent for so
            long needs attention. Default: half of the window, at most 180.
        band: for three classes, how far from the average still is at the average (0.2 is ±20 %).
        share_of_customers: without segments, cumulative shares of customers by score.
        tiers: names, best first.

    >>> customers = pd.DataFrame({"customer_id": list("pqr"), "recency_days": [1, 40, 200],
    ...     "frequency": [9, 2, 1], "monetary": [900.0, 80.0, 10.0]})
    >>> RFM(scores=3).fit(customers).rule_.apply(customers)[["score", "tier"]].values.tolist()
    [[9.0, 'A'], [6.0, 'B'], [3.0, 'C']]
    """

    scores: int = 5
    cuts: str | Mapping[str, Any] | None = None
    nested: bool = False
    money: str = "monetary"
    combine: str = "sum"
    weights: Sequence[float] | Mapping[str, float] | None = None
    pairwise: Sequence[Sequence[float]] | None = None
    segments: str | Mapping[str, Any] | None = None
    segment_tiers: Mapping[str, str] | None = None
    names: str | None = "eleven"
    hiatus_days: int | None = None
    band: float = 0.2
    share_of_customers: Sequence[float] = DEFAULT_SHARES
    tiers: Sequence[str] = DEFAULT_TIERS

    def fit(self, profile: pd.DataFrame) -> Self:
        """Learn the cuts, and the scores or segments that part the tiers."""
        profile = checked_customers(profile)
        tiers = checked_tiers(self.tiers)
        self._check_options()
        columns = {"R": "recency_days", "F": "frequency", "M": self.money}
        values = {code: values_of(profile, column) for code, column in columns.items()}
        weights, remarks = self._weights()
        if self.segments == "three":
            criteria = [self._against_average(values["M"], profile)]
        elif self.combine == "percentile":
            criteria = [
                percentile_criterion(code, columns[code], values[code], _BETTER[code], weights[code])
                for code in columns
            ]
        else:
            criteria = self._scored(columns, values, weights, minor_units(profile))
            for criterion in criteria if not self.nested else criteria[:1]:
                remarks += coincidences(criterion, values[criterion.code], minor_units(profile))
        segments = self._segments(criteria, tiers)
        rule = PointsRule(
            **self._provenance(profile, tiers, remarks),
            criteria=tuple(criteria),
            segments=segments,
            silence=self._silence(segments, profile),
            tier_cuts=None if self.segments is not None else (None,) * (len(tiers) - 1),
        )
        if self.segments is not None:
            rule = self._audited(rule)
        else:
            shares = checked_shares(self.share_of_customers, tiers, "RFM: share_of_customers")
            score = rule.apply(profile)["score"].to_numpy()
            cuts = share_of_customers_cuts(score, positive_spend(profile), shares)
            rule = rule.model_copy(update={"tier_cuts": cuts})
        self.rule_ = with_counts(rule, profile)
        return self

    def _check_options(self) -> None:
        if type(self.scores) is not int or not 2 <= self.scores <= 9:
            raise ParameterError(f"RFM: scores: expected a whole number from 2 to 9, not {self.scores!r}")
        if self.combine not in _COMBINE:
            raise ParameterError(f"RFM: combine: {self.combine!r} is not known; use {', '.join(_COMBINE)}")
        if self.weights is not None and self.pairwise is not None:
            raise ParameterError("RFM: weights and pairwise are given; choose one")
        if self.combine in ("sum", "r_first") and (self.weights or self.pairwise) is not None:
            raise ParameterError(f"RFM: combine: {self.combine} takes no weights; use combine: weighted")
        if self.segments is not None and self.combine != "sum":
            raise ParameterError("RFM: segments decide the tier, so combine must be sum")
        if self.combine == "percentile" and (self.nested or self.cuts is not None):
            raise ParameterError("RFM: combine: percentile has cuts of its own; leave out cuts and nested")
        if isinstance(self.segments, str) and self.segments not in TABLES:
            known = ", ".join(TABLES)
            raise ParameterError(f"RFM: segments: {self.segments!r} is not known; use {known} or a table")
        if self.hiatus_days is not None and not (type(self.hiatus_days) is int and self.hiatus_days > 0):
            raise ParameterError(f"RFM: hiatus_days: expected a number of days, not {self.hiatus_days!r}")
        if self.names not in (None, "eight", "ten", "eleven"):
            near = did_you_mean(str(self.names), ("eight", "ten", "eleven"))
            raise ParameterError(f"RFM: names: {self.names!r} is not known{near}")
        if not isinstance(self.band, int | float) or not 0 <= self.band < 1:
            raise ParameterError(f"RFM: band: expected a share from 0 to below 1, not {self.band!r}")

    def _weights(self) -> tuple[dict[str, float], list[Sentence]]:
        """The weight of each dimension, and what must be said about where it comes from."""
        if self.segments == "eight":
            return dict(EIGHT_WEIGHTS), []
        if self.combine == "r_first":
            return {"R": 100.0, "F": 10.0, "M": 1.0}, []
        if self.pairwise is not None:
            judged = weigh(self.pairwise)
            if len(judged.weights) != 3:
                raise ParameterError("RFM: pairwise: expected three rows, for R, F and M")
            text = "/".join(f"{weight:.3f}" for weight in judged.weights)
            remark = sentence(
                "Weights R/F/M by AHP: {weights}, consistency ratio {ratio:.3f}.",
                weights=text,
                ratio=judged.consistency_ratio,
            )
            return dict(zip("RFM", judged.weights)), [remark]
        if self.weights is None:
            if self.combine == "weighted":
                raise ParameterError("RFM: combine: weighted needs weights or pairwise")
            return dict.fromkeys("RFM", 1.0), []
        given = self.weights if isinstance(self.weights, Mapping) else dict(zip("RFM", self.weights))
        if set(given) != set("RFM") or len(self.weights) != 3:
            raise ParameterError(f"RFM: weights: expected one each for R, F and M, not {self.weights!r}")
        if not all(isinstance(w, int | float) and 0 <= w < np.inf for w in given.values()):
            raise ParameterError(f"RFM: weights: expected numbers from zero, not {self.weights!r}")
        return {code: float(given[code]) for code in "RFM"}, []

    def _way(self, code: str) -> Any:
        default = "mean" if self.segments == "eight" else "quantile"
        way = self.cuts if self.cuts is not None else default
        if isinstance(way, Mapping):
            unknown = [name for name in way if name not in _BETTER]
            if unknown:
                raise ParameterError(f"RFM: cuts: {unknown[0]!r} is not one of R, F, M")
            way = way.get(code, default)
        if isinstance(way, str) and way not in WAYS:
            raise ParameterError(
                f"RFM: cuts: {way!r} is not known; use {', '.join(WAYS)} or a list of values"
            )
        return way

    def _scored(
        self,
        columns: Mapping[str, str],
        values: Mapping[str, np.ndarray],
        weights: Mapping[str, float],
        decimals: int,
    ) -> list[Criterion]:
        """One criterion a dimension: its cuts, and within earlier codes if nested."""
        criteria: list[Criterion] = []
        before: list[np.ndarray] = []
        levels = 2 if self.segments == "eight" else self.scores
        for code, column in columns.items():
            way, better, within = self._way(code), _BETTER[code], None
            if isinstance(way, str):
                cuts = learned_cuts(values[code], way, levels, better, decimals)
                if self.nested and before:
                    within = nested_cuts(values[code], before, way, levels, better, decimals)
            else:
                cuts = given_cuts(way, better, f"RFM: cuts: {code}")
            lowest = 0 if self.segments == "eight" else 1
            criteria.append(
                Criterion(
                    code=code,
                    column=column,
                    better=better,
                    cuts=cuts,
                    points=tuple(float(lowest + step) for step in range(len(cuts) + 1)),
                    weight=weights[code],
                    within=within,
                )
            )
            if self.nested:
                frame = pd.DataFrame({columns[c.code]: values[c.code] for c in criteria})
                part = PointsRule(
                    method="RFM", tiers=("A", "B"), criteria=tuple(criteria), tier_cuts=(None,)
                ).codes(frame)
                before.append(part[code].to_numpy())
        return criteria

    def _against_average(self, values: np.ndarray, profile: pd.DataFrame) -> Criterion:
        """Money against its average: at least (1 + band) times is above, below (1 - band) times is below."""
        edges = (1 - Fraction(str(self.band)), 1 + Fraction(str(self.band)))
        cuts = [mean_cut(values, "high", minor_units(profile), factor=edge)[0] for edge in edges]
        if values.mean() < 0:
            cuts.reverse()
        return Criterion(code="M", column=self.money, cuts=tuple(cuts), points=(1.0, 2.0, 3.0))

    def _segments(self, criteria: list[Criterion], tiers: tuple[str, ...]) -> tuple[Segment, ...]:
        levels = {criterion.code: criterion.levels for criterion in criteria}
        if self.segments is None:
            if self.segment_tiers is not None:
                raise ParameterError("RFM: segment_tiers is given without segments")
            named = self.names is not None and self.combine != "percentile"
            return only_names(self.names or "", levels) if named else ()
        if isinstance(self.segments, str):
            wanted = SCORES[self.segments]
            wrong = [f"{code} has {have}" for code, have in levels.items() if have != wanted]
            if wrong:
                raise ParameterError(
                    f"RFM: segments: {self.segments} needs {wanted} scores a dimension: {'; '.join(wrong)}"
                )
            return with_tiers(TABLES[self.segments], tiers, self.segment_tiers)
        if self.segment_tiers is None:
            raise ParameterError("RFM: segment_tiers is needed for a table of your own")
        return with_tiers(users_table(self.segments, levels), tiers, self.segment_tiers)

    def _silence(self, segments: tuple[Segment, ...], profile: pd.DataFrame) -> Silence | None:
        """What names of a built-in table that speak of time wait for; a table of the user's own says its own."""
        own = self.segments is not None and not isinstance(self.segments, str)
        window = profile.attrs.get("window_months")
        gap = "mean_gap_days" if "mean_gap_days" in profile.columns else None
        return None if own else silence_of(segments, self.hiatus_days, window, gap)

    def _audited(self, rule: PointsRule) -> PointsRule:
        """The rule with what an audit says of a table of the user's own; one with gaps is refused."""
        audit = rule.audit()
        if audit.uncovered:
            some = ", ".join(audit.uncovered[:5])
            raise ParameterError(
                f"RFM: segments: {len(audit.uncovered)} of {audit.cells} cells are in no segment ({some} …); "
                "complete the table, or end it with a name: else"
            )
        if audit.ok:
            return rule
        remarks = [Remark.of(said) for said in (sentence("The first match decides."), *audit.faults())]
        return rule.model_copy(update={"remarks": (*rule.remarks, *remarks)})
