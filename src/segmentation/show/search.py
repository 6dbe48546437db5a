"""A field to search many customers, and all that a page shows of the one who is found: without a network."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from segmentation.show.packing import SEARCH, heights, packed
from segmentation.show.tables import Block

_MARK = re.compile("\x00(\\d+)\x00")


@dataclass(frozen=True)
class Search(Block):
    """A block that a report's page shows as a field to search in; a notebook shows its table instead."""

    payload: Mapping[str, Any] = field(default_factory=dict)

    def _repr_mimebundle_(
        self, include: Any = None, exclude: Any = None
    ) -> tuple[dict[str, str], dict[str, Any]]:
        told = json.dumps(self.payload, ensure_ascii=False, separators=(",", ":"))
        return {"text/html": self._repr_html_(), "text/plain": self.text, SEARCH: told}, {}


class Records:
    """What is said of each of many customers, as texts that share the values that occur in several of them.

    `column` keeps a value of each customer and gives a mark that stands for it in texts; `cell` is one text a
    customer, with such marks, and `picture` a value a month.

    >>> records = Records(["007", "8"])
    >>> spend = records.column("monetary", ["5.00", "7.50"])
    >>> records.cell([f"USD {spend}"] * 2), records.pool[1]
    (['USD ', 1], {'t': '5.00\\n7.50'})
    """

    def __init__(self, ids: Sequence[str]) -> None:
        self.size = len(ids)
        self.pool: list[dict[str, Any]] = []
        self._places: dict[object, int] = {}
        self.column("", ids)

    def __contains__(self, key: object) -> bool:
        return key in self._places

    def column(self, key: object, texts: Sequence[str]) -> str:
        """Keep the texts of a column under a key, unless they are kept already; give the mark for them."""
        if key not in self._places:
            self._places[key] = len(self.pool)
            self.pool.append(packed(list(texts)))
        return f"\x00{self._places[key]}\x00"

    def picture(self, key: object, rows: Sequence[Sequence[float]]) -> int:
        """Keep a row of heights for each customer; give its place."""
        self.column(key, [heights(row) for row in rows])
        return self._places[key]

    def cell(self, texts: Sequence[str]) -> Any:
        """One text a customer, as the page's script reads it: the different ones once, marks as numbers."""
        different = list(dict.fromkeys(texts))
        if len(different) == 1:
            return _parts(different[0])
        places = {text: str(place) for place, text in enumerate(different)}
        mark = self.column(("cell", *different), [places[text] for text in texts])
        return {"by": int(mark.strip("\x00")), "of": [_parts(text) for text in different]}


def _parts(text: str) -> list[Any]:
    parts = _MARK.split(text)
    return [int(part) if number % 2 else part for number, part in enumerate(parts) if part]
