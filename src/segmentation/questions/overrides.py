"""Which tier counts: the official rule's, held back by damping, replaced where a person decided otherwise."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from segmentation import months
from segmentation.errors import DataError
from segmentation.intake.customer_files import read_table
from segmentation.intake.headings import OVERRIDE_NAMES
from segmentation.movement.refit import damped
from segmentation.study.facts import fact
from segmentation.study.study import Study

COLUMNS = tuple(OVERRIDE_NAMES)


@fact(publish=False)
def decided(study: Study) -> pd.DataFrame:
    """The month's customers with the tier that counts and, beside it, the rule's: `tier`, `tier_by_rule`.

    With `damping_months` of 2 and more, a rule's new tier counts only after so many months in a row. Raises
    DataError for a file of overrides that is not complete.
    """
    return _overridden(study).tiered


@fact(needs=("overrides",))
def overrides(study: Study) -> pd.DataFrame:
    """The tiers that a person set, beside what the rule says, and what became of each."""
    return _overridden(study).table.rename(columns={"tier": "tier_by_hand"})


def _overridden(study: Study) -> "Overridden":
    return study.remembered("overridden", lambda: _apply(study))


def _apply(study: Study) -> "Overridden":
    tiered = study.profile()[["customer_id"]].assign(tier=_by_rule(study))
    if study.settings.overrides is None:
        return Overridden(tiered.assign(tier_by_rule=tiered["tier"]), pd.DataFrame())
    by_hand = read_overrides(study.settings.place("overrides"), study.tier_names)
    mask = study.mask(also=by_hand["customer_id"])
    by_hand = by_hand.assign(**{name: by_hand[name].map(mask).astype("str") for name in ("who", "why")})
    return apply_overrides(tiered, study.shown(by_hand), months.last_day(study.month))


def _by_rule(study: Study) -> pd.Series:
    official = study.settings.official
    if study.settings.damping_months == 1:
        return study.learned(official)["tiers"]["tier"]
    past = {month: study.learned(official, month)["tiers"][["customer_id", "tier"]] for month in study.past}
    held = damped(past, "tier", study.tier_names, study.settings.damping_months)[study.month]
    return study.profile()[["customer_id"]].merge(held, on="customer_id", how="left")["tier"]


class Overridden(NamedTuple):
    """The customers with overrides applied, and what became of every override.

    `tiered`: the frame given, `tier` replaced where an override is in force, and `tier_by_rule`.
    `table`: the overrides (customer_id, tier, who, why, until) with `tier_by_rule` and `status`: "applied",
    "agrees" (the rule says the same), "expired", or "not here" (no such customer in this month).
    """

    tiered: pd.DataFrame
    table: pd.DataFrame


def read_overrides(path: Path, tiers: Sequence[str]) -> pd.DataFrame:
    """Read a file of overrides: CSV, Parquet or Excel with the columns customer_id, tier, who, why, until.

    `until` is the last day in force, YYYY-MM-DD; every cell is needed, so that no exception lives forever or
    without a reason. Returns the five columns as text, `until` as datetime64, in the file's order. Raises
    DataError with file, row, value and remedy.
    """
    frame, first_row = read_table(path)
    named = {str(column).strip().lower(): column for column in frame.columns}
    found = {}
    for column, names in OVERRIDE_NAMES.items():
        own = next((named[name] for name in names if name in named), None)
        if own is None:
            raise DataError(
                f"{path.name}: there is no column {column!r}; an override needs {', '.join(COLUMNS)}"
            )
        found[column] = frame[own]
    table = pd.DataFrame({column: _text(values, column) for column, values in found.items()})
    for place, row in enumerate(table.to_dict("records")):
        _check(row, f"{path.name}, row {place + first_row:,}", tiers)
    table["until"] = pd.to_datetime(table["until"], format="%Y-%m-%d")
    return table


def apply_overrides(tiered: pd.DataFrame, overrides: pd.DataFrame, as_of: date) -> Overridden:
    """Put the overrides that are in force on the as-of day in place of the rule's tiers.

    Parameters: tiered, with customer_id and tier; overrides, as `read_overrides` gives them; as_of, the last
    day of the month: `until` on that day is still in force. Raises DataError if two overrides of one customer
    are in force.

    >>> tiered = pd.DataFrame({"customer_id": ["a", "b"], "tier": ["C", "C"]})
    >>> table = pd.DataFrame({"customer_id": ["a", "b"], "tier": ["A", "A"], "who": ["Li", "Li"],
    ...     "why": ["40 referrals", "trial"], "until": pd.to_datetime(["2018-06-30", "2017-06-30"])})
    >>> done = apply_overrides(tiered, table, date(2017, 12, 31))
    >>> done.tiered.values.tolist(), done.table["status"].tolist()
    ([['a', 'A', 'C'], ['b', 'C', 'C']], ['applied', 'expired'])
    """
    in_force = overrides["until"] >= pd.Timestamp(as_of)
    twice = overrides.loc[in_force, "customer_id"].duplicated()
    if twice.any():
        customer = overrides.loc[in_force, "customer_id"][twice].iloc[0]
        raise DataError(
            f"overrides: customer {customer!r} has two in force on {as_of:%Y-%m-%d}; keep one of them"
        )
    by_rule = tiered.set_index("customer_id")["tier"]
    table = overrides.assign(tier_by_rule=overrides["customer_id"].map(by_rule))
    status = pd.Series("applied", index=table.index, dtype="str")
    status = status.mask(table["tier"] == table["tier_by_rule"], "agrees")
    status = status.mask(table["tier_by_rule"].isna(), "not here").mask(~in_force, "expired")
    by_hand = overrides[in_force].set_index("customer_id")["tier"]
    replaced = tiered["customer_id"].map(by_hand)
    result = tiered.assign(tier=replaced.where(replaced.notna(), tiered["tier"]), tier_by_rule=tiered["tier"])
    return Overridden(result, table.assign(status=status))


def _text(values: pd.Series, column: str) -> pd.Series:
    if column == "until" and pd.api.types.is_datetime64_any_dtype(values.dtype):
        values = values.dt.strftime("%Y-%m-%d")
    if column == "customer_id":
        return values.astype("str").fillna("")
    return values.astype("str").str.strip().fillna("")


def _check(row: dict[Any, Any], where: str, tiers: Sequence[str]) -> None:
    empty = [column for column in COLUMNS if not row[column]]
    if empty:
        raise DataError(f"{where}: {empty[0]} is empty; say it, or remove the row")
    if row["tier"] not in tiers:
        raise DataError(f"{where}: tier {row['tier']!r} is not one of {', '.join(tiers)}")
    try:
        date.fromisoformat(row["until"][:10])
    except ValueError:
        raise DataError(f"{where}: until {row['until']!r} is not a day such as 2018-06-30") from None
