"""The kinds of source that orders come from: each opens as one relation of rows in the engine."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from segmentation.demo import demo
from segmentation.errors import ParameterError
from segmentation.sources.base import Source
from segmentation.sources.delimited import BlankSeparated, Delimited
from segmentation.sources.frames import Frame
from segmentation.sources.parquet import Parquet

__all__ = ["Source", "source_of"]

_PARQUET = (".parquet", ".pq")


def source_of(orders: Mapping[str, Any], root: Path | None = None) -> Source:
    """Choose how to read the orders that the parameters name; nothing is read yet.

    Args:
        orders: the `orders` parameters: `path`, or `frame` in Python.
        root: the folder that relative paths start from (default: the current one).

    Raises:
        ParameterError: when nothing is named.
        DataError: when a named file is absent.
    """
    if "frame" in orders:
        return Frame(orders["frame"])
    path = orders.get("path")
    if not path:
        raise ParameterError("orders: name a source: `path`, such as orders: sales.csv")
    text = str(path)
    if text.startswith("demo:"):
        data = demo(text)
        file = data.path()
        if data.blank_separated:
            return BlankSeparated(text, file, data.columns)
        return Parquet(text, [file], data.columns)
    file = (root or Path()) / text
    if text.lower().endswith(_PARQUET):
        return Parquet(text, [file], {})
    return Delimited(text, [file])
