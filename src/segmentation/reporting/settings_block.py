"""The settings a page was made with, read from its parameter cells for the reader, not for the machine."""

import ast
from collections.abc import Mapping
from typing import Any


def settings_of(notebook_node: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return (name, value as Python text) of every literal assigned in the notebook's parameter cells.

    An injected value replaces the default of the same name. What is no plain literal is shown as its source.

    >>> about = {"tags": ["parameters"]}
    >>> cell = {"cell_type": "code", "metadata": about, "source": 'month = "2017-12"  # a month'}
    >>> settings_of({"cells": [cell]})
    [('month', '2017-12')]
    """
    found: dict[str, str] = {}
    for tag in ("parameters", "injected-parameters"):
        for cell in notebook_node["cells"]:
            if cell["cell_type"] == "code" and tag in cell.get("metadata", {}).get("tags", ()):
                source = cell["source"]
                found |= _assigned(source if isinstance(source, str) else "".join(source))
    return list(found.items())


def _assigned(source: str) -> dict[str, str]:
    try:
        body = ast.parse(source).body
    except SyntaxError:
        return {"": source}
    found: dict[str, str] = {}
    for statement in body:
        if isinstance(statement, ast.Assign | ast.AnnAssign) and statement.value is not None:
            targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
            found |= {
                target.id: _shown(statement.value) for target in targets if isinstance(target, ast.Name)
            }
    return found


def _shown(value: ast.expr) -> str:
    try:
        literal = ast.literal_eval(value)
    except ValueError:
        return ast.unparse(value)
    return literal if isinstance(literal, str) and literal else repr(literal)
