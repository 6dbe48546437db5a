"""Finds the notebooks of a report and makes them ready to run: one language, fixed cell ids."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from segmentation.errors import NotebookError, ParameterError

if TYPE_CHECKING:
    from nbformat import NotebookNode

_LANGUAGE_TAGS = {"en", "zh"}
_HEADING = re.compile(r"^#\s+(.+?)\s*#*\s*$", re.MULTILINE)


@dataclass(frozen=True)
class Leaf:
    """One notebook in one language: `name` is its file in `notebooks/`, `page` the page it becomes.

    `title` is what links to it say: the notebook's metadata `labels: {en: …, zh: …}`, else its first heading.
    """

    stem: str
    language: str
    name: str
    page: str
    title: str
    notebook: "NotebookNode"


def find_notebooks(folder: Path) -> list[Path]:
    """The notebooks of a folder in reading order (2-abc before 10-x); the first becomes index.html.

    Raises ParameterError if there is none.
    """
    paths = sorted(folder.glob("*.ipynb"), key=_reading_order)
    if not paths:
        raise ParameterError(
            f"notebooks: {folder} holds no *.ipynb; name the folder that holds the notebooks"
        )
    return paths


def _reading_order(path: Path) -> tuple[int, str]:
    number = re.match(r"\d+", path.stem)
    return (int(number.group()) if number else 10**9, path.stem)


def read_leaves(paths: Sequence[Path], languages: Sequence[str]) -> list[Leaf]:
    """Every notebook in every language; later languages get `.zh` and the like before the ending.

    Raises NotebookError for a file that is no notebook, or one without a cell tagged `parameters`.
    """
    if index := [path.name for path in paths[1:] if path.stem.partition(".")[0].casefold() == "index"]:
        raise ParameterError(f"notebooks: {index[0]} would become index.html, the first page; rename it")
    leaves = []
    for place, language in enumerate(languages):
        mark = f".{language}" if place else ""
        for number, path in enumerate(paths):
            notebook = read_notebook(path, language)
            page = f"{path.stem if number else 'index'}{mark}.html"
            title = notebook.metadata.get("labels", {}).get(language) or _title(notebook) or path.stem
            leaves.append(Leaf(path.stem, language, f"{path.stem}{mark}.ipynb", page, title, notebook))
    return leaves


def read_notebook(path: Path, language: str) -> "NotebookNode":
    """Read a notebook, keep only the prose of one language, and give cells without an id a fixed one.

    Raises NotebookError for what is no notebook; OSError goes through.
    """
    try:
        return _in_language(path, language)
    except (OSError, NotebookError):
        raise
    except Exception as error:  # nbformat raises many kinds for a damaged file
        raise NotebookError(f"{path.name}: not a notebook that can be read: {error}") from error


def _in_language(path: Path, language: str) -> "NotebookNode":
    import nbformat  # a second where jupyterlab is installed: not at the start

    notebook = nbformat.read(path, as_version=nbformat.NO_CONVERT)
    if notebook.nbformat < 4:
        notebook = nbformat.convert(notebook, 4)
    if not any("parameters" in cell.metadata.get("tags", []) for cell in notebook.cells):
        raise NotebookError(
            f"{path.name}: no cell is tagged `parameters`, so the run could not tell it the month; "
            "tag the cell with the defaults (property inspector, common tools, cell tags)"
        )
    notebook.cells = [cell for cell in notebook.cells if not _other_language(cell, language)]
    ids = [cell.get("id") for cell in notebook.cells]
    if None in ids or len(set(ids)) < len(ids):
        for number, cell in enumerate(notebook.cells, start=1):
            cell["id"] = f"cell-{number}"
    notebook.nbformat, notebook.nbformat_minor = 4, 5
    return notebook


def _other_language(cell: "NotebookNode", language: str) -> bool:
    tagged = _LANGUAGE_TAGS & set(cell.metadata.get("tags", []))
    return bool(tagged) and language not in tagged


def _title(notebook: "NotebookNode") -> str:
    for cell in notebook.cells:
        if cell.cell_type == "markdown" and (found := _HEADING.search(cell.source)):
            return found.group(1)
    return ""
