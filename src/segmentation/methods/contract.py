"""What every method is: options as in scikit-learn, `fit`, and the provenance of the rule it learns."""

import inspect
from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any, Self, TypeVar

import pandas as pd

from segmentation.errors import ParameterError, did_you_mean
from segmentation.rules import Floor, Remark, Rule
from segmentation.words.reader import Sentence

DEFAULT_TIERS = ("A", "B", "C")
DEFAULT_SHARES = (0.20, 0.50)
AnyRule = TypeVar("AnyRule", bound=Rule)


class Options:
    """Options in the constructor, kept under their own names, as scikit-learn has them."""

    @classmethod
    def option_names(cls) -> list[str]:
        """The names of the constructor's options."""
        return list(inspect.signature(cls).parameters)

    def get_params(self, deep: bool = True) -> dict[str, Any]:
        """The options as given; `deep` is accepted for scikit-learn and changes nothing."""
        return {name: getattr(self, name) for name in self.option_names()}

    def set_params(self, **params: Any) -> Self:
        """Change options; ParameterError for one that does not exist."""
        for name, value in params.items():
            if name not in self.option_names():
                near = did_you_mean(name, self.option_names())
                raise ParameterError(f"{type(self).__name__}: unknown option {name!r}{near}")
            setattr(self, name, value)
        return self

    def __repr__(self) -> str:
        defaults = inspect.signature(type(self)).parameters
        changed = [
            f"{name}={value!r}"
            for name, value in self.get_params().items()
            if repr(value) != repr(defaults[name].default)
        ]
        return f"{type(self).__name__}({', '.join(changed)})"


class Method(Options, ABC):
    """A way to learn a rule: options in the constructor, `fit(profile)` sets `rule_`.

    `get_params`, `set_params` and `sklearn.clone` work; no reference to the data is kept.
    """

    rule_: Rule

    @abstractmethod
    def fit(self, profile: pd.DataFrame) -> Self:
        """Learn `rule_` from a profile, one row per customer; errors say what is wrong."""

    def _provenance(
        self, profile: pd.DataFrame, tiers: Sequence[str], remarks: Sequence[Sentence]
    ) -> dict[str, Any]:
        """The fields that every rule has; net spend of zero or below is the lowest tier."""
        attrs = profile.attrs
        return {
            "method": type(self).__name__,
            "tiers": tuple(tiers),
            "as_of": attrs.get("as_of"),
            "window_months": attrs.get("window_months"),
            "currency": attrs.get("currency"),
            "minor_units": minor_units(profile),
            "customers": len(profile),
            "remarks": tuple(Remark.of(remark) for remark in remarks),
            "floor": Floor() if "monetary" in profile.columns else None,
        }


def minor_units(profile: pd.DataFrame) -> int:
    """The number of decimals of the profile's money."""
    return int(profile.attrs.get("minor_units", 2))


def with_counts(rule: AnyRule, profile: pd.DataFrame) -> AnyRule:
    """The rule with the number of customers it puts into each tier and segment of the profile."""
    tiered = rule.apply(profile)
    tiers = tiered["tier"].value_counts()
    counts = {tier: int(tiers.get(tier, 0)) for tier in rule.tiers}
    segments: dict[str, int] = {}
    if rule.segment_names:
        found = tiered["segment"].value_counts()
        segments = {name: int(found.get(name, 0)) for name in rule.segment_names}
    return rule.model_copy(update={"counts": counts, "segment_counts": segments})
