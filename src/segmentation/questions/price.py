"""What moves cost and are worth: changes taken back, learning less often, waiting, the value of a move."""

from dataclasses import dataclass
from itertools import pairwise

import pandas as pd

from segmentation.comparison import migration
from segmentation.comparison.stability import month_to_month
from segmentation.movement import refit, states
from segmentation.questions.tiers import official_tiers
from segmentation.show.tables import Block
from segmentation.study.facts import fact, piece
from segmentation.study.study import Study

_YEARLY_DISCOUNT = 0.10


@fact
def reversals(study: Study) -> pd.DataFrame:
    """How many customers change tier each month under the official method, and how many change back."""
    found = month_to_month({month: official_tiers(study, month) for month in study.past})
    return found.drop(columns="method")


@fact(needs=("two_months",), publish=False)
def price_of_refit(study: Study) -> pd.DataFrame:
    """What learning the official rule less often saves in changes, and how far it drifts."""
    official = study.settings.official
    fresh = study.with_(refit="monthly")

    def tiers_with(month: str, learned: str) -> pd.Series:
        rule = fresh.rule(official, learned)
        assert rule is not None
        profile = study.profile(month)
        return pd.Series(rule.apply(profile)["tier"].to_numpy(), index=pd.Index(profile["customer_id"]))

    if study.rule(official) is None:
        return pd.DataFrame()
    found = refit.price_of_refit(study.past, tiers_with, official)
    return found.rename(
        columns={
            "learned": "rules_learned",
            "changed": "changes_a_month",
            "reversed": "taken_back",
            "different": "placed_otherwise",
        }
    )


@fact(needs=("three_months",), publish=False)
def price_of_damping(study: Study) -> pd.DataFrame:
    """What waiting for several qualifying months saves in changes, and what it costs in delay."""
    frames = {month: official_tiers(study, month) for month in study.past}
    found = refit.price_of_damping(frames, study.settings.official, study.tier_names, (1, 2, 3))
    return found.rename(
        columns={"changed": "changes_a_month", "reversed": "taken_back", "different": "not_as_at_once"}
    )


@dataclass(frozen=True)
class MigrationValues:
    """What a customer of each state is expected to bring, and what this month's moves gained and lost."""

    values: pd.DataFrame
    at_stake: pd.DataFrame


@fact(needs=("two_months",), publish=False)
def migration_values(study: Study) -> MigrationValues:
    """The migration value of every tier, and what this month's moves gained and lost."""
    past, official = study.past, study.settings.official
    steps, dormant = [], []
    for was, now in pairwise(past):
        gone = study.dormant(was)["customer_id"]
        moved = states.changes(
            official_tiers(study, was), official_tiers(study, now), official, study.tier_names, gone
        )
        worth = study.later_value(now, now).set_index("customer_id")["value"]
        steps.append(moved.assign(value=moved["customer_id"].map(worth).fillna(0.0)))
        dormant.append(len(gone))
    values = migration.tier_values(steps, dormant, study.tier_names, _YEARLY_DISCOUNT)
    return MigrationValues(values, migration.at_stake(steps[-1], values))


@fact(needs=("two_months",))
def move_values(study: Study) -> pd.DataFrame:
    """What this month's moves gained and lost, by the migration value of the tiers."""
    return migration_values(study).at_stake


def month_by_month(study: Study) -> Block:
    """How many change tier each month, and how many change back."""
    return study.table(reversals, "Changes month by month, and those taken back a month later")


def learning_less_often(study: Study) -> Block:
    """What learning the rule less often would save."""
    return study.table(price_of_refit, "What learning the rule less often would save")


def waiting(study: Study) -> Block:
    """What waiting before a change would save, and cost."""
    return study.table(price_of_damping, "What waiting for several qualifying months would save, and cost")


@piece
def tier_values(study: Study) -> Block:
    """What a customer of each tier is worth, by how customers move between tiers."""
    values = migration_values(study).values[["state", "monthly", "stays", "value"]]
    names = {"state": "tier", "value": "future_value", "monthly": "next_month"}
    return study.table(values.rename(columns=names), "What a customer of each tier is expected to bring")


@piece
def worth(study: Study) -> Block:
    """What this month's moves are worth, by the migration value of the tiers."""
    return study.table(
        move_values(study).rename(columns={"value": "worth"}),
        "What the moves are worth: the change of expected future value, discounted by 10% a year",
    )
