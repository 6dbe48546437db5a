"""The parameters that a notebook was given, and those among them that nobody knows."""

import ast
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from typing import Any

from segmentation.errors import ParameterError, did_you_mean
from segmentation.study.settings import Settings

_INJECTED = "# Parameters"  # the first line of the cell that papermill writes
_LIKE = 0.8


def given(namespace: Mapping[str, Any]) -> dict[str, Any]:
    """The settings keys of a notebook's `globals()` with their values.

    Raises ParameterError, with the nearest key, for a parameter that papermill injected and that neither the
    settings nor the notebook's own parameters cell know, and for a name in that cell that is nearly a key.

    >>> cells = ["", "month = '2017-12'\\nlimit = 5", "# Parameters\\nlimits = 6\\n"]
    >>> given({"In": cells, "month": "2017-12", "limits": 6})
    Traceback (most recent call last):
    segmentation.errors.ParameterError: parameters: unknown key 'limits'; did you mean 'limit'?
    """
    keys = Settings.names()
    own, injected = _parameter_cells([str(cell) for cell in namespace.get("In", ())], keys)
    known = [*keys, *own]
    unknown = [name for name in injected if name not in known]
    unknown += [name for name in own if name not in keys and get_close_matches(name, keys, 1, _LIKE)]
    if unknown:
        near = keys if unknown[0] in own else known
        raise ParameterError(f"parameters: unknown key {unknown[0]!r}{did_you_mean(unknown[0], near)}")
    return {key: namespace[key] for key in keys if key in namespace}


def _parameter_cells(cells: Sequence[str], keys: Sequence[str]) -> tuple[list[str], list[str]]:
    """The names in the notebook's own parameters cell, and in the injected one: of several runs the last.

    A parameters cell assigns plain values only, a settings key among them.
    """
    own: list[str] = []
    injected: list[str] = []
    for cell in cells:
        if cell.startswith(_INJECTED):
            injected = _assigned(cell)
        elif set(names := _assigned(cell)) & set(keys):
            own, injected = names, []
    return own, injected


def _assigned(cell: str) -> list[str]:
    """The names that a cell of plain assignments gives values; none for a cell of anything else."""
    try:
        lines = ast.parse(cell).body
        found = {}
        for line in lines:
            if not isinstance(line, ast.Assign) or not isinstance(line.targets[0], ast.Name):
                return []
            ast.literal_eval(line.value)
            found[line.targets[0].id] = line
    except (SyntaxError, ValueError):
        return []
    return list(found)
