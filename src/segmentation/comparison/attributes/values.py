"""The attributes of a table of customers as values few enough to compare: bands, years, the most frequent."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from segmentation.rules.values import plain

UNKNOWN = "–"  # nothing is said; signs, so that they read alike in every language
OTHERS = "…"  # several values together
_CATEGORIES = 12  # numbers of more values than this are parted into bands
_BANDS = 4
_MOST = 20  # texts of more values than this: the most frequent, the rest together
_NAMES = (
    0.5  # a column of more different values than this share of the customers tells customers apart, not kinds
)
_DAY = r"\d{4}-\d{2}-\d{2}.*"


@dataclass(frozen=True)
class Attributes:
    """What customers are, attribute by attribute.

    Attributes:
        values: one row a customer, a column an attribute: UNKNOWN where nothing is said, OTHERS where a value
            is too rare to be shown by itself.
        left_out: columns that are no attribute, because nearly every customer has a value of its own, or all
            have the same.
    """

    values: pd.DataFrame
    left_out: Sequence[str]


def attributes_of(
    customers: pd.DataFrame, columns: Sequence[str], fewest: int, within: Sequence[pd.Series] = ()
) -> Attributes:
    """The columns as attributes; values of fewer customers than `fewest` are put together.

    within: masks of customers, each of whom is to have so many of a value (default: all of them).

    Numbers of more than twelve values become bands of about equal size, days their years, and of texts of
    more than twenty values the most frequent stay. Nothing depends on the order of the rows.

    >>> frame = pd.DataFrame({"sex": ["f", "f", "m", None], "phone": ["1-1", "2-2", "3-3", "4-4"]})
    >>> found = attributes_of(frame, ["sex", "phone"], 1)
    >>> found.values["sex"].tolist(), found.left_out
    (['f', 'f', 'm', '–'], ['phone'])
    """
    kept, left_out = {}, []
    for name in columns:
        column = customers[name]
        said = _as_kinds(column)
        if said is None or said.nunique() < 1:
            left_out.append(name)
            continue
        kept[name] = _without_rare(said.fillna(UNKNOWN), fewest, within)
        if kept[name].nunique() < 2:
            del kept[name]
            left_out.append(name)
    return Attributes(pd.DataFrame(kept, index=customers.index), left_out)


def _as_kinds(column: pd.Series) -> pd.Series | None:
    """The column as kinds of customers, None where it tells them apart one by one."""
    said = column.astype("str").where(column.notna())
    if len(known := said.dropna()) and known.str.fullmatch(_DAY).all():
        said = said.str[:4]
    numbers = pd.to_numeric(said, errors="coerce")
    different = said.nunique()
    if numbers.notna().sum() == said.notna().sum() and np.isfinite(numbers.dropna()).all():
        return said if different <= _CATEGORIES else _bands(numbers)
    if different > max(_NAMES * said.notna().sum(), 2):
        return None
    if different <= _MOST:
        return said
    counts = said.value_counts().rename_axis("value").reset_index()
    often = counts.sort_values(["count", "value"], ascending=[False, True])["value"].head(_MOST)
    return said.where(said.isin(often) | said.isna(), OTHERS)


def _bands(numbers: pd.Series) -> pd.Series:
    """Numbers as bands whose limits occur: 5–12; a limit belongs to the upper band."""
    known = np.sort(numbers.dropna().to_numpy())
    cuts = sorted(
        {float(known[len(known) * part // _BANDS]) for part in range(1, _BANDS)} - {float(known[0])}
    )
    place = np.searchsorted(cuts, numbers.to_numpy(), side="right")
    names = []
    for band in range(len(cuts) + 1):
        inside = known[np.searchsorted(cuts, known, side="right") == band]
        low, high = plain(float(inside[0])), plain(float(inside[-1]))
        names.append(low if low == high else f"{low}–{high}")
    return pd.Series(np.array(names, dtype=object)[place], index=numbers.index).where(numbers.notna())


def _without_rare(values: pd.Series, fewest: int, within: Sequence[pd.Series]) -> pd.Series:
    """Values of too few customers together; where these are too few again, with the next rarest one."""
    different = np.sort(values.unique())
    groups = [values[mask].value_counts().reindex(different, fill_value=0) for mask in within]
    counts = pd.concat(groups or [values.value_counts().reindex(different)], axis="columns").to_numpy()
    together = np.zeros(counts.shape[1], dtype=np.int64)
    rare: list[str] = []
    for place in np.lexsort((different, counts.min(axis=1))):
        if counts[place].min() < fewest or (rare and together.min() < fewest):
            rare.append(different[place])
            together += counts[place]
    return values.mask(values.isin(rare), OTHERS)
