"""Makes a published run again, from its manifest and in an empty store, and compares every published byte."""

import json
import tempfile
from pathlib import Path
from typing import Any

from segmentation.command.monthly import PRELOAD, look, make, reading_notebooks
from segmentation.errors import DataError, NotebookError, ParameterError
from segmentation.reporting.compare import causes, changed_files
from segmentation.reporting.kernels import Kernels
from segmentation.reporting.manifest import artefacts, file_digest, read_manifest
from segmentation.reporting.progress import Progress
from segmentation.study.settings import Settings
from segmentation.words.reader import Reader


def verify(run: Path, progress: Progress, params: Path | None = None) -> int:
    """Return how many files of the run were made again with the same bytes.

    The settings come from the manifest, the places (orders, notebooks) from `params`, or from the params
    file that run.json names. Raises DataError if the orders no longer give the same ledger, NotebookError
    for every other difference, naming what changed.
    """
    run = run.resolve()
    manifest = published(run)
    _untouched(run, manifest["artefacts"])
    with tempfile.TemporaryDirectory(prefix="verify") as scratch, Kernels(PRELOAD) as kernels:
        settings = _settings(run, manifest["made_from"], params, Path(scratch))
        said = "{run}: {n:integer} {n:file is|files are} as they were published"
        progress(Reader(settings.languages[0]).say(said, run=run.name, n=len(manifest["artefacts"])))
        again = Path(scratch) / "again"
        again.mkdir()
        with reading_notebooks(settings) as leaves:
            study, made_from = look(settings, progress)
            _, failures = make(study, leaves, made_from, again, kernels, progress)
        if failures:
            raise failures[0].error
        changed = list(causes(manifest["made_from"], made_from))
        files = changed_files(run, again)
        if not changed and not files and _same(run, again, "manifest.json"):
            return len(artefacts(again)) + 1
        message = "\n".join(
            [f"{run.name} could not be made again with the same bytes:", *map(str, changed), *files]
        )
        if manifest["made_from"].get("ledger") != made_from.get("ledger"):
            raise DataError(message)
        raise NotebookError(message)


def published(run: Path) -> dict[str, Any]:
    """The manifest of a published run; raises ParameterError if the folder holds none."""
    try:
        manifest = read_manifest(run)
        manifest["made_from"]["settings"], manifest["artefacts"].items()
    except (OSError, ValueError, KeyError, AttributeError, TypeError):
        raise ParameterError(
            f"{run} is not a published run: name a folder such as reports/2017-12/r001-1a2b3c4d"
        ) from None
    return manifest


def _untouched(run: Path, digests: dict[str, str]) -> None:
    altered = [
        name for name in digests if not (run / name).is_file() or file_digest(run / name) != digests[name]
    ]
    extra = {path.relative_to(run).as_posix() for path in artefacts(run)} - set(digests)
    if altered or extra:
        names = ", ".join(sorted([*altered, *extra])[:10])
        raise NotebookError(f"{run.name} was changed after it was published: {names}")


def _settings(run: Path, made_from: dict[str, Any], params: Path | None, scratch: Path) -> Settings:
    """The settings of the manifest, with the places of the params file and an empty store."""
    if params is None:
        named = json.loads((run / "run.json").read_text(encoding="utf-8")).get("parameters")
        if not named or not Path(named).is_file():
            raise ParameterError(f"{run.name}: its params file {named} is gone; name it with --params FILE")
        params = Path(named)
    here = Settings.load(params)
    values = here.model_dump(mode="json")
    root = values.pop("root")
    orders = {**values["orders"], **made_from["settings"].get("orders", {})}
    kept = {key: value for key, value in made_from["settings"].items() if key != "overrides"}
    places = {
        "orders": orders,
        "month": made_from["month"],
        "notebooks": str(here.place("notebooks")),
        "store": str(scratch / "store"),
        "reports": str(run.parent.parent),  # only read: last month may have been published otherwise
    }
    return Settings.of({**values, **kept, **places}, root=root)


def _same(run: Path, again: Path, name: str) -> bool:
    return (run / name).read_bytes() == (again / name).read_bytes()
