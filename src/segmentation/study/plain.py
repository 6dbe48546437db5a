"""Whether parameters are plain data: finite numbers, texts that can be shown, of a sane size."""

import math
from collections.abc import Mapping
from typing import Any

from segmentation.errors import ParameterError, WriteError, without_passwords

MOST_VALUES = 100_000
_LARGEST = 2**63
_DEEPEST = 50
_PATHS = {"orders", "customers", "payments", "path", "store", "reports", "notebooks", "overrides"}


def check_plain(values: Mapping[str, Any], where: str) -> None:
    """Refuse what no parameter can be, naming its key.

    Raises ParameterError for NaN and infinity, whole numbers of more than 63 bits, characters that are none,
    and values inside one another without end; WriteError for a path that holds a NUL.
    """
    counted = 0
    waiting: list[tuple[str, str, Any, int]] = [(str(key), str(key), of, 1) for key, of in values.items()]
    while waiting:
        key, name, value, depth = waiting.pop()
        counted += 1
        if depth > _DEEPEST or counted > MOST_VALUES:
            raise ParameterError(f"{where}: {key[:60]}: too many values, or too deep; write it flat")
        if isinstance(value, str):
            _check_text(value, f"{where}: {key}", name)
        elif isinstance(value, float) and not math.isfinite(value):
            raise ParameterError(f"{where}: {key}: {value} is not a number to reckon with; give a finite one")
        elif isinstance(value, int) and abs(value) >= _LARGEST:
            raise ParameterError(f"{where}: {key}: a whole number of more than 63 bits; give a smaller one")
        elif isinstance(value, Mapping):
            for part, of in value.items():
                _check_text(str(part), f"{where}: {key}", "")
                waiting.append((f"{key}.{part}", str(part), of, depth + 1))
        elif isinstance(value, list | tuple):
            waiting += [(f"{key}.{place}", name, of, depth + 1) for place, of in enumerate(value)]


def _check_text(text: str, where: str, name: str) -> None:
    shown = repr(without_passwords(text)[:60])
    if any("\ud800" <= sign <= "\udfff" for sign in text):
        raise ParameterError(f"{where}: {shown} holds half a character; write it anew")
    if "\0" in text:
        if name in _PATHS:
            raise WriteError(f"{where}: {shown} cannot be read or written: no path holds a NUL")
        raise ParameterError(f"{where}: {shown} holds a NUL; write it without")
