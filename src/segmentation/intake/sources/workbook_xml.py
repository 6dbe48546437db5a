"""What the XML inside a workbook tells before it is read: dangers, how far its sheets reach, merged cells."""

import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from posixpath import dirname, join, normpath
from xml.etree import ElementTree

from segmentation.errors import DataError

# so many cells of a sheet take about 1.6 GB to read
MOST_CELLS = 20_000_000
# a sheet of so many cells has no more XML, nor has any other part
_MOST_BYTES = {"sheet": 2_000_000_000, "other": 400_000_000}
_CHUNK = 1 << 20
_ROW = re.compile(rb"(<(?:\w+:)?)row[\s>]")
_ROW_NUMBER = re.compile(rb'[^>]*?\sr="(\d+)"')
_PLACE = re.compile(rb' r="([A-Z]{1,3})\d+"')
_MERGED = re.compile(rb'<(?:\w+:)?mergeCell\b[^>]*?\bref="([A-Z]{1,3})(\d+):([A-Z]{1,3})(\d+)"')
_NUMBER = re.compile(rb"<(?:\w+:)?c\b([^>]*)><(?:\w+:)?v>([^<]*)<")
# 000042, K-0042: zeros, perhaps with texts around them
_PADDED = re.compile(r'((?:"[^"]*"|\\.|[-_ /])*)(0+)((?:"[^"]*"|\\.)*)$')


@dataclass
class Extent:
    """How far a sheet reaches, and what its cells look like.

    Attributes:
        part: the sheet's file within the workbook.
        rows, columns: the last row and column that have a cell.
        cells: the number of cells that are written down, empty ones among them.
        merged: cells merged over rows: column from 0, first and last row from 1.
        padded: column from 0 to how the first number with a telling format is held and shown.
    """

    part: str
    rows: int = 0
    columns: int = 0
    cells: int = 0
    merged: list[tuple[int, int, int]] = field(default_factory=list)
    padded: dict[int, tuple[str, str]] = field(default_factory=dict)

    @property
    def is_stretched(self) -> bool:
        """Whether the sheet reaches much farther than its cells fill it."""
        return self.rows * self.columns > 4 * self.cells + 20_000


def extents(file: Path) -> dict[str, Extent]:
    """Look through the XML of an .xlsx workbook, in bounded memory; give each sheet's extent by its name.

    Other kinds of workbook give nothing. Raises DataError for XML with entities of its own, texts longer than
    any cell can have, and sheets too large to be read.
    """
    try:
        with zipfile.ZipFile(file) as book:
            sheets = _sheets(book, file.name)
            formats = _formats(book, file.name)
            found = {name: _extent(book, part, file.name, name, formats) for name, part in sheets.items()}
            for part in book.namelist():
                if part.endswith(".xml") and part not in sheets.values():
                    for _ in pieces(book, part, file.name):
                        pass
    except (zipfile.BadZipFile, EOFError, OSError, KeyError, ValueError, NotImplementedError) as error:
        raise DataError(f"{file.name}: not a readable workbook ({error}); save it again and retry") from None
    except ElementTree.ParseError as error:
        raise DataError(f"{file.name}: the workbook is damaged ({error}); save it again and retry") from None
    return found


def column_number(letters: bytes | str) -> int:
    """The place of a column, from 0.

    >>> column_number("A"), column_number("AB")
    (0, 27)
    """
    number = 0
    for letter in letters.decode() if isinstance(letters, bytes) else letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


def pieces(book: zipfile.ZipFile, part: str, name: str, *, sheet: bool = False) -> Iterator[bytes]:
    """The XML of a part, piece by piece, each ending with a tag; DataError for what a workbook never has."""
    rest, seen = b"", 0
    with book.open(part) as stream:
        while chunk := stream.read(_CHUNK):
            seen += len(chunk)
            if seen > _MOST_BYTES["sheet" if sheet else "other"]:
                raise DataError(
                    f"{name}: {part} unpacks to more than {seen // 1_000_000:,} MB, more than is read of a "
                    f"workbook; save the orders as CSV"
                )
            if b"<!DOCTYPE" in chunk or b"<!ENTITY" in chunk or b"\0" in chunk[:100]:
                raise DataError(
                    f"{name}: {part} has XML that no spreadsheet writes (a document type); it is not read. "
                    f"Open the workbook in a spreadsheet and save it again"
                )
            end = chunk.rfind(b">") + 1
            if not end and len(rest) + len(chunk) > 2 * _CHUNK:
                raise DataError(f"{name}: {part} has a text longer than a cell can hold; it is not read")
            if end:
                yield rest + chunk[:end]
                rest = chunk[end:]
            else:
                rest += chunk
    if rest.strip():
        raise DataError(f"{name}: {part} ends in the middle of a tag; the workbook is damaged")


def _extent(book: zipfile.ZipFile, part: str, file: str, name: str, formats: Sequence[str]) -> Extent:
    """How far a sheet reaches."""
    found = Extent(part)
    counted = 0
    beyond, prefix = _PLACE, b""
    for n, piece in enumerate(pieces(book, part, file, sheet=True)):
        if not prefix and (row := _ROW.search(piece)):
            prefix = row[1]
        found.cells += piece.count(prefix + b"c ")
        last = piece.rfind(prefix + b"row ")
        number = _ROW_NUMBER.match(piece, last) if last >= 0 else None
        counted += 0 if number else piece.count(prefix + b"row")
        found.rows = max(found.rows, counted, int(number[1]) if number else 0)
        farther = set(beyond.findall(piece))
        if farther:
            found.columns = max(found.columns, *(column_number(letters) + 1 for letters in farther))
            beyond = _beyond(found.columns)
        if n == 0:
            found.padded = _padded(piece, formats)
        for first, top, last, bottom in _MERGED.findall(piece) if b"mergeCell" in piece else ():
            if first == last and top != bottom:
                found.merged.append((column_number(first), int(top), int(bottom)))
    found.columns = found.columns or -(-found.cells // max(found.rows, 1))
    return found


def _beyond(columns: int) -> re.Pattern[bytes]:
    """What the places of cells to the right of so many columns look like."""
    wide = b"[A-Z]{2,3}" if columns <= 26 else b"[A-Z]{3}" if columns > 600 else b"[A-Z]{2,3}"
    if columns >= 26:
        return re.compile(rb' r="(' + wide + rb')\d+"')
    return re.compile(rb' r="([' + bytes([ord("A") + columns]) + rb"-Z]|" + wide + rb')\d+"')


def _sheets(book: zipfile.ZipFile, name: str) -> dict[str, str]:
    """The part of each worksheet by the sheet's name; nothing for workbooks of other kinds."""
    try:
        workbook = next(
            part for part in _targets(book, "_rels/.rels", "", name).values() if part.endswith(".xml")
        )
        rels = join(dirname(workbook), "_rels", workbook.rpartition("/")[2] + ".rels")
        targets = _targets(book, rels, dirname(workbook), name)
        root = _tree(book, workbook, name)
    except (KeyError, StopIteration):
        return {}
    found = {}
    for sheet in root.iter():
        if sheet.tag.rpartition("}")[2] == "sheet":
            key = next((value for key, value in sheet.items() if key.rpartition("}")[2] == "id"), "")
            if targets.get(key) in book.namelist():
                found[sheet.get("name", "")] = targets[key]
    return found


def _targets(book: zipfile.ZipFile, rels: str, folder: str, name: str) -> dict[str, str]:
    """The parts that a file of relationships names, by their ids, documents and sheets first."""
    found = {}
    for relation in _tree(book, rels, name):
        kind, target = relation.get("Type", ""), relation.get("Target", "")
        if kind.endswith(("/officeDocument", "/worksheet")):
            whole = target.lstrip("/") if target.startswith("/") else normpath(join(folder, target))
            found[relation.get("Id", "")] = whole
    return found


def _tree(book: zipfile.ZipFile, part: str, name: str) -> ElementTree.Element:
    return ElementTree.fromstring(b"".join(pieces(book, part, name)))


def _formats(book: zipfile.ZipFile, name: str) -> list[str]:
    """The number format of each style of cells, "" for those that every spreadsheet knows."""
    part = next((part for part in book.namelist() if part.endswith("/styles.xml")), None)
    if part is None:
        return []
    root = _tree(book, part, name)
    named = {n.get("numFmtId"): n.get("formatCode", "") for n in root.iter() if n.tag.endswith("}numFmt")}
    styles = next((n for n in root.iter() if n.tag.endswith("}cellXfs")), ElementTree.Element("none"))
    return [named.get(style.get("numFmtId"), "") for style in styles]


def _padded(piece: bytes, formats: Sequence[str]) -> dict[int, tuple[str, str]]:
    """For each column, the first number whose format adds zeros or signs to it: how it is held and shown."""
    found: dict[int, tuple[str, str]] = {}
    telling = {n for n, code in enumerate(formats) if _shown(code, "1") not in ("1", None)}
    if not telling:
        return found
    for attributes, value in _NUMBER.findall(piece):
        style = re.search(rb'\ss="(\d+)"', attributes)
        place = _PLACE.search(attributes)
        if not (style and place and int(style[1]) in telling and value.isdigit()):
            continue
        shown = _shown(formats[int(style[1])], value.decode())
        if not re.search(rb'\st="(?!n")', attributes) and shown and shown != value.decode():
            found.setdefault(column_number(place[1]), (value.decode(), shown))
    return found


def _shown(code: str, number: str) -> str | None:
    """A whole number as a format of zeros and texts shows it; None for formats of other kinds.

    >>> _shown("000000", "42"), _shown('"K-"0000', "42"), _shown("#,##0.00", "42")
    ('000042', 'K-0042', None)
    """
    parts = _PADDED.match(code.partition(";")[0])
    if parts is None:
        return None
    before, after = (re.sub(r'"([^"]*)"|\\(.)', r"\1\2", text) for text in (parts[1], parts[3]))
    return f"{before}{number.zfill(len(parts[2]))}{after}"
