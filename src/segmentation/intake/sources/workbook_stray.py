"""Sheets that stray blank cells stretch over millions of rows or columns: written again without them."""

import re
import zipfile
from collections.abc import Iterator, Mapping
from html import unescape
from pathlib import Path

from segmentation.errors import DataError
from segmentation.intake.sources.workbook_xml import MOST_CELLS, Extent, column_number, pieces

_CELL = re.compile(rb"<((?:\w+:)?)c\b([^>]*?)(?:/>|>(.*?)</\1c>)", re.DOTALL)
_VALUE = re.compile(rb"<(?:\w+:)?v\b[^>]*>\s*([^<]*?)\s*</")
_TEXT = re.compile(rb"<(?:\w+:)?t\b[^>]*>([^<]*)</")
_STRING = re.compile(rb"<((?:\w+:)?)si\b[^>]*?(?:/>|>(.*?)</\1si>)", re.DOTALL)
_PLACE = re.compile(rb' r="([A-Z]{1,3})(\d+)"')


def without_strays(file: Path, stretched: Mapping[str, Extent], target: Path) -> Path:
    """Write a workbook again without the blank cells of its stretched sheets.

    Args:
        file: the workbook.
        stretched: the sheets to write again, by name.
        target: where to write it.

    Raises DataError naming the cell where one that is not blank lies so far away.
    """
    names = {extent.part: name for name, extent in stretched.items()}
    with zipfile.ZipFile(file) as book, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as clean:
        blanks = _blank_strings(book, file.name)
        for part in book.namelist():
            if not part.endswith((".xml", ".rels")):
                continue
            with clean.open(part, "w", force_zip64=True) as out:
                if part not in names:
                    for piece in pieces(book, part, file.name):
                        out.write(piece)
                    continue
                last_row, last_column, far = 0, 0, ""
                for piece in _whole_cells(pieces(book, part, file.name, sheet=True)):
                    kept = _CELL.sub(lambda cell: b"" if _is_blank(cell, blanks) else cell[0], piece)
                    for column, row in _PLACE.findall(kept):
                        if int(row) > last_row or column_number(column) > last_column:
                            far = f"{column.decode()}{row.decode()}"
                        last_row = max(last_row, int(row))
                        last_column = max(last_column, column_number(column))
                    out.write(kept)
                if last_row * (last_column + 1) > MOST_CELLS:
                    raise DataError(
                        f"{file.name}: the sheet {names[part]!r} has a cell at {far}, far from its table; "
                        f"delete it, or save the table as CSV"
                    )
    return target


def _whole_cells(parts: Iterator[bytes]) -> Iterator[bytes]:
    """The pieces of a sheet cut where no cell is open."""
    rest = b""
    for piece in parts:
        rest += piece
        end = max(rest.rfind(sign) for sign in (b"</row>", b":row>", b"<sheetData>"))
        if end >= 0:
            end = rest.index(b">", end) + 1
            yield rest[:end]
            rest = rest[end:]
    yield rest


def _is_blank(cell: re.Match[bytes], blanks: set[bytes]) -> bool:
    """Whether a cell shows nothing."""
    content = cell[3] or b""
    value = _VALUE.search(content)
    if value is not None and re.search(rb'\bt="s"', cell[2]):
        return value[1] in blanks
    if value is not None and value[1]:
        return False
    return not _says(content)


def _says(content: bytes) -> bool:
    """Whether a text has anything but white space."""
    return any(unescape(text.decode("utf-8", "replace")).strip() for text in _TEXT.findall(content))


def _blank_strings(book: zipfile.ZipFile, name: str) -> set[bytes]:
    """The numbers of the shared texts that are blank."""
    part = next((part for part in book.namelist() if part.endswith("sharedStrings.xml")), None)
    blanks: set[bytes] = set()
    rest, number = b"", 0
    for piece in pieces(book, part, name) if part else ():
        rest += piece
        done = 0
        for found in _STRING.finditer(rest):
            if not _says(found[2] or b""):
                blanks.add(str(number).encode())
            number += 1
            done = found.end()
        rest = rest[done:]
    return blanks
