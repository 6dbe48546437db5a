"""Reading a stored rule: strict, versioned, and clear about what is wrong."""

import json
from typing import Any

from pydantic import ValidationError

from segmentation.errors import ParameterError
from segmentation.rules.base import SCHEMA_VERSION, Rule
from segmentation.rules.centres import CentresRule
from segmentation.rules.points import PointsRule

_KINDS: dict[str, type[Rule]] = {"points": PointsRule, "centres": CentresRule}


def read_rule(text: str) -> Rule:
    """The rule that the JSON text holds.

    Raises ParameterError for text that is not JSON, a schema newer than this code, an unknown kind or key,
    a wrong type, or cuts out of order.

    >>> read_rule('{"version": 2, "kind": "points"}')
    Traceback (most recent call last):
    segmentation.errors.ParameterError: rule: version 2 is newer than this package reads (1): ...
    """
    try:
        values = json.loads(text, object_pairs_hook=_once, parse_constant=_no_constant)
    except (json.JSONDecodeError, RecursionError) as error:
        raise ParameterError(f"rule: not valid JSON: {error}") from None
    if not isinstance(values, dict):
        raise ParameterError(f"rule: expected a JSON object, found {type(values).__name__}")
    version = values.get("version", SCHEMA_VERSION)
    if type(version) is not int or version < 1:
        raise ParameterError(f"rule: version {version!r} is not a schema version; this package reads 1")
    if version > SCHEMA_VERSION:
        raise ParameterError(
            f"rule: version {version} is newer than this package reads ({SCHEMA_VERSION}): "
            "upgrade segmentation"
        )
    if values.get("kind") == "scored":
        raise ParameterError(
            "rule: its scores come from a method's own code, so a file cannot apply it: fit the method again"
        )
    if values.get("kind") not in _KINDS:
        raise ParameterError(f"rule: kind {values.get('kind')!r} is not known; use {' or '.join(_KINDS)}")
    try:
        return _KINDS[values["kind"]].model_validate_json(json.dumps(values))
    except ValidationError as error:
        raise ParameterError("\n".join(_sentence(found) for found in error.errors())) from None


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
