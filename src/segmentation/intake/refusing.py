"""Refusals: a source whose bad values are not to be set aside, and one without a line that can be used."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from segmentation.errors import DataError


def refuse_bad(source: str, aside: pd.DataFrame, what: str, found: Mapping[str, str]) -> None:
    """Refuse unreadable or empty dates or amounts, naming the first rows.

    Args:
        source: the source's name.
        aside: the lines set aside.
        what: "date" or "amount".
        found: role to column.

    Raises DataError where there is one.
    """
    bad = aside[aside["reason"].isin([f"unreadable {what}", f"no {what}"])]
    if len(bad):
        column = found.get(what) or f"{found.get('quantity')} × {found.get('price')}"
        rows = "; ".join(
            f"{file or source}, row {row:,}: {repr(value) if isinstance(value, str) else 'empty'}"
            for file, row, value in bad[["file", "row", f"raw_{what}"]].head(3).itertuples(index=False)
        )
        raise DataError(
            f"{rows}: not a readable {what} in column {column!r} ({len(bad):,} such rows). "
            f"Set them aside with on_bad_{what}: set_aside"
        )


def refuse_nothing(source: str, aside: pd.DataFrame, found: Mapping[str, str]) -> None:
    """Refuse a source without a single accepted line, naming the first line of each reason.

    Raises DataError.
    """
    first = aside.drop_duplicates("reason").to_dict("records")
    told = (f"{line['reason']}, first in row {line['row']:,}{_as_written(line)}" for line in first)
    why = "; ".join(told)
    raise DataError(
        f"{source}: no line can be used ({why or 'the source has no rows'}); look whether the columns are "
        f"the right ones: {', '.join(f'{role}: {column}' for role, column in found.items())}"
    )


def _as_written(line: Mapping[Any, Any]) -> str:
    """What a line that is set aside holds in place of a date or an amount, or as a whole."""
    for key in ("raw_line", "raw_date", "raw_amount"):
        if isinstance(line[key], str) and line["reason"].startswith("unreadable"):
            return f": {line[key][:60]!r}"
    return ""
