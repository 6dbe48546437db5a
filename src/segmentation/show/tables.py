"""Tables, headline figures and answers for the page: semantic HTML, escaped, in the reader's language."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from html import escape
from importlib import resources
from itertools import groupby
from typing import Literal

import pandas as pd

from segmentation.errors import ParameterError
from segmentation.show.charts.colours import COLOURS, hue
from segmentation.words.formats import NUMERIC
from segmentation.words.reader import Reader, kind_of

_NAME = re.compile(r"([^:：]{1,60})(: |：)")
_SHORT = 12  # characters up to which a text is not broken
_LONG_TEXT = 40  # characters from which a text needs room
_LONG = 10  # characters from which a headline figure is set smaller
_HELD = 200  # rows that a page holds of one table, at most


@dataclass(frozen=True)
class Block:
    """A piece of the page: HTML for a notebook or page, plain text for a terminal."""

    html: str
    text: str

    def _repr_html_(self) -> str:
        """The HTML with a style of its own for notebooks; the page's cleaner drops it, for it has its own."""
        return f"<style>{_notebook_style()}</style>{self.html}"

    def __repr__(self) -> str:
        return self.text


@cache
def _notebook_style() -> str:
    """How blocks look in JupyterLab, light and dark; class names are doubled to outweigh its own rules."""
    css = (resources.files("segmentation.show") / "notebook.css").read_text("utf-8")
    hues = [name for name in COLOURS if name.startswith("hue-")]
    return css.replace("\n", "") + "".join(f".badge.{name}{{--b:{COLOURS[name]}}}" for name in hues)


class Table(Block):
    """A table for a page."""


def table(
    frame: pd.DataFrame,
    caption: str,
    reader: Reader,
    *,
    limit: int | None = None,
    note: str | None = None,
    highlight: Sequence[bool] | pd.Series | None = None,
    name: str = "",
    rest: str = "",
) -> Table:
    """Return `frame` as a table under a caption, its columns called and written as the catalogue has them.

    reader: for whom: language, currency, tiers. limit: so many rows are shown at first; the page holds more,
    which show up on demand and are sorted with the others. highlight: one truth value a row. name: of the
    fact that the table shows: others link to it, and a link leads to its CSV. rest: the page that has the
    whole table; then this one holds no more than it shows. Empty values are shown as –. An index with a name,
    or one that does not merely count, becomes the first column.
    Raises ParameterError for two columns of the same name.

    >>> table(pd.DataFrame({"tier": ["A"], "share": [0.2]}), "Sizes", Reader())
    Sizes
    Tier  Share
    A     20.0%
    """
    data = _with_index(frame)
    first = len(data) if limit is None else limit
    held = data.head(first if rest else max(first, _HELD))
    shown = min(first, len(data))
    heads = [reader.heading(column) for column in data.columns]
    kinds = [kind_of(column, data[column]) for column in data.columns]
    cells = [reader.cells(held[column], column) for column in data.columns]
    ends = _below(reader, shown, len(held), len(data), rest)
    marks = [False] * len(held) if highlight is None else [bool(mark) for mark in highlight][: len(held)]
    rows = [" ".join(["mark"] * mark + ["held"] * (place >= shown)) for place, mark in enumerate(marks)]
    links = [(link, text) for link, text in ends if link]
    if name and len(data):
        links.append((f"tables/{name}.csv", "CSV"))
    notes = [text for link, text in ends if not link]
    meanings = [reader.meaning(column) for column in data.columns]
    return Table(
        _html(
            caption,
            heads,
            meanings,
            cells,
            kinds,
            rows,
            [*([note] if note else []), *notes],
            links,
            name,
            reader,
        ),
        "\n".join(
            [caption, *_lines(heads, [texts[:shown] for texts in cells]), *([note] if note else []), *notes]
        ),
    )


def beside(*blocks: Block) -> Block:
    """Return blocks side by side where there is room, below each other where there is not.

    >>> beside(note("one"), note("two"))
    one
    two
    """
    parts = "".join(f"<div>{block.html}</div>" for block in blocks)
    return Block(f'<div class="beside">{parts}</div>', "\n".join(block.text for block in blocks))


def below(*blocks: Block) -> Block:
    """Return blocks below each other."""
    return Block("".join(block.html for block in blocks), "\n".join(block.text for block in blocks))


def _below(reader: Reader, shown: int, held: int, rows: int, rest: str) -> list[tuple[str, str]]:
    """What stands below a table that shows fewer rows than there are, as (link, text)."""
    if shown == rows:
        return []
    if rest:
        return [(rest, reader.say("All {n:integer}", n=rows))]
    text = "{shown:integer} of {all:integer} rows are shown."
    if held < rows:
        text = "{shown:integer} of {all:integer} rows are shown; the page holds the first {held:integer}."
    return [("", reader.say(text, shown=shown, all=rows, held=held))]


def figures(items: Sequence[tuple[str, object, str]]) -> Block:
    """Return a row of headline figures: (label, value, note), the note may be empty.

    A whole number gets thousands separators; any other form comes as text.

    >>> figures([("Customers", 2469, "in 6 months")])
    Customers: 2,469 (in 6 months)
    """
    parts, lines = [], []
    for name, value, note in items:
        text = f"{value:,}" if isinstance(value, int) else str(value)
        below = f'<dd class="note">{escape(note)}</dd>' if note else ""
        long = ' class="long"' if len(text) >= _LONG else ""
        parts.append(f"<div><dt>{escape(name)}</dt><dd{long}>{escape(text)}</dd>{below}</div>")
        lines.append(f"{name}: {text}" + (f" ({note})" if note else ""))
    return Block(f'<dl class="figures">{"".join(parts)}</dl>', "\n".join(lines))


def answer(*text: str, kind: Literal["good", "caution", "bad", "neutral"] = "neutral") -> Block:
    """Return the answer of a page: the first text is the verdict, the others are its grounds.

    >>> answer("RFM stays.", "No challenger is clearly better.", kind="good")
    RFM stays.
    No challenger is clearly better.
    """
    if kind not in ("good", "caution", "bad", "neutral"):
        raise ParameterError(f"answer: kind {kind!r} is not known. Use good, caution, bad or neutral.")
    paragraphs = "".join(f"<p>{escape(part)}</p>" for part in text)
    return Block(f'<div class="answer {kind}">{paragraphs}</div>', "\n".join(text))


def note(text: str) -> Block:
    """Return a quiet remark, for what is absent or only of interest to some."""
    return Block(f'<p class="note">{escape(text)}</p>', text)


def words(text: str) -> Block:
    """Return text in plain words, a line a paragraph; lines that begin with "- " become a list.

    What stands before the first colon of a line is its name, and is set in bold.

    >>> words("Tier A: from 100\\n- ties stay").html
    '<div class="words"><p><strong>Tier A</strong>: from 100</p><ul><li>ties stay</li></ul></div>'
    """
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    parts = []
    for listed, group in groupby(lines, key=lambda line: line.startswith("- ")):
        if listed:
            parts.append(f"<ul>{''.join(f'<li>{_named(line[2:])}</li>' for line in group)}</ul>")
        else:
            parts += [f"<p>{_named(line)}</p>" for line in group]
    return Block(f'<div class="words">{"".join(parts)}</div>', text)


def _named(line: str) -> str:
    """Return a line as HTML, with a short name before its first colon in bold."""
    found = _NAME.match(line)
    if not found:
        return escape(line)
    return f"<strong>{escape(found[1])}</strong>{found[2]}{escape(line[found.end() :])}"


def _with_index(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the frame with text column names, and a meaningful index as its first columns."""
    counts_only = isinstance(frame.index, pd.RangeIndex) and frame.index.name is None
    positional = frame.index.nlevels == 1 and frame.index.name is None and frame.index.dtype.kind in "iu"
    data = frame.reset_index(drop=True) if counts_only or positional else frame.reset_index()
    names = [
        " ".join(map(str, name)).strip() if isinstance(name, tuple) else str(name) for name in data.columns
    ]
    if frame.index.name is None and names[:1] == ["index"]:
        names[0] = ""
    if len(set(names)) < len(names):
        raise ParameterError(f"table: two columns have the same name among {names}. Rename one.")
    return data.set_axis(names, axis=1)


def _html(
    caption: str,
    heads: list[str],
    meanings: list[str],
    cells: list[list[str]],
    kinds: list[str],
    rows: list[str],
    notes: list[str],
    links: list[tuple[str, str]],
    name: str,
    reader: Reader,
) -> str:
    classes = [_class(texts, kind) for texts, kind in zip(cells, kinds)]
    head = "".join(
        f'<th scope="col"{css}{_title(meaning)}>{escape(text)}</th>'
        for text, meaning, css in zip(heads, meanings, classes)
    )
    tiers = tuple(reader.tiers)
    columns = [
        [_cell(text, css, kind, tiers, first=place == 0) for text in texts]
        for place, (texts, css, kind) in enumerate(zip(cells, classes, kinds))
    ]
    body = [
        f'<tr class="{css}">{"".join(row)}</tr>' if css else f"<tr>{''.join(row)}</tr>"
        for row, css in zip(zip(*columns), rows)
    ]
    below = "".join(f'<p class="note">{escape(note)}</p>' for note in notes)
    more = (
        f'<span class="all">{escape(reader.say("Show all"))}</span> '
        if any("held" in css for css in rows)
        else ""
    )
    linked = " · ".join(f'<a href="{escape(link)}">{escape(text)}</a>' for link, text in links)
    if more or linked:
        below += f'<p class="links">{more}{linked}</p>'
    anchor = f' id="t-{escape(name)}"' if name else ""
    excerpt = " excerpt" if any(not link.startswith("tables/") for link, _ in links) else ""
    return (
        f'<figure class="table{excerpt}"{anchor}><div class="scroll"><table><caption>{escape(caption)}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{''.join(body)}</tbody></table></div>{below}</figure>"
    )


def _title(meaning: str) -> str:
    return f' title="{escape(meaning)}"' if meaning else ""


def _class(texts: list[str], kind: str) -> str:
    """Return the class of a column: numbers, to the right; short texts, on one line; long ones, with room."""
    if kind in NUMERIC:
        return ' class="n"'
    longest = max(map(len, texts), default=0)
    return ' class="s"' if longest <= _SHORT else ' class="l"' if longest > _LONG_TEXT else ""


def _cell(text: str, css: str, kind: str, tiers: Sequence[str], *, first: bool) -> str:
    content = escape(text)
    if kind == "tier" and (name := hue(text, tiers)):
        content = f'<span class="badge {name}">{content}</span>'
    if first and kind not in NUMERIC:
        return f'<th scope="row"{css}>{content}</th>'
    return f"<td{css}>{content}</td>"


def _lines(heads: list[str], cells: list[list[str]], limit: int = 20) -> list[str]:
    """Return the table's first rows in fixed-width text, for a terminal."""
    columns = [[head, *texts[:limit]] for head, texts in zip(heads, cells)]
    widths = [max(map(len, column)) for column in columns]
    return [
        "  ".join(text.ljust(width) for text, width in zip(row, widths)).rstrip() for row in zip(*columns)
    ]
