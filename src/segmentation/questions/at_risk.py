"""Which key and main customers may not order again, why, what is at stake, and by when to talk to them?"""

import pandas as pd

from segmentation.comparison.records import NEAR, wilson
from segmentation.movement.life.churn import line
from segmentation.movement.life.known import MONTH_DAYS
from segmentation.questions.churn import proof
from segmentation.questions.known import better_tiers
from segmentation.questions.life import HIATUS, life, tried
from segmentation.questions.responsible import with_manager
from segmentation.show.tables import Block
from segmentation.study.facts import fact, piece
from segmentation.study.study import Study
from segmentation.words.reader import Sentence, sentence

_RECORD = ["month", "named", "said_silent", "came_true", "share_true", "base_rate", "times"]


@fact(needs=("life",), publish=False)
def lives(study: Study) -> pd.DataFrame:
    """Every customer of the month: stage of life, chance of no order within the horizon, at stake, reasons.

    Columns: customer_id, tier, stage, lasting, p_churn (empty where the record speaks against a forecast),
    at_stake_ahead, changes, by_when.
    """
    customers = life(study).customers
    here = customers[customers["tier"] != "dormant"].reset_index(drop=True)
    if at_risk.missing(study):
        here[["p_churn", "at_stake_ahead"]] = float("nan")
    columns = ["customer_id", "tier", "stage", "lasting", "p_churn", "at_stake_ahead", "changes", "by_when"]
    return here[columns]


@fact(needs=("churn_forecast",))
def at_risk(study: Study) -> pd.DataFrame:
    """Customers above the lowest tier who may order nothing within the horizon, the most money at stake first.

    At risk is whose chance of silence is at least one half, or twice the mean of all customers of the month.
    Columns: customer_id, tier, p_churn, at_stake_ahead (the chance times what the customer brings in the
    horizon at the own monthly rate), recency_days, usual_days, changes (the largest change against the own past
    first), by_when.
    """
    customers = life(study).customers
    better = customers["tier"].isin(study.tier_names[:-1])
    found = customers[better & _is_at_risk(study)].sort_values(
        ["at_stake_ahead", "customer_id"], ascending=[False, True], ignore_index=True
    )
    columns = [
        "customer_id",
        "tier",
        "p_churn",
        "at_stake_ahead",
        "recency_days",
        "usual_days",
    ]
    return found[[*columns, "changes", "by_when"]]


@fact(needs=("churn_forecast",))
def churn_by_tier(study: Study) -> pd.DataFrame:
    """By tier: customers, how many may fall silent, p_churn (mean), and what is at stake in the horizon."""
    customers = life(study).customers
    rows = []
    for tier in study.tier_names:
        here = customers[customers["tier"] == tier]
        likely = int(_is_at_risk(study)[here.index].sum())
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


@fact(needs=("churn_forecast",))
def at_risk_record(study: Study) -> pd.DataFrame:
    """How the lists that the same rules made at earlier month ends turned out within the horizon.

    One row a month end: month, named, said_silent (the mean chance said of them), came_true (of them silent),
    share_true, base_rate (the share silent of everybody above the lowest tier), times (the one by the other).
    """
    return tried(study).named.reindex(columns=_RECORD)


def _by_silence(study: Study) -> bool:
    """Whether no chances can be learned, so that only the days silent tell who is at risk."""
    return bool(life(study).about["way"].iloc[0] == HIATUS)


def _is_at_risk(study: Study) -> pd.Series:
    """Who of everybody is at risk: likely to order nothing, or silent for longer than the horizon already."""
    customers = life(study).customers
    if _by_silence(study):
        return customers["recency_days"] > MONTH_DAYS * study.settings.horizon_months
    return customers["p_churn"] >= _line(study)


def _line(study: Study) -> float:
    """The chance of silence from which a customer is at risk."""
    return line(life(study).customers["p_churn"].dropna().to_numpy())


def _held(study: Study) -> tuple[int, float, float]:
    """Of all named before: how many, the share that fell silent, and the share that was said."""
    held = at_risk_record(study)
    named = int(held["named"].sum())
    if not named:
        return 0, float("nan"), float("nan")
    said = float((held["said_silent"] * held["named"]).sum()) / named
    return named, float(held["came_true"].sum()) / named, said


def _lists(study: Study) -> Sentence:
    """How earlier lists of those at risk turned out, in a sentence; else how the chances did."""
    held, (named, share, said) = at_risk_record(study), _held(study)
    if not named:
        return proof(study)
    return sentence(
        "Of {named:integer} {named:customer|customers} who would have been on this list at {k:integer} earlier month "
        "{k:end|ends}, {share:share} ordered nothing within {n:integer} {n:month|months} ({said:share} was said); of "
        "everybody in {tiers:and} {base:share}.",
        named=named,
        k=len(held),
        share=share,
        said=said,
        n=study.settings.horizon_months,
        tiers=better_tiers(study),
        base=float((held["base_rate"] * held["named"]).sum() / named),
    )


def _expected(study: Study, said: float) -> float:
    """How many of those at risk will fall silent: as the chances say, or by the record where it speaks otherwise."""
    named, share, before = _held(study)
    if not named or abs(share - before) <= NEAR:
        return said
    low, high = wilson(round(share * named), named)
    return said if low <= before <= high else said * share / before


@piece
def answer(study: Study) -> Block:
    """How many key and main customers may not order again, what is at stake, and how sure that is."""
    found, horizon = at_risk(study), study.settings.horizon_months
    tiers = better_tiers(study)
    if found.empty:
        said = sentence(
            "No customer of {tiers:and} is at risk of ordering nothing within {horizon:integer} "
            "{horizon:month|months}.",
            tiers=tiers,
            horizon=horizon,
        )
        return study.answer(said, _lists(study), kind="good")
    said = sentence(
        "{n:integer} {n:customer|customers} of {tiers:and} may order nothing within {horizon:integer} "
        "{horizon:month|months}, {expected:integer} of them if it goes as before; {money:money} of what they usually "
        "bring in that time is at stake."
        if found["p_churn"].notna().all()
        else "{n:integer} {n:customer|customers} of {tiers:and} {n:has|have} been silent for long; they usually bring "
        "{money:money} in {horizon:integer} {horizon:month|months}.",
        expected=round(_expected(study, float(found["p_churn"].sum()))),
        n=len(found),
        tiers=tiers,
        horizon=horizon,
        money=float(found["at_stake_ahead"].sum()),
    )
    return study.answer(said, _lists(study), kind="caution")


@piece
def customers(study: Study, limit: int = 25) -> Block:
    """Whom to talk to first, why and by when."""
    return study.table(
        with_manager(study, at_risk(study).drop(columns="usual_days")),
        "At risk, the most money at stake first",
        limit=limit,
        note=_note(study),
    )


def _note(study: Study) -> Sentence:
    """What puts a customer on the list, and that a call does not save all that is at stake."""
    if _by_silence(study):
        return sentence(
            "At risk: silent for more than {days:integer} days. At stake: what the customer usually brings in "
            "{horizon:integer} {horizon:month|months}.",
            days=MONTH_DAYS * study.settings.horizon_months,
            horizon=study.settings.horizon_months,
        )
    return sentence(
        "At risk: a chance of no order of {line:share} or more. At stake: that chance times what the customer usually "
        "brings in that time. A call does not save all of it: some come back by themselves, and some go whatever is "
        "done.",
        line=_line(study),
    )


@piece
def by_tier(study: Study) -> Block:
    """What is at stake in each tier."""
    return study.table(churn_by_tier, "What is at stake, by tier")
