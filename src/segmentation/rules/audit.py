"""The proof that a rule puts every possible customer into exactly one segment and tier, or what is wrong."""

import itertools
from collections.abc import Iterator

import numpy as np

from segmentation.rules.base import audited
from segmentation.rules.centres import CentresRule
from segmentation.rules.criteria import Segment
from segmentation.rules.findings import Audit
from segmentation.rules.points import PointsRule, matches
from segmentation.rules.values import plain
from segmentation.words.reader import Sentence, sentence


@audited.register
def _of_points(rule: PointsRule) -> Audit:
    """A rule with segments is checked cell by cell.

    With cuts on the score every customer has exactly one tier by construction; what is left to find are
    tiers that nobody can have and steps that go down.
    """
    if not rule.segments:
        return _score(rule)
    found = _cells(rule)
    if rule.tier_cuts is None:
        return found
    scored = _score(rule)
    return found._replace(empty_tiers=scored.empty_tiers, non_monotone=scored.non_monotone)


@audited.register
def _of_centres(rule: CentresRule) -> Audit:
    """Every customer has a nearest centre by construction; what is left are centres behind another one."""
    centres = [cluster.centre for cluster in rule.clusters]
    shadowed = tuple(c.name for n, c in enumerate(rule.clusters) if c.centre in centres[:n])
    tiers = {cluster.tier for cluster in rule.clusters} | ({rule.tiers[-1]} if rule.floor else set())
    return Audit(
        cells=len(centres),
        unreachable=shadowed,
        empty_tiers=tuple(tier for tier in rule.tiers if tier not in tiers),
    )


def _cells(rule: PointsRule) -> Audit:
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
    cuts = rule.tier_cuts or ()
    if rule.valued:
        reached = [cut is not None for cut in cuts]
    else:
        best = sum(
            max(c.worth or [points * c.weight for points in (c.categories or {}).values()])
            for c in rule.criteria
        )
        reached = [cut is not None and cut <= best * (1 + 1e-12) for cut in cuts]
    higher: list[float] = []
    empty = []
    for tier, cut, can in zip(rule.tiers, cuts, reached):
        if not can or (cut is not None and cut in higher):
            empty.append(tier)
        elif cut is not None:
            higher.append(cut)
    cells = int(np.prod([max(level, 1) for level in rule.shape], dtype=object))
    return Audit(
        cells=len(rule.tiers) if rule.valued else cells,
        empty_tiers=tuple(empty),
        coinciding=_coinciding(rule),
        non_monotone=tuple(_falling_points(rule)),
    )


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


def _coinciding(rule: PointsRule) -> tuple[Sentence, ...]:
    found = []
    for criterion in rule.criteria:
        cuts = criterion.cuts or ()
        known = [cut for cut in cuts if cut is not None]
        for cut in sorted({cut for cut in known if known.count(cut) > 1}):
            many = known.count(cut)
            found.append(sentence("{name}: {n} cuts at {cut}", name=criterion.called, n=many, cut=plain(cut)))
        if unreached := len(cuts) - len(known):
            found.append(
                sentence("{name}: {n} {n:cut|cuts} that nobody reached", name=criterion.called, n=unreached)
            )
    return tuple(found)


def _falling_points(rule: PointsRule) -> Iterator[Sentence]:
    for criterion in rule.criteria:
        if any(a > b for a, b in itertools.pairwise(criterion.points or ())):
            yield sentence("{name}: points fall while the value gets better", name=criterion.called)
        if criterion.within:
            yield sentence(
                "{name}: nested cuts compare a customer only within earlier codes", name=criterion.called
            )


def _falling_cells(rule: PointsRule, first: np.ndarray) -> Iterator[Sentence]:
    """Neighbouring cells where one step better on one criterion is a lower tier."""
    if rule.tier_cuts is not None:
        return
    ranks = np.array([rule.tiers.index(segment.tier or "") for segment in rule.segments])
    tier = np.where(first < 0, -1, ranks[first])
    for axis in range(first.ndim):
        worse = np.moveaxis(tier, axis, 0)[:-1]
        better = np.moveaxis(tier, axis, 0)[1:]
        falls = (better > worse) & (worse >= 0)
        for step, *rest in np.argwhere(falls):
            cell = np.insert(np.array(rest, dtype=int), axis, step)
            above = cell.copy()
            above[axis] += 1
            yield sentence(
                "{better} ({tier}) over {worse} ({higher})",
                better=_named(above),
                tier=rule.tiers[tier[tuple(above)]],
                worse=_named(cell),
                higher=rule.tiers[tier[tuple(cell)]],
            )
