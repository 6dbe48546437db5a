"""What a spreadsheet opens well: headings and words in the reader's language, no cell that is run as a formula."""

import csv
from pathlib import Path

import pandas as pd

from segmentation.words.formats import decimals_of
from segmentation.words.reader import Reader, Sentence, kind_of

# what Excel, LibreOffice and Google Sheets take for the start of a formula
_STARTS = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
_ENDS = ("\t", "\r", "\n")
# what an importer may take away before it looks: control characters, blanks, marks without width
_IGNORED = "".join(
    map(chr, [*range(33), 0x7F, 0x85, 0xA0, 0xAD, 0x1680, *range(0x2000, 0x2010), *range(0x2028, 0x2030)])
) + "".join(map(chr, [0x205F, 0x2060, 0x3000, 0xFEFF]))


def harmless(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame with an apostrophe before every text that a spreadsheet would run as a formula.

    A text that has apostrophes before such a start gets one more, so that taking one away always gives the
    text as it was.

    >>> harmless(pd.DataFrame({"customer_id": ["007", "=cmd()", "'=x"], "n": [-1, 2, 3]})).values.tolist()
    [['007', -1], ["'=cmd()", 2], ["''=x", 3]]
    """
    frame = frame.copy(deep=False)
    for name in frame.columns:
        risky = _risky(frame[name])
        if risky.any():
            frame[name] = frame[name].mask(risky, "'" + frame[name].astype("str"))
    return frame


def _risky(values: pd.Series) -> pd.Series:
    """Which values are texts that a spreadsheet would run, or such a text behind apostrophes."""
    if values.empty or not (values.dtype == object or pd.api.types.is_string_dtype(values.dtype)):
        return pd.Series(False, index=values.index)
    text = (
        values if values.dtype != object else values.where(values.map(lambda value: isinstance(value, str)))
    )
    bare = text.astype("str").str.lstrip("'")
    found = bare.str.startswith(_ENDS) | bare.str.lstrip(_IGNORED).str.startswith(_STARTS)
    return found.fillna(False).astype(bool)


def in_words(frame: pd.DataFrame, reader: Reader) -> pd.DataFrame:
    """The frame with headings and words in the reader's language, and numbers rounded as they are shown.

    Money keeps the currency's decimals, which a page may leave out; dates and texts stay as they are.

    >>> moved = pd.DataFrame({"customer_id": ["007"], "kind": ["up"], "monetary": [12.346], "share": [1 / 3]})
    >>> in_words(moved, Reader(currency="USD")).to_dict("list")
    {'Customer': ['007'], 'Move': ['Up'], 'Spend': [12.35], 'Share': [0.333]}
    """
    said = {
        reader.heading(name, unit=False): _said(frame[name], reader)
        if kind_of(name, frame[name]) in ("word", "words", "tier") and frame[name].dtype.kind not in "iuf"
        else rounded(frame[name], reader)
        for name in frame.columns
    }
    if len(said) < len(frame.columns):
        raise ValueError(f"two columns have the same heading among {', '.join(map(str, frame.columns))}")
    return pd.DataFrame(said, index=frame.index)


def rounded(values: pd.Series, reader: Reader) -> pd.Series:
    """Numbers with as many decimals as a page shows; money, and numbers that may be money, with its own."""
    if values.dtype.kind != "f":
        return values
    kind = kind_of(str(values.name), values)
    shown = decimals_of(values.tolist(), kind)
    if kind in ("share", "points"):  # a share of 1, shown in percent
        return values.map(lambda value: round(round(value * 100, shown) / 100, shown + 2), na_action="ignore")
    if kind in ("money", "exact"):
        places = reader.minor_units
    else:
        places = max(shown, reader.minor_units) if kind == "number" else shown
    # as a text is rounded: numpy's own rounding multiplies first
    return values.map(lambda value: round(value, places), na_action="ignore")


def _said(values: pd.Series, reader: Reader) -> pd.Series:
    """The words of a column as the reader says them, each different one said once; empty ones stay empty."""
    name = str(values.name)
    if any(isinstance(value, Sentence) for value in values.head(1)):
        return pd.Series(reader.cells(values, name), index=values.index, dtype="str")
    different = pd.Series(values.dropna().unique(), name=values.name)
    return values.map(dict(zip(different, reader.cells(different, name)))).astype("str")


def write_csv(frame: pd.DataFrame, path: Path) -> int:
    """Write UTF-8 with a byte-order mark, so that Excel reads Chinese; the same frame, the same bytes.

    Returns how many cells and headings got an apostrophe, see `harmless`. Texts are quoted, so that an end of
    a line, a mark or a quote in them is taken for what it is by every reader.
    """
    heads = pd.DataFrame({"heading": [str(name) for name in frame.columns]}, dtype="str")
    changed = sum(int(_risky(values).sum()) for _, values in [*frame.items(), *heads.items()])
    safe = harmless(frame).set_axis(harmless(heads)["heading"].tolist(), axis="columns")
    safe.to_csv(
        path,
        index=False,
        encoding="utf-8-sig",
        lineterminator="\n",
        date_format="%Y-%m-%d",
        quoting=csv.QUOTE_NONNUMERIC,
    )
    return changed
