"""How sure are the trial's differences? Intervals to the official method, and a winner if there is one."""

from collections.abc import Sequence
from statistics import NormalDist

import numpy as np
import pandas as pd

from segmentation.comparison.capture import Floats
from segmentation.comparison.draws import CAPTURED, MEASURES, Draws

# a difference that varies less than this from draw to draw is none
_SAME = 1e-7


def compare(point: Floats, draws: Draws, official: str, level: float = 0.95) -> pd.DataFrame:
    """Each method's difference to the official one, with its interval alone and with all others together.

    `point[origin, method, measure]` are the measures themselves. Columns: origin ("all" = mean over the
    origins where both methods ran, then each), measure, method, difference, low, high (the difference and
    1.96 standard deviations of its draws on either side), low_all, high_all (the same level for all methods
    at once, by the largest studentised difference), clear (whether zero is outside low_all … high_all).
    """
    at = draws.methods.index(official)
    others = [k for k in range(len(draws.methods)) if k != at]
    rows = []
    for o, origin in [
        (slice(None), "all"),
        *((slice(o, o + 1), name) for o, name in enumerate(draws.origins)),
    ]:
        for m, measure in enumerate(MEASURES):
            at_point, at_draws = point[o, :, m], draws.values[o, :, :, m]
            difference = _mean(at_point[:, others] - at_point[:, [at]])
            drawn = _mean(at_draws[:, :, others] - at_draws[:, :, [at]])
            alone, together = _reaches(drawn, difference, level)
            for k, method in enumerate(others):
                rows.append(
                    {
                        "origin": origin,
                        "measure": measure,
                        "method": draws.methods[method],
                        "difference": difference[k],
                        "low": difference[k] - alone[k],
                        "high": difference[k] + alone[k],
                        "low_all": difference[k] - together[k],
                        "high_all": difference[k] + together[k],
                        "clear": bool(abs(difference[k]) > together[k]),
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
        difference = _mean(at_point[:, first] - at_point[:, second])
        drawn = _mean(at_draws[:, :, first] - at_draws[:, :, second])
        _, reach = _reaches(drawn, difference, level)
        rivals = []
        for a, b, apart, half in zip(first, second, difference, reach):
            if best in (a, b) and half > 0:
                ahead = apart if a == best else -apart
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


def _reaches(drawn: Floats, centre: Floats, level: float) -> tuple[Floats, Floats]:
    """Half-widths of the intervals of each column alone, and of all columns together.

    Together: the quantile of the largest |t| of a draw times each deviation. Zero where a difference never
    varies (two methods that rank alike), NaN where there is none.
    """
    spread = np.full(len(centre), np.nan)
    usable = np.flatnonzero(np.isfinite(centre))
    drawn = drawn[np.isfinite(drawn[:, usable]).all(axis=1)]
    if not len(usable) or not len(drawn):
        return spread, spread
    spread[usable] = drawn[:, usable].std(axis=0)
    spread[spread < _SAME] = 0.0
    alone = spread * NormalDist().inv_cdf((1 + level) / 2)
    varying = np.flatnonzero(spread > 0)
    if not len(varying):
        return alone, alone
    largest = np.abs((drawn[:, varying] - drawn[:, varying].mean(axis=0)) / spread[varying]).max(axis=1)
    return alone, np.maximum(alone, spread * np.quantile(largest, level))
