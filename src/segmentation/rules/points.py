"""Points rules: cuts on columns give points; their weighted sum has cuts, or their cells have segments."""

from typing import Literal, Self

import numpy as np
import pandas as pd
from pydantic import Field, model_validator

from segmentation.errors import DataError, did_you_mean
from segmentation.rules.base import Placed, Rule
from segmentation.rules.criteria import Criterion, Cuts, Segment, Silence, in_order, steps
from segmentation.rules.values import as_pandas, values_of

Missing = Literal["error", "lowest", "share", "refuse"]
MOST_CELLS = 1_000_000


class PointsRule(Rule):
    """Criteria with cuts, the weighted sum of their points, and tiers by cuts on it or by a table of cells.

    With both, the cuts give the tiers and the table only names the cells.

    `tier_cuts` are scores, best tier first, one fewer than tiers; null is a tier that nobody reached.
    `missing` says what an empty value does: "error" (apply refuses), "lowest" (reaches no cut), "share" (its
    weight is shared out among the others), "refuse" (this customer gets no score and no tier).
    """

    kind: Literal["points"] = "points"
    criteria: tuple[Criterion, ...] = Field(min_length=1)
    tier_cuts: Cuts | None = None
    segments: tuple[Segment, ...] = ()
    missing: Missing = "error"
    silence: Silence | None = None

    @model_validator(mode="after")
    def _complete(self) -> Self:
        codes = [criterion.code for criterion in self.criteria]
        if len(set(codes)) != len(codes):
            raise ValueError(f"criteria: the codes must be distinct (got {codes})")
        if self.tier_cuts is None and not self.segments:
            raise ValueError("give tier_cuts (on the score) or segments (of cells)")
        if self.tier_cuts is not None:
            if len(self.tier_cuts) != len(self.tiers) - 1:
                raise ValueError(f"tier_cuts: {len(self.tiers)} tiers need {len(self.tiers) - 1} cuts")
            if not in_order(self.tier_cuts[::-1], "high"):
                raise ValueError(
                    f"tier_cuts are out of order: {list(self.tier_cuts)}; they go from the best tier down, "
                    "null first"
                )
        unscored = any(criterion.levels == 0 and not criterion.categories for criterion in self.criteria)
        if unscored and (len(self.criteria) > 1 or self.criteria[0].weight != 1):
            raise ValueError("criteria: one whose value is the score stands alone, with weight 1")
        if self.segments:
            self._check_segments()
        return self

    def _check_segments(self) -> None:
        levels = {criterion.code: criterion.levels for criterion in self.criteria}
        if 0 in levels.values() or self.missing in ("share", "refuse"):
            raise ValueError("segments need cuts on every criterion, and missing: error or lowest")
        if int(np.prod(list(levels.values()))) > MOST_CELLS:
            raise ValueError(f"segments: more than {MOST_CELLS:,} cells; use fewer cuts")
        if len(set(self.segment_names)) != len(self.segments):
            raise ValueError("segments: the names must be distinct")
        for name in (name for pair in (self.silence.names if self.silence else {}).items() for name in pair):
            if name not in self.segment_names:
                raise ValueError(f"silence: there is no segment {name!r}")
        for position, segment in enumerate(self.segments):
            if self.tier_cuts is not None and segment.tier is not None:
                raise ValueError(f"segments: {segment.name}: tier_cuts give the tier, so leave it out here")
            if self.tier_cuts is None and segment.tier not in self.tiers:
                raise ValueError(
                    f"segments: {segment.name}: tier {segment.tier!r} is not in {list(self.tiers)}"
                )
            if not segment.where and position < len(self.segments) - 1:
                raise ValueError(f"segments: {segment.name}: only the last segment may take every other cell")
            for code, (low, high) in (item for box in segment.where for item in box.items()):
                if code not in levels:
                    raise ValueError(f"segments: {segment.name}: {code!r} is not one of {', '.join(levels)}")
                if not 1 <= low <= high <= levels[code]:
                    raise ValueError(
                        f"segments: {segment.name}: {code} {low}-{high} is not within 1-{levels[code]}"
                    )

    @property
    def _compared(self) -> list[str]:
        return [criterion.column for criterion in self.criteria]

    @property
    def valued(self) -> bool:
        """Whether the value of a single column is the score."""
        return self.criteria[0].cuts is None and self.criteria[0].categories is None

    @property
    def segment_names(self) -> tuple[str, ...]:
        """The names of the segments, in the order in which they are tried."""
        return tuple(segment.name for segment in self.segments)

    @property
    def shape(self) -> tuple[int, ...]:
        """The number of codes of each criterion: the table of cells has their product."""
        return tuple(criterion.levels for criterion in self.criteria)

    @property
    def cells(self) -> np.ndarray:
        """For each cell (an array of `shape`) the position of the first segment that matches, or -1."""
        table = np.full(self.shape, -1)
        for position in reversed(range(len(self.segments))):
            for box in matches(self, self.segments[position]):
                table[box] = position
        if self.segments and not self.segments[-1].where:
            table[table < 0] = len(self.segments) - 1
        return table

    def codes(self, profile: pd.DataFrame) -> pd.DataFrame:
        """Each customer's code on each criterion that has cuts (1 is worst), e.g. columns R, F, M.

        An empty value has code 0. The rows and the index are the profile's.
        """
        profile = as_pandas(profile)
        found = {c.code: code for c, code in zip(self.criteria, self._codes(profile)) if code is not None}
        return pd.DataFrame(found, index=profile.index)

    def _codes(self, profile: pd.DataFrame) -> list[np.ndarray | None]:
        empty = self.missing != "error"
        codes: list[np.ndarray | None] = []
        for criterion in self.criteria:
            if criterion.cuts is None:
                codes.append(None)
                continue
            values = values_of(profile, criterion.column, empty)
            reached = 1 + steps(values, criterion.cuts, criterion.better)
            if criterion.within:
                before = [code for code in codes if code is not None]
                _steps_within(criterion, values, before, reached)
            if empty:
                reached[np.isnan(values)] = 1 if self.missing == "lowest" else 0
            codes.append(reached)
        return codes

    def _place(self, profile: pd.DataFrame) -> Placed:
        codes = self._codes(profile)
        score = self._score(profile, codes)
        segment = self._segment([code for code in codes if code is not None]) if self.segments else None
        if segment is not None and self.silence is not None:
            segment = _unless_silent(self.silence, self.segment_names, segment, profile)
        if self.tier_cuts is not None:
            tier = np.zeros(len(profile), dtype=np.intp)
            for cut in self.tier_cuts:
                tier += score < (np.inf if cut is None else cut)
            tier[np.isnan(score)] = -1
        else:
            ranks = [self.tiers.index(part.tier or "") for part in self.segments]
            tier = np.array(ranks, dtype=np.intp)[segment]
        if self.floor:
            floored = values_of(profile, self.floor.column, self.missing != "error") <= self.floor.at_or_below
            tier[floored & (tier >= 0)] = len(self.tiers) - 1
        return Placed(score, tier, segment)

    def _segment(self, codes: list[np.ndarray]) -> np.ndarray:
        """The position of each customer's segment; DataError for a cell in none."""
        segment = self.cells.reshape(-1)[np.ravel_multi_index([code - 1 for code in codes], self.shape)]
        if (segment < 0).any():
            row = int(np.argmax(segment < 0))
            cell = "-".join(str(code[row]) for code in codes)
            raise DataError(
                f"customers, row {row + 1:,}: cell {cell} is in no segment of this rule "
                f"({int((segment < 0).sum()):,} such rows); complete the table, see audit()"
            )
        return segment

    def _score(self, profile: pd.DataFrame, codes: list[np.ndarray | None]) -> np.ndarray:
        """The weighted sum, from left to right as the SQL does it, so that both round alike."""
        worths = [self._worth(profile, c, code) for c, code in zip(self.criteria, codes)]
        total = worths[0].copy() if self.missing != "share" else np.zeros(len(profile))
        if self.missing != "share":
            for worth in worths[1:]:
                total += worth
            return total
        there, whole = np.zeros(len(profile)), 0.0
        for criterion, worth in zip(self.criteria, worths):
            total += np.where(np.isnan(worth), 0.0, worth)
            there += np.where(np.isnan(worth), 0.0, criterion.weight)
            whole += criterion.weight
        shared = np.divide(total, there, out=np.full(len(profile), np.nan), where=there > 0) * whole
        return np.where(there == whole, total, shared)

    def _worth(self, profile: pd.DataFrame, criterion: Criterion, code: np.ndarray | None) -> np.ndarray:
        """Points times weight of one criterion, NaN where the value is empty."""
        if code is not None:
            return np.array((np.nan, *criterion.worth))[code]
        if criterion.categories is not None:
            return _category_worth(profile, criterion, self.missing)
        values = values_of(profile, criterion.column, self.missing != "error")
        values = values if criterion.better == "high" else -values
        return np.where(np.isnan(values), -np.inf, values) if self.missing == "lowest" else values


def _unless_silent(
    silence: Silence, names: tuple[str, ...], segment: np.ndarray, profile: pd.DataFrame
) -> np.ndarray:
    """The segments' positions, with other ones for those who are not as silent as the names say."""
    others = np.arange(len(names))
    for name, other in silence.names.items():
        others[names.index(name)] = names.index(other)
    known = silence.gap is not None and silence.gap in profile.columns
    gaps = values_of(profile, silence.gap or "", True) if known else None
    silent = values_of(profile, silence.column, True) > silence.limits(gaps, len(profile))
    return np.where(silent, segment, others[segment])


def _steps_within(
    criterion: Criterion, values: np.ndarray, before: list[np.ndarray], code: np.ndarray
) -> None:
    """Replace the codes of customers whose codes on the criteria before have cuts of their own."""
    for key, cuts in (criterion.within or {}).items():
        mask = np.ones(len(values), dtype=bool)
        for wanted, have in zip(key.split("-"), before):
            mask &= have == int(wanted)
        code[mask] = 1 + steps(values[mask], cuts, criterion.better)


def _category_worth(profile: pd.DataFrame, criterion: Criterion, missing: str) -> np.ndarray:
    if criterion.column not in profile.columns:
        near = did_you_mean(criterion.column, [str(name) for name in profile.columns])
        raise DataError(f"customers: there is no column {criterion.column!r}{near}")
    points = criterion.categories or {}
    found = profile[criterion.column].map(points).to_numpy(dtype=np.float64, na_value=np.nan)
    if missing == "error" and np.isnan(found).any():
        row = int(np.argmax(np.isnan(found)))
        raise DataError(
            f"customers, row {row + 1:,}: {criterion.column} {profile[criterion.column].iloc[row]!r} has no "
            f"points; known: {', '.join(points)}"
        )
    if missing == "lowest":
        found = np.where(np.isnan(found), min(points.values()), found)
    return found * criterion.weight


def matches(rule: PointsRule, segment: Segment) -> list[tuple[slice, ...]]:
    """The cells of each of the segment's alternatives, as slices of the table of cells."""
    codes = [criterion.code for criterion in rule.criteria]
    return [
        tuple(slice(box[c][0] - 1, box[c][1]) if c in box else slice(None) for c in codes)
        for box in segment.where
    ]
