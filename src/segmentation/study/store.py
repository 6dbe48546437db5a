"""The store of results: each computed once, kept under the digest of its inputs, shared by all notebooks."""

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import pandas as pd
from filelock import FileLock

from segmentation.study.settings import Settings

Frames = Mapping[str, pd.DataFrame]


def digest(value: Any) -> str:
    """The sha256 of a JSON value; the order of keys counts, because that of methods and tiers does.

    >>> digest({"ABC": {}, "RFM": {}}) == digest({"RFM": {}, "ABC": {}})
    False
    """
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def ledger_folder(settings: Settings) -> Path:
    """The folder of the ledger of these orders: others, or the same read otherwise, have their own."""
    return settings.place("store") / "ledger" / digest([str(settings.root), settings.orders])[:16]


@cache
def code_digest() -> str:
    """The sha256 of this package's own code: results made by other code are not taken for ours."""
    total = hashlib.sha256()
    root = Path(str(files("segmentation")))
    for path in sorted(root.rglob("*")):
        if path.suffix in {".py", ".sql"}:
            total.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes())
    return total.hexdigest()


class Store:
    """A folder of results; safe for several processes, and never seen half-written.

    >>> import tempfile
    >>> store = Store(Path(tempfile.mkdtemp()))
    >>> made = store.frames("sums", {"n": 3}, lambda: {"sum": pd.DataFrame({"n": [6]})})
    >>> again = store.frames("sums", {"n": 3}, lambda: {})   # not computed a second time
    >>> int(again["sum"]["n"].iloc[0])
    6
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def frames(self, name: str, key: Any, compute: Callable[[], Frames]) -> dict[str, pd.DataFrame]:
        """The frames that `compute` returned for this key, or those it returned to whoever asked first."""

        def write(folder: Path) -> None:
            for part, frame in compute().items():
                frame.to_parquet(folder / f"{part}.parquet")

        folder = self._once(name, key, write)
        return {path.stem: pd.read_parquet(path) for path in sorted(folder.glob("*.parquet"))}

    def text(self, name: str, key: Any, compute: Callable[[], str]) -> str:
        """The text that `compute` returned for this key, from its file if anyone computed it before."""
        folder = self._once(name, key, lambda at: _write(at / "text", compute()))
        return (folder / "text").read_text(encoding="utf-8")

    def _once(self, name: str, key: Any, write: Callable[[Path], None]) -> Path:
        """The folder of a result; whoever comes first makes it beside, under a lock, and renames it."""
        folder = self.folder / name / digest([key, code_digest()])[:24]
        if folder.exists():
            return folder
        folder.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(f"{folder}.lock"):
            if not folder.exists():
                beside = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
                try:
                    write(beside)
                    os.rename(beside, folder)
                finally:
                    shutil.rmtree(beside, ignore_errors=True)
        return folder


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")
