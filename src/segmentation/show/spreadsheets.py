"""CSV files that a spreadsheet opens well: Chinese is kept, and no cell is run as a formula."""

from pathlib import Path

import pandas as pd

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


def write_csv(frame: pd.DataFrame, path: Path) -> None:
    """Write UTF-8 with a byte-order mark, so that Excel reads Chinese; the same frame, the same bytes."""
    harmless(frame).to_csv(
        path, index=False, encoding="utf-8-sig", lineterminator="\n", date_format="%Y-%m-%d"
    )
