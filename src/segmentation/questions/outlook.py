"""What will the customers of each tier bring in the next months, and how far were such figures off before?"""

import numpy as np
import pandas as pd

from segmentation import months
from segmentation.errors import DataError
from segmentation.movement.outlook.forecast import LEAST_ERRORS, by_line
from segmentation.questions.known import known_of, places
from segmentation.show.tables import Block
from segmentation.study.facts import NEEDS, Need, fact, piece
from segmentation.study.study import Study
from segmentation.words.reader import Sentence, sentence

_ORIGINS = 12
_TWO_YEARS = 24
_NEW, _DORMANT, _ALL = "new", "dormant", "all"

NEEDS["some_months"] = Need(
    lambda study: months.add(study.month, 1 - study.settings.horizon_months) >= study.ledger.first,
    lambda study: sentence(
        "An outlook over {n:integer} {n:month|months} takes orders of as many months; they begin in {first:month}.",
        n=study.settings.horizon_months,
        first=study.ledger.first,
    ),
)


@fact(
    keep=True,
    needs=("some_months",),
    reads=("horizon_months",),
    prepare="looking ahead by tier, and how such outlooks turned out",
)
def outlook(study: Study) -> pd.DataFrame:
    """What each tier, dormant and new customers are expected to bring in the next months, and all together.

    One row a line and months_ahead (1 and the horizon): last (what the last months brought, scaled to the days
    of the next), expected, drift, low_80 and high_80 (its 80 % interval), error and naive_error (mean share by which
    this and "the same again" were off at earlier month ends), mase, origins. The tier is that of the month,
    also for the future: a tier's figure is the sum of its customers, each at the own last months times drift.
    """
    parts = []
    for ahead in sorted({1, study.settings.horizon_months}):
        lines = [*study.tier_names, _DORMANT, _NEW]
        found = by_line(_turnover(study, ahead), lines, ahead)
        found.insert(1, "months_ahead", ahead)
        parts.append(found.drop(columns="naive_error").rename(columns={"low": "low_80", "high": "high_80"}))
    return pd.concat(parts, ignore_index=True)


def _turnover(study: Study, ahead: int) -> pd.DataFrame:
    """At each of the last month ends: what every line had brought in the last months, and brought next.

    new: customers whose first order came in these months. dormant: known customers without a tier then.
    """
    first = months.add(study.ledger.first, ahead - 1)
    asked = [month for month in study.months[-_ORIGINS:] if month >= first]
    rows: list[dict[str, object]] = []
    returned: dict[str, float] = {}
    for origin in asked:
        until = min(months.add(origin, ahead), study.month)
        over, scale = months.add(origin, ahead) <= study.month, _scale(origin, ahead)
        try:
            sums = _by_tier(study, origin, ahead, until)
        except DataError:
            continue  # the official method cannot be learned from so little
        returned[months.add(origin, ahead)] = float(sums["next"][_DORMANT])
        sums.loc[_DORMANT, "last"] = returned.get(origin, np.nan)
        if months.add(origin, 1 - 2 * ahead) < study.ledger.first:
            sums.loc[_NEW, "last"] = np.nan  # where the orders begin, everybody is new
        rows += [
            {
                "origin": origin,
                "line": line,
                "last": float(sums["last"][line]) * scale,
                "following": float(sums["next"][line]) if over else np.nan,
            }
            for line in sums.index
        ]
    return pd.DataFrame(rows, columns=["origin", "line", "last", "following"])


def _by_tier(study: Study, origin: str, ahead: int, until: str) -> pd.DataFrame:
    """Last and next money by line, at one month end."""
    found = known_of(study).turnover(origin, ahead, until)
    lines = [*study.tier_names, _DORMANT, _NEW]
    untiered = np.where(found["is_known"], lines.index(_DORMANT), lines.index(_NEW))
    own = places(study, origin)[found["customer"]]
    line = np.where(own >= 0, own, untiered)
    sums = found[["last", "next"]].groupby(line).sum().reindex(range(len(lines)), fill_value=0.0)
    sums.index = pd.Index(lines)
    sums.loc[_NEW, "last"] = float(found.loc[found["is_recent"], "last"].sum())
    return sums


def _scale(origin: str, ahead: int) -> float:
    """How many days the next months have, for each day of the last ones."""
    end, begin = months.last_day(origin), months.first_day(months.add(origin, 1 - ahead))
    return (months.last_day(months.add(origin, ahead)) - end).days / ((end - begin).days + 1)


@piece
def answer(study: Study) -> Block:
    """What is expected of all customers within the horizon, of it from new ones, and how far off it may be."""
    found = outlook(study)
    found = found[found["months_ahead"] == study.settings.horizon_months].set_index("line")
    money, low, high = (float(found[name][_ALL]) for name in ("expected", "low_80", "high_80"))
    sure, new = np.isfinite(low), float(found["expected"].get(_NEW, 0.0))
    said = sentence(
        "Within {horizon:integer} {horizon:month|months} {money:money} may come in, with four chances in five between "
        "{low:money} and {high:money}."
        if sure
        else "Within {horizon:integer} {horizon:month|months} {money:money} may come in; how far off that may be is "
        "not known.",
        horizon=study.settings.horizon_months,
        money=money,
        low=low,
        high=high,
    )
    from_new = sentence("{new:money} of it from customers who are not known yet.", new=new)
    told = [from_new, *grounds(study)] if new else grounds(study)
    return study.answer(said, *told, kind="neutral" if sure else "caution")


def grounds(study: Study) -> list[Sentence]:
    """How such outlooks turned out, and what they cannot know."""
    found = outlook(study)
    found = found[found["months_ahead"] == study.settings.horizon_months].set_index("line")
    tiers = found[found.index.isin(study.tier_names)]
    said = []
    if tiers["error"].notna().any():
        errors = [
            sentence("{tier} {error:share}", tier=tier, error=float(error))
            for tier, error in tiers["error"].dropna().items()
        ]
        said.append(
            sentence(
                "At earlier month ends the tiers' outlooks were off by, on average: {errors:list}.",
                errors=errors,
            )
        )
    else:
        said.append(
            sentence(
                "No earlier month end has such an outlook and what came of it; {need:integer} are needed for an "
                "interval.",
                need=LEAST_ERRORS,
            )
        )
    if np.isfinite(float(found["low_80"].get(_ALL, np.nan))):
        said.append(
            sentence(
                "The interval of the whole rests on {n:integer} earlier {n:month end|month ends}, so it is rough.",
                n=int(found["origins"][_ALL]),
            )
        )
    if len(study.months) < _TWO_YEARS:
        said.append(
            sentence(
                "The orders cover {n:integer} {n:month|months}: with less than two years a season cannot be known, and "
                "is in no figure here.",
                n=len(study.months),
            )
        )
    return said


def _within(study: Study, ahead: int) -> pd.DataFrame:
    """The outlook over so many months, as it is shown."""
    found = outlook(study)
    return found[found["months_ahead"] == ahead].drop(columns=["months_ahead", "origins"])


@piece
def next_month(study: Study) -> Block:
    """The same for the next month alone."""
    if study.settings.horizon_months == 1:
        return study.note("The table above is that of the next month.")
    return study.table(_within(study, 1), "What is expected next month, by tier")


@piece
def by_tier(study: Study) -> Block:
    """The outlook of every tier, of dormant and of new customers, and all together, within the horizon."""
    return study.table(
        _within(study, study.settings.horizon_months),
        sentence(
            "What is expected within {horizon:integer} {horizon:month|months}, by tier",
            horizon=study.settings.horizon_months,
        ),
        name="outlook",
        note="Drift: a tier is chosen by past spend, so it falls back or rises by itself; where the drift did not do "
        "better than the same again at earlier month ends, it is 1. MASE below 1: better than the same again. No "
        "interval: too few earlier month ends, or errors as large as the figure itself.",
    )
