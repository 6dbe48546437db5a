"""Finds the notebooks that are pages of a report and makes them ready to run, in one language."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from segmentation.errors import NotebookError, ParameterError
from segmentation.words.translations import translated

if TYPE_CHECKING:
    from nbformat import NotebookNode

_ABOUT = "segmentation"  # the key of a notebook's metadata that says which page it is
_HEADING = re.compile(r"^#\s+(.+?)\s*#*\s*$", re.MULTILINE)
_MARKER = re.compile(r"^(\s*(?:#{1,6}|[-*]|\d+\.)\s+)?(.*?)\s*$", re.DOTALL)


@dataclass(frozen=True)
class Source:
    """A notebook that is a page: its file, its place among the pages, and the kind that it is pressed for.

    `kind` is empty for a page that is pressed once; otherwise whoever runs the report says how often.
    """

    path: Path
    place: float
    kind: str


class Found(NamedTuple):
    """The pages of a folder in reading order, and the notebooks in it that are none."""

    pages: list[Source]
    others: list[Path]


@dataclass(frozen=True)
class Variant:
    """One pressing of a notebook: what its name gets, its parameters, and the `{words}` in its prose."""

    mark: str = ""
    parameters: Mapping[str, Any] = field(default_factory=dict)
    words: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Leaf:
    """One notebook to run, in one language: `name` is its file in `notebooks/`, `page` the page it becomes.

    `title` is what links to it say, its first heading; `variant` tells it from other pressings, `ending` its
    language from the first one (".zh").
    """

    stem: str
    language: str
    name: str
    page: str
    title: str
    notebook: "NotebookNode"
    variant: Variant = Variant()
    ending: str = ""


def find_pages(folder: Path) -> Found:
    """The notebooks of a folder that are pages; the first becomes index.html.

    A page's metadata says so: `"segmentation": {"page": "3-rfm"}`, the name of its file. Notebooks without it
    (an Untitled.ipynb, a copy called 3-rfm-Copy1.ipynb) are somebody's own. They are read in the order of
    their numbers (2-abc before 10-x), or of `place` in the same metadata.
    Raises ParameterError if there is no page, NotebookError for a file that is no notebook.
    """
    pages, others = [], []
    for path in sorted(folder.glob("*.ipynb")):
        try:
            about = _metadata(path).get(_ABOUT, {})
            if about.get("page") != path.stem:
                others.append(path)
                continue
            pages.append(Source(path, float(about.get("place", _number(path))), str(about.get("method", ""))))
        except (ValueError, TypeError, AttributeError) as error:
            raise NotebookError(f'{path.name}: "{_ABOUT}" in its metadata: {error}') from None
    if not pages:
        raise ParameterError(
            f"notebooks: {folder} holds no notebook that is a page; name the folder that holds them, and say "
            f'in a page\'s metadata "{_ABOUT}": {{"page": "the name of its file"}}'
        )
    return Found(sorted(pages, key=lambda source: (source.place, source.path.stem)), others)


def _number(path: Path) -> float:
    number = re.match(r"\d+", path.stem)
    return float(number.group()) if number else 1e9


def _metadata(path: Path) -> Mapping[str, Any]:
    try:
        metadata = json.loads(path.read_text(encoding="utf-8"))["metadata"]
        return metadata if isinstance(metadata, dict) else {}
    except (ValueError, KeyError, TypeError) as error:
        raise NotebookError(f"{path.name}: not a notebook that can be read: {error}") from error


def read_leaves(
    sources: Sequence[Source], variants: Mapping[str, Sequence[Variant]], languages: Sequence[str]
) -> list[Leaf]:
    """Every page in every language; later languages get `.zh` and the like before the ending.

    `variants`: a notebook's name to its pressings; none at all leaves it out.
    Raises NotebookError for a file that is no notebook, or one without a cell tagged `parameters`.
    """
    later = [source.path for source in sources[1:]]
    if index := [path.name for path in later if path.stem.partition(".")[0].casefold() == "index"]:
        raise ParameterError(f"notebooks: {index[0]} would become index.html, the first page; rename it")
    leaves = []
    for number, language in enumerate(languages):
        ending = f".{language}" if number else ""
        for place, source in enumerate(sources):
            for variant in variants[source.path.stem]:
                notebook = read_notebook(source.path, language, variant.words)
                stem = f"{source.path.stem}{variant.mark}"
                page = f"{stem if place else 'index'}{ending}.html"
                title = _title(notebook) or stem
                name = f"{stem}{ending}.ipynb"
                leaves.append(Leaf(stem, language, name, page, title, notebook, variant, ending))
    return leaves


def read_notebook(path: Path, language: str, words: Mapping[str, str] | None = None) -> "NotebookNode":
    """Read a notebook with its prose in a language, and give cells without an id a fixed one.

    `words` stand for `{names}` in the prose.

    Raises NotebookError for what is no notebook; OSError goes through.
    """
    try:
        return _spoken(path, language, words or {})
    except (OSError, NotebookError):
        raise
    except Exception as error:  # nbformat raises many kinds for a damaged file
        raise NotebookError(f"{path.name}: not a notebook that can be read: {error}") from error


def _spoken(path: Path, language: str, words: Mapping[str, str]) -> "NotebookNode":
    import nbformat  # a second where jupyterlab is installed: not at the start

    notebook = nbformat.read(path, as_version=nbformat.NO_CONVERT)
    if notebook.nbformat < 4:
        notebook = nbformat.convert(notebook, 4)
    if not any("parameters" in cell.metadata.get("tags", []) for cell in notebook.cells):
        raise NotebookError(
            f"{path.name}: no cell is tagged `parameters`, so the run could not tell it the month; "
            "tag the cell with the defaults (property inspector, common tools, cell tags)"
        )
    said = {name: translated(word, language) for name, word in words.items()}
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            cell.source = "\n".join(_in_language(line, language, said) for line in cell.source.split("\n"))
    kind = str(notebook.metadata.get(_ABOUT, {}).get("method", ""))
    if kind and words.get("method", kind) != kind:
        _rename(notebook, translated(kind, language), said["method"])
    ids = [cell.get("id") for cell in notebook.cells]
    if None in ids or len(set(ids)) < len(ids):
        for number, cell in enumerate(notebook.cells, start=1):
            cell["id"] = f"cell-{number}"
    notebook.nbformat, notebook.nbformat_minor = 4, 5
    return notebook


def prose(path: Path) -> list[str]:
    """The lines of a notebook's prose without their markers, as a file of words translates them."""
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    lines = [line for cell in cells if cell["cell_type"] == "markdown" for line in _lines(cell["source"])]
    return [text for line in lines if (text := _parts(line)[1])]


def _lines(source: str | list[str]) -> list[str]:
    return (source if isinstance(source, str) else "".join(source)).split("\n")


def _in_language(line: str, language: str, words: Mapping[str, str]) -> str:
    marker, text = _parts(line)
    text = translated(text, language)
    for name, word in words.items():
        text = text.replace(f"{{{name}}}", word)
    return marker + text


def _parts(line: str) -> tuple[str, str]:
    """A line of prose as its marker (of a heading or a list) and its text."""
    found = _MARKER.match(line)
    assert found is not None
    return found.group(1) or "", found.group(2)


def _rename(notebook: "NotebookNode", kind: str, name: str) -> None:
    """Let the first heading begin with a method's own name, where it begins with its kind's."""
    for cell in notebook.cells:
        if cell.cell_type == "markdown" and (found := _HEADING.search(cell.source)):
            if found.group(1).startswith(kind):
                begin = found.start(1)
                cell.source = cell.source[:begin] + name + cell.source[begin + len(kind) :]
            return


def _title(notebook: "NotebookNode") -> str:
    for cell in notebook.cells:
        if cell.cell_type == "markdown" and (found := _HEADING.search(cell.source)):
            return found.group(1)
    return ""
