"""What a run was made from, its key, and the digest of everything it published."""

import hashlib
import json
import platform
import re
from collections.abc import Iterable, Mapping
from importlib import metadata
from pathlib import Path
from typing import Any

SCHEMA = 1
_OWN_FILES = {"manifest.json", "run.json", "stdout.log", "stderr.log"}
# beside the direct requirements: what writes into notebooks and pages
_WRITERS = ("ipython", "jinja2", "nbclient", "nbformat", "pygments", "mistune")


def canonical(value: Any) -> str:
    """The one JSON text of a value: keys as they come (the order of tiers matters), no spaces, no NaN."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def readable(value: Any) -> str:
    """JSON for people and for diff: keys as they come, one entry a line."""
    return json.dumps(value, ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def key_of(made_from: Mapping[str, Any]) -> str:
    """The sha256 of everything that decides what a run says.

    >>> key_of({"month": "2017-12"})[:8]
    '2d891fd4'
    >>> key_of({"tiers": {"A": "Key", "B": "Main"}}) == key_of({"tiers": {"B": "Main", "A": "Key"}})
    False
    """
    return hashlib.sha256(canonical(made_from).encode()).hexdigest()


def file_digest(path: Path) -> str:
    """The sha256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def digests(folder: Path, paths: Iterable[Path]) -> dict[str, str]:
    """The sha256 of each file, under its path inside the folder."""
    return {path.relative_to(folder).as_posix(): file_digest(path) for path in sorted(paths)}


def package_digests(folder: Path) -> dict[str, str]:
    """The sha256 of each source file of a package: code, SQL, templates; not its notebooks."""
    files = (path for path in folder.rglob("*") if path.is_file())
    return digests(
        folder, [p for p in files if "__pycache__" not in p.parts and p.suffix not in {".pyc", ".ipynb"}]
    )


def versions(distribution: str, also: Iterable[str] = ()) -> dict[str, str]:
    """The installed versions of Python, of what a distribution requires and writes with, and of `also`."""
    required = [line for line in metadata.requires(distribution) or [] if "extra ==" not in line]
    names = {re.split(r"[^A-Za-z0-9._-]", line, maxsplit=1)[0].lower() for line in required}
    found = {"python": platform.python_version()}
    for name in sorted({*names, *_WRITERS, *also}):
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue  # optional, and not here
    return found


def write_manifest(run: Path, made_from: Mapping[str, Any]) -> None:
    """Write `manifest.json`: the key, what the run was made from, and the digest of every artefact."""
    document = {
        "schema": SCHEMA,
        "key": key_of(made_from),
        "made_from": made_from,
        "artefacts": digests(run, artefacts(run)),
    }
    (run / "manifest.json").write_text(readable(document), encoding="utf-8")


def artefacts(run: Path) -> list[Path]:
    """The published files of a run that are the same whenever and wherever it is made."""
    return [
        path
        for path in sorted(run.rglob("*"))
        if path.is_file() and path.relative_to(run).as_posix() not in _OWN_FILES
    ]


def read_manifest(run: Path) -> dict[str, Any]:
    """The manifest of a published run; raises FileNotFoundError or ValueError if it is none."""
    document = json.loads((run / "manifest.json").read_text(encoding="utf-8"))
    if not isinstance(document, dict) or not isinstance(document.get("key"), str):
        raise ValueError(f"{run / 'manifest.json'} is not a run's manifest")
    return document
