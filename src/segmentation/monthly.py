"""The monthly run: a study's month, its notebooks pressed into pages, published."""

import sysconfig
import tempfile
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

from segmentation import months
from segmentation.errors import ParameterError, SegmentationError
from segmentation.reporting.archive import Archive
from segmentation.reporting.evidence import write_evidence
from segmentation.reporting.kernels import Kernels
from segmentation.reporting.manifest import (
    digests,
    key_of,
    package_digests,
    versions,
    write_manifest,
)
from segmentation.reporting.notebooks import Leaf, find_notebooks, read_leaves
from segmentation.reporting.press import Failure, Order, press, warm_up
from segmentation.reporting.progress import Progress
from segmentation.reporting.record import write_logs, write_record
from segmentation.settings import Settings

if TYPE_CHECKING:
    from segmentation.study import Study

ENVIRONMENT = "SEGMENTATION_SETTINGS"
# what most notebooks import: loaded once, before the kernels are forked
PRELOAD = ("pandas", "pyarrow.parquet", "duckdb", "matplotlib.figure", "segmentation.study")
_TITLES = {"en": "Customer tiers", "zh": "客户分级"}


@dataclass(frozen=True)
class Outcome:
    """The page of a month, whether this run published it, and the challengers that failed (name → why)."""

    page: Path
    published: bool
    failed: Mapping[str, str] = field(default_factory=dict)


class NotPublished(Exception):
    """A notebook failed; carries every failure, for the evidence."""

    def __init__(self, failures: list[Failure]) -> None:
        self.failures = failures
        super().__init__(str(failures[0].error))


def asked_months(
    settings: Settings, month: str | None, first: str | None, last: str | None
) -> list[str | None]:
    """The months that a command asks for; one None is the month of the settings, or the last complete one.

    >>> asked_months(Settings.of({}), None, "2017-11", "2017-12")
    ['2017-11', '2017-12']
    """
    if first is None and last is None:
        return [months.parse(month) if month else settings.month]
    if month is not None or first is None or last is None:
        raise ParameterError("give --month alone, or --from and --to together")
    if months.parse(first) > months.parse(last):
        raise ParameterError(f"--from {first} is later than --to {last}")
    return list(months.span(first, last))


def with_month(settings: Settings, month: str | None) -> Settings:
    """The same settings for another month."""
    values = settings.model_dump(mode="json")
    root = values.pop("root")
    return Settings.of({**values, "month": month}, root=root)


def run_month(
    settings: Settings, progress: Progress, force: bool = False, origin: Path | None = None
) -> Outcome:
    """Publish one month, unless the same key is published already.

    `origin` is the params file, noted in run.json for `verify`. Raises DataError, NotebookError or
    NotebookTimeout after leaving the evidence under `_failed/`, and Locked if another run is under way.
    """
    from segmentation.study import Study

    started = datetime.now(UTC)
    archive = Archive(settings.place("reports"))
    with archive.lock(), tempfile.TemporaryFile() as log, Kernels(PRELOAD, log) as kernels:
        study = Study.open(settings)
        failures: list[Failure] = []
        try:
            leaves = prepare(study, progress)
            made_from = describe(study, leaves)
            key = key_of(made_from)
            latest = archive.latest(study.month)
            if latest is not None and latest.key == key and not force:
                progress(f"unchanged since {latest.name}: the same settings, data, notebooks and code")
                return Outcome(latest.page, published=False)
            with archive.staging() as folder:
                try:
                    seconds = make(study, leaves, made_from, folder, kernels, progress)
                except NotPublished as stopped:
                    failures = stopped.failures
                    raise failures[0].error from None
                failed = study.failed_challengers()
                write_record(
                    folder,
                    started,
                    key=key,
                    seconds_by_notebook=seconds,
                    failed_challengers=dict(failed),
                    root=str(settings.root),
                    parameters=str(origin) if origin else None,
                )
                write_logs(folder, progress.lines, log)
                run = archive.publish(folder, study.month, key)
        except SegmentationError as error:
            if isinstance(error, ParameterError):
                raise
            kernels.kill()
            label = failures[0].leaf.stem if failures else "data"
            with archive.staging() as folder:
                title = _title(settings.languages[0], settings.month or "")
                write_evidence(folder, title, settings.languages[0], failures, str(error))
                write_logs(folder, progress.lines, log)
                kept = archive.keep_evidence(folder, settings.month or "latest", label)
            raise type(error)(
                f"{error}\nNothing was published; the evidence: {kept / 'index.html'}"
            ) from error
    return Outcome(run.page, published=True, failed=failed)


def prepare(study: "Study", progress: Progress) -> list[Leaf]:
    """Read the notebooks and compute the heavy results, while the tools for pages are being imported."""
    leaves = read_leaves(find_notebooks(notebooks_folder(study.settings)), study.settings.languages)
    warming = threading.Thread(target=warm_up, daemon=True)
    warming.start()
    study.prepare(progress)
    warming.join()
    return leaves


def describe(study: "Study", leaves: list[Leaf]) -> dict[str, Any]:
    """Everything that decides what the month's report says, as JSON values without locations."""
    folder = notebooks_folder(study.settings)
    return {
        **study.inputs(),
        "month": study.month,
        "code": package_digests(Path(str(resources.files("segmentation")))),
        "notebooks": digests(folder, {folder / f"{leaf.stem}.ipynb" for leaf in leaves}),
        "versions": versions("segmentation", also=["clvkit"]),
    }


def make(
    study: "Study",
    leaves: list[Leaf],
    made_from: Mapping[str, Any],
    folder: Path,
    kernels: Kernels,
    progress: Progress,
) -> dict[str, float]:
    """Write every page, notebook, table, rule and the manifest into a folder; give the seconds per notebook.

    Raises NotPublished if a notebook failed.
    """
    settings = with_month(study.settings, study.month)
    order = Order(
        parameters={**made_from["settings"], "month": study.month},
        environment={ENVIRONMENT: settings.model_dump_json()},
        cwd=settings.root,
        titles={language: _title(language, study.month) for language in settings.languages},
        key=key_of(made_from),
        seconds=settings.notebook_timeout,
        places=_places(settings, kernels),
    )
    progress(f"executing {len(leaves)} notebooks, two at a time")
    seconds, failures = press(
        leaves, order, kernels, folder, progress, meanwhile=lambda: study.write_artefacts(folder)
    )
    if failures:
        raise NotPublished(failures)
    write_manifest(folder, made_from)
    return seconds


def notebooks_folder(settings: Settings) -> Path:
    """The folder of notebooks: the one the settings name, else those that came with the package."""
    named = settings.place("notebooks")
    packed = Path(str(resources.files("segmentation"))) / "_notebooks"
    return packed if not named.is_dir() and packed.is_dir() else named


def _title(language: str, month: str) -> str:
    return f"{_TITLES[language]} {month}".strip()


def _places(settings: Settings, kernels: Kernels) -> dict[str, str]:
    """The folders of this machine that may turn up in messages, and what stands for them on a page."""
    installed = sysconfig.get_paths()
    named = {
        str(settings.place("store")): "<store>",
        str(settings.place("reports")): "<reports>",
        str(settings.root): "<project>",
        str(resources.files("segmentation")): "<segmentation>",
        installed["purelib"]: "<packages>",
        installed["platlib"]: "<packages>",
        installed["stdlib"]: "<python>",
        str(kernels.work): "<kernel>",
    }
    return {place: name for place, name in named.items() if len(Path(place).parts) > 2}
