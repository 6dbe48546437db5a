"""How a value is written for a reader: the same in tables, charts and sentences."""

import math

import pandas as pd

from segmentation.errors import ParameterError
from segmentation.words.translations import facts

EMPTY = "–"
NUMERIC = frozenset({"money", "exact", "share", "points", "integer", "number", "days"})
FORMATS = (*sorted(NUMERIC), "date", "text", "tier")


def write(column: pd.Series, kind: str, decimals: int | None = None) -> list[str]:
    """Return each value of `column` as text in a named format; an empty value is –.

    money: thousands separators; two decimals, none where the column reaches 1,000. exact: money to the cent.
    share: a fraction, in percent. points: a difference of fractions, signed, in percentage points.
    integer, days: whole. number: as many decimals as its size deserves.
    date: 2017-12-31. text, tier: as it is.
    Raises ParameterError for any other format.

    >>> write(pd.Series([0.1234, None]), "share"), write(pd.Series([-1234.5, 2]), "money")
    (['12.3%', '–'], ['−1,234', '2'])
    """
    if kind not in FORMATS:
        raise ParameterError(f"The format {kind!r} does not exist. Use one of {', '.join(FORMATS)}.")
    empty = column.isna()
    if kind == "date":
        texts = pd.to_datetime(column).dt.strftime("%Y-%m-%d")
        return [EMPTY if gone else text for gone, text in zip(empty, texts)]
    if kind in ("text", "tier"):
        return [EMPTY if gone else str(value) for gone, value in zip(empty, column)]
    values = column.astype("float64").tolist()
    places = decimals_of(values, kind) if decimals is None else decimals
    return [EMPTY if math.isnan(value) else _number(value, kind, places) for value in values]


def show(value: object, kind: str) -> str:
    """Return one value in a named format.

    >>> show(0.1234, "share"), show(-1234.5, "money"), show(0.012, "points")
    ('12.3%', '−1,234', '+1.2')
    """
    return write(pd.Series([value]), kind)[0]


def decimals_of(values: list[float], kind: str) -> int:
    """Return how many decimals a column needs, from its largest value."""
    if kind in ("integer", "days"):
        return 0
    if kind in ("share", "points"):
        return 1
    if kind == "exact":
        return 2
    largest = max((abs(value) for value in values if math.isfinite(value)), default=0.0)
    if kind == "money":
        return 0 if largest >= 1000 else 2
    if all(value.is_integer() for value in values if math.isfinite(value)):
        return 0
    return 3 if largest < 1 else 2 if largest < 10 else 1


def _number(value: float, kind: str, decimals: int) -> str:
    if math.isinf(value):
        return "∞" if value > 0 else "−∞"
    scaled = value * 100 if kind in ("share", "points") else value
    text = f"{scaled:+,.{decimals}f}" if kind == "points" else f"{scaled:,.{decimals}f}"
    if float(text.replace(",", "")) == 0:
        text = text.lstrip("+-")
    return text.replace("-", "−") + ("%" if kind == "share" else "")


def compact(value: float, language: str = "en") -> str:
    """Return a number in few characters, for a chart: 1,234 · 12.3k · 4.6M, or in ten thousands in Chinese.

    >>> compact(1234), compact(4_560_000), compact(0.5), compact(4_560_000, "zh")[:-1]
    ('1,234', '4.6M', '0.5', '456')
    """
    for step, divisor, unit in facts(language)["steps"]:
        if abs(value) >= step:
            size = value / divisor
            return f"{size:,.0f}{unit}".replace("-", "−") if abs(size) >= 100 else _short(size, 1) + unit
    return _short(value, 0 if abs(value) >= 10 else 2)


def compact_share(share: float) -> str:
    """Return a share in few characters, for an axis.

    >>> compact_share(0.2), compact_share(0.025)
    ('20%', '2.5%')
    """
    return f"{_short(share * 100, 1)}%"


def _short(value: float, decimals: int) -> str:
    """Return a number with at most so many decimals, without zeros at its end."""
    text = f"{value:,.{decimals}f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text).replace("-", "−")
