"""Small notebooks for the runner's tests, made from their cells' sources."""

from collections.abc import Mapping
from pathlib import Path

import nbformat
from nbformat import NotebookNode


def notebook(*sources: str, parameters: str | None = "month = '2017-12'") -> NotebookNode:
    """A notebook with a parameters cell (unless None), then a code cell a source; "# " makes a heading."""
    cells = []
    if parameters is not None:
        cells.append(nbformat.v4.new_code_cell(parameters, metadata={"tags": ["parameters"]}))
    for source in sources:
        new = nbformat.v4.new_markdown_cell if source.startswith("# ") else nbformat.v4.new_code_cell
        cells.append(new(source))
    for number, cell in enumerate(cells):
        cell["id"] = f"c{number}"
    return nbformat.v4.new_notebook(cells=cells)


def write_notebooks(folder: Path, notebooks: Mapping[str, NotebookNode]) -> Path:
    """Write notebooks as `<stem>.ipynb`, each a page of the report, and return the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for stem, node in notebooks.items():
        node.metadata["segmentation"] = {"page": stem}
        nbformat.write(node, folder / f"{stem}.ipynb")
    return folder
