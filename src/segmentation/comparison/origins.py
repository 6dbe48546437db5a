"""Which past month ends can a trial start from, and why can the others not?"""

from collections.abc import Sequence

import pandas as pd

from segmentation import months

SKIPPED = ["origin", "reason", "reason_zh"]


def origins_for(
    history_months: Sequence[str],
    month: str,
    origins: int | Sequence[str],
    window_months: int,
    holdout_months: int,
) -> tuple[list[str], pd.DataFrame]:
    """The month ends whose window and hold-out both lie within what was known at the end of `month`.

    `history_months` are the ledger's months. A number asks for the latest that many, the last of which has
    its hold-out end with `month`. Returns the usable origins, oldest first, and a frame (origin, reason,
    reason_zh) of those that were asked for and skipped.

    >>> origins_for(months.span("2017-01", "2017-12"), "2017-12", 2, window_months=6, holdout_months=3)[0]
    ['2017-08', '2017-09']
    >>> origins_for(months.span("2017-01", "2017-12"), "2017-12", ["2017-05"], 6, 3)[1]["reason"].tolist()
    ['its window of 6 months begins 2016-12, before the first month 2017-01']
    """
    if isinstance(origins, int):
        last = months.add(month, -holdout_months)
        asked = [months.add(last, -back) for back in range(origins)][::-1]
    else:
        asked = sorted({months.parse(origin) for origin in origins})
    why = {o: _why_not(o, history_months, month, window_months, holdout_months) for o in asked}
    skipped = [(origin, *reasons) for origin, reasons in why.items() if reasons]
    return [origin for origin in asked if not why[origin]], pd.DataFrame(skipped, columns=SKIPPED)


def _why_not(
    origin: str, history_months: Sequence[str], month: str, window_months: int, holdout_months: int
) -> tuple[str, str] | None:
    """Why an origin cannot be used, in English and Chinese; None if it can."""
    if not history_months:
        return "there are no months of data", "没有任何月份的数据"
    first, last = history_months[0], min(month, history_months[-1])
    begin, end = months.add(origin, 1 - window_months), months.add(origin, holdout_months)
    if begin < first:
        return (
            f"its window of {window_months} months begins {begin}, before the first month {first}",
            f"其 {window_months} 个月的窗口始于 {begin}，早于首月 {first}",
        )
    if end > last:
        return (
            f"its hold-out of {holdout_months} months ends {end}, after {last}",
            f"其 {holdout_months} 个月的检验期止于 {end}，晚于 {last}",
        )
    return None
