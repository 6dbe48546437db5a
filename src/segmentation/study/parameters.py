"""A params file as plain JSON values: YAML without tags, dates and keys given twice."""

from pathlib import Path
from typing import Any

import yaml

from segmentation.errors import ParameterError


class _PlainLoader(yaml.SafeLoader):
    """YAML as JSON values only: dates stay text, keys are given once, tags are refused."""


_PlainLoader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def _refuse(loader: yaml.SafeLoader, node: yaml.Node) -> Any:
    raise ParameterError(
        f"line {node.start_mark.line + 1}: the tag {node.tag!r} is not plain data; remove it"
    )


def _mapping(loader: yaml.SafeLoader, node: yaml.MappingNode) -> dict[str, Any]:
    loader.flatten_mapping(node)
    found: dict[str, Any] = {}
    for key_node, value_node in node.value:
        key = loader.construct_object(key_node, deep=True)
        if not isinstance(key, str):
            raise ParameterError(
                f"line {key_node.start_mark.line + 1}: the key {key!r} is not text; quote it"
            )
        if key in found:
            raise ParameterError(f"line {key_node.start_mark.line + 1}: the key {key!r} is given twice")
        found[key] = loader.construct_object(value_node, deep=True)
    return found


for _tag in ("binary", "set", "omap", "pairs", "timestamp"):
    _PlainLoader.add_constructor(f"tag:yaml.org,2002:{_tag}", _refuse)
_PlainLoader.add_constructor(None, _refuse)
_PlainLoader.add_constructor("tag:yaml.org,2002:map", _mapping)


def read_parameters(path: Path) -> dict[str, Any]:
    """Read a params file as plain JSON values, without validating its keys."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise ParameterError(f"{path.name}: there is no such parameters file ({path})") from None
    except OSError as error:
        raise ParameterError(
            f"{path.name}: not a parameters file that can be read ({error.strerror}); name one, "
            f"such as params/demo.yaml"
        ) from None
    except UnicodeDecodeError as error:
        raise ParameterError(f"{path.name}: not UTF-8 text ({error.reason} at byte {error.start})") from None
    try:
        values = yaml.load(text, Loader=_PlainLoader)
    except ParameterError as error:
        raise ParameterError(f"{path.name}, {error}") from None
    except RecursionError:
        raise ParameterError(f"{path.name}: brackets inside brackets without end; write it flat") from None
    except yaml.YAMLError as error:
        raise ParameterError(f"{path.name}: not valid YAML: {' '.join(str(error).split())}") from None
    except ValueError as error:  # such as a whole number of five thousand digits
        raise ParameterError(f"{path.name}: a value that cannot be read: {error}") from None
    if values is None:
        return {}
    if not isinstance(values, dict):
        raise ParameterError(f"{path.name}: expected `key: value` lines, found {type(values).__name__}")
    return values
