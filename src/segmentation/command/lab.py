"""`segmentation lab`: working copies of the notebooks, and JupyterLab on the project.

The copies lie in `lab/`, which no run reads: whatever a person does there changes no report.
"""

import importlib.util
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from segmentation.command.pages import notebooks_folder, variants_of
from segmentation.errors import ParameterError
from segmentation.reporting.notebooks import find_pages, read_notebook
from segmentation.study.parameters import read_parameters
from segmentation.study.settings import Settings

if TYPE_CHECKING:
    from nbformat import NotebookNode

FOLDER = "lab"
_PLACES = ("overrides", "store", "reports", "notebooks")


def working_copies(params: Path) -> tuple[list[Path], list[Path]]:
    """Write the notebooks into `lab/` of the project, in its first language, with the parameters filled in.

    A copy that is there already is kept, for somebody may be working in it. Returns the copies written and
    those kept. Raises ParameterError as reading the parameters does.
    """
    import nbformat

    settings = Settings.load(params)
    given = _from_lab(read_parameters(params), settings.root)
    folder = settings.root / FOLDER
    folder.mkdir(exist_ok=True)
    written, kept = [], []
    pages = find_pages(notebooks_folder(settings)).pages
    variants = variants_of(pages, settings)
    for page in pages:
        for variant in variants[page.path.stem]:
            notebook = read_notebook(page.path, settings.languages[0], variant.words)
            path = folder / f"{page.path.stem}{variant.mark}.ipynb"
            if path.exists():
                kept.append(path)
                continue
            filled = _filled(notebook, {**variant.parameters, **given})
            path.write_text(nbformat.writes(filled) + "\n", encoding="utf-8")
            written.append(path)
    return written, kept


def open_lab(root: Path, first: Path) -> int:
    """Open JupyterLab on the project with one of the copies; give its exit code when it ends.

    Raises ParameterError where JupyterLab is not installed.
    """
    if importlib.util.find_spec("jupyterlab") is None:
        raise ParameterError("JupyterLab is not installed here: pip install 'segmentation[lab]'")
    url = f"/lab/tree/{first.relative_to(root).as_posix()}"
    command = [
        sys.executable,
        "-m",
        "jupyterlab",
        f"--ServerApp.root_dir={root}",
        f"--LabApp.default_url={url}",
    ]
    return subprocess.run(command, check=False, cwd=root).returncode


def _filled(notebook: "NotebookNode", values: Mapping[str, Any]) -> "NotebookNode":
    """The notebook with these values in its parameters cell, in place of the defaults."""
    cell = next(cell for cell in notebook.cells if "parameters" in cell.metadata.get("tags", []))
    comments = [line for line in cell.source.split("\n") if line.startswith("#")]
    cell.source = "\n".join([*comments[:1], *(f"{key} = {value!r}" for key, value in values.items())])
    notebook.metadata.pop("segmentation", None)  # a copy is no page of the report
    return notebook


def _from_lab(values: Mapping[str, Any], root: Path) -> dict[str, Any]:
    """The values as a notebook in `lab/` must say them: paths resolve from the folder that holds `params/`.

    Without such a folder they resolve from the notebook's own, one below the project's.
    """
    if (root / "params").is_dir():
        return dict(values)
    found = {key: _above(value) if key in _PLACES else value for key, value in values.items()}
    orders = found.get("orders")
    if isinstance(orders, Mapping) and "path" in orders:
        found["orders"] = {**orders, "path": _above(orders["path"])}
    elif orders is not None:
        found["orders"] = _above(orders)
    return found


def _above(path: Any) -> Any:
    if isinstance(path, list):
        return [_above(one) for one in path]
    is_place = isinstance(path, str) and ":" not in path and not Path(path).is_absolute()
    return f"../{path}" if is_place else path
