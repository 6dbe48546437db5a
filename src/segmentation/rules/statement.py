"""A rule in plain words: everything a reader needs to apply it by hand."""

import re
from collections.abc import Iterable
from functools import singledispatch
from itertools import pairwise

from segmentation.rules.base import Rule, in_words
from segmentation.rules.centres import CentresRule
from segmentation.rules.criteria import Criterion, Cuts, Segment, Silence
from segmentation.rules.points import PointsRule
from segmentation.rules.values import better_of, measured, plain
from segmentation.words.columns import COLUMNS, PROFILE_COLUMNS
from segmentation.words.reader import Reader, Sentence, sentence

_MANY_CUTS = 12
_MONTH = re.compile(r"\d{4}-\d{2}")


@in_words.register
def state(rule: Rule, reader: Reader) -> list[str]:
    """The rule's statement, a sentence a line."""
    said = [sentence("{method:word}: a rule of the kind {kind:word}.", method=rule.method, kind=_kind(rule))]
    month = reader.month(rule.as_of) if rule.as_of and _MONTH.fullmatch(rule.as_of) else rule.as_of
    if rule.as_of and rule.window_months:
        said.append(
            sentence(
                "Measured as of the end of {month}, over the {n} {n:month|months} that {n:ends|end} with it.",
                month=month,
                n=rule.window_months,
            )
        )
    elif rule.as_of:
        said.append(sentence("Measured as of the end of {month}.", month=month))
    if rule.customers:
        said.append(sentence("Learned from {n} {n:customer|customers}.", n=rule.customers))
    said += _parts(rule, reader)
    if rule.floor:
        said.append(
            sentence(
                "With {column:column} of {value} or less the tier is {tier}, whatever the score.",
                column=rule.floor.column,
                value=_value(rule, rule.floor.at_or_below, rule.floor.column),
                tier=rule.tiers[-1],
            )
        )
    said.append(
        sentence(
            "A value on a cut belongs to the better side. Customers with equal values get the same tier, "
            "so a tier may be larger than asked for."
        )
    )
    if rule.counts:
        total = max(sum(rule.counts.values()), 1)
        counts = [
            sentence("{tier} {n} ({share:share})", tier=tier, n=count, share=count / total)
            for tier, count in rule.counts.items()
        ]
        said.append(sentence("When it was learned: {counts}.", counts=reader.joined(counts, "semicolon")))
    said += [remark.sentence for remark in rule.remarks]
    unused = [reader.phrase(column) for column in PROFILE_COLUMNS if column not in rule.columns]
    if unused:
        said.append(sentence("Not used: {columns:list}; nothing after the as-of date.", columns=unused))
    else:
        said.append(sentence("Nothing after the as-of date is used."))
    return [reader.say(part) for part in said]


def code_or_points(rule: PointsRule, criterion: Criterion, code: int) -> str:
    """What a step of a criterion is called: its code where segments are cells of codes, else its points."""
    return str(code) if rule.segments else plain(round((criterion.points or ())[code - 1], 1))


def _kind(rule: Rule) -> str:
    points = isinstance(rule, PointsRule)
    return "points (cuts on columns)" if points else "centres (the nearest of a few typical customers)"


def _value(rule: Rule, value: float, column: str) -> Sentence:
    return measured(value, column, rule.currency, rule.minor_units)


@singledispatch
def _parts(rule: Rule, reader: Reader) -> list[Sentence]:
    """What is measured and which values lead where."""
    raise NotImplementedError(rule.kind)


def _compared(columns: Iterable[tuple[str, str]], reader: Reader) -> Sentence:
    said = [
        sentence("{column:column}, low is better", column=column)
        if better == "low"
        else sentence("{column:column}, high is better", column=column)
        for column, better in columns
    ]
    return sentence("Measured: {columns}.", columns=reader.joined(said, "semicolon"))


@_parts.register
def _of_points(rule: PointsRule, reader: Reader) -> list[Sentence]:
    said = [_compared(((c.column, c.better) for c in rule.criteria), reader)]
    cuts = (rule.tier_cuts or ())[::-1]
    first = rule.criteria[0]
    if rule.valued:
        high = first.better == "high"
        said.append(sentence("The score is the value itself." if high else "The score is minus the value."))
        amounts = cuts if high else tuple(None if cut is None else -cut for cut in cuts)
        ranges = _ranges(rule, amounts, first.better, first.column)[::-1]
        said += [
            sentence("Tier {tier}: {what}.", tier=tier, what=what) for tier, what in zip(rule.tiers, ranges)
        ]
    else:
        for criterion in rule.criteria:
            said += _steps_of(rule, criterion, reader)
        terms = [_term(rule, criterion, reader) for criterion in rule.criteria]
        said.append(sentence("Score = {sum}.", sum=" + ".join(terms)))
        if rule.tier_cuts is not None:
            ranges = _ranges(rule, cuts, "high", "")[::-1]
            said += [
                sentence("Tier {tier}: score {what}.", tier=tier, what=what)
                for tier, what in zip(rule.tiers, ranges)
            ]
        said += [_segment(segment) for segment in rule.segments]
        if rule.silence:
            said.append(_of_silence(rule.silence))
    empty = {
        "lowest": "An empty value reaches no cut.",
        "share": "An empty value is left out, and its weight is shared out among the others.",
        "refuse": "A customer with an empty value gets no score and no tier.",
    }
    return [*said, sentence(empty[rule.missing])] if rule.missing in empty else said


@_parts.register
def _of_centres(rule: CentresRule, reader: Reader) -> list[Sentence]:
    said = [_compared(((f.column, better_of(f.column)) for f in rule.features), reader)]
    if any(feature.unit is not None for feature in rule.features):
        said.append(
            sentence(
                "Each column is scaled as ln(1 + x / its median positive value) and standardised; a "
                "customer belongs to the nearest centre, and to the better of two that are equally near."
            )
        )
    else:
        said.append(
            sentence(
                "Each column is standardised; a customer belongs to the nearest centre, and to the "
                "better of two that are equally near."
            )
        )
    for cluster in rule.clusters:
        typical = [
            sentence(
                "{column:column} about {value}",
                column=feature.column,
                value=_value(rule, _typical(feature.value(x)), feature.column),
            )
            for feature, x in zip(rule.features, cluster.centre)
        ]
        count = rule.segment_counts.get(cluster.name)
        said.append(
            sentence(
                "{name:word} (tier {tier}): {centre:list}{count}.",
                name=cluster.name,
                tier=cluster.tier,
                centre=typical,
                count="" if count is None else sentence(", {n} {n:customer|customers}", n=count),
            )
        )
    return said


def _term(rule: PointsRule, criterion: Criterion, reader: Reader) -> str:
    """One criterion in the sum: its points, or how they follow from the codes where steps are called so."""
    points = criterion.points or ()
    below = points[0] - 1 if rule.segments and points else 0.0
    name = reader.say(criterion.called)
    what = f"({name} {'+' if below > 0 else '−'} {plain(abs(below))})" if below else name
    return what if criterion.weight == 1 else f"{plain(criterion.weight)} × {what}"


def _ranges(rule: Rule, cuts: Cuts, better: str, column: str) -> list[Sentence]:
    """What each code means, from the worst to the best."""
    reached = [cut for cut in cuts if cut is not None]
    known = [_value(rule, cut, column) for cut in reached]
    nobody = [sentence("nobody reached it")] * (len(cuts) - len(known))
    if not known:
        return [sentence("everyone"), *nobody]
    high = better == "high"
    between = [_between(rule, low, upper, high, column) for low, upper in pairwise(reached)]
    if high:
        found = [sentence("below {value}", value=known[0]), *between]
        return [*found, sentence("{value} or more", value=known[-1]), *nobody]
    found = [sentence("above {value}", value=known[0]), *between]
    return [*found, sentence("{value} or less", value=known[-1]), *nobody]


def _between(rule: Rule, cut: float, next_cut: float, high: bool, column: str) -> Sentence:
    """The values that reach one cut and not the next one; whole numbers are said with both ends."""
    if cut == next_cut:
        return sentence("nobody reached it")
    counted = column in COLUMNS and COLUMNS[column].format in ("days", "integer")
    if counted and cut.is_integer() and next_cut.is_integer():
        ends = (cut, next_cut - 1) if high else (next_cut + 1, cut)
        low, upper = (_value(rule, end, column) for end in ends)
        return low if low == upper else sentence("from {low} to {high}", low=low, high=upper)
    low, upper = (_value(rule, end, column) for end in sorted((cut, next_cut)))
    if high:
        return sentence("from {low} to below {high}", low=low, high=upper)
    return sentence("above {low}, up to {high}", low=low, high=upper)


def _steps_of(rule: PointsRule, criterion: Criterion, reader: Reader) -> list[Sentence]:
    """What leads to each step of a criterion, best first."""

    def listed(parts: Iterable[tuple[str, object]]) -> str:
        said = [sentence("{step}: {what}", step=step, what=what) for step, what in parts]
        return reader.joined(said, "semicolon")

    def steps(cuts: Cuts) -> str:
        ranges = _ranges(rule, cuts, criterion.better, criterion.column)
        named = [(code_or_points(rule, criterion, n), what) for n, what in enumerate(ranges, start=1)]
        return listed(named[::-1])

    title = criterion.called
    if criterion.code != criterion.column:
        title = sentence("{code} ({column:column})", code=criterion.code, column=criterion.column)
    if criterion.categories is not None:
        points = listed((name, plain(points)) for name, points in criterion.categories.items())
        return [sentence("{name}: {steps}.", name=title, steps=points)]
    cuts = criterion.cuts or ()
    if len(cuts) > _MANY_CUTS:
        ranges = _ranges(rule, cuts, criterion.better, criterion.column)
        best = ranges[-1].text  # or more, or less
        examples = [
            (
                code_or_points(rule, criterion, place + 2),
                Sentence(best, {"value": _value(rule, cuts[place] or 0.0, criterion.column)}),
            )
            for place in sorted({len(cuts) // 4, len(cuts) // 2, 3 * len(cuts) // 4})
        ]
        return [
            sentence(
                "{name}: its percentile among the customers learned from, stored as {n} cuts, e.g. {steps}.",
                name=title,
                n=len(cuts),
                steps=listed(examples),
            )
        ]
    said = [sentence("{name}: {steps}.", name=title, steps=steps(cuts))]
    codes = [c.code for c in rule.criteria]
    for key, inner in (criterion.within or {}).items():
        cell = [f"{code} {value}" for code, value in zip(codes, key.split("-"))]
        said.append(
            sentence(
                "{name}, for customers with {cell:list}: {steps}.",
                name=criterion.called,
                cell=cell,
                steps=steps(inner),
            )
        )
    return said


def _of_silence(silence: Silence) -> Sentence:
    """Which names wait until a customer is silent for long, and what the others are called."""
    others = dict.fromkeys(silence.names.values())
    return sentence(
        "{names:list}: only who has been silent for more than {n:integer} {n:day|days} and {times} times the "
        "usual days between orders; before that {others:list}.",
        names=[sentence("{name:word}", name=name) for name in silence.names],
        n=int(silence.beyond),
        times=plain(silence.times),
        others=[sentence("{name:word}", name=name) for name in others],
    )


def _segment(segment: Segment) -> Sentence:
    where = sentence("every other cell")
    for place, box in enumerate(segment.where):
        said = [f"{c} {low}" if low == high else f"{c} {low}-{high}" for c, (low, high) in box.items()]
        cells = sentence("{cells:list}", cells=said) if said else sentence("any score")
        where = sentence("{one} or {other}", one=where, other=cells) if place else cells
    if segment.tier is None:
        return sentence("{name:word}: {where}.", name=segment.name, where=where)
    return sentence("{name:word} (tier {tier}): {where}.", name=segment.name, tier=segment.tier, where=where)


def _typical(value: float) -> float:
    """Three significant digits, or whole above a hundred: a centre is typical, not exact."""
    return float(round(value)) if abs(value) >= 100 else float(f"{value:.3g}")
