"""CSV files that a spreadsheet opens well: Chinese is kept, and no cell is run as a formula."""

import csv
from pathlib import Path

import pandas as pd

from segmentation.words.reader import Reader, Sentence, kind_of

# what Excel, LibreOffice and Google Sheets take for the start of a formula, also after white space is trimmed
_STARTS = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
_WHITE = ("\t", "\r", "\n")


def harmless(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame with an apostrophe before every text that a spreadsheet would run as a formula.

    >>> harmless(pd.DataFrame({"customer_id": ["007", "=cmd()"], "n": [-1, 2]})).values.tolist()
    [['007', -1], ["'=cmd()", 2]]
    """
    frame = frame.copy(deep=False)
    for name in frame.columns:
        if pd.api.types.is_string_dtype(frame[name]) and not frame.empty:
            text = frame[name].astype("str")
            risky = text.str.startswith(_WHITE) | text.str.lstrip().str.startswith(_STARTS)
            risky = risky.fillna(False).astype(bool)
            if risky.any():
                frame[name] = text.mask(risky, "'" + text)
    return frame


def in_words(frame: pd.DataFrame, reader: Reader) -> pd.DataFrame:
    """The frame with headings and words in the reader's language; dates, numbers and texts as they are.

    >>> moved = pd.DataFrame({"customer_id": ["007"], "kind": ["up"], "monetary": [12.5]})
    >>> in_words(moved, Reader(currency="USD")).to_dict("list")
    {'Customer': ['007'], 'Move': ['Up'], 'Spend': [12.5]}
    """
    said = {
        reader.heading(name, unit=False): _said(frame[name], reader)
        if kind_of(name, frame[name]) in ("word", "words", "tier") and frame[name].dtype.kind not in "iuf"
        else frame[name]
        for name in frame.columns
    }
    if len(said) < len(frame.columns):
        raise ValueError(f"two columns have the same heading among {', '.join(map(str, frame.columns))}")
    return pd.DataFrame(said, index=frame.index)


def _said(values: pd.Series, reader: Reader) -> pd.Series:
    """The words of a column as the reader says them, each different one said once; empty ones stay empty."""
    name = str(values.name)
    if any(isinstance(value, Sentence) for value in values.head(1)):
        return pd.Series(reader.cells(values, name), index=values.index, dtype="str")
    different = pd.Series(values.dropna().unique(), name=values.name)
    return values.map(dict(zip(different, reader.cells(different, name)))).astype("str")


def write_csv(frame: pd.DataFrame, path: Path) -> None:
    """Write UTF-8 with a byte-order mark, so that Excel reads Chinese; the same frame, the same bytes.

    A cell with an end of a line in it is quoted, so that it stays within its cell.
    """
    safe = harmless(frame)
    texts = [safe[name] for name in safe.columns if pd.api.types.is_string_dtype(safe[name])]
    # Python's csv quotes what ends its own lines, and no other end of a line
    returns = any(text.astype("str").str.contains("\r", regex=False).fillna(False).any() for text in texts)
    returns = returns or any("\r" in str(name) for name in safe.columns)
    safe.to_csv(
        path,
        index=False,
        encoding="utf-8-sig",
        lineterminator="\n",
        date_format="%Y-%m-%d",
        quoting=csv.QUOTE_NONNUMERIC if returns else csv.QUOTE_MINIMAL,
    )
