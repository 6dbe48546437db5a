"""Why a customer has a tier, and the smallest single changes that would lift or lower it."""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd

from segmentation.errors import DataError
from segmentation.rules.base import Rule, explained
from segmentation.rules.changes import columns_read, nearest_changes
from segmentation.rules.findings import Change, Explanation
from segmentation.rules.points import PointsRule
from segmentation.rules.statement import code_or_points
from segmentation.rules.values import measured, plain
from segmentation.words.formats import EMPTY
from segmentation.words.reader import Reader, Sentence, sentence


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
    now = rule.apply(_row(rule, values))
    tier = None if pd.isna(now["tier"].iloc[0]) else str(now["tier"].iloc[0])
    told = {column: _told(rule, column, values[column]) for column in rule.columns}
    codes = {code: said[0] for code, said in codes_of(rule, pd.DataFrame([values])).items()}
    found = Explanation(
        tier=tier,
        score=float(now["score"].iloc[0]),
        segment=str(now["segment"].iloc[0]) if "segment" in now.columns else None,
        reasons=tuple(reader.say(reason) for reason in reasons(rule, told, codes)),
        lifts=_changes(rule, values, rises=True),
        lowers=_changes(rule, values, rises=False),
        sentences=(),
    )
    return found._replace(sentences=tuple(reader.say(said) for said in _sentences(rule, found, reader)))


def _row(rule: Rule, values: Mapping[str, Any]) -> pd.DataFrame:
    """What the rule reads of a customer, as a profile of one row."""
    return pd.DataFrame([{column: values[column] for column in columns_read(rule, values)}])


def _changes(rule: Rule, values: Mapping[str, Any], rises: bool) -> tuple[Change, ...]:
    """The nearest change of every column that would do, the smallest one first."""
    found = [
        Change(column, float(change["value"]), float(change["changed"]), str(change["tier"]))
        for column, frame in nearest_changes(rule, _row(rule, values), rises).items()
        for change in frame.dropna(subset="changed").to_dict("records")
    ]
    return tuple(sorted(found, key=lambda change: (change.size, change.column)))


def reasons(rule: Rule, told: Mapping[str, object], codes: Mapping[str, object]) -> Iterator[Sentence]:
    """What a rule looks at, with what is told of each column's value and of the code on each criterion."""
    if not isinstance(rule, PointsRule):
        yield from (_said(column, told[column]) for column in rule.columns)
        return
    for criterion in rule.criteria:
        column = criterion.column
        if criterion.code not in codes:
            yield _said(column, told[column])
            continue
        yield sentence(
            "{name} {points} ({value})",
            name=criterion.called,
            points=codes[criterion.code],
            value=told[column] if criterion.code == column else _said(column, told[column]),
        )


def codes_of(rule: Rule, profile: pd.DataFrame) -> dict[str, list[object]]:
    """For each criterion that has cuts, what is said of every customer's code on it."""
    if not isinstance(rule, PointsRule):
        return {}
    codes = rule.codes(profile)
    said: dict[str, list[object]] = {}
    for criterion in rule.criteria:
        if criterion.code in codes:
            known = {
                code: code_or_points(rule, criterion, int(code)) if code else EMPTY
                for code in codes[criterion.code].unique()
            }
            said[criterion.code] = [known[code] for code in codes[criterion.code]]
    return said


def _said(column: str, told: object) -> Sentence:
    return sentence("{column:column} {value}", column=column, value=told)


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
