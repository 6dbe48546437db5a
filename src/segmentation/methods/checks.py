"""What methods check before they learn: the customers, the tiers, and the shares that part them."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from segmentation.errors import DataError, ParameterError
from segmentation.rules.values import as_pandas, values_of


def checked_customers(customers: Any) -> pd.DataFrame:
    """The customers as a pandas frame; DataError for none, or for a customer on two rows."""
    profile = as_pandas(customers)
    if profile.empty:
        raise DataError("customers: there are none to learn from; choose another month or window")
    if "customer_id" in profile.columns and profile["customer_id"].duplicated().any():
        twice = profile.loc[profile["customer_id"].duplicated(), "customer_id"].iloc[0]
        raise DataError(
            f"customers: customer_id {twice!r} is on two rows; a profile has one row per customer"
        )
    return profile


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
    return values_of(profile, "monetary") > 0
