"""Which key and main customers may not order again, why, what is at stake, and by when to talk to them?"""

import pandas as pd

from segmentation.movement.life.known import MONTH_DAYS
from segmentation.questions.churn import proof
from segmentation.questions.life import HIATUS, life
from segmentation.questions.responsible import with_manager
from segmentation.show.tables import Block
from segmentation.study.facts import fact, piece
from segmentation.study.study import Study
from segmentation.words.reader import Sentence, sentence

LIKELY, TIMES = 0.5, 2.0


@fact(needs=("life",), publish=False)
def lives(study: Study) -> pd.DataFrame:
    """Every customer of the month: stage of life, chance of no order within the horizon, at stake, reasons.

    Columns: customer_id, tier, stage, lasting, p_churn (empty where the record speaks against a forecast),
    at_stake_ahead, changes, by_when.
    """
    customers = life(study).customers
    here = customers[customers["tier"] != "dormant"].reset_index(drop=True)
    if forecasts(study) is not None:
        here[["p_churn", "at_stake_ahead"]] = float("nan")
    columns = ["customer_id", "tier", "stage", "lasting", "p_churn", "at_stake_ahead", "changes", "by_when"]
    return here[columns]


@fact(needs=("churn_forecast",))
def at_risk(study: Study) -> pd.DataFrame:
    """Customers above the lowest tier who may order nothing within the horizon, the most money at stake first.

    At risk is whose chance of silence is at least one half, or twice the mean of all customers of the month.
    Columns: customer_id, tier, stage, p_churn, at_stake_ahead (the chance times what the customer brings in the
    horizon at the own monthly rate), monetary, recency_days, usual_days, growth, changes (the largest change
    against the own past first), by_when.
    """
    customers = life(study).customers
    better = customers["tier"].isin(study.tier_names[:-1])
    if life(study).about["way"].iloc[0] == HIATUS:
        silent = customers["recency_days"] > MONTH_DAYS * study.settings.horizon_months
    else:
        silent = customers["p_churn"] >= line(study)
    found = customers[better & silent].sort_values(
        ["at_stake_ahead", "customer_id"], ascending=[False, True], ignore_index=True
    )
    columns = [
        "customer_id",
        "tier",
        "stage",
        "p_churn",
        "at_stake_ahead",
        "monetary",
        "recency_days",
        "usual_days",
    ]
    return found[[*columns, "growth", "changes", "by_when"]]


@fact(needs=("churn_forecast",))
def churn_by_tier(study: Study) -> pd.DataFrame:
    """By tier: customers, how many may fall silent, p_churn (mean), and what is at stake in the horizon."""
    customers = life(study).customers
    rows = []
    for tier in study.tier_names:
        here = customers[customers["tier"] == tier]
        likely = int((here["p_churn"] >= line(study)).sum())
        rows.append(
            {
                "tier": tier,
                "customers": len(here),
                "may_fall_silent": likely,
                "p_churn": here["p_churn"].mean(),
                "at_stake_ahead": here["at_stake_ahead"].sum(),
            }
        )
    return pd.DataFrame(rows)


def line(study: Study) -> float:
    """The chance of silence from which a customer is at risk: one half, or twice the mean of all."""
    return min(LIKELY, TIMES * float(life(study).customers["p_churn"].mean()))


def forecasts(study: Study) -> Sentence | None:
    """Why there is no forecast of silence; None where there is one."""
    return at_risk.missing(study)


@piece
def answer(study: Study) -> Block:
    """How many key and main customers may not order again, what is at stake, and how sure that is."""
    found, horizon = at_risk(study), study.settings.horizon_months
    grounds: list[Sentence] = [proof(study)]
    tiers = list(study.tier_names[:-1])
    if found.empty:
        said = sentence(
            "No customer of {tiers:and} is at risk of ordering nothing within {horizon:integer} "
            "{horizon:month|months}.",
            tiers=tiers,
            horizon=horizon,
        )
        return study.answer(said, *grounds, kind="good")
    said = sentence(
        "{n:integer} {n:customer|customers} of {tiers:and} may order nothing within {horizon:integer} "
        "{horizon:month|months}: together {expected:integer} of them will, if the chances hold; {money:money} of what "
        "they usually bring in that time is at stake."
        if found["p_churn"].notna().all()
        else "{n:integer} {n:customer|customers} of {tiers:and} {n:has|have} been silent for long; they usually bring "
        "{money:money} in {horizon:integer} {horizon:month|months}.",
        expected=round(float(found["p_churn"].sum())),
        n=len(found),
        tiers=tiers,
        horizon=horizon,
        money=float(found["at_stake_ahead"].sum()),
    )
    return study.answer(said, *grounds, kind="caution")


@piece
def customers(study: Study, limit: int = 25) -> Block:
    """Whom to talk to first, why and by when."""
    return study.table(
        with_manager(study, at_risk(study).drop(columns="monetary")),
        "At risk, the most money at stake first",
        limit=limit,
        note=_note(study),
    )


def _note(study: Study) -> Sentence:
    """What puts a customer on the list, and that a call does not save all that is at stake."""
    return sentence(
        "At risk: a chance of no order of {line:share} or more. At stake: that chance times what the customer usually "
        "brings in that time. A call does not save all of it: some come back by themselves, and some go whatever is "
        "done.",
        line=line(study),
    )


@piece
def by_tier(study: Study) -> Block:
    """What is at stake in each tier."""
    return study.table(churn_by_tier, "What is at stake, by tier")
