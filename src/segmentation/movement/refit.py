"""How often to learn the rule anew, and whether to wait before moving a customer: the price of each."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import pandas as pd

from segmentation.comparison.stability import month_to_month
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
    months: Sequence[str], tiers_with: Callable[[str, str], pd.Series], method: str
) -> pd.DataFrame:
    """What learning the rule less often saves in changes, and how far it drifts from a fresh rule.

    `tiers_with(month, learned)` gives the tiers (index customer_id) of a month's customers under the rule
    learned at the end of another. Columns: refit; learned (number of rules over `months`); changed and
    reversed (changes a month, and of these taken back the month after: means of `month_to_month`);
    different (share of customers whom that month's own rule would put elsewhere, mean of the months).
    """
    rows = []
    for refit in EVERY:
        at = {month: learned_month(month, refit, months[0]) for month in months}
        held = {month: tiers_with(month, at[month]) for month in months}
        fresh = {month: tiers_with(month, month) for month in months}
        moves = month_to_month({m: _frame(tiers, method) for m, tiers in held.items()})
        rows.append(
            {
                "refit": refit,
                "learned": len(set(at.values())),
                "changed": moves["share_changed"].mean(),
                "reversed": moves["share_reversed"].mean(),
                "different": float(
                    np.mean([(held[m] != fresh[m].reindex(held[m].index)).mean() for m in months])
                ),
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
    if qualifying < 1:
        raise ParameterError(f"damping: {qualifying} qualifying months; at least 1")
    place = pd.Index(names)
    months = sorted(tiers_by_month)
    held: pd.Series | None = None
    recent: list[pd.Series] = []
    found: dict[str, pd.DataFrame] = {}
    for month in months:
        frame = tiers_by_month[month]
        raw = pd.Series(place.get_indexer(pd.Index(frame[method])), index=pd.Index(frame["customer_id"]))
        recent = [*recent, raw][-qualifying:]
        now = raw if held is None else _held(held.reindex(raw.index), recent, raw, qualifying)
        held = now
        tiers = pd.Series(place.to_numpy()[now.to_numpy(dtype=int)], dtype="str")
        found[month] = pd.DataFrame({"customer_id": now.index, method: tiers})
    return found


def price_of_damping(
    tiers_by_month: Mapping[str, pd.DataFrame], method: str, names: Sequence[str], qualifying: Sequence[int]
) -> pd.DataFrame:
    """What damping saves in changes and reversals, and what it costs in delay.

    Columns: qualifying (months); changed and reversed (means of `month_to_month`); delay (mean months by
    which a change comes later than undamped, of the changes that come at all); withheld (share of the
    undamped changes that never come: most were taken back); different (share of customers in another tier
    than undamped, mean of the months).
    """
    rows = []
    raw = {m: frame.set_index("customer_id")[method] for m, frame in sorted(tiers_by_month.items())}
    for count in qualifying:
        frames = damped(tiers_by_month, method, names, count)
        moves = month_to_month(frames)
        held = {m: frame.set_index("customer_id")[method] for m, frame in frames.items()}
        delay, withheld = _delay(raw, held)
        rows.append(
            {
                "qualifying": count,
                "changed": moves["share_changed"].mean(),
                "reversed": moves["share_reversed"].mean(),
                "delay": delay,
                "withheld": withheld,
                "different": float(np.mean([(held[m] != raw[m]).mean() for m in raw])),
            }
        )
    return pd.DataFrame(rows)


def _held(before: pd.Series, recent: Sequence[pd.Series], raw: pd.Series, qualifying: int) -> pd.Series:
    """The tier held this month: the one before, unless all recent months lie beyond it on one side."""
    past = pd.concat(list(recent), axis=1).reindex(raw.index)
    complete = past.notna().all(axis=1) & (len(recent) == qualifying)
    up, down = past.max(axis=1), past.min(axis=1)
    now = before.where(~(complete & (up < before)), up)
    now = now.where(~(complete & (down > before)), down)
    return now.where(before.notna(), raw)


def _delay(raw: Mapping[str, pd.Series], held: Mapping[str, pd.Series]) -> tuple[float, float]:
    """Mean months from an undamped change to the first month that holds the new tier, and the share never."""
    months = list(raw)
    waits: list[float] = []
    never = 0
    for index in range(1, len(months)):
        was, now = raw[months[index - 1]], raw[months[index]]
        both = was.index.intersection(now.index)
        moved = both[(was[both] != now[both]).to_numpy()]
        waiting = pd.Series(now[moved])
        for wait, month in enumerate(months[index:]):
            there = held[month].reindex(waiting.index) == waiting
            waits.extend([float(wait)] * int(there.sum()))
            waiting = waiting[~there.to_numpy()]
        never += len(waiting)
    total = len(waits) + never
    return (float(np.mean(waits)) if waits else float("nan")), (never / total if total else float("nan"))


def _frame(tiers: pd.Series, method: str) -> pd.DataFrame:
    return pd.DataFrame({"customer_id": tiers.index, method: tiers.to_numpy()})
