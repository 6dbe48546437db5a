"""Why a customer has a tier, and the smallest single changes that would lift or lower it."""

import math
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from segmentation.errors import DataError
from segmentation.rules.base import Rule
from segmentation.rules.centres import CentresRule
from segmentation.rules.phrases import PHRASES
from segmentation.rules.points import PointsRule
from segmentation.rules.statement import name_of
from segmentation.rules.wording import PROFILE_COLUMNS, Language, label, number, with_unit

_GRID = 400
# Values below these are no customer's: whoever is in a profile has ordered.
_LOWEST = {"recency_days": 0.0, "tenure_days": 0.0, "frequency": 1.0, "order_days": 1.0, "active_months": 1.0}


class Change(NamedTuple):
    """One column's value that would change the tier, everything else unchanged; verified by the rule."""

    column: str
    value: float
    changed: float
    tier: str

    @property
    def size(self) -> float:
        """How large the change is, as a share of the larger of the two values: 0 to 2."""
        return abs(self.changed - self.value) / max(abs(self.changed), abs(self.value), 1e-300)


class Explanation(NamedTuple):
    """Why a customer has this tier. `lift` and `lower` are the smallest single changes, or None.

    `lifts` and `lowers` hold the smallest change of every column that can do it, the smallest one first.
    """

    tier: str | None
    score: float
    segment: str | None
    reasons: tuple[str, ...]
    lifts: tuple[Change, ...]
    lowers: tuple[Change, ...]
    sentences: tuple[str, ...]

    @property
    def lift(self) -> Change | None:
        """The smallest single change to a better tier."""
        return self.lifts[0] if self.lifts else None

    @property
    def lower(self) -> Change | None:
        """The smallest single change to a lower tier."""
        return self.lowers[0] if self.lowers else None

    def __str__(self) -> str:
        return "\n".join(self.sentences)


def explain(rule: Rule, row: Mapping[str, Any] | pd.Series, language: Language) -> Explanation:
    """Explain one customer: a row of a profile as a Series or a mapping.

    Every candidate change is tried by applying the rule, so a change that is named does what it says. Sizes
    of changes in different units are compared as shares of the value. DataError if a column is missing.
    """
    values = dict(row)
    missing = [column for column in rule.columns if column not in values]
    if missing:
        raise DataError(
            f"explain: the row has no {', '.join(missing)}; the rule reads {', '.join(rule.columns)}"
        )
    now = _apply(rule, values, [{}])
    tier = None if pd.isna(now["tier"].iloc[0]) else str(now["tier"].iloc[0])
    better: dict[str, Change] = {}
    worse: dict[str, Change] = {}
    if tier is not None:
        for column in rule.columns:
            lowest = _LOWEST.get(column, -math.inf)
            candidates = sorted({value for value in _candidates(rule, column, values) if value >= lowest})
            if candidates:
                _try(rule, column, values, candidates, rule.tiers.index(tier), better, worse)
    lifts = tuple(sorted(better.values(), key=lambda change: (change.size, change.column)))
    lowers = tuple(sorted(worse.values(), key=lambda change: (change.size, change.column)))
    segment = str(now["segment"].iloc[0]) if "segment" in now.columns else None
    reasons = tuple(_reasons(rule, values, language))
    score = float(now["score"].iloc[0])
    found = Explanation(tier, score, segment, reasons, lifts, lowers, ())
    return found._replace(sentences=tuple(_sentences(rule, found, language)))


def _apply(rule: Rule, values: Mapping[str, Any], changes: list[dict[str, float]]) -> pd.DataFrame:
    """The rule applied to the row with each of the changes."""
    rows = [{column: values[column] for column in rule.columns} | change for change in changes]
    return rule.apply(pd.DataFrame(rows))


def _try(
    rule: Rule,
    column: str,
    values: Mapping[str, Any],
    candidates: list[float],
    rank: int,
    better: dict[str, Change],
    worse: dict[str, Change],
) -> None:
    """Apply the rule to every candidate value and keep the nearest that lifts and the nearest that lowers."""
    value = float(values[column])
    tried = _apply(rule, values, [{column: candidate} for candidate in candidates])
    nearest = sorted(zip(candidates, tried["tier"]), key=lambda pair: (abs(pair[0] - value), pair[0]))
    for candidate, tier in nearest:
        kept = better if rule.tiers.index(tier) < rank else worse
        if rule.tiers.index(tier) != rank and column not in kept:
            kept[column] = Change(column, value, candidate, str(tier))
    if isinstance(rule, CentresRule):
        for kept in (better, worse):
            if column in kept:
                kept[column] = _closer(rule, values, kept[column], rank)


def _candidates(rule: Rule, column: str, values: Mapping[str, Any]) -> Iterator[float]:
    """Values of the column at which the tier may change: the cuts, and the last value before each of them."""
    if not isinstance(values[column], int | float | np.number) or not np.isfinite(float(values[column])):
        return
    step = _step(rule, column, float(values[column]))
    if isinstance(rule, PointsRule | CentresRule) and rule.floor and rule.floor.column == column:
        yield from (rule.floor.at_or_below, rule.floor.at_or_below + step)
    if isinstance(rule, PointsRule):
        for criterion in rule.criteria:
            if criterion.column != column:
                continue
            down = -step if criterion.better == "high" else step
            cuts = [*(criterion.cuts or ()), *(cut for w in (criterion.within or {}).values() for cut in w)]
            if criterion.cuts is None and not criterion.categories:
                sign = 1.0 if criterion.better == "high" else -1.0
                cuts = [None if cut is None else sign * cut for cut in rule.tier_cuts or ()]
            for cut in cuts:
                if cut is not None:
                    yield from (cut, _rounded(cut + down, step))
    elif isinstance(rule, CentresRule):
        feature = next((f for f in rule.features if f.column == column), None)
        if feature is not None:
            places = [c.centre[rule.features.index(feature)] for c in rule.clusters]
            spread = max(places) - min(places) + 1.0
            for scaled in np.linspace(min(places) - spread, max(places) + spread, _GRID):
                value = _rounded(feature.value(float(scaled)), step)
                if value >= 0 or feature.unit is None:
                    yield value


def _closer(rule: Rule, values: Mapping[str, Any], change: Change, rank: int) -> Change:
    """Halve the way between the customer and a change until it is the smallest in the column's steps."""
    step = _step(rule, change.column, change.value)
    inside, outside, tier = change.value, change.changed, change.tier
    lifts = rule.tiers.index(tier) < rank
    while abs(outside - inside) > step * 1.5:
        middle = _rounded((inside + outside) / 2, step)
        if middle in (inside, outside):
            break
        found = str(_apply(rule, values, [{change.column: middle}])["tier"].iloc[0])
        position = rule.tiers.index(found)
        if position != rank and (position < rank) == lifts:
            outside, tier = middle, found
        else:
            inside = middle
    return Change(change.column, change.value, outside, tier)


def _step(rule: Rule, column: str, value: float) -> float:
    """The smallest difference that the column's values can have: a minor unit, a day, an order."""
    known = PROFILE_COLUMNS.get(column)
    if known and known.kind == "money":
        return float(10.0**-rule.minor_units)
    if known and known.kind in ("days", "count"):
        return 1.0
    return max(abs(value), 1.0) * 1e-6


def _rounded(value: float, step: float) -> float:
    """The value on the grid of the column's steps, as the double nearest to it."""
    if step >= 1:
        return float(round(value))
    decimals = max(0, -math.floor(math.log10(step)))
    return round(value, decimals)


def _reasons(rule: Rule, values: Mapping[str, Any], language: Language) -> Iterator[str]:
    say = PHRASES[language]
    frame = pd.DataFrame([{column: values[column] for column in rule.columns}])
    if isinstance(rule, PointsRule):
        codes = rule.codes(frame)
        for criterion in rule.criteria:
            value = values[criterion.column]
            said = _said(rule, criterion.column, value, language)
            if criterion.code in codes.columns:
                code = int(codes[criterion.code].iloc[0])
                points = number((criterion.points or ())[code - 1]) if code else "–"
                yield say["reason_code"].format(code=criterion.code, points=points, value=said)
            else:
                yield said
    else:
        for column in rule.columns:
            yield _said(rule, column, values[column], language)


def _said(rule: Rule, column: str, value: Any, language: Language) -> str:
    text = "–" if value is None else str(value)
    if isinstance(value, int | float | np.number):
        known = float(value)
        text = with_unit(known, column, language, rule.currency, rule.minor_units) if known == known else "–"
    return PHRASES[language]["is"].format(label=label(column, language), value=text)


def _sentences(rule: Rule, found: Explanation, language: Language) -> Iterator[str]:
    say = PHRASES[language]
    if found.tier is None:
        yield say["no_tier"].format(reasons=say["and"].join(found.reasons))
        return
    segment = (
        say["in_segment"].format(segment=name_of(rule, found.segment, language)) if found.segment else ""
    )
    reasons = say["and"].join(found.reasons)
    yield say["why"].format(tier=found.tier, segment=segment, reasons=reasons, score=number(found.score))
    floor = rule.floor if isinstance(rule, PointsRule | CentresRule) else None
    if (
        floor
        and any(change.column == floor.column for change in found.lifts)
        and found.tier == rule.tiers[-1]
    ):
        change = next(change for change in found.lifts if change.column == floor.column)
        if change.value <= floor.at_or_below:
            yield say["floored"].format(label=label(floor.column, language))
    for key, changes, last in (
        ("lift", found.lifts, rule.tiers[0]),
        ("lower", found.lowers, rule.tiers[-1]),
    ):
        if changes:
            change = changes[0]
            yield say[key].format(
                label=label(change.column, language),
                value=with_unit(change.value, change.column, language, rule.currency, rule.minor_units),
                changed=with_unit(change.changed, change.column, language, rule.currency, rule.minor_units),
                tier=change.tier,
            )
        elif found.tier != last:
            yield say[f"no_{key}"]
