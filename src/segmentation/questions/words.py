"""How the pages' sentences are written: one language at a time, numbers from the run."""

from typing import Any

from segmentation.study.study import Study
from segmentation.words.formats import show
from segmentation.words.labels import label
from segmentation.words.reader import Reader

_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)


def say(study: Study, en: str, zh: str) -> str:
    """The sentence in the study's first language.

    >>> from types import SimpleNamespace
    >>> say(SimpleNamespace(language="zh"), "key", "关键")
    '关键'
    """
    return zh if study.language == "zh" else en


def reader(study: Study) -> Reader:
    """Who reads the study's pages."""
    settings = study.settings
    return Reader(study.language, settings.currency, settings.minor_units, settings.tiers)


def money(study: Study, value: float) -> str:
    """An amount with its currency."""
    return show(value, "money", currency=study.settings.currency)


def share(value: float) -> str:
    """A share in percent."""
    return show(value, "share")


def count(value: Any) -> str:
    """A whole number with thousands separators."""
    return f"{int(value):,}"


def month_name(study: Study, month: str) -> str:
    """The month as a reader writes it: December 2017, 2017年12月."""
    year, number = month.split("-")
    return f"{year}年{int(number)}月" if study.language == "zh" else f"{_MONTHS[int(number) - 1]} {year}"


def tier_label(study: Study, tier: str) -> str:
    """What a tier is called; the labels Key, Main and Ordinary also in Chinese."""
    return label(study.settings.tiers.get(tier, tier), study.language)


def tier_name(study: Study, tier: str) -> str:
    """A tier with its label: A (Key), A（关键）."""
    named = tier_label(study, tier)
    return tier if named == tier else say(study, f"{tier} ({named})", f"{tier}（{named}）")
