"""In which stage of life are the customers, who moved on, and what did customers of a stage do afterwards?"""

import pandas as pd

from segmentation.movement.life.stages import LASTING, STAGES
from segmentation.questions.life import life, origins, tried
from segmentation.show import tables
from segmentation.show.tables import Block
from segmentation.study.facts import fact, piece
from segmentation.study.study import Study
from segmentation.words.reader import Sentence, sentence


@fact(needs=("life",))
def stages(study: Study) -> pd.DataFrame:
    """The stages of life: how many customers are in each, and what customers of the stage did afterwards.

    One row a stage: customers and their share; then, of customers who were in this stage at earlier month ends,
    seen_then, ordered_again (within the horizon) and later_mean (what they brought in it, on average).
    """
    counted = life(study).customers["stage"].value_counts()
    counted = counted.reindex([name for name in STAGES if name in counted.index]).rename("customers")
    found = counted.rename_axis(index="stage").reset_index()
    found["share"] = found["customers"] / found["customers"].sum()
    after = tried(study).after.rename(columns={"later_value": "later_mean"})
    return found.merge(after, on="stage", how="left")


@fact(needs=("life",))
def stage_tiers(study: Study) -> pd.DataFrame:
    """How many customers of each stage of life are in each tier: stage, tier (dormant last), customers."""
    return _counted(study, "stage", STAGES)


@fact(needs=("life",))
def lasting(study: Study) -> pd.DataFrame:
    """How many long-term, temporary and other customers are in each tier: lasting, tier, customers."""
    return _counted(study, "lasting", LASTING)


@fact(needs=("life", "month_before"))
def stage_flow(study: Study) -> pd.DataFrame:
    """From which stage of life to which since last month: before, after, customers, share (of the stage before)."""
    moved = life(study).flow
    return moved.assign(share=moved["customers"] / moved.groupby("before")["customers"].transform("sum"))


def _counted(study: Study, by: str, names: tuple[str, ...]) -> pd.DataFrame:
    """Customers by stage (or kind) and tier, those who are dormant last; stages without anybody are left out."""
    customers = life(study).customers
    counted = customers.groupby([by, "tier"]).size().unstack(fill_value=0)
    counted = counted.reindex(
        index=[name for name in names if name in counted.index],
        columns=[*study.tier_names, "dormant"],
        fill_value=0,
    )
    long = counted.rename_axis(index=by, columns=None).reset_index()
    return long.melt(by, var_name="tier", value_name="customers")


def _by_tier(study: Study, counted: pd.DataFrame, by: str) -> pd.DataFrame:
    """The same with a column a tier, all customers and their share first."""
    wide = counted.pivot(index=by, columns="tier", values="customers")
    wide = wide.reindex(index=counted[by].unique(), columns=[*study.tier_names, "dormant"])
    everybody = wide.sum(axis=1)
    wide.insert(0, "share", everybody / max(int(everybody.sum()), 1))
    wide.insert(0, "customers", everybody)
    return wide.rename_axis(columns=None).reset_index()


def crossed(study: Study, moved: pd.DataFrame, names: tuple[str, ...]) -> pd.DataFrame:
    """Moves (before, after, customers) as a table: a row for each state before, a column for each one after."""
    wide = moved.pivot(index="before", columns="after", values="customers")
    wide = wide.reindex(index=[*names, "new"], columns=list(names)).fillna(0).astype("int64")
    wide = wide[(wide > 0).any(axis=1)]
    return wide.rename(columns=study.reader.word).rename_axis(columns=None).reset_index()


@piece
def by_stage(study: Study) -> Block:
    """The stages by tier."""
    shown = _by_tier(study, stage_tiers(study), "stage")
    return study.table(shown, "The stages of life by tier", name="stage_tiers")


@piece
def afterwards(study: Study) -> Block:
    """What customers of each stage did at earlier month ends: whether the stage means anything."""
    seen = origins(study)
    note = sentence(
        "Of the customers who were in the stage at the end of {origins:list}, the share that ordered again within "
        "{horizon:integer} {horizon:month|months}; each counts once a month end.",
        origins=[sentence("{month:month}", month=origin) for origin in seen],
        horizon=study.settings.horizon_months,
    )
    if not seen:
        return study.note(
            "What customers of a stage do afterwards is not known yet: no earlier month end has {horizon:integer} "
            "{horizon:month|months} before and after it.",
            horizon=study.settings.horizon_months,
        )
    shown = stages(study)[["stage", "seen_then", "ordered_again", "later_mean"]]
    return study.table(shown, "What customers of each stage did afterwards", note=note, name="stages")


@piece
def meanings(study: Study) -> Block:
    """What each stage means, with this month's figures."""
    about, horizon = life(study).about.iloc[0], study.settings.horizon_months
    told: list[str | Sentence] = [
        sentence(
            "Churn stage: silent for longer than three of the customer's own usual gaps, and than {n:integer} days.",
            n=30 * horizon,
        ),
        "Conversion stage: one day with an order so far, and not yet silent for too long.",
        "Growth stage: first ordered within the last six months, or spent 20% more in the last three months than "
        "in the three before.",
        "Maturity stage: everybody else who still orders.",
    ]
    if about["first_wait"] == about["first_wait"]:
        told.append(
            sentence(
                "The second order: of those who came back after their first order, four of five did so within "
                "{n:integer} days.",
                n=int(about["first_wait"]),
            )
        )
    return tables.words("\n".join(study.say(line) for line in told))


@piece
def moved_on(study: Study) -> Block:
    """From which stage to which since last month, and how much of last month's change was taken back."""
    about = life(study).about.iloc[0]
    note = sentence(
        "Of the month before, {changed:share} of the customers changed stage; {reversed:share} of these are back "
        "in the stage they came from.",
        changed=about["changed"],
        reversed=about["reversed"],
    )
    known = about["changed"] == about["changed"]
    return study.table(
        crossed(study, stage_flow(study), STAGES),
        "Moves between stages since last month: from where (rows) to where (columns)",
        note=note if known else None,
        name="stage_flow",
    )


@piece
def who_lasts(study: Study) -> Block:
    """Long-term and temporary customers."""
    return study.table(
        _by_tier(study, lasting(study), "lasting"),
        "Long-term and temporary customers by tier",
        note="Long-term: orders on at least three days over at least half a year. Temporary: one day with an order, "
        "and silent for too long since. Too early: one day with an order so far.",
        name="lasting",
    )
