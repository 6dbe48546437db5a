"""Why a customer has a tier, and the smallest single changes that would lift or lower it."""

import math
from collections.abc import Iterator, Mapping
from functools import singledispatch
from typing import Any

import numpy as np
import pandas as pd

from segmentation.errors import DataError
from segmentation.rules.base import Rule, explained
from segmentation.rules.centres import CentresRule
from segmentation.rules.findings import Change, Explanation
from segmentation.rules.points import PointsRule
from segmentation.rules.statement import code_or_points
from segmentation.rules.values import measured, plain
from segmentation.words.columns import column_of
from segmentation.words.formats import EMPTY
from segmentation.words.reader import Reader, Sentence, sentence

_GRID = 400
# Values below these are no customer's: whoever is in a profile has ordered.
_LOWEST = {"recency_days": 0.0, "tenure_days": 0.0, "frequency": 1.0, "order_days": 1.0, "active_months": 1.0}


@explained.register
def explain(rule: Rule, row: Mapping[str, Any] | pd.Series, reader: Reader) -> Explanation:
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
    for column in rule.columns if tier is not None else ():
        lowest = _LOWEST.get(column, -math.inf)
        candidates = sorted({value for value in _candidates(rule, column, values) if value >= lowest})
        if candidates:
            _try(rule, column, values, candidates, rule.tiers.index(tier or ""), better, worse)
    found = Explanation(
        tier=tier,
        score=float(now["score"].iloc[0]),
        segment=str(now["segment"].iloc[0]) if "segment" in now.columns else None,
        reasons=tuple(reader.say(reason) for reason in _reasons(rule, values)),
        lifts=tuple(sorted(better.values(), key=lambda change: (change.size, change.column))),
        lowers=tuple(sorted(worse.values(), key=lambda change: (change.size, change.column))),
        sentences=(),
    )
    return found._replace(sentences=tuple(reader.say(said) for said in _sentences(rule, found, reader)))


def _apply(rule: Rule, values: Mapping[str, Any], changes: list[dict[str, float]]) -> pd.DataFrame:
    """The rule applied to the row with each of the changes."""
    silence = rule.silence if isinstance(rule, PointsRule) else None
    read = [*rule.columns, *([silence.gap] if silence and silence.gap and silence.gap in values else [])]
    rows = [{column: values[column] for column in read} | change for change in changes]
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
    from_near = sorted(zip(candidates, tried["tier"]), key=lambda pair: (abs(pair[0] - value), pair[0]))
    for candidate, tier in from_near:
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
    if rule.floor and rule.floor.column == column:
        yield from (rule.floor.at_or_below, rule.floor.at_or_below + step)
    if isinstance(rule, PointsRule) and rule.silence and rule.silence.column == column:
        gap = values.get(rule.silence.gap) if rule.silence.gap else None
        limit = rule.silence.limits(None if gap is None else np.array([gap], dtype=np.float64), 1)[0]
        yield from (math.floor(limit), math.floor(limit) + step)
    yield from _turns(rule, column, step)


@singledispatch
def _turns(rule: Rule, column: str, step: float) -> Iterator[float]:
    """The values at which customers turn from one place to another."""
    raise NotImplementedError(rule.kind)


@_turns.register
def _at_cuts(rule: PointsRule, column: str, step: float) -> Iterator[float]:
    for criterion in rule.criteria:
        if criterion.column != column:
            continue
        sign = 1.0 if criterion.better == "high" else -1.0
        cuts = [*(criterion.cuts or ()), *(cut for w in (criterion.within or {}).values() for cut in w)]
        if rule.valued:
            cuts = [None if cut is None else sign * cut for cut in rule.tier_cuts or ()]
        for cut in cuts:
            if cut is not None:
                yield from (cut, _rounded(cut - sign * step, step))


@_turns.register
def _on_a_grid(rule: CentresRule, column: str, step: float) -> Iterator[float]:
    for place, feature in enumerate(rule.features):
        if feature.column == column:
            places = [cluster.centre[place] for cluster in rule.clusters]
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
    kind = column_of(column).format
    if kind in ("money", "exact"):
        return float(10.0**-rule.minor_units)
    if kind in ("days", "integer"):
        return 1.0
    return max(abs(value), 1.0) * 1e-6


def _rounded(value: float, step: float) -> float:
    """The value on the grid of the column's steps, as the double nearest to it."""
    if step >= 1:
        return float(round(value))
    decimals = max(0, -math.floor(math.log10(step)))
    return round(value, decimals)


def _reasons(rule: Rule, values: Mapping[str, Any]) -> Iterator[Sentence]:
    if not isinstance(rule, PointsRule):
        yield from (_said(rule, column, values[column]) for column in rule.columns)
        return
    codes = rule.codes(pd.DataFrame([{column: values[column] for column in rule.columns}]))
    for criterion in rule.criteria:
        column, value = criterion.column, values[criterion.column]
        if criterion.code not in codes.columns:
            yield _said(rule, column, value)
            continue
        code = int(codes[criterion.code].iloc[0])
        yield sentence(
            "{name} {points} ({value})",
            name=criterion.called,
            points=code_or_points(rule, criterion, code) if code else EMPTY,
            value=_told(rule, column, value) if criterion.code == column else _said(rule, column, value),
        )


def _said(rule: Rule, column: str, value: Any) -> Sentence:
    return sentence("{column:column} {value}", column=column, value=_told(rule, column, value))


def _told(rule: Rule, column: str, value: Any) -> object:
    """A value with its unit; a text as it is, – for what is empty."""
    if not isinstance(value, int | float | np.number):
        return EMPTY if value is None else str(value)
    return EMPTY if np.isnan(value) else measured(float(value), column, rule.currency, rule.minor_units)


def _sentences(rule: Rule, found: Explanation, reader: Reader) -> Iterator[Sentence]:
    reasons = reader.joined(found.reasons, "semicolon")
    if found.tier is None:
        yield sentence("No tier, because a value is empty: {reasons}.", reasons=reasons)
        return
    yield sentence(
        "Tier {tier}{segment}, score {score}: {reasons}.",
        tier=found.tier,
        segment=sentence(" ({name:word})", name=found.segment) if found.segment else "",
        score=plain(found.score),
        reasons=reasons,
    )
    floor = rule.floor
    if floor and found.tier == rule.tiers[-1]:
        lifts = [change for change in found.lifts if change.column == floor.column]
        if lifts and lifts[0].value <= floor.at_or_below:
            yield sentence(
                "The lowest tier because of its {column:column}, whatever the score.", column=floor.column
            )
    for change, last, rises in ((found.lift, rule.tiers[0], True), (found.lower, rule.tiers[-1], False)):
        if change is None:
            if found.tier != last and rises:
                yield sentence("No change of a single value would lift it.")
            elif found.tier != last:
                yield sentence("No change of a single value would lower it.")
            continue
        said = {name: _told(rule, change.column, getattr(change, name)) for name in ("value", "changed")}
        yield sentence(
            "It would rise to {tier} with {column:column} {changed} instead of {value}."
            if rises
            else "It would fall to {tier} with {column:column} {changed} instead of {value}.",
            tier=change.tier,
            column=change.column,
            **said,
        )
