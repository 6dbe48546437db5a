"""Runs one notebook through papermill in a given kernel, and says how far it got. Judges nothing."""

import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from nbformat import NotebookNode

from segmentation.reporting.kernels import Kernel

_STARTUP_SECONDS = 60
_LAST_OUTPUT_SECONDS = 60


@dataclass(frozen=True)
class Execution:
    """How far a notebook got.

    `completed` are the positions of the cells that the kernel reported as finished without an error;
    `failure` is the runner's own account of why it stopped, `stopped` whether the kernel was at fault
    (it died, or a cell took too long) and not the code.
    """

    notebook: NotebookNode
    completed: frozenset[int]
    seconds: float
    failure: str | None = None
    stopped: bool = False


def execute(
    notebook: NotebookNode,
    parameters: Mapping[str, Any],
    kernel: Kernel,
    seconds: int,
    on_cell: Callable[[int, int], None] = lambda done, cells: None,
) -> Execution:
    """Run the notebook with the parameters injected; never raises for what the notebook does.

    `seconds` is the time for the whole notebook. `on_cell(done, cells)` is called after each cell.
    """
    import papermill
    from nbclient.exceptions import CellTimeoutError, DeadKernelError
    from papermill.exceptions import PapermillExecutionError
    from papermill.execute import ERROR_MARKER_TAG

    # it warns of every settings key that a notebook does not declare; the rest is in the judgement
    logging.getLogger("papermill").setLevel(logging.CRITICAL)
    began = time.monotonic()
    live: list[NotebookNode] = [notebook]
    completed: set[int] = set()

    def remaining(cell: NotebookNode) -> int:
        return max(1, round(seconds - (time.monotonic() - began)))

    def executed(cell: NotebookNode, cell_index: int, execute_reply: dict[str, Any] | None) -> None:
        if execute_reply is not None and execute_reply["content"]["status"] == "ok":
            completed.add(cell_index)
        on_cell(cell_index + 1, len(live[0].cells))

    failure, stopped = None, False
    try:
        papermill.execute_notebook(
            notebook,
            None,
            dict(parameters),
            kernel_name="python3",
            language="python",
            progress_bar=False,
            start_timeout=_STARTUP_SECONDS,
            km=kernel,
            timeout_func=remaining,
            iopub_timeout=_LAST_OUTPUT_SECONDS,
            record_timing=False,
            coalesce_streams=True,
            store_widget_state=False,
            # the live notebook is what remains to show when the kernel dies
            on_notebook_start=lambda notebook: live.__setitem__(0, notebook),
            on_cell_executed=executed,
        )
    except PapermillExecutionError as error:
        failure = f"{error.ename}: {error.evalue}"
    except CellTimeoutError:
        failure, stopped = f"took longer than {seconds} seconds", True
    except DeadKernelError:
        failure, stopped = "the kernel died (out of memory, or killed from outside)", True
    except RuntimeError as error:
        failure, stopped = f"the kernel did not start: {error}", True
    finally:
        kernel.close()
    # papermill's own red letters, which would shift the cells' numbers
    live[0].cells = [cell for cell in live[0].cells if ERROR_MARKER_TAG not in cell.metadata.get("tags", [])]
    return Execution(live[0], frozenset(completed), time.monotonic() - began, failure, stopped)
