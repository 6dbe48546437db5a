"""`segmentation prune`: clears what nobody needs any more; the newest version of a month always stays."""

import shutil
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from segmentation.ledger.files import read_index
from segmentation.reporting.archive import Archive, Run, finished
from segmentation.study.settings import Settings
from segmentation.study.store import ledger_folder
from segmentation.words.reader import Sentence, sentence


class Pruned(NamedTuple):
    """What was cleared."""

    runs: int
    failed: int
    results: int
    ledger_files: int

    @property
    def sentence(self) -> Sentence:
        """The same for whoever asked."""
        return sentence(
            "cleared {runs:integer} earlier {runs:version|versions}, {failed:integer} failed "
            "{failed:run|runs}, {results:integer} {results:result|results} and {files:integer} ledger "
            "{files:file|files} of the store",
            runs=self.runs,
            failed=self.failed,
            results=self.results,
            files=self.ledger_files,
        )


def prune(settings: Settings, keep: int) -> Pruned:
    """Keep everything of the newest `keep` published months; of older ones the newest version only.

    Also cleared: the evidence of failed runs of those older months, results of the store that no run has used
    since the oldest kept month was made, and what the ledger no longer refers to once months are gone.
    Raises Locked while a run is under way.
    """
    archive = Archive(settings.place("reports"), settings.languages[0])
    with archive.lock():
        known = archive.months()
        old = known[:-keep]
        superseded = [run for month in old for run in archive.runs(month)[:-1]]
        for run in superseded:
            _clear(run.folder)
        evidence = [
            folder
            for parent in sorted((archive.folder / "_failed").glob("*"))
            if old and parent.name <= old[-1]
            for folder in sorted(parent.iterdir())
        ]
        for folder in evidence:
            _clear(folder)
        kept = [newest for month in known[-keep:] if (newest := archive.latest(month))]
        results = _results(settings, kept) if old else 0
        files = _ledger(settings) if old else 0
        archive.refresh()
    return Pruned(len(superseded), len(evidence), results, files)


def _clear(folder: Path) -> None:
    """Take a folder away, first out of sight at once, so that no reader meets half of it."""
    hidden = folder.with_name(f".{folder.name}.cleared")
    folder.rename(hidden)
    shutil.rmtree(hidden, onerror=_writable)


def _writable(function: object, path: str, _: object) -> None:
    """A published file is read-only, which Windows does not delete."""
    Path(path).chmod(0o666)
    Path(path).unlink()


def _results(settings: Settings, kept: list[Run]) -> int:
    """Clear the results that were last of use before the first of the kept runs was made."""
    made = [told for run in kept if (told := finished(run))]
    if not made:
        return 0
    since = min(datetime.fromisoformat(told).timestamp() for told in made)
    folders = [path for path in (settings.place("store") / "results").glob("*/*") if path.is_dir()]
    unused = [path for path in folders if path.stat().st_mtime < since]
    for path in unused:
        shutil.rmtree(path, ignore_errors=True)
        path.with_name(f"{path.name}.lock").unlink(missing_ok=True)
    return len(unused)


def _ledger(settings: Settings) -> int:
    """Clear the earlier files of the ledger's months; how those months stood is then no longer known."""
    folder = ledger_folder(settings)
    index = read_index(folder)
    if index is None:
        return 0
    months = [*index["months"].values(), *index["baskets"].values()]
    wanted = {index["set_aside"], *(figures["file"] for figures in months)}
    unused = [path for path in folder.glob("*.parquet") if path.name not in wanted]
    for path in unused:
        path.unlink()
    return len(unused)
