"""Which past month ends can a trial start from, and why can the others not?"""

from collections.abc import Sequence

import pandas as pd

from segmentation import months


def origins_for(
    history_months: Sequence[str],
    month: str,
    origins: int | Sequence[str],
    window_months: int,
    holdout_months: int,
) -> tuple[list[str], pd.DataFrame]:
    """The month ends whose window and hold-out both lie within what was known at the end of `month`.

    `history_months` are the ledger's months. A number asks for the latest that many, the last of which has
    its hold-out end with `month`. Returns the usable origins, oldest first, and a frame (origin, reason) of
    those that were asked for and skipped.

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
    usable: list[str] = []
    skipped: list[tuple[str, str]] = []
    for origin in asked:
        reason = _why_not(origin, history_months, month, window_months, holdout_months)
        if reason:
            skipped.append((origin, reason))
        else:
            usable.append(origin)
    return usable, pd.DataFrame(skipped, columns=["origin", "reason"])


def _why_not(
    origin: str, history_months: Sequence[str], month: str, window_months: int, holdout_months: int
) -> str:
    """Why an origin cannot be used; empty if it can."""
    if not history_months:
        return "there are no months of data"
    begin, end = months.add(origin, 1 - window_months), months.add(origin, holdout_months)
    if begin < history_months[0]:
        return (
            f"its window of {window_months} months begins {begin}, before the first month {history_months[0]}"
        )
    if end > month:
        return f"its hold-out of {holdout_months} months ends {end}, after {month}"
    if end > history_months[-1]:
        return (
            f"its hold-out of {holdout_months} months ends {end}, after the last month {history_months[-1]}"
        )
    return ""
