"""Translations: every language is one file of this folder, English text → the text in that language."""

import string
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

FACTS = "language"  # the section of a language's file that holds its facts; all others hold words


@cache
def languages() -> tuple[str, ...]:
    """The languages that there are, English first: one file each in this folder.

    >>> languages()
    ('en', 'zh')
    """
    found = sorted(
        path.name[:-5] for path in files("segmentation.words").iterdir() if path.name[-5:] == ".toml"
    )
    return ("en", *(language for language in found if language != "en"))


@cache
def facts(language: str) -> Mapping[str, Any]:
    """What a language's file says of the language itself: its name, separators, months, and the like."""
    return {**_file("en")[FACTS], **_file(language)[FACTS]}


@cache
def translations(language: str) -> Mapping[str, str]:
    """English text to its translation; empty for English.

    Raises ValueError for a text that two sections translate differently.
    """
    found: dict[str, str] = {}
    for section, texts in _file(language).items():
        if section == FACTS:
            continue
        for text, translated in texts.items():
            if found.setdefault(text, translated) != translated:
                raise ValueError(
                    f"{language}.toml, [{section}]: {text!r} is translated in another way elsewhere"
                )
    return found


def translated(text: str, language: str) -> str:
    """The text in a language; what has no translation (a customer's own name for a tier) stays as it is.

    >>> translated("Customer", "zh") == "Customer", translated("Premium", "zh")
    (False, 'Premium')
    """
    return translations(language).get(text, text) if language != "en" else text


def placeholders(text: str) -> set[str]:
    """The names of the placeholders in a text.

    >>> sorted(placeholders("{n:integer} of {all:integer} {n:is|are} key"))
    ['all', 'n']
    """
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@cache
def _file(language: str) -> Mapping[str, Any]:
    source = files("segmentation.words").joinpath(f"{language}.toml").read_text(encoding="utf-8")
    return tomllib.loads(source)
