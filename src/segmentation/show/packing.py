"""Columns of text packed small for a page that searches them: repeated values once, the others as they are."""

import json
from collections.abc import Sequence
from typing import Any

# what a notebook calls records to be searched
SEARCH = "application/vnd.segmentation.search+json"
_DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


def packed(texts: Sequence[str]) -> dict[str, Any]:
    """The texts as JSON values, in the smallest of three forms that the page's script reads.

    `t`: all of them with an end of line between; `a`: a list; `d`, `w`, `c`: the different ones, and for each
    text its place among them in `w` digits of base 64.

    >>> packed(["Key"] * 9 + ["Main"])
    {'d': ['Key', 'Main'], 'w': 1, 'c': 'AAAAAAAAAB'}
    >>> packed(["ann", "bob"]), packed(["a\\nb", "c"])
    ({'t': 'ann\\nbob'}, {'a': ['a\\nb', 'c']})
    """
    forms: list[dict[str, Any]] = [{"a": list(texts)}]
    if texts and not any("\n" in text for text in texts):
        forms.append({"t": "\n".join(texts)})
    different = list(dict.fromkeys(texts))
    width = 1 if len(different) <= 64 else 2
    if len(different) <= 64**2:
        places = {text: _number(place, width) for place, text in enumerate(different)}
        forms.append({"d": different, "w": width, "c": "".join(places[text] for text in texts)})
    return min(forms, key=lambda form: len(json.dumps(form, ensure_ascii=False)))


def heights(values: Sequence[float]) -> str:
    """How high each value stands between 0 and the largest of them, a digit of base 64 each.

    >>> heights([0, 5.0, 10.0, -3.0])
    'Ag_A'
    """
    most = max([*values, 0.0])
    return "".join(_DIGITS[round(63 * max(value, 0.0) / most) if most else 0] for value in values)


def _number(place: int, width: int) -> str:
    return _DIGITS[place] if width == 1 else _DIGITS[place // 64] + _DIGITS[place % 64]
