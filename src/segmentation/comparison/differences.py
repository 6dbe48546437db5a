"""Every contestant against the official method: differences, intervals, and what one customer changes."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from segmentation.comparison import draws as drawing
from segmentation.comparison.capture import Floats, measure, measure_random
from segmentation.comparison.contest import HIATUS, RANDOM, SPEND, Capacity, Contest, capacity_name
from segmentation.comparison.intervals import compare, winner

_COMPARED = ["origin", "measure", "method", "difference", "low", "high", "low_all", "high_all", "clear"]
_ADDED = ["same", "without_largest", "holds"]
_WON = ["measure", "best", "winner", "rival", "difference", "low_all", "high_all"]


def compared(
    contests: Sequence[Contest],
    capacities: Sequence[Capacity],
    methods: Sequence[str],
    official: str,
    seed: int,
    draws: int,
    bootstrap_at_most: int,
) -> tuple[pd.DataFrame, pd.DataFrame, str]:
    """Differences to the official method, winners, and where the draws came from (see `Trial`)."""
    contests = [contest for contest in contests if official in contest.rankings]
    largest = max((len(contest.later_value) for contest in contests), default=0)
    by = "" if not contests else "bootstrap" if largest <= bootstrap_at_most else "influence"
    draw = drawing.influence if by == "influence" else drawing.bootstrap
    fewer = _without_largest(contests)
    differences = [pd.DataFrame(columns=["capacity", *_COMPARED, *_ADDED])]
    winners = [pd.DataFrame(columns=["capacity", *_WON])]
    for capacity in capacities:
        held = [contest for contest in contests if contest.places(capacity)]
        if not held:
            continue
        drawn = _with_random(draw(held, capacity, draws, seed), held, capacity)
        point, possible = _measured(held, drawn.methods, capacity)
        found = compare(point, drawn, official, possible)
        found = found.assign(same=_same(held, found["method"], official, capacity))
        found = found.merge(
            _again(fewer, capacity, official, draws, seed), on=["origin", "measure", "method"], how="left"
        )
        found["without_largest"] = found["without_largest"].astype(float)
        agree = found["without_largest"] * found["difference"] > 0
        found["holds"] = found["holds"].eq(True) & agree
        found.insert(0, "capacity", capacity_name(capacity))
        preferred = [official, *(name for name in methods if name != official), SPEND, HIATUS]
        won = winner(point, drawn, preferred)
        won.insert(0, "capacity", capacity_name(capacity))
        differences, winners = [*differences, found], [*winners, won]
    return _joined(differences), _joined(winners), by


def _joined(frames: list[pd.DataFrame]) -> pd.DataFrame:
    return pd.concat(frames[1:], ignore_index=True) if len(frames) > 1 else frames[0]


def _same(contests: Sequence[Contest], methods: pd.Series, official: str, capacity: Capacity) -> list[bool]:
    """Whether a contestant chooses the same customers as the official method at every origin."""
    alike = {
        name: all(
            name in contest.rankings
            and np.array_equal(contest.chosen(name, capacity), contest.chosen(official, capacity))
            for contest in contests
        )
        for name in methods.unique()
    }
    return [alike[name] for name in methods]


def _without_largest(contests: Sequence[Contest]) -> list[Contest]:
    """The contests without the customer who brought most in all of their hold-outs together."""
    if not contests:
        return []
    rows, everyone = drawing.rows_of(contests)
    brought = np.zeros(len(everyone))
    for place, contest in zip(rows, contests):
        brought[place] += contest.later_value
    # of equals the first by id, whatever the order of rows
    largest = min(everyone[brought == brought.max()])
    fewer = [contest.without(largest) for contest in contests]
    return [contest for contest in fewer if len(contest.later_value) > 1 and contest.later_value.any()]


def _again(
    contests: Sequence[Contest], capacity: Capacity, official: str, draws: int, seed: int
) -> pd.DataFrame:
    """The differences without the largest customer: origin, measure, method, without_largest, holds."""
    held = [contest for contest in contests if contest.places(capacity)]
    columns = {"difference": "without_largest", "clear": "holds"}
    if not held:
        return pd.DataFrame(columns=["origin", "measure", "method", *columns.values()])
    drawn = _with_random(drawing.influence(held, capacity, draws, seed), held, capacity)
    point, possible = _measured(held, drawn.methods, capacity)
    found = compare(point, drawn, official, possible)
    return found.rename(columns=columns)[["origin", "measure", "method", *columns.values()]]


def _with_random(drawn: drawing.Draws, contests: Sequence[Contest], capacity: Capacity) -> drawing.Draws:
    """The draws with random choice among the methods: its expectation does not depend on who is drawn."""
    shares = np.array([contest.places(capacity) / len(contest.later_value) for contest in contests])
    origins, count = drawn.values.shape[:2]
    fixed = np.stack([shares, 1.0 - shares], axis=1)[:, None, None, :]
    values = np.concatenate([drawn.values, np.broadcast_to(fixed, (origins, count, 1, 2))], axis=2)
    return drawing.Draws(drawn.origins, [*drawn.methods, RANDOM], values, drawn.effects)


def _measured(
    contests: Sequence[Contest], methods: Sequence[str], capacity: Capacity
) -> tuple[Floats, Floats]:
    """The measures `[origin, method, measure]`, NaN where a method failed, and the least and most possible.

    No choice can capture less than nothing or more than the true top, nor miss less than none or more than
    all of it: `[origin, measure, end]`.
    """
    point = np.full((len(contests), len(methods), len(drawing.MEASURES)), np.nan)
    possible = np.zeros((len(contests), len(drawing.MEASURES), 2))
    for o, contest in enumerate(contests):
        places = contest.places(capacity)
        most = measure(contest.truth, contest.truth, contest.later_value, places)
        possible[o, :, 1] = most.captured, 1.0
        for k, name in enumerate(methods):
            if name == RANDOM:
                found = measure_random(contest.truth, contest.later_value, places)
            elif name in contest.rankings:
                found = measure(contest.rankings[name], contest.truth, contest.later_value, places)
            else:
                continue
            point[o, k] = found.captured, found.missed
    return point, possible
