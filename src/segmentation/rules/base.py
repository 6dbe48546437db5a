"""Rule: what every learned rule has in common, whatever its kind."""

import json
from abc import ABC, abstractmethod
from collections.abc import Mapping
from functools import singledispatch
from typing import Any, Literal, NamedTuple, Self

import numpy as np
import pandas as pd
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from segmentation.errors import ParameterError, did_you_mean
from segmentation.rules.findings import Audit, Explanation, as_html
from segmentation.rules.reading import read_values, refusal
from segmentation.rules.values import as_pandas
from segmentation.words.reader import Reader, Sentence
from segmentation.words.stored import sentence_of, stored
from segmentation.words.translations import languages


class Part(BaseModel):
    """A frozen piece of a rule: unknown keys, wrong types and later changes are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False)


class Remark(Part):
    """Something a reader of the rule must know: an English sentence with its figures, said by a `Reader`."""

    text: str
    values: "dict[str, int | float | str | Remark | tuple[int | float | str | Remark, ...]]" = {}

    @classmethod
    def of(cls, said: Sentence) -> Self:
        """The sentence as a part of a rule.

        >>> Remark.of(Sentence("{n:integer} customers", {"n": 3})).values
        {'n': 3}
        """
        return cls.model_validate(stored(said))

    @property
    def sentence(self) -> Sentence:
        """The sentence that it is."""
        return sentence_of(self.model_dump())


class Floor(Part):
    """Whoever has at most this much is in the lowest tier, whatever the score."""

    column: str = "monetary"
    at_or_below: float = 0.0


class Placed(NamedTuple):
    """What a rule makes of n customers: the score, the tier's and the segment's position (-1: refused)."""

    score: np.ndarray
    tier: np.ndarray
    segment: np.ndarray | None


class Rule(Part, ABC):
    """A rule: a handful of numbers that give every customer a score and a tier.

    A rule is data. It is applied to a profile frame (`apply`), stored (`to_json`, `from_json`), sent to where
    the customers are (`to_sql`), said in words (`statement`, `explain`) and proved (`audit`). The last four
    are registered kind by kind beside this file.
    """

    version: Literal[2] = 2
    kind: str
    method: str = Field(min_length=1)
    tiers: tuple[str, ...] = Field(min_length=2)
    as_of: str | None = None
    window_months: int | None = None
    currency: str | None = None
    minor_units: int = Field(default=2, ge=0, le=6)
    customers: int = Field(default=0, ge=0)
    counts: dict[str, int] = {}
    segment_counts: dict[str, int] = {}
    remarks: tuple[Remark, ...] = ()
    floor: Floor | None = None

    @field_validator("tiers")
    @classmethod
    def _distinct_tiers(cls, tiers: tuple[str, ...]) -> tuple[str, ...]:
        if len(set(tiers)) != len(tiers) or not all(tiers):
            raise ValueError(f"the names must be distinct and not empty, best first (got {list(tiers)})")
        return tiers

    @property
    def columns(self) -> tuple[str, ...]:
        """The profile columns that the rule reads, the floor's last."""
        return tuple(dict.fromkeys([*self._compared, *([self.floor.column] if self.floor else [])]))

    @property
    @abstractmethod
    def _compared(self) -> list[str]:
        """The columns on which customers are compared."""

    @property
    def notes(self) -> tuple[str, ...]:
        """What a reader must know besides the cuts, in English; a `Reader` says `remarks` in any language."""
        return tuple(self.reader().say(remark.sentence) for remark in self.remarks)

    @property
    def segment_names(self) -> tuple[str, ...]:
        """The names of the rule's segments; empty if it has none."""
        return ()

    @abstractmethod
    def _place(self, profile: pd.DataFrame) -> Placed:
        """Score and place every row of the profile."""

    def apply(self, profile: pd.DataFrame) -> pd.DataFrame:
        """Give every customer a score and a tier.

        Parameters: profile, one row per customer with at least `columns`. Returns the same rows in the same
        order with the same index, and `score` (float, higher is better), `tier` (str) and, if the rule has
        segments, `segment` (str); columns of these names are replaced. Raises DataError for a missing
        column, and for a value that is empty or infinite where the rule does not say what to do with it.

        >>> rule = Rule.from_json('{"kind": "points", "method": "Threshold", "tiers": ["A", "B"],'
        ...     ' "criteria": [{"code": "X", "column": "monetary", "better": "high"}], "tier_cuts": [100]}')
        >>> rule.apply(pd.DataFrame({"customer_id": ["007", "008"], "monetary": [100.0, 99.99]}))
          customer_id  monetary   score tier
        0         007    100.00  100.00    A
        1         008     99.99   99.99    B
        """
        profile = as_pandas(profile)
        placed = self._place(profile)
        tiered = profile.copy(deep=False)
        tiered["score"] = placed.score
        tiered["tier"] = _names(self.tiers, placed.tier, profile.index)
        if placed.segment is not None:
            tiered["segment"] = _names(self.segment_names, placed.segment, profile.index)
        return tiered

    def placed(self, profile: pd.DataFrame) -> Placed:
        """What `apply` gives as figures: scores, and positions among `tiers` instead of names."""
        return self._place(as_pandas(profile))

    def to_json(self) -> str:
        """The rule as JSON text that `from_json` reads back to an equal rule, and to the same text."""
        values = self.model_dump(mode="json", exclude_none=False)
        return json.dumps(values, ensure_ascii=False, indent=1, allow_nan=False) + "\n"

    @staticmethod
    def from_json(text: str) -> "Rule":
        """Read a stored rule; ParameterError says what is malformed, out of order, or newer."""
        values = read_values(text)
        kinds = {str(kind.model_fields["kind"].default): kind for kind in Rule.__subclasses__()}
        if values.get("kind") not in kinds:
            near = did_you_mean(str(values.get("kind")), list(kinds))
            raise ParameterError(f"rule: kind {values.get('kind')!r} is not known{near}")
        try:
            return kinds[values["kind"]].model_validate_json(json.dumps(values))
        except ValidationError as error:
            raise refusal(error) from None

    def to_sql(self, table: str, key: str = "customer_id") -> str:
        """One SELECT for DuckDB and Spark: `key`, `score`, `tier` (and `segment`) of every row of `table`."""
        return as_sql(self, table, key)

    def statement(self, language: str = "en") -> str:
        """What is measured, over what window, every cut with its closed side, ties, and what was not used."""
        return "\n".join(in_words(self, self.reader(language)))

    def explain(self, row: Mapping[str, Any] | pd.Series, language: str = "en") -> Explanation:
        """Why this customer has this tier, and the smallest single changes that would lift or lower it."""
        return explained(self, row, self.reader(language))

    def audit(self) -> Audit:
        """Prove that every possible customer is in exactly one segment and tier, or name what is wrong."""
        return audited(self)

    def reader(self, language: str = "en") -> Reader:
        """A reader of this rule: its currency and minor units, in a language of `words/`."""
        if language not in languages():
            raise ParameterError(f"language: {language!r} is not known{did_you_mean(language, languages())}")
        return Reader(language, self.currency or "", self.minor_units)

    def __str__(self) -> str:
        return self.statement()

    def __repr__(self) -> str:
        sizes = [f"{tier} {self.counts[tier]:,}" if self.counts else tier for tier in self.tiers]
        when = f" as of {self.as_of}" if self.as_of else ""
        return f"<{self.method} rule{when}: {', '.join(sizes)}>"

    def _repr_html_(self) -> str:
        return as_html(self.statement().splitlines())

    def __dir__(self) -> list[str]:
        ours = [vars(kind) for kind in type(self).__mro__ if issubclass(kind, Rule)]
        names = {name for known in ours for name in known if not name.startswith(("_", "model_"))}
        return sorted(names | set(type(self).model_fields))


@singledispatch
def as_sql(rule: Rule, table: str, key: str) -> str:
    """The rule as one SELECT; see `rules/sql.py`."""
    raise ParameterError(f"rule: kind {rule.kind!r} has no SQL")


@singledispatch
def in_words(rule: Rule, reader: Reader) -> list[str]:
    """The rule in sentences; see `rules/statement.py`."""
    raise ParameterError(f"rule: kind {rule.kind!r} has no statement")


@singledispatch
def explained(rule: Rule, row: Mapping[str, Any] | pd.Series, reader: Reader) -> Explanation:
    """One customer explained; see `rules/explain.py`."""
    raise ParameterError(f"rule: kind {rule.kind!r} has no explanation")


@singledispatch
def audited(rule: Rule) -> Audit:
    """The rule's audit; see `rules/audit.py`."""
    raise ParameterError(f"rule: kind {rule.kind!r} has no audit")


def _names(names: tuple[str, ...], positions: np.ndarray, index: pd.Index) -> pd.Series:
    """The names at the positions, as pandas text; -1 is empty."""
    values = pd.array(names, dtype="str").take(positions, allow_fill=bool((positions < 0).any()))
    return pd.Series(values, index=index)
