"""Which former key and main customers can be won back, and how many come back by themselves?"""

import pandas as pd

from segmentation import months
from segmentation.movement.life.silence import SILENT_DAYS, came_back, former
from segmentation.questions.known import better_tiers, known_of
from segmentation.questions.responsible import with_manager
from segmentation.show.tables import Block
from segmentation.study.facts import NEEDS, Need, fact, piece
from segmentation.study.study import Study
from segmentation.words.reader import sentence

_LEAST = 30  # customers that a share is told of


def _then(study: Study, month: str) -> str:
    """The month end, two horizons earlier, whose tiers make somebody a former key customer."""
    return months.add(month, -2 * study.settings.horizon_months)


NEEDS["former_tiers"] = Need(
    lambda study: months.add(study.month, -2 * study.settings.horizon_months) >= study.ledger.first,
    lambda study: sentence(
        "Former key customers are those of {n:integer} months ago; the orders begin in {first:month}, later than that.",
        n=2 * study.settings.horizon_months,
        first=study.ledger.first,
    ),
)


@fact(
    keep=True,
    needs=("former_tiers",),
    reads=("horizon_months",),
    prepare="looking for former key customers who fell silent",
)
def win_back(study: Study) -> pd.DataFrame:
    """Customers above the lowest tier two horizons ago who have been silent for more than 120 days since.

    Columns: customer_id, former_tier, former_value (what they spent in the window then), recency_days, band,
    comes_back (the share of customers silent that long who came back by themselves, see win_back_record; empty
    where fewer than 30 were seen). The best tier first, then the most value.
    """
    found = _silent(study, study.month, study.month)
    natural = win_back_record(study)
    shares = natural[natural["customers"] >= _LEAST].set_index("group")["came_back"]
    found["comes_back"] = found["band"].map(shares).astype("float64")
    return found.drop(columns=["later_orders", "later_value"])


@fact(keep=True, needs=("former_tiers",), reads=("horizon_months",))
def win_back_record(study: Study) -> pd.DataFrame:
    """How many such customers came back by themselves within the horizon, one horizon ago.

    Columns: group (a former tier, or how long silent), customers, came_back (share), value_back (what one who
    came back brought). Without rows where the orders do not reach back so far.
    """
    origin = months.add(study.month, -study.settings.horizon_months)
    if _then(study, origin) < study.ledger.first:
        return pd.DataFrame(columns=["group", "customers", "came_back", "value_back"])
    silent = _silent(study, origin, study.month)
    return pd.concat([came_back(silent, "former_tier"), came_back(silent, "band")], ignore_index=True)


def _silent(study: Study, as_of: str, until: str) -> pd.DataFrame:
    """The former key customers silent at a month's end, with what they ordered from then on."""
    known, then, above = known_of(study), _then(study, as_of), study.tier_names[:-1]
    everybody = known.at(as_of, study.window_months, until)
    silent = study.shown(known.named(everybody[everybody["recency_days"] > SILENT_DAYS]))
    tiers = study.learned(study.settings.official, then)["tiers"][["customer_id", "tier"]]
    earlier = silent[["customer_id"]].merge(tiers[tiers["tier"].isin(above)], on="customer_id")
    earlier = earlier.merge(study.profile(then)[["customer_id", "monetary"]], on="customer_id")
    return former(earlier, silent, above)


@piece
def answer(study: Study) -> Block:
    """How many can be won back, how many come by themselves, and what a contact may cost."""
    found, natural = win_back(study), win_back_record(study)
    horizon, tiers = study.settings.horizon_months, better_tiers(study)
    if found.empty:
        return study.answer(
            "No customer who was in {tiers:and} {n:integer} months ago has been silent for more than {days:integer} "
            "days.",
            tiers=tiers,
            n=2 * horizon,
            days=SILENT_DAYS,
            kind="good",
        )
    said = sentence(
        "{n:integer} {n:customer|customers} who {n:was|were} in {tiers:and} {back:integer} months ago {n:has|have} "
        "been silent for more than {days:integer} days; they had brought {money:money} in {window:integer} "
        "{window:month|months} then.",
        n=len(found),
        tiers=tiers,
        back=2 * horizon,
        days=SILENT_DAYS,
        money=float(found["former_value"].sum()),
        window=study.window_months,
    )
    tiered = natural[natural["group"].isin(study.tier_names)]
    everybody = float(tiered["customers"].sum())
    if everybody < _LEAST:
        untried = sentence(
            "How many of them come back by themselves is not known: {horizon:integer} {horizon:month|months} ago there "
            "were {seen:integer} such customers, and a share takes {least:integer}.",
            horizon=horizon,
            seen=int(everybody),
            least=_LEAST,
        )
        return study.answer(said, untried, kind="caution")
    back = float((tiered["came_back"] * tiered["customers"]).sum())
    grounds = [
        sentence(
            "Of {n:integer} such customers {horizon:integer} {horizon:month|months} ago {share:share} came back by "
            "themselves. Only who comes back beyond that was won: leave a tenth of the list uncalled, by lot, "
            "and compare.",
            n=int(everybody),
            horizon=horizon,
            share=back / everybody,
        )
    ]
    if back > 0:
        brought = tiered["value_back"].fillna(0.0) * tiered["came_back"] * tiered["customers"]
        value = float(brought.sum()) / back
        grounds.append(
            sentence(
                "Who came back brought {value:money} within {horizon:integer} {horizon:month|months}: a contact may "
                "cost {cost:money} for each percentage point by which it raises the share that comes back.",
                value=value,
                horizon=horizon,
                cost=value / 100.0,
            )
        )
    return study.answer(said, *grounds)


@piece
def customers(study: Study, limit: int = 25) -> Block:
    """Whom to win back first."""
    return study.table(
        with_manager(study, win_back(study)),
        "Former key and main customers, silent since, by tier and value",
        limit=limit,
    )


@piece
def by_themselves(study: Study) -> Block:
    """How many came back without anybody's doing, by tier and by how long they had been silent."""
    return study.table(win_back_record, "Who came back by themselves, by former tier and by days silent")
