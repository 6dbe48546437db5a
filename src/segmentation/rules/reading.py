"""Reading a stored rule: strict, versioned, and clear about what is wrong."""

import json
from typing import Any

from pydantic import ValidationError

from segmentation.errors import ParameterError

SCHEMA_VERSION = 2


def read_values(text: str) -> dict[str, Any]:
    """The values of a rule from its JSON text, as the newest schema has them.

    Raises ParameterError for text that is not JSON, a schema newer than this code, and a rule whose scores
    come from a method's own code.

    >>> read_values('{"version": 3, "kind": "points"}')
    Traceback (most recent call last):
    segmentation.errors.ParameterError: rule: version 3 is newer than this package reads (2): ...
    """
    try:
        values = json.loads(text, object_pairs_hook=_once, parse_constant=_no_constant)
    except (json.JSONDecodeError, RecursionError) as error:
        raise ParameterError(f"rule: not valid JSON: {error}") from None
    if not isinstance(values, dict):
        raise ParameterError(f"rule: expected a JSON object, found {type(values).__name__}")
    version = values.get("version", 1)
    if type(version) is not int or version < 1:
        raise ParameterError(
            f"rule: version {version!r} is not a schema version; this package reads 1 to {SCHEMA_VERSION}"
        )
    if version > SCHEMA_VERSION:
        raise ParameterError(
            f"rule: version {version} is newer than this package reads ({SCHEMA_VERSION}): "
            "upgrade segmentation"
        )
    if values.get("kind") == "scored":
        raise ParameterError(
            "rule: its scores come from a method's own code, so a file cannot apply it: fit the method again"
        )
    return _upgraded(values) if version == 1 else values


def refusal(error: ValidationError) -> ParameterError:
    """What is wrong with the values of a rule, a line each."""
    return ParameterError("\n".join(_sentence(found) for found in error.errors()))


def _upgraded(values: dict[str, Any]) -> dict[str, Any]:
    """Values of schema 1, which held remarks and names in two languages: their English is kept."""
    found = values | {"version": SCHEMA_VERSION}
    for parts in ("segments", "clusters"):
        if isinstance(found.get(parts), list):
            found[parts] = [_without(part, "name_zh") for part in found[parts]]
    if isinstance(found.get("remarks"), list):
        found["remarks"] = [
            {"text": str(remark["en"]).replace("{", "{{").replace("}", "}}")}
            if isinstance(remark, dict) and "en" in remark
            else remark
            for remark in found["remarks"]
        ]
    return found


def _without(part: Any, key: str) -> Any:
    return {name: value for name, value in part.items() if name != key} if isinstance(part, dict) else part


def _sentence(found: Any) -> str:
    where = ".".join(str(part) for part in found["loc"])
    message = str(found["msg"]).removeprefix("Value error, ")
    if found["type"] == "extra_forbidden":
        return f"rule: {where}: unknown key; remove it, or upgrade segmentation if a newer one wrote it"
    if found["type"] not in ("value_error", "missing"):
        message = f"{message} (got {found['input']!r})"
    return f"rule: {where}: {message}" if where else f"rule: {message}"


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise ParameterError(f"rule: the key {twice!r} is given twice")
    return found


def _no_constant(name: str) -> float:
    raise ParameterError(f"rule: {name} is not a number in JSON; a cut that nobody reaches is null")
