"""Orders in sheets of workbooks, read by fastexcel (the extra `excel`)."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

from segmentation import engine
from segmentation.errors import DataError
from segmentation.intake.columns import recognises
from segmentation.intake.options import Intake
from segmentation.intake.sources.base import (
    Opened,
    Source,
    check_files,
    common_folder,
    digest_of,
    kinds_of,
    size_of,
)
from segmentation.intake.sources.dialect import header_at, unique

if TYPE_CHECKING:
    import pyarrow as pa

_LOOK = 20


class Workbook(Source):
    """Sheets of one or more workbooks: those named, or in each the only one whose header is recognised."""

    def __init__(self, name: str, files: Sequence[Path], intake: Intake) -> None:
        self.name = name
        self.files = list(files)
        self.intake = intake
        check_files(self.files)

    def digest(self) -> str | None:
        """Give the digest of the files."""
        return digest_of(self.files)

    def size(self) -> int:
        """Give the size of the files, unpacked about tenfold."""
        return 10 * size_of(self.files)

    def open(self, connection: duckdb.DuckDBPyConnection) -> Opened:
        """Give the engine the rows of the sheets."""
        try:
            import fastexcel
        except ImportError:
            raise DataError(
                f"{self.name}: workbooks need fastexcel: pip install 'segmentation[excel]'"
            ) from None
        folder = common_folder(self.files)
        parts: dict[str, pa.Table] = {}
        first_rows: dict[str, int] = {}
        for file in self.files:
            try:
                book = fastexcel.read_excel(file)
            except Exception as error:
                raise DataError(
                    f"{file.name}: not a readable workbook ({str(error).splitlines()[0]})"
                ) from None
            for sheet in self._sheets(book, file.name):
                shown = f"{str(file).replace(folder, '')} [{sheet}]"
                parts[shown], first_rows[shown] = self._part(book, file.name, sheet)
        for n, rows in enumerate(parts.values()):
            connection.register("source" if len(parts) == 1 else f"part{n}", rows)
        if len(parts) == 1:
            ((shown, first_row),) = first_rows.items()
            return Opened(kinds_of(connection.table("source")), first_row, name=shown)
        _put_together(connection, list(parts))
        rows = connection.table("source")
        return Opened(kinds_of(rows), several_files=True, first_rows=first_rows)

    def _part(self, book: Any, file: str, sheet: str) -> tuple["pa.Table", int]:
        """The rows of a sheet, and the number of the first."""
        head = _head(book, sheet)
        width = max((len(cells) for cells in head), default=0)
        at = header_at(head, self.intake.columns, width) if self.intake.header else -1
        if at is None or not head:
            raise DataError(f"{file}: the sheet {sheet!r} has no table with a header")
        return _rows(book, sheet, at, head), at + 2

    def _sheets(self, book: Any, file: str) -> list[str]:
        """The names of the sheets to read."""
        names: list[str] = list(book.sheet_names)
        wanted = self.intake.sheet
        if wanted == "*":
            return [name for name in names if _head(book, name)]
        if wanted:
            asked = [wanted] if isinstance(wanted, str) else wanted
            for name in asked:
                if name not in names:
                    raise DataError(f"{file}: there is no sheet {name!r}; there are: {', '.join(names)}")
            return asked
        if len(names) == 1:
            return names
        fitting = [name for name in names if any(self._recognised(cells) for cells in _head(book, name))]
        if len(fitting) != 1:
            said = "no sheet has" if not fitting else f"the sheets {', '.join(map(repr, fitting))} have"
            raise DataError(
                f"{file}: {said} a header of orders; name the sheet with orders.sheet, or several in a list "
                f"(there are: {', '.join(names)})"
            )
        return fitting

    def _recognised(self, cells: Sequence[str]) -> bool:
        return recognises([" ".join(cell.split()) for cell in cells], self.intake.columns)


def _put_together(connection: duckdb.DuckDBPyConnection, shown: Sequence[str]) -> None:
    """Make `source` of the tables part0, part1 ... by the names of their columns; `shown` becomes `_file`.

    A column that is numbers in one and text or dates in another becomes text.
    Raises DataError where their columns differ.
    """
    kinds = [kinds_of(connection.table(f"part{n}")) for n in range(len(shown))]
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


def _head(book: Any, sheet: str) -> list[list[str]]:
    """The first rows of a sheet as text, as they lie in it."""
    first = book.load_sheet(
        sheet, header_row=None, skip_rows=0, n_rows=_LOOK, dtypes="string", skip_whitespace_tail_rows=True
    )
    table = first.to_arrow()
    columns = [column.to_pylist() for column in table.columns]
    return [[cell or "" for cell in cells] for cells in zip(*columns)]


def _rows(book: Any, sheet: str, at: int, head: Sequence[Sequence[str]]) -> "pa.Table":
    """The rows under the header: numbers and dates as such where a whole column has them, else text."""
    import pyarrow as pa

    loaded = book.load_sheet(sheet, header_row=None, skip_rows=at + 1, schema_sample_rows=None)
    batch = loaded.to_arrow()
    names = list(head[at]) if at >= 0 else []
    names += [""] * (batch.num_columns - len(names))
    return pa.Table.from_batches([batch]).rename_columns(list(unique(names[: batch.num_columns])))
