"""What each tier brings next, from its last months and its own drift, with intervals as wide as past errors."""

from typing import NamedTuple

import numpy as np
import pandas as pd

from segmentation.movement.life.stages import Floats

COVERED = 0.80
LEAST_RATIOS, RATIOS = 3, 4
LEAST_ERRORS = 4  # of so few past errors the largest one covers four of five
_CLIP = (0.5, 2.0)


class Outlook(NamedTuple):
    """What is expected of one line (a tier, new customers …) in the next months.

    expected: the money. drift: by what the last months are multiplied; 1 where the past does not speak for
    more. low, high: the 80 % interval; empty where fewer than four past errors are known, or they
    are as large as the forecast. error, naive_error:
    mean absolute error of the forecast and of "the same again", as a share of what came, at earlier month
    ends. mase: the one against the other, in money. origins: how many month ends these are of.
    """

    expected: float
    drift: float
    low: float
    high: float
    error: float
    naive_error: float
    mase: float
    origins: int


def drift_of(ratios: Floats) -> float:
    """The median of the last four known ratios of next to last months, within a half and twice; else 1.

    A tier is chosen by past spend, so it falls back (or, the lowest, rises) by itself. Fewer than three
    ratios, or a spread larger than the ratio, tell nothing.
    """
    known = ratios[np.isfinite(ratios)][-RATIOS:]
    if len(known) < LEAST_RATIOS:
        return 1.0
    middle = float(np.median(known))
    if known.max() - known.min() > middle:
        return 1.0
    return float(np.clip(middle, *_CLIP))


def outlook(last: Floats, following: Floats, ahead: int) -> Outlook:
    """The outlook of one line from its past, a value a month end, the latest last.

    Args:
        last: what the last `ahead` months had brought at each month end, scaled to the days of the next ones.
        following: what the next `ahead` months brought; empty where they are not over.
        ahead: the months looked ahead.

    Which of drift and "the same again" is used was decided, at every month end, by their errors known by
    then; the interval is as wide as the errors of what was used (split conformal, the (1 − α)(n + 1) / n
    quantile, Lei et al. 2018, "Distribution-free predictive inference for regression").
    """
    drifted, used = _forecasts(last, following, ahead)
    error = np.abs(following - used)
    scored = np.isfinite(error) & np.isfinite(drifted)
    naive = np.abs(following - last)
    n = int(scored.sum())
    now = float(used[-1])
    half = _half_width(used, following)
    came = np.abs(following[scored])
    return Outlook(
        expected=now,
        drift=now / float(last[-1]) if last[-1] else 1.0,
        low=now - half * abs(now),
        high=now + half * abs(now),
        error=float(np.mean(error[scored] / came)) if n and (came > 0).all() else np.nan,
        naive_error=float(np.mean(naive[scored] / came)) if n and (came > 0).all() else np.nan,
        mase=float(error[scored].mean() / naive[scored].mean()) if n and naive[scored].any() else np.nan,
        origins=n,
    )


def covered(last: Floats, following: Floats, ahead: int) -> list[bool]:
    """Whether what came lay in the interval, at each month end at which one could have been stated."""
    found = []
    for place in range(len(last)):
        if not np.isfinite(following[place]):
            continue
        known = following[: place + 1].copy()
        known[max(place - ahead + 1, 0) :] = np.nan  # what is not over by then is not known
        stated = outlook(last[: place + 1], known, ahead)
        if np.isfinite(stated.low):
            found.append(bool(stated.low <= following[place] <= stated.high))
    return found


def _forecasts(last: Floats, following: Floats, ahead: int) -> tuple[Floats, Floats]:
    """At each month end: the forecast by drift (empty where there is none yet), and the one to use."""
    with np.errstate(divide="ignore", invalid="ignore"):
        ratios = np.where(last > 0, following / last, np.nan)
    drifted, used = np.full(len(last), np.nan), last.copy()
    for place in range(len(last)):
        over = max(place - ahead + 1, 0)  # the outcome of so many month ends is known by now
        if np.isfinite(ratios[:over]).sum() >= LEAST_RATIOS:
            drifted[place] = last[place] * drift_of(ratios[:over])
            tried = np.isfinite(drifted[:over]) & np.isfinite(following[:over])
            by_drift = np.abs(following[:over] - drifted[:over])[tried].sum()
            if by_drift < np.abs(following[:over] - last[:over])[tried].sum():
                used[place] = drifted[place]
    return drifted, used


def _half_width(used: Floats, following: Floats) -> float:
    """Half the interval as a share of the forecast, from the errors known.

    Empty where these are too few, or where they are as large as the forecast itself: then nothing is known.
    """
    known = np.isfinite(following) & (used != 0)
    errors = np.sort(np.abs(following[known] / used[known] - 1.0))
    place = int(np.ceil(COVERED * (len(errors) + 1)))
    if len(errors) < LEAST_ERRORS or place > len(errors) or errors[place - 1] >= 1.0:
        return np.nan
    return float(errors[place - 1])


def by_line(turnover: pd.DataFrame, lines: list[str], ahead: int) -> pd.DataFrame:
    """The outlook of every line: line, last, and the fields of `Outlook`; at the end a line "all", their sum.

    `turnover`: origin, line, last, following; a row an origin and line, origins in order, following empty
    where it is not over. A line without anything to go by is left out. The interval of the sum comes from the
    errors of the sums at the month ends that had every line, and its origins count these; drift, error and mase
    are of each line alone.
    """
    wide = turnover.pivot(index="origin", columns="line", values=["last", "following"])
    rows, used, complete = [], np.zeros(len(wide)), np.ones(len(wide), dtype=bool)
    for line in (line for line in lines if line in wide["last"]):
        known = wide["last"][line].notna().to_numpy()
        last, following = (wide[name][line].to_numpy(np.float64)[known] for name in ("last", "following"))
        if len(last) and known[-1]:
            rows.append({"line": line, "last": last[-1], **outlook(last, following, ahead)._asdict()})
            used[known] += _forecasts(last, following, ahead)[1]
            complete &= known
    found = pd.DataFrame(rows, columns=["line", "last", *Outlook._fields])
    came = wide["following"][list(found["line"])].to_numpy(np.float64).sum(axis=1)
    half, sums = _half_width(used[complete], came[complete]), found[["last", "expected"]].sum().to_dict()
    total = {
        "line": "all",
        **sums,
        "origins": int(np.isfinite(came[complete]).sum()),
        "low": sums["expected"] * (1.0 - half),
        "high": sums["expected"] * (1.0 + half),
    }
    return pd.concat([found, pd.DataFrame([total])], ignore_index=True)
