"""Quotes that are closed too late or never: where one opens, and the rows it would make one cell."""

import csv
import io
import re
from collections.abc import Sequence
from pathlib import Path

from segmentation.intake.sources.packing import open_bytes

# no cell of several lines is that long, in characters; it bounds the memory of looking for it
_LONGEST = 1 << 20
# so many digits, as in a date or the number of an order, tell a row of the table from other text
_TELLING = 4
_MOST_REPEATS = 500


def suspicion(place: int, delimiter: str) -> str:
    """Give the pattern that a cell's text has where it may hold rows: a line with cells up to its place.

    >>> bool(re.search(suspicion(2, ","), "19 inch rack\\nb,2017-01-02,5"))
    True
    >>> bool(re.search(suspicion(2, ","), "12 Main Street\\nSpringfield, IL"))
    False
    """
    sign = re.escape(delimiter)
    return rf"[\r\n]([^{sign}\r\n]*{sign}){{{min(max(place, 1), _MOST_REPEATS)}}}"


def swallowing(file: Path, encoding: str, delimiter: str, width: int) -> tuple[int, int] | None:
    """Find the first quote that makes one cell of rows of the table; an address of some lines is none.

    Args:
        file: a delimited file.
        encoding: its encoding.
        delimiter: what parts its cells.
        width: how many columns the table has.

    Returns:
        the line where the quote opens and the last line known to be in the cell, both from 1, or None.
    """
    limit = csv.field_size_limit(_LONGEST)
    try:
        with open_bytes(file) as stream, io.TextIOWrapper(stream, encoding, "replace", newline="") as text:
            reader = csv.reader(text, delimiter=delimiter)
            while True:
                before = reader.line_num
                try:
                    cells = next(reader)
                except StopIteration:
                    return None
                except csv.Error:
                    if reader.line_num > before + 1:
                        return before + 1, reader.line_num
                    continue
                if reader.line_num > before + 1:
                    lines_above = _lines_above_rows(cells, delimiter, width)
                    if lines_above is not None:
                        return before + 1 + lines_above, reader.line_num
    finally:
        csv.field_size_limit(limit)


def _lines_above_rows(cells: Sequence[str], delimiter: str, width: int) -> int | None:
    """How many lines of a record stand above that of the cell which holds rows; None where no cell does."""
    above = 0
    for place, cell in enumerate(cells):
        first, *others = re.split(r"\r\n|\r|\n", cell)
        own = [*cells[:place], *first.split(delimiter)]
        for n, line in enumerate(others, 1):
            parts = line.split(delimiter)
            # the last line is the beginning of a row, up to the quote that ends the cell
            as_wide = len(parts) == (width if n < len(others) else place + 1)
            if as_wide and any(map(_alike, own, parts[: place if n == len(others) else width])):
                return above
        above += len(others)
    return None


def _alike(one: str, other: str) -> bool:
    """Whether two texts are the same but for their digits, and have enough of them."""
    shape = re.sub(r"\d", "0", one.strip())
    return shape.count("0") >= _TELLING and shape == re.sub(r"\d", "0", other.strip())
