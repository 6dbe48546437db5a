"""Prints a report: executes its notebooks two at a time, judges each, and writes notebooks and pages."""

import importlib
import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode

from segmentation.errors import NotebookError, SegmentationError
from segmentation.reporting.execute import execute
from segmentation.reporting.judge import judge
from segmentation.reporting.kernels import Kernels
from segmentation.reporting.notebooks import Leaf
from segmentation.reporting.progress import Progress
from segmentation.reporting.scrub import scrub
from segmentation.words.translations import facts, translated

_AT_A_TIME = 2
_NEEDED = (
    "papermill",
    "jupyter_client.asynchronous",
    "segmentation.reporting.page",
    "jinja2",
    "mistune",
    "pygments",
)


@dataclass(frozen=True)
class Order:
    """What every notebook of a report is given, and what its pages say about the run.

    `environment` and `cwd` are the kernels'; `titles` holds the report's title by language; `places` stand in
    for folders in text outputs, see `scrub`. `beside` are the files that pages link to (name → label) and
    `tables` where published tables are; `{ending}` in them tells a later language's from the first one's.
    """

    parameters: Mapping[str, Any]
    environment: Mapping[str, str]
    cwd: Path
    titles: Mapping[str, str]
    key: str
    seconds: int
    places: Mapping[str, str] = field(default_factory=dict)
    beside: Mapping[str, str] = field(default_factory=dict)
    tables: str = ""


def everything(leaf: Leaf) -> bool:
    """Every leaf is wanted."""
    return True


@dataclass(frozen=True)
class Failure:
    """A notebook that did not run to its end: why, and how far it got."""

    leaf: Leaf
    error: SegmentationError
    notebook: NotebookNode


def press(
    leaves: Sequence[Leaf],
    order: Order,
    kernels: Kernels,
    folder: Path,
    progress: Progress,
    meanwhile: Callable[[], None] = lambda: None,
    wanted: Callable[[Leaf], bool] = everything,
) -> tuple[dict[str, float], list[Failure]]:
    """Write `notebooks/*.ipynb` and one page a notebook into the folder; give their seconds, and failures.

    `meanwhile` runs in this thread while the kernels work. `wanted` may wait for what that finds out: a leaf
    that is not wanted is not run, and no page links to it. After a failure no further notebook is started.
    """
    (folder / "notebooks").mkdir(parents=True, exist_ok=True)
    stop = threading.Event()
    seconds: dict[str, float] = {}

    def run(leaf: Leaf) -> Failure | Future[None] | None:
        if stop.is_set() or not wanted(leaf):
            return None
        notebook = leaf.notebook
        try:
            execution = execute(
                notebook,
                {**order.parameters, **leaf.variant.parameters, "language": leaf.language},
                kernels.start(order.environment, order.cwd),
                order.seconds,
                on_cell=lambda done, cells: progress.passing(f"{leaf.name}: cell {done} of {cells}"),
            )
            seconds[leaf.name] = round(execution.seconds, 2)
            notebook = scrub(execution.notebook, order.places)
            judge(leaf.name, leaf.notebook, execution)
        except SegmentationError as error:
            stop.set()
            return Failure(leaf, error, notebook)
        except Exception as error:  # an output that is none, whatever the runner makes of it
            stop.set()
            return Failure(leaf, _unshown(leaf, error), leaf.notebook)
        progress(f"{leaf.name}: ran in {execution.seconds:.1f} s")
        shown = [other for other in leaves if wanted(other)]
        return printers.submit(_print, leaf, notebook, shown, order, folder)

    with ThreadPoolExecutor(_AT_A_TIME) as runners, ThreadPoolExecutor(1) as printers:
        try:
            running = [runners.submit(run, leaf) for leaf in leaves]
            meanwhile()
            done = [future.result() for future in running]
            for printed in done:
                if isinstance(printed, Future):
                    printed.result()
        except BaseException:
            stop.set()
            kernels.kill()
            raise
    return seconds, [failure for failure in done if isinstance(failure, Failure)]


def _unshown(leaf: Leaf, error: Exception) -> NotebookError:
    """What is said of a notebook that ran, and whose outputs cannot be read or shown."""
    return NotebookError(f"{leaf.name}: its outputs cannot be shown: {type(error).__name__}: {error}")


def _print(leaf: Leaf, notebook: NotebookNode, leaves: Sequence[Leaf], order: Order, folder: Path) -> None:
    """Write one executed notebook and its page; raises NotebookError for outputs that cannot be shown."""
    try:
        page, text = _page(leaf, notebook, leaves, order), nbformat.writes(notebook) + "\n"
    except Exception as error:
        raise _unshown(leaf, error) from error
    (folder / "notebooks" / leaf.name).write_text(text, encoding="utf-8")
    (folder / leaf.page).write_text(page, encoding="utf-8")


def _page(leaf: Leaf, notebook: NotebookNode, leaves: Sequence[Leaf], order: Order) -> str:
    from segmentation.reporting.page import render

    return render(
        notebook,
        title=order.titles[leaf.language],
        navigation=[
            *(
                (other.page, other.title, other is leaf)
                for other in leaves
                if other.language == leaf.language
            ),
            *(
                (name.format(ending=leaf.ending), translated(label, leaf.language), False)
                for name, label in order.beside.items()
            ),
            ("../../index.html", translated("All months", leaf.language), False),
        ],
        key=order.key,
        language=leaf.language,
        others=[
            (other.page, str(facts(other.language)["name"]))
            for other in leaves
            if other.stem == leaf.stem and other is not leaf
        ],
        tables=order.tables.replace("{ending}", leaf.ending),
        pages={f"{other.stem}.html": other.page for other in leaves if other.language == leaf.language},
    )


def warm_up() -> None:
    """Import what executing and printing need; to be done in a thread while the data are prepared."""
    for name in _NEEDED:
        importlib.import_module(name)
