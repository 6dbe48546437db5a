"""The monthly run: a study's month, its notebooks pressed into pages, published."""

import logging
import sysconfig
import tempfile
from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

from segmentation import months
from segmentation.command.masking import masking
from segmentation.command.pages import ABOUT, notebooks_folder, variants_of
from segmentation.errors import DataError, NotebookError, ParameterError, SegmentationError
from segmentation.reporting.archive import Archive
from segmentation.reporting.compare import causes
from segmentation.reporting.kernels import Kernels
from segmentation.reporting.manifest import (
    digests,
    key_of,
    package_digests,
    versions,
    write_manifest,
)
from segmentation.reporting.notebooks import Leaf, find_pages, read_leaves
from segmentation.reporting.progress import Progress
from segmentation.reporting.record import write_logs, write_record
from segmentation.study.settings import ENVIRONMENT, Settings
from segmentation.words.translations import translated

if TYPE_CHECKING:
    from segmentation.reporting.press import Failure
    from segmentation.study.study import Study

# what every notebook imports: loaded once, before the kernels are forked
PRELOAD = (
    "pyarrow.parquet",
    "duckdb",
    "matplotlib.backends.backend_svg",
    "segmentation.show.charts",
    "segmentation.questions.data",
    "segmentation.questions.month",
    "segmentation.study.study",
)


@dataclass(frozen=True)
class Outcome:
    """The page of a month, whether this run published it, and the challengers that failed (name → why)."""

    page: Path
    published: bool
    failed: Mapping[str, str] = field(default_factory=dict)


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
    started = datetime.now(UTC)
    with suppress(NotebookError):  # that one leaves its evidence below
        find_pages(notebooks_folder(settings))  # before the orders are read
    archive = Archive(settings.place("reports"), settings.languages[0])
    with (
        archive.lock(),
        telling(progress),
        tempfile.TemporaryFile() as log,
        Kernels(PRELOAD, log) as kernels,
    ):
        failures: list[Failure] = []
        study: Study | None = None
        try:
            with archive.staging() as folder, reading_notebooks(settings) as leaves:
                study, made_from = look(settings, progress)
                key = key_of(made_from)
                latest = archive.latest(study.month)
                if latest is not None and latest.key == key and not force:
                    said = "unchanged since {run}: the same settings, data, notebooks and code"
                    progress(study.say(said, run=latest.name))
                    return Outcome(latest.page, published=False)
                tell_restated(study, archive, progress)
                seconds, failures = make(study, leaves, made_from, folder, kernels, progress)
                for said in kernels.said():
                    progress(said)
                if failures:
                    raise failures[0].error
                from segmentation.command.preparing import failed_challengers

                failed = failed_challengers(study)
                write_record(
                    folder,
                    started,
                    key=key,
                    seconds_by_notebook=seconds,
                    failed_challengers=failed,
                    verdict=_verdict(study),
                    root=str(settings.root),
                    parameters=str(origin) if origin else None,
                )
                write_logs(folder, progress.lines, log, masking(settings, study))
                run = archive.publish(folder, study.month, key)
        except SegmentationError as error:
            if isinstance(error, ParameterError):
                raise
            kernels.kill()
            from segmentation.reporting.evidence import write_evidence

            with archive.staging() as folder:
                language = settings.languages[0]
                title = _title(language, settings.month or (study.month if study else None))
                mask = masking(settings, study)
                reason, findings = _findings(study, error)
                write_evidence(folder, title, language, failures, mask(reason), findings, mask)
                write_logs(folder, progress.lines, log, mask)
                label = failures[0].leaf.stem if failures else "data"
                kept = archive.keep_evidence(folder, settings.month or "latest", label)
            raise type(error)(
                f"{error}\nNothing was published; the evidence: {kept / 'index.html'}"
            ) from error
    return Outcome(run.page, published=True, failed=failed)


@contextmanager
def telling(progress: Progress) -> Iterator[None]:
    """Tell what the package logs, such as that something in the store is damaged, with the progress."""

    class Teller(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            progress(record.getMessage())

    log, teller = logging.getLogger("segmentation"), Teller()
    log.addHandler(teller)
    try:
        yield
    finally:
        log.removeHandler(teller)


@contextmanager
def reading_notebooks(settings: Settings) -> Iterator[Future[list[Leaf]]]:
    """Read the notebooks, and import the tools for them, while the block reads the orders."""

    def read() -> list[Leaf]:
        from segmentation.reporting.press import warm_up

        warm_up()
        pages = find_pages(notebooks_folder(settings)).pages
        return read_leaves(pages, variants_of(pages, settings), settings.languages)

    with ThreadPoolExecutor(1) as reader:
        yield reader.submit(read)


def look(settings: Settings, progress: Progress) -> tuple["Study", dict[str, Any]]:
    """Open the study and read its orders; give it and what decides what its report says."""
    from segmentation.study.study import Study

    study = Study.open(settings)
    progress(study.say("reading the orders"))
    return study, describe(study)


def tell_restated(study: "Study", archive: Archive, progress: Progress) -> None:
    """Say which months corrected orders have rewritten, and which published tiers would now differ."""
    from segmentation.command.restated_runs import restated_runs

    for said in restated_runs(study, archive):
        progress(study.say(said))


def describe(study: "Study") -> dict[str, Any]:
    """Everything that decides what the month's report says, as JSON values without locations."""
    from segmentation.questions.published import published_otherwise
    from segmentation.questions.restated import restated
    from segmentation.study.inputs import inputs

    before, corrected = published_otherwise(study), restated(study)
    notebooks = notebooks_folder(study.settings)
    return {
        **inputs(study),
        "month": study.month,
        "published_before": before and before.told(),
        "restated": corrected and corrected.told(),
        "code": package_digests(Path(str(resources.files("segmentation")))),
        "notebooks": digests(notebooks, [page.path for page in find_pages(notebooks).pages]),
        "versions": versions("segmentation"),
    }


def make(
    study: "Study",
    leaves: Future[list[Leaf]],
    made_from: Mapping[str, Any],
    folder: Path,
    kernels: Kernels,
    progress: Progress,
) -> "tuple[dict[str, float], list[Failure]]":
    """Write every page, notebook, table, rule and the manifest into a folder; give seconds, and failures.

    The heavy results are computed here while the first notebooks run; whoever needs one that another is
    computing waits for it at the store.
    """
    from segmentation.command.artefacts import TABLES, WORKBOOK, write_artefacts
    from segmentation.command.preparing import learn_all, prepare
    from segmentation.reporting.press import Order, press

    settings = with_month(study.settings, study.month)
    order = Order(
        parameters={**made_from["settings"], "month": study.month},
        environment={ENVIRONMENT: settings.model_dump_json()},
        cwd=settings.root,
        titles={language: _title(language, study.month) for language in settings.languages},
        key=key_of(made_from),
        seconds=settings.notebook_timeout,
        places=_places(settings, kernels),
        beside={WORKBOOK: "Customers (Excel)"},
        tables=TABLES,
    )

    learned: Future[Mapping[str, str]] = Future()  # the methods that failed this month, once all are learned

    def compute() -> None:
        try:
            learned.set_result(learn_all(study, progress))
        except BaseException as error:
            learned.set_exception(error)
            raise
        prepare(study, progress)
        write_artefacts(study, folder)

    def wanted(leaf: Leaf) -> bool:
        return leaf.variant.parameters.get(ABOUT) not in learned.result()

    seconds, failures = press(leaves.result(), order, kernels, folder, progress, compute, wanted)
    if not failures:
        if changed := list(causes(made_from, describe(type(study).open(study.settings)))):
            raise DataError(
                "\n".join(["what the report is made from changed meanwhile; run again:", *map(str, changed)])
            )
        write_manifest(folder, made_from)
    return seconds, failures


def _verdict(study: "Study") -> str:
    """What the trial says of the official method, in a word: clear, level, beaten …"""
    from segmentation.questions.trial import verdict

    return f"{study.settings.official}: {verdict(study).status}"


def _title(language: str, month: str | None) -> str:
    return f"{translated('Customer tiers', language)} {month or ''}".strip()


def _findings(study: "Study | None", error: SegmentationError) -> tuple[str, list[str]]:
    """Why the run stopped, and where a gate did, every gate's finding and the reconciliation as HTML."""
    from segmentation.questions import data
    from segmentation.questions.gates import Refused

    if study is None or not isinstance(error, Refused):
        return str(error), []
    return study.say(error.why), [data.gates_found(study).html, data.reconciled(study).html]


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
