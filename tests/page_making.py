"""Executed notebooks made by hand, for the tests of the page."""

from collections.abc import Sequence
from typing import Any

from segmentation.reporting.page import render

Cell = dict[str, Any]
NAVIGATION = [("index.html", "The month", True), ("1-data.html", "Data", False)]


def prose(source: str, *tags: str) -> Cell:
    return {"cell_type": "markdown", "source": source, "metadata": {"tags": list(tags)}}


def code(source: str, *outputs: dict[str, Any], tags: Sequence[str] = ()) -> Cell:
    about = {"tags": list(tags)}
    return {
        "cell_type": "code",
        "source": source,
        "metadata": about,
        "outputs": list(outputs),
        "execution_count": 1,
    }


def shown(mime: str, data: str, **about: Any) -> dict[str, Any]:
    return {"output_type": "display_data", "data": {mime: data}, "metadata": {mime: about} if about else {}}


def of(thing: Any) -> dict[str, Any]:
    """The output that a table or chart leaves in a notebook."""
    if hasattr(thing, "_repr_mimebundle_"):
        data, metadata = thing._repr_mimebundle_()
        return {"output_type": "execute_result", "data": data, "metadata": metadata, "execution_count": 1}
    return shown("text/html", thing._repr_html_())


def stopped(name: str, value: str, traceback: str) -> dict[str, Any]:
    return {"output_type": "error", "ename": name, "evalue": value, "traceback": traceback.split("\n")}


def page(*cells: Cell, **more: Any) -> str:
    given = {"title": "Customer tiers", "navigation": NAVIGATION, "key": "1a2b3c4d" * 8} | more
    return render({"cells": list(cells), "nbformat": 4, "nbformat_minor": 5, "metadata": {}}, **given)
