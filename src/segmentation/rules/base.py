"""Rule: what every learned rule has in common, whatever its kind."""

import json
from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import numpy as np
import pandas as pd
from pydantic import BaseModel, ConfigDict, Field, field_validator

from segmentation.errors import ParameterError

if TYPE_CHECKING:
    from segmentation.rules.audit import Audit
    from segmentation.rules.explain import Explanation
    from segmentation.rules.wording import Language

SCHEMA_VERSION = 1


class Part(BaseModel):
    """A frozen piece of a rule: unknown keys, wrong types and later changes are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False)


class Remark(Part):
    """Something a reader of the rule must know, in both languages."""

    en: str
    zh: str


class Placed(NamedTuple):
    """What a rule makes of n customers: the score, the tier's and the segment's position (-1: refused)."""

    score: np.ndarray
    tier: np.ndarray
    segment: np.ndarray | None


class Rule(Part, ABC):
    """A rule: a handful of numbers that give every customer a score and a tier.

    A rule is data. It is applied to a profile frame (`apply`), stored (`to_json`, `from_json`), sent to where
    the customers are (`to_sql`), said in words (`statement`, `explain`) and proved (`audit`).
    """

    version: Literal[1] = 1
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

    @field_validator("tiers")
    @classmethod
    def _distinct_tiers(cls, tiers: tuple[str, ...]) -> tuple[str, ...]:
        if len(set(tiers)) != len(tiers) or not all(tiers):
            raise ValueError(f"the names must be distinct and not empty, best first (got {list(tiers)})")
        return tiers

    @property
    @abstractmethod
    def columns(self) -> tuple[str, ...]:
        """The profile columns that the rule reads."""

    @property
    def notes(self) -> tuple[str, ...]:
        """What a reader must know besides the cuts, in English; `remarks` holds both languages."""
        return tuple(remark.en for remark in self.remarks)

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
        placed = self._place(profile)
        tiered = profile.copy(deep=False)
        tiered["score"] = placed.score
        tiered["tier"] = _names(self.tiers, placed.tier, profile.index)
        if placed.segment is not None:
            tiered["segment"] = _names(self.segment_names, placed.segment, profile.index)
        return tiered

    def to_json(self) -> str:
        """The rule as JSON text that `from_json` reads back to an equal rule, and to the same text."""
        values = self.model_dump(mode="json", exclude_none=False)
        return json.dumps(values, ensure_ascii=False, indent=1, allow_nan=False) + "\n"

    @staticmethod
    def from_json(text: str) -> "Rule":
        """Read a stored rule; ParameterError says what is malformed, out of order, or newer."""
        from segmentation.rules.reading import read_rule

        return read_rule(text)

    def to_sql(self, table: str, key: str = "customer_id") -> str:
        """One SELECT for DuckDB and Spark: `key`, `score`, `tier` (and `segment`) of every row of `table`."""
        from segmentation.rules.sql import rule_sql

        return rule_sql(self, table, key)

    def statement(self, language: "Language" = "en") -> str:
        """What is measured, over what window, every cut with its closed side, ties, and what was not used."""
        from segmentation.rules.statement import state

        if language not in ("en", "zh"):
            raise ParameterError(f"language: {language!r} is not known; use 'en' or 'zh'")
        return state(self, language)

    def explain(self, row: "Mapping[str, Any] | pd.Series", language: "Language" = "en") -> "Explanation":
        """Why this customer has this tier, and the smallest single changes that would lift or lower it."""
        from segmentation.rules.explain import explain

        return explain(self, row, language)

    def audit(self) -> "Audit":
        """Prove that every possible customer is in exactly one segment and tier, or name what is wrong."""
        from segmentation.rules.audit import audit

        return audit(self)


def _names(names: tuple[str, ...], positions: np.ndarray, index: pd.Index) -> pd.Series:
    """The names at the positions, as pandas text; -1 is empty."""
    values = pd.array(names, dtype="str").take(positions, allow_fill=bool((positions < 0).any()))
    return pd.Series(values, index=index)
