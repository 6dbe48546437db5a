"""Orders in a sheet of a workbook, read by fastexcel (the extra `excel`)."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

from segmentation.columns import recognises
from segmentation.errors import DataError
from segmentation.intake import Intake
from segmentation.sources.base import Opened, Source, check_files, digest_of, kinds_of, size_of
from segmentation.sources.dialect import header_at, unique

if TYPE_CHECKING:
    import pyarrow as pa

_LOOK = 20


class Workbook(Source):
    """A sheet: the one named, or the only one whose header is recognised."""

    def __init__(self, name: str, file: Path, intake: Intake) -> None:
        self.name = name
        self.file = file
        self.intake = intake
        check_files([file])

    def digest(self) -> str | None:
        """Give the digest of the file."""
        return digest_of([self.file])

    def size(self) -> int:
        """Give the size of the file, unpacked about tenfold."""
        return 10 * size_of([self.file])

    def open(self, connection: duckdb.DuckDBPyConnection) -> Opened:
        """Give the engine the rows of the sheet."""
        try:
            import fastexcel
        except ImportError:
            raise DataError(
                f"{self.name}: workbooks need fastexcel: pip install 'segmentation[excel]'"
            ) from None
        try:
            book = fastexcel.read_excel(self.file)
        except Exception as error:
            raise DataError(f"{self.name}: not a readable workbook ({str(error).splitlines()[0]})") from None
        sheet = self._sheet(book)
        head = _head(book, sheet)
        width = max((len(cells) for cells in head), default=0)
        at = header_at(head, self.intake.columns, width) if self.intake.header else -1
        if at is None or not head:
            raise DataError(f"{self.name}: the sheet {sheet!r} has no table with a header")
        rows = _rows(book, sheet, at, head)
        connection.register("source", rows)
        return Opened(
            kinds_of(connection.table("source")), first_row=at + 2, name=f"{self.file.name} [{sheet}]"
        )

    def _sheet(self, book: Any) -> str:
        """The name of the sheet to read."""
        names: list[str] = list(book.sheet_names)
        wanted = self.intake.sheet
        if wanted is not None:
            if wanted not in names:
                raise DataError(f"{self.name}: there is no sheet {wanted!r}; there are: {', '.join(names)}")
            return wanted
        if len(names) == 1:
            return names[0]
        fitting = [name for name in names if any(self._recognised(cells) for cells in _head(book, name))]
        if len(fitting) != 1:
            said = "no sheet has" if not fitting else f"the sheets {', '.join(map(repr, fitting))} have"
            raise DataError(
                f"{self.name}: {said} a header of orders; name the sheet with orders.sheet "
                f"(there are: {', '.join(names)})"
            )
        return fitting[0]

    def _recognised(self, cells: Sequence[str]) -> bool:
        return recognises([" ".join(cell.split()) for cell in cells], self.intake.columns)


def _head(book: Any, sheet: str) -> list[list[str]]:
    """The first rows of a sheet as text, as they lie in it."""
    first = book.load_sheet(
        sheet, header_row=None, n_rows=_LOOK, dtypes="string", skip_whitespace_tail_rows=True
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
