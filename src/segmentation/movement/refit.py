"""How often to learn the rule anew, and whether to wait before moving a customer: the price of each."""

from collections.abc import Callable, Mapping, Sequence
from functools import cache

import numpy as np
import pandas as pd

from segmentation.comparison.panel import ABSENT, Panel, Places
from segmentation.errors import ParameterError

EVERY = {"monthly": 1, "quarterly": 3, "yearly": 12}


def learned_month(month: str, refit: str, first: str) -> str:
    """The month whose customers the rule of `month` was learned from.

    Quarterly rules are learned at the end of March, June, September and December, yearly ones at the end of
    December; before the first of these at the first month that a rule can be learned from.

    >>> learned_month("2017-08", "quarterly", "2017-01"), learned_month("2017-02", "yearly", "2017-01")
    ('2017-06', '2017-01')
    """
    from segmentation import months

    if refit not in EVERY:
        raise ParameterError(f"refit: {refit!r} is not one of {', '.join(EVERY)}")
    return max(months.add(month, -(int(month[5:]) % EVERY[refit])), min(first, month))


def price_of_refit(
    months: Sequence[str], tiers_with: Callable[[str, str], pd.DataFrame], method: str, names: Sequence[str]
) -> pd.DataFrame:
    """What learning the rule less often saves in changes, and how far it drifts from a fresh rule.

    `tiers_with(month, learned)` gives the tiers frame (customer_id, a column `method`) of a month's customers
    under the rule learned at the end of another; it is asked once for each pair. Columns: refit; learned
    (number of rules over `months`); changed and reversed (changes a month, and of these taken back the month
    after: means of `Panel.changes`); different (share of customers whom that month's own rule would put
    elsewhere, mean of the months).
    """
    once = cache(tiers_with)
    fresh = Panel.of({month: once(month, month) for month in months}, method, names)
    rows = []
    for refit in EVERY:
        at = {month: learned_month(month, refit, months[0]) for month in months}
        held = Panel.of({month: once(month, at[month]) for month in months}, method, names)
        moves = held.changes()
        rows.append(
            {
                "refit": refit,
                "learned": len(set(at.values())),
                "changed": moves["share_changed"].mean(),
                "reversed": moves["share_reversed"].mean(),
                "different": fresh.different(held.places),
            }
        )
    return pd.DataFrame(rows)


def damped(
    tiers_by_month: Mapping[str, pd.DataFrame], method: str, names: Sequence[str], qualifying: int
) -> dict[str, pd.DataFrame]:
    """The tiers when a customer moves only after `qualifying` months in a row beyond the tier that is held.

    A customer moves up to the lowest tier of these months, or down to the best of them. Who comes in, or
    comes back, gets the tier of the month at once. With 1 nothing is damped. Returns frames of customer_id
    and the column `method`, by month.

    Raises ParameterError for less than 1 month.
    """
    panel = Panel.of(tiers_by_month, method, names)
    held, tiers = _held(panel.places, qualifying), np.asarray(names, dtype=object)
    return {
        month: pd.DataFrame(
            {
                "customer_id": tiers_by_month[month]["customer_id"].array,
                method: pd.array(tiers[held[rows, at]], dtype="str"),
            }
        )
        for at, (month, rows) in enumerate(zip(panel.months, panel.rows, strict=True))
    }


def price_of_damping(
    tiers_by_month: Mapping[str, pd.DataFrame], method: str, names: Sequence[str], qualifying: Sequence[int]
) -> pd.DataFrame:
    """What damping saves in changes and reversals, and what it costs in delay.

    Columns: qualifying (months); changed and reversed (means of `Panel.changes`); delay (mean months by
    which a change comes later than undamped, of the changes that come at all); withheld (share of the
    undamped changes that never come: most were taken back); different (share of customers in another tier
    than undamped, mean of the months).
    """
    raw = Panel.of(tiers_by_month, method, names)
    rows = []
    for count in qualifying:
        held = raw._replace(places=_held(raw.places, count))
        moves = held.changes()
        delay, withheld = _delay(raw.places, held.places)
        rows.append(
            {
                "qualifying": count,
                "changed": moves["share_changed"].mean(),
                "reversed": moves["share_reversed"].mean(),
                "delay": delay,
                "withheld": withheld,
                "different": raw.different(held.places),
            }
        )
    return pd.DataFrame(rows)


def _held(raw: Places, qualifying: int) -> Places:
    """The tier held in each month: the one before, unless all recent months lie beyond it on one side."""
    if qualifying < 1:
        raise ParameterError(f"damping: {qualifying} qualifying months; at least 1")
    held = raw.copy()
    for at in range(1, raw.shape[1]):
        recent = raw[:, max(at + 1 - qualifying, 0) : at + 1]
        before = held[:, at - 1]
        best, worst = recent.min(axis=1), recent.max(axis=1)
        enough = (best != ABSENT) & (recent.shape[1] == qualifying)
        now = np.where(enough & (worst < before), worst, before)
        now = np.where(enough & (best > before), best, now)
        here = raw[:, at] != ABSENT
        held[:, at] = np.where(here & (before != ABSENT), now, raw[:, at])
    return held


def _delay(raw: Places, held: Places) -> tuple[float, float]:
    """Mean months from an undamped change to the first month that holds the new tier, and the share never."""
    waited = come = total = 0
    for at in range(1, raw.shape[1]):
        was, now = raw[:, at - 1], raw[:, at]
        moved = np.flatnonzero((was != ABSENT) & (now != ABSENT) & (was != now))
        there = held[moved, at:] == now[moved, None]
        comes = there.any(axis=1)
        waited += int(there.argmax(axis=1)[comes].sum())
        come += int(comes.sum())
        total += len(moved)
    return (waited / come if come else float("nan")), ((total - come) / total if total else float("nan"))
