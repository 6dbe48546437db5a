"""Sentences as JSON values: kept in a file, and said later in whatever language is asked for."""

from collections.abc import Mapping
from typing import Any

from segmentation.words.reader import Sentence


def stored(said: Sentence) -> dict[str, Any]:
    """The sentence as JSON values; sentences within it likewise.

    >>> stored(Sentence("{n:integer} customers", {"n": 3}))
    {'text': '{n:integer} customers', 'values': {'n': 3}}
    """
    return {"text": said.text, "values": {name: _stored(value) for name, value in said.values.items()}}


def sentence_of(told: Mapping[str, Any]) -> Sentence:
    """The sentence that was stored.

    >>> sentence_of({"text": "{n:integer} customers", "values": {"n": 3}})
    Sentence(text='{n:integer} customers', values={'n': 3})
    """
    return Sentence(str(told["text"]), {name: _said(value) for name, value in told["values"].items()})


def _stored(value: Any) -> Any:
    if isinstance(value, Sentence):
        return stored(value)
    return tuple(_stored(part) for part in value) if isinstance(value, list | tuple) else value


def _said(value: Any) -> Any:
    if isinstance(value, Mapping):
        return sentence_of(value)
    return [_said(part) for part in value] if isinstance(value, list | tuple) else value
