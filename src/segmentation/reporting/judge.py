"""Decides whether a notebook really ran, from its cells and not from the runner's status.

papermill calls every cell "completed" after a timeout or a dead kernel, and takes `sys.exit(0)` in the middle
for success.
"""

from nbformat import NotebookNode

from segmentation.errors import NotebookError, NotebookTimeout
from segmentation.reporting.execute import Execution


def judge(name: str, source: NotebookNode, execution: Execution) -> None:
    """Return if every code cell of `source` ran to its end without an error.

    Raises NotebookTimeout if the kernel died or took too long, NotebookError for everything else.
    """
    cells = execution.notebook.cells
    where = f"{name}, {_first_unfinished(execution)}"
    if execution.stopped:
        raise NotebookTimeout(f"{where}: {execution.failure}")
    for position, cell in enumerate(cells):
        if cell.cell_type != "code":
            continue
        for output in cell.outputs:
            if output.output_type == "error":
                raise NotebookError(f"{name}, {_place(cell, position)}: {_error(output)}")
    if execution.failure:
        raise NotebookError(f"{where}: {execution.failure}")
    if (there := _code(execution.notebook)) != (expected := _code(source)):
        raise NotebookError(
            f"{name}: the runner returned other code ({len(there)} cells for {len(expected)})"
        )
    for position, cell in enumerate(cells):
        ran = cell.get("execution_count") is not None and position in execution.completed
        if cell.cell_type == "code" and cell.source.strip() and not ran:
            raise NotebookError(f"{name}, {_place(cell, position)}: this cell never ran to its end")


def _code(notebook: NotebookNode) -> list[str]:
    """The code of a notebook without the parameters that the runner injected."""
    code = (cell for cell in notebook.cells if cell.cell_type == "code")
    return [cell.source for cell in code if "injected-parameters" not in cell.metadata.get("tags", [])]


def _first_unfinished(execution: Execution) -> str:
    for position, cell in enumerate(execution.notebook.cells):
        if cell.cell_type == "code" and cell.source.strip() and position not in execution.completed:
            return _place(cell, position)
    return "after the last cell"


def _place(cell: NotebookNode, position: int) -> str:
    """Where a cell is, in a way that a person finds it: its number and its first line.

    >>> _place(NotebookNode(source="study.tiers()"), 3)
    'cell 4 (study.tiers())'
    """
    lines = cell.source.strip().splitlines()
    first = lines[0] if lines else ""
    return f"cell {position + 1} ({first[:57] + '...' if len(first) > 60 else first})"


def _error(output: NotebookNode) -> str:
    if output.ename == "SystemExit":
        return f"SystemExit({output.evalue}): a notebook must run to its last cell"
    return f"{output.ename}: {output.evalue}"
