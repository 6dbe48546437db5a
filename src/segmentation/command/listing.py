"""`segmentation list`: every published month and version with its verdict, and the runs that failed."""

import json
from collections.abc import Iterator

from segmentation.reporting.archive import Archive, Run, finished


def listed(archive: Archive) -> Iterator[str]:
    """A line a version, newest month first, the one that counts marked; then the failed runs."""
    known = archive.months() if archive.folder.is_dir() else []
    for month in reversed(known):
        for place, run in enumerate(reversed(archive.runs(month))):
            counts = "*" if place == 0 else " "
            yield f"{month} {counts} {run.name}  {finished(run)[:16].replace('T', ' ')}  {_verdict(run)}"
    for failure in archive.failures():
        yield f"{failure.month} ! {failure.name}  {failure.why}"


def _verdict(run: Run) -> str:
    """What the run said of the official method, and which challengers failed."""
    try:
        told = json.loads((run.folder / "run.json").read_text(encoding="utf-8"))
        failed = ", ".join(told["failed_challengers"])
        return f"{told['verdict']}{f'; failed: {failed}' if failed else ''}"
    except (OSError, ValueError, KeyError, TypeError):
        return ""
