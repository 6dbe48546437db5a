"""What differs between two published runs: what they were made from, and each artefact, in plain lines."""

import csv
import json
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from segmentation.reporting.manifest import file_digest, read_manifest

_MOST_LINES = 20
_PARTS = {
    "month": "month",
    "settings": "setting",
    "ledger": "data of",
    "notebooks": "notebook",
    "code": "code",
    "versions": "version of",
}


def differences(old: Path, new: Path) -> list[str]:
    """One line a difference between two run folders, nothing if they say the same.

    Settings and rules are compared value by value, tables row by row, everything else by its digest.
    Raises OSError or ValueError if a folder holds no manifest.
    """
    before, after = read_manifest(old), read_manifest(new)
    lines = list(causes(before.get("made_from", {}), after.get("made_from", {})))
    lines += [line for name in changed_files(old, new) for line in _file_lines(name, old / name, new / name)]
    return lines


def causes(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[str]:
    """What two runs were made from that is not the same."""
    for part in sorted({*before, *after}, key=lambda p: (list(_PARTS).index(p) if p in _PARTS else 99, p)):
        label = _PARTS.get(part, part)
        for path, old, new in _changes(before.get(part), after.get(part)):
            if part in ("ledger", "notebooks", "code"):
                yield f"{label} {path}: {_happened(old, new)}"
            else:
                yield f"{label} {path}: {_shown(old)} → {_shown(new)}".replace("  ", " ").replace(" :", ":")


def changed_files(old: Path, new: Path) -> list[str]:
    """The artefacts that are not the same bytes in both folders, or are in one only."""
    before, after = read_manifest(old).get("artefacts", {}), read_manifest(new).get("artefacts", {})
    return [name for name in sorted({*before, *after}) if _digest(old / name) != _digest(new / name)]


def _digest(path: Path) -> str | None:
    return file_digest(path) if path.is_file() else None


def _file_lines(name: str, old: Path, new: Path) -> Iterator[str]:
    if not old.is_file() or not new.is_file():
        yield f"{name}: {'only in the second' if new.is_file() else 'only in the first'}"
    elif old.suffix == ".json":
        yield from _short(name, _json_lines(old, new))
    elif old.suffix == ".csv":
        yield from _short(name, _table_lines(old, new))
    else:
        yield f"{name}: differs ({old.stat().st_size:,} and {new.stat().st_size:,} bytes)"


def _short(name: str, lines: Iterator[str]) -> Iterator[str]:
    for number, line in enumerate(lines):
        if number == _MOST_LINES:
            yield f"{name}: … and more"
            return
        yield f"{name}: {line}"


def _json_lines(old: Path, new: Path) -> Iterator[str]:
    documents = [json.loads(path.read_text(encoding="utf-8")) for path in (old, new)]
    for path, before, after in _changes(*documents):
        yield f"{path} {_shown(before)} → {_shown(after)}".strip()


def _table_lines(old: Path, new: Path) -> Iterator[str]:
    tables = []
    for path in (old, new):
        with path.open(encoding="utf-8-sig", newline="") as file:
            tables.append([tuple(row) for row in csv.reader(file)])
    before, after = tables
    if before[:1] != after[:1]:
        yield f"columns {_listed(before)} → {_listed(after)}"
        return
    gone, come = Counter(before) - Counter(after), Counter(after) - Counter(before)
    yield f"{gone.total():,} rows gone or changed, {come.total():,} rows new or changed"
    successors = {row[:1]: row for row in come}
    for row in gone:
        successor = successors.get(row[:1])
        yield f"{', '.join(row)} → {', '.join(successor) if successor else '(gone)'}"


def _listed(rows: list[tuple[str, ...]]) -> str:
    return ", ".join(rows[0]) if rows else "(none)"


def _changes(old: Any, new: Any, path: str = "") -> Iterator[tuple[str, Any, Any]]:
    """(path, old, new) of every value that differs; None stands for "not there"."""
    if isinstance(old, dict) and isinstance(new, dict):
        if old == new and list(old) != list(new):  # tiers and methods come in an order
            yield f"{path} (order)".strip(), list(old), list(new)
        for key in sorted({*old, *new}):
            yield from _changes(old.get(key), new.get(key), f"{path}.{key}" if path else str(key))
    elif isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        for place, (one, other) in enumerate(zip(old, new)):
            yield from _changes(one, other, f"{path}[{place}]")
    elif old != new:
        yield path, old, new


def _shown(value: Any) -> str:
    if value is None:
        return "(not given)"
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 80 else f"{text[:77]}..."


def _happened(old: Any, new: Any) -> str:
    if old is None:
        return "added"
    return "removed" if new is None else "changed"
