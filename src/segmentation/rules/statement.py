"""A rule in plain words: everything a reader needs to apply it by hand."""

from collections.abc import Iterable
from itertools import groupby, pairwise

from segmentation.rules.base import Rule
from segmentation.rules.centres import CentresRule, Cluster
from segmentation.rules.criteria import Criterion, Cuts, Segment
from segmentation.rules.phrases import PHRASES
from segmentation.rules.points import PointsRule
from segmentation.rules.wording import PROFILE_COLUMNS, Language, label, number, with_unit

_MANY_CUTS = 12


def state(rule: Rule, language: Language) -> str:
    """The rule's statement, a sentence a line."""
    return "\n".join(_Statement(rule, language).lines())


def name_of(rule: Rule, segment: str, language: Language) -> str:
    """The segment's name in the language, if the rule knows one."""
    parts: tuple[Segment | Cluster, ...] = ()
    if isinstance(rule, PointsRule):
        parts = rule.segments
    elif isinstance(rule, CentresRule):
        parts = rule.clusters
    return next((_named(part, language) for part in parts if part.name == segment), segment)


def _named(part: Segment | Cluster, language: Language) -> str:
    return part.name_zh if language == "zh" and part.name_zh else part.name


class _Statement:
    """One rule said in one language."""

    def __init__(self, rule: Rule, language: Language) -> None:
        self.rule = rule
        self.language = language
        self.phrases = PHRASES[language]

    def say(self, phrase: str, **words: object) -> str:
        return self.phrases[phrase].format(**words)

    def lines(self) -> list[str]:
        rule = self.rule
        lines = [self.say("title", method=rule.method, kind=self.phrases[rule.kind])]
        if rule.as_of and rule.window_months:
            lines.append(self.say("as_of", as_of=rule.as_of, window=rule.window_months))
        elif rule.as_of:
            lines.append(self.say("as_of_only", as_of=rule.as_of))
        if rule.customers:
            lines.append(self.say("learned", customers=f"{rule.customers:,}"))
        if isinstance(rule, PointsRule):
            lines += self._points(rule)
        elif isinstance(rule, CentresRule):
            lines += self._centres(rule)
        if isinstance(rule, PointsRule | CentresRule) and rule.floor:
            value = self.value(rule.floor.at_or_below, rule.floor.column)
            name = label(rule.floor.column, self.language)
            lines.append(self.say("floor", label=name, value=value, tier=rule.tiers[-1]))
        lines.append(self.phrases["ties"])
        if rule.counts:
            total = max(sum(rule.counts.values()), 1)
            counts = [
                self.say("count", tier=tier, count=f"{count:,}", share=f"{count / total:.1%}")
                for tier, count in rule.counts.items()
            ]
            lines.append(self.say("counts", counts=self.phrases["and"].join(counts)))
        lines += [getattr(remark, self.language) for remark in rule.remarks]
        return [*lines, self._unused()]

    def value(self, value: float, column: str) -> str:
        return with_unit(value, column, self.language, self.rule.currency, self.rule.minor_units)

    def _unused(self) -> str:
        unused = [label(c, self.language) for c in PROFILE_COLUMNS if c not in self.rule.columns]
        return (
            self.say("unused", columns=self.phrases["comma"].join(unused))
            if unused
            else self.phrases["unused_none"]
        )

    def _measured(self, columns: Iterable[tuple[str, str]]) -> str:
        words = [self.say(f"{better}_better", label=label(c, self.language)) for c, better in columns]
        return self.say("measured", columns=self.phrases["and"].join(words))

    # points rules

    def _points(self, rule: PointsRule) -> list[str]:
        lines = [self._measured((c.column, c.better) for c in rule.criteria)]
        first = rule.criteria[0]
        if first.cuts is None and first.categories is None:
            lines.append(self.phrases["value_score" if first.better == "high" else "value_score_low"])
            sign = 1.0 if first.better == "high" else -1.0
            cuts = tuple(None if cut is None else sign * cut for cut in (rule.tier_cuts or ())[::-1])
            for tier, what in zip(rule.tiers[::-1], self._ranges(cuts, first.better, first.column)):
                lines.append(self.say("tier", tier=tier, what=what))
            lines[-len(rule.tiers) :] = lines[: -len(rule.tiers) - 1 : -1]
        else:
            for criterion in rule.criteria:
                lines += self._criterion(rule, criterion)
            lines.append(self._sum(rule))
            if rule.tier_cuts is not None:
                ranges = self._ranges(rule.tier_cuts[::-1], "high", "")[::-1]
                for tier, what in zip(rule.tiers, ranges):
                    lines.append(self.say("tier_score", tier=tier, what=what))
            lines += [self._segment(rule, segment) for segment in rule.segments]
        if rule.missing != "error":
            lines.append(self.phrases[f"missing_{rule.missing}"])
        return lines

    def _sum(self, rule: PointsRule) -> str:
        terms = [c.code if c.weight == 1 else f"{number(c.weight)} × {c.code}" for c in rule.criteria]
        return self.say("weights", sum=" + ".join(terms))

    def _ranges(self, cuts: Cuts, better: str, column: str) -> list[str]:
        """What each code means, from the worst to the best."""
        reached = [cut for cut in cuts if cut is not None]
        known = [self.value(cut, column) for cut in reached]
        high = better == "high"
        if not known:
            return [self.phrases["all"]] + [self.phrases["nobody"]] * len(cuts)
        found = [self.say("below" if high else "above", value=known[0])]
        found += [self._between(low, upper, high, column) for low, upper in pairwise(reached)]
        found.append(self.say("at_least" if high else "at_most", value=known[-1]))
        return found + [self.phrases["nobody"]] * (len(cuts) - len(known))

    def _between(self, cut: float, next_cut: float, high: bool, column: str) -> str:
        """The values that reach one cut and not the next one; whole numbers are said with both ends."""
        if cut == next_cut:
            return self.phrases["nobody"]
        known = PROFILE_COLUMNS.get(column)
        counted = known is not None and known.kind in ("count", "days")
        if counted and cut.is_integer() and next_cut.is_integer():
            ends = (cut, next_cut - 1) if high else (next_cut + 1, cut)
            low, upper = (self.value(end, column) for end in ends)
            return low if low == upper else self.say("both", low=low, high=upper)
        low, upper = self.value(min(cut, next_cut), column), self.value(max(cut, next_cut), column)
        return self.say("from_to" if high else "above_to", low=low, high=upper)

    def _steps(self, criterion: Criterion, cuts: Cuts) -> str:
        ranges = self._ranges(cuts, criterion.better, criterion.column)
        steps = [
            f"{number(round(points, 1))}{self.phrases['colon']}{what}"
            for points, what in zip(criterion.points or (), ranges)
        ]
        return self.phrases["and"].join(steps[::-1])

    def _criterion(self, rule: PointsRule, criterion: Criterion) -> list[str]:
        words = {"code": criterion.code, "label": label(criterion.column, self.language)}
        if criterion.categories is not None:
            items = criterion.categories.items()
            steps = [f"{name}{self.phrases['colon']}{number(points)}" for name, points in items]
            return [self.say("categories", **words, steps=self.phrases["and"].join(steps))]
        cuts = criterion.cuts or ()
        if len(cuts) > _MANY_CUTS:
            places = sorted({len(cuts) // 4, len(cuts) // 2, 3 * len(cuts) // 4})
            bound = "at_least" if criterion.better == "high" else "at_most"
            steps = [
                f"{(criterion.points or ())[place + 1]:.1f}{self.phrases['colon']}"
                + self.say(bound, value=self.value(cuts[place] or 0.0, criterion.column))
                for place in places
            ]
            examples = self.phrases["and"].join(steps)
            return [self.say("percentile", **words, cuts=len(cuts), steps=examples)]
        lines = [self.say("code", **words, steps=self._steps(criterion, cuts))]
        codes = [c.code for c in rule.criteria]
        for key, inner in (criterion.within or {}).items():
            cell = ", ".join(f"{code} {value}" for code, value in zip(codes, key.split("-")))
            steps_within = self._steps(criterion, inner)
            lines.append(self.say("within", code=criterion.code, cell=cell, steps=steps_within))
        return lines

    def _segment(self, rule: PointsRule, segment: Segment) -> str:
        alternatives = []
        for box in segment.where:
            said = [f"{c} {low}" if low == high else f"{c} {low}-{high}" for c, (low, high) in box.items()]
            alternatives.append(", ".join(said) or self.phrases["any_cell"])
        where = self.phrases["or"].join(alternatives) or self.phrases["every_other"]
        return self.say("segment", name=_named(segment, self.language), tier=segment.tier, where=where)

    # centres rules

    def _centres(self, rule: CentresRule) -> list[str]:
        known = PROFILE_COLUMNS
        columns = [(f.column, known[f.column].better if f.column in known else "high") for f in rule.features]
        logged = any(feature.unit is not None for feature in rule.features)
        lines = [self._measured(columns), self.phrases["feature_log" if logged else "feature_raw"]]
        for tier, clusters in groupby(rule.clusters, key=lambda cluster: cluster.tier):
            for cluster in clusters:
                typical = [
                    self.say(
                        "about",
                        value=self.value(_rounded(feature.value(x)), feature.column),
                        label=label(feature.column, self.language),
                    )
                    for feature, x in zip(rule.features, cluster.centre)
                ]
                count = rule.segment_counts.get(cluster.name)
                said = self.say("customers", count=f"{count:,}") if count is not None else ""
                name, centre = _named(cluster, self.language), self.phrases["comma"].join(typical)
                lines.append(self.say("cluster", name=name, tier=tier, centre=centre, count=said))
        return lines


def _rounded(value: float) -> float:
    """Three significant digits, or whole above a hundred: a centre is typical, not exact."""
    return float(round(value)) if abs(value) >= 100 else float(f"{value:.3g}")
