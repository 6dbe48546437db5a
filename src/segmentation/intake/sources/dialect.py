"""How a delimited file is laid out: its delimiter, where its header stands, and its columns' names."""

import csv
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from segmentation.errors import DataError
from segmentation.intake.columns import ORDERS, Roles
from segmentation.intake.sources.header import LOOK, header_in, header_of, unique

_DELIMITERS = (",", "\t", ";", "|", "，")
_RECORDS = 100


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


class _Record(NamedTuple):
    """A row of a file: its number as a spreadsheet counts, the lines before it, and its cells."""

    row: int
    before: int
    cells: list[str]


def dialect_of(
    text: str,
    name: str,
    given: Mapping[str, str],
    delimiter: str | None,
    header: bool,
    header_rows: Sequence[int] = (),
    roles: Roles = ORDERS,
) -> Dialect:
    """Find the layout from the beginning of a file.

    Args:
        text: the beginning of the file.
        name: the file's name, for messages.
        given: role to column as the parameters say; a row that has them all is the header.
        delimiter: where the parameters name it.
        header: whether there is a header.
        header_rows: the rows of the header where the parameters name them, from 1.
        roles: the kind of table.

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
    width = Counter(len(record.cells) for record in records).most_common(1)[0][0]
    if not header:
        names = [f"column{n}" for n in range(1, width + 1)]
        return Dialect(delimiter, tuple(names), records[0].before, header=False)
    last, names = _header(records, name, given, header_rows, roles)
    widths = Counter(len(record.cells) for record in records if record.row > last.row)
    if widths:
        names = names + [""] * (widths.most_common(1)[0][0] - len(names))
    return Dialect(delimiter, unique(names), last.before, header=True)


def _header(
    records: Sequence[_Record],
    name: str,
    given: Mapping[str, str],
    header_rows: Sequence[int],
    roles: Roles,
) -> tuple[_Record, list[str]]:
    """The last row of the header, and the columns' names."""
    if header_rows:
        of_header = [record for record in records if record.row in header_rows]
        if not of_header or of_header[-1].row != max(header_rows):
            raise DataError(
                f"{name}: {roles.key}.header_row: row {max(header_rows):,} is not one of the first "
                f"{len(records)} rows that have a value; count rows as a spreadsheet does, from 1"
            )
        return of_header[-1], header_in([record.cells for record in of_header], given, roles)
    found = header_of([record.cells for record in records[: LOOK + 20]], given, roles)
    if found is None:
        raise DataError(f"{name}: no table with a header was found")
    return records[found[0]], found[1]


def _records(text: str, delimiter: str) -> list[_Record]:
    """The first records that are not blank."""
    reader = csv.reader(text.splitlines(keepends=True), delimiter=delimiter)
    found: list[_Record] = []
    before = 0
    try:
        for row, cells in enumerate(reader, 1):
            if any(cell.strip() for cell in cells):
                found.append(_Record(row, before, cells))
            before = reader.line_num
            if len(found) == _RECORDS:
                break
    except csv.Error:
        return found
    return found


def _regularity(text: str, delimiter: str) -> tuple[float, int]:
    """How well a delimiter parts records into a table: the share of equally wide ones, and their width."""
    widths = Counter(len(record.cells) for record in _records(text, delimiter))
    wide = [(count, width) for width, count in widths.items() if width > 1]
    if not wide:
        return (0.0, 0)
    count, width = max(wide)
    return (count / widths.total(), width)
