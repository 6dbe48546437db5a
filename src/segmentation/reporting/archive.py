"""The folder of published runs: staged beside, renamed into place under a lock, never changed afterwards.

A crash at any instant leaves either the old state or the new one: until the rename there is only a folder in
`.staging`, and from the rename on the run is complete. `latest.json` and `index.html` are derived from the
runs that are there, so the next run puts right what a crash left behind.
"""

import json
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock, Timeout

from segmentation.errors import Locked, WriteError
from segmentation.reporting.contents import Failure, Version, contents_page, read_summary
from segmentation.reporting.manifest import read_manifest, readable
from segmentation.reporting.newest import hold_newest

_RUN = re.compile(r"r(\d{3,})-([0-9a-f]{8})")
_MONTH = re.compile(r"\d{4}-\d{2}")
_FAILED = re.compile(r"f(\d{3,})-.*")


@dataclass(frozen=True)
class Run:
    """A published run: its folder `<month>/r<number>-<first eight of the key>`."""

    folder: Path
    month: str
    number: int
    key: str

    @property
    def name(self) -> str:
        """The folder's own name, such as r001-1a2b3c4d."""
        return self.folder.name

    @property
    def page(self) -> Path:
        """The page to open first."""
        return self.folder / "index.html"


class Archive:
    """What is under `reports/`.

    >>> archive = Archive(Path(getfixture("tmp_path")) / "reports")
    >>> with archive.lock(), archive.staging() as folder:
    ...     _ = (folder / "index.html").write_text("<p>December</p>")
    ...     _ = (folder / "manifest.json").write_text('{"key": "1a2b3c4d5e6f"}')
    ...     run = archive.publish(folder, "2017-12", "1a2b3c4d5e6f")
    >>> run.name, archive.latest("2017-12") == run
    ('r001-1a2b3c4d', True)
    """

    def __init__(self, folder: Path, language: str = "en") -> None:
        """folder: `reports/`. language: of its list of months."""
        self.folder, self.language = folder, language

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Hold the archive for one run, and first put right what a killed run left; raises Locked."""
        lock = FileLock(self.folder / ".lock")
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            lock.acquire(timeout=0)
        except Timeout:
            raise Locked(
                f"another run holds {self.folder / '.lock'}: wait for it to end (nothing was done)"
            ) from None
        except OSError as error:
            raise WriteError(f"reports: cannot write in {self.folder}: {error.strerror}") from None
        try:
            shutil.rmtree(self.folder / ".staging", ignore_errors=True)
            self.refresh()
            yield
        finally:
            lock.release()

    def runs(self, month: str) -> list[Run]:
        """The complete runs of a month, oldest first."""
        found = []
        for folder in (self.folder / month).glob("r*-*"):
            name = _RUN.fullmatch(folder.name)
            if name is None or not (folder / "index.html").is_file():
                continue
            try:
                key = read_manifest(folder)["key"]
            except (OSError, ValueError):
                continue
            found.append(Run(folder, month, int(name[1]), key))
        return sorted(found, key=lambda run: run.number)

    def latest(self, month: str) -> Run | None:
        """The run that counts for a month: the last one published."""
        return max(self.runs(month), key=lambda run: run.number, default=None)

    def months(self) -> list[str]:
        """The months with at least one run, oldest first."""
        folders = (path.name for path in self.folder.iterdir() if _MONTH.fullmatch(path.name))
        return [month for month in sorted(folders) if self.runs(month)]

    @contextmanager
    def staging(self) -> Iterator[Path]:
        """An empty folder on the same disk to build a run in; whatever is not published is removed."""
        parent = self.folder / ".staging"
        parent.mkdir(exist_ok=True)
        folder = Path(tempfile.mkdtemp(dir=parent))
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)
            with suppress(OSError):  # another folder is still being built
                parent.rmdir()

    def next_number(self, month: str) -> int:
        """The number of the month's next run; numbers are not used twice."""
        return _next(self.folder / month, _RUN)

    def publish(self, staged: Path, month: str, key: str) -> Run:
        """Move a finished run into place and point to it."""
        number = self.next_number(month)
        folder = self.folder / month / f"r{number:03d}-{key[:8]}"
        _move(staged, folder)
        self.refresh()
        return Run(folder, month, number, key)

    def keep_evidence(self, staged: Path, month: str, label: str) -> Path:
        """Move what a failed run left under `_failed/<month>/` and return its folder."""
        parent = self.folder / "_failed" / month
        folder = parent / f"f{_next(parent, _FAILED):03d}-{label}"
        _move(staged, folder)
        self.refresh()
        return folder

    def failures(self) -> list[Failure]:
        """The runs that published nothing, the newest month and the last of each month first."""
        found = []
        for parent in sorted((self.folder / "_failed").glob("*"), reverse=True):
            for folder in sorted(parent.glob("f*"), reverse=True):
                try:
                    told = (folder / "reason.txt").read_text(encoding="utf-8").partition("\n")[0]
                    stopped = datetime.fromtimestamp((folder / "reason.txt").stat().st_mtime, UTC)
                except (OSError, ValueError):
                    continue
                found.append(Failure(parent.name, folder.name, stopped.isoformat(timespec="seconds"), told))
        return found

    def refresh(self) -> None:
        """Write the pointers and the list of runs where they differ from the runs that are there."""
        listed = []
        for month in reversed(self.months()):
            runs = self.runs(month)[::-1]
            listed.append((month, runs))
            pointer = {"month": month, "run": runs[0].name, "key": runs[0].key}
            _write(self.folder / month / "latest.json", readable(pointer))
        hold_newest(self.folder, listed[0][1][0].folder if listed else None)
        failures = self.failures()
        if listed or failures or (self.folder / "index.html").exists():
            entries = [(month, [_version(run) for run in runs]) for month, runs in listed]
            _write(self.folder / "index.html", contents_page(entries, failures, self.language))


def finished(run: Run) -> str:
    """When the run was made, for the reader of the list; empty if run.json does not say."""
    try:
        return str(json.loads((run.folder / "run.json").read_text(encoding="utf-8"))["finished"])
    except (OSError, ValueError, KeyError, TypeError):
        return ""


def _version(run: Run) -> Version:
    made_from = read_manifest(run.folder).get("made_from", {})
    return Version(run.name, finished(run), made_from, read_summary(run.folder))


def _next(folder: Path, form: re.Pattern[str]) -> int:
    names = (form.fullmatch(path.name) for path in folder.glob("*"))
    return 1 + max((int(name[1]) for name in names if name), default=0)


def _move(staged: Path, folder: Path) -> None:
    """Rename a folder into place after everything in it has reached the disk."""
    for path in sorted(staged.rglob("*")):
        _sync(path)
        if path.is_file():
            path.chmod(0o444)  # never changed once published
    staged.chmod(0o755)  # a temporary folder is for its owner alone
    _sync(staged)
    folder.parent.mkdir(parents=True, exist_ok=True)
    os.rename(staged, folder)
    _sync(folder.parent)
    _sync(folder.parent.parent)


def _write(path: Path, text: str) -> None:
    """Replace a file as a whole, and only if it differs."""
    content = text.encode()
    if path.is_file() and path.read_bytes() == content:
        return
    if path.is_dir():
        shutil.rmtree(path)  # no file of ours
    beside = path.with_name(f".{path.name}.new")
    beside.write_bytes(content)
    _sync(beside)
    os.replace(beside, path)
    _sync(path.parent)


def _sync(path: Path) -> None:
    folder = path.is_dir()
    try:
        handle = os.open(path, os.O_RDONLY if folder else os.O_RDWR)
    except PermissionError:
        if folder:
            return  # Windows cannot open a folder
        raise
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
