"""Reader: who reads a page; in which language, currency and tiers everything on it is said and written."""

import re
import string
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Self

import pandas as pd

from segmentation.words.columns import COLUMNS, column_of, of_method
from segmentation.words.formats import EMPTY, FORMATS, show, write
from segmentation.words.states import STATES
from segmentation.words.translations import facts, translated

_GREW = 10.0  # a growth beyond this is from nearly nothing


@dataclass(frozen=True)
class Sentence:
    """An English sentence with its figures, to be said later in the reader's language.

    `text` holds placeholders such as `{n:integer}` or `{share:share}`; `values` what goes into them: numbers,
    texts, lists, or other sentences.

    >>> print(Sentence("{n:integer} {n:customer|customers}", {"n": 1200}))
    1,200 customers
    """

    text: str
    values: Mapping[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return Reader().say(self)


def sentence(text: str, **values: Any) -> Sentence:
    """A sentence with its figures.

    >>> str(sentence("{share:share} of the value", share=0.511))
    '51.1% of the value'
    """
    return Sentence(text, values)


@dataclass(frozen=True)
class Reader:
    """For whom something is said or shown.

    language: a language of `words/`. currency: its code, written beside money. minor_units: its decimal
    digits. tiers: tier → label, best first.

    >>> reader = Reader("en", "CNY", tiers={"A": "Key", "B": "Main"})
    >>> reader.say("One customer in five brings {share:share} of the value", share=0.551)
    'One customer in five brings 55.1% of the value'
    >>> reader.heading("monetary"), reader.tier("A")
    ('Spend, CNY', 'A (Key)')
    """

    language: str = "en"
    currency: str = ""
    minor_units: int = 2
    tiers: Mapping[str, str] = field(default_factory=dict)

    def with_(self, **changes: Any) -> Self:
        """The same reader with another language, currency, minor_units or tiers."""
        return replace(self, **changes)

    def say(self, text: str | Sentence, /, **values: Any) -> str:
        """The sentence in the reader's language, with every figure written the one way.

        What may stand behind the colon of a placeholder:
        - a format: `{x:share}`, `{x:money}` (with its currency), `{n:integer}`, `{x:points}` …;
        - `{n:customer|customers}`: the first for 1, else the second;
        - `{t:tier}`: A (Key); `{m:month}`: December 2017; `{c:column}`: a column as sentences call it;
        - `{x:word}`: a word of the catalogue; `{x:list}`: several of these or sentences, joined by commas;
          `{x:semicolon}`, `{x:or}`, `{x:and}`: joined by these;
        - nothing: a text as it is, a whole number with thousands separators, a Sentence as it is said.

        >>> reader = Reader()
        >>> reader.say("{n:integer} {n:customer|customers} of {t:tier} in {m:month}", n=1, t="A", m="2017-12")
        '1 customer of A in December 2017'
        """
        if isinstance(text, Sentence):
            values = {**text.values, **values}
            text = text.text
        spaced = bool(facts(self.language)["blanks_around_latin"])
        said = ""
        blank = False  # whether the value before ended with a Latin letter
        for literal, name, spec, _ in string.Formatter().parse(translated(text, self.language)):
            if spaced and literal[:1] == " " and _wide(said[-1:]) and _wide(literal[1:2]):
                literal = literal[1:]  # a value that turned out Chinese needs no blank
            said += " " + literal if spaced and blank and _wide(literal[:1]) else literal
            blank = False
            if name is None:
                continue
            value = self._written(values[name], spec or "")
            if spaced and _latin(value[:1]) and _wide(said[-1:]):
                said += " "
            elif spaced and _wide(value[:1]) and said[-1:] == " " and _wide(said[-2:-1]):
                said = said[:-1]
            said += value
            blank = _latin(value[-1:])
        return said

    def word(self, value: object) -> str:
        """A word of the catalogue in the reader's language: a state, cause, rule, segment or reason.

        A name that is made of several (a cluster's: "recent, very high spend", "assets: high", "average (2)")
        is said part by part, if a part of it is known.

        >>> said = Reader("zh").word("recent, very high spend")
        >>> said == f"{Reader('zh').word('recent')}\u3001{Reader('zh').word('very high spend')}"
        True
        """
        if isinstance(value, Sentence):
            return self.say(value)
        word = STATES.get(str(value), str(value))
        said = translated(word, self.language)
        return said if said != word else self._composed(word)

    def _composed(self, name: str) -> str:
        """A name of several words, part by part; as it is if no part is known."""
        facts_of = facts(self.language)
        numbered = re.fullmatch(r"(.+) \((\d+)\)", name)
        if numbered:
            said = self.word(numbered[1])
            return (
                name if said == numbered[1] else f"{said}{facts_of['open']}{numbered[2]}{facts_of['close']}"
            )
        for separator, joiner in ((", ", "comma"), (": ", "colon")):
            parts = name.split(separator)
            said_parts = [self.word(part) for part in parts] if len(parts) > 1 else []
            if (
                separator == ": " and said_parts and parts[0] in COLUMNS
            ):  # a column that has no words of its own
                said_parts[0] = self.phrase(parts[0])
            if said_parts != parts and said_parts:
                return str(facts_of[joiner]).join(said_parts)
        return name

    def joined(self, values: Sequence[object], separator: str = "comma") -> str:
        """Several words, joined as the language joins them (`comma`, `semicolon`, `or`, `and`)."""
        return str(facts(self.language)[separator]).join(self.word(value) for value in values)

    def heading(self, column: str, *, unit: bool = True) -> str:
        """What stands above a column; with the currency or unit where it has one.

        >>> Reader(currency="USD").heading("monetary"), Reader().heading("RFM_score")
        ('Spend, USD', 'RFM: score')
        """
        method, part = of_method(column)
        if method:
            return f"{self.word(method)}{facts(self.language)['colon']}{self.phrase(part)}"
        known = column_of(column)
        text = translated(known.heading, self.language)
        money = facts(self.language)["currencies"].get(self.currency, self.currency)
        measured = {"money": money, "exact": money, "points": self.word("percentage points")}
        if unit and (named := measured.get(known.format)):
            return str(facts(self.language)["unit"]).format(heading=text, unit=named)
        return text

    def phrase(self, column: str) -> str:
        """The heading as it stands inside a sentence: `spend`, `days since last order`."""
        text = self.heading(column, unit=False)
        return text[:1].lower() + text[1:] if self.language == "en" and not text[:2].isupper() else text

    def meaning(self, column: str) -> str:
        """One sentence of what the column means; empty for a column that is not in the catalogue."""
        return translated(column_of(column).meaning, self.language)

    def cells(self, values: pd.Series, column: str) -> list[str]:
        """Every value of a column as text in the column's format."""
        kind = kind_of(column, values)
        if kind in ("word", "words", "tier"):
            return [self._term(value, kind) for value in values]
        texts = write(values, kind, self.minor_units if kind == "exact" else None)
        if column == "growth":  # a share of next to nothing says nothing
            grown = (values.astype("float64") > _GREW).tolist()
            return [self.word("from nearly nothing") if g else text for g, text in zip(grown, texts)]
        return texts

    def tier(self, tier: str) -> str:
        """A tier with its label: A (Key)."""
        named = self.tier_label(tier)
        said = facts(self.language)
        return str(tier) if named == tier else f"{tier}{said['open']}{named}{said['close']}"

    def tier_label(self, tier: str) -> str:
        """What a tier is called."""
        return self.word(self.tiers.get(tier, tier))

    def month(self, month: str) -> str:
        """The month as a reader writes it, such as December 2017."""
        year, number = month.split("-")
        said = facts(self.language)
        return str(said["month"]).format(name=said["months"][int(number) - 1], year=year, number=int(number))

    def _term(self, value: Any, kind: str) -> str:
        if not isinstance(value, Sentence) and pd.isna(value):
            return EMPTY
        if kind == "words":
            return self.joined(str(value).split(", "))
        return str(value) if kind == "tier" and value in self.tiers else self.word(value)

    def _written(self, value: Any, spec: str) -> str:
        if isinstance(value, Sentence):
            return self.say(value)
        if spec == "list" or (not spec and isinstance(value, list | tuple)):
            return self.joined(list(value))
        if spec in ("semicolon", "or", "and"):
            return self.joined(list(value), spec)
        if spec == "tier":
            return self.tier(value)
        if spec in ("month", "word", "heading"):
            return {"month": self.month, "word": self.word, "heading": self.heading}[spec](value)
        if spec == "column":
            return self.phrase(value)
        if "|" in spec:
            one, many = spec.split("|")
            return one if value == 1 else many
        if spec == "exact":
            return self._with_currency(write(pd.Series([value]), "exact", self.minor_units)[0])
        if spec == "money":
            return self._with_currency(self._in_sentence(value))
        if spec in FORMATS:
            return show(value, spec)
        if spec:
            return format(value, spec).replace("-", "−")
        return f"{value:,}".replace("-", "−") if isinstance(value, int) else str(value)

    def _in_sentence(self, amount: Any) -> str:
        """Money as a sentence has it: large amounts in the language's own units, where it has such."""
        said = facts(self.language)
        if pd.notna(amount) and abs(amount) >= said["money_from"]:
            step = next(step for step in said["steps"] if abs(amount) >= step[0])
            return f"{amount / step[1]:,.1f} {step[2]}".replace("-", "−")
        return show(amount, "money")

    def _with_currency(self, amount: str) -> str:
        """An amount with its currency: the code before it, or where the language names it the name behind."""
        named = facts(self.language)["currencies"].get(self.currency)
        if not self.currency or amount == EMPTY:
            return amount
        if not named:
            return f"{self.currency} {amount}"
        return f"{amount}{named}" if _wide(amount[-1]) else f"{amount} {named}"


def kind_of(column: str, values: pd.Series) -> str:
    """The format of a column: the catalogue's, or what the type of its values suggests.

    >>> kind_of("monetary", pd.Series([1.5])), kind_of("assets", pd.Series([3]))
    ('money', 'integer')
    """
    known = column_of(column).format
    if known == "integer" and values.dtype.kind == "f" and (values.dropna() % 1 != 0).any():
        return "number"  # a mean or median of counts
    if known and (known not in _NUMBERS or values.dtype.kind in "iufb" or values.isna().all()):
        return known
    if values.dtype.kind == "M":
        return "date"
    if values.dtype.kind in "iu":
        return "integer"
    return "number" if values.dtype.kind == "f" else "text"


_NUMBERS = frozenset({"money", "exact", "share", "points", "integer", "number", "days"})


def _latin(character: str) -> bool:
    return character.isascii() and character.isalnum() and not character.isdigit()


def _wide(character: str) -> bool:
    return "\u4e00" <= character <= "\u9fff"
