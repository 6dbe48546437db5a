"""Takes out of an executed notebook what differs between two equal runs: times, ids, places, addresses."""

import copy
import re
from collections.abc import Callable, Mapping
from typing import Any

from nbformat import NotebookNode

from segmentation.errors import without_passwords

_ADDRESS = re.compile(r"\bat 0x[0-9a-fA-F]+")
# anchored where a word begins, or a picture of 300 kB without a space takes half a minute
_CELL_FILE = re.compile(r"(?<![^\s\"'<>()\x1b])[^\s\"'<>()\x1b]*ipykernel_\d+[/\\]\d+\.py")
_PROCESS = re.compile(r"ipykernel_\d+")
_PICTURES = ("image/png", "image/jpeg", "application/pdf")


def scrub(notebook: NotebookNode, places: Mapping[str, str]) -> NotebookNode:
    """A copy of the notebook without traces of when, where and in which process it ran.

    `places` maps folders of this machine to the names that stand for them in text, such as
    `{"/srv/crm/store": "<store>"}`; the longest match wins.
    """
    notebook = copy.deepcopy(notebook)
    for trace in ("papermill", "widgets"):
        notebook.metadata.pop(trace, None)
    notebook.metadata["kernelspec"] = {"display_name": "Python 3", "language": "python", "name": "python3"}
    ordered = {place: places[place] for place in sorted(places, key=lambda p: (-len(p), p))}
    for cell in notebook.cells:
        for trace in ("papermill", "execution"):
            cell.metadata.pop(trace, None)
        tags = cell.metadata.get("tags")
        if tags == []:
            del cell.metadata["tags"]
        elif tags and "injected-parameters" in tags:
            cell["id"] = "injected-parameters"
        if "outputs" in cell:
            cell.outputs = [_clean_output(output, ordered) for output in cell.outputs]
    return notebook


def masked(notebook: NotebookNode, mask: Callable[[str], str]) -> NotebookNode:
    """A copy of the notebook whose messages, errors and what was written to stderr, went through the mask."""
    notebook = copy.deepcopy(notebook)
    for output in (output for cell in notebook.cells for output in cell.get("outputs", ())):
        said = ("text",) if output.get("name") == "stderr" else ("evalue", "traceback")
        for key in (key for key in said if key in output):
            texts = output[key]
            output[key] = mask(texts) if isinstance(texts, str) else [mask(text) for text in texts]
    return notebook


def scrub_text(text: str, places: Mapping[str, str]) -> str:
    """The same for a piece of text, and without passwords: a traceback quotes the code that holds them.

    >>> scrub_text("<Axes at 0x7f01aa> from /srv/store/x", {"/srv/store": "<store>"})
    '<Axes at 0x...> from <store>/x'
    """
    text = without_passwords(text)
    for place, name in places.items():
        text = text.replace(place, name)
    text = _CELL_FILE.sub("<cell>", text)
    text = _PROCESS.sub("ipykernel", text)
    return _ADDRESS.sub("at 0x...", text)


def _clean_output(output: NotebookNode, places: Mapping[str, str]) -> NotebookNode:
    cleaned = NotebookNode(output)
    for key in ("text", "ename", "evalue", "traceback"):
        if key in cleaned:
            cleaned[key] = _clean(cleaned[key], places)
    if "data" in cleaned:
        cleaned["data"] = NotebookNode(
            {
                kind: value if kind in _PICTURES else _clean(value, places)
                for kind, value in cleaned["data"].items()
            }
        )
    return cleaned


def _clean(value: Any, places: Mapping[str, str]) -> Any:
    if isinstance(value, str):
        return scrub_text(value, places)
    if isinstance(value, list):
        return [_clean(part, places) for part in value]
    if isinstance(value, dict):
        return NotebookNode({key: _clean(part, places) for key, part in value.items()})
    return value
