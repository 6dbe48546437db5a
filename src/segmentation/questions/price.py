"""What moves cost and are worth: changes taken back, learning less often, waiting, the value of a move."""

from itertools import pairwise

import pandas as pd

from segmentation import months
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

    def tiers_with(month: str, learned: str) -> pd.DataFrame:
        if month == learned:
            return official_tiers(fresh, month)
        rule = fresh.rule(official, learned)
        assert rule is not None
        profile = study.profile(month)
        return profile[["customer_id"]].assign(**{official: rule.apply(profile)["tier"]})

    if study.rule(official) is None:
        return pd.DataFrame()
    found = refit.price_of_refit(study.past, tiers_with, official, study.tier_names)
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


@fact(needs=("two_months",), publish=False)
def steps(study: Study) -> dict[str, pd.DataFrame]:
    """Every month's moves, by month, with what each customer brought in it: `states.changes` and value."""
    official, found = study.settings.official, {}
    for was, now in pairwise(study.past):
        gone = study.dormant(was)["customer_id"]
        before, after = official_tiers(study, was), official_tiers(study, now)
        moved = states.changes(before, after, official, study.tier_names, gone)
        brought = _brought(study, now)
        found[now] = moved.assign(value=moved["customer_id"].map(brought).fillna(0.0))
    return found


@fact(needs=("two_months",), publish=False)
def migration_values(study: Study) -> pd.DataFrame:
    """What a customer of each tier is expected to bring, by how customers move between tiers."""
    dormant = [len(study.dormant(was)) for was in study.past[:-1]]
    return migration.tier_values(list(steps(study).values()), dormant, study.tier_names, _YEARLY_DISCOUNT)


@fact(needs=("two_months",))
def move_values(study: Study) -> pd.DataFrame:
    """What this month's moves are worth, by what customers who made the same move earlier brought after it."""
    moves = {
        now: states.and_dormant(moved, study.dormant(months.add(now, -1))["customer_id"])
        for now, moved in steps(study).items()
    }
    worth = {month: _brought(study, month) for month in study.past}
    earlier = {month: moved for month, moved in moves.items() if month < study.month}
    return migration.move_values(migration.known_after(earlier, worth, study.month), moves[study.month])


def _brought(study: Study, month: str) -> pd.Series:
    """The net value of each customer in a month."""
    return study.later_value(month, month).set_index("customer_id")["value"]


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
    values = migration_values(study)[["state", "monthly", "stays", "value"]]
    names = {"state": "tier", "value": "future_value", "monthly": "next_month"}
    return study.table(values.rename(columns=names), "What a customer of each tier is expected to bring")


@piece
def worth(study: Study) -> Block:
    """What this month's moves are worth, by what customers who made the same move earlier brought after it."""
    columns = ["before", "after", "customers", "brought", "stayed", "total", "total_low", "total_high"]
    return study.table(
        move_values(study)[columns].rename(columns={"stayed": "stayers_brought"}),
        "What the moves are worth a month: what earlier movers brought in the three months after, less those who "
        "stayed",
        name="move_values",
    )
