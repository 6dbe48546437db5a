"""How a workbook's cells look: number codes, colours of tiers, widths of columns."""

import unicodedata
from typing import TYPE_CHECKING

import pandas as pd

from segmentation.show.charts.colours import COLOURS
from segmentation.words.formats import decimals_of
from segmentation.words.reader import Reader

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format

DAY = "yyyy-mm-dd"
_WIDEST, _NARROWEST = 46, 8
_MEASURED = 500  # rows that a column's width is taken from


class Formats:
    """The formats of a workbook, each made once."""

    def __init__(self, book: "Workbook") -> None:
        self._book = book
        self._made: dict[str, Format] = {}
        self.title = book.add_format({"bold": True, "font_size": 16, "font_color": COLOURS["chart-ink"]})
        self.soft = book.add_format(
            {"font_color": COLOURS["chart-soft"], "text_wrap": True, "valign": "top"} | {"indent": 1}
        )
        self.link = book.add_format(
            {"font_color": COLOURS["hue-1"], "underline": True, "valign": "top"} | {"indent": 1}
        )
        head = {"bold": True, "text_wrap": True, "valign": "bottom", "bottom": 1, "bg_color": "#eef1f4"}
        self.head = book.add_format(head | {"align": "left", "indent": 1})
        self.head_right = book.add_format(head | {"align": "right"})

    def numbers(self, code: str) -> "Format":
        """The format with a number code of Excel's."""
        if code not in self._made:
            left = {"indent": 1, "align": "left"} if code in ("@", DAY) else {}
            wrap = {"text_wrap": True} if code == "@" else {}
            self._made[code] = self._book.add_format({"num_format": code, "valign": "top"} | left | wrap)
        return self._made[code]

    def tier(self, colour: str) -> "Format":
        """The format of a tier: a line of its colour below, so that it is told apart in print too."""
        if colour not in self._made:
            self._made[colour] = self._book.add_format(
                {"num_format": "@", "valign": "top", "bold": True, "align": "center", "left": 5}
                | {"left_color": COLOURS[colour]}
            )
        return self._made[colour]


CODES = {
    "share": "0.0%",
    "points": "+0.0%;−0.0%;0.0%",
    "integer": "#,##0",
    "days": "#,##0",
    "money": "#,##0",
    "exact": "#,##0",
    "number": "#,##0",
}


def code_of(values: pd.Series, kind: str, reader: Reader) -> str:
    """The number code of a column as Excel has it; @ for text."""
    if values.dtype.kind == "M":
        return DAY
    if kind not in CODES or values.dtype.kind not in "iuf":
        return "@"
    places = 0
    if kind in ("money", "exact"):
        places = reader.minor_units
    elif kind == "number":
        places = decimals_of(values.tolist(), kind)
    return CODES[kind] + (f".{'0' * places}" if places else "")


def width_of(values: pd.Series, kind: str, head: str) -> float:
    """A width that shows what most cells hold, in characters; wide ones of Chinese count twice."""
    shown = values.head(_MEASURED).dropna()
    if values.dtype.kind == "M":
        longest = 10
    elif values.dtype.kind in "iuf":
        longest = max((len(f"{value:,.2f}") for value in shown), default=0)
    else:
        longest = max((_columns(str(value)) for value in shown), default=0)
    words = max((_columns(word) for word in head.split()), default=0)
    return float(min(max(longest, min(words, 14), _columns(head) / 2, _NARROWEST), _WIDEST) + 3)


def _columns(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text[:100])
