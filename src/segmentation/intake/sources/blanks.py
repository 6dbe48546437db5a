"""Blank lines among the rows of a text file, which the engine passes over and a spreadsheet counts."""

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path

from segmentation.intake.sources.packing import open_bytes

_CHUNK = 1 << 20
_BLANK = re.compile(rb"\n\r?\n|\r\r")


def blank_rows(file: Path, encoding: str, delimiter: str, first_row: int) -> Iterator[int]:
    """Give the numbers of the blank rows from `first_row` on, as a spreadsheet counts rows."""
    if not _has_blanks(file, encoding):
        return
    with open_bytes(file) as stream, io.TextIOWrapper(stream, encoding, "replace", newline="") as text:
        row = 0
        reader = csv.reader(text, delimiter=delimiter)
        while True:
            row += 1
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error:
                continue
            if not cells and row >= first_row:
                yield row


def _has_blanks(file: Path, encoding: str) -> bool:
    """Whether two ends of lines meet anywhere, told from the bytes alone where an end is one byte."""
    if encoding.startswith("utf-16"):
        return True
    last = b""
    with open_bytes(file) as stream:
        while chunk := stream.read(_CHUNK):
            if _BLANK.search(last + chunk):
                return True
            last = chunk[-2:]
    return False
