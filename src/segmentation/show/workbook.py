"""A workbook for a team: a sheet a list, ready to filter and to print; the same sheets give the same bytes.

Every text is written as text: no cell is run as a formula, and an id 007 stays one.
"""

import math
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from segmentation.show.charts.colours import hue
from segmentation.show.sheet_formats import CODES, DAY, Formats, code_of, width_of
from segmentation.show.spreadsheets import in_words
from segmentation.words.reader import Reader, kind_of

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

ROWS = 1_048_575  # what a sheet holds below its header
_A4 = 9
_LONGEST_NAME = 31
_NOT_IN_A_NAME = re.compile(r"[\[\]:*?/\\\x00-\x1f\x7f]")
_TOLD = {
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "constant_memory": True,
}


@dataclass(frozen=True)
class Sheet:
    """A sheet: its name, a sentence on what it lists, and the frame; `instead`: where too many rows are."""

    name: str
    about: str
    frame: pd.DataFrame
    instead: str = ""


def write_workbook(
    path: Path, title: str, sheets: Sequence[Sheet], reader: Reader, created: date, note: str = ""
) -> None:
    """Write the sheets behind one that lists them.

    `created` is noted in the file in place of a clock. A frame with more rows than a sheet holds is left out,
    and the first sheet says `instead`. Names are shortened to what a sheet may be called.
    """
    from xlsxwriter import Workbook

    names = sheet_names([reader.say("Contents"), *(sheet.name for sheet in sheets)])
    with Workbook(str(path), _TOLD) as book:
        book.set_properties({"title": title, "created": datetime(created.year, created.month, created.day)})
        formats = Formats(book)
        listed = [(name, sheet, len(sheet.frame) <= ROWS) for name, sheet in zip(names[1:], sheets)]
        _contents(book.add_worksheet(names[0]), title, note, listed, reader, formats)
        for name, sheet, fits in listed:
            if fits:
                _list(book.add_worksheet(name), title, sheet.frame, reader, formats)


def write_sheet(path: Path, name: str, frame: pd.DataFrame, created: date) -> None:
    """Write one sheet with the frame as it stands: its own headings, numbers as they are."""
    from xlsxwriter import Workbook

    with Workbook(str(path), _TOLD) as book:
        book.set_properties({"created": datetime(created.year, created.month, created.day)})
        sheet = book.add_worksheet(name)
        sheet.freeze_panes(1, 0)
        for column, heading in enumerate(frame.columns):
            sheet.write_string(0, column, str(heading))
        formats = Formats(book)
        days = {name: formats.numbers(DAY) for name in frame if frame[name].dtype.kind == "M"}
        _rows(sheet, frame, [_writer(sheet, frame[name], days.get(name)) for name in frame])


def sheet_names(wanted: Sequence[str]) -> list[str]:
    """Names that sheets may have: no sign that is not allowed, at most 31 characters, all different.

    >>> sheet_names(["Lost: all", "lost  all", "'"])
    ['Lost all', 'lost all (2)', '–']
    """
    taken: set[str] = set()
    names = []
    for name in wanted:
        plain = " ".join(_NOT_IN_A_NAME.sub(" ", name).split()).strip("'") or "–"
        number, made = 1, _cut(plain, _LONGEST_NAME)
        while made.casefold() in taken or made.casefold() == "history":  # Excel keeps that one for itself
            number += 1
            made = f"{_cut(plain, _LONGEST_NAME - len(f' ({number})'))} ({number})"
        taken.add(made.casefold())
        names.append(made)
    return names


def _cut(text: str, most: int) -> str:
    """The text with at most so many UTF-16 units, by which Excel counts."""
    while len(text.encode("utf-16-le")) > 2 * most:
        text = text[:-1]
    return text.strip().strip("'")


def _contents(
    sheet: "Worksheet",
    title: str,
    note: str,
    listed: Sequence[tuple[str, Sheet, bool]],
    reader: Reader,
    formats: Formats,
) -> None:
    """The first sheet: what the workbook is of, and every list with its rows and a link to it."""
    _printed(sheet, title)
    sheet.hide_gridlines(2)
    sheet.set_column(0, 0, 30)
    sheet.set_column(1, 1, 12)
    sheet.set_column(2, 2, 90)
    sheet.write_string(0, 0, title, formats.title)
    if note:
        sheet.write_string(1, 0, note)
    heads = ("Sheet", "Rows", "What it lists")
    for column, heading in enumerate(heads):
        sheet.write_string(
            3, column, reader.say(heading), formats.head_right if column == 1 else formats.head
        )
    for row, (name, of, fits) in enumerate(listed, 4):
        if fits:
            sheet.write_url(row, 0, f"internal:'{name.replace(chr(39), chr(39) * 2)}'!A1", formats.link, name)
        else:
            sheet.write_string(row, 0, name)
        sheet.write_number(row, 1, len(of.frame), formats.numbers("#,##0"))
        sheet.write_string(row, 2, of.about if fits else of.instead, formats.soft)


def _list(sheet: "Worksheet", title: str, frame: pd.DataFrame, reader: Reader, formats: Formats) -> None:
    """A list: its header frozen, filtered and printed again on every page."""
    _printed(sheet, title)
    said = in_words(frame, reader)
    kinds = [kind_of(str(name), frame[name]) for name in frame]
    heads = [reader.heading(str(name)) for name in frame]
    for column, (name, kind, head) in enumerate(zip(said, kinds, heads)):
        sheet.set_column(column, column, width_of(said[name], kind, head))
    sheet.freeze_panes(1, 1)
    sheet.repeat_rows(0)
    sheet.autofilter(0, 0, len(said), max(len(heads) - 1, 0))
    for column, (head, kind) in enumerate(zip(heads, kinds)):
        sheet.write_string(0, column, head, formats.head_right if kind in CODES else formats.head)
    tiers = tuple(reader.tiers)
    _rows(
        sheet,
        said,
        [
            _tiers(sheet, frame[key], formats, tiers)
            if kind == "tier"
            else _writer(sheet, said[name], formats.numbers(code_of(said[name], kind, reader)))
            for key, name, kind in zip(frame, said, kinds)
        ],
    )


def _printed(sheet: "Worksheet", title: str) -> None:
    sheet.set_landscape()
    sheet.set_paper(_A4)
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(left=0.5, right=0.5, top=0.8, bottom=0.7)
    sheet.set_header(f"&L{title.replace('&', '&&')}&R&A"[:255])
    sheet.set_footer("&R&P / &N")


Writer = Callable[[int, int, Any], object]


def _rows(sheet: "Worksheet", frame: pd.DataFrame, writers: Sequence[Writer]) -> None:
    """Write the rows one after the other, as a workbook that keeps none in memory wants them."""
    for row, values in enumerate(_values(frame), 1):
        for column, (value, write) in enumerate(zip(values, writers)):
            if value is not None:
                write(row, column, value)


def _values(frame: pd.DataFrame) -> Iterator[tuple[Any, ...]]:
    """The rows as plain values; None for an empty cell."""
    columns = []
    for name in frame:
        values = frame[name]
        if values.dtype.kind == "M":
            plain: list[Any] = [value.to_pydatetime() if pd.notna(value) else None for value in values]
        else:
            plain = values.astype(object).where(values.notna(), None).tolist()
        columns.append(plain)
    return zip(*columns)


def _writer(sheet: "Worksheet", values: pd.Series, form: "Format | None") -> Writer:
    """What writes a cell of the column: a number, a day, or else a text as text."""
    if values.dtype.kind == "M":
        return lambda row, column, value: sheet.write_datetime(row, column, value, form)
    if values.dtype.kind in "iuf":
        return lambda row, column, value: (
            sheet.write_number(row, column, value, form)
            if math.isfinite(value)
            else sheet.write_string(row, column, "∞" if value > 0 else "−∞", form)
        )
    return lambda row, column, value: sheet.write_string(row, column, str(value), form)


def _tiers(sheet: "Worksheet", values: pd.Series, formats: Formats, tiers: Sequence[str]) -> Writer:
    """What writes a tier, or a state in its place, in its colour."""
    coloured = [hue(value, tiers) for value in values]

    def write(row: int, column: int, value: Any) -> object:
        colour = coloured[row - 1]
        return sheet.write_string(
            row, column, str(value), formats.tier(colour) if colour else formats.numbers("@")
        )

    return write
