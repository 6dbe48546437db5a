"""How a delimited file is laid out: its delimiter, where its header stands, and its columns' names."""

import csv
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from segmentation.errors import DataError
from segmentation.intake.columns import recognises

_DELIMITERS = (",", "\t", ";", "|", "，")
_RECORDS = 100
_LOOK = 20


@dataclass(frozen=True)
class Dialect:
    """The layout of a delimited file.

    Attributes:
        delimiter: one character.
        columns: the columns' names, each once.
        skip: lines before the header, or before the data where there is no header.
        header: whether there is a header.
    """

    delimiter: str
    columns: tuple[str, ...]
    skip: int
    header: bool

    @property
    def first_row(self) -> int:
        """The number of the first row of data, as a spreadsheet counts."""
        return self.skip + (2 if self.header else 1)


def dialect_of(
    text: str, name: str, given: Mapping[str, str], delimiter: str | None, header: bool
) -> Dialect:
    """Find the layout from the beginning of a file.

    Args:
        text: the beginning of the file.
        name: the file's name, for messages.
        given: role to column as the parameters say; a row that has them all is the header.
        delimiter: where the parameters name it.
        header: whether there is a header.

    Raises DataError when the text has no table.

    >>> dialect_of("Report\\n\\nCustomer;Date;Amount\\n1;2017-01-01;5,00\\n", "a.csv", {}, None, True)
    Dialect(delimiter=';', columns=('Customer', 'Date', 'Amount'), skip=2, header=True)
    """
    if not text.strip():
        raise DataError(f"{name}: the file is empty")
    delimiter = delimiter or max(_DELIMITERS, key=lambda candidate: _regularity(text, candidate))
    records = list(_records(text, delimiter))
    if not records:
        raise DataError(f"{name}: no table was found: no row has a value")
    width = Counter(len(cells) for _, cells in records).most_common(1)[0][0]
    if not header:
        names = [f"column{n}" for n in range(1, width + 1)]
        return Dialect(delimiter, tuple(names), records[0][0], header=False)
    skip, names = _header(records, given, width)
    if skip is None:
        raise DataError(f"{name}: no table with a header was found")
    widths = Counter(len(cells) for line, cells in records if line > skip)
    if widths:
        names += [""] * (widths.most_common(1)[0][0] - len(names))
    return Dialect(delimiter, unique(names), skip, header=True)


def unique(names: Sequence[str]) -> tuple[str, ...]:
    """Give each column a name of its own: empty ones numbered, repeated ones counted, whatever their case.

    >>> unique(["a", "", "A"])
    ('a', 'column2', 'A (2)')
    """
    seen: Counter[str] = Counter()
    result = []
    for n, name in enumerate(names, 1):
        name = " ".join(name.replace("\0", " ").split()) or f"column{n}"
        alike = name.casefold()
        seen[alike] += 1
        result.append(name if seen[alike] == 1 else f"{name} ({seen[alike]})")
    return tuple(result)


def header_at(rows: Sequence[Sequence[str]], given: Mapping[str, str], width: int) -> int | None:
    """Say which row is the header: one with known names, else the first as wide as the table."""
    for n, cells in enumerate(rows[:_LOOK]):
        if recognises([" ".join(cell.split()) for cell in cells], given):
            return n
    return next((n for n, cells in enumerate(rows) if len(cells) >= width), None)


def _header(
    records: Sequence[tuple[int, list[str]]], given: Mapping[str, str], width: int
) -> tuple[int | None, list[str]]:
    """The lines before the header, and its cells."""
    at = header_at([cells for _, cells in records], given, width)
    return (None, []) if at is None else records[at]


def _records(text: str, delimiter: str) -> list[tuple[int, list[str]]]:
    """The first records that are not blank, each with the number of lines before it."""
    reader = csv.reader(text.splitlines(keepends=True), delimiter=delimiter)
    found: list[tuple[int, list[str]]] = []
    before = 0
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                found.append((before, cells))
            before = reader.line_num
            if len(found) == _RECORDS:
                break
    except csv.Error:
        return found
    return found


def _regularity(text: str, delimiter: str) -> tuple[float, int]:
    """How well a delimiter parts records into a table: the share of equally wide ones, and their width."""
    widths = Counter(len(cells) for _, cells in _records(text, delimiter))
    wide = [(count, width) for width, count in widths.items() if width > 1]
    if not wide:
        return (0.0, 0)
    count, width = max(wide)
    return (count / widths.total(), width)
