"""Completeness: do the orders cover a month to its end, or do they stop before it?"""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from itertools import pairwise
from math import ceil
from statistics import median

from segmentation import months

COMPLETE, SILENT, THIN = "complete", "silent", "thin"

# silences are looked at as far back as this; the longest of them, one in fifty and one more, are holidays
_LOOK_BACK = timedelta(days=366)
_HOLIDAYS = 0.02
# so many days a shop may close at a month's end when its orders go on afterwards
_LONG_HOLIDAY = 10
# orders go on with as many lines as on three usual days, on three days
_GO_ON = 3
# a month with less than such a share of the median month's days or lines is not of the body of the data
_FEW_DAYS, _FEW_LINES = 0.25, 0.05


def ends(lines_by_day: Mapping[date, int]) -> dict[str, str]:
    """Judge every month from the first to the last order by itself.

    A month is complete when its last days are no more silent than days in a row usually are: a shop that
    never sells on Sundays may end it on a Saturday, and one that is closed at times on the day before. The
    usual silence leaves out the longest ones, which are holidays. Where the orders go on in earnest
    afterwards, the month may end with a holiday. Where they do not, a month with hardly any days or lines is
    not complete either: a few stray dates make no month.

    Args:
        lines_by_day: the days with an accepted line, in order, and how many lines they have.

    Returns:
        month to "complete", "silent" (its last days are missing) or "thin" (hardly any days or lines). Later
        orders may make a month complete, and never incomplete.

    >>> days = {date(2017, 1, 1) + timedelta(days=n): 5 for n in range(45)}
    >>> ends(days), ends(days | {date(2017, 3, 31): 1})["2017-03"]
    ({'2017-01': 'complete', '2017-02': 'silent'}, 'thin')
    """
    days = list(lines_by_day)
    by_month: dict[str, list[int]] = {}
    for day, lines in lines_by_day.items():
        by_month.setdefault(months.of(day), []).append(lines)
    found = {}
    for month in months.span(months.of(days[0]), months.of(days[-1])):
        until = bisect_right(days, months.last_day(month))
        silent = (months.last_day(month) - days[until - 1]).days
        usual = _usual_silence(days[:until])
        known = [lines_by_day[day] for day in days[:until]]
        if _goes_on([lines_by_day[day] for day in days[until:]], known):
            in_month = min(silent, months.last_day(month).day)
            found[month] = COMPLETE if in_month <= max(usual, _LONG_HOLIDAY) else SILENT
        elif _is_thin(by_month, month):
            found[month] = THIN
        else:
            found[month] = COMPLETE if silent <= usual else SILENT
    return found


def _usual_silence(days: Sequence[date]) -> int:
    """How many days in a row may be silent: the usual number, and one more where days were silent before."""
    recent = days[bisect_right(days, days[-1] - _LOOK_BACK) :]
    silences = sorted(((late - early).days - 1 for early, late in pairwise(recent)), reverse=True)
    if not silences or not silences[0]:
        return 0
    return silences[min(ceil(_HOLIDAYS * len(silences)), len(silences) - 1)] + 1


def _goes_on(later: Sequence[int], known: Sequence[int]) -> bool:
    """Whether the orders go on in earnest, by the lines of the later days and of the days before."""
    return len(later) >= _GO_ON and sum(later) >= _GO_ON * median(known)


def _is_thin(by_month: Mapping[str, Sequence[int]], month: str) -> bool:
    """Whether a month has hardly any days or lines beside the year before it."""
    before = [
        by_month[name]
        for name in months.span(months.add(month, -12), months.add(month, -1))
        if name in by_month
    ]
    this = by_month.get(month, [])
    return bool(before) and (
        len(this) < _FEW_DAYS * median(map(len, before)) or sum(this) < _FEW_LINES * median(map(sum, before))
    )
