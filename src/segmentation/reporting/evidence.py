"""What a failed run leaves: a page with the reason on top, and the notebook as far as it got."""

from collections.abc import Callable, Sequence
from pathlib import Path

import nbformat

from segmentation.reporting.press import Failure
from segmentation.reporting.scrub import masked


def write_evidence(
    folder: Path,
    title: str,
    language: str,
    failures: Sequence[Failure],
    reason: str,
    findings: Sequence[str] = (),
    mask: Callable[[str], str] = str,
) -> None:
    """Write `index.html` with the reason on top, and the partly executed notebooks under it.

    Without a failed notebook (the data failed a gate) the page holds the reason and `findings`, pieces of
    HTML that show why. mask: what takes out of messages that which must not be kept.
    """
    from segmentation.reporting.page import render

    for place, failure in enumerate(failures):
        name, notebook = failure.leaf.name, masked(failure.notebook, mask)
        (folder / name).write_text(nbformat.writes(notebook) + "\n", encoding="utf-8")
        page = render(
            notebook,
            title=title,
            navigation=[],
            key="",
            language=failure.leaf.language,
            failure=mask(str(failure.error)),
            pages={},
        )
        (folder / ("index.html" if place == 0 else f"{name}.html")).write_text(page, encoding="utf-8")
    if not failures:
        first, _, more = reason.partition("\n")
        shown = [nbformat.v4.new_output("stream", name="stdout", text=more)] if more else []
        shown += [nbformat.v4.new_output("display_data", {"text/html": html}) for html in findings]
        node = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(outputs=shown)] if shown else [])
        page = render(
            node, title=title, navigation=[], key="", language=language, failure=first, by_data=True
        )
        (folder / "index.html").write_text(page, encoding="utf-8")
    (folder / "reason.txt").write_text(reason + "\n", encoding="utf-8")
