"""In which stage of life is every customer, how likely is an order, and what is at stake? What page 7 rests on."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast

import numpy as np
import pandas as pd

from segmentation import months
from segmentation.errors import DataError
from segmentation.movement.life import churn
from segmentation.movement.life.known import MONTH_DAYS, active
from segmentation.movement.life.reasons import by_when, reasons
from segmentation.movement.life.stages import Rhythm, flow, stages, taken_back
from segmentation.questions.known import known_now, known_of, places
from segmentation.study.facts import NEEDS, Asked, Need, fact
from segmentation.study.study import Study
from segmentation.words.reader import Sentence, sentence

LEAST_CUSTOMERS, LEAST_DAYS, LEAST_ORDERS = 500, 180, 3
ORIGINS = 4
TWO_FACTS, LAW, HIATUS = "two_facts", "bg_nbd", "hiatus"


@dataclass(frozen=True)
class Life:
    """What is known of everybody's life at the month's end.

    customers: everybody who ever ordered: customer_id, tier ("dormant" without an order in the window), stage,
    lasting, usual_days, recency_days, days_ever, monetary, p_churn (empty where there is no forecast,
    and for dormant customers), at_stake_ahead, changes, by_when. flow: as `stages.flow`. about: one row: way (how
    the chances were come by), first_wait, changed and reversed (shares of last month's changes of stage).
    """

    customers: pd.DataFrame
    flow: pd.DataFrame
    about: pd.DataFrame


@dataclass(frozen=True)
class Tried:
    """How stages and chances of earlier month ends turned out.

    record: one row an origin, as `churn.Claims.record`, with gained and error_of_gain. deciles: of all origins.
    named: how the lists of those at risk turned out, see `at_risk_record`.
    after: stage, seen_then (customers at these month ends), ordered_again (share), later_value (mean).
    """

    record: pd.DataFrame
    deciles: pd.DataFrame
    named: pd.DataFrame
    after: pd.DataFrame


def floor_days(study: Study) -> int:
    """Nobody who has been silent for less than one horizon counts as churned."""
    return MONTH_DAYS * study.settings.horizon_months


def too_little(study: Study) -> Sentence | None:
    """Why there is too little history for a stage to be told; None where there is enough.

    The gates are those that Klaviyo documents for its predictions: 500 customers with an order, 180 days of
    history, an order in the last 30 days, and some customers with three orders.
    """
    days = (months.last_day(study.month) - months.first_day(study.ledger.first)).days + 1
    if days < LEAST_DAYS:
        return sentence(
            "Stages of life need {least:integer} days of orders; up to the end of {month:month} there are "
            "{n:integer}, from {first:month} on.",
            least=LEAST_DAYS,
            month=study.month,
            n=days,
            first=study.ledger.first,
        )
    everybody = extent(study).iloc[0]
    if everybody["customers"] < LEAST_CUSTOMERS:
        return sentence(
            "Stages of life need {least:integer} customers with an order, else their shares are chance; there "
            "{n:is|are} {n:integer}.",
            least=LEAST_CUSTOMERS,
            n=int(everybody["customers"]),
        )
    if everybody["silent_days"] > MONTH_DAYS:
        return sentence(
            "Nobody ordered in the last {least:integer} days before the end of {month:month}: the stages of life "
            "would be those of an earlier month.",
            least=MONTH_DAYS,
            month=study.month,
        )
    if everybody["most_days"] < LEAST_ORDERS:
        return sentence(
            "No customer has ordered on {least:integer} days or more, so nobody has a rhythm of orders by which to "
            "tell a stage of life.",
            least=LEAST_ORDERS,
        )
    return None


@fact(keep=True, publish=False)
def extent(study: Study) -> pd.DataFrame:
    """How much there is to tell stages by: customers, silent_days (of everybody), most_days (with an order)."""
    now = known_now(study)
    figures = {
        "customers": len(now),
        "silent_days": now["recency_days"].min(),
        "most_days": now["days_ever"].max(),
    }
    return pd.DataFrame([figures])


def _of_study(ask: Callable[[Study], Any]) -> Callable[[Asked], Any]:
    return lambda study: ask(cast(Study, study))


NEEDS["life"] = Need(_of_study(lambda study: too_little(study) is None), _of_study(too_little))


@fact(
    keep=True,
    publish=False,
    needs=("life",),
    reads=("horizon_months",),
    prepare="placing the customers in their stages of life",
)
def life(study: Study) -> Life:
    """The stage of life of everybody, and the chance of no order within the horizon, see Life."""
    known, horizon = known_of(study), study.settings.horizon_months
    now = known_now(study)
    rhythm, placed = _placed(study, now)
    chances, way = _chances(study, now)
    usual = placed["usual_days"].to_numpy()
    customers = now[["customer"]].assign(
        stage=placed["stage"].astype("str"),
        lasting=placed["lasting"].astype("str"),
        usual_days=usual,
        **{name: now[name] for name in ("recency_days", "days_ever", "monetary")},
        p_churn=chances,
        at_stake_ahead=churn.at_stake(now, np.ones(len(now)) if way == HIATUS else chances, horizon),
        changes=reasons(now, usual),
        by_when=by_when(now, usual, horizon),
    )
    customers.loc[now["frequency"] == 0, ["at_stake_ahead", "p_churn"]] = np.nan
    tiers = study.learned(study.settings.official)["tiers"].set_index("customer_id")["tier"]
    customers = study.shown(known.named(customers))
    customers.insert(1, "tier", customers["customer_id"].map(tiers).fillna("dormant"))
    moved = pd.DataFrame(columns=["before", "after", "customers"]).astype({"customers": "int64"})
    changed = back = np.nan
    if study.has_month_before:
        _, before = _placed(study, known.at(study.month_before, study.window_months))
        moved = flow(before, placed)
        if (two_before := months.add(study.month, -2)) >= study.ledger.first:
            changed, back = taken_back(
                _placed(study, known.at(two_before, study.window_months))[1], before, placed
            )
    about = {"way": way, "first_wait": rhythm.first_wait, "changed": changed, "reversed": back}
    return Life(customers, moved, pd.DataFrame([about]))


@fact(
    keep=True,
    publish=False,
    needs=("life",),
    reads=("horizon_months",),
    prepare="asking earlier month ends whether who was said to fall silent did",
)
def tried(study: Study) -> Tried:
    """How the stages and chances of earlier month ends turned out within the horizon, see Tried."""
    known, horizon, window = known_of(study), study.settings.horizon_months, study.window_months
    record, deciles, named, after = [], [], [], []
    before: pd.DataFrame | None = None  # the customers of the month end one horizon earlier
    way = life(study).about["way"].iloc[0]
    for origin in origins(study):
        then, earlier = known.at(origin, window, months.add(origin, horizon)), months.add(origin, -horizon)
        after.append(_outcomes(_placed(study, then)[1]["stage"], then))
        if before is None and months.add(earlier, 1 - horizon) >= study.ledger.first:
            before = known.at(earlier, window, origin)
        learned_from, before = before, then
        try:
            if way == LAW:
                claims = churn.claimed_by_law(then, (then["frequency"] > 0).to_numpy(), horizon)
            elif way == TWO_FACTS and learned_from is not None:
                claims = churn.claimed(active(learned_from), active(then))
            else:
                continue
            called = _named(study, origin, active(then), claims)
        except DataError:
            continue
        gained, error = claims.lead()
        record.append({"origin": origin, **claims.record(), "gained": gained, "error_of_gain": error})
        deciles.append(claims.deciles())
        named.append({"month": origin, **called})
    return Tried(pd.DataFrame(record), _pooled(deciles), pd.DataFrame(named), _after(after))


def _named(study: Study, origin: str, customers: pd.DataFrame, claims: churn.Claims) -> dict[str, float]:
    """Of those above the lowest tier at a month end: who would have been called at risk, and who fell silent."""
    place = places(study, origin)[customers["customer"]]
    above = (place >= 0) & (place < len(study.tier_names) - 1)
    called = above & (claims.said >= churn.line(claims.said))
    came = int((called & claims.silent).sum())
    share = came / called.sum() if called.any() else np.nan
    base = float(claims.silent[above].mean()) if above.any() else np.nan
    return {
        "named": int(called.sum()),
        "said_silent": float(claims.said[called].mean()) if called.any() else np.nan,
        "came_true": came,
        "share_true": share,
        "base_rate": base,
        "times": share / base if base else np.nan,
    }


def origins(study: Study) -> list[str]:
    """The earlier month ends, at most four, one horizon apart, that had one horizon behind and before them.

    What came after one is over before the next begins, so that each is a trial of its own.
    """
    horizon, first = study.settings.horizon_months, study.ledger.first
    asked = [months.add(study.month, -horizon * back) for back in range(ORIGINS, 0, -1)]
    return [origin for origin in asked if months.add(origin, 1 - horizon) >= first]


def forecast_fails(study: Study) -> Sentence | None:
    """Why no chance of silence is shown; None where one is. It must have beaten the constant before."""
    record = tried(study).record
    if record.empty or churn.tells(list(zip(record["gained"], record["error_of_gain"]))):
        return None
    return sentence(
        "No forecast: at {n:integer} earlier {n:month end|month ends} the chances that days silent and number of "
        "orders give were no better than to say {share:share} of everybody. These facts do not tell who will order.",
        n=len(record),
        share=float(record["happened"].mean()),
    )


NEEDS["churn_forecast"] = Need(
    _of_study(lambda study: NEEDS["life"].met(study) and forecast_fails(study) is None),
    _of_study(lambda study: too_little(study) or forecast_fails(study)),
)


def _chances(study: Study, now: pd.DataFrame) -> tuple[np.ndarray, str]:
    """P(no order within the horizon) of everybody, and the way it was come by; empty where there is none."""
    horizon = study.settings.horizon_months
    earlier = months.add(study.month, -horizon)
    if months.add(earlier, 1 - horizon) >= study.ledger.first:
        try:
            learned_from = known_of(study).at(earlier, study.window_months, study.month)
            return churn.TwoFacts.fit(active(learned_from)).chances(now), TWO_FACTS
        except DataError:
            pass
    try:
        return churn.by_law(now, horizon), LAW
    except DataError:
        return np.full(len(now), np.nan), HIATUS


def _placed(study: Study, customers: pd.DataFrame) -> tuple[Rhythm, pd.DataFrame]:
    rhythm = Rhythm.fit(customers, known_of(study).first_waits(customers.attrs["as_of"]))
    return rhythm, stages(customers, rhythm, floor_days(study))


def _pooled(parts: list[pd.DataFrame]) -> pd.DataFrame:
    """The deciles of several month ends as one table, weighted by their customers."""
    if not parts:
        return pd.DataFrame(columns=["part", "customers", "said_silent", "happened"])
    found = pd.concat(parts)
    sums = (
        found.assign(
            said_silent=found["said_silent"] * found["customers"],
            happened=found["happened"] * found["customers"],
        )
        .groupby("part")[["customers", "said_silent", "happened"]]
        .sum()
    )
    for name in ("said_silent", "happened"):
        sums[name] = sums[name] / sums["customers"]
    return sums.reset_index()


def _outcomes(stage: pd.Series, customers: pd.DataFrame) -> pd.DataFrame:
    """By stage: how many customers, how many ordered again, and what they brought."""
    again = customers["later_orders"] > 0
    frame = pd.DataFrame({"stage": stage, "again": again, "later": customers["later_value"]})
    return frame.groupby("stage", observed=True).agg(
        seen_then=("again", "size"), again=("again", "sum"), later=("later", "sum")
    )


def _after(parts: list[pd.DataFrame]) -> pd.DataFrame:
    """The outcomes of several month ends as one table: shares and means of all customers seen."""
    if not parts:
        return pd.DataFrame(columns=["stage", "seen_then", "ordered_again", "later_value"])
    sums = pd.concat([part.set_axis(part.index.astype("str")) for part in parts]).groupby("stage").sum()
    return pd.DataFrame(
        {
            "seen_then": sums["seen_then"],
            "ordered_again": sums["again"] / sums["seen_then"],
            "later_value": sums["later"] / sums["seen_then"],
        }
    ).reset_index()
