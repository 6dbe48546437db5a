"""What is known of a column: its heading, format and meaning."""

from typing import Literal, NamedTuple


class Column(NamedTuple):
    """A column of a frame.

    heading: what stands above it. format: how its values are written, see `formats`, or "word" (a word of
    the catalogue) and "words" (several, separated by ", "); empty: by the type of the values. meaning: one
    sentence. better: whether high or low values are better for ranking customers or methods, or neither.
    """

    heading: str
    format: str = ""
    meaning: str = ""
    better: Literal["high", "low", ""] = ""
