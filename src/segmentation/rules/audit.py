"""The proof that a rule puts every possible customer into exactly one segment and tier, or what is wrong."""

import itertools
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from segmentation.rules.base import Rule
from segmentation.rules.centres import CentresRule
from segmentation.rules.criteria import Segment
from segmentation.rules.phrases import PHRASES
from segmentation.rules.points import PointsRule, matches
from segmentation.rules.wording import Language

_MOST_NAMED = 60


class Audit(NamedTuple):
    """What an audit found. Cells are named by their codes, criterion by criterion: "5-4-1".

    overlapping: cells that several segments match (the first one decides), with these segments;
    uncovered: cells in no segment; unreachable: segments that are never the first to match;
    out_of_reach: segments whose cells all need a code that no value has, because cuts coincide;
    empty_tiers: tiers that no customer can have; coinciding: criteria with coinciding or unreached cuts;
    non_monotone: where being better on a criterion can mean a lower tier or a lower score.
    """

    cells: int
    overlapping: tuple[tuple[str, tuple[str, ...]], ...] = ()
    uncovered: tuple[str, ...] = ()
    unreachable: tuple[str, ...] = ()
    out_of_reach: tuple[str, ...] = ()
    empty_tiers: tuple[str, ...] = ()
    coinciding: tuple[str, ...] = ()
    non_monotone: tuple[str, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether every possible customer is in exactly one segment, and every segment can be reached."""
        return not (self.overlapping or self.uncovered or self.unreachable)

    def summary(self, language: Language = "en") -> str:
        """The findings in words, a line each, the verdict first."""
        say = PHRASES[language]
        lines = [say["audit_ok" if self.ok else "audit_wrong"].format(cells=f"{self.cells:,}")]
        found = self._asdict() | {"overlapping": tuple(cell for cell, _ in self.overlapping)}
        for name in self._fields[1:]:
            if found[name]:
                some = say["comma"].join(found[name][:_MOST_NAMED])
                more = say["more"] if len(found[name]) > _MOST_NAMED else ""
                lines.append(say[f"audit_{name}"].format(count=f"{len(found[name]):,}", named=some + more))
        return "\n".join(lines)

    def __str__(self) -> str:
        return self.summary()


def audit(rule: Rule) -> Audit:
    """Check the rule without any customer.

    A points rule with segments is checked cell by cell. With cuts on the score every customer has exactly one
    tier by construction, as has every customer with a nearest centre; what is left to find are tiers that
    nobody can have and steps that go down.
    """
    if isinstance(rule, PointsRule):
        return _segments(rule) if rule.segments else _score(rule)
    if isinstance(rule, CentresRule):
        return _centres(rule)
    return Audit(cells=len(rule.tiers))


def _segments(rule: PointsRule) -> Audit:
    depth = np.zeros(rule.shape, dtype=int)
    for segment in rule.segments:
        covered = np.zeros(rule.shape, dtype=bool)
        for box in matches(rule, segment):
            covered[box] = True
        depth += covered
    first = rule.cells
    overlapping = tuple(
        (_named(cell), tuple(s.name for s in rule.segments if _in(rule, s, cell)))
        for cell in np.argwhere(depth > 1)
    )
    reached = set(np.unique(first).tolist())
    reachable = np.zeros(rule.shape, dtype=bool)
    reachable[np.ix_(*(_codes_in_reach(rule, place) for place in range(len(rule.shape))))] = True
    within_reach = set(np.unique(first[reachable]).tolist())
    tiers = {rule.segments[place].tier for place in within_reach if place >= 0}
    if rule.floor:
        tiers.add(rule.tiers[-1])
    return Audit(
        cells=first.size,
        overlapping=overlapping,
        uncovered=tuple(_named(cell) for cell in np.argwhere(first < 0)),
        unreachable=tuple(s.name for n, s in enumerate(rule.segments) if n not in reached),
        out_of_reach=tuple(
            s.name for n, s in enumerate(rule.segments) if n in reached and n not in within_reach
        ),
        empty_tiers=tuple(tier for tier in rule.tiers if tier not in tiers),
        coinciding=_coinciding(rule),
        non_monotone=(*_falling_points(rule), *_falling_cells(rule, first)),
    )


def _score(rule: PointsRule) -> Audit:
    valued = rule.criteria[0].cuts is None and rule.criteria[0].categories is None
    cuts = rule.tier_cuts or ()
    if valued:
        reached = [cut is not None for cut in cuts]
    else:
        best = sum(max(c.worth or tuple(_weighted(c.categories, c.weight))) for c in rule.criteria)
        reached = [cut is not None and cut <= best * (1 + 1e-12) for cut in cuts]
    higher: list[float] = []
    empty = []
    for tier, cut, can in zip(rule.tiers, cuts, reached):
        if not can or (cut is not None and cut in higher):
            empty.append(tier)
        elif cut is not None:
            higher.append(cut)
    cells = len(rule.tiers) if valued else int(np.prod([max(level, 1) for level in rule.shape], dtype=object))
    return Audit(
        cells=cells,
        empty_tiers=tuple(empty),
        coinciding=_coinciding(rule),
        non_monotone=tuple(_falling_points(rule)),
    )


def _centres(rule: CentresRule) -> Audit:
    centres = [cluster.centre for cluster in rule.clusters]
    shadowed = tuple(c.name for n, c in enumerate(rule.clusters) if c.centre in centres[:n])
    tiers = {cluster.tier for cluster in rule.clusters} | ({rule.tiers[-1]} if rule.floor else set())
    return Audit(
        cells=len(centres),
        unreachable=shadowed,
        empty_tiers=tuple(tier for tier in rule.tiers if tier not in tiers),
    )


def _weighted(categories: dict[str, float] | None, weight: float) -> Iterator[float]:
    return (points * weight for points in (categories or {}).values())


def _named(cell: np.ndarray) -> str:
    return "-".join(str(int(code) + 1) for code in cell)


def _in(rule: PointsRule, segment: Segment, cell: np.ndarray) -> bool:
    codes = dict(zip((criterion.code for criterion in rule.criteria), cell + 1))
    return any(all(low <= codes[c] <= high for c, (low, high) in box.items()) for box in segment.where)


def _codes_in_reach(rule: PointsRule, place: int) -> list[int]:
    """The codes (from 0) that some value has: not those between coinciding cuts, nor above unreached ones."""
    criterion = rule.criteria[place]
    tables = [criterion.cuts or (), *(criterion.within or {}).values()]
    found = {0}
    for cuts in tables:
        for step, cut in enumerate(cuts, start=1):
            following = cuts[step] if step < len(cuts) else None
            if cut is not None and cut != following:
                found.add(step)
    return sorted(found)


def _coinciding(rule: PointsRule) -> tuple[str, ...]:
    found = []
    for criterion in rule.criteria:
        cuts = criterion.cuts or ()
        known = [cut for cut in cuts if cut is not None]
        twice = sorted({cut for cut in known if known.count(cut) > 1})
        found += [f"{criterion.code} {known.count(cut)} cuts at {cut:g}" for cut in twice]
        if len(known) < len(cuts):
            found.append(f"{criterion.code} {len(cuts) - len(known)} unreached")
    return tuple(found)


def _falling_points(rule: PointsRule) -> Iterator[str]:
    for criterion in rule.criteria:
        points = criterion.points or ()
        if any(a > b for a, b in itertools.pairwise(points)):
            yield f"{criterion.code}: points fall while the value gets better"
        if criterion.within:
            yield f"{criterion.code}: nested cuts compare a customer only within earlier codes"


def _falling_cells(rule: PointsRule, first: np.ndarray) -> Iterator[str]:
    """Neighbouring cells where one step better on one criterion is a lower tier."""
    ranks = np.array([rule.tiers.index(segment.tier) for segment in rule.segments])
    tier = np.where(first < 0, -1, ranks[first])
    for axis in range(first.ndim):
        worse = np.moveaxis(tier, axis, 0)[:-1]
        better = np.moveaxis(tier, axis, 0)[1:]
        falls = (better > worse) & (worse >= 0)
        for step, *rest in np.argwhere(falls):
            cell = np.insert(np.array(rest, dtype=int), axis, step)
            above = cell.copy()
            above[axis] += 1
            names = rule.tiers[tier[tuple(above)]], rule.tiers[tier[tuple(cell)]]
            yield f"{_named(above)} ({names[0]}) over {_named(cell)} ({names[1]})"
