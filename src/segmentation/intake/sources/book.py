"""A workbook, opened by fastexcel after its XML was looked through, whose every fault is one sentence."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from segmentation.errors import DataError
from segmentation.intake.sources.header import LOOK
from segmentation.intake.sources.workbook_stray import without_strays
from segmentation.intake.sources.workbook_xml import MOST_CELLS, Extent, extents

if TYPE_CHECKING:
    import pyarrow as pa

Made = TypeVar("Made")


class Book:
    """A workbook that is safe to read: its XML looked through, stray blank cells left out."""

    def __init__(self, file: Path, clean: Path) -> None:
        """Open a workbook; a copy without stray cells is written to `clean` where it needs one."""
        try:
            import fastexcel
        except ImportError:
            raise DataError(
                f"{file.name}: workbooks need fastexcel: pip install 'segmentation[excel]'"
            ) from None
        self.file = file
        with file.open("rb") as stream:
            packed = stream.read(2) == b"PK"
        self._extents = extents(file) if packed else {}
        self._heads: dict[str, list[list[str]]] = {}
        stretched = {name: extent for name, extent in self._extents.items() if extent.is_stretched}
        place = without_strays(file, stretched, clean) if stretched else file
        for name, extent in self._extents.items():
            if name not in stretched and extent.rows * extent.columns > MOST_CELLS:
                raise DataError(
                    f"{file.name}: the sheet {name!r} has {extent.rows * extent.columns:,} cells, too many "
                    f"to "
                    f"be read from a workbook; save it as CSV"
                )
        self._book: Any = self._read(lambda: fastexcel.read_excel(place))
        self.sheets: list[str] = list(self._book.sheet_names)

    def head(self, sheet: str) -> list[list[str]]:
        """The first rows of a sheet as text, as they lie in it; none where all are blank."""
        if sheet not in self._heads:
            loaded = self._read(
                lambda: self._book.load_sheet(
                    sheet,
                    header_row=None,
                    skip_rows=0,
                    n_rows=LOOK + 20,
                    dtypes="string",
                    skip_whitespace_tail_rows=True,
                )
            )
            columns = [column.to_pylist() for column in loaded.to_arrow().columns]
            rows = [[cell or "" for cell in cells] for cells in zip(*columns)]
            self._heads[sheet] = rows if any(cell.strip() for cells in rows for cell in cells) else []
        return self._heads[sheet]

    def rows(self, sheet: str, skip: int) -> "pa.Table":
        """The rows below the first ones: numbers and dates where a whole column has them, else text."""
        import pyarrow as pa

        loaded = self._read(
            lambda: self._book.load_sheet(
                sheet,
                header_row=None,
                skip_rows=skip,
                schema_sample_rows=None,
                skip_whitespace_tail_rows=True,
            )
        )
        return pa.Table.from_batches([loaded.to_arrow()])

    def extent(self, sheet: str) -> Extent:
        """What the sheet's XML tells; nothing for workbooks of other kinds."""
        return self._extents.get(sheet, Extent(""))

    def _read(self, use: Callable[[], Made]) -> Made:
        """Use the workbook; a fault in it becomes one sentence."""
        try:
            return use()
        except (KeyboardInterrupt, SystemExit, MemoryError, DataError):
            raise
        except BaseException as error:  # a fault inside the reader is no Exception
            reason = next(iter(str(error).splitlines()), type(error).__name__)
            if _is_encrypted(self.file):
                reason = "it is protected by a password; save it without one"
            raise DataError(f"{self.file.name}: not a readable workbook ({reason})") from None


def _is_encrypted(file: Path) -> bool:
    """Whether a file is a workbook under a password."""
    with file.open("rb") as stream:
        return "EncryptedPackage".encode("utf-16-le") in stream.read()
