"""How sure are the trial's differences? Intervals to the official method, and a winner if there is one."""

from collections.abc import Sequence
from statistics import NormalDist

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import stdtrit

from segmentation.comparison.capture import Floats
from segmentation.comparison.contest import RANDOM
from segmentation.comparison.draws import CAPTURED, MEASURES, Draws

# a difference that varies less than this from draw to draw is none
_SAME = 1e-7


def compare(
    point: Floats, draws: Draws, official: str, possible: Floats, level: float = 0.95
) -> pd.DataFrame:
    """Each method's difference to the official one, with its interval alone and with all others together.

    `point[origin, method, measure]` are the measures themselves; `possible[origin, measure, end]` the least
    and the most that any choice can come to. Columns: origin ("all" = mean over the origins where both
    methods ran, then each), measure, method, difference, low, high (for this method alone), low_all, high_all
    (the same level for all methods at once, by the largest studentised difference; random choice, which is
    no rival, has its own interval here too), clear (whether zero is outside low_all … high_all), same (it
    chooses the same customers).

    The half-width is the larger of the draws' deviation and the jackknife's, times Student's quantile: where
    few customers make the difference, its degrees of freedom are as few (see `_reaches`). An interval ends
    where the possible ends.
    """
    at = draws.methods.index(official)
    others = [k for k in range(len(draws.methods)) if k != at]
    names = [draws.methods[k] for k in others]
    rivals = np.array([name != RANDOM for name in names], dtype=bool)
    rows = []
    spans = [(slice(None), "all"), *((slice(o, o + 1), name) for o, name in enumerate(draws.origins))]
    for o, origin in spans:
        for m, measure in enumerate(MEASURES):
            own = point[o, :, m][:, [at]]
            apart = point[o, :, m][:, others] - own
            drawn = _mean(draws.values[o, :, :, m][:, :, others] - draws.values[o, :, :, m][:, :, [at]])
            effects = _effects(draws, o, m, others, [at] * len(others), np.isfinite(apart))
            difference = _mean(apart)
            alone, together = _reaches(drawn, effects, difference, level, rivals)
            # what random choice comes to is known, and the official method may find all or nothing
            known = point[o, :, m][:, others]
            ends = (
                np.where(rivals, possible[o, m, 0][:, None] - own, known - 1.0),
                np.where(rivals, possible[o, m, 1][:, None] - own, known),
            )
            least, most = (_mean(np.where(np.isfinite(apart), end, np.nan)) for end in ends)
            for k, method in enumerate(names):
                rows.append(
                    {
                        "origin": origin,
                        "measure": measure,
                        "method": method,
                        "difference": difference[k],
                        "low": max(difference[k] - alone[k], least[k]),
                        "high": min(difference[k] + alone[k], most[k]),
                        "low_all": max(difference[k] - together[k], least[k]),
                        "high_all": min(difference[k] + together[k], most[k]),
                        "clear": bool(abs(difference[k]) > max(together[k], _SAME)),
                        "same": bool(together[k] == 0),
                    }
                )
    return pd.DataFrame(rows)


def winner(point: Floats, draws: Draws, candidates: Sequence[str], level: float = 0.95) -> pd.DataFrame:
    """The best candidate by each measure, and whether it clearly beats every other, whichever was best.

    `candidates` in order of preference where two rank alike. The level allows for all pairs of candidates.
    Columns: measure, best, winner ("" without a clear one), rival (the one that comes closest to not being
    beaten), difference (best - rival), low_all, high_all.
    """
    columns = [draws.methods.index(name) for name in candidates if name in draws.methods]
    first, second = (np.array(columns)[side] for side in np.triu_indices(len(columns), k=1))
    rows = []
    for m, measure in enumerate(MEASURES):
        sign = 1.0 if measure == CAPTURED else -1.0
        at_point, at_draws = point[:, :, m], draws.values[:, :, :, m]
        means = (sign * _mean(at_point)).round(12).tolist()
        best = max(columns, key=means.__getitem__)
        apart = at_point[:, first] - at_point[:, second]
        difference = _mean(apart)
        drawn = _mean(at_draws[:, :, first] - at_draws[:, :, second])
        effects = _effects(draws, slice(None), m, list(first), list(second), np.isfinite(apart))
        _, reach = _reaches(drawn, effects, difference, level, np.ones(len(first), dtype=bool))
        rivals = []
        for a, b, between, half in zip(first, second, difference, reach):
            if best in (a, b) and half > 0:
                ahead = between if a == best else -between
                rivals.append((sign * ahead - half, b if a == best else a, ahead, half))
        margin, rival, ahead, half = min(rivals, default=(0.0, None, np.nan, np.nan))
        rows.append(
            {
                "measure": measure,
                "best": draws.methods[best],
                "winner": draws.methods[best] if margin > 0 else "",
                "rival": "" if rival is None else draws.methods[rival],
                "difference": ahead,
                "low_all": ahead - half,
                "high_all": ahead + half,
            }
        )
    return pd.DataFrame(rows)


def _mean(values: Floats) -> Floats:
    """The mean over the first axis of what is there; NaN where nothing is."""
    there = np.isfinite(values)
    with np.errstate(invalid="ignore"):
        return np.where(there, values, 0.0).sum(axis=0) / there.sum(axis=0)


def _effects(
    draws: Draws, o: slice, m: int, first: Sequence[int], second: Sequence[int], there: NDArray[np.bool_]
) -> Floats:
    """Two sums over customers of their effect on each difference, squared and to the fourth: `[2, pair]`."""
    found = np.zeros((2, len(first)))
    effects = draws.effects[o, :, m]
    means: dict[tuple[int, bytes], Floats | float] = {}

    def mean(method: int, origins: NDArray[np.bool_]) -> Floats | float:
        """A method's mean effects over these origins, computed once."""
        key = method, origins.tobytes()
        if key not in means:
            held = (
                [effects[k, method] for k in np.flatnonzero(origins)] if method < effects.shape[1] else [0.0]
            )
            means[key] = held[0] if len(held) == 1 else sum(held) / len(held)
        return means[key]

    for pair, (a, b) in enumerate(zip(first, second)):
        origins = there[:, pair]
        if origins.any():
            apart = mean(a, origins) - mean(b, origins)
            squared = np.square(apart)
            found[:, pair] = np.sum(squared), np.vdot(squared, squared)
    return found


def _reaches(
    drawn: Floats, effects: Floats, centre: Floats, level: float, family: NDArray[np.bool_]
) -> tuple[Floats, Floats]:
    """Half-widths of the intervals of each column alone, and of all columns of the family together.

    Together: the quantile of the largest |t| of a draw times each deviation. Zero where a difference never
    varies (two methods that rank alike), NaN where there is none. A deviation that n equal customers make
    would be known to n - 1 degrees of freedom; (Σe²)² / Σe⁴ is how many equal customers would make this one,
    and with heavy tails they are few however many customers there are.
    """
    spread = np.full(len(centre), np.nan)
    usable = np.flatnonzero(np.isfinite(centre))
    drawn = drawn[np.isfinite(drawn[:, usable]).all(axis=1)]
    if not len(usable) or not len(drawn):
        return spread, spread
    spread[usable] = np.maximum(drawn[:, usable].std(axis=0), np.sqrt(effects[0, usable]))
    spread[spread < _SAME] = 0.0
    normal = NormalDist().inv_cdf((1 + level) / 2)
    equal = np.divide(effects[0] ** 2, effects[1], out=np.full(len(centre), np.inf), where=effects[1] > 0)
    student = stdtrit(np.maximum(equal - 1.0, 1.0), (1 + level) / 2)
    alone = spread * student
    varying = np.flatnonzero((spread > 0) & family)
    if not len(varying):
        return alone, alone
    deviations = drawn[:, varying].std(axis=0)
    standing = np.where(deviations > 0, deviations, np.inf)
    largest = np.abs((drawn[:, varying] - drawn[:, varying].mean(axis=0)) / standing).max(axis=1)
    wider = max(float(np.quantile(largest, level)) / normal, 1.0)
    return alone, np.where(family, alone * wider, alone)
