"""Orders in sheets of workbooks, read by fastexcel (the extra `excel`)."""

import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from segmentation import engine
from segmentation.errors import DataError, Undecided
from segmentation.intake.options import Origin
from segmentation.intake.sources.base import (
    Opened,
    Source,
    check_files,
    common_folder,
    digest_of,
    kinds_of,
    unpacked_size,
)
from segmentation.intake.sources.book import Book
from segmentation.intake.sources.header import header_in, header_of, unique
from segmentation.words.reader import Sentence, sentence

if TYPE_CHECKING:
    import pyarrow as pa


class Workbook(Source):
    """Sheets of one or more workbooks: those named, or in each the only one whose header is recognised."""

    def __init__(self, name: str, files: Sequence[Path], intake: Origin) -> None:
        self.name = name
        self.files = list(files)
        self.intake = intake
        check_files(self.files)
        self._clean = tempfile.TemporaryDirectory(prefix="segmentation-")

    def digest(self) -> str | None:
        """Give the digest of the files."""
        return digest_of(self.files)

    def size(self) -> int:
        """Give the size of the files, unpacked."""
        return unpacked_size(self.files)

    def open(self, connection: duckdb.DuckDBPyConnection) -> Opened:
        """Give the engine the rows of the sheets."""
        folder = common_folder(self.files)
        parts: dict[str, Part] = {}
        for n, file in enumerate(self.files):
            book = Book(file, Path(self._clean.name) / f"{n}.xlsx")
            for sheet in self._sheets(book):
                parts[f"{str(file).replace(folder, '')} [{sheet}]"] = self._part(book, sheet)
        doubts = {column: doubt for part in parts.values() for column, doubt in part.doubts.items()}
        blanks = [(shown, row) for shown, part in parts.items() for row in part.blank_rows]
        for n, part in enumerate(parts.values()):
            connection.register("source" if len(parts) == 1 else f"part{n}", part.rows)
        if len(parts) == 1:
            ((shown, part),) = parts.items()
            return Opened(
                kinds_of(connection.table("source")),
                part.first_row,
                name=shown,
                doubts=doubts,
                blank_rows=lambda: blanks,
            )
        _put_together(connection, list(parts))
        return Opened(
            kinds_of(connection.table("source")),
            several_files=True,
            first_rows={shown: part.first_row for shown, part in parts.items()},
            doubts=doubts,
            blank_rows=lambda: blanks,
        )

    def _part(self, book: Book, sheet: str) -> "Part":
        """The table of a sheet."""
        head, asked = book.head(sheet), self.intake.header_rows
        given, roles = self.intake.columns, self.intake.roles
        if asked and max(asked) > len(head):
            raise DataError(
                f"{book.file.name}: {self.intake.key}.header_row: row {max(asked):,} is not one of the first "
                f"{len(head)} rows of the sheet {sheet!r}"
            )
        header: tuple[int, list[str]] | None
        if not self.intake.header:
            header = (-1, [])
        elif asked:
            header = (max(asked) - 1, header_in([head[row - 1] for row in asked], given, roles))
        else:
            header = header_of(head, given, roles)
        if header is None or not head:
            raise DataError(
                f"{book.file.name}: the sheet {sheet!r} has no table with a header; "
                f"name another with {self.intake.key}.sheet (there are: {', '.join(book.sheets)})"
            )
        return Part(book, sheet, *header)

    def _sheets(self, book: Book) -> list[str]:
        """The names of the sheets to read."""
        wanted = self.intake.sheet
        if wanted == "*":
            return [name for name in book.sheets if book.head(name)]
        if wanted:
            asked = [wanted] if isinstance(wanted, str) else wanted
            for name in asked:
                if name not in book.sheets:
                    raise DataError(
                        f"{book.file.name}: there is no sheet {name!r}; there are: {', '.join(book.sheets)}"
                    )
            return asked
        filled = [name for name in book.sheets if book.head(name)]
        if len(filled) == 1:
            return filled
        fitting = [name for name in filled if self._recognised(book.head(name))]
        if len(fitting) == 1:
            return fitting
        said = "no sheet has" if not fitting else f"the sheets {', '.join(map(repr, fitting))} have"
        raise Undecided(
            f"{book.file.name}: {said} a header of {self.intake.key}; name the sheet with "
            f"{self.intake.key}.sheet, or several in a list (there are: {', '.join(book.sheets)})",
            "sheet",
            fitting or filled or book.sheets,
        )

    def _recognised(self, head: Sequence[Sequence[str]]) -> bool:
        header = header_of(head, self.intake.columns, self.intake.roles)
        return header is not None and self.intake.recognises(unique(header[1]))


class Part:
    """The table of one sheet.

    Attributes:
        rows: its rows, without those that are blank throughout.
        first_row: the number of the first.
        blank_rows: the numbers of those that are blank.
        doubts: column to what its cells make doubtful, to be said with its {role}.
    """

    def __init__(self, book: Book, sheet: str, at: int, names: Sequence[str]) -> None:
        """Read the rows below row `at` (from 0), the last of the header."""
        rows = book.rows(sheet, at + 1)
        names = [*names, *[""] * (rows.num_columns - len(names))][: rows.num_columns]
        used = [n for n, name in enumerate(names) if name or not _all_blank(rows.column(n))]
        called = unique(names)
        self.first_row = at + 2
        self.rows = rows.rename_columns(list(called)).select(used)
        self._leave_out_blank_rows()
        extent = book.extent(sheet)
        self.doubts: dict[str, Sentence] = {}
        for column, (held, shown) in extent.padded.items():
            if column in used:
                self.doubts[called[column]] = sentence(
                    "the workbook shows {held} as {shown} in the column {column}, and it is read as {held}: "
                    "make the column text where other sources have {shown}",
                    held=held,
                    shown=shown,
                    column=called[column],
                )
        below = [merge for merge in extent.merged if merge[2] > at + 1]
        for column in sorted({merge[0] for merge in below} & set(used)):
            merged = [merge for merge in below if merge[0] == column]
            self.doubts[called[column]] = sentence(
                "the column {column} has {n:integer} {n:merged cell|merged cells}, the first over the rows {top} to "
                "{bottom}, and "
                "only the first row of each has its value: fill the others with orders.fill_down: [{role}]",
                column=called[column],
                n=len(merged),
                top=str(merged[0][1]),
                bottom=str(merged[0][2]),
            )

    def _leave_out_blank_rows(self) -> None:
        import pyarrow as pa
        import pyarrow.compute as pc

        self.blank_rows: list[int] = []
        if not self.rows.num_rows:
            return
        blank = pa.chunked_array([pa.repeat(True, self.rows.num_rows)])
        for column in self.rows.columns:
            blank = pc.and_(blank, _is_blank(column))
        if pc.any(blank).as_py():
            places = pc.indices_nonzero(blank).to_pylist()
            self.blank_rows = [place + self.first_row for place in places]
            self.rows = self.rows.filter(pc.invert(blank))


def _is_blank(column: "pa.ChunkedArray") -> "pa.ChunkedArray":
    import pyarrow as pa
    import pyarrow.compute as pc

    if not (pa.types.is_string(column.type) or pa.types.is_large_string(column.type)):
        return column.is_null()
    return pc.equal(pc.utf8_trim_whitespace(pc.fill_null(column, "")), "")


def _all_blank(column: "pa.ChunkedArray") -> bool:
    import pyarrow.compute as pc

    return len(column) == 0 or bool(pc.all(_is_blank(column)).as_py())


def _put_together(connection: duckdb.DuckDBPyConnection, shown: Sequence[str]) -> None:
    """Make `source` of the tables part0, part1 ... by the names of their columns; `shown` becomes `_file`.

    A column that is numbers in one and text or dates in another becomes text.
    Raises DataError where their columns differ.
    """
    kinds: list[Mapping[str, str]] = [kinds_of(connection.table(f"part{n}")) for n in range(len(shown))]
    for name, own in zip(shown, kinds):
        odd = set(own) ^ set(kinds[0])
        if odd:
            raise DataError(
                f"{name}: its columns are not those of {shown[0]} ({', '.join(sorted(map(repr, odd)))}); "
                f"several sheets or files are one source only with the same columns"
            )
    selects = []
    for n, own in enumerate(kinds):
        cells = []
        for column in kinds[0]:
            name = engine.identifier(column)
            if len({other[column] for other in kinds}) > 1:
                text = f"id_of_double({name})" if own[column] == "DOUBLE" else f"CAST({name} AS VARCHAR)"
                name = f"{text} AS {name}"
            cells.append(name)
        selects.append(f"SELECT {', '.join(cells)}, $shown{n} AS _file FROM part{n}")
    connection.execute(
        f"CREATE OR REPLACE TABLE source AS {engine.translate(' UNION ALL '.join(selects))[0]}",
        {f"shown{n}": name for n, name in enumerate(shown)},
    )
