"""What every method shares: parameters as in scikit-learn, checked customers, provenance of the rule."""

import inspect
from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any, Self, TypeVar

import numpy as np
import pandas as pd

from segmentation.errors import DataError, ParameterError
from segmentation.rules import Floor, Remark, Rule
from segmentation.rules.numbers import numbers

DEFAULT_TIERS = ("A", "B", "C")
AnyRule = TypeVar("AnyRule", bound=Rule)
DEFAULT_SHARES = (0.20, 0.50)


class Options:
    """Options in the constructor, kept under their own names, as scikit-learn has them."""

    @classmethod
    def option_names(cls) -> list[str]:
        """The names of the constructor's options."""
        return [name for name in inspect.signature(cls.__init__).parameters if name != "self"]

    def get_params(self, deep: bool = True) -> dict[str, Any]:
        """The options as given; `deep` is accepted for scikit-learn and changes nothing."""
        return {name: getattr(self, name) for name in self.option_names()}

    def set_params(self, **params: Any) -> Self:
        """Change options; ParameterError for one that does not exist."""
        for name, value in params.items():
            if name not in self.option_names():
                known = ", ".join(self.option_names())
                raise ParameterError(f"{type(self).__name__}: unknown option {name!r}; known: {known}")
            setattr(self, name, value)
        return self

    def __repr__(self) -> str:
        defaults = inspect.signature(type(self).__init__).parameters
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
        self, profile: pd.DataFrame, tiers: tuple[str, ...], remarks: list[Remark]
    ) -> dict[str, Any]:
        """The fields that every rule has, taken from the profile's attrs."""
        attrs = profile.attrs
        return {
            "method": type(self).__name__,
            "tiers": tiers,
            "as_of": attrs.get("as_of"),
            "window_months": attrs.get("window_months"),
            "currency": attrs.get("currency"),
            "minor_units": minor_units(profile),
            "customers": len(profile),
            "remarks": tuple(remarks),
        }


def minor_units(profile: pd.DataFrame) -> int:
    """The number of decimals of the profile's money."""
    return int(profile.attrs.get("minor_units", 2))


def check_customers(profile: pd.DataFrame) -> None:
    """Refuse a frame without customers, or with a customer on two rows."""
    if not isinstance(profile, pd.DataFrame):
        raise DataError(
            f"customers: expected a pandas frame, one row per customer, not {type(profile).__name__}"
        )
    if profile.empty:
        raise DataError("customers: there are none to learn from; choose another month or window")
    if "customer_id" in profile.columns and profile["customer_id"].duplicated().any():
        twice = profile.loc[profile["customer_id"].duplicated(), "customer_id"].iloc[0]
        raise DataError(
            f"customers: customer_id {twice!r} is on two rows; a profile has one row per customer"
        )


def checked_tiers(tiers: Any) -> tuple[str, ...]:
    """The tiers as a tuple of at least two distinct names, best first."""
    listed = isinstance(tiers, Sequence) and not isinstance(tiers, str)
    found = tuple(str(tier) for tier in tiers) if listed else ()
    if len(found) < 2 or len(set(found)) < len(found):
        raise ParameterError(f"tiers: expected at least two distinct names, best first, not {tiers!r}")
    return found


def checked_shares(shares: Any, tiers: tuple[str, ...], option: str) -> tuple[float, ...]:
    """Cumulative shares between 0 and 1, ascending, one fewer than the tiers."""
    try:
        found = tuple(float(share) for share in shares if not isinstance(shares, str))
    except (TypeError, ValueError):
        found = ()
    if not found:
        raise ParameterError(f"{option}: expected numbers such as [0.8, 0.95], not {shares!r}") from None
    if len(found) != len(tiers) - 1:
        raise ParameterError(
            f"{option}: {len(tiers)} tiers ({', '.join(tiers)}) need {len(tiers) - 1}, not {len(found)}"
        )
    if list(found) != sorted(set(found)) or not all(0 < share < 1 for share in found):
        raise ParameterError(
            f"{option}: expected cumulative shares above 0 and below 1, ascending, not {list(found)}"
        )
    return found


def positive_spend(profile: pd.DataFrame) -> np.ndarray:
    """Who is not put into the lowest tier by the floor: a mask of the customers with net spend above zero."""
    if "monetary" not in profile.columns:
        return np.ones(len(profile), dtype=bool)
    return numbers(profile, "monetary") > 0


def floor(profile: pd.DataFrame) -> Floor | None:
    """The floor of a rule learned from this profile: net spend of zero or below is the lowest tier."""
    return Floor() if "monetary" in profile.columns else None


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
