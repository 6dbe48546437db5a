"""The store of results: each computed once, kept under the digest of its inputs, shared by all notebooks."""

import hashlib
import json
import logging
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import cache
from importlib import metadata
from importlib.resources import files
from io import BytesIO
from pathlib import Path
from typing import Any

import pandas as pd

from segmentation.errors import WriteError
from segmentation.ledger.files import lock_file, make_folder
from segmentation.study.settings import Settings

Frames = Mapping[str, pd.DataFrame]
_LOG = logging.getLogger("segmentation")
_NOTED = "digests.json"
# distribution → module: another version of these may compute other figures
_COMPUTE = {
    "numpy": "numpy",
    "pandas": "pandas",
    "scikit-learn": "sklearn",
    "scipy": "scipy",
    "duckdb": "duckdb",
    "pyarrow": "pyarrow",
}


def digest(value: Any) -> str:
    """The sha256 of a JSON value; the order of keys counts, because that of methods and tiers does.

    >>> digest({"ABC": {}, "RFM": {}}) == digest({"RFM": {}, "ABC": {}})
    False
    """
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=_named)
    return hashlib.sha256(text.encode()).hexdigest()


def _named(value: Any) -> str:
    """A class among the options of a method by its name; its code is in the key by `own_code`."""
    if isinstance(value, type):
        return f"{value.__module__}:{value.__qualname__}"
    raise TypeError(f"{value!r} is not a JSON value")


def ledger_folder(settings: Settings) -> Path:
    """The folder of the ledger of these orders: others, or the same read otherwise, have their own."""
    return settings.place("store") / "ledger" / digest([str(settings.root), settings.orders])[:16]


def libraries() -> dict[str, str]:
    """The versions of what computes: as loaded, else as installed."""
    found = {"python": sys.version}
    for name, module in _COMPUTE.items():
        loaded = getattr(sys.modules.get(module), "__version__", None)
        found[name] = loaded or _version(name)
    return found


@cache
def _version(distribution: str) -> str:
    try:
        return metadata.version(distribution)
    except metadata.PackageNotFoundError:
        return ""


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

    What it holds is a cache: a result that is damaged is dropped, said in the log, and computed anew.

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
        """The frames that `compute` returned for this key, or those it returned to whoever asked first.

        A key whose `own_methods` hold one of unknown code (None) keeps nothing.
        """
        if isinstance(key, Mapping) and None in key.get("own_methods", {}).values():
            return dict(compute())
        folder = self.folder / name / digest([key, code_digest(), libraries()])[:24]
        if (found := self._read(folder)) is not None:
            return found
        make_folder(folder.parent)
        with lock_file(folder.with_name(f"{folder.name}.lock")):
            if (found := self._read(folder)) is None:
                self._write(folder, compute())
                found = self._read(folder)
        if found is None:
            raise WriteError(f"store: what was written to {folder} cannot be read back; is the disk sound?")
        return found

    def _read(self, folder: Path) -> dict[str, pd.DataFrame] | None:
        """The frames of a folder, each held against the digest that was noted of it; None without them."""
        try:
            noted = json.loads((folder / _NOTED).read_text(encoding="utf-8"))
            contents = {part: (folder / f"{part}.parquet").read_bytes() for part in noted}
            if noted != {part: hashlib.sha256(content).hexdigest() for part, content in contents.items()}:
                raise ValueError("a file is not as it was written")
            os.utime(folder)  # when it was last of use, for `prune`
            return {part: pd.read_parquet(BytesIO(content)) for part, content in contents.items()}
        except FileNotFoundError:
            if not folder.exists():
                return None
            reason: object = "a file is missing"
        except (ValueError, TypeError, AttributeError, NotADirectoryError, IsADirectoryError) as error:
            reason = error
        _LOG.warning("the store: %s/%s is damaged (%s): it is computed anew", *folder.parts[-2:], reason)
        _remove(folder)
        return None

    def _write(self, folder: Path, made: Frames) -> None:
        """Keep frames: made beside, with the digest of every file, and renamed."""
        beside = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
        try:
            noted = {}
            for part, frame in sorted(made.items()):
                path = beside / f"{part}.parquet"
                frame.to_parquet(path)
                noted[part] = hashlib.sha256(path.read_bytes()).hexdigest()
            (beside / _NOTED).write_text(json.dumps(noted), encoding="utf-8")
            os.rename(beside, folder)
        finally:
            shutil.rmtree(beside, ignore_errors=True)


def _remove(path: Path) -> None:
    """Take away whatever stands there; a result that another process has just dropped is no fault."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
        return
    with suppress(NotADirectoryError):  # the folder above is in the way itself
        path.unlink(missing_ok=True)
