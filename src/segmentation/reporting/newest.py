"""`reports/latest/`: the newest month's workbook, tiers and tables under names that never change.

A program that reads by path sees the old files or the new ones, never some of each: the folder is built beside,
and a link to it is replaced at once; where links cannot be made, the folder is renamed into place.
"""

import os
import shutil
from pathlib import Path

_HELD = ("customers*.xlsx", "tiers.parquet", "tables/*.csv")
_LINK, _BESIDE = "latest", ".latest"


def hold_newest(reports: Path, run: Path | None) -> None:
    """Let `latest` in the reports' folder hold what is taken away from the run; without one, nothing."""
    link, beside = reports / _LINK, reports / _BESIDE
    wanted = beside / f"{run.parent.name}-{run.name}" if run else None
    if (
        wanted is None
        or run is None
        or (wanted.is_dir() and link.is_dir() and link.resolve() == wanted.resolve())
    ):
        return
    building = beside / ".building"
    shutil.rmtree(building, ignore_errors=True)
    for path in sorted(path for pattern in _HELD for path in run.glob(pattern)):
        place = building / path.relative_to(run)
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, place)  # no link: whoever writes into it leaves the published one alone
    if not building.is_dir():
        return  # a run from before there was anything to take away
    shutil.rmtree(wanted, ignore_errors=True)
    building.rename(wanted)
    _point(link, wanted)
    for old in beside.iterdir():
        if old != wanted:
            shutil.rmtree(old, ignore_errors=True)


def _point(link: Path, folder: Path) -> None:
    fresh = link.with_name(f".{link.name}.new")
    fresh.unlink(missing_ok=True)
    try:
        os.symlink(folder.relative_to(link.parent), fresh, target_is_directory=True)
        if link.is_dir() and not link.is_symlink():
            shutil.rmtree(link)
        os.replace(fresh, link)
    except OSError:  # Windows without the right to make links
        gone = link.with_name(f".{link.name}.gone")
        shutil.rmtree(gone, ignore_errors=True)
        shutil.copytree(folder, fresh)
        if link.exists():
            link.rename(gone)
        fresh.rename(link)
        shutil.rmtree(gone, ignore_errors=True)
