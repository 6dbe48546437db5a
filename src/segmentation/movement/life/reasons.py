"""What changed for a customer against the customer's own past, and by when to talk about it."""

import numpy as np
import pandas as pd

from segmentation import months
from segmentation.movement.life.known import MONTH_DAYS
from segmentation.movement.life.stages import SILENT_GAPS, Floats
from segmentation.movement.lists import FALLING, SILENT_DAYS, SILENT_TIMES

NOTHING = "no_change"
_MOST = np.log(20.0)  # what fell to nothing counts as a twentieth
_SOON_DAYS = 14
_SHOWN = 2


def reasons(customers: pd.DataFrame, usual_days: Floats) -> pd.Series:
    """Codes of `words/states.py`, the largest change first and two at most, joined by commas.

    silent: for more than twice the own gap, and 30 days. falling: the last three months brought at least 30 %
    less than the three before. fewer_months: orders in fewer of the last three months than of the three
    before. once: ordered on a single day; it stands first. Each other one is measured by how many times it is
    off the own past.
    """
    silent, recent, previous = (
        customers[name].to_numpy(dtype=np.float64) for name in ("recency_days", "recent", "previous")
    )
    now, then = (customers[f"{name}_months"].to_numpy(dtype=np.float64) for name in ("recent", "previous"))
    with np.errstate(divide="ignore", invalid="ignore"):
        longer = np.log(silent / usual_days)
        less = np.where(recent > 0, np.log(previous / recent), _MOST)
        fewer = np.where(now > 0, np.log(then / now), _MOST)
    signs = {
        "silent": np.where((silent > SILENT_TIMES * usual_days) & (silent > SILENT_DAYS), longer, -1.0),
        "falling": np.where((previous > 0) & (recent <= (1.0 + FALLING) * previous), less, -1.0),
        "fewer_months": np.where(now < then, fewer, -1.0),
        "once": np.where(customers["days_ever"] == 1, np.inf, -1.0),
    }
    names, sizes = ["", *signs], np.column_stack(list(signs.values()))
    ranked = np.argsort(-sizes, axis=1, kind="stable")[:, :_SHOWN]
    there = np.take_along_axis(sizes, ranked, axis=1) >= 0.0
    # few orders of the signs occur: each is a number in base five, and is written once
    number = np.where(there, ranked + 1, 0) @ (len(names) ** np.arange(_SHOWN))
    kinds, place = np.unique(number, return_inverse=True)
    said = [_said(int(kind), names) for kind in kinds]
    return pd.Series(pd.Categorical.from_codes(place, pd.Index(said)), index=customers.index).astype("str")


def _said(number: int, names: list[str]) -> str:
    found = []
    while number:
        number, name = divmod(number, len(names))
        found.append(names[name])
    return ", ".join(found) or NOTHING


def by_when(customers: pd.DataFrame, usual_days: Floats, horizon: int) -> pd.Series:
    """The day on which a customer would count as churned, two weeks to one horizon after the month's end."""
    end = pd.Timestamp(months.last_day(customers.attrs["as_of"]))
    longest = np.fmax(SILENT_GAPS * usual_days, MONTH_DAYS * horizon)
    left = np.clip(
        longest - customers["recency_days"].to_numpy(dtype=np.float64), _SOON_DAYS, MONTH_DAYS * horizon
    )
    return pd.Series(end + pd.to_timedelta(np.floor(left), unit="D"), index=customers.index)
