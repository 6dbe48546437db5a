"""Writes down when, where and how long a run was made: the only files that differ from run to run."""

import platform
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from segmentation.errors import without_passwords
from segmentation.reporting.manifest import readable


def write_record(
    folder: Path,
    started: datetime,
    *,
    key: str,
    seconds_by_notebook: dict[str, float],
    failed_challengers: dict[str, str],
    verdict: str,
    root: str,
    parameters: str | None,
) -> None:
    """Write run.json; `parameters` is the params file, so that `verify` finds the orders again."""
    finished = datetime.now(UTC)
    record = {
        "key": key,
        "started": started.isoformat(timespec="seconds"),
        "finished": finished.isoformat(timespec="seconds"),
        "seconds": round((finished - started).total_seconds(), 2),
        "seconds_by_notebook": seconds_by_notebook,
        "failed_challengers": failed_challengers,
        "verdict": verdict,
        "host": platform.node(),
        "platform": platform.platform(),
        "root": root,
        "parameters": parameters,
    }
    (folder / "run.json").write_text(readable(record), encoding="utf-8")


def write_logs(folder: Path, lines: Sequence[str], errors: IO[bytes], mask: Callable[[str], str]) -> None:
    """Write stdout.log (the progress) and stderr.log (what kernels wrote past their notebooks).

    mask: what takes out of a text that which must not be kept.
    """
    (folder / "stdout.log").write_text("".join(f"{mask(line)}\n" for line in lines), encoding="utf-8")
    errors.seek(0)
    told = errors.read().decode("utf-8", "replace")
    (folder / "stderr.log").write_text(mask(without_passwords(told)), encoding="utf-8")
