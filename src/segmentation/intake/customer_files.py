"""Files with one row a customer: read as they stand, written whole or not at all, and without formulas."""

import os
import re
from contextlib import closing
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd

from segmentation import engine
from segmentation.errors import DataError, ParameterError
from segmentation.intake.options import Intake
from segmentation.intake.sources import Source, read_with, source_of
from segmentation.show.spreadsheets import write_csv
from segmentation.show.workbook import ROWS, write_sheet

WRITTEN = (".csv", ".parquet", ".xlsx")
# 1,234,567.8 or 12345.8, with a sign and an exponent
_THOUSANDS = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d*)?$")


def columns_of(path: Path, encoding: str | None = None) -> list[str]:
    """The names of the columns of a CSV, TSV, Parquet or Excel file, without reading its rows."""
    with closing(engine.connect()) as connection:
        return list(_source(path, encoding).open(connection).kinds)


def read_table(path: Path, encoding: str | None = None) -> tuple[pd.DataFrame, int]:
    """The rows of a CSV, TSV, Parquet or Excel file, and the number that users see beside the first row.

    Text files give text in every column, so that an id 007 stays one; `encoding` is found if not given.
    Raises DataError for a file that is absent, empty or unreadable, or has lines that are no rows.
    """
    source = _source(path, encoding)
    with closing(engine.connect()) as connection:
        opened, frame = read_with(
            source, connection, lambda opened: (opened, connection.execute("SELECT * FROM source").df())
        )
        wrong = connection.execute("SELECT row_number, text FROM unreadable ORDER BY ALL").fetchall()
    if wrong:
        row, text = wrong[0]
        raise DataError(
            f"{path.name}, row {row:,}: {text[:60]!r} is no row of {len(opened.kinds)} columns "
            f"({len(wrong):,} such lines); correct the file"
        )
    return frame, opened.first_row


def _source(path: Path, encoding: str | None) -> Source:
    return source_of(Intake.of({"path": str(path), "encoding": encoding}))


def to_numbers(column: pd.Series, name: str, first_row: int, file: str) -> pd.Series:
    """The column as float64; empty cells and blanks are empty, "1,234.5" is a number.

    Raises DataError naming file, row and value of the first cell that is no number.

    >>> to_numbers(pd.Series(["1,234.5", " ", "-2e3"]), "monetary", 2, "customers.csv").tolist()
    [1234.5, nan, -2000.0]
    """
    if pd.api.types.is_bool_dtype(column.dtype):
        raise DataError(f"{file}: column {name!r} holds true and false, not numbers")
    if pd.api.types.is_numeric_dtype(column.dtype):
        return column.astype("float64")
    if not (pd.api.types.is_string_dtype(column.dtype) or pd.api.types.is_object_dtype(column.dtype)):
        raise DataError(f"{file}: column {name!r} holds {column.dtype}, not numbers")
    text = column.astype("str").str.strip()
    text = text.mask(text.str.fullmatch(_THOUSANDS).fillna(False), text.str.replace(",", ""))
    blank = text.isna() | (text == "")
    found = pd.to_numeric(text.where(~blank), errors="coerce").astype("float64")
    wrong = (found.isna() & ~blank) | np.isinf(found)
    if wrong.any():
        row = int(np.argmax(wrong.to_numpy()))
        raise DataError(
            f"{file}, row {row + first_row:,}: {name} {column.iloc[row]!r} is not a number "
            f"({int(wrong.sum()):,} such rows); correct the file, or leave these rows out"
        )
    return found


def check_output(output: Path) -> None:
    """Refuse a kind of file that cannot be written, or a folder that is not there."""
    if output.suffix.lower() not in WRITTEN:
        raise ParameterError(f"{output.name}: cannot write {output.suffix!r} files; use {', '.join(WRITTEN)}")
    if not output.parent.is_dir():
        raise ParameterError(f"{output.name}: there is no folder {output.parent}")


def write_table(frame: pd.DataFrame, output: Path) -> int:
    """Write the frame by the file's suffix: whole, in one rename, or not at all.

    In CSV files, cells and headers that a spreadsheet would run as a formula get an apostrophe before them;
    returns how many. Workbooks hold texts as texts. The same frame gives the same bytes.
    """
    check_output(output)
    suffix = output.suffix.lower()
    beside = output.with_name(f".{output.name}.{os.getpid()}{suffix}")
    neutralised = 0
    try:
        if suffix == ".parquet":
            frame.to_parquet(beside, index=False)
        elif suffix == ".csv":
            neutralised = write_csv(frame, beside)
        else:
            _fits(frame)
            write_sheet(beside, "tiers", frame, date(1980, 1, 1))
        beside.replace(output)
    finally:
        beside.unlink(missing_ok=True)
    return neutralised


def _fits(frame: pd.DataFrame) -> None:
    if len(frame) > ROWS:
        raise DataError(f"a sheet holds {ROWS:,} rows, not {len(frame):,}; write CSV or Parquet instead")
