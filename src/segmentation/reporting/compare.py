"""What differs between two published runs: what they were made from, and each artefact, in sentences."""

import csv
import json
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from segmentation.reporting.manifest import file_digest, read_manifest
from segmentation.words.reader import Sentence, sentence

_MOST_LINES = 20
_ORDER = ("month", "settings", "ledger", "notebooks", "code", "versions")
# what is said of a value of each part that is not the same; of the first three only that it happened
_HAPPENED = {
    "ledger": "data of {name:month}: {how}",
    "notebooks": "notebook {name}: {how}",
    "code": "code {name}: {how}",
}
_CHANGED = {"settings": "setting {name}: {old} → {new}", "versions": "version of {name}: {old} → {new}"}
_ELSE = {
    "overrides": "other tiers set by hand",
    "own_methods": "other code of own methods",
    "restated": "orders were corrected since the month before was published",
    "published_before": "the month before was published otherwise",
    "pseudonyms": "other pseudonyms",
}
_PLAIN = "{name}: {old} → {new}"


def causes(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Sentence]:
    """What two runs were made from that is not the same, value by value."""
    for part in sorted({*before, *after}, key=lambda p: (_ORDER.index(p) if p in _ORDER else 99, p)):
        for path, old, new in _in_part(before, after, part):
            if part in _HAPPENED:
                yield sentence(_HAPPENED[part], name=path, how=_happened(old, new))
            else:
                name = path if part in _CHANGED else f"{part} {path}".strip()
                yield sentence(_CHANGED.get(part, _PLAIN), name=name, old=_shown(old), new=_shown(new))


def why_superseded(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Sentence]:
    """Why a month was published again, in a sentence for each kind of cause."""
    found = {part: list(_in_part(before, after, part)) for part in sorted({*before, *after})}
    changed = {part: [path for path, _, _ in changes] for part, changes in found.items() if changes}
    said = [
        sentence("{name}: {old} → {new}", name=path, old=_shown(old), new=_shown(new))
        for path, old, new in found.get("settings", ())
    ]
    if "ledger" in changed:
        said.append(
            sentence(
                "the data of {months:and} changed",
                months=[sentence("{month:month}", month=month) for month in changed["ledger"]],
            )
        )
    if "notebooks" in changed:
        said.append(sentence("changed notebooks: {names:list}", names=changed["notebooks"]))
    if "code" in changed or "versions" in changed:
        said.append(sentence("another version of the program"))
    said += [sentence(text) for part, text in _ELSE.items() if part in changed]
    return said or [sentence("published again without a change")]


def changed_files(old: Path, new: Path) -> list[str]:
    """The artefacts that are not the same bytes in both folders, or are in one only."""
    before, after = read_manifest(old).get("artefacts", {}), read_manifest(new).get("artefacts", {})
    return [name for name in sorted({*before, *after}) if _digest(old / name) != _digest(new / name)]


def differing_files(old: Path, new: Path) -> Iterator[Sentence]:
    """What differs in the artefacts of two run folders, nothing if they say the same.

    Rules are compared value by value, tables row by row, everything else by its digest. Raises OSError or
    ValueError if a folder holds no manifest.
    """
    return (said for name in changed_files(old, new) for said in _of_file(name, old / name, new / name))


def _digest(path: Path) -> str | None:
    return file_digest(path) if path.is_file() else None


def _of_file(name: str, old: Path, new: Path) -> Iterator[Sentence]:
    if not old.is_file() or not new.is_file():
        only = "{name}: only in the second" if new.is_file() else "{name}: only in the first"
        yield sentence(only, name=name)
    elif old.suffix == ".json":
        yield from _short(name, _of_json(old, new))
    elif old.suffix == ".csv":
        yield from _short(name, _of_table(old, new))
    else:
        sizes = {"old": old.stat().st_size, "new": new.stat().st_size}
        yield sentence("{name}: differs ({old:integer} and {new:integer} bytes)", name=name, **sizes)


def _short(name: str, found: Iterator[Sentence]) -> Iterator[Sentence]:
    for number, said in enumerate(found):
        if number == _MOST_LINES:
            yield sentence("{name}: … and more", name=name)
            return
        yield sentence("{name}: {said}", name=name, said=said)


def _of_json(old: Path, new: Path) -> Iterator[Sentence]:
    documents = [json.loads(path.read_text(encoding="utf-8")) for path in (old, new)]
    for path, before, after in _changes(*documents):
        yield sentence("{path} {old} → {new}", path=path, old=_shown(before), new=_shown(after))


def _of_table(old: Path, new: Path) -> Iterator[Sentence]:
    tables = []
    for path in (old, new):
        with path.open(encoding="utf-8-sig", newline="") as file:
            tables.append([tuple(row) for row in csv.reader(file)])
    before, after = tables
    if before[:1] != after[:1]:
        yield sentence("columns {old} → {new}", old=_listed(before), new=_listed(after))
        return
    gone, come = Counter(before) - Counter(after), Counter(after) - Counter(before)
    yield sentence(
        "{gone:integer} rows gone or changed, {come:integer} rows new or changed",
        gone=gone.total(),
        come=come.total(),
    )
    successors = {row[:1]: row for row in come}
    for row in gone:
        successor = successors.get(row[:1])
        new_row = ", ".join(successor) if successor else sentence("(gone)")
        yield sentence("{old} → {new}", old=", ".join(row), new=new_row)


def _listed(rows: list[tuple[str, ...]]) -> str | Sentence:
    return ", ".join(rows[0]) if rows else sentence("(none)")


def _in_part(
    before: Mapping[str, Any], after: Mapping[str, Any], part: str
) -> Iterator[tuple[str, Any, Any]]:
    """The changes of a part of what runs were made from; an earlier version may not have known the part."""
    old, new = before.get(part), after.get(part)
    known = isinstance(old, dict) or isinstance(new, dict)
    return _changes((old or {}) if known else old, (new or {}) if known else new)


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


def _shown(value: Any) -> str | Sentence:
    if value is None:
        return sentence("(not given)")
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 80 else f"{text[:77]}..."


def _happened(old: Any, new: Any) -> Sentence:
    if old is None:
        return sentence("added")
    return sentence("removed") if new is None else sentence("changed")
